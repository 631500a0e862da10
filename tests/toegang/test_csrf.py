"""T15: no unsafe request without a token of our own page."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kernenkaart.tijd import now
from tests.architecture.routes import fill, rules
from tests.conftest import ClientFactory
from tests.toegang.inloggen import make_account, who


@pytest.fixture(autouse=True)
def with_tokens(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def token_of(browser: FlaskClient, path: str) -> str:
    found = re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(path).get_data(as_text=True)
    )
    assert found is not None
    return found[1]


def test_every_unsafe_route_refuses_a_request_without_token(
    app: Flask, client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    unsafe = [
        (method, rule)
        for method, rule, endpoint in rules(app)
        if method != "GET"
        and vars(app.view_functions[endpoint])["guard"] != "sleutel_required"
        and not hasattr(app.view_functions[endpoint], "one_click")
    ]
    assert len(unsafe) > 5

    for browser in (client(), client(gebruiker)):
        for method, rule in unsafe:
            answer = browser.open(fill(rule, {}), method=method)
            assert answer.status_code in {400, 403}, (method, rule)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://kwaad.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.kwaad.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    ],
)
def test_a_good_token_from_another_site_is_refused(
    client: ClientFactory, session: Session, headers: dict[str, str]
) -> None:
    gebruiker = make_account(session)
    browser = client(gebruiker)
    token = token_of(browser, "/account")

    answer = browser.post("/uitloggen", data={"csrf_token": token}, headers=headers)

    assert answer.status_code == 403
    assert who(browser) == gebruiker.naam


def test_the_token_of_a_visitor_is_worth_nothing_to_who_is_logged_in(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    browser = client(gebruiker)
    token = token_of(client(), "/inloggen")

    answer = browser.post("/uitloggen", data={"csrf_token": token})

    assert answer.status_code == 400
    assert who(browser) == gebruiker.naam


@pytest.mark.parametrize(
    "proof", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}]
)
def test_a_form_opened_before_logging_in_again_still_counts_when_it_is_ours(
    client: ClientFactory, session: Session, proof: dict[str, str]
) -> None:
    browser = client(make_account(session))
    token = token_of(client(), "/inloggen")

    answer = browser.post("/uitloggen", data={"csrf_token": token}, headers=proof)

    assert answer.status_code == 302


def test_a_token_is_good_for_a_day(client: ClientFactory) -> None:
    start = now()
    data = {"email": "a@example.org", "wachtwoord": "fout"}

    with time_machine.travel(start, tick=False) as clock:
        data["csrf_token"] = token_of(client(), "/inloggen")
        clock.shift(24 * 3600 - 1)
        assert client().post("/inloggen", data=data).status_code == 422
        clock.shift(3)
        assert client().post("/inloggen", data=data).status_code == 400


def test_a_script_may_send_the_token_in_a_header(client: ClientFactory, session: Session) -> None:
    browser = client(make_account(session))
    token = token_of(browser, "/account")

    assert browser.post("/uitloggen", headers={"X-CSRFToken": token}).status_code == 302


def test_a_form_that_was_open_too_long_can_be_sent_again(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_account(session))
    data = {
        "csrf_token": "oud",
        "wachtwoord_nu": "geheim?",
        "wachtwoord": "geheim!",
        "naam": 'Feest <b>"op" 1',
        "postcode": "4191 AB",
    }

    answer = browser.post(
        "/account/wachtwoord", data=data, headers={"Sec-Fetch-Site": "same-origin"}
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "stond te lang open" in page
    assert 'name="naam" value="Feest &lt;b&gt;&#34;op&#34; 1"' in page
    assert 'name="postcode" value="4191 AB"' in page
    assert "geheim!" not in page
    assert "geheim?" not in page


def test_a_form_sent_after_the_login_expired_loses_nothing(
    client: ClientFactory, session: Session
) -> None:
    browser = client()
    own = {"Sec-Fetch-Site": "same-origin"}
    data = {"csrf_token": token_of(browser, "/inloggen"), "sleutel": "wat ik typte"}

    answer = browser.post("/account/aanmeldingen", data=data, headers=own)
    page = answer.get_data(as_text=True)
    cookie = client(make_account(session)).get_cookie("sessie")
    assert cookie is not None
    browser.set_cookie("sessie", cookie.value)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[-1]
    again = browser.post("/account/aanmeldingen", data=data | {"csrf_token": token}, headers=own)

    assert answer.status_code == 401
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'name="sleutel" value="wat ik typte"' in page
    assert "Er is nog niets verstuurd" in page
    assert again.status_code == 302


def test_what_another_site_typed_is_not_offered_to_be_sent_again(client: ClientFactory) -> None:
    browser = client()
    data = {"csrf_token": token_of(browser, "/inloggen"), "sleutel": "wat een ander typte"}

    answer = browser.post("/account/aanmeldingen", data=data)

    assert answer.status_code == 401
    assert "wat een ander typte" not in answer.get_data(as_text=True)
