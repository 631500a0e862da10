"""Logging in with a real browser: an expired login, and the second step by keyboard."""

from collections.abc import Callable

import pyotp
from playwright.sync_api import Browser, Page, expect

from kernenkaart.demo.inlog import DOMEIN, WACHTWOORD
from tests.browser.conftest import BREED, log_in
from tests.browser.test_plaatsen import fill_in, in_sql
from tests.served import Served

Login = Callable[[str], Page]


def test_without_a_script_an_expired_login_keeps_the_form_to_be_sent_again(
    browser: Browser, served: Served
) -> None:
    context = browser.new_context(
        base_url=served.url, viewport=BREED, locale="nl-NL", java_script_enabled=False
    )
    page = context.new_page()
    log_in(page, "platformlid")
    page.goto(f"/activiteiten/nieuw/{served.examples['platform']}")
    fill_in(page, "Twee tabbladen")
    page.fill("#plek", "Dorpshuis")
    context.clear_cookies()

    page.click("button[value=bekijk]")
    expect(page.locator("h1")).to_contain_text("Log opnieuw in")
    with context.expect_page() as opened:
        page.click("text=Inloggen (opent een nieuw tabblad)")
    log_in(opened.value, "platformlid")
    opened.value.close()
    page.click("text=Verstuur opnieuw")
    page.click("button[value=plaats]")

    expect(page.locator(".kk-melding--goed")).to_contain_text("Twee tabbladen staat nu in")
    assert in_sql(served, "SELECT count(*) FROM activiteit WHERE titel = 'Twee tabbladen'") == [
        (1,)
    ]
    context.close()


def test_the_second_step_is_set_up_and_used_by_keyboard_alone(login: Login, served: Served) -> None:
    page = login("medewerker")
    page.goto("/account")
    tab_to(page, "Zet de tweede stap aan")
    page.keyboard.press("Enter")
    expect(page.locator(".kk-qr")).to_be_visible()
    assert page.evaluate("document.querySelector('.kk-qr').naturalWidth") > 0
    totp = pyotp.TOTP(page.inner_text(".kk-geheim"))
    tab_to_field(page, "code")
    page.keyboard.type(totp.now())
    tab_to_field(page, "wachtwoord")
    page.keyboard.type(WACHTWOORD)
    page.keyboard.press("Enter")

    expect(page.locator(".kk-codes li")).to_have_count(10)
    recovery = page.inner_text(".kk-codes li >> nth=0")
    tab_to(page, "Uitloggen")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Inloggen")
    page.keyboard.type(f"medewerker@{DOMEIN}")
    tab_to_field(page, "wachtwoord")
    page.keyboard.type(WACHTWOORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Tweede stap")
    page.keyboard.type(recovery)
    page.keyboard.press("Enter")
    page.wait_for_url("**/mijn")

    in_sql(served, "UPDATE gebruiker SET totp_secret = NULL WHERE rol = 'medewerker'")
    assert page.faults == []  # type: ignore[attr-defined]


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what has the focus says ``text``."""
    tab_until(page, "document.activeElement.textContent.trim()", text)


def tab_to_field(page: Page, name: str) -> None:
    """Press Tab until the field of this name has the focus."""
    tab_until(page, "document.activeElement.name || ''", name)


def tab_until(page: Page, what: str, wanted: str) -> None:
    for _ in range(60):
        if page.evaluate(what) == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached with the keyboard")
