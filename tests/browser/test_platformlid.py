"""A group looks after its own calendar: a season, a change of mind, two at once, an initiative."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import BREED, log_in, watched
from tests.browser.test_plaatsen import fill_in, in_sql, open_form, press, type_in
from tests.served import Served

Login = Callable[[str], Page]
SEIZOEN = (
    "titel\tdatum\tvan\ttot\tplek\n"
    "Klaverjassen oktober\t04-10-2027\t19.30\t22.00\tDorpshuis\n"
    "Klaverjassen november\t31-11-2027\t19.30\t22.00\tDorpshuis\n"
)


def place(page: Page, served: Served, titel: str) -> str:
    """Post an activity; its address."""
    open_form(page, served)
    fill_in(page, titel)
    page.click("button[value=bekijk]")
    page.click("button[value=plaats]")
    expect(page.locator(".kk-melding--goed")).to_contain_text(titel)
    return page.url.split("?")[0]


def test_the_same_form_sent_twice_makes_one(login: Login, served: Served) -> None:
    page = login("platformlid")
    open_form(page, served)
    fill_in(page, "Maar een keer")
    page.click("button[value=bekijk]")

    page.locator("button[value=plaats]").wait_for()
    form = page.evaluate("[...new FormData(document.querySelector('main form'))]")
    velden = {naam: str(waarde) for naam, waarde in form} | {"actie": "plaats"}
    page.locator("button[value=plaats]").dblclick()
    expect(page.locator("h1")).to_have_text("Maar een keer")
    again = page.context.request.post(
        f"/activiteiten/nieuw/{served.examples['platform']}",
        form=velden,
        headers={"Origin": served.url, "Referer": served.url},
    )

    assert again.ok
    assert again.url.split("?")[0] == page.url.split("?")[0]
    assert in_sql(served, "SELECT count(*) FROM activiteit WHERE titel = 'Maar een keer'") == [(1,)]


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    login: Login, browser: Browser, served: Served
) -> None:
    first = login("platformlid")
    adres = place(first, served, "Met zijn tweeën")
    context = browser.new_context(base_url=served.url, viewport=BREED, locale="nl-NL")
    second = watched(context.new_page())
    log_in(second, "platformlid")
    for page in (first, second):
        page.goto(f"{adres}/wijzig")
    first.fill("#van", "11.00")
    first.click("button[value=bekijk]")
    first.click("button[value=plaats]")
    expect(first.locator(".kk-melding--goed")).to_contain_text("Bewaard om ")

    second.fill("#omschrijving", "Mijn eigen woorden")
    second.click("button[value=bekijk]")
    if second.locator("button[value=plaats]").count():
        second.click("button[value=plaats]")

    expect(second.locator("[role=alert]").first).to_contain_text("Iemand anders heeft dit net")
    assert second.input_value("#omschrijving") == "Mijn eigen woorden"
    assert second.input_value("#van") == "11.00"  # what only the other changed is taken over
    second.click("button[value=bekijk]")
    second.click("button[value=plaats]")
    expect(second.locator(".kk-melding--goed")).to_contain_text("Bewaard om ")
    expect(second.locator("main")).to_contain_text("Mijn eigen woorden")
    expect(second.locator("main time").first).to_contain_text("11.00 - 16.00")
    context.close()


def test_a_season_is_pasted_mended_and_placed_by_keyboard_alone(
    login: Login, served: Served
) -> None:
    page = login("platformlid")
    page.goto(f"/activiteiten/seizoen/{served.examples['platform']}")

    type_in(page, "soort", "Markt")
    type_in(page, "tabel", "")
    page.keyboard.insert_text(SEIZOEN)
    press(page, "Bekijk wat eruit komt")
    expect(page.locator("#fouten")).to_be_focused()
    expect(page.locator("#fouten")).to_contain_text("1 regel klopt nog niet")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("29-11-2027")
    press(page, "Controleer opnieuw")
    press(page, "Plaats 2 activiteiten")

    expect(page.locator(".kk-melding--goed")).to_contain_text("2 activiteiten staan nu in de")
    page.goto("/activiteiten?q=Klaverjassen&wanneer=alles")
    expect(page.locator(".kk-rij")).to_have_count(2)


def test_what_is_called_off_stays_visible_and_can_be_undone(login: Login, served: Served) -> None:
    page = login("platformlid")
    adres = place(page, served, "Toch wel")

    page.click("text=Gelast het af")
    page.fill("#reden", "Het veld is te nat")
    page.click("main form button:has-text('Afgelasten')")
    page.goto("/?q=Toch+wel&wanneer=alles")
    expect(page.locator(".kk-rij")).to_contain_text("Afgelast")
    page.goto(adres)
    page.click("text=Gaat het toch door?")
    page.locator("main form button").first.click()

    page.goto("/?q=Toch+wel&wanneer=alles")
    expect(page.locator(".kk-rij")).to_have_count(1)
    expect(page.locator(".kk-rij")).not_to_contain_text("Afgelast")


def test_an_initiative_is_posted_by_keyboard_alone(login: Login, served: Served) -> None:
    page = login("platformlid")
    page.goto(f"/initiatieven/nieuw/{served.examples['platform']}")
    expect(page.locator("[data-plek-gekozen]")).to_contain_text("Gekozen: het midden van")

    type_in(page, "titel", "Bankje bij de kerk")
    type_in(page, "soort", "A")
    type_in(page, "status", "Idee")
    type_in(page, "wie", "De buurt")
    press(page, "Bekijk en plaats")
    press(page, "Plaats")

    expect(page.locator(".kk-melding--goed")).to_contain_text("Bankje bij de kerk")
    page.goto("/?q=Bankje+bij+de+kerk&wanneer=alles")
    expect(page.locator(".kk-rij")).to_have_count(1)
    shown = page.evaluate("async () => KK.data(await KK.kaart).dingen.map((d) => d.ding)")
    assert shown == ["initiatief"]
