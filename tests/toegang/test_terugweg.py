"""T10: the way back leads to a page of ours or nowhere."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernenkaart.toegang.terugweg import safe_next
from tests.conftest import ClientFactory
from tests.toegang.inloggen import log_in, make_account

ELDERS = [
    "//x.nl", "///x.nl", "////x.nl", "/\\x.nl", "\\\\x.nl", "/\\/x.nl", "\\/\\/x.nl", "/\t/x.nl",
    "/\n/x.nl", "/\r\n/x.nl", "\t//x.nl", " //x.nl", "/%09/x.nl", "/%0d/x.nl", "/%0a//x.nl",
    "/%5cx.nl", "/%2f/x.nl", "%2f%2fx.nl", "http://x.nl", "https://x.nl", "HTTPS://x.nl",
    "http:x.nl", "http:/x.nl", "http:///x.nl", "https:\\\\x.nl", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x",
    "file:///etc/passwd", "ftp://x.nl", "https://localhost@x.nl", "//localhost@x.nl",
    "https://localhost.x.nl", "//x.nl/%2f..", "/.//x.nl", "/..//x.nl", "//[::1]/", "/account//x.nl",
    "x.nl", "./x.nl", "?next=//x.nl", "#//x.nl", "/\u3002x.nl", "/\uff0f\uff0fx.nl", "/\x00/x.nl",
    "/account\x7f", "/bestaat-niet", "/" + "a" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("path", ELDERS)
def test_no_form_of_another_place_is_followed(app: Flask, path: str) -> None:
    with app.test_request_context("/inloggen"):
        back = safe_next(path, fallback="health.healthz")

    assert back == "/healthz"


@pytest.mark.parametrize("path", ["/account", "/account?a=1&b=//x.nl", "/healthz#kop"])
def test_a_page_of_ours_is_followed(app: Flask, path: str) -> None:
    with app.test_request_context("/inloggen"):
        assert safe_next(path, fallback="health.readyz") == path


@pytest.mark.parametrize("path", ["/inloggen", "/uitloggen", "", None])
def test_the_login_itself_and_nothing_lead_to_the_own_page(app: Flask, path: str | None) -> None:
    with app.test_request_context("/inloggen"):
        assert safe_next(path, fallback="health.healthz") == "/healthz"


@pytest.mark.parametrize("path", ELDERS)
def test_after_logging_in_the_browser_stays_here(
    client: ClientFactory, session: Session, path: str
) -> None:
    gebruiker = make_account(session)

    response = client().post(
        "/inloggen",
        query_string={"next": path},
        data={"email": gebruiker.email, "wachtwoord": "vier natte klompen"},
    )

    assert response.status_code == 302
    assert urlsplit(response.location).netloc == ""
    assert response.location.startswith("/")
    assert not response.location.startswith(("//", "/\\"))


def test_a_guarded_page_is_found_again_after_logging_in(
    client: ClientFactory, session: Session
) -> None:
    browser = client()
    first = browser.get("/account?a=1")

    response = log_in(browser, make_account(session), path=first.location)

    assert response.location == "/account?a=1"
