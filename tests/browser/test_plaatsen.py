"""A platform posts an activity in a real browser, and loses nothing on the way."""

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as BrowserError
from sqlalchemy import create_engine, text

from tests.browser.conftest import BREED, log_in, watched
from tests.served import Served

Login = Callable[[str], Page]


def in_sql(served: Served, statement: str) -> list[tuple[object, ...]]:
    """Run a statement on the database of the served copy."""
    engine = create_engine(served.environ["KERNENKAART_BEHEER_URL"])
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def open_form(page: Page, served: Served) -> None:
    page.goto(f"/activiteiten/nieuw/{served.examples['platform']}")
    expect(page.locator("[data-plek-gekozen]")).to_contain_text("Gekozen: het midden van")


def fill_in(page: Page, titel: str) -> None:
    page.fill("#titel", titel)
    page.select_option("#soort", label="Markt")
    page.fill("#datum", "12-06-2027")
    page.fill("#van", "10.00")
    page.fill("#tot", "16.00")
    page.fill("#omschrijving", "Veertig kramen.\nEn koffie.")


def kept(page: Page) -> None:
    """Wait until the page says that it stands on this device."""
    expect(page.locator("form .kk-concept")).to_contain_text("Bewaard op dit apparaat om")


def test_a_place_is_chosen_on_the_map_and_the_activity_stands_in_the_calendar(
    login: Login, served: Served
) -> None:
    page = login("platformlid")
    open_form(page, served)
    fill_in(page, "Markt op de kaart")
    page.fill("#plek", "Raadhuisplein")
    kaart = page.locator(".kk-kaart__beeld")
    kaart.scroll_into_view_if_needed()

    kaart.click(position={"x": 200, "y": 120})
    expect(page.locator("[data-plek-gekozen]")).to_contain_text("Gekozen: Raadhuisplein in ")
    page.click("button[value=bekijk]")
    expect(page.locator("h1")).to_have_text("Zo komt het erin")
    page.click("button[value=plaats]")

    expect(page.locator(".kk-melding--goed")).to_contain_text("Markt op de kaart staat nu in")
    [(kern, geom)] = in_sql(
        served,
        "SELECT k.naam, ST_AsText(a.geom) FROM activiteit a JOIN kern k ON k.id = a.kern_id "
        "WHERE titel = 'Markt op de kaart'",
    )
    assert geom is not None
    expect(page.locator(".kk-melding--goed")).to_contain_text(f"kalender van {kern}.")
    page.goto("/activiteiten?q=Markt+op+de+kaart&wanneer=alles")
    expect(page.locator(".kk-rij__titel a")).to_have_text("Markt op de kaart")
    assert page.faults == []  # type: ignore[attr-defined]


def test_a_tab_that_is_killed_loses_nothing_and_placing_clears_the_draft(
    login: Login, served: Served, context: BrowserContext
) -> None:
    page = login("platformlid")
    open_form(page, served)
    fill_in(page, "Na de klap")
    page.check("#hele_dag")
    kept(page)

    with suppress(BrowserError):
        page.goto("chrome://crash", timeout=3_000)
    again = watched(context.new_page())
    again.goto(f"/activiteiten/nieuw/{served.examples['platform']}")

    kept(again)
    assert again.input_value("#titel") == "Na de klap"
    assert again.input_value("#omschrijving") == "Veertig kramen.\nEn koffie."
    assert again.input_value("#soort") != ""
    assert again.is_checked("#hele_dag")
    again.click("button[value=bekijk]")
    again.click("button[value=plaats]")
    expect(again.locator(".kk-melding--goed")).to_contain_text("Na de klap")
    open_form(again, served)
    assert again.input_value("#titel") == ""


def test_a_login_that_expires_mid_form_loses_nothing(login: Login, served: Served) -> None:
    page = login("platformlid")
    open_form(page, served)
    fill_in(page, "Na het inloggen")
    kept(page)

    in_sql(served, "DELETE FROM sessie")
    page.click("button[value=bekijk]")
    expect(page.locator("h1")).to_contain_text("Log opnieuw in")
    assert in_sql(served, "SELECT 1 FROM activiteit WHERE titel = 'Na het inloggen'") == []
    log_in(page, "platformlid")
    page.goto(f"/activiteiten/nieuw/{served.examples['platform']}")

    kept(page)
    assert page.input_value("#titel") == "Na het inloggen"
    page.click("button[value=bekijk]")
    page.click("button[value=plaats]")
    expect(page.locator(".kk-melding--goed")).to_contain_text("Na het inloggen")
    page.evaluate("localStorage.clear()")


