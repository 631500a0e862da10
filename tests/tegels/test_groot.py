"""However much there is, a tile is small, and nothing is left out without saying so."""

import itertools
from typing import Any

import pytest
from shapely.geometry import Point
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernenkaart.tegels.banden import DING_BYTES, MAX_BYTES
from tests import factories as make
from tests.conftest import ClientFactory
from tests.tegels.wereld import count_all, fetch, web_tile

VEEL = """
INSERT INTO activiteit (platform_id, gemeente_id, kern_id, soort_id, titel, begint_op, eindigt_op,
                        status, geom)
SELECT platform_id, gemeente_id, kern_id, soort_id, left(repeat(md5(n::text), 7), :lengte),
    begint_op, eindigt_op, status,
    ST_Translate(geom, (n % 100) * :stap, (n / 100 % 100) * :stap)
FROM activiteit, generate_series(1, :aantal) n WHERE id = :id
"""


# in the west of a tile of level 15, in which all of a crowd finds room
MIDDEN = Point(155_550.0, 463_150.0)


def crowd(session: Session, aantal: int, *, lengte: int = 60, stap: float = 3.0) -> Any:
    """So many more activities in a square; its corner."""
    first = make.make_activiteit(session, geom=MIDDEN)
    session.execute(text(VEEL), {"aantal": aantal, "lengte": lengte, "stap": stap, "id": first.id})
    count_all(session)
    return first.geom


def tile_at(client: Any, punt: Any, z: int) -> tuple[int, dict[str, Any]]:
    x, y = web_tile(punt, z)
    address = f"/tegels/activiteiten/{z}/{x}/{y}.mvt"
    return len(client.get(address).data), fetch(client, address)["activiteiten"]["features"]


@pytest.mark.parametrize("lengte", [10, 200])
def test_what_is_too_much_is_told_without_its_title(
    client: ClientFactory, session: Session, lengte: int
) -> None:
    hoek = crowd(session, 2_300, lengte=lengte)

    size, features = tile_at(client(), hoek, 15)

    assert size <= MAX_BYTES
    assert len(features) == 2_301
    assert all({"id", "soort"} <= feature["properties"].keys() for feature in features)
    assert any("titel" in feature["properties"] for feature in features) is (lengte == 10)


def test_no_thing_takes_less_than_is_reckoned_with(client: ClientFactory, session: Session) -> None:
    """Else the limit on how many are looked at would leave things out of a tile that fits."""
    hoek = crowd(session, 1_000, lengte=1, stap=0.0)

    for z in (11, 15):
        size, features = tile_at(client(), hoek, z)

        assert len(features) == 1_001
        assert size > DING_BYTES * len(features)


@pytest.mark.volledig
def test_what_is_far_too_much_is_counted(client: ClientFactory, session: Session) -> None:
    aantal = 26_000
    hoek = crowd(session, aantal, lengte=3)
    browser = client()

    for z in (11, 12, 15):
        x, y = web_tile(hoek, z)
        total = 0
        for dx, dy in itertools.product((-1, 0, 1), repeat=2):
            address = f"/tegels/activiteiten/{z}/{x + dx}/{y + dy}.mvt"
            assert len(browser.get(address).data) <= MAX_BYTES
            for layer in fetch(browser, address).values():
                total += sum(feature["properties"].get("n", 0) for feature in layer["features"])

        assert total == aantal + 1
