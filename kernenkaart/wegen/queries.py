"""The roads round a place, cut out of the whole."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, LargeBinary, func, select, text
from sqlalchemy.orm import Session

from kernenkaart.wegen.models import Wegvak
from kernenkaart.wegen.netwerk import Netwerk, Weg
from kernenkaart.wegen.uitweg import Straten

WEGVAKKEN_MAX = 6_000
KLEINST_M = 100.0
GELIJK_M = 0.001  # roads that are as near as this to each other are equally near
AFSLAGEN_MAX = 4

# Of all pieces in a box their nodes and whether they leave it, which closure touches which, and
# the nearest ones of each place. Arrays, for there may be tens of thousands.
_STRATEN = text(
    """
    WITH venster AS (
        SELECT ST_MakeEnvelope(:x_min, :y_min, :x_max, :y_max, 28992) AS vak
    ), stuk AS MATERIALIZED (
        SELECT w.id, w.van_knoop, w.naar_knoop,
               NOT (ST_StartPoint(w.geom) @ v.vak AND ST_EndPoint(w.geom) @ v.vak) AS uit
        FROM venster v JOIN wegvak w ON w.geom && v.vak
    ), geraakt AS (
        SELECT d.nr, w.id
        FROM unnest(CAST(:dicht AS bytea[])) WITH ORDINALITY d(wkb, nr)
        JOIN wegvak w ON ST_Intersects(w.geom, ST_GeomFromWKB(d.wkb, 28992))
    ), afslag AS (
        SELECT p.nr, w.id, w.m
        FROM unnest(CAST(:plekken AS bytea[])) WITH ORDINALITY p(wkb, nr)
        CROSS JOIN LATERAL (
            SELECT w.id, ST_Distance(w.geom, ST_GeomFromWKB(p.wkb, 28992)) AS m FROM wegvak w
            WHERE ST_DWithin(w.geom, ST_GeomFromWKB(p.wkb, 28992), :tot_weg_m)
            ORDER BY w.geom <-> ST_GeomFromWKB(p.wkb, 28992) LIMIT :afslagen
        ) w
    )
    SELECT s.*, g.*, a.* FROM
        (SELECT array_agg(id), array_agg(van_knoop), array_agg(naar_knoop), array_agg(uit)
         FROM stuk) s(ids, van, naar, uit),
        (SELECT array_agg(nr), array_agg(id) FROM geraakt) g(dicht_nr, dicht_id),
        (SELECT array_agg(nr), array_agg(id), array_agg(m) FROM afslag) a(plek_nr, plek_id, plek_m)
    """
)


def find_netwerk(
    session: Session, gebied: BaseGeometry, straal_m: float, hoogstens: int = WEGVAKKEN_MAX
) -> Netwerk:
    """The roads in the box round ``gebied`` that leaves ``straal_m`` free at each side.

    In a city that box is made smaller, until it holds no more than ``hoogstens`` pieces.

    Args:
        gebied: RD.
        straal_m: metres.

    Returns:
        An empty network where no roads are known, or where ``gebied`` itself holds too many.
    """
    venster = _box(gebied, straal_m)
    while _count(session, venster, hoogstens) > hoogstens:
        if straal_m < KLEINST_M:
            return Netwerk(())
        straal_m /= 2
        venster = _box(gebied, straal_m)
    rows = session.execute(
        select(
            Wegvak.van_knoop, Wegvak.naar_knoop, func.ST_AsBinary(Wegvak.geom, type_=LargeBinary)
        )
        .where(_within(venster))
        .order_by(Wegvak.id)
    ).all()
    geoms = shapely.from_wkb([bytes(wkb) for _, _, wkb in rows])
    wegen = [Weg(van, naar, geom) for (van, naar, _), geom in zip(rows, geoms, strict=True)]
    return Netwerk(wegen, _edge(wegen, geoms, venster))


def _edge(wegen: Sequence[Weg], geoms: Any, venster: BaseGeometry) -> frozenset[int]:
    """The nodes outside ``venster``, of roads that lie partly in it."""
    x_min, y_min, x_max, y_max = venster.bounds
    rand: set[int] = set()
    for plaats, knopen in ((0, [weg.van for weg in wegen]), (-1, [weg.naar for weg in wegen])):
        x, y = shapely.get_coordinates(shapely.get_point(geoms, plaats)).T
        buiten = (x < x_min) | (x > x_max) | (y < y_min) | (y > y_max)
        rand.update(knopen[number] for number in np.flatnonzero(buiten).tolist())
    return frozenset(rand)


def find_straten(
    session: Session,
    gebied: BaseGeometry,
    straal_m: float,
    *,
    dicht: Sequence[BaseGeometry],
    plekken: Sequence[Point],
    tot_weg_m: float,
) -> Straten:
    """The roads in the box round ``gebied`` that leaves ``straal_m`` free, as numbers.

    One statement.

    Args:
        gebied: RD.
        dicht: closures, RD; see ``netwerk.closed_area``.
        plekken: places within ``gebied``, RD.
        tot_weg_m: metres from a place to its road, at most.
    """
    x_min, y_min, x_max, y_max = _box(gebied, max(straal_m, tot_weg_m)).bounds
    row = session.execute(
        _STRATEN,
        {
            "x_min": x_min,
            "y_min": y_min,
            "x_max": x_max,
            "y_max": y_max,
            "dicht": shapely.to_wkb(np.array(dicht)).tolist(),
            "plekken": shapely.to_wkb(np.array(plekken)).tolist(),
            "tot_weg_m": tot_weg_m,
            "afslagen": AFSLAGEN_MAX,
        },
    ).one()
    rij_van = {wegvak: rij for rij, wegvak in enumerate(row.ids or ())}
    geraakt: list[list[int]] = [[] for _ in dicht]
    for nr, wegvak in zip(row.dicht_nr or (), row.dicht_id or (), strict=True):
        if wegvak in rij_van:
            geraakt[nr - 1].append(rij_van[wegvak])
    afslagen: list[list[tuple[float, int]]] = [[] for _ in plekken]
    for nr, wegvak, meters in zip(
        row.plek_nr or (), row.plek_id or (), row.plek_m or (), strict=True
    ):
        afslagen[nr - 1].append((meters, rij_van[wegvak]))
    return Straten(
        van=np.array(row.van or (), dtype=np.int64),
        naar=np.array(row.naar or (), dtype=np.int64),
        uit=np.array(row.uit or (), dtype=bool),
        geraakt=geraakt,
        afslagen=[
            [rij for meters, rij in wegen if meters <= min(wegen)[0] + GELIJK_M]
            for wegen in afslagen
        ],
    )


def _box(gebied: BaseGeometry, straal_m: float) -> BaseGeometry:
    x_min, y_min, x_max, y_max = gebied.bounds
    return box(x_min - straal_m, y_min - straal_m, x_max + straal_m, y_max + straal_m)


def _within(venster: BaseGeometry) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.ST_Intersects(
        Wegvak.geom, func.ST_MakeEnvelope(*venster.bounds, 28992)
    )
    return found


def _count(session: Session, venster: BaseGeometry, hoogstens: int) -> int:
    """How many pieces lie in ``venster``; one more than ``hoogstens`` is enough to know."""
    some = select(Wegvak.id).where(_within(venster)).limit(hoogstens + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
