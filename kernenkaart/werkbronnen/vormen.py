"""The place of a row: made valid, or read from its columns."""

import math
import re
from typing import Any

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from kernenkaart.errors import Invalid
from kernenkaart.geo.bereik import RD_BOUNDS
from kernenkaart.geo.bestand.stelsel import DEGREES
from kernenkaart.geo.crs import to_rd

PUNTEN_MAX = 10_000
KINDS = {0: "punten", 1: "lijnen", 2: "vlakken"}
_GETAL = re.compile(r"-?\d+(?:[.,]\d+)?")


def repair(geom: BaseGeometry) -> tuple[BaseGeometry, list[str]]:
    """A valid geometry (RD) as close to ``geom`` as can be, and what was done, as clauses.

    Of what falls apart into several kinds only the largest dimension stays. Method: the
    "structure" method of GEOS, which keeps areas what they are.

    Raises:
        Invalid: if nothing is left, or it has too many points.
    """
    gedaan: list[str] = []
    dimension = int(shapely.get_dimensions(geom))
    if not shapely.is_valid(geom):
        gedaan.append("een vorm die niet klopte is hersteld")
        geom = shapely.make_valid(geom, method="structure", keep_collapsed=True)
    parts = [part for part in _parts(geom) if not part.is_empty]
    if not parts:
        raise Invalid("De vorm is leeg.")
    highest = max(int(shapely.get_dimensions(part)) for part in parts)
    kept = [part for part in parts if int(shapely.get_dimensions(part)) == highest]
    if highest < dimension:
        gedaan.append(f"van {KINDS[dimension]} zonder inhoud zijn {KINDS[highest]} gemaakt")
    elif len(kept) < len(parts):
        gedaan.append(f"alleen de {KINDS[highest]} zijn gebruikt")
    if len(kept) < len(parts) or geom.geom_type == "GeometryCollection":
        geom = kept[0] if len(kept) == 1 else shapely.union_all(kept)
    elif geom.geom_type.startswith("Multi") and len(parts) == 1:
        geom = parts[0]
    if shapely.get_num_coordinates(geom) > PUNTEN_MAX:
        raise Invalid(f"De vorm heeft meer dan {PUNTEN_MAX} punten.")
    return geom, gedaan


def _parts(geom: BaseGeometry) -> list[Any]:
    found: list[Any] = []
    for part in shapely.get_parts(geom):
        if part.geom_type == "GeometryCollection" or part.geom_type.startswith("Multi"):
            found += _parts(part)
        else:
            found.append(part)
    return found


def to_punt(x: str, y: str) -> tuple[Point, list[str]]:
    """The RD point of two typed numbers, metres of RD or degrees, and what was put right.

    Raises:
        Invalid: if they are no numbers, or no place in the Netherlands.
    """
    first, second = _number(x), _number(y)
    for (a, b), clauses in (
        ((first, second), []),
        ((second, first), ["x en y stonden omgewisseld"]),
    ):
        if _within(a, b, DEGREES):
            return to_rd(Point(a, b)), clauses
        if _within(a, b, RD_BOUNDS):
            return Point(a, b), clauses
    raise Invalid("De coördinaten liggen niet in Nederland.")


def _number(text: str) -> float:
    found = _GETAL.fullmatch(text.replace(" ", ""))
    number = float(found[0].replace(",", ".")) if found else math.nan
    if not math.isfinite(number):
        raise Invalid("Een coördinaat is geen getal.")
    return number


def _within(x: float, y: float, limits: tuple[float, float, float, float]) -> bool:
    return limits[0] <= x <= limits[2] and limits[1] <= y <= limits[3]
