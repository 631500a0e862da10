"""Works that wait for somebody, and the own works of an organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.kernen.models import Kern
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.periode import Nauwkeurigheid
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid, WerkzaamheidKern
from kernenkaart.werkzaamheden.policy import visible_to

ONZEKER = (Status.NOG_NIET_ZEKER, Status.VERWACHT, Status.BEVESTIGD)
AF = (Status.KLAAR, Status.VERVALLEN)
GEDAAN_DAGEN = 30


@dataclass(frozen=True)
class Werk:
    """A work in a list of staff.

    Attributes:
        reden: what it waits for: ``voorbij`` (its last day has passed and it is not done),
            ``lang`` (confirmed too long ago), ``concept``, or None.
    """

    id: int
    titel: str
    status: str
    eerste_dag: date
    laatste_dag: date
    nauwkeurigheid: Nauwkeurigheid
    bevestigd_op: date | None
    organisatie: str
    kern: str | None
    reden: str | None

    @property
    def url(self) -> str:
        """Its own page."""
        return f"/werkzaamheden/{self.id}"


def find_waiting(
    session: Session, actor: Actor, *, kern_ids: Sequence[int], vandaag: date, lang_dagen: int
) -> list[Werk]:
    """Works in these kernen that are over but not done, or were not confirmed for long.

    Args:
        lang_dagen: so many days after the confirmation it still counts.

    Returns:
        First what is over, longest over first; then what was confirmed longest ago.
    """
    if not kern_ids:
        return []
    reden = _reason(vandaag, lang_dagen)
    in_kern = select(WerkzaamheidKern.werkzaamheid_id).where(WerkzaamheidKern.kern_id.in_(kern_ids))
    return _find(
        session,
        reden,
        visible_to(actor),
        Werkzaamheid.id.in_(in_kern),
        reden.in_(("voorbij", "lang")),
        order=(reden.desc(), _confirmed(), Werkzaamheid.laatste_dag),
    )


def find_own(session: Session, actor: Actor, *, vandaag: date, lang_dagen: int) -> list[Werk]:
    """The works of the own organisation and those one posted: all that are not long over.

    Returns:
        First what waits for something, then by first day; what is done comes last.
    """
    reden = _reason(vandaag, lang_dagen)
    eigen = Werkzaamheid.gemaakt_door_id == actor.gebruiker_id
    if actor.organisatie_id is not None:
        eigen = or_(eigen, Werkzaamheid.organisatie_id == actor.organisatie_id)
    return _find(
        session,
        reden,
        visible_to(actor),
        eigen,
        or_(
            Werkzaamheid.laatste_dag >= vandaag - timedelta(days=GEDAAN_DAGEN),
            reden.is_not(None),
        ),
        order=(
            case({"voorbij": 0, "lang": 1, "concept": 2}, value=reden, else_=3),
            case((Werkzaamheid.status.in_(AF), 1), else_=0),
            Werkzaamheid.eerste_dag,
            Werkzaamheid.titel,
        ),
    )


def _confirmed() -> ColumnElement[Any]:
    return func.coalesce(Werkzaamheid.bevestigd_op, cast(Werkzaamheid.created_at, Date))


def _reason(vandaag: date, lang_dagen: int) -> ColumnElement[Any]:
    status = Werkzaamheid.status
    return case(
        (status == Status.CONCEPT, "concept"),
        (and_(Werkzaamheid.laatste_dag < vandaag, status.not_in(AF)), "voorbij"),
        (
            and_(status.in_(ONZEKER), _confirmed() < vandaag - timedelta(days=lang_dagen)),
            "lang",
        ),
    )


def _find(
    session: Session,
    reden: ColumnElement[Any],
    *where: ColumnElement[bool],
    order: tuple[Any, ...],
) -> list[Werk]:
    rows = session.execute(
        select(
            Werkzaamheid.id,
            Werkzaamheid.titel,
            Werkzaamheid.status,
            Werkzaamheid.eerste_dag,
            Werkzaamheid.laatste_dag,
            Werkzaamheid.nauwkeurigheid,
            Werkzaamheid.bevestigd_op,
            Organisatie.naam.label("organisatie"),
            Kern.naam.label("kern"),
            reden.label("reden"),
        )
        .join(Organisatie, Organisatie.id == Werkzaamheid.organisatie_id)
        .outerjoin(Kern, Kern.id == Werkzaamheid.kern_id)
        .where(*where)
        .order_by(*order, Werkzaamheid.id)
        .limit(500)
    ).mappings()
    return [Werk(**row) for row in rows]
