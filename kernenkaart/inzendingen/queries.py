"""What was sent in, who is to look at it, and what it may be a double of."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Float, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from kernenkaart.activiteiten.models import Activiteit, ActiviteitKern
from kernenkaart.activiteiten.policy import OPENBAAR
from kernenkaart.actor import Actor
from kernenkaart.errors import NotFound
from kernenkaart.inzendingen.models import OPEN, Inzending, Status
from kernenkaart.inzendingen.policy import speaks_for_kern, visible_to
from kernenkaart.kernen.makelaars import find_makelaar_addresses
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.platforms.models import Platform, PlatformKern
from kernenkaart.tijd import AMSTERDAM, format_moment, today
from kernenkaart.toegang.models import Gebruiker, Lidmaatschap
from kernenkaart.zalen.models import Zaal

DICHTBIJ_M = 2000.0
GELIJKENIS = 0.3  # share of three-letter pieces that two names have in common

WEG = "Deze link werkt niet (meer). Wat je instuurde is afgehandeld, of je bevestigde het niet."


def get_ingestuurd(session: Session, publiek_id: uuid.UUID | None) -> Inzending:
    """What the sender's link leads to, with its kern, kind and picture.

    Raises:
        NotFound: if there is none, or if it was over so long ago that the address was erased.
    """
    found = session.scalar(
        _whole().where(Inzending.publiek_id == publiek_id, Inzending.email.is_not(None))
    )
    if found is None:
        raise NotFound(WEG)
    return found


def get_inzending(session: Session, actor: Actor, inzending_id: int) -> Inzending:
    """One submission for who moderates it, with its kern, kind and picture.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    found = session.scalar(_whole().where(Inzending.id == inzending_id, visible_to(actor)))
    if found is None:
        raise NotFound("Deze inzending bestaat niet (meer).")
    return found


def _whole() -> Select[Inzending]:
    return select(Inzending).options(
        joinedload(Inzending.kern),
        joinedload(Inzending.soort),
        joinedload(Inzending.doelgroep),
        joinedload(Inzending.zaal),
        joinedload(Inzending.beeld),
        joinedload(Inzending.activiteit),
    )


@dataclass(frozen=True)
class Wachtend:
    """A submission in the list of a moderator.

    Attributes:
        wijziging: whether it changes something that is in the calendar.
    """

    id: int
    titel: str
    organisator: str
    kern: str
    begint_op: datetime
    eindigt_op: datetime
    hele_dag: bool
    status: Status
    bevestigd_op: datetime
    wijziging: bool

    @property
    def wanneer(self) -> str:
        """As a list writes it."""
        return format_moment(self.begint_op, self.eindigt_op, hele_dag=self.hele_dag)


def find_wachtend(session: Session, actor: Actor) -> Sequence[Wachtend]:
    """What ``actor`` can deal with: first what waits, then what waits for its sender; oldest first.

    One statement; none for who moderates nothing.
    """
    if not (actor.is_beheerder or actor.platform_ids or actor.kern_ids):
        return ()
    rows = session.execute(
        select(
            Inzending.id,
            Inzending.titel,
            Inzending.organisator,
            Kern.naam.label("kern"),
            Inzending.begint_op,
            Inzending.eindigt_op,
            Inzending.hele_dag,
            Inzending.status,
            Inzending.bevestigd_op,
            Inzending.activiteit_id.is_not(None).label("wijziging"),
        )
        .join(Kern, Kern.id == Inzending.kern_id)
        .where(visible_to(actor), Inzending.status.in_(OPEN))
        .order_by(
            case((Inzending.status == Status.WACHT, 0), else_=1),
            Inzending.bevestigd_op,
            Inzending.id,
        )
        .limit(200)
    ).mappings()
    return [Wachtend(**row) for row in rows]


@dataclass(frozen=True)
class Dubbel:
    """Something in the calendar that may be the same.

    Attributes:
        gelijkenis: of the names, 0 to 1.
    """

    id: int
    titel: str
    wie: str
    begint_op: datetime
    eindigt_op: datetime
    hele_dag: bool
    gelijkenis: float

    @property
    def wanneer(self) -> str:
        """As a list writes it."""
        return format_moment(self.begint_op, self.eindigt_op, hele_dag=self.hele_dag)


