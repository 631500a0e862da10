"""Roads between nodes, and the ground that is closed when something is: no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

TREDE_M = 1.0  # a closure drawn from crossing to crossing leaves both crossings open


@dataclass(frozen=True)
class Weg:
    """A piece of road between two nodes; ``geom`` runs from ``van`` to ``naar``, RD."""

    van: int
    naar: int
    geom: LineString


@dataclass(frozen=True)
class Netwerk:
    """A bounded cut of the roads.

    Attributes:
        wegen: all pieces of it.
        rand: nodes from which roads go on outside of it.
    """

    wegen: Sequence[Weg]
    rand: frozenset[int] = field(default_factory=frozenset)


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
