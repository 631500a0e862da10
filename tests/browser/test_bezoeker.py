"""A resident in a real browser: looks, filters, asks, prints, with a mouse, keys, a phone or no
script at all."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import SMAL, watched
from tests.served import Served

TRICHT = "/?kern=tricht&wanneer=alles"
OP_KAART = "[...KK.data(await KK.kaart).dingen, ...KK.data(await KK.kaart).groepen]"


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Page]:
    """A tab on a phone."""
    context = browser.new_context(
        base_url=served.url, viewport=SMAL, locale="nl-NL", has_touch=True, is_mobile=True
    )
    context.set_default_timeout(10_000)
    yield watched(context.new_page())
    context.close()


@pytest.fixture
def plain(browser: Browser, served: Served) -> Iterator[Page]:
    """A tab without JavaScript."""
    context = browser.new_context(base_url=served.url, locale="nl-NL", java_script_enabled=False)
    yield context.new_page()
    context.close()


def counted(page: Page) -> int:
    """The number that the list says to have found."""
    found = re.match(r"(\d+) gevonden", page.locator("#telling strong").inner_text())
    assert found
    return int(found[1])


def on_map(page: Page) -> int:
    """How many things the map shows, alone or in a count."""
    return int(page.evaluate(f"async () => ({OP_KAART}).reduce((n, ding) => n + (ding.n ?? 1), 0)"))


def said_on_map(page: Page) -> int:
    """How many things the list says to be on the map."""
    found = re.search(r"(\d+) op de kaart", page.locator("#telling").inner_text())
    return int(found[1]) if found else 0


def asked(page: Page, doe: Callable[[], object]) -> list[str]:
    """The requests for data that follow from doing something, until the page is still."""
    adressen: list[str] = []
    page.on("request", lambda request: adressen.append(request.url))
    doe()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)  # longer than the map waits to stand still
    return [a for a in adressen if urlsplit(a).path.startswith("/kaart/")]


def marker(page: Page) -> Locator:
    """The first marker of one thing in the picture of the map."""
    page.evaluate("KK.kaart")
    return page.locator(".kk-speldvak:has(.kk-speld)").first


@pytest.mark.parametrize("adres", ["/", TRICHT, "/?soort=werkzaamheden", "/?wanneer=maand"])
def test_the_list_and_the_map_count_the_same(page: Page, adres: str) -> None:
    page.goto(adres)

    assert counted(page) > 0
    assert on_map(page) == said_on_map(page)
    assert page.faults == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("veld", "waarde"),
    [("kern", "tricht"), ("soort", "werkzaamheden"), ("wanneer", "maand")],
)
def test_a_filter_is_one_request_and_the_back_button_undoes_it(
    page: Page, veld: str, waarde: str
) -> None:
    page.goto("/")
    page.evaluate("KK.kaart")
    before = counted(page)

    adressen = asked(page, lambda: page.select_option(f"#f-{veld}", waarde))

    assert len(adressen) == 1
    assert parse_qs(urlsplit(page.url).query) == {veld: [waarde]}
    after = counted(page)
    assert 0 < after < before
    assert on_map(page) == said_on_map(page)
    page.go_back()
    expect(page.locator("#telling strong")).to_have_text(f"{before} gevonden")
    assert page.input_value(f"#f-{veld}") == ("kwartaal" if veld == "wanneer" else "")
    page.go_forward()
    expect(page.locator("#telling strong")).to_have_text(f"{after} gevonden")
    assert page.faults == []  # type: ignore[attr-defined]


def test_panning_is_one_request_and_the_view_can_be_shared(page: Page) -> None:
    page.goto(TRICHT)
    page.evaluate("KK.kaart")
    beeld = page.locator(".leaflet-container").bounding_box()
    assert beeld

    def sleep() -> None:
        page.mouse.move(beeld["x"] + 300, beeld["y"] + 300)
        page.mouse.down()
        page.mouse.move(beeld["x"] + 120, beeld["y"] + 200, steps=5)
        page.mouse.up()

    adressen = asked(page, sleep)

    assert len(adressen) == 1
    assert "kader=" in page.url
    assert on_map(page) == said_on_map(page)
    found = counted(page)
    page.goto(page.url)
    assert counted(page) == found


def test_a_marker_opens_its_card_and_marks_its_row_and_escape_closes_it(page: Page) -> None:
    page.goto(TRICHT)

    marker(page).click()

    kaartje = page.locator(".kk-onderkaart")
    expect(kaartje).to_be_visible()
    sleutel = kaartje.get_attribute("data-gekozen")
    rij = page.locator(f"#{sleutel}")
    expect(rij).to_have_attribute("aria-current", "true")
    expect(rij).to_be_in_viewport()
    assert kaartje.locator("h2").inner_text() == rij.locator("h3").inner_text()
    expect(page.locator(".kk-speldvak.is-gekozen")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(kaartje).to_have_count(0)
    expect(page.locator(".kk-rij[aria-current]")).to_have_count(0)
    expect(page.locator(".leaflet-container")).to_be_focused()
    assert page.faults == []  # type: ignore[attr-defined]


def test_a_row_is_shown_on_the_map_by_keyboard_and_focus_comes_back(page: Page) -> None:
    page.goto(TRICHT)
    page.evaluate("KK.kaart")
    link = page.locator("[data-kies]:not([data-kies=''])").first
    sleutel = link.get_attribute("data-kies")
    link.focus()

    page.keyboard.press("Enter")

    expect(page.locator(f".kk-onderkaart[data-gekozen={sleutel}]")).to_be_visible()
    expect(page.locator(".kk-speldvak.is-gekozen")).to_be_in_viewport()
    expect(page.locator(".kk-onderkaart h2 a")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(f"[data-kies={sleutel}]")).to_be_focused()


def test_is_my_street_open_tomorrow_is_answered_at_once(page: Page) -> None:
    page.goto("/")
    page.evaluate("KK.kaart")

    page.fill("#zoek", "Kerkstraat")
    adressen = asked(page, lambda: page.keyboard.press("Enter"))

    antwoord = page.locator(".kk-antwoord")
    expect(antwoord.locator("h2")).to_contain_text("Kerkstraat: morgen, ")
    expect(antwoord).to_contain_text(re.compile(r"Auto|Afgesloten|Stoep|langs"))
    assert len(adressen) == 1
    assert "q=Kerkstraat" in page.url


def test_a_phone_shows_the_list_first_and_leafs_through_the_map(phone: Page) -> None:
    phone.goto(TRICHT)
    expect(phone.locator(".kk-rij").first).to_be_visible()
    expect(phone.locator(".kk-kaart__beeld")).to_be_hidden()

    phone.click("text=Toon kaart")
    expect(phone.locator(".kk-kaart__beeld")).to_be_visible()
    marker(phone).tap()

    kaartje = phone.locator(".kk-onderkaart")
    expect(kaartje).to_be_visible()
    beeld = phone.locator(".kk-kaart__beeld").bounding_box()
    onder = kaartje.bounding_box()
    assert beeld
    assert onder
    assert onder["y"] >= beeld["y"] + beeld["height"] - 1  # below it, never over it
    first = kaartje.get_attribute("data-gekozen")
    blader = phone.locator(".kk-blader")
    expect(blader).to_contain_text(f" van {counted_hidden(phone)}")
    naar = "Volgende" if blader.locator("a", has_text="Volgende").count() else "Vorige"
    blader.locator("a", has_text=naar).tap()
    expect(kaartje).not_to_have_attribute("data-gekozen", str(first))
    terug = "Vorige" if naar == "Volgende" else "Volgende"
    blader.locator("a", has_text=terug).tap()
    expect(kaartje).to_have_attribute("data-gekozen", str(first))
    phone.click("text=Naar de lijst")
    expect(phone.locator(f"#{first}")).to_be_visible()
    assert phone.faults == []  # type: ignore[attr-defined]


def counted_hidden(page: Page) -> str:
    """The count of the list, also while a phone shows the map."""
    return (page.locator("#telling strong").text_content() or "").split()[0]


def test_everything_is_there_without_a_script(plain: Page, served: Served) -> None:
    plain.goto("/")
    everywhere = counted(plain)

    plain.select_option("#f-kern", "tricht")
    plain.select_option("#f-wanneer", "alles")
    plain.click("#zoekform button[type=submit], #zoekform .kk-zoek button")
    assert "kern=tricht" in plain.url
    assert 0 < counted(plain) != everywhere
    plain.locator("text=Toon op de kaart").first.click()
    expect(plain.locator(".kk-onderkaart")).to_be_visible()
    plain.locator(".kk-onderkaart h2 a").click()
    assert re.search(r"/(activiteiten|werkzaamheden|projecten|initiatieven)/\d+$", plain.url)

    plain.goto("/?q=Kerkstraat")
    expect(plain.locator(".kk-antwoord h2")).to_contain_text("Kerkstraat")
    plain.goto(f"/werkzaamheden/{served.examples['werkzaamheid']}")
    expect(plain.locator(".kk-hinder")).to_be_visible()
    plain.goto("/werkzaamheden/nabij/tricht?afstand=500")
    expect(plain.locator("main table")).to_contain_text("in de kern")


@pytest.mark.parametrize("breedte", [320, 390])
def test_nothing_scrolls_sideways_at_four_hundred_percent(
    browser: Browser, served: Served, breedte: int
) -> None:
    """A window of 1280x1024 zoomed to 400 % is one of 320x256."""
    context = browser.new_context(
        base_url=served.url, viewport={"width": breedte, "height": 256}, device_scale_factor=1
    )
    page = watched(context.new_page())
    wide = []

    for adres in ("/", TRICHT, "/kernen/tricht", "/activiteiten", "/werkzaamheden/nabij/tricht",
                  f"/werkzaamheden/{served.examples['werkzaamheid']}"):  # fmt: skip
        page.goto(adres)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(adres)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getBoundingClientRect().width") > 0

    assert wide == []
    context.close()


@pytest.mark.parametrize(
    "adres", ["/", "/kernen/tricht", "/werkzaamheden/{werkzaamheid}", "/activiteiten/{activiteit}"]
)
def test_paper_has_no_controls(page: Page, served: Served, adres: str) -> None:
    page.goto(adres.format(**served.examples))
    page.emulate_media(media="print")

    shown = page.evaluate(
        "[...document.querySelectorAll('button, select, input, nav')]"
        ".filter((e) => e.checkVisibility() && e.getClientRects().length"
        " && e.getBoundingClientRect().width > 1).map((e) => e.outerHTML.slice(0, 120))"
    )

    assert shown == []
    expect(page.locator("h1").first).to_be_visible()
    expect(page.get_by_text("Bekend op")).to_be_visible()


def test_the_map_file_of_a_kern_opens_from_disk_without_a_network(
    browser: Browser, context: BrowserContext, served: Served, tmp_path: Path
) -> None:
    answer = context.request.get("/kernen/tricht/kaart.html")
    assert answer.headers["content-disposition"].startswith("attachment")
    bestand = tmp_path / "kaart van tricht.html"
    bestand.write_bytes(answer.body())
    offline = browser.new_context(offline=True)
    page = watched(offline.new_page())
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))

    page.goto(bestand.as_uri())

    los, groepen = page.evaluate(
        "async () => { const { dingen, groepen } = KK.data(await KK.kaart);"
        " return [dingen.filter((d) => d.l).length, groepen.map((g) => g.n)]; }"
    )
    found = los + sum(groepen)
    expect(page.locator(".kk-speld")).to_have_count(los)
    expect(page.locator(".kk-bol")).to_have_count(len(groepen))
    expect(page.locator("main")).to_contain_text(f"{found} op de kaart")
    expect(page.locator("[aria-label=Legenda]")).to_contain_text("Werkzaamheden")
    assert found > 0
    assert page.locator(".kk-rij").count() >= found
    assert [adres for adres in asked_for if not adres.startswith(("file:", "data:"))] == []
    assert page.faults == []  # type: ignore[attr-defined]
    offline.close()