def find_dubbelen(session: Session, inzending: Inzending) -> Sequence[Dubbel]:
    """What is public on the same day, in the same kern or within 2 km, and alike in words.

    At most three, the most alike first.
    """
    dag = inzending.begint_op.astimezone(AMSTERDAM).date()
    begin = datetime.combine(dag, time(), AMSTERDAM)
    eind = datetime.combine(dag + timedelta(days=1), time(), AMSTERDAM)
    gelijkenis = func.greatest(
        func.similarity(Activiteit.titel, inzending.titel, type_=Float),
        func.word_similarity(Activiteit.titel, inzending.titel, type_=Float),
        func.word_similarity(inzending.titel, Activiteit.titel, type_=Float),
        type_=Float,
    )
    in_kern = exists().where(
        ActiviteitKern.activiteit_id == Activiteit.id,
        ActiviteitKern.kern_id == inzending.kern_id,
    )
    hier = select(Inzending.geom).where(Inzending.id == inzending.id).scalar_subquery()
    rows = session.execute(
        select(
            Activiteit.id,
            Activiteit.titel,
            func.coalesce(Activiteit.organisator, Platform.naam, type_=Platform.naam.type).label(
                "wie"
            ),
            Activiteit.begint_op,
            Activiteit.eindigt_op,
            Activiteit.hele_dag,
            gelijkenis.label("gelijkenis"),
        )
        .join(Platform, Platform.id == Activiteit.platform_id)
        .where(
            Activiteit.status.in_(OPENBAAR),
            Activiteit.begint_op < eind,
            Activiteit.eindigt_op > begin,
            or_(in_kern, func.ST_DWithin(Activiteit.geom, hier, DICHTBIJ_M)),
            gelijkenis >= GELIJKENIS,
            Activiteit.id != inzending.activiteit_id if inzending.activiteit_id else true(),
        )
        .order_by(gelijkenis.desc(), Activiteit.id)
        .limit(3)
    ).mappings()
    return [Dubbel(**row) for row in rows]


def find_spreekgroepen(
    session: Session, actor: Actor, kern_id: int | None
) -> Sequence[tuple[int, str]]:
    """The own groups that ``actor`` may publish under in a kern, as key and name, by name."""
    if not actor.platform_ids:
        return []
    rows = session.execute(
        select(Platform.id, Platform.naam)
        .join(PlatformKern, PlatformKern.platform_id == Platform.id)
        .where(
            PlatformKern.kern_id == kern_id,
            Platform.id.in_(sorted(actor.platform_ids)),
            speaks_for_kern(),
        )
        .order_by(Platform.naam)
    )
    return [(row.id, row.naam) for row in rows]


def find_moderator_addresses(session: Session, kern_id: int | None, dag: date) -> Sequence[str]:
    """Whom to tell that something waits in a kern on ``dag``.

    Who speaks for its active, public groups; else who serves it; else the beheerders.
    """
    leden = session.scalars(
        select(Gebruiker.email)
        .join(Lidmaatschap, Lidmaatschap.gebruiker_id == Gebruiker.id)
        .join(Platform, Platform.id == Lidmaatschap.platform_id)
        .join(PlatformKern, PlatformKern.platform_id == Platform.id)
        .where(
            PlatformKern.kern_id == kern_id,
            speaks_for_kern(),
            Lidmaatschap.van <= dag,
            or_(Lidmaatschap.tot.is_(None), Lidmaatschap.tot >= dag),
            Gebruiker.active,
        )
        .order_by(Gebruiker.email)
        .distinct()
    ).all()
    return leden or find_makelaar_addresses(session, kern_id, dag)


def find_plekken(
    session: Session, gemeente_code: str, ook: int | None = None
) -> tuple[list[tuple[int, str, str]], list[Zaal]]:
    """The kernen of a gemeente to choose from and the halls in use; one statement.

    Args:
        ook: a hall that is among them even when it is no longer in use.

    Returns:
        Key, name and slug of the kernen by name; the halls by kern and name, each with its kern.
    """
    rows = session.execute(
        select(Kern.id, Kern.naam, Kern.slug, Zaal)
        .join(Gemeente, Gemeente.id == Kern.gemeente_id)
        .outerjoin(Zaal, and_(Zaal.kern_id == Kern.id, or_(Zaal.actief, Zaal.id == ook)))
        .where(Gemeente.code == gemeente_code)
        .options(contains_eager(Zaal.kern).load_only(Kern.naam))
        .order_by(Kern.naam, Zaal.naam)
    ).all()
    kernen = dict.fromkeys((row.id, row.naam, row.slug) for row in rows)
    return list(kernen), [row.Zaal for row in rows if row.Zaal]


def is_past(inzending: Inzending) -> bool:
    """Whether its last day has gone by."""
    return inzending.eindigt_op.astimezone(AMSTERDAM).date() < today()
