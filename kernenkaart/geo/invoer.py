"""Geometry that people paste: GeoJSON, WKT or EWKT, in RD or WGS84."""

import re
from collections.abc import Sequence

import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from kernenkaart.errors import Invalid
from kernenkaart.geo.bereik import RD_BOUNDS
from kernenkaart.geo.bestand.geojson import Ruw, parse
from kernenkaart.geo.bestand.kind import geometries, to_rd
from kernenkaart.geo.bestand.stelsel import DEGREES, from_name, lies_in
from kernenkaart.geo.bestand.waarden import Limieten

TEKENS_MAX = 1_000_000
DELEN_MAX = 500
PUNTEN_MAX = 10_000
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


def combine(delen: Sequence[BaseGeometry]) -> BaseGeometry:
    """One valid geometry out of several parts of the same kind.

    Args:
        delen: RD geometries, finite and in the reach of RD.

    Raises:
        Invalid: if there are none, if kinds are mixed, or if a part is no good.
    """
    losse = [deel for geheel in delen for deel in shapely.get_parts(geheel)]
    if not losse:
        raise Invalid("Er is geen vorm gevonden. Teken een punt, lijn of vlak.", veld="vorm")
    dimensies = {shapely.get_dimensions(deel) for deel in losse}
    if len(dimensies) > 1 or -1 in dimensies:
        raise Invalid(
            "Gebruik alleen punten, alleen lijnen of alleen vlakken, niet door elkaar.", veld="vorm"
        )
    if sum(map(shapely.get_num_coordinates, losse)) > PUNTEN_MAX:
        raise Invalid(
            f"Deze vorm heeft meer dan {PUNTEN_MAX} punten. Maak hem eenvoudiger.", "vorm"
        )
    if dimensies == {2}:
        geheel = shapely.union_all(losse) if all(map(shapely.is_valid, losse)) else None
        if geheel is None:
            waar = shapely.is_valid_reason(next(d for d in losse if not shapely.is_valid(d)))
            raise Invalid(f"Het vlak kruist zichzelf ({_where(waar)}). Teken het opnieuw.", "vorm")
        return geheel
    if dimensies == {1}:
        if any(shapely.length(deel) == 0 for deel in losse):
            raise Invalid("Een lijn heeft twee verschillende punten nodig.", veld="vorm")
        return losse[0] if len(losse) == 1 else shapely.MultiLineString(losse)
    return losse[0] if len(losse) == 1 else shapely.MultiPoint(losse)


def _read(text: str) -> tuple[list[Ruw], CRS | None]:
    if text.startswith("{"):
        inhoud = parse(text, max_features=DELEN_MAX)
        return inhoud.features, from_name(inhoud.crs) if inhoud.crs else None
    found = _EWKT.match(text)
    declared = from_name(f"EPSG:{found[1]}") if found else None
    try:
        geom = shapely.from_wkt(text[found.end() :] if found else text)
    except shapely.errors.ShapelyError as error:
        raise Invalid(
            "Dit is geen GeoJSON en geen WKT. Bijvoorbeeld: POINT(148000 431000)."
        ) from error
    return [Ruw({}, shapely.force_2d(geom))], declared


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
