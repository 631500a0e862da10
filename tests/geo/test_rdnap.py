"""S14: it is known, and told, which transformation between RD and ETRS89 is used."""

import math

import pytest
from pyrdnap import RDNAP2018v1
from sqlalchemy import Connection, text

from kernenkaart.geo.rdnap import (
    IJKPUNT_ETRS89,
    IJKPUNT_RD,
    MET_ROOSTER_M,
    Omrekening,
    measure_omrekening,
)
from tests.conftest import ClientFactory


def test_the_point_of_comparison_is_that_of_rdnaptrans() -> None:
    exact = RDNAP2018v1().reverse(*IJKPUNT_RD, 0)

    assert (exact.lon, exact.lat) == pytest.approx(IJKPUNT_ETRS89, abs=1e-10)


def test_the_deviation_is_measured_and_the_grid_recognised(connection: Connection) -> None:
    (x, y), (lon, lat) = IJKPUNT_RD, IJKPUNT_ETRS89
    eigen = connection.execute(
        text(
            "SELECT ST_X(g), ST_Y(g) FROM ST_Transform(ST_SetSRID(ST_Point(:x, :y), 28992), 4258) g"
        ),
        {"x": x, "y": y},
    ).one()
    meters = math.hypot(
        (eigen[1] - lat) * 111_320, (eigen[0] - lon) * 111_320 * math.cos(math.radians(lat))
    )

    omrekening = measure_omrekening(connection)

    assert omrekening.afwijking_m == pytest.approx(meters, abs=0.002)
    assert omrekening.met_rooster == (meters < MET_ROOSTER_M)


@pytest.mark.parametrize(("afwijking", "nauwkeurig"), [(0.0004, 0.001), (0.1375, 0.25)])
def test_without_the_grid_it_is_a_quarter_of_a_metre(afwijking: float, nauwkeurig: float) -> None:
    assert Omrekening(afwijking, "9.1.1").nauwkeurigheid_m == nauwkeurig


def test_the_page_of_details_tells_it(client: ClientFactory) -> None:
    rd = client().get("/healthz/details").json["rd"]

    assert rd["transformatie"] == "RDNAPTRANS2018"
    assert rd["metRooster"] == (rd["gemetenAfwijkingM"] < MET_ROOSTER_M)
    assert rd["proj"]
