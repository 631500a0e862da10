"""The look in a real browser: it fits, on every width and on paper, and every sign is drawn."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.served import Served

BREEDTES = (320, 390, 480, 600, 768, 960, 1024, 1240, 1280)
VAN_BEHEERDER = ("/", "/kernen/tricht", "/werkzaamheden", "/mijn", "/beheer", "/stijlblad")


def test_nothing_scrolls_sideways_at_any_width(login: Callable[[str], Page]) -> None:
    page = login("beheerder")
    too_wide: list[tuple[str, int]] = []

    for address in VAN_BEHEERDER:
        page.goto(address)
        for breedte in BREEDTES:
            page.set_viewport_size({"width": breedte, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                too_wide.append((address, breedte))

    assert too_wide == []


def test_every_sign_is_drawn_from_the_sprite(page: Page) -> None:
    page.goto("/stijlblad")
    page.wait_for_load_state("networkidle")

    sizes = page.evaluate(
        "[...document.querySelectorAll('main svg use')]"
        ".map(use => [use.getAttribute('href').split('#')[1], use.getBBox().width])"
    )

    assert len(sizes) > 10
    assert [name for name, width in sizes if not width] == []


def test_nothing_moves(page: Page) -> None:
    page.goto("/?kern=tricht")
    page.wait_for_load_state("networkidle")
    page.locator(".kk-kk", has_text="Groter").hover()

    assert page.evaluate("document.getAnimations().length") == 0


def test_paper_gets_black_on_white_and_nothing_to_press(page: Page, served: Served) -> None:
    page.goto(f"/werkzaamheden/{served.examples['werkzaamheid']}")
    page.emulate_media(media="print")

    pressed = [one for one in page.locator("header, button, .kk-knoppen").all() if one.is_visible()]
    assert pressed == []
    assert page.get_by_text("Bekend op").is_visible()
    assert page.locator("h1").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"


@pytest.mark.parametrize("breedte", [390, 1280])
def test_the_menu_opens_without_a_script(page: Page, served: Served, breedte: int) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(
        base_url=served.url,
        java_script_enabled=False,
        viewport={"width": breedte, "height": 800},
    )
    bare = context.new_page()
    bare.goto("/kernen")
    if breedte == 390:
        bare.get_by_text("Menu", exact=True).click()

    bare.get_by_role("link", name="Projecten", exact=True).click()

    assert bare.url == f"{served.url}/projecten"
    context.close()
