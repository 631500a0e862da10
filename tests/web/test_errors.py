"""One mapping from what went wrong to what the visitor sees."""

import json
import time
from dataclasses import replace

import pytest
from flask import Flask

from kernenkaart.app import create_app
from kernenkaart.config import Settings
from kernenkaart.embedded import Cluster
from kernenkaart.errors import Conflict, Invalid, KernenkaartError, NotAllowed, NotFound
from kernenkaart.migrations.commands import upgrade
from kernenkaart.toegang.guards import public

FOUTEN: dict[str, tuple[Exception, int]] = {
    "notfound": (NotFound("Weg is weg."), 404),
    "notallowed": (NotAllowed("Dat mag niet."), 403),
    "invalid": (Invalid("Zo klopt het niet."), 422),
    "conflict": (Conflict(), 409),
    "bug": (RuntimeError("geheim detail"), 500),
}


@pytest.fixture(scope="module")
def failing(settings: Settings) -> Flask:
    app = create_app(settings)

    @app.get("/fout/<soort>")
    @public
    def fout(soort: str) -> str:
        raise FOUTEN[soort][0]

    return app


@pytest.mark.parametrize("soort", FOUTEN)
def test_a_page_says_in_dutch_what_went_wrong(failing: Flask, soort: str) -> None:
    error, code = FOUTEN[soort]

    response = failing.test_client().get(f"/fout/{soort}")

    assert response.status_code == code
    assert response.content_type.startswith("text/html")
    if isinstance(error, KernenkaartError) and code != 404:
        assert error.melding in response.text
    assert "geheim detail" not in response.text


@pytest.mark.parametrize("soort", FOUTEN)
def test_a_question_for_data_gets_a_problem_document(failing: Flask, soort: str) -> None:
    code = FOUTEN[soort][1]

    response = failing.test_client().get(f"/fout/{soort}?formaat=geojson")

    assert response.content_type == "application/problem+json"
    body = json.loads(response.data)
    assert body["status"] == response.status_code == (400 if code == 422 else code)
    assert body["detail"]


def test_an_unexpected_error_has_a_number_in_page_and_log(
    failing: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    response = failing.test_client().get("/fout/bug")

    number = caplog.records[-1].args[0]  # type: ignore[index]
    assert str(number) in response.text


def test_a_method_that_is_not_there_says_which_are(app: Flask) -> None:
    response = app.test_client().delete("/healthz")

    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_without_its_database_the_app_says_so_within_two_seconds_and_recovers(
    settings: Settings, request: pytest.FixtureRequest
) -> None:
    with Cluster.tijdelijk() as cluster:
        upgrade(cluster.url("kernenkaart_beheer"))
        app = create_app(
            replace(
                settings,
                database_url=cluster.url("kernenkaart_app"),
                beheer_url=cluster.url("kernenkaart_beheer"),
            )
        )
        browser = app.test_client()
        request.addfinalizer(app.extensions["kernenkaart.engine"].dispose)
        assert browser.get("/").status_code == 200

        cluster.stop()
        app.extensions["kernenkaart.kaart"].forget()  # a page may be kept for 0.2 s
        for path in ("/", "/kernen", "/activiteiten"):
            began = time.monotonic()
            response = browser.get(path)
            assert response.status_code == 503
            assert "even niet bereikbaar" in response.text
            assert time.monotonic() - began < 2
        assert browser.get("/healthz").status_code == 200
        assert browser.get("/readyz").status_code == 503

        cluster.ensure_running()
        assert browser.get("/").status_code == 200
