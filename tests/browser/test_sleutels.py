"""A key for a program: made, used and revoked, by keyboard alone and without a script."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from kernenkaart.demo.inlog import WACHTWOORD
from tests.browser.conftest import log_in
from tests.browser.test_plaatsen import press, type_in
from tests.browser.test_toegankelijk import look
from tests.browser.test_toetsen import open_link
from tests.served import Served

Login = Callable[[str], Page]
MIJN = "/api/v1/mijn/werkzaamheden"


def use(page: Page, token: str) -> int:
    """The status that a program with this key gets."""
    answer = page.request.get(MIJN, headers={"Authorization": f"Bearer {token}"})
    return answer.status


def test_a_partner_makes_and_revokes_a_key_by_keyboard_alone(login: Login) -> None:
    page = login("ketenpartner")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/account")
    open_link(page, "/account/sleutels")
    wrong = [*look(page)]
    open_link(page, "/account/sleutels/nieuw")

    press(page, "Maak de sleutel")
    expect(page.locator("#fouten")).to_be_focused()
    type_in(page, "naam", "Planning")
    type_in(page, "wachtwoord", WACHTWOORD)
    press(page, "Maak de sleutel")

    wrong += look(page)
    token = page.input_value("#sleutel")
    assert use(page, token) == 200
    page.get_by_role("button", name="Kopieer de sleutel").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").last).to_have_text("Gekopieerd.")
    assert page.evaluate("navigator.clipboard.readText()") == token
    open_link(page, "/account/sleutels")
    wrong += look(page)
    expect(page.locator(".kk-aanmeldingen")).to_contain_text("Laatst gebruikt")
    assert token not in page.content()
    page.get_by_role("link", name="Trek in").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Trek deze sleutel in?")
    wrong += look(page)
    press(page, "Ja, trek in")
    expect(page.locator(".kk-melding--goed")).to_contain_text("werkt niet meer")
    wrong += look(page)
    assert use(page, token) == 401
    assert wrong == [], "\n".join(wrong)


def test_without_a_script_the_key_can_be_selected(browser: Browser, served: Served) -> None:
    context = browser.new_context(base_url=served.url, java_script_enabled=False)
    page = context.new_page()
    log_in(page, "medewerker")
    page.goto("/account/sleutels/nieuw")
    page.fill("[name=naam]", "Zonder script")
    page.fill("[name=wachtwoord]", WACHTWOORD)
    page.click("main [type=submit]")

    assert page.input_value("#sleutel").startswith("kk_")
    expect(page.get_by_role("button", name="Kopieer de sleutel")).to_be_hidden()
    context.close()
