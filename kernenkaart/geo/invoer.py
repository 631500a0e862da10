"""Geometry that people paste: GeoJSON, WKT or EWKT, in RD or WGS84."""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from kernenkaart.errors import Invalid
from kernenkaart.geo.bereik import RD_BOUNDS
from kernenkaart.geo.bestand.geojson import Ruw, Vormfout, parse, read_geometry
from kernenkaart.geo.bestand.kind import geometries, to_rd
from kernenkaart.geo.bestand.stelsel import DEGREES, from_name, lies_in
from kernenkaart.geo.bestand.waarden import Limieten

TEKENS_MAX = 1_000_000
DELEN_MAX = 500
PUNTEN_MAX = 10_000
KRUISEND_MAX = 500  # points of areas that overlap: the work to join them grows with the square
DIEPTE_MAX = 20  # GEOS reads WKT by recursion and falls over when it is nested deep
_EWKT = re.compile(r"\s*SRID\s*=\s*(\d{4,6})\s*;", re.IGNORECASE)


def parse_vorm(text: str) -> BaseGeometry:
    """The RD geometry (metres) that was pasted: a point, line or area, or several of one kind.

    A ``crs`` member or an SRID says which system the numbers are in; without it the numbers
    themselves do, since metres in RD and degrees in the Netherlands cannot be mistaken.

    Raises:
        Invalid: if it cannot be read, lies elsewhere, crosses itself or mixes kinds.
    """
    if len(text) > TEKENS_MAX:
        raise Invalid("Deze vorm is te groot. Kies een bestand, of knip hem in stukken.", "vorm")
    if not text.strip():
        raise Invalid("Teken op de kaart waar het werk is.", veld="vorm")
    try:
        features, declared = _read(text.strip())
        delen = _in_rd(features, declared)
    except Invalid as error:
        raise Invalid(error.melding, veld="vorm") from error
    return combine(delen)


def read_vorm(raw: object, declared: CRS, *, noord_eerst: bool = False) -> BaseGeometry:
    """The RD geometry (metres) of a decoded GeoJSON geometry.

    Args:
        declared: the system its numbers are in; nothing is guessed.
        noord_eerst: whether the first number of each pair points north.

    Raises:
        Invalid: as in ``parse_vorm``.
    """
    if raw is None:
        raise Invalid("Teken op de kaart waar het werk is.", veld="vorm")
    try:
        geom = read_geometry(raw, [])
    except Vormfout as error:
        raise Invalid(f"Dit {error}.", veld="vorm") from error
    if noord_eerst:
        geom = shapely.transform(geom, lambda xy: xy[:, ::-1])
    try:
        return combine(_in_rd([Ruw({}, geom)], declared))
    except Invalid as error:
        raise Invalid(error.melding, veld="vorm") from error


def combine(delen: Sequence[BaseGeometry]) -> BaseGeometry:
    """One valid geometry out of several parts of the same kind.

    Args:
        delen: RD geometries, finite and in the reach of RD.

    Raises:
        Invalid: if there are none, if kinds are mixed, or if a part is no good.
    """
    losse: list[Any] = list(_simple_parts(delen))
    if not losse:
        raise Invalid("Er is geen vorm gevonden. Teken een punt, lijn of vlak.", veld="vorm")
    dimensies = {shapely.get_dimensions(deel) for deel in losse}
    if len(dimensies) > 1:
        raise Invalid(
            "Gebruik alleen punten, alleen lijnen of alleen vlakken, niet door elkaar.", veld="vorm"
        )
    _refuse_many(losse)
    if dimensies == {2}:
        return _one_area(losse)
    if dimensies == {1}:
        if any(shapely.length(deel) == 0 for deel in losse):
            raise Invalid("Een lijn heeft twee verschillende punten nodig.", veld="vorm")
        return losse[0] if len(losse) == 1 else shapely.MultiLineString(losse)
    return losse[0] if len(losse) == 1 else shapely.MultiPoint(losse)


