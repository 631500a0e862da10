"""The shapes in a filter, from its own system to RD."""

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from kernenkaart.errors import Invalid
from kernenkaart.geo.crs import RD, transform
from kernenkaart.ogc.cql2.nodes import Box, Shape
from kernenkaart.ogc.crs import Crs

STAP = {True: 0.01, False: 1000.0}  # degrees, metres: an edge this short stays straight within 2 cm
DELEN_MAX = 5000


def to_rd(node: Shape | Box, crs: Crs) -> BaseGeometry:
    """The geometry in RD (metres); long edges follow the straight line of their own system.

    What lies far outside the reach of RD is cut off, which no thing on the map can tell; what lies
    there altogether comes out empty.

    Raises:
        Invalid: if the numbers mean nothing in ``crs``.
    """
    geom = _of_box(node, crs) if isinstance(node, Box) else _x_first(node.geom, crs)
    west, south, east, north = geom.bounds
    x_min, y_min, x_max, y_max = crs.grenzen
    if west < x_min or south < y_min or east > x_max or north > y_max:
        raise Invalid(
            "De coördinaten in het filter liggen buiten hun stelsel. Zonder filter-crs zijn het "
            "graden, eerst de lengte: POINT(5.29 51.87). Geef voor RD-meters filter-crs mee."
        )
    cut = _cut(geom, crs)
    if crs.srid == RD:
        return cut
    step = max(STAP[crs.in_graden], cut.length / DELEN_MAX)
    return transform(shapely.segmentize(cut, step), crs.srid, RD)


def _x_first(geom: BaseGeometry, crs: Crs) -> BaseGeometry:
    return shapely.transform(geom, lambda xy: xy[:, ::-1]) if crs.lat_lon else geom


def _of_box(box: Box, crs: Crs) -> BaseGeometry:
    """The box as a shape; one without width or height is a line or a point."""
    west, south, east, north = box.numbers
    if crs.lat_lon:
        west, south, east, north = south, west, north, east
    if south > north:
        raise Invalid("In een BBOX ligt de onderkant boven de bovenkant.")
    if west > east:
        if not crs.in_graden:
            raise Invalid("In een BBOX ligt de linkerkant rechts van de rechterkant.")
        x_min, _, x_max, _ = crs.grenzen  # over the date line
        return shapely.MultiPolygon(
            [shapely.box(west, south, x_max, north), shapely.box(x_min, south, east, north)]
        )
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _cut(geom: BaseGeometry, crs: Crs) -> BaseGeometry:
    """``geom`` within the surroundings of RD; slivers of a lower dimension are left out."""
    x_min, y_min, x_max, y_max = crs.venster
    dx, dy = (x_max - x_min) / 10, (y_max - y_min) / 10  # far enough to miss what lies on its edge
    around = shapely.box(x_min - dx, y_min - dy, x_max + dx, y_max + dy)
    if shapely.covers(around, geom):
        return geom
    kept = [
        one
        for part in _flat(geom)
        for one in _flat(shapely.intersection(part, around))
        if shapely.get_dimensions(one) == shapely.get_dimensions(part)
    ]
    return shapely.union_all(kept) if kept else shapely.Point()


def _flat(geom: BaseGeometry) -> "np.ndarray[Any, np.dtype[np.object_]]":
    """Points, lines and polygons without what holds them together."""
    parts = shapely.get_parts(geom)
    while any(part.geom_type.startswith(("Multi", "Geometry")) for part in parts):
        parts = shapely.get_parts(parts)
    return parts[~shapely.is_empty(parts)]
