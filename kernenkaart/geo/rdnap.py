"""Which transformation between RD and ETRS89 the database uses: with the grid of RDNAPTRANS?

PROJ takes the best it finds and says nothing when the grid ``nl_nsgi_rdtrans2018.tif`` is missing.
So it is measured, at a point where the grid matters much.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

# RD (metres) and what RDNAPTRANS2018 with its grid makes of it in ETRS89 (degrees), by pyrdnap 26.8
IJKPUNT_RD = (190_000.0, 330_000.0)
IJKPUNT_ETRS89 = (5.885339191867359, 50.95862723679486)
MET_ROOSTER_M = 0.005

_MEASURE = text(
    "SELECT ST_Distance(ST_Transform(ST_SetSRID(ST_Point(:lon, :lat), 4258), 28992), "
    "ST_SetSRID(ST_Point(:x, :y), 28992)), postgis_proj_version()"
)


@dataclass(frozen=True)
class Omrekening:
    """What was measured.

    Attributes:
        afwijking_m: how far off the exact transformation is, at the point where it was measured.
        proj: version of PROJ.
    """

    afwijking_m: float
    proj: str

    @property
    def met_rooster(self) -> bool:
        """Whether the grid is used."""
        return self.afwijking_m < MET_ROOSTER_M

    @property
    def nauwkeurigheid_m(self) -> float:
        """How accurate it is everywhere in the Netherlands (EPSG: Amersfoort to ETRS89 9 and 8)."""
        return 0.001 if self.met_rooster else 0.25


def measure_omrekening(connection: Connection) -> Omrekening:
    """Ask the database to transform a point of which the answer is known."""
    (x, y), (lon, lat) = IJKPUNT_RD, IJKPUNT_ETRS89
    afwijking, proj = connection.execute(_MEASURE, {"x": x, "y": y, "lon": lon, "lat": lat}).one()
    return Omrekening(round(afwijking, 4), str(proj).split()[0])
