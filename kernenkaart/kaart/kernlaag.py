"""Our own base map: the kernen as small numbers, the same for everyone, cached by data version."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.geo.crs import to_wgs84
from kernenkaart.geo.geojson import to_lonlat
from kernenkaart.kernen.models import Gemeente, Kern

SCHAAL = 100_000  # coordinates are whole hundred-thousandths of a degree: about 1 m
PUNTEN_MAX = 4_000  # more than this is generalised
STAP_M = 12.0


def kernen_json(session: Session, gemeente: str) -> bytes:
    """The kernen of a gemeente (CBS code) for drawing.

    Returns:
        JSON ``{schaal, gemeente: [ring…], kernen: [{naam, slug, hart, ringen}]}``. A ring is a
        flat list x, y, dx, dy, dx, dy … in whole steps of 1 / ``schaal`` degree; ``hart`` is
        ``[lon, lat]``. Shared edges stay shared.
    """
    rows = session.execute(
        select(Kern.naam, Kern.slug, Kern.grens, Kern.hart)
        .join(Gemeente)
        .where(Gemeente.code == gemeente)
        .order_by(Kern.naam)
    ).all()
    grenzen = _generalise([row.grens for row in rows])
    kernen = [
        {
            "naam": row.naam,
            "slug": row.slug,
            "hart": [round(graad, 5) for graad in to_lonlat(row.hart)],
            "ringen": list(_rings(grens)),
        }
        for row, grens in zip(rows, grenzen, strict=True)
    ]
    rand = shapely.union_all(grenzen) if grenzen else MultiPolygon()
    body = {"schaal": SCHAAL, "gemeente": list(_rings(rand)), "kernen": kernen}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _generalise(grenzen: Sequence[BaseGeometry]) -> Sequence[BaseGeometry]:
    if shapely.get_num_coordinates(grenzen).sum() <= PUNTEN_MAX:
        return grenzen
    simple: Sequence[BaseGeometry] = list(shapely.coverage_simplify(list(grenzen), STAP_M))
    return simple


def _rings(geom: BaseGeometry) -> Iterable[list[int]]:
    polygons: Any = [geom] if isinstance(geom, Polygon) else getattr(geom, "geoms", ())
    for polygon in polygons:
        lonlat = to_wgs84(polygon)
        for ring in (lonlat.exterior, *lonlat.interiors):
            steps = [(round(x * SCHAAL), round(y * SCHAAL)) for x, y in ring.coords[:-1]]
            yield list(_deltas(steps))


def _deltas(steps: list[tuple[int, int]]) -> Iterable[int]:
    x, y = 0, 0
    for new_x, new_y in steps:
        yield new_x - x
        yield new_y - y
        x, y = new_x, new_y
