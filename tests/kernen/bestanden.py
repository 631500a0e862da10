"""Geo files as the importer gets them: values, already read."""

from typing import Any

from shapely.geometry import MultiPolygon, box
from shapely.geometry.base import BaseGeometry

from kernenkaart.geo.bestand.waarden import Feature, Geobestand

X, Y = 140_000.0, 430_000.0


def vierkant(nummer: int = 0, *, breed: float = 1000.0, over: float = 0.0) -> MultiPolygon:
    """The square of that number in a row from west to east; ``over`` reaches into the next one."""
    west = X + nummer * breed
    return MultiPolygon([box(west, Y, west + breed + over, Y + breed)])


def rij(geom: BaseGeometry | None, **velden: Any) -> Feature:
    """A feature with these columns."""
    return Feature("kernen.geojson", 1, velden, geom, None if geom else "heeft geen vorm")


def bestand(*features: Feature) -> Geobestand:
    """A file with these features."""
    velden = dict.fromkeys(name for one in features for name in one.velden)
    return Geobestand(tuple(velden), features, ())


def kernen(*namen: str) -> Geobestand:
    """A file with a square per name, next to one another; the code is ``k-<name>``."""
    return bestand(
        *(rij(vierkant(number), naam=naam, code=f"k-{naam}") for number, naam in enumerate(namen))
    )
