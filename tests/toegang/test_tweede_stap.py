"""The second step of logging in."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.config import Settings
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.toegang.tweede_stap import accept_code, make_secret, renew_codes
from tests.conftest import ClientFactory
from tests.toegang.inloggen import WACHTWOORD, log_in, make_account, post_form, who


def make_with_second_step(session: Session, **values: object) -> Gebruiker:
    return make_account(session, totp_secret=make_secret(), **values)


def code_of(gebruiker: Gebruiker) -> str:
    return pyotp.TOTP(str(gebruiker.totp_secret)).at(now())


@pytest.fixture
def mandatory(app: Flask, settings: Settings) -> Iterator[None]:
    app.extensions["kernenkaart.settings"] = replace(settings, mfa_verplicht=True)
    yield
    app.extensions["kernenkaart.settings"] = settings


def test_the_password_alone_opens_nothing(client: ClientFactory, session: Session) -> None:
    gebruiker = make_with_second_step(session)
    browser = client()

    response = log_in(browser, gebruiker, path="/inloggen?next=/account")

    assert response.location == "/inloggen/code?next=/account"
    assert who(browser) is None


def test_password_and_code_open_the_account(client: ClientFactory, session: Session) -> None:
    gebruiker = make_with_second_step(session)
    browser = client()
    log_in(browser, gebruiker)
    half = browser.get_cookie("sessie")

    response = post_form(browser, "/inloggen/code?next=/account", code=code_of(gebruiker))

    assert response.location == "/account"
    assert who(browser) == gebruiker.naam
    assert half is not None
    thief = client()
    thief.set_cookie("sessie", half.value)
    assert who(thief) is None


def test_a_code_works_once(client: ClientFactory, session: Session) -> None:
    gebruiker = make_with_second_step(session)
    first, second = client(), client()
    log_in(first, gebruiker)
    log_in(second, gebruiker)
    code = code_of(gebruiker)
    assert post_form(first, "/inloggen/code", code=code).status_code == 302

    assert post_form(second, "/inloggen/code", code=code).status_code == 422


@pytest.mark.parametrize(
    ("shift_s", "right"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)]
)
def test_a_clock_may_be_half_a_minute_off(shift_s: int, right: bool) -> None:
    gebruiker = Gebruiker(totp_secret=make_secret())

    with time_machine.travel(1_800_000_000, tick=False):
        code = pyotp.TOTP(str(gebruiker.totp_secret)).at(1_800_000_000 + shift_s)
        assert accept_code(gebruiker, code) is right


@pytest.mark.parametrize("code", ["", "000000 ", "١٢٣٤٥٦", "abcdef", "12345", "1234567", "x" * 40])
def test_nonsense_is_no_code(code: str) -> None:
    gebruiker = Gebruiker(totp_secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", recovery_codes=["x"])

    with time_machine.travel(1_800_000_000, tick=False):
        assert not accept_code(gebruiker, code)


def test_a_recovery_code_works_once(client: ClientFactory, session: Session) -> None:
    gebruiker = make_with_second_step(session)
    codes = renew_codes(gebruiker)
    session.flush()
    first, second = client(), client()
    log_in(first, gebruiker)
    log_in(second, gebruiker)

    assert post_form(first, "/inloggen/code", code=codes[3].upper()).status_code == 302
    assert post_form(second, "/inloggen/code", code=codes[3]).status_code == 422
    assert post_form(second, "/inloggen/code", code=codes[4]).status_code == 302
    assert len(set(codes)) == 10


def test_five_wrong_codes_are_enough(client: ClientFactory, session: Session) -> None:
    gebruiker = make_with_second_step(session)
    browser = client()
    log_in(browser, gebruiker)

    answers = [browser.post("/inloggen/code", data={"code": "000000"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert browser.post("/inloggen/code", data={"code": code_of(gebruiker)}).status_code == 429


def test_the_half_way_state_lasts_ten_minutes(client: ClientFactory, session: Session) -> None:
    gebruiker = make_with_second_step(session)
    browser = client()
    start = now()

    with time_machine.travel(start, tick=False) as clock:
        log_in(browser, gebruiker)
        clock.move_to(start + timedelta(minutes=10, seconds=1))
        response = browser.post("/inloggen/code", data={"code": code_of(gebruiker)})

    assert response.status_code == 302
    assert response.location.startswith("/inloggen?")


def set_up(browser: object, path: str = "/account/tweede-stap", **velden: str) -> str:
    page = browser.get(path).get_data(as_text=True)  # type: ignore[attr-defined]
    found = re.search(r'kk-geheim">(\w+)<', page)
    assert found is not None
    assert 'src="data:image/svg+xml' in page
    code = pyotp.TOTP(found[1]).at(now())
    response = browser.post(path, data={"code": code} | velden)  # type: ignore[attr-defined]
    return str(response.get_data(as_text=True))


def test_somebody_sets_up_the_second_step_and_gets_ten_codes(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    browser, other = client(gebruiker), client(gebruiker)

    page = set_up(browser, wachtwoord=WACHTWOORD)

    assert len(re.findall(r"<li><code>[\w-]{14}</code></li>", page)) == 10
    assert who(browser) == gebruiker.naam
    assert who(other) is None
    session.refresh(gebruiker)
    assert gebruiker.totp_secret is not None
    assert log_in(client(), gebruiker).location.startswith("/inloggen/code")


def test_setting_it_up_asks_for_the_password(client: ClientFactory, session: Session) -> None:
    gebruiker = make_account(session)
    browser = client(gebruiker)

    page = set_up(browser, wachtwoord="fout")

    assert "Dit wachtwoord klopt niet" in page
    session.refresh(gebruiker)
    assert gebruiker.totp_secret is None


@pytest.mark.usefixtures("mandatory")
def test_staff_must_set_it_up_before_anything_else(client: ClientFactory, session: Session) -> None:
    gebruiker = make_account(session, rol=Rol.MEDEWERKER)
    browser = client()

    response = log_in(browser, gebruiker, path="/inloggen?next=/account")

    assert response.location == "/account/tweede-stap?next=/account"
    assert who(browser) is None
    assert "kk-codes" in set_up(browser, response.location)
    assert who(browser) == gebruiker.naam


@pytest.mark.usefixtures("mandatory")
def test_a_session_from_before_it_was_mandatory_is_that_of_a_visitor(
    client: ClientFactory, session: Session
) -> None:
    assert who(client(make_account(session, rol=Rol.BEHEERDER))) is None
    assert who(client(make_account(session))) is not None


@pytest.mark.usefixtures("mandatory")
def test_staff_cannot_do_without(client: ClientFactory, session: Session) -> None:
    gebruiker = make_with_second_step(session, rol=Rol.MEDEWERKER)
    browser = client(gebruiker)

    browser.post("/account/tweede-stap/uit", data={"wachtwoord": WACHTWOORD})

    session.refresh(gebruiker)
    assert gebruiker.totp_secret is not None


def test_it_is_switched_off_with_the_password(client: ClientFactory, session: Session) -> None:
    gebruiker = make_with_second_step(session)
    browser = client(gebruiker)

    assert browser.post("/account/tweede-stap/uit", data={"wachtwoord": "x"}).status_code == 422
    response = browser.post("/account/tweede-stap/uit", data={"wachtwoord": WACHTWOORD})

    assert response.status_code == 302
    assert who(browser) == gebruiker.naam
    assert not log_in(client(), gebruiker).location.startswith("/inloggen")


def test_new_recovery_codes_make_the_old_ones_void(client: ClientFactory, session: Session) -> None:
    gebruiker = make_with_second_step(session)
    old = renew_codes(gebruiker)
    session.flush()
    browser = client(gebruiker)

    page = browser.post("/account/herstelcodes", data={"wachtwoord": WACHTWOORD})

    codes = re.findall(r"<code>([\w-]{14})</code>", page.get_data(as_text=True))
    session.refresh(gebruiker)
    assert len(codes) == 10
    assert not accept_code(gebruiker, old[0])
    assert accept_code(gebruiker, codes[0])
