"""What a page tells about a series: its rule in words, and when it is next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.policy import visible_to
from kernenkaart.activiteiten.queries import GEHEEL
from kernenkaart.activiteiten.reeks_tijden import days_of, not_over
from kernenkaart.activiteiten.regel import Regel
from kernenkaart.actor import Actor
from kernenkaart.tijd import format_moment

_KEER = (
    Activiteit.id,
    Activiteit.begint_op,
    Activiteit.eindigt_op,
    Activiteit.hele_dag,
    Activiteit.status,
    Activiteit.afwijkend,
)


@dataclass(frozen=True)
class Keer:
    """One time of a series in a list.

    Attributes:
        wanneer: as a list writes it.
        afwijkend: whether it was changed by itself.
    """

    id: int
    wanneer: str
    status: Status
    afwijkend: bool


@dataclass(frozen=True)
class Herhaling:
    """A series as its pages show it.

    Attributes:
        woorden: its rule.
        keren: the times to come, soonest first, no more than were asked for.
        totaal: how many times to come are in the calendar.
    """

    woorden: str
    keren: tuple[Keer, ...]
    totaal: int


def find_herhaling(
    session: Session, actor: Actor, reeks: Reeks, *, vandaag: date, hoogstens: int = 26
) -> Herhaling:
    """A series with its times to come that ``actor`` may see; one statement."""
    rows = session.execute(
        select(*_KEER, func.count().over().label("totaal"))
        .where(
            Activiteit.reeks_id == reeks.id,
            Activiteit.status != Status.INGETROKKEN,
            not_over(),
            visible_to(actor),
        )
        .order_by(Activiteit.begint_op, Activiteit.id)
        .limit(hoogstens)
    ).all()
    keren = tuple(_to_keer(row, vandaag) for row in rows)
    regel = Regel.parse(reeks.regel)
    return Herhaling(regel.woorden, keren, rows[0].totaal if rows else 0)


def find_los(
    session: Session, platform_id: int, ids: Collection[int], *, vandaag: date
) -> tuple[Keer, ...]:
    """Those of these activities of a platform that are of no series, soonest first.

    Args:
        ids: keys as an address may name them.
    """
    rows = session.execute(
        select(*_KEER)
        .where(
            Activiteit.id.in_([key for key in ids if 0 < key < 2**31]),
            Activiteit.platform_id == platform_id,
            Activiteit.reeks_id.is_(None),
            Activiteit.status != Status.INGETROKKEN,
        )
        .order_by(Activiteit.begint_op, Activiteit.id)
    )
    return tuple(_to_keer(row, vandaag) for row in rows)


def _to_keer(row: Any, vandaag: date) -> Keer:
    return Keer(
        row.id,
        format_moment(row.begint_op, row.eindigt_op, hele_dag=row.hele_dag, vandaag=vandaag),
        row.status,
        row.afwijkend,
    )


@dataclass(frozen=True)
class Vooruitblik:
    """What a series will be, before it is one.

    Attributes:
        woorden: its rule.
        dagen: its first days.
        aantal: how many times come into the calendar now.
        eindigt: whether those are all; else it goes on.
    """

    woorden: str
    dagen: tuple[date, ...]
    aantal: int
    eindigt: bool


def look_ahead(reeks: Reeks, *, hoogstens: int = 10) -> Vooruitblik:
    """The days of a series that is not stored yet; no statement."""
    regel, days = Regel.parse(reeks.regel), days_of(reeks)
    eindigt = (regel.keren is not None and len(days) == regel.keren) or (
        regel.tot is not None and regel.tot <= reeks.uitgewerkt_tot
    )
    return Vooruitblik(regel.woorden, tuple(days[:hoogstens]), len(days), eindigt)


def find_posted_keer(session: Session, platform_id: int, sleutel: UUID) -> Activiteit | None:
    """The first time of the series that was posted before with this key."""
    return session.scalar(
        select(Activiteit)
        .join(Reeks, Activiteit.reeks_id == Reeks.id)
        .where(Reeks.sleutel == sleutel, Reeks.platform_id == platform_id)
        .order_by(Activiteit.reeks_dag)
        .limit(1)
    )


def find_first_beside(session: Session, actor: Actor, activiteit_id: int) -> Activiteit | None:
    """The first time to come of the series that this activity is of, as on its page; or None."""
    reeks_id = select(Activiteit.reeks_id).where(Activiteit.id == activiteit_id)
    return session.scalar(
        select(Activiteit)
        .where(
            Activiteit.reeks_id == reeks_id.scalar_subquery(),
            Activiteit.status != Status.INGETROKKEN,
            not_over(),
            visible_to(actor),
        )
        .order_by(Activiteit.reeks_dag)
        .limit(1)
        .options(*GEHEEL)
    )
