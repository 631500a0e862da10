"""The SQL of a tile, as text that is made once per shape and prepared by the database.

What a tile tells of a layer depends on how far away it is and on how much there is:

- ``VOL``: each thing with its shape and what the layer tells in short; ``KAAL``: with its kind
  only; ``PUNT``: the same at its marker;
- ``CEL``: how many there are in each cell (1/32 of the tile in both directions), counted on the
  spot; ``VOORRAAD``: the same, counted before;
- ``NIETS``: too far away for this layer.

Things reach ``MARGE`` units over the edge, so that a line or a symbol is not cut off there; a cell
stands in exactly one tile.
"""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    ScalarSelect,
    Select,
    SmallInteger,
    SQLColumnExpression,
    Text,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kernenkaart.actor import BEZOEKER
from kernenkaart.geo.crs import RD
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.journaal.models import DataVersie
from kernenkaart.kernen.laag import LAAG as KERNEN
from kernenkaart.lezen import to_text
from kernenkaart.tegels.models import (
    ALLE_SOORTEN,
    NIVEAUS,
    PER_TEGEL,
    TegelCel,
    TegelKern,
)
from kernenkaart.tegels.raster import EXTENT, Raster
from kernenkaart.tijd import Periode

PUNT_NIVEAU = NIVEAUS[-1] + 1
VOORRAAD_TOT = 12  # as deep as cells that were counted before still tell where things are
MARGE = 64
MAX_BYTES = 500_000
# The least that a thing takes in a tile: with so many it is too large for certain, whatever they
# are, so that no more need be looked at.
DING_BYTES = 20
DINGEN_MAX = MAX_BYTES // DING_BYTES + 1


KAAL = ("soort", "gemeenteCode")  # few different values, which a tile holds once each
KERN_NAMEN = 9  # from this zoom level on a kern has its name; before, a country is too many


class Band(Enum):
    """How much a tile tells of each thing."""

    VOL = auto()
    KAAL = auto()
    PUNT = auto()
    CEL = auto()
    VOORRAAD = auto()
    NIETS = auto()


@dataclass(frozen=True)
class Vorm:
    """Everything that the text of a statement depends on.

    Attributes:
        lagen: each with how much is told of it.
        grof: whether kernen are told with the coarse outline of a level.
        deel: whether only some cells of the counted tiles lie in the tile.
        soort: whether kinds are asked for (``soorten``).
        periode: whether days are asked for (``van`` and ``tot``, either may be NULL).
    """

    raster: Raster
    lagen: tuple[tuple[OpenLaag, Band], ...]
    grof: bool
    deel: bool
    soort: bool
    periode: bool


class _AskedPeriode(Periode):
    """The days of the question: bound to the statement when it is run."""

    def __init__(self) -> None:
        object.__setattr__(self, "eerste", _asked("van", Date))
        object.__setattr__(self, "laatste", _asked("tot", Date))

    @property
    def begin(self) -> Any:
        """The first moment of ``van``."""
        return _midnight(self.eerste)

    @property
    def einde(self) -> Any:
        """The first moment after ``tot``."""
        return _midnight(self.laatste + literal_column("1", Integer))


def _midnight(dag: Any) -> ColumnElement[Any]:
    return func.timezone("Europe/Amsterdam", cast(dag, DateTime(timezone=False)))


def bands(laag: OpenLaag, niveau: int) -> tuple[Band, ...]:
    """What to try for a layer at a zoom level of Web Mercator; each is smaller than the one before.

    The last one always fits.
    """
    if niveau < laag.vanaf_zoom:
        return (Band.NIETS,)
    if laag is KERNEN and niveau < KERN_NAMEN:
        return (Band.KAAL, Band.CEL)
    if laag is KERNEN or niveau > VOORRAAD_TOT:
        return (Band.VOL, Band.KAAL, Band.CEL)
    if niveau > PUNT_NIVEAU:
        return (Band.VOL, Band.KAAL, Band.VOORRAAD)
    if niveau == PUNT_NIVEAU:
        return (Band.PUNT, Band.VOORRAAD)
    return (Band.VOORRAAD,)


@cache
def tile_text(vorm: Vorm) -> str:
    """The statement whose one row is (version, tile).

    The tile is NULL when it is larger than ``MAX_BYTES``. Its parameters are those of ``params``.
    """
    mvt: ColumnElement[Any] = literal_column("''::bytea", LargeBinary)
    for laag, band in vorm.lagen:
        if band is not Band.NIETS:
            mvt = mvt.op("||")(_mvt(laag, band, vorm))
    tegel = select(mvt.label("mvt")).cte("tegel").prefix_with("MATERIALIZED")
    return to_text(
        select(
            version(tuple(laag for laag, _band in vorm.lagen)),
            case((func.octet_length(tegel.c.mvt) <= literal(MAX_BYTES), tegel.c.mvt)),
        )
    )


@cache
def versions_text(groepen: tuple[tuple[OpenLaag, ...], ...]) -> str:
    """The statement whose one row is the version of what tiles of each group of layers tell."""
    return to_text(select(*(version(lagen) for lagen in groepen)))


