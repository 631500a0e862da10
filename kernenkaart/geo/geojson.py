"""Geometry as GeoJSON (RFC 7946): longitude, latitude, WGS84."""

from typing import Any

import shapely
from shapely.geometry import Point, mapping
from shapely.geometry.base import BaseGeometry

from kernenkaart.geo.crs import to_wgs84

DEGREES = 6  # decimals: about 0.1 m


def to_geojson(geom: BaseGeometry) -> dict[str, Any]:
    """An RD geometry as a GeoJSON geometry object."""
    rounded = shapely.transform(to_wgs84(geom), lambda xy: xy.round(DEGREES))
    found: dict[str, Any] = mapping(rounded)
    return found


def to_lonlat(punt: Point) -> list[float]:
    """An RD point as ``[longitude, latitude]``, rounded."""
    found = to_wgs84(punt)
    return [round(found.x, DEGREES), round(found.y, DEGREES)]


def to_kader(geom: BaseGeometry, marge_m: float = 0.0) -> list[float]:
    """The frame of an RD geometry as ``[west, south, east, north]`` in degrees.

    Args:
        marge_m: metres of room around it.
    """
    bounds = to_wgs84(shapely.box(*geom.buffer(marge_m).bounds)).bounds
    return [round(graad, DEGREES) for graad in bounds]
