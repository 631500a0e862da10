"""The coordinate systems that a question may be put and an answer may be given in (Part 2).

Degrees always go through ETRS89 (EPSG:4258): within the Netherlands WGS 84 is taken to be the same
(RDNAPTRANS2018, NSGI), so that one point has the same numbers in CRS84, 4326, 4258 and 9067.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import SQLColumnExpression, func

from kernenkaart.geo.crs import RD, WEB_MERCATOR
from kernenkaart.geo.laag import OpenLaag

ETRS89 = 4258
GRADEN_CIJFERS = 7  # about a centimetre
METER_CIJFERS = 3


@dataclass(frozen=True)
class Crs:
    """One coordinate system.

    Attributes:
        uri: its name in requests and answers.
        naam: for people.
        srid: what the database knows it as.
        lat_lon: whether the first axis points north.
        grenzen: west, south, east, north (x before y): coordinates outside mean nothing in it.
        venster: the same order: a box that surely holds all that RD reaches.
    """

    uri: str
    naam: str
    srid: int
    lat_lon: bool
    grenzen: tuple[float, float, float, float]
    venster: tuple[float, float, float, float]

    @property
    def in_graden(self) -> bool:
        """Whether its coordinates are degrees, so that a box may cross the date line."""
        return self.srid == ETRS89

    @property
    def cijfers(self) -> int:
        """How many decimals an answer has."""
        return GRADEN_CIJFERS if self.in_graden else METER_CIJFERS

    def geom(self, laag: OpenLaag) -> SQLColumnExpression[Any]:
        """The geometry of a layer in this system, axes in its own order."""
        if self.srid == RD:
            return laag.geom
        if self.srid == WEB_MERCATOR:
            return laag.geom_3857
        graden = func.ST_Transform(laag.geom, self.srid)
        return func.ST_FlipCoordinates(graden) if self.lat_lon else graden


_WERELD = (-180.0, -90.0, 180.0, 90.0)
_NEDERLAND = (2.0, 50.0, 8.5, 54.5)
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"

CRS84 = Crs(
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "WGS 84, lengte en breedte in graden",
    ETRS89,
    lat_lon=False,
    grenzen=_WERELD,
    venster=_NEDERLAND,
)
RD_NEW = Crs(
    f"{_EPSG}28992",
    "Rijksdriehoeksstelsel (RD), meter",
    RD,
    lat_lon=False,
    grenzen=(-285_401.92, 22_598.08, 595_401.92, 903_401.92),  # the Dutch tiling grid
    venster=(-7_000.0, 289_000.0, 300_000.0, 629_000.0),
)
ALLE = (
    CRS84,
    RD_NEW,
    Crs(f"{_EPSG}4258", "ETRS89, breedte en lengte in graden", ETRS89, True, _WERELD, _NEDERLAND),
    Crs(f"{_EPSG}9067", "ETRF2000, breedte en lengte in graden", ETRS89, True, _WERELD, _NEDERLAND),
    Crs(f"{_EPSG}4326", "WGS 84, breedte en lengte in graden", ETRS89, True, _WERELD, _NEDERLAND),
    Crs(
        f"{_EPSG}3857",
        "Web Mercator, meter (alleen voor kaartbeelden)",
        WEB_MERCATOR,
        lat_lon=False,
        grenzen=(-20_037_508.35, -20_048_966.11, 20_037_508.35, 20_048_966.11),
        venster=(200_000.0, 6_400_000.0, 960_000.0, 7_300_000.0),
    ),
)
BY_URI = {crs.uri: crs for crs in ALLE}


def parse_crs(text: str) -> Crs:
    """The system with this name: its URI, or short as ``[EPSG:28992]``, with brackets or without.

    Raises:
        ValueError: if there is none, with the ones that there are.
    """
    kort = text.removeprefix("[").removesuffix("]")
    found = BY_URI.get(CRS84.uri if kort == "OGC:CRS84" else kort.replace("EPSG:", _EPSG, 1))
    if found is None:
        bekend = ", ".join(crs.uri for crs in ALLE)
        raise ValueError(f"Dit coördinatenstelsel kent de API niet. Kies uit: {bekend}.")
    return found