def version(lagen: tuple[OpenLaag, ...]) -> ScalarSelect[int]:
    """A number that grows whenever a tile of these layers may have changed."""
    tables = {TegelCel.__tablename__}.union(*(laag.tabellen for laag in lagen))
    return (
        select(cast(func.coalesce(func.sum(DataVersie.n), 0), Text))
        .where(DataVersie.tabel.in_(sorted(tables)))
        .scalar_subquery()
    )


def _asked(name: str, kind: Any = Float) -> Any:
    """A parameter, with its type in the text: no driver need guess it."""
    return cast(bindparam(name, type_=kind), kind)


def _kader(raster: Raster, marge: int = 0) -> ScalarSelect[Any]:
    """The box of the tile, worked out once; ``marge`` is in units of the tile."""
    west, zuid, oost, noord = (_asked(name) for name in ("west", "zuid", "oost", "noord"))
    over = (oost - west) * literal_column(f"{marge / EXTENT!r}::float8", Float)
    return select(
        func.ST_MakeEnvelope(west - over, zuid - over, oost + over, noord + over, raster.srid)
    ).scalar_subquery()


def _near(raster: Raster) -> ScalarSelect[Any]:
    """A box in RD around the tile and its margin."""
    kader = _kader(raster, MARGE)
    if raster.srid == RD:
        return kader
    ruim = (_asked("oost") - _asked("west")) * literal_column("0.01::float8", Float)
    return select(func.ST_Expand(func.ST_Transform(kader, RD), ruim)).scalar_subquery()


def _in_raster(raster: Raster, punt: Any) -> Any:
    return punt if raster.srid == RD else func.ST_Transform(punt, raster.srid)


def _visible(laag: OpenLaag, vorm: Vorm) -> list[ColumnElement[bool]]:
    """What a visitor may see and what was asked for."""
    found = [laag.visible_to(BEZOEKER)]
    if vorm.soort:
        found.append(laag.soort == func.any(_asked("soorten", ARRAY(Text))))
    if vorm.periode:
        # IS TRUE: an index on days alone would find half the country, and the planner cannot know
        found.append(laag.tijdens(_AskedPeriode()).is_(true()))
    return found


def _fields(laag: OpenLaag, band: Band) -> list[Any]:
    names = laag.kort if band is Band.VOL else [name for name in laag.kort if name in KAAL]
    return [
        laag.id.label("fid"),
        laag.id.label("id"),
        *(_text_of(laag.velden[name].kolom).label(name) for name in names),
    ]


