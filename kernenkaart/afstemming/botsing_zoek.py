"""Pairs of a work and an activity that might clash, read from the database, set by set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    DateTime,
    Float,
    Interval,
    Row,
    Select,
    and_,
    cast,
    func,
    literal,
    select,
    union,
)
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.afstemming.botsing_regels import BotsingRegels, Geweest, days_of
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.tijd import Periode
from kernenkaart.werkzaamheden.models import Hinder, Status, Werkzaamheid, WerkzaamheidFase

GAAT_DOOR = (Status.CONCEPT, Status.NOG_NIET_ZEKER, Status.VERWACHT, Status.BEVESTIGD, Status.BEZIG)
KOMT = (ActiviteitStatus.CONCEPT, ActiviteitStatus.VERWACHT, ActiviteitStatus.GEPUBLICEERD)

PLEKKEN = (Werkzaamheid.geom, Werkzaamheid.hinder_geom, WerkzaamheidFase.geom)

# a work closes its own place, or what was drawn for it; where it has phases each closes its own
VAK_GEOM: ColumnElement[Any] = func.coalesce(
    WerkzaamheidFase.geom, Werkzaamheid.hinder_geom, Werkzaamheid.geom, type_=RDGeometry()
)
_VAK_EERSTE = func.coalesce(WerkzaamheidFase.eerste_dag, Werkzaamheid.eerste_dag)
_VAK_LAATSTE = func.coalesce(WerkzaamheidFase.laatste_dag, Werkzaamheid.laatste_dag)


@dataclass(frozen=True)
class Vak:
    """What one work closes in some days: the whole of it, or one phase.

    Attributes:
        dicht: nobody passes, so it may close the only way in.
        concept: only its owner sees it.
        duur_dagen: see ``Werkzaamheid``; None for a phase.
    """

    werk_id: int
    nummer: int
    dagen: Periode
    dicht: bool
    duur_dagen: int | None
    geom: BaseGeometry
    concept: bool


@dataclass(frozen=True)
class Kandidaat:
    """A piece of a work and an activity near each other in place and time."""

    werk_id: int
    nummer: int
    werk_dagen: Periode
    duur_dagen: int | None
    activiteit_id: int
    activiteit_dagen: Periode
    verwacht: bool
    afstand_m: float


def find_vakken(session: Session, werk_ids: Sequence[int]) -> list[Vak]:
    """What these works close, of those that hinder somebody and go on; one statement."""
    rows = session.execute(
        select(
            Werkzaamheid.id,
            func.coalesce(WerkzaamheidFase.volgorde, 0),
            _VAK_EERSTE,
            _VAK_LAATSTE,
            Werkzaamheid.hinder,
            Werkzaamheid.duur_dagen,
            WerkzaamheidFase.volgorde.is_not(None),
            VAK_GEOM,
            Werkzaamheid.status == Status.CONCEPT,
        )
        .outerjoin(WerkzaamheidFase, WerkzaamheidFase.werkzaamheid_id == Werkzaamheid.id)
        .where(Werkzaamheid.id.in_(werk_ids), _hinders())
        .order_by(Werkzaamheid.id, WerkzaamheidFase.volgorde)
    )
    return [
        Vak(
            werk_id=werk_id,
            nummer=nummer,
            dagen=Periode(eerste, laatste),
            dicht=hinder is Hinder.AFGESLOTEN,
            duur_dagen=None if is_fase else duur_dagen,
            geom=geom,
            concept=concept,
        )
        for werk_id, nummer, eerste, laatste, hinder, duur_dagen, is_fase, geom, concept in rows
    ]


def find_kandidaten(
    session: Session,
    regels: BotsingRegels,
    *,
    werk_ids: Sequence[int] = (),
    activiteit_ids: Sequence[int] = (),
) -> list[Kandidaat]:
    """Every piece of these works with an activity near it, or of these activities with a work.

    Near is within ``dichtbij_m`` and ``andere_tijd_dagen``; one statement.
    """
    arms: list[Select[Any]] = []
    if werk_ids:
        arms.append(_pairs(regels).where(Werkzaamheid.id.in_(werk_ids)))
    if activiteit_ids:
        # one place per arm, so that its index can be used
        arms += [
            _pairs(regels).where(
                Activiteit.id.in_(activiteit_ids),
                func.ST_DWithin(geom, Activiteit.geom, regels.dichtbij_m),
            )
            for geom in PLEKKEN
        ]
    if not arms:
        return []
    return [_to_kandidaat(row) for row in session.execute(_one(arms))]


def _one(arms: Sequence[Select[Any]]) -> Select[Any] | CompoundSelect[Any]:
    return union(*arms) if len(arms) > 1 else arms[0]


def _pairs(regels: BotsingRegels) -> Select[Any]:
    rand = cast(literal(f"{regels.andere_tijd_dagen + 2} days"), Interval)
    begin = func.timezone("Europe/Amsterdam", cast(_VAK_EERSTE, Date) - rand)
    eind = func.timezone("Europe/Amsterdam", cast(_VAK_LAATSTE, Date) + rand)
    columns: tuple[Any, ...] = (
        Werkzaamheid.id.label("werk_id"),
        func.coalesce(WerkzaamheidFase.volgorde, 0).label("nummer"),
        WerkzaamheidFase.volgorde.is_not(None).label("is_fase"),
        _VAK_EERSTE.label("eerste"),
        _VAK_LAATSTE.label("laatste"),
        Werkzaamheid.duur_dagen.label("duur_dagen"),
        Activiteit.id.label("activiteit_id"),
        Activiteit.begint_op.label("begint_op"),
        Activiteit.eindigt_op.label("eindigt_op"),
        Activiteit.status.label("status"),
        func.ST_Distance(VAK_GEOM, Activiteit.geom, type_=Float).label("afstand_m"),
    )
    return (
        select(*columns)
        .select_from(Werkzaamheid)
        .outerjoin(WerkzaamheidFase, WerkzaamheidFase.werkzaamheid_id == Werkzaamheid.id)
        .join(
            Activiteit,
            and_(
                func.ST_DWithin(VAK_GEOM, Activiteit.geom, regels.dichtbij_m),
                func.tstzrange(Activiteit.begint_op, Activiteit.eindigt_op).op("&&")(
                    func.tstzrange(begin, eind)
                ),
            ),
        )
        .where(_hinders(), Activiteit.status.in_(KOMT))
    )


def _hinders() -> ColumnElement[bool]:
    return and_(Werkzaamheid.hinder != Hinder.GEEN, Werkzaamheid.status.in_(GAAT_DOOR))


def _to_kandidaat(row: Row[Any]) -> Kandidaat:
    return Kandidaat(
        werk_id=row.werk_id,
        nummer=row.nummer,
        werk_dagen=Periode(row.eerste, row.laatste),
        duur_dagen=None if row.is_fase else row.duur_dagen,
        activiteit_id=row.activiteit_id,
        activiteit_dagen=days_of(row.begint_op, row.eindigt_op),
        verwacht=row.status is ActiviteitStatus.VERWACHT,
        afstand_m=row.afstand_m,
    )


def find_dicht(session: Session, gebied: BaseGeometry, dagen: Periode) -> list[Vak]:
    """All that works close in the box of ``gebied`` (RD) on a day of ``dagen``; two statements."""
    vak = func.ST_MakeEnvelope(*gebied.bounds, 28992)
    arms = [
        select(Werkzaamheid.id)
        .outerjoin(WerkzaamheidFase, WerkzaamheidFase.werkzaamheid_id == Werkzaamheid.id)
        .where(
            geom.op("&&")(vak),
            Werkzaamheid.hinder == Hinder.AFGESLOTEN,
            Werkzaamheid.status.in_(GAAT_DOOR),
            dagen.laatste >= _VAK_EERSTE,
            dagen.eerste <= _VAK_LAATSTE,
        )
        for geom in PLEKKEN
    ]
    return find_vakken(session, session.scalars(union(*arms)).all())


def find_round_closures(
    session: Session, werk_ids: Sequence[int], straal_m: float
) -> Sequence[int]:
    """The activities within ``straal_m`` of what these works close, on a day that it is closed."""
    begin = func.timezone("Europe/Amsterdam", cast(_VAK_EERSTE, DateTime))
    eind = func.timezone("Europe/Amsterdam", cast(_VAK_LAATSTE + 1, DateTime))
    return session.scalars(
        select(Activiteit.id)
        .distinct()
        .select_from(Werkzaamheid)
        .outerjoin(WerkzaamheidFase, WerkzaamheidFase.werkzaamheid_id == Werkzaamheid.id)
        .join(
            Activiteit,
            and_(
                func.ST_DWithin(VAK_GEOM, Activiteit.geom, straal_m),
                func.tstzrange(Activiteit.begint_op, Activiteit.eindigt_op).op("&&")(
                    func.tstzrange(begin, eind)
                ),
            ),
        )
        .where(
            Werkzaamheid.id.in_(werk_ids),
            Werkzaamheid.hinder == Hinder.AFGESLOTEN,
            Werkzaamheid.status.in_(GAAT_DOOR),
            Activiteit.status.in_(KOMT),
        )
    ).all()


@dataclass(frozen=True)
class Feest:
    """An activity, as far as it matters for the way to it.

    Attributes:
        punt: where one goes to; ``geom`` is all of it.
    """

    id: int
    dagen: Periode
    verwacht: bool
    geom: BaseGeometry
    punt: Point


def find_feesten(session: Session, activiteit_ids: Sequence[int]) -> list[Feest]:
    """Those of these activities that go on and have a place."""
    rows = session.execute(
        select(
            Activiteit.id,
            Activiteit.begint_op,
            Activiteit.eindigt_op,
            Activiteit.status,
            Activiteit.geom,
            Activiteit.punt,
        )
        .where(
            Activiteit.id.in_(activiteit_ids),
            Activiteit.status.in_(KOMT),
            Activiteit.geom.is_not(None),
        )
        .order_by(Activiteit.id)
    )
    return [
        Feest(
            row.id,
            days_of(row.begint_op, row.eindigt_op),
            row.status is ActiviteitStatus.VERWACHT,
            row.geom,
            row.punt,
        )
        for row in rows
    ]


def find_geweest(
    session: Session, vak: Vak, regels: BotsingRegels, vandaag: date
) -> list[tuple[Geweest, float]]:
    """What took place near ``vak`` in the years before, with its distance in metres."""
    plek = func.ST_GeomFromEWKT(f"SRID=28992;{vak.geom.wkt}", type_=RDGeometry())
    eerste = vandaag.replace(year=vandaag.year - regels.gebruikelijk_terug_jaar, day=1)
    rows = session.execute(
        select(
            Activiteit.id,
            Activiteit.platform_id,
            Activiteit.titel,
            Activiteit.begint_op,
            Activiteit.eindigt_op,
            func.ST_Distance(Activiteit.geom, plek, type_=Float),
        ).where(
            Activiteit.status == ActiviteitStatus.GEPUBLICEERD,
            func.ST_DWithin(Activiteit.geom, plek, regels.dichtbij_m),
            Activiteit.eindigt_op < Periode(vandaag, vandaag).begin,
            Activiteit.begint_op >= Periode(eerste, eerste).begin,
        )
    )
    return [
        (Geweest(id_, platform_id, titel, days_of(begint_op, eindigt_op)), afstand_m)
        for id_, platform_id, titel, begint_op, eindigt_op, afstand_m in rows
    ]


def find_entered(
    session: Session, platform_ids: Sequence[int], van: date, tot: date
) -> list[Geweest]:
    """All that these groups entered that begins from ``van`` to ``tot``, whatever became of it."""
    rows = session.execute(
        select(
            Activiteit.id,
            Activiteit.platform_id,
            Activiteit.titel,
            Activiteit.begint_op,
            Activiteit.eindigt_op,
        ).where(
            Activiteit.platform_id.in_(platform_ids),
            Activiteit.begint_op >= Periode(van, van).begin,
            Activiteit.begint_op < Periode(tot, tot).einde,
        )
    )
    return [
        Geweest(id_, platform_id, titel, days_of(begint_op, eindigt_op))
        for id_, platform_id, titel, begint_op, eindigt_op in rows
    ]
