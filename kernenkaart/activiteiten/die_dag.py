"""What else there is on a day: in the same hall, for the same people, or just near."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shapely.geometry import Point
from sqlalchemy import ColumnElement, Float, Row, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.laag import LAAG, VOOR_WIE
from kernenkaart.activiteiten.models import Activiteit, ActiviteitKern, Status
from kernenkaart.activiteiten.policy import visible_to
from kernenkaart.actor import Actor
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plek import Plek
from kernenkaart.tijd import AMSTERDAM, Periode, format_moment

DICHTBIJ_M = 2000.0
BOTSING_M = 10_000.0
WEKEN = (7, -7, 14, -14)  # where a free day is looked for
GAAT_DOOR = (Status.GEPUBLICEERD, Status.VERWACHT, Status.CONCEPT)


@dataclass(frozen=True)
class Hier:
    """Where and for whom something is that one looks around for.

    Attributes:
        kern_id: the kern it is in.
        punt: RD point; None takes the heart of the kern, or does not know.
        zaal_id: the hall it is in.
        doelgroep_id: for whom it is.
        behalve: key of the activity itself.
    """

    kern_id: int | None = None
    punt: Point | None = None
    zaal_id: int | None = None
    doelgroep_id: int | None = None
    behalve: int | None = None


def look_from(
    kern: Kern,
    plek: Plek,
    *,
    zaal_id: int | None = None,
    doelgroep_id: int | None = None,
    behalve: int | None = None,
) -> Hier:
    """Where one looks around from, when something will be at ``plek`` in ``kern``."""
    punt = None if plek.onbekend else plek.punt or kern.hart
    return Hier(kern.id, punt, zaal_id, doelgroep_id, behalve)


@dataclass(frozen=True)
class Buur:
    """Something that goes on on a certain day.

    Attributes:
        wanneer: as a list writes it.
        afstand_m: metres from the place asked about; None when one of both has no place.
        zelfde_zaal: whether it is in the hall asked about.
        ook_voor: for whom it is, when that is who was asked about.
    """

    id: int
    titel: str
    wanneer: str
    afstand_m: float | None
    zelfde_zaal: bool
    ook_voor: str | None


@dataclass(frozen=True)
class DieDag:
    """What else there is on a day, and days nearby on which there is nothing."""

    dag: date
    hier: Hier
    buren: tuple[Buur, ...]
    vrij: tuple[date, ...]


def find_die_dag(
    session: Session,
    actor: Actor,
    hier: Hier,
    *,
    dag: date,
    vandaag: date,
    botsing_m: float = BOTSING_M,
) -> DieDag:
    """Activities on ``dag`` that may be in each other's way; one statement.

    First those in the same hall, then those for the same people within ``botsing_m``, then what
    is in the same kern or within 2 km; nearest first.

    Args:
        dag: a day in Amsterdam.
        vandaag: no free day before it is offered.
        botsing_m: metres; further away nobody is missed.

    Returns:
        Also the same day of the week up to two weeks earlier or later, when it is free.
    """
    afstand, zaal, publiek, dichtbij = _nearness(hier, botsing_m)
    op_de_dag = LAAG.tijdens(Periode(dag, dag))
    rows = session.execute(
        select(
            Activiteit.id,
            Activiteit.titel,
            Activiteit.begint_op,
            Activiteit.eindigt_op,
            Activiteit.hele_dag,
            afstand.label("afstand_m"),
            zaal.label("zelfde_zaal"),
            case((publiek, VOOR_WIE)).label("ook_voor"),
        )
        .where(
            visible_to(actor),
            Activiteit.status.in_(GAAT_DOOR),
            Activiteit.id != hier.behalve if hier.behalve else true(),
            LAAG.tijdens(Periode(dag - timedelta(days=14), dag + timedelta(days=14))),
            or_(zaal, publiek, dichtbij),
        )
        .order_by(
            op_de_dag.desc(),
            case((zaal, 0), (publiek, 1), else_=2),
            afstand.nulls_last(),
            Activiteit.begint_op,
            Activiteit.id,
        )
        .limit(500)
    ).all()
    return _sort_out(rows, dag, vandaag, hier)


def _nearness(
    hier: Hier, botsing_m: float
) -> tuple[ColumnElement[float], ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """Distance, and whether it is the same hall, the same people within reach, or near."""
    plek: ColumnElement[Any] = (
        func.ST_SetSRID(func.ST_Point(hier.punt.x, hier.punt.y), 28992, type_=RDGeometry())
        if hier.punt is not None
        else select(Kern.hart).where(Kern.id == hier.kern_id).scalar_subquery()
    )
    in_kern = exists().where(
        ActiviteitKern.activiteit_id == Activiteit.id, ActiviteitKern.kern_id == hier.kern_id
    )
    zaal = func.coalesce(Activiteit.zaal_id == hier.zaal_id, false()) if hier.zaal_id else false()
    publiek = (
        and_(
            Activiteit.doelgroep_id == hier.doelgroep_id,
            func.ST_DWithin(Activiteit.geom, plek, botsing_m),
        )
        if hier.doelgroep_id
        else false()
    )
    dichtbij = or_(in_kern, func.ST_DWithin(Activiteit.geom, plek, DICHTBIJ_M))
    return func.ST_Distance(Activiteit.geom, plek, type_=Float), zaal, publiek, dichtbij


def _sort_out(rows: Sequence[Row[Any]], dag: date, vandaag: date, hier: Hier) -> DieDag:
    days = [(_days(row.begint_op, row.eindigt_op), row) for row in rows]
    buren = tuple(
        Buur(
            id=row.id,
            titel=row.titel,
            wanneer=format_moment(
                row.begint_op, row.eindigt_op, hele_dag=row.hele_dag, vandaag=vandaag
            ),
            afstand_m=row.afstand_m,
            zelfde_zaal=row.zelfde_zaal,
            ook_voor=row.ook_voor,
        )
        for periode, row in days
        if dag in periode
    )
    others = (dag + timedelta(days=verder) for verder in WEKEN)
    vrij = [d for d in others if d >= vandaag and not any(d in periode for periode, _ in days)]
    return DieDag(dag, hier, buren, tuple(sorted(vrij[:2])) if buren else ())


def _days(begint_op: datetime, eindigt_op: datetime) -> Periode:
    laatste = eindigt_op.astimezone(AMSTERDAM) - timedelta(microseconds=1)
    return Periode(begint_op.astimezone(AMSTERDAM).date(), laatste.date())
