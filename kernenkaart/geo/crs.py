"""Coordinate systems. Stored and measured in RD New (EPSG:28992, metres); lon/lat only at the edge.

Without the RDNAPTRANS grid the transformation is 3 to 6 cm off (RDNAPTRANS2018, NSGI), which is
enough for a map of villages.
"""

from functools import cache
from typing import Any, TypeVar

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

G = TypeVar("G", bound=BaseGeometry)

Array = np.ndarray[Any, np.dtype[np.float64]]

RD = 28992
WGS84 = 4326
WEB_MERCATOR = 3857


@cache
def transformer(source: int | str, target: int | str) -> Transformer:
    """The transformer between two systems, x before y, made once."""
    return Transformer.from_crs(source, target, always_xy=True)


def transform(geom: G, source: int | str, target: int | str) -> G:
    """``geom`` moved from one system to another; a third dimension is dropped."""
    project = transformer(source, target)

    def move(xy: Array) -> Array:
        return np.column_stack(project.transform(xy[:, 0], xy[:, 1]))

    moved: G = shapely.transform(shapely.force_2d(geom), move)
    return moved


def to_rd(geom: G) -> G:
    """Longitude and latitude (WGS84, degrees) to RD (metres)."""
    return transform(geom, WGS84, RD)


def to_wgs84(geom: G) -> G:
    """RD (metres) to longitude and latitude (WGS84, degrees)."""
    return transform(geom, RD, WGS84)
