"""From the coordinate system of a file to RD, with a sentence for what cannot be right."""

import re
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely import Geometry

from kernenkaart.geo.bereik import RD_BOUNDS
from kernenkaart.geo.bestand.waarden import Onleesbaar
from kernenkaart.geo.crs import RD, WGS84

Vormen = np.ndarray[tuple[Any, ...], np.dtype[np.object_]]
Numbers = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]

_EPSG = re.compile(
    r"(?:urn:ogc:def:crs:EPSG:[\d.]*:|EPSG:|https?://\S*/EPSG/[\d.]+/)(\d{4,6})", re.I
)
_CRS84 = re.compile(r"(?:urn:ogc:def:crs:OGC:[\d.]*:|https?://\S*/OGC/[\d.]+/|OGC:)CRS84h?", re.I)
DEGREES = (3.0, 50.5, 7.5, 54.0)  # the Netherlands, lon/lat


def from_name(name: str) -> CRS:
    """The system that the ``crs`` member of a GeoJSON file names.

    Only EPSG codes and CRS84 are looked up; PROJ would also take a path or a pipeline.
    """
    if _CRS84.fullmatch(name.strip()):
        return CRS.from_epsg(WGS84)
    if found := _EPSG.fullmatch(name.strip()):
        try:
            return CRS.from_epsg(int(found[1]))
        except CRSError:
            pass
    raise Onleesbaar(f"Het coördinatenstelsel {name[:80]!r} van dit bestand is onbekend.")


def from_wkt(text: str | None) -> CRS | None:
    """The system that GDAL found in the file: ``EPSG:28992`` or WKT; None when there is none."""
    if not text:
        return None
    if _EPSG.fullmatch(text):
        return from_name(text)
    try:
        crs = CRS.from_wkt(text)
    except CRSError:
        return None
    return crs if crs.is_geographic or crs.is_projected or crs.is_compound else None


def choose(declared: CRS | None, shapes: Vormen) -> tuple[CRS, str | None]:
    """The system to believe, and a remark when the file does not name one.

    Without a declared system the numbers decide, where they leave no doubt: RD metres and degrees
    in the Netherlands cannot be mistaken for one another.

    Raises:
        Onleesbaar: if no system is declared and the numbers fit neither.
    """
    if declared is not None:
        return declared, None
    if lies_in(shapes, RD_BOUNDS):
        return CRS.from_epsg(RD), "Het bestand noemt geen coördinatenstelsel; gelezen als RD."
    if lies_in(shapes, DEGREES):
        return CRS.from_epsg(WGS84), "Het bestand noemt geen coördinatenstelsel; gelezen als WGS84."
    raise Onleesbaar(
        "Het bestand noemt geen coördinatenstelsel en de getallen zijn geen RD of WGS84. "
        "Sla het op met het stelsel erbij (bij een shapefile hoort een .prj-bestand)."
    )


def lies_in(shapes: Vormen, limits: tuple[float, float, float, float]) -> bool:
    """Whether the median of the numbers of ``shapes`` lies in ``limits``."""
    middle = np.median(shapely.get_coordinates(shapes), axis=0)
    return _within([*middle, *middle], limits)


def to_rd(shapes: Vormen, crs: CRS) -> Vormen:
    """``shapes`` in RD; numbers without a place in RD become infinite."""
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if crs.to_epsg(min_confidence=70) == RD or not len(shapes):
        return shapes
    project = Transformer.from_crs(crs, RD, always_xy=True)

    def move(xy: Numbers) -> Numbers:
        return np.column_stack(project.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(shapes, move)


def in_reach(shapes: Vormen) -> Any:
    """For each of ``shapes`` (RD) whether it lies wholly in the reach of RD; False for NaN."""
    x_min, y_min, x_max, y_max = RD_BOUNDS
    west, south, east, north = shapely.bounds(shapes).T
    inside = (west >= x_min) & (south >= y_min) & (east <= x_max) & (north <= y_max)
    coordinates, index = shapely.get_coordinates(shapes, return_index=True)
    inside[index[~np.isfinite(coordinates).all(axis=1)]] = False
    return inside


def why_outside(original: Geometry, crs: CRS) -> str:
    """Why a shape ended outside RD, judged by its original numbers, as a clause."""
    bounds = shapely.bounds(original)
    swapped = bounds[[1, 0, 3, 2]]
    if crs.is_geographic and _within(swapped, DEGREES):
        return "ligt buiten Nederland: breedte en lengte staan omgewisseld, de lengte komt eerst"
    if crs.is_geographic and _within(bounds, RD_BOUNDS):
        return "ligt buiten Nederland: dit zijn RD-meters, maar het bestand noemt graden"
    if crs.is_projected and _within(bounds, DEGREES):
        return "ligt buiten Nederland: dit zijn graden, maar het bestand noemt meters"
    if crs.is_projected and _within(swapped, RD_BOUNDS):
        return "ligt buiten Nederland: x en y staan omgewisseld"
    return "ligt buiten het bereik van RD (Nederland)"


def _within(bounds: Any, limits: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return bool(
        limits[0] <= west and limits[1] <= south and east <= limits[2] and north <= limits[3]
    )
