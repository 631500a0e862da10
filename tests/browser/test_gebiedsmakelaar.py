"""A reader says what is wrong, a gebiedsmakelaar answers and sets the weekly hour; by keyboard."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import BREED, log_in, watched
from tests.served import Served

TEKST = "De borden staan aan de verkeerde kant van de straat."


def walk_to(page: Page, waar: str | Locator, toets: str = "Tab", hoogstens: int = 120) -> None:
    """Press Tab until the focus is on this element, or on the first of this selector."""
    doel = page.locator(waar).first if isinstance(waar, str) else waar
    for _ in range(hoogstens):
        if doel.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(toets)
    raise AssertionError(f"not reached by keyboard: {waar}")


def test_a_remark_of_a_reader_is_dealt_with_by_the_gebiedsmakelaar_by_keyboard_alone(
    browser: Browser, served: Served
) -> None:
    lezer = browser.new_context(base_url=served.url, viewport=BREED)
    page = watched(lezer.new_page())
    page.goto("/kernen/tricht")
    walk_to(page, "#werk ~ ul .kk-rij__titel a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/werkzaamheden/\d+"))
    titel = page.locator("h1").inner_text()
    werk = re.search(r"/werkzaamheden/(\d+)", page.url)
    assert werk
    walk_to(page, f'a[href="/doorgeven/werkzaamheden/{werk[1]}"]')
    page.keyboard.press("Enter")
    walk_to(page, "#tekst")
    page.keyboard.type(TEKST)
    walk_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator(".kk-melding--goed")).to_contain_text("Doorgegeven")
    assert lezer.cookies() == []
    assert page.faults == []  # type: ignore[attr-defined]
    lezer.close()

    staf = browser.new_context(base_url=served.url, viewport=BREED)
    page = watched(staf.new_page())
    log_in(page, "gebiedsmakelaar")
    page.goto("/mijn?alles=1")
    taak = page.locator(".kk-taak", has_text=TEKST)
    expect(taak).to_contain_text(titel)
    walk_to(page, taak.get_by_role("button", name="Afgehandeld"))
    page.keyboard.press("Enter")
    expect(page.locator(".kk-melding--goed")).to_contain_text("afgehandeld")
    expect(page.get_by_text(TEKST)).to_have_count(0)
    staf.close()


def test_every_number_of_the_own_kernen_opens_what_it_counts(
    browser: Browser, served: Served
) -> None:
    context = browser.new_context(base_url=served.url, viewport=BREED)
    page = watched(context.new_page())
    log_in(page, "gebiedsmakelaar")
    rij = page.locator("table tr", has=page.get_by_role("link", name="Tricht", exact=True))
    paden = [
        (int(re.match(r"\d+", a.inner_text())[0]), a.get_attribute("href"))  # type: ignore[index]
        for a in rij.locator('td a[href*="kern=tricht"]').all()
    ]

    assert len(paden) >= 3
    for aantal, pad in paden:
        page.goto(pad or "")
        expect(page.locator(".kk-telling")).to_contain_text(f"{aantal} gevonden")
    context.close()


def test_the_weekly_hour_that_a_gebiedsmakelaar_sets_stands_on_the_page_of_the_kern(
    browser: Browser, served: Served
) -> None:
    context = browser.new_context(base_url=served.url, viewport=BREED)
    page = watched(context.new_page())
    log_in(page, "gebiedsmakelaar")
    page.get_by_role("link", name=re.compile("^Wijzig spreekuur")).click()
    page.fill("#tot", "8.00")
    page.click("main form button >> nth=0")
    expect(page.locator("#tot-fout")).to_contain_text("vroeger dan de begintijd")
    page.fill("#tot", "11.30")
    page.click("main form button >> nth=0")

    expect(page.locator(".kk-melding--goed")).to_contain_text("bewaard")
    page.goto("/kernen/tricht")
    expect(page.locator(".kk-kader", has_text="Spreekuur")).to_contain_text("9.00 - 11.30")
    context.close()