def _text_of(kolom: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """A moment as RFC 3339 in UTC; other values as they are (a day is written ISO 8601)."""
    if isinstance(kolom.type, DateTime):  # type: ignore[attr-defined]
        return func.to_char(func.timezone("UTC", kolom), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    return kolom


def _things(laag: OpenLaag, band: Band, vorm: Vorm) -> Select[Any]:
    """Each thing with its shape; one that is too small for a shape as a point."""
    bron: Any = laag.bron
    geom = laag.geom if vorm.raster.srid == RD else laag.geom_3857
    conditions = _visible(laag, vorm)
    if vorm.grof and laag is KERNEN:
        grof = TegelKern.__table__
        bron = bron.join(grof, grof.c.kern_id == laag.id)
        geom = grof.c.geom if vorm.raster.srid == RD else grof.c.geom_3857
        conditions.append(grof.c.z == _asked("grof", SmallInteger))
    kader = _kader(vorm.raster)
    shape = func.ST_AsMVTGeom(geom, kader, EXTENT, MARGE)
    punt = func.ST_AsMVTGeom(_in_raster(vorm.raster, laag.punt), kader, EXTENT, MARGE)
    return (
        select(*_fields(laag, band), func.coalesce(shape, punt).label("geom"))
        .select_from(bron)
        .where(geom.bool_op("&&")(_kader(vorm.raster, MARGE)), *conditions)
        .limit(DINGEN_MAX)
    )


def _points(laag: OpenLaag, band: Band, vorm: Vorm) -> Select[Any]:
    """Each thing at its marker."""
    punt = _in_raster(vorm.raster, laag.punt)
    return (
        select(
            *_fields(laag, band),
            func.ST_AsMVTGeom(punt, _kader(vorm.raster), EXTENT, MARGE).label("geom"),
        )
        .select_from(laag.bron)
        .where(laag.punt.bool_op("&&")(_near(vorm.raster)), *_visible(laag, vorm))
        .limit(DINGEN_MAX)
    )


def _column(raster: Raster, x: Any, breedte: Any) -> Any:
    """In which column something lies, of columns so wide (metres) that begin at the grid's edge."""
    return cast(func.floor((x - _number(raster.west)) / breedte), Integer)


def _row(raster: Raster, y: Any, hoogte: Any) -> Any:
    return cast(func.floor((_number(raster.noord) - y) / hoogte), Integer)


def _cell_geom(raster: Raster, punt: Any) -> Any:
    return func.ST_AsMVTGeom(punt, _kader(raster), EXTENT, 0, false()).label("geom")


def _cells(laag: OpenLaag, _band: Band, vorm: Vorm) -> Select[Any]:
    """Cells counted on the spot. Which one a thing is in does not depend on the tile asked for."""
    raster, cel = vorm.raster, _asked("cel")
    dingen = (
        select(_in_raster(raster, laag.punt).label("p"))
        .select_from(laag.bron)
        .where(laag.punt.bool_op("&&")(_near(raster)), *_visible(laag, vorm))
        .offset(0)  # worked out once
        .subquery("dingen")
    )
    x, y = func.ST_X(dingen.c.p, type_=Float), func.ST_Y(dingen.c.p, type_=Float)
    plek = (
        select(
            x.label("px"),
            y.label("py"),
            (_column(raster, x, cel) - _asked("x", Integer) * PER_TEGEL).label("cx"),
            (_row(raster, y, cel) - _asked("y", Integer) * PER_TEGEL).label("cy"),
        )
        .offset(0)
        .subquery("plek")
    )
    inside: ColumnElement[int] = literal_column(str(PER_TEGEL - 1))
    return (
        select(
            func.count().label("n"),
            _cell_geom(raster, _point(raster, func.avg(plek.c.px), func.avg(plek.c.py))),
        )
        .where(plek.c.cx.between(0, inside), plek.c.cy.between(0, inside))
        .group_by(plek.c.cx, plek.c.cy)
    )


def count_during(van: Any, tot: Any) -> Any:
    """How many things of a cell share a day with [van, tot]: begun by its end, less those over.

    Args:
        van: first day, as SQL; NULL is open-ended.
        tot: last day, as SQL; NULL is open-ended.
    """
    cel = TegelCel.__table__.c
    begun = func.width_bucket(tot, cel.begint, type_=Integer)
    yesterday = van - literal_column("1", Integer)
    over = func.width_bucket(yesterday, cel.eindigt, type_=Integer)
    return func.coalesce(begun, cel.n) - func.coalesce(over, literal_column("0", Integer))


def _counted(laag: OpenLaag, _band: Band, vorm: Vorm) -> Select[Any]:
    """Cells that were counted before, in as many tiles of Web Mercator as it takes."""
    cel, raster = TegelCel.__table__.c, vorm.raster
    punt = cel.punt if raster.srid == RD else cel.punt_3857
    n: Any = cel.n
    if vorm.periode:
        n = count_during(_asked("van", Date), _asked("tot", Date))
    conditions = [
        cel.laag == laag.naam,
        cel.z == _asked("niveau", SmallInteger),
        cel.tx == func.any(_asked("txs", ARRAY(Integer))),
        cel.ty == func.any(_asked("tys", ARRAY(Integer))),
    ]
    x, y = func.ST_X(punt, type_=Float), func.ST_Y(punt, type_=Float)
    if vorm.deel:
        tegel = _asked("cel") * PER_TEGEL
        conditions.append(_column(raster, x, tegel) == _asked("x", Integer))
        conditions.append(_row(raster, y, tegel) == _asked("y", Integer))
    if vorm.soort:
        asked = func.any(_asked("soorten", ARRAY(Text)))
        per_soort = (
            select(n.label("n"), x.label("px"), y.label("py"), cel.tx, cel.ty, cel.cx, cel.cy)
            .where(cel.soort == asked, *conditions)
            .offset(0)
            .subquery("per_soort")
        ).c
        total: Any = func.sum(per_soort.n)
        middle = [func.sum(per_soort.n * value) / total for value in (per_soort.px, per_soort.py)]
        return (
            select(cast(total, Integer).label("n"), _cell_geom(raster, _point(raster, *middle)))
            .group_by(per_soort.tx, per_soort.ty, per_soort.cx, per_soort.cy)
            .having(total > 0)
        )
    return (
        select(
            n.label("n"), func.ST_AsMVTGeom(punt, _kader(raster), EXTENT, 0, false()).label("geom")
        )
        .where(cel.soort == ALLE_SOORTEN, *conditions)
        .where(*([n > 0] if vorm.periode else []))
    )


def _point(raster: Raster, x: Any, y: Any) -> Any:
    return func.ST_SetSRID(func.ST_MakePoint(x, y), raster.srid)


def _number(value: float) -> Any:
    return literal_column(f"({value!r})::float8", Float)


_ROWS = {
    Band.VOL: _things,
    Band.KAAL: _things,
    Band.PUNT: _points,
    Band.CEL: _cells,
    Band.VOORRAAD: _counted,
}


def _mvt(laag: OpenLaag, band: Band, vorm: Vorm) -> ScalarSelect[bytes]:
    rows = _ROWS[band](laag, band, vorm).subquery("ding")
    # cells are no things: only things have an id
    fid = () if "fid" not in rows.c else ("fid",)
    mvt = func.ST_AsMVT(literal_column("ding"), laag.naam, EXTENT, "geom", *fid, type_=LargeBinary)
    return (
        select(func.coalesce(mvt, literal_column("''::bytea"))).select_from(rows).scalar_subquery()
    )
