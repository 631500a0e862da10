"""An invented lay-out of one kern: streets, places and areas around its heart, all inside it.

All geometry is shapely in RD (EPSG:28992), rounded to decimetres.
"""

import math
from functools import cached_property
from random import Random
from typing import TypeVar

import numpy as np
from shapely import LineString, Point, Polygon, affinity, box, line_merge, transform, union_all
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from kernenkaart.demo.bron import dice
from kernenkaart.kernen.models import Kern

G = TypeVar("G", bound=BaseGeometry)

VASTE_STRATEN = ("Dorpsstraat", "Kerkstraat", "Schoolstraat", "Nieuwsteeg", "Dijkweg")
STRATEN = (
    "Molenstraat", "Achterstraat", "Boomgaardlaan", "Stationsweg", "Kersenlaan", "Perenlaan",
    "Lindelaan", "Middenweg", "Tuinstraat", "Marktstraat", "Peperstraat", "Veerweg", "Wilgenlaan",
    "Koningstraat", "Weverstraat", "Smidsstraat", "Bulkstraat", "Notenlaan",
)  # fmt: skip
PLEKKEN = {
    "dorpshuis": "Dorpshuis",
    "plein": "Dorpsplein",
    "kerk": "Bij de kerk",
    "school": "Schoolplein",
    "sportpark": "Sportpark",
    "speeltuin": "Speeltuin",
    "boomgaard": "Boomgaard",
    "dijk": "Dijk",
    "oever": "Aan het water",
    "ijsbaan": "IJsbaan",
    "straat": "Dorpsstraat",
}
OP_AFSTAND = {"sportpark", "boomgaard", "dijk", "oever", "ijsbaan"}  # not in the middle
RAND_M = 30.0  # nothing stands closer to the boundary


class Dorp:
    """Streets and places of a kern, drawn once and the same every time."""

    def __init__(self, kern: Kern) -> None:
        self.kern = kern
        self._dice = dice("dorp", kern.slug)
        self._binnen: BaseGeometry = kern.grens.buffer(-RAND_M)
        if self._binnen.is_empty:
            self._binnen = kern.grens
        self._straal_m = min(550.0, math.sqrt(kern.grens.area) / 4.5)

    @cached_property
    def straten(self) -> dict[str, LineString]:
        """Some ten gently bent streets by name, 250 to 700 m where that fits."""
        namen = [*VASTE_STRATEN, *self._dice.sample(STRATEN, 6)]
        if self.kern.slug in {"tricht", "geldermalsen"}:  # named in the texts
            namen += [naam for naam in ("Stationsweg", "Boomgaardlaan") if naam not in namen]
        return {naam: self._street(self._dice) for naam in namen}

    @cached_property
    def plekken(self) -> dict[str, Point]:
        """One point for each of ``PLEKKEN``."""
        return {
            sleutel: self.spot(self._dice, 1.7 if sleutel in OP_AFSTAND else 0.9)
            for sleutel in PLEKKEN
        }

    def spot(self, worp: Random, ver: float = 1.0) -> Point:
        """A point around the heart, inside the kern.

        Args:
            ver: times the usual radius.
        """
        for _ in range(40):
            r = self._straal_m * ver * math.sqrt(worp.uniform(0.02, 1))
            hoek = worp.uniform(0, 2 * math.pi)
            hart = self.kern.hart
            punt = Point(hart.x + r * math.cos(hoek), hart.y + r * math.sin(hoek))
            if self._binnen.contains(punt):
                return rounded(punt)
        return rounded(self.kern.hart)

    def near(self, worp: Random, plek: str) -> Point:
        """A point within 40 m of a named place."""
        bij = self.plekken[plek]
        punt = Point(bij.x + worp.uniform(-28, 28), bij.y + worp.uniform(-28, 28))
        return rounded(punt) if self._binnen.contains(punt) else bij

    def stretch(self, worp: Random, straat: str) -> LineString:
        """A part of 80 to 400 m of a street; of the Dorpsstraat when there is no such street."""
        lijn = self.straten.get(straat) or self.straten["Dorpsstraat"]
        lengte = min(lijn.length, worp.uniform(80, 400))
        begin = worp.uniform(0, lijn.length - lengte)
        deel = substring(lijn, begin, begin + lengte)
        return rounded(deel if isinstance(deel, LineString) else lijn)

    def area(self, worp: Random, ha: float) -> Polygon:
        """A rectangle of about ``ha`` hectares, turned, inside the kern."""
        breed = math.sqrt(ha * 10_000) * worp.uniform(0.8, 1.4)
        hoog = ha * 10_000 / breed
        for ver in (1.2, 1.0, 0.7, 0.4, 0.2):
            midden = self.spot(worp, ver)
            vlak = affinity.rotate(
                box(
                    midden.x - breed / 2,
                    midden.y - hoog / 2,
                    midden.x + breed / 2,
                    midden.y + hoog / 2,
                ),
                worp.uniform(0, 90),
            )
            if self._binnen.contains(vlak):
                return rounded(vlak)
        return rounded(self.kern.hart.buffer(25, quad_segs=2))

    def bank(self, worp: Random) -> LineString:
        """A bending line of 300 to 700 m somewhat away from the middle: a ditch or a bank."""
        return self._street(worp, ver=2.0)

    def _street(self, worp: Random, ver: float = 0.7) -> LineString:
        for kleiner in (1.0, 0.8, 0.6, 0.4, 0.25):
            midden = self.spot(worp, ver)
            lengte = worp.uniform(250, 700) * kleiner
            hoek = worp.uniform(0, math.pi)
            bocht = worp.uniform(-0.5, 0.5)
            x, y = midden.x, midden.y
            punten = []
            for deel in (-0.5, -0.25, 0, 0.25, 0.5):
                richting = hoek + bocht * deel
                punten.append(
                    (
                        x + deel * lengte * math.cos(richting) + worp.uniform(-4, 4),
                        y + deel * lengte * math.sin(richting) + worp.uniform(-4, 4),
                    )
                )
            lijn = LineString(punten)
            if self._binnen.contains(lijn):
                return rounded(lijn)
        hart = self.kern.hart
        return rounded(LineString([(hart.x - 20, hart.y), (hart.x + 20, hart.y)]))


def across(van: Dorp, naar: Dorp) -> LineString:
    """A road of 300 m over the boundary of two kernen, on the way from heart to heart."""
    weg = LineString([van.kern.hart, naar.kern.hart])
    grens = weg.project(weg.intersection(van.kern.grens.boundary).centroid)
    deel = substring(weg, max(0.0, grens - 150), grens + 150)
    return rounded(deel if isinstance(deel, LineString) else weg)


def dike(kernen: list[Kern], alle: BaseGeometry) -> BaseGeometry:
    """A line 250 m inside the outer edge of ``alle``, as far as it runs through ``kernen``."""
    rand = alle.buffer(-250).boundary
    lijnen = [
        deel
        for kern in kernen
        for deel in _lines(kern.grens.intersection(rand))
        if deel.length > 300 and deel.centroid.y < kern.hart.y
    ]
    if not lijnen:
        return rounded(kernen[0].hart.buffer(40))
    return rounded(line_merge(union_all(lijnen)).simplify(5))


def _lines(geom: BaseGeometry) -> list[LineString]:
    return [deel for deel in getattr(geom, "geoms", [geom]) if deel.geom_type == "LineString"]


def rounded(geom: G) -> G:
    """The same to a decimetre."""
    return transform(geom, lambda coords: np.round(coords, 1))
