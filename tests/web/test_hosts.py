"""T24: which host we answer to, and which proxy we believe."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask, request, url_for
from flask.testing import FlaskClient

from kernenkaart.app import create_app
from kernenkaart.config import Settings
from kernenkaart.toegang.cookies import DatabaseSessions

Maker = Callable[..., FlaskClient]


@pytest.fixture
def browser(settings: Settings) -> Iterator[Maker]:
    """A visitor of an application with other settings."""
    apps: list[Flask] = []

    def make(**values: object) -> FlaskClient:
        app = create_app(replace(settings, **values))  # type: ignore[arg-type]
        apps.append(app)

        @app.get("/waar-ben-ik")
        def where() -> dict[str, str]:
            return {
                "host": request.host,
                "adres": request.remote_addr or "",
                "schema": request.scheme,
                "link": url_for("health.healthz", _external=True),
            }

        return app.test_client()

    yield make
    for app in apps:
        app.extensions["kernenkaart.engine"].dispose()


@pytest.mark.parametrize(
    "host",
    [
        "kwaad.example",
        "kaart.example.kwaad.example",
        "kaart.example@kwaad.example",
        "kaart.example:80@kwaad",
        "xkaart.example",
        "kaart.example/..",
        "",
        "127.0.0.1",
    ],
)
@pytest.mark.parametrize("path", ["/waar-ben-ik", "/inloggen", "/bestaat-niet", "/kernen.json"])
def test_a_forged_host_gets_a_400(browser: Maker, host: str, path: str) -> None:
    response = browser(trusted_hosts=("kaart.example",)).get(path, headers={"Host": host})

    assert response.status_code == 400
    assert "kwaad" not in response.get_data(as_text=True)


def test_our_own_host_gets_its_page(browser: Maker) -> None:
    response = browser(trusted_hosts=("kaart.example",)).get(
        "/waar-ben-ik", headers={"Host": "kaart.example"}
    )

    assert response.json == {
        "host": "kaart.example",
        "adres": "127.0.0.1",
        "schema": "http",
        "link": "http://kaart.example/healthz",
    }


FORGED = {
    "Host": "kaart.example",
    "X-Forwarded-Host": "kwaad.example",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": "/kwaad",
    "X-Forwarded-Port": "81",
    "Forwarded": "for=203.0.113.9;host=kwaad.example",
    "X-Original-URL": "/kwaad",
    "X-Real-IP": "203.0.113.9",
}


def test_without_a_proxy_no_forwarded_header_is_believed(browser: Maker) -> None:
    response = browser(trusted_hosts=("kaart.example",)).get("/waar-ben-ik", headers=FORGED)

    assert response.json is not None
    assert response.json["adres"] == "127.0.0.1"
    assert response.json["link"] == "http://kaart.example/healthz"


def test_behind_one_proxy_only_what_that_one_added_is_believed(browser: Maker) -> None:
    headers = {
        "Host": "binnen",
        "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
        "X-Forwarded-Host": "kwaad.example, kaart.example",
        "X-Forwarded-Proto": "https",
    }

    response = browser(trusted_hosts=("kaart.example",), proxy_hops=1).get(
        "/waar-ben-ik", headers=headers
    )

    assert response.json == {
        "host": "kaart.example",
        "adres": "203.0.113.9",
        "schema": "https",
        "link": "https://kaart.example/healthz",
    }


def test_behind_a_proxy_a_forged_host_still_gets_a_400(browser: Maker) -> None:
    response = browser(trusted_hosts=("kaart.example",), proxy_hops=1).get(
        "/waar-ben-ik", headers={"Host": "kaart.example", "X-Forwarded-Host": "kwaad.example"}
    )

    assert response.status_code == 400


def test_with_safe_cookies_the_cookie_is_bound_to_host_and_https(
    browser: Maker, settings: Settings
) -> None:
    sessions = DatabaseSessions(replace(settings, veilige_cookies=True))

    assert sessions.cookie_name == "__Host-sessie"
    assert sessions.secure
    response = browser(veilige_cookies=True).get("/inloggen")
    assert response.headers["Strict-Transport-Security"].startswith("max-age=63072000")
