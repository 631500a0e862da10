"""``flask`` commands in one process: what they print, and what is said when one fails."""

import os
from pathlib import Path

import pytest

from kernenkaart.config import Settings
from kernenkaart.errors import KernenkaartError
from kernenkaart.opdrachten import opdrachten
from tests.opstarten.test_serve import below


def test_commands_answer_in_order_a_failing_one_says_why_and_the_process_ends(
    settings: Settings, tmp_path: Path
) -> None:
    env = os.environ | {
        "KERNENKAART_DATABASE_URL": settings.database_url,
        "KERNENKAART_BEHEER_URL": str(settings.beheer_url),
        "KERNENKAART_SECRET_KEY": "alleen-voor-tests",
    }
    leeg = tmp_path / "leeg.geojson"
    leeg.write_text("{}")

    with opdrachten(env) as flask:
        first = flask.run("migreer")
        with pytest.raises(KernenkaartError, match="flask kernen importeer") as refused:
            flask.run("kernen", "importeer", str(leeg))
        again = flask.run("migreer")
        started = below(os.getpid())

    assert first == again == "De database is bij.\n"
    assert "geen GeoJSON" in refused.value.melding.split("is niet gelukt.")[1]
    assert [pid for pid in started if "kernenkaart.opdrachten" in started[pid]]
    assert not [one for one in below(os.getpid()).values() if "kernenkaart.opdrachten" in one]


def test_a_process_that_cannot_start_says_why() -> None:
    env = os.environ | {"KERNENKAART_DATABASE_URL": "geen adres"}

    with (
        opdrachten(env) as flask,
        pytest.raises(KernenkaartError, match="Could not parse SQLAlchemy URL"),
    ):
        flask.run("migreer")
