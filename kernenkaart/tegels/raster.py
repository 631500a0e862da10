"""The two grids that tiles are cut along, and where a tile lies in them.

``WebMercatorQuad`` and ``NetherlandsRDNewQuad`` as they stand in the registers of OGC and Geonovum
(OGC Two Dimensional Tile Matrix Set 2.0): one tile at zoom level 0, four times as many at each
next one, rows from north to south.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from kernenkaart.geo.bereik import RD_BOUNDS
from kernenkaart.geo.crs import RD, WEB_MERCATOR, transformer
from kernenkaart.tegels.models import NIVEAUS, PER_TEGEL

WERELD = 20037508.342789244  # half the equator, metres of Web Mercator
EXTENT = 4096  # units in a tile
PIXELS = 256


@dataclass(frozen=True)
class Raster:
    """A grid of tiles.

    Attributes:
        naam: its identifier.
        uri: where it is defined.
        crs: the coordinate system's URI.
        srid: its EPSG code.
        west: x of the left edge of the one tile of level 0.
        noord: y of its upper edge.
        breedte: its width and height, metres of the coordinate system.
        z_max: the finest level.
        stap: a tile of level z is about as large as one of Web Mercator of level z + ``stap``.
    """

    naam: str
    titel: str
    uri: str
    crs: str
    srid: int
    west: float
    noord: float
    breedte: float
    z_max: int
    stap: int

    def has(self, z: int, x: int, y: int) -> bool:
        """Whether there is such a tile."""
        return 0 <= z <= self.z_max and 0 <= x < 2**z and 0 <= y < 2**z

    def niveau(self, z: int) -> int:
        """The level of Web Mercator with tiles of about this size."""
        return z + self.stap

    def kader(self, z: int, x: int, y: int) -> tuple[float, float, float, float]:
        """West, south, east, north of a tile; neighbours have exactly the same edge."""
        tegel = self.breedte / 2**z
        return (
            self.west + x * tegel,
            self.noord - (y + 1) * tegel,
            self.west + (x + 1) * tegel,
            self.noord - y * tegel,
        )

    def bereik(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all that can be stored."""
        return _bereik(self.srid)

    def is_elsewhere(self, z: int, x: int, y: int) -> bool:
        """Whether a tile lies, with its margin, where nothing can be stored."""
        west, south, east, north = self.kader(z, x, y)
        marge = (east - west) / PER_TEGEL
        links, onder, rechts, boven = self.bereik()
        return (
            west - marge > rechts
            or east + marge < links
            or south - marge > boven
            or north + marge < onder
        )


@cache
def _bereik(srid: int) -> tuple[float, float, float, float]:
    if srid == RD:
        return RD_BOUNDS
    found: tuple[float, float, float, float] = transformer(RD, srid).transform_bounds(
        *RD_BOUNDS, densify_pts=51
    )
    return found


WEB = Raster(
    naam="WebMercatorQuad",
    titel="Web Mercator, zoals de meeste kaarten op internet",
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
    crs="http://www.opengis.net/def/crs/EPSG/0/3857",
    srid=WEB_MERCATOR,
    west=-WERELD,
    noord=WERELD,
    breedte=2 * WERELD,
    z_max=20,
    stap=0,
)
RDNEW = Raster(
    naam="NetherlandsRDNewQuad",
    titel="Rijksdriehoeksstelsel, zoals kaarten van de overheid",
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/NetherlandsRDNewQuad",
    crs="http://www.opengis.net/def/crs/EPSG/0/28992",
    srid=RD,
    west=-285401.92,
    noord=903401.92,
    breedte=3440.64 * PIXELS,
    z_max=16,
    stap=5,
)
RASTERS = {raster.naam: raster for raster in (WEB, RDNEW)}


@lru_cache(maxsize=4096)
def tiles_below(raster: Raster, z: int, x: int, y: int) -> tuple[int, list[int], list[int]]:
    """Which tiles with counted cells have all that lies in a tile.

    Returns:
        The level of Web Mercator, and the columns and the rows of the tiles there.
    """
    niveau = min(max(raster.niveau(z), NIVEAUS[0]), NIVEAUS[-1])
    if raster is WEB and z > niveau:
        return niveau, [x >> (z - niveau)], [y >> (z - niveau)]
    if raster is WEB:
        finer = 2 ** (niveau - z)
        return niveau, [*range(x * finer, (x + 1) * finer)], [*range(y * finer, (y + 1) * finer)]
    to_web = transformer(raster.srid, WEB_MERCATOR)
    west, south, east, north = to_web.transform_bounds(*raster.kader(z, x, y), densify_pts=51)
    tegel = WEB.breedte / 2**niveau
    speling = tegel / EXTENT  # the edges of a tile in RD are curves here
    return (
        niveau,
        _span(west - speling - WEB.west, east + speling - WEB.west, tegel, 2**niveau),
        _span(WEB.noord - north - speling, WEB.noord - south + speling, tegel, 2**niveau),
    )


def _span(begin: float, end: float, tegel: float, aantal: int) -> list[int]:
    return [*range(max(0, int(begin // tegel)), min(aantal - 1, int(end // tegel)) + 1)]
