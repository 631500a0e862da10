"""Logging in and out, as a browser does."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Sessie
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_organisatie
from tests.toegang.inloggen import WACHTWOORD, log_in, make_account, post_form, who


@pytest.fixture(autouse=True)
def with_tokens(app: Flask) -> Iterator[None]:
    """These tests go through the door as everybody does."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def count_sessies(session: Session) -> int:
    return session.execute(select(func.count()).select_from(Sessie)).scalar_one()


def test_a_visitor_gets_no_cookie_and_no_row(client: ClientFactory, session: Session) -> None:
    for path in ("/inloggen", "/wachtwoord-vergeten"):
        assert client().get(path).headers.get("Set-Cookie") is None

    assert count_sessies(session) == 0


def test_somebody_logs_in_with_the_password_and_out_again(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    browser = client()

    response = log_in(browser, gebruiker)

    assert response.status_code == 302
    assert who(browser) == gebruiker.naam
    page = browser.get("/account").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert browser.post("/uitloggen", data={"csrf_token": token}).status_code == 302
    assert who(browser) is None
    assert count_sessies(session) == 0


def test_capitals_and_spaces_in_the_address_do_not_matter(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session, email="an@example.org")
    browser = client()

    log_in(browser, gebruiker, email="  An@Example.ORG ")

    assert who(browser) == gebruiker.naam


@pytest.mark.parametrize("wachtwoord", ["vier natte klompe", "", " " + WACHTWOORD, "x" * 600])
def test_a_wrong_password_is_refused(
    client: ClientFactory, session: Session, wachtwoord: str
) -> None:
    gebruiker = make_account(session)
    browser = client()

    response = log_in(browser, gebruiker, wachtwoord=wachtwoord)

    assert response.status_code == 422
    assert response.headers.get("Set-Cookie") is None
    assert who(browser) is None


def test_a_closed_account_or_one_without_password_cannot_log_in(
    client: ClientFactory, session: Session
) -> None:
    closed = make_account(session, active=False)
    invited = make_gebruiker(session)

    for gebruiker in (closed, invited):
        assert log_in(client(), gebruiker).status_code == 422
        assert log_in(client(), gebruiker, wachtwoord="").status_code == 422


def test_the_old_cookie_is_worth_nothing_after_logging_out(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    browser = client(gebruiker)
    old = browser.get_cookie("sessie")
    assert old is not None
    assert who(browser) == gebruiker.naam

    post_logout(browser)
    thief = client()
    thief.set_cookie("sessie", old.value)

    assert who(thief) is None


def post_logout(browser: object) -> None:
    page = browser.get("/account").get_data(as_text=True)  # type: ignore[attr-defined]
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    browser.post("/uitloggen", data={"csrf_token": token})  # type: ignore[attr-defined]


def test_logging_in_gives_a_new_key(client: ClientFactory, session: Session) -> None:
    gebruiker = make_account(session)
    browser = client()
    browser.set_cookie("sessie", "planted-by-somebody-else")

    log_in(browser, gebruiker)

    cookie = browser.get_cookie("sessie")
    assert cookie is not None
    assert cookie.value != "planted-by-somebody-else"
    assert cookie.http_only
    assert cookie.same_site == "Lax"


@pytest.mark.parametrize(
    "change",
    [
        {"rol": Rol.MEDEWERKER},
        {"active": False},
        {"email": "nieuw@example.org"},
        {"password": "x"},
    ],
)
def test_another_role_address_or_password_ends_every_session_at_once(
    client: ClientFactory, session: Session, change: dict[str, object]
) -> None:
    gebruiker = make_account(session)
    browser = client(gebruiker)
    assert who(browser) == gebruiker.naam

    for name, value in change.items():
        setattr(gebruiker, name, value)
    session.flush()

    assert who(browser) is None
    assert browser.get("/account", headers={"Accept": "application/json"}).status_code == 401


def test_a_session_of_a_closed_account_is_that_of_a_visitor(
    client: ClientFactory, session: Session
) -> None:
    assert who(client(make_account(session, active=False))) is None


def test_another_name_or_phone_ends_nothing(client: ClientFactory, session: Session) -> None:
    gebruiker = make_account(session)
    browser = client(gebruiker)

    gebruiker.telefoon = "0345 12 34 56"
    session.flush()

    assert who(browser) == gebruiker.naam


@pytest.mark.parametrize(
    ("rol", "onthoud", "stil", "nog_in"),
    [
        (Rol.MEDEWERKER, "", timedelta(minutes=29), True),
        (Rol.MEDEWERKER, "", timedelta(minutes=31), False),
        (Rol.MEDEWERKER, "y", timedelta(minutes=31), False),
        (Rol.KETENPARTNER, "y", timedelta(minutes=31), False),
        (Rol.PLATFORMLID, "", timedelta(hours=11, minutes=59), True),
        (Rol.PLATFORMLID, "", timedelta(hours=12, minutes=1), False),
        (Rol.PLATFORMLID, "y", timedelta(days=29, hours=23), True),
        (Rol.PLATFORMLID, "y", timedelta(days=30, minutes=1), False),
    ],
)
def test_silence_logs_out_staff_soon_and_platforms_later(  # noqa: PLR0917
    client: ClientFactory, session: Session, rol: Rol, onthoud: str, stil: timedelta, nog_in: bool
) -> None:
    organisatie_id = make_organisatie(session).id if rol is Rol.KETENPARTNER else None
    gebruiker = make_account(session, rol=rol, organisatie_id=organisatie_id)
    browser = client()
    start = now()

    with time_machine.travel(start, tick=False) as clock:
        log_in(browser, gebruiker, onthoud=onthoud)
        clock.move_to(start + stil)
        assert (who(browser) is not None) is nog_in


def test_staff_that_keeps_working_is_logged_out_after_a_working_day(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session, rol=Rol.MEDEWERKER)
    browser = client()
    start = now()

    with time_machine.travel(start, tick=False) as clock:
        log_in(browser, gebruiker)
        for minutes in range(20, 12 * 60, 20):
            clock.move_to(start + timedelta(minutes=minutes))
            assert who(browser) == gebruiker.naam
        clock.move_to(start + timedelta(hours=12, minutes=1))
        assert who(browser) is None


def test_only_a_platform_that_asks_to_be_remembered_gets_a_cookie_that_outlives_the_browser(
    client: ClientFactory, session: Session
) -> None:
    short, long, staff = client(), client(), client()

    log_in(short, make_account(session))
    log_in(long, make_account(session), onthoud="y")
    log_in(staff, make_account(session, rol=Rol.MEDEWERKER), onthoud="y")

    assert getattr(short.get_cookie("sessie"), "max_age", None) is None
    assert getattr(long.get_cookie("sessie"), "max_age", None) == 30 * 24 * 3600
    assert getattr(staff.get_cookie("sessie"), "max_age", None) is None


def test_somebody_sees_where_they_are_logged_in_and_ends_the_others(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    phone, desk, third = client(), client(gebruiker), client(gebruiker)
    log_in(phone, gebruiker)
    page = phone.get("/account").get_data(as_text=True)
    assert page.count("Log hier uit") == 2

    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    response = phone.post("/account/aanmeldingen", data={"csrf_token": token})

    assert response.status_code == 302
    assert who(phone) == gebruiker.naam
    assert who(desk) is None
    assert who(third) is None


def test_somebody_changes_the_password_and_goes_on_while_others_stop(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    mine, other = client(gebruiker), client(gebruiker)

    response = post_form(
        mine,
        "/account/wachtwoord",
        wachtwoord_nu=WACHTWOORD,
        wachtwoord="lange wandeling langs de Linge",
    )

    assert response.status_code == 302
    assert who(mine) == gebruiker.naam
    assert who(other) is None
    assert log_in(client(), gebruiker).status_code == 422


def test_changing_the_password_asks_for_the_old_one(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    browser = client(gebruiker)

    response = post_form(
        browser,
        "/account/wachtwoord",
        wachtwoord_nu="fout",
        wachtwoord="lange wandeling langs de Linge",
    )

    assert response.status_code == 422
    assert "Dit wachtwoord klopt niet" in response.get_data(as_text=True)
    session.refresh(gebruiker)
    assert log_in(client(), gebruiker).status_code == 302


def test_what_somebody_logged_in_sees_is_stored_nowhere(
    client: ClientFactory, session: Session
) -> None:
    response = client(make_account(session)).get("/account")

    assert response.headers["Cache-Control"] == "no-store"
    assert "Cookie" in response.headers["Vary"]
