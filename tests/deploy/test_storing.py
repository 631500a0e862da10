"""The application is away: what was asked before still comes, and the rest says so at once."""

import time
from collections.abc import Iterator

import pytest

from tests.deploy.conftest import Voorkant, how
from tests.deploy.test_bewaren import MINUUT_S, PAGINA_S, nieuw
from tests.nginx import nginx
from tests.served import serve

PAGINAS = ("/", "/kernen/tricht", "/werkzaamheden", "/open-data")
GEGEVENS = (
    "/tegels/alles/8/131/84.mvt", "/api/v1/collections/kernen/items?limit=5",
    "/open-data/kernen.geojson", "/api/v1",
)  # fmt: skip


@pytest.fixture(scope="module")
def gestopt(
    omgeving: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Voorkant]:
    """A site whose pages and data were asked once, just before the application stopped."""
    with (
        serve(omgeving, tmp_path_factory.mktemp("web")) as app,
        nginx(app.url, tmp_path_factory.mktemp("nginx")) as before,
    ):
        running = Voorkant(app, before)
        for path in (*PAGINAS, *GEGEVENS):
            assert running.get(path).status == 200
        app.process.terminate()
        app.process.wait(30)
        yield running


@pytest.mark.parametrize("path", PAGINAS)
def test_pages_for_everybody_still_come(gestopt: Voorkant, path: str) -> None:
    time.sleep(PAGINA_S)

    answer = gestopt.get(path)

    assert (answer.status, how(answer)) == (200, "STALE")
    assert b"<h1" in answer.data


@pytest.mark.parametrize("path", GEGEVENS)
def test_tiles_and_open_data_still_come(gestopt: Voorkant, path: str) -> None:
    answer = gestopt.get(path)

    assert (answer.status, how(answer) in {"HIT", "STALE"}) == (200, True)


@pytest.mark.volledig
def test_tiles_and_open_data_still_come_when_their_minute_is_over(gestopt: Voorkant) -> None:
    time.sleep(MINUUT_S)

    answers = [gestopt.get(path) for path in GEGEVENS]

    assert {(answer.status, how(answer)) for answer in answers} == {(200, "STALE")}


@pytest.mark.parametrize(
    ("path", "method"),
    [("/inloggen", "GET"), ("/over", "GET"), ("/inloggen", "POST"), ("/open-data/x.csv", "GET")],
)
def test_what_was_not_kept_says_at_once_that_it_is_away(
    gestopt: Voorkant, path: str, method: str
) -> None:
    begun = time.monotonic()

    answer = gestopt.get(path, method)

    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "De kernenkaart is even niet bereikbaar" in answer.data.decode()
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("path", ["/api/v1/collections/x/items/1", "/tegels/alles/9/1/1.mvt"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_program_is_told_so_in_its_own_language(
    gestopt: Voorkant, path: str, method: str
) -> None:
    answer = gestopt.get(path, method)

    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert (answer.json()["status"], answer.headers["Retry-After"]) == (503, "10")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_what_was_kept_is_not_given_to_who_is_logged_in(gestopt: Voorkant) -> None:
    answer = gestopt.get("/kernen/tricht", Cookie="__Host-sessie=x", Accept=nieuw())

    assert answer.status == 503