def _one_area(vlakken: Sequence[Any]) -> BaseGeometry:
    """Polygons as one area; neighbours and overlaps are joined."""
    for vlak in vlakken:
        if not shapely.is_valid(vlak):
            waar = _where(shapely.is_valid_reason(vlak))
            raise Invalid(f"Het vlak kruist zichzelf ({waar}). Teken het opnieuw.", "vorm")
    samen = vlakken[0] if len(vlakken) == 1 else shapely.MultiPolygon(vlakken)
    if shapely.is_valid(samen):
        return samen
    if shapely.coverage_is_valid(vlakken):
        return shapely.coverage_union_all(vlakken)
    if shapely.get_num_coordinates(samen) > KRUISEND_MAX:
        raise Invalid("Deze vlakken liggen over elkaar heen. Teken er één vlak van.", "vorm")
    geheel = shapely.union_all(vlakken)
    _refuse_many([geheel])  # a point is added wherever two edges cross
    return geheel


def _simple_parts(delen: Iterable[BaseGeometry]) -> Iterable[BaseGeometry]:
    """Points, lines and polygons without what holds them together."""
    for geheel in delen:
        for deel in shapely.get_parts(geheel):
            if deel.geom_type == "GeometryCollection" or deel.geom_type.startswith("Multi"):
                yield from _simple_parts([deel])
            elif not deel.is_empty:
                yield shapely.LineString(deel) if deel.geom_type == "LinearRing" else deel


def _refuse_many(losse: Sequence[BaseGeometry]) -> None:
    if sum(map(shapely.get_num_coordinates, losse)) > PUNTEN_MAX:
        raise Invalid(
            f"Deze vorm heeft meer dan {PUNTEN_MAX} punten. Maak hem eenvoudiger.", "vorm"
        )


def _read(text: str) -> tuple[list[Ruw], CRS | None]:
    if text.startswith("{"):
        inhoud = parse(text, max_features=DELEN_MAX)
        return inhoud.features, from_name(inhoud.crs) if inhoud.crs else None
    found = _EWKT.match(text)
    declared = from_name(f"EPSG:{found[1]}") if found else None
    return [Ruw({}, _from_wkt(text[found.end() :] if found else text))], declared


def _from_wkt(text: str) -> BaseGeometry:
    geen_vorm = "Dit is geen GeoJSON en geen WKT. Bijvoorbeeld: POINT(148000 431000)."
    diepte = accumulate({"(": 1, ")": -1}.get(teken, 0) for teken in text)
    if max(diepte, default=0) > DIEPTE_MAX:
        raise Invalid(geen_vorm)
    try:
        with np.errstate(all="ignore"):
            return shapely.from_wkt(text)
    except shapely.errors.ShapelyError as error:
        raise Invalid(geen_vorm) from error
    except NotImplementedError as error:
        raise Invalid("Bogen kunnen niet. Teken er een lijn met hoeken van.") from error


def _in_rd(features: list[Ruw], declared: CRS | None) -> list[BaseGeometry]:
    for feature in features:
        if feature.geom is not None:
            feature.geom = shapely.force_2d(feature.geom)
            if shapely.is_empty(feature.geom):
                feature.geom, feature.reden = None, "is leeg"
    shapes = geometries(features)
    if declared is None and len(shapes):
        _refuse_swapped(shapes)
    to_rd(features, declared, Limieten(punten=PUNTEN_MAX))
    for nummer, feature in enumerate(features, start=1):
        if feature.geom is None:
            raise Invalid(f"Vorm {nummer} {feature.reden or 'is leeg'}.")
    return [feature.geom for feature in features if feature.geom is not None]


def _refuse_swapped(shapes: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> None:
    if lies_in(shapes, RD_BOUNDS) or lies_in(shapes, DEGREES):
        return
    swapped = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    if lies_in(swapped, DEGREES):
        raise Invalid(
            "De getallen staan omgewisseld. Zet eerst de lengte (5,…) en dan de breedte (51,…)."
        )
    if lies_in(swapped, RD_BOUNDS):
        raise Invalid("De getallen staan omgewisseld. Zet eerst x en dan y.")
    raise Invalid(
        "Deze getallen zijn geen RD-meters en geen graden in Nederland. Bijvoorbeeld: "
        "POINT(148000 431000) of POINT(5.29 51.87)."
    )


def _where(reason: str) -> str:
    found = re.search(r"\[([-\d.]+) ([-\d.]+)\]", reason)
    return f"bij x {float(found[1]):.0f}, y {float(found[2]):.0f}" if found else "ergens"
