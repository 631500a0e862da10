"""Geometry as GeoJSON (RFC 7946): longitude, latitude, WGS84."""

from typing import Any

import shapely
from shapely.geometry import Point, mapping
from shapely.geometry.base import BaseGeometry

from kernenkaart.geo.crs import to_wgs84

Kader = tuple[float, float, float, float]  # west, south, east, north

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


def to_kader(geom: BaseGeometry, marge_m: float = 0.0) -> Kader:
    """The frame of an RD geometry in degrees.

    Args:
        marge_m: metres of room around it.
    """
    x_min, y_min, x_max, y_max = geom.bounds
    vak = shapely.box(x_min - marge_m, y_min - marge_m, x_max + marge_m, y_max + marge_m)
    west, south, east, north = (round(graad, DEGREES) for graad in to_wgs84(vak).bounds)
    return west, south, east, north
