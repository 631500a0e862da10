"""The ground that nobody passes when something is closed: no database."""

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

TREDE_M = 1.0  # a closure drawn from crossing to crossing leaves both crossings open


def closed_area(geom: BaseGeometry, breedte_m: float) -> BaseGeometry:
    """The ground that nobody passes when ``geom`` is closed.

    An area is itself. A line or a point, drawn beside the axis of the road as often as on it, gets
    ``breedte_m`` at either side; a line no further than its own ends, so that a street that is
    closed from crossing to crossing leaves the crossings open.
    """
    parts = [_closed_part(part, breedte_m) for part in _parts(geom)]
    return shapely.union_all(parts)


def lines_of(geom: BaseGeometry) -> list[LineString]:
    """The lines of a geometry that have a length."""
    return [part for part in _parts(geom) if isinstance(part, LineString) and part.length > 0]


def _parts(geom: BaseGeometry) -> list[BaseGeometry]:
    parts: np.ndarray[tuple[int], np.dtype[np.object_]] = shapely.get_parts(geom)
    if any(hasattr(part, "geoms") for part in parts):
        return [deeper for part in parts for deeper in _parts(part)]
    return list(parts)


def _closed_part(part: BaseGeometry, breedte_m: float) -> BaseGeometry:
    if not isinstance(part, LineString):
        return part.buffer(breedte_m) if isinstance(part, Point) else part
    marge = breedte_m + TREDE_M
    if part.length <= 2 * marge:
        return part.interpolate(0.5, normalized=True).buffer(min(breedte_m, part.length / 2))
    return substring(part, marge, part.length - marge).buffer(breedte_m)
