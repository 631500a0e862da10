"""What the map and the list beside it show: the same things, counted and grouped at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.geo.crs import WGS84
from kernenkaart.journaal.models import DataVersie
from kernenkaart.kaart.stijl import (
    ALLES_ZOOM,
    APART_PX,
    CEL_PX,
    HINDER_ZOOM,
    KERN_ZOOM,
    VORM_ZOOM,
)
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import Telling, dingen_of, find_dingen, groep_of, order_of
from kernenkaart.tijd import Periode, now
from kernenkaart.werkzaamheden.hinder_laag import LAAG as HINDER
from kernenkaart.werkzaamheden.laag import LAAG as WERKZAAMHEDEN
from kernenkaart.werkzaamheden.models import Hinderplek, Hinderregel

Sleutel = tuple[str, int]  # name of a layer, key within it

KERN_TABELLEN = ("kern", "gemeente")
SOORT_TABELLEN = tuple(f"{laag.ding}_soort" for laag in LAGEN)
VORMEN_MAX = 300  # lines and areas in one picture; every thing has its marker besides
METER_PER_PX = 156_543.034 * 0.6157  # at zoom 0, at 52 degrees north


@dataclass(frozen=True)
class Versies:
    """Versions of the data: of everything, of what the filters offer, of the base map."""

    alles: int
    keuzes: int
    kernen: int


@dataclass(frozen=True)
class Raster:
    """How finely markers are taken together.

    Attributes:
        zoom: zoom level of the picture; up to ``KERN_ZOOM`` there is one count per kern.
    """

    zoom: int

    @property
    def per_kern(self) -> bool:
        """Whether there is one count per kern."""
        return self.zoom <= KERN_ZOOM

    @property
    def m_per_px(self) -> float:
        """Metres in a pixel of the picture."""
        return METER_PER_PX / (1 << self.zoom)

    @property
    def cel_m(self) -> float:
        """Width of a cell in metres."""
        return 1.0 if self.zoom >= ALLES_ZOOM else CEL_PX * self.m_per_px


@dataclass(frozen=True)
class Groep:
    """Things at about one place; RD, metres.

    Attributes:
        n: how many; 1 is one thing with a marker of its own.
        x: where it is drawn.
        y: where it is drawn.
        kader: of its things: west, south, east, north.
        kern: slug and name of the kern whose count this is; None for a cell of the grid.
        ding: of a single thing ``laag``, ``ding``, ``id``, ``hinder`` and ``titel``.
    """

    n: int
    x: float
    y: float
    kader: tuple[float, float, float, float]
    kern: tuple[str, str] | None
    ding: Mapping[str, Any]

    def plus(self, other: "Groep") -> "Groep":
        """Both together, drawn at their middle."""
        n = self.n + other.n
        (w, z, o, d), (w2, z2, o2, d2) = self.kader, other.kader
        return Groep(
            n=n,
            x=(self.x * self.n + other.x * other.n) / n,
            y=(self.y * self.n + other.y * other.n) / n,
            kader=(min(w, w2), min(z, z2), max(o, o2), max(d, d2)),
            kern=None,
            ding={},
        )


def _to_groep(rij: Mapping[str, Any]) -> Groep:
    samen = rij["n"] > 1 and rij["hart_x"] is not None
    return Groep(
        n=rij["n"],
        x=rij["hart_x"] if samen else rij["x"],
        y=rij["hart_y"] if samen else rij["y"],
        kader=(rij["west"], rij["zuid"], rij["oost"], rij["noord"]),
        kern=(rij["kern"], rij["naam"]) if samen else None,
        ding=rij if rij["n"] == 1 else {},
    )


@dataclass(frozen=True)
class Overzicht:
    """Everything about the found things at once.

    Attributes:
        telling: how many, and how many without a place.
        rijen: the first rows, and the chosen one with its neighbours; in order. Mappings of
            ``find_dingen`` with ``n``, the place in the whole list from 1.
        groepen: what is on the map, without the chosen thing.
        vormen: lines and areas, and of works also hinder, detours and steps: mappings with
            ``laag``, ``ding``, ``id``, ``hinder``, ``titel`` and ``g``, a GeoJSON geometry; those
            of the second kind with ``soort`` (``HinderplekSoort``), and before the others.
        gekozen: place of the chosen thing in the list; None when it is not found.
        wijd: whether the rows are only what begins soonest, and nothing can be chosen.
    """

    telling: Telling
    rijen: Sequence[Mapping[str, Any]]
    groepen: Sequence[Groep]
    vormen: Sequence[Mapping[str, Any]]
    gekozen: int | None
    wijd: bool = False

    @property
    def getekend(self) -> frozenset[str]:
        """What works draw on the map besides their own place (``HinderplekSoort``)."""
        return frozenset(vorm["soort"] for vorm in self.vormen if "soort" in vorm)


def find_overzicht(
    session: Session,
    actor: Actor,
    keuze: DingFilter,
    *,
    raster: Raster,
    aantal: int,
    vanaf: int = 0,
    gekozen: Sleutel | None = None,
) -> Overzicht:
    """List and map of what ``actor`` may see; two statements.

    Args:
        keuze: which things.
        raster: how the map takes them together.
        aantal: so many rows of the list,
        vanaf: after so many.
        gekozen: the chosen thing; it is drawn apart.
    """
    gevonden = _gevonden(actor, keuze)
    is_gekozen = _is(gevonden, gekozen)
    eigen = select(gevonden.c.n).where(is_gekozen).scalar_subquery()
    c = gevonden.c
    statement = select(
        select(func.count()).select_from(gevonden).scalar_subquery(),
        select(func.count()).select_from(gevonden).where(~c.op_kaart).scalar_subquery(),
        eigen,
        _json(
            select(c.laag, c.id, c.n, c.groep)
            .where(or_(c.n.between(vanaf + 1, vanaf + aantal), c.n.between(eigen - 1, eigen + 1)))
            .order_by(c.n)
        ),
        _json(_groepen(gevonden, raster).where(c.op_kaart, ~is_gekozen)),
        _json(_vormen(gevonden, raster, is_gekozen)),
        _json(_hinder(gevonden, actor, keuze, raster, is_gekozen)),
    )
    totaal, zonder, n, rijen, groepen, vormen, hinder = session.execute(statement).one()
    return Overzicht(
        telling=Telling(totaal, zonder),
        rijen=_rows(session, actor, rijen),
        groepen=merge(map(_to_groep, groepen), raster),
        vormen=hinder + vormen,
        gekozen=n,
    )


def _gevonden(actor: Actor, keuze: DingFilter) -> CTE:
    dingen = dingen_of(actor, keuze)
    groep = groep_of(dingen, now())
    namen = ("laag", "ding", "id", "titel", "hinder", "kern_slug", "kern_naam", "hart", "punt")
    return select(
        *(dingen.c[naam] for naam in namen),
        dingen.c.geom,
        dingen.c.op_kaart,
        groep.label("groep"),
        func.row_number().over(order_by=order_of(dingen, groep)).label("n"),
    ).cte("gevonden")


def _is(gevonden: CTE, sleutel: Sleutel | None) -> ColumnElement[bool]:
    laag, key = sleutel or ("", 0)
    return and_(gevonden.c.laag == laag, gevonden.c.id == key)


def _json(statement: Select[Any]) -> ColumnElement[Any]:
    rows = statement.subquery()
    whole = func.json_agg(func.row_to_json(rows.table_valued()))
    return select(func.coalesce(whole, literal_column("'[]'::json"))).scalar_subquery()


def _groepen(gevonden: CTE, raster: Raster) -> Select[Any]:
    c = gevonden.c
    x, y = func.ST_X(c.punt), func.ST_Y(c.punt)
    if raster.per_kern:
        vak: tuple[ColumnElement[Any], ...] = (c.kern_slug, c.kern_naam)
        eigen = [c.kern_slug, c.kern_naam, func.min(func.ST_X(c.hart)), func.min(func.ST_Y(c.hart))]
    else:
        vak = (func.floor(x / raster.cel_m), func.floor(y / raster.cel_m))
        eigen = [null()] * 4
    return select(
        func.count().label("n"),
        func.avg(x).label("x"),
        func.avg(y).label("y"),
        func.min(x).label("west"),
        func.min(y).label("zuid"),
        func.max(x).label("oost"),
        func.max(y).label("noord"),
        *(
            kolom.label(naam)
            for kolom, naam in zip(eigen, ("kern", "naam", "hart_x", "hart_y"), strict=True)
        ),
        # of a single thing; of several they mean nothing
        *(func.min(kolom).label(kolom.key) for kolom in (c.laag, c.ding, c.id, c.hinder, c.titel)),
    ).group_by(*vak)


def _vormen(gevonden: CTE, raster: Raster, is_gekozen: ColumnElement[bool]) -> Select[Any]:
    c = gevonden.c
    toon = and_(func.ST_Dimension(c.geom) > 0, true() if raster.zoom >= VORM_ZOOM else is_gekozen)
    return (
        select(c.laag, c.ding, c.id, c.hinder, c.titel, _drawn(c.geom, raster))
        .where(toon)
        .order_by(is_gekozen.desc(), c.n)
        .limit(VORMEN_MAX)
    )


def _hinder(
    gevonden: CTE,
    actor: Actor,
    keuze: DingFilter,
    raster: Raster,
    is_gekozen: ColumnElement[bool],
) -> Select[Any]:
    """What found works draw besides their own place; steps on the days that are asked for."""
    c = gevonden.c
    werk = and_(
        c.laag == WERKZAAMHEDEN.naam,
        c.id == Hinderplek.werkzaamheid_id,
        true() if raster.zoom >= HINDER_ZOOM else is_gekozen,
    )
    tijdens = HINDER.tijdens(keuze.periode) if keuze.periode != Periode() else true()
    return (
        select(c.laag, c.ding, c.id, c.hinder, c.titel, _drawn(HINDER.geom, raster))
        .add_columns(HINDER.soort.label("soort"))
        .select_from(HINDER.bron.join(gevonden, werk))
        .where(HINDER.visible_to(actor), tijdens)
        .order_by(is_gekozen.desc(), c.n, HINDER.id)
        .limit(VORMEN_MAX)
    )


def _drawn(geom: Any, raster: Raster) -> ColumnElement[Any]:
    """A geometry as GeoJSON, as finely as the picture shows."""
    lonlat = func.ST_Transform(func.ST_SimplifyPreserveTopology(geom, raster.m_per_px / 2), WGS84)
    return cast(func.ST_AsGeoJSON(lonlat, 6), JSON).label("g")


def merge(groepen: Iterable[Groep], raster: Raster) -> list[Groep]:
    """Take groups together that share a cell or would lie over one another; counts stay."""
    if raster.per_kern:
        return list(groepen)
    cellen: dict[tuple[float, float], Groep] = {}
    for groep in groepen:
        cel = (groep.x // raster.cel_m, groep.y // raster.cel_m)
        cellen[cel] = cellen[cel].plus(groep) if cel in cellen else groep
    if raster.zoom >= ALLES_ZOOM:
        return list(cellen.values())
    apart = APART_PX * raster.m_per_px
    kept: list[Groep] = []
    for groep in sorted(cellen.values(), key=lambda groep: -groep.n):
        for place, other in enumerate(kept):
            if hypot(other.x - groep.x, other.y - groep.y) < apart:
                kept[place] = other.plus(groep)
                break
        else:
            kept.append(groep)
    return kept


def _rows(
    session: Session, actor: Actor, rijen: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """The full rows of these places in the list, in order."""
    if not rijen:
        return ()
    sleutels = tuple((rij["laag"], rij["id"]) for rij in rijen)
    found = {
        (ding["laag"], ding["id"]): ding
        for ding in find_dingen(session, actor, DingFilter(sleutels=sleutels))
    }
    return [
        {**found[rij["laag"], rij["id"]], "n": rij["n"], "groep": rij["groep"]}
        for rij in rijen
        if (rij["laag"], rij["id"]) in found
    ]


def count_each(session: Session, actor: Actor, keuzes: Sequence[DingFilter]) -> Sequence[int]:
    """How many things each filter finds; one statement."""
    if not keuzes:
        return ()
    tellingen = (
        select(func.count()).select_from(dingen_of(actor, keuze)).scalar_subquery()
        for keuze in keuzes
    )
    return tuple(session.execute(select(*tellingen)).one())


def find_hinderregels(session: Session, ids: Iterable[int]) -> Mapping[int, Sequence[Hinderregel]]:
    """Who cannot pass, per work."""
    regels: dict[int, list[Hinderregel]] = {}
    for regel in session.scalars(
        select(Hinderregel)
        .where(Hinderregel.werkzaamheid_id.in_(list(ids)))
        .order_by(Hinderregel.werkzaamheid_id, Hinderregel.volgorde)
    ):
        regels.setdefault(regel.werkzaamheid_id, []).append(regel)
    return regels


def data_versies(session: Session) -> Versies:
    """What is kept for how long: a number grows whenever its data changes."""
    row = session.execute(
        select(
            func.coalesce(func.sum(DataVersie.n), 0),
            *(
                func.coalesce(func.sum(DataVersie.n).filter(DataVersie.tabel.in_(tabellen)), 0)
                for tabellen in (SOORT_TABELLEN + KERN_TABELLEN, KERN_TABELLEN)
            ),
        )
    ).one()
    return Versies(*(int(n) for n in row))
