"""The planning in a browser: bars and map choose the same thing, also by keyboard and on paper."""

import io
from collections.abc import Callable

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.served import Served

PLANNING = "/afstemming/planning?waar=kern.tricht"
Login = Callable[[str], Page]


def test_a_bar_and_its_marker_are_chosen_together(login: Login) -> None:
    page = login("medewerker")
    page.goto(PLANNING)
    page.locator(".kk-speldvak").first.wait_for()
    balken = page.locator("a.p-link[data-sleutel^=werkzaamheid]")
    eerste, tweede = balken.nth(0), balken.nth(1)

    eerste.focus()
    expect(page.locator(".kk-speldvak.is-gewezen")).to_have_count(1)
    page.keyboard.press("Enter")

    kaartje = page.locator(".kk-plankaartje")
    expect(kaartje.get_by_role("link", name="Bekijk het werk")).to_be_visible()
    expect(page.locator(".kk-speldvak.is-gekozen")).to_have_count(1)
    assert eerste.get_attribute("aria-current") == "true"
    assert eerste.get_attribute("data-sleutel") in page.url

    titel = tweede.get_attribute("aria-label").split(",")[0]  # type: ignore[union-attr]
    speld = page.locator(f'.kk-speldvak[title="{titel}"]')
    for _ in range(8):  # what lies close together is one count, until one looks closer
        if speld.count() == 0:
            page.get_by_role("button", name="Inzoomen").click()
    speld.dispatch_event("click")

    expect(kaartje.get_by_role("heading").first).to_have_text(titel)
    assert tweede.get_attribute("aria-current") == "true"
    assert eerste.get_attribute("aria-current") is None

    kaartje.get_by_role("link", name="Sluit dit kaartje").click()
    expect(page.locator("[aria-current=true].p-link")).to_have_count(0)
    assert "gekozen" not in page.url
    assert page.faults == []  # type: ignore[attr-defined]


def test_everything_works_without_a_script(page: Page, login: Login, served: Served) -> None:
    cookies = login("ketenpartner").context.cookies()
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(base_url=served.url, java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    bare = context.new_page()
    bare.goto("/mijn")
    bare.get_by_role("link", name="Bekijk de planning").click()

    bare.get_by_label("Waar", exact=True).select_option(label="Tricht")
    bare.get_by_label("Periode", exact=True).select_option("24")
    bare.get_by_role("button", name="Toon").click()
    bare.locator("a.p-link[data-sleutel^=werkzaamheid]").first.press("Enter")

    expect(bare.locator("h1")).to_have_text("Planning Tricht")
    expect(bare.get_by_role("link", name="Bekijk het werk")).to_be_visible()
    assert "maanden=24" in bare.url
    assert bare.get_by_role("table", name="Dezelfde planning als tabel").is_visible()
    context.close()


def test_it_fits_a_narrow_screen_and_is_printed_on_its_side(login: Login) -> None:
    page = login("medewerker")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{PLANNING}&gekozen=werkzaamheid-1")

    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert page.locator(".kk-planrol").evaluate("e => e.scrollWidth > e.clientWidth")

    toon = page.get_by_role("button", name="Toon kaart")
    toon.click()
    expect(page.locator(".kk-speldvak.is-gekozen")).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")

    page.set_viewport_size({"width": 1280, "height": 800})
    blad = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages[0]
    assert blad.mediabox.width > blad.mediabox.height
    tekst = blad.extract_text()
    assert "Planning Tricht" in tekst
    assert "Toon" not in tekst