def test_beginning_again_really_begins_again(login: Login, served: Served) -> None:
    page = login("platformlid")
    open_form(page, served)
    fill_in(page, "Toch maar niet")
    kept(page)

    page.click("text=Begin opnieuw")
    page.wait_for_load_state()

    expect(page.locator("#titel")).to_have_value("")
    page.reload()
    expect(page.locator("#titel")).to_have_value("")


def test_what_else_there_is_that_day_is_told_while_typing(login: Login, served: Served) -> None:
    page = login("platformlid")
    platform = served.examples["platform"]
    [(dag, titel)] = in_sql(
        served,
        "SELECT to_char(a.begint_op AT TIME ZONE 'Europe/Amsterdam', 'DD-MM-YYYY'), a.titel "
        "FROM activiteit a JOIN platform_kern p ON p.kern_id = a.kern_id "
        f"WHERE p.platform_id = {platform} AND a.status = 'gepubliceerd' "
        "AND a.begint_op > now() + interval '30 days' ORDER BY a.begint_op LIMIT 1",
    )
    open_form(page, served)

    page.fill("#datum", str(dag))
    page.keyboard.press("Tab")

    melding = page.locator("[data-die-dag-hier]")
    expect(melding).to_contain_text("Die dag is er ook")
    expect(melding).to_contain_text(str(titel))
    if melding.locator("[data-vrije-dag] button").count():
        melding.locator("[data-vrije-dag] button").first.click()
        expect(page.locator("#datum")).not_to_have_value(str(dag))


def type_in(page: Page, naam: str, tekst: str) -> None:
    """Go on with the Tab key until this field has the focus, and type."""
    for _ in range(80):
        if page.evaluate("document.activeElement.id") == naam:
            page.keyboard.type(tekst)
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {naam}")


def press(page: Page, tekst: str) -> None:
    """Go on with the Tab key to the button with these words, and press it."""
    for _ in range(80):
        if page.evaluate("document.activeElement.textContent.trim()") == tekst:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {tekst}")


def test_posting_and_calling_off_is_done_by_keyboard_alone(login: Login, served: Served) -> None:
    page = login("platformlid")
    open_form(page, served)

    type_in(page, "titel", "Met de toetsen")
    type_in(page, "soort", "Markt")
    type_in(page, "datum", "13-06-2027")
    type_in(page, "van", "16.00")
    type_in(page, "tot", "10.00")
    type_in(page, "plek", "Dorpshuis")
    press(page, "Bekijk en plaats")
    assert page.evaluate("document.activeElement.id") == "fouten"  # the summary has the focus
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'tot'")
    page.keyboard.press("Control+A")
    page.keyboard.type("18.00")
    press(page, "Bekijk en plaats")
    press(page, "Plaats")
    press(page, "Gaat het niet door? Gelast het af")
    type_in(page, "reden", "Te veel wind")
    press(page, "Afgelasten")

    expect(page.locator("h1 s")).to_have_text("Met de toetsen")
    expect(page.locator(".kk-melding--fout")).to_contain_text("Te veel wind")


def test_without_a_script_one_posts_all_the_same(browser: Browser, served: Served) -> None:
    context = browser.new_context(
        base_url=served.url, viewport=BREED, locale="nl-NL", java_script_enabled=False
    )
    page = context.new_page()
    log_in(page, "platformlid")
    page.goto(f"/activiteiten/nieuw/{served.examples['platform']}")
    fill_in(page, "Zonder script")
    page.fill("#plek", "Dorpshuis")

    page.click("button[value=bekijk]")
    page.click("button[value=plaats]")

    expect(page.locator(".kk-melding--goed")).to_contain_text("Zonder script staat nu in")
    assert re.search(r"/activiteiten/\d+\?net=geplaatst", page.url)
    context.close()
