"""What stands between the things of a planning: koppelkansen and botsingen of its rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.actor import Actor
from kernenkaart.afstemming import botsing_policy, koppel_policy
from kernenkaart.afstemming.botsing_models import Botsing
from kernenkaart.afstemming.koppel_models import Kant, Keuze, Koppelbesluit, Koppelkans
from kernenkaart.afstemming.koppel_queries import A, B, is_open
from kernenkaart.afstemming.koppel_services import seen_of
from kernenkaart.werkzaamheden.models import Werkzaamheid

KANSEN_MAX = 60
BOTSINGEN_MAX = 60


@dataclass(frozen=True)
class Kans:
    """Two works of the planning that may be one, or that will be.

    Attributes:
        samen: whether that was decided; else nothing is, or it must be looked at again.
        tegelijk: whether there are days on which both can be at work.
        eerste: first of the days that were agreed on; without such of the days both can, and
            without those the last day before the gap between both.
        schuift_id: the work that had best move; None when neither need to.
        redenen: why, as it is stored.
        gezien: tells whoever decides whether something changed since (``seen_of``).
    """

    id: int
    a_id: int
    b_id: int
    score: int
    samen: bool
    tegelijk: bool
    eerste: date
    laatste: date
    schuift_id: int | None
    bespaard_dagen: int
    redenen: Sequence[Mapping[str, Any]]
    gezien: str

    @property
    def sleutels(self) -> tuple[str, str]:
        """Both rows."""
        return f"werkzaamheid-{self.a_id}", f"werkzaamheid-{self.b_id}"

    @property
    def url(self) -> str:
        """Its own page."""
        return f"/afstemming/koppelkans/{self.id}"


@dataclass(frozen=True)
class Bots:
    """A work of the planning and an activity that are in each other's way.

    Attributes:
        zelfde_tijd: whether they share a day.
        eerste: first day of the activity.
    """

    id: int
    werk_id: int
    activiteit_id: int
    titel: str
    activiteit: str
    zelfde_tijd: bool
    eerste: date
    laatste: date

    @property
    def sleutels(self) -> tuple[str, str]:
        """The row of the work, and the band of the activity."""
        return f"werkzaamheid-{self.werk_id}", f"activiteit-{self.activiteit_id}"

    @property
    def url(self) -> str:
        """Its own page."""
        return f"/afstemming/botsingen/{self.id}"


@dataclass(frozen=True)
class Paren:
    """All that stands between the rows of a planning."""

    kansen: Sequence[Kans] = ()
    botsen: Sequence[Bots] = ()


GEEN_PAREN = Paren()


def find_paren(session: Session, actor: Actor, werk_ids: Sequence[int], vandaag: date) -> Paren:
    """Koppelkansen and botsingen of these works that ``actor`` may see; two statements."""
    return Paren(
        find_kansen(session, actor, werk_ids, vandaag), find_botsen(session, actor, werk_ids)
    )


def find_kansen(
    session: Session, actor: Actor, werk_ids: Iterable[int], vandaag: date
) -> Sequence[Kans]:
    """Pairs among these works that ``actor`` may see: what is open or combined; one statement.

    Returns:
        At most ``KANSEN_MAX``, those that are open first, by score.
    """
    ids = sorted(werk_ids)
    if not ids:
        return ()
    k, besluit = Koppelkans, Koppelbesluit
    laatste = and_(besluit.koppelkans_id == k.id, besluit.nummer == k.besluiten)
    rows = session.execute(
        select(k, besluit.venster_van, besluit.venster_tot)
        .outerjoin(besluit, laatste)
        .outerjoin(A, k.a_id == A.id)
        .outerjoin(B, k.b_id == B.id)
        .where(
            koppel_policy.visible_to(actor),
            k.past,
            k.a_id.in_(ids),
            k.b_id.in_(ids),
            or_(is_open(vandaag), k.opnieuw, k.keuze == Keuze.COMBINEREN),
        )
        .order_by(k.keuze.is_not(None), k.score.desc(), k.id)
        .limit(KANSEN_MAX)
    )
    return [
        _to_kans(row, row.a_id, row.b_id, (van, tot) if van and tot else None)
        for row, van, tot in rows
        if row.a_id and row.b_id
    ]


def _to_kans(row: Koppelkans, a_id: int, b_id: int, afgesproken: tuple[date, date] | None) -> Kans:
    dagen = afgesproken or (row.venster_van, row.venster_tot)
    return Kans(
        id=row.id,
        a_id=a_id,
        b_id=b_id,
        score=row.score,
        samen=row.keuze == Keuze.COMBINEREN and not row.opnieuw,
        tegelijk=row.samen_dagen > 0,
        eerste=min(dagen),
        laatste=max(dagen),
        schuift_id={Kant.A: a_id, Kant.B: b_id}.get(row.schuift) if row.schuift else None,
        bespaard_dagen=row.bespaard_dagen,
        redenen=row.redenen,
        gezien=seen_of(row),
    )


def find_botsen(session: Session, actor: Actor, werk_ids: Iterable[int]) -> Sequence[Bots]:
    """Clashes of these works that ``actor`` may see; one statement.

    Returns:
        At most ``BOTSINGEN_MAX``: those with a day in common first, then by day.
    """
    ids = sorted(werk_ids)
    if not ids:
        return ()
    b = Botsing
    rows = session.execute(
        select(
            b.id, b.werkzaamheid_id, b.activiteit_id, b.dagen, b.eerste_dag, b.laatste_dag,
            Werkzaamheid.titel, Activiteit.titel.label("activiteit"),
        )
        .join(Werkzaamheid, Werkzaamheid.id == b.werkzaamheid_id)
        .join(Activiteit, Activiteit.id == b.activiteit_id)
        .where(botsing_policy.visible_to(actor), b.actueel, b.werkzaamheid_id.in_(ids))
        .order_by(b.dagen == 0, b.eerste_dag, b.id)
        .limit(BOTSINGEN_MAX)
    )  # fmt: skip
    return [
        Bots(
            id=row.id,
            werk_id=row.werkzaamheid_id,
            activiteit_id=row.activiteit_id,
            titel=row.titel,
            activiteit=row.activiteit,
            zelfde_tijd=row.dagen > 0,
            eerste=row.eerste_dag,
            laatste=row.laatste_dag,
        )
        for row in rows
    ]
