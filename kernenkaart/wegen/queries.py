"""The roads round a place, with what is closed on them."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernenkaart.wegen.straten import Geraakt, Kader, Straten

GELIJK_M = 0.001  # roads that are as near as this to each other are equally near
AFSLAGEN_MAX = 4

# All pieces in a box as arrays, for there may be tens of thousands; of those that a closure touches
# their line too; and the nearest pieces of each place.
_STRATEN = text(
    """
    WITH venster AS (
        SELECT ST_MakeEnvelope(:x_min, :y_min, :x_max, :y_max, 28992) AS vak
    ), stuk AS MATERIALIZED (
        SELECT w.id, w.van_knoop, w.naar_knoop, w.lengte_m, ST_X(ST_StartPoint(w.geom)) AS x1,
               ST_Y(ST_StartPoint(w.geom)) AS y1, ST_X(ST_EndPoint(w.geom)) AS x2,
               ST_Y(ST_EndPoint(w.geom)) AS y2
        FROM venster v JOIN wegvak w ON w.geom && v.vak
    ), geraakt AS (
        SELECT w.id, array_agg(d.nr ORDER BY d.nr)::text AS nrs, ST_AsBinary(w.geom) AS wkb
        FROM unnest(CAST(:dicht AS bytea[])) WITH ORDINALITY d(wkb, nr)
        JOIN wegvak w ON ST_Intersects(w.geom, ST_GeomFromWKB(d.wkb, 28992))
        GROUP BY w.id
    ), afslag AS (
        SELECT p.nr, w.id, w.m
        FROM unnest(CAST(:plekken AS bytea[])) WITH ORDINALITY p(wkb, nr)
        CROSS JOIN LATERAL (
            SELECT w.id, ST_Distance(w.geom, ST_GeomFromWKB(p.wkb, 28992)) AS m FROM wegvak w
            WHERE ST_DWithin(w.geom, ST_GeomFromWKB(p.wkb, 28992), :tot_weg_m)
            ORDER BY w.geom <-> ST_GeomFromWKB(p.wkb, 28992), w.id LIMIT :afslagen
        ) w
    )
    SELECT s.*, g.*, a.* FROM
        (SELECT array_agg(id), array_agg(van_knoop), array_agg(naar_knoop), array_agg(lengte_m),
                array_agg(x1), array_agg(y1), array_agg(x2), array_agg(y2)
         FROM stuk) s(ids, van, naar, lengte_m, x1, y1, x2, y2),
        (SELECT array_agg(id), array_agg(nrs), array_agg(wkb)
         FROM geraakt) g(geraakt_id, geraakt_nrs, geraakt_wkb),
        (SELECT array_agg(nr), array_agg(id), array_agg(m) FROM afslag) a(plek_nr, plek_id, plek_m)
    """
)


def find_straten(
    session: Session,
    kader: Kader,
    *,
    dicht: Sequence[BaseGeometry],
    plekken: Sequence[Point],
    tot_weg_m: float,
) -> Straten:
    """The roads in a box; one statement.

    Args:
        kader: west, south, east, north, metres (RD).
        dicht: closures, RD; see ``dicht.closed_area``.
        plekken: places within the box, RD.
        tot_weg_m: metres from a place to its road, at most.
    """
    row = session.execute(
        _STRATEN,
        {
            **dict(zip(("x_min", "y_min", "x_max", "y_max"), kader, strict=True)),
            "dicht": shapely.to_wkb(np.array(dicht)).tolist(),
            "plekken": shapely.to_wkb(np.array(plekken)).tolist(),
            "tot_weg_m": tot_weg_m,
            "afslagen": AFSLAGEN_MAX,
        },
    ).one()
    rijen = {wegvak: rij for rij, wegvak in enumerate(row.ids or ())}
    lijnen = shapely.from_wkb(np.array(row.geraakt_wkb or (), dtype=object))
    afslagen: list[list[tuple[float, int]]] = [[] for _ in plekken]
    for nr, wegvak, meters in _rows(row.plek_nr, row.plek_id, row.plek_m):
        if wegvak in rijen:
            afslagen[nr - 1].append((meters, rijen[wegvak]))
    return Straten(
        kader=kader,
        van=np.array(row.van or (), dtype=np.int64),
        naar=np.array(row.naar or (), dtype=np.int64),
        punten=np.array([row.x1 or (), row.y1 or (), row.x2 or (), row.y2 or ()], dtype=float).T,
        lengte_m=np.array(row.lengte_m or (), dtype=float),
        dicht=dicht,
        geraakt={
            rijen[wegvak]: Geraakt(lijn, tuple(int(nr) - 1 for nr in nrs.strip("{}").split(",")))
            for wegvak, nrs, lijn in _rows(row.geraakt_id, row.geraakt_nrs, lijnen.tolist())
            if wegvak in rijen
        },
        plekken=plekken,
        afslagen=[
            [rij for meters, rij in wegen if meters <= wegen[0][0] + GELIJK_M] for wegen in afslagen
        ],
    )


def _rows(*columns: Sequence[Any] | None) -> Iterator[tuple[Any, ...]]:
    """The rows of columns that are all there or all None."""
    return zip(*(column or () for column in columns), strict=True)
