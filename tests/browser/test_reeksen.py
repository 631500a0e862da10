"""What comes back is posted, looked at and partly called off with the keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_medewerker import reach
from tests.browser.test_plaatsen import in_sql, open_form, press, type_in
from tests.browser.test_toetsen import open_link, told
from tests.served import Served

Login = Callable[[str], Page]


def test_a_monthly_series_is_posted_and_ended_by_keyboard_alone(
    login: Login, served: Served
) -> None:
    page = login("platformlid")
    open_form(page, served)
    expect(page.locator("#keren")).to_be_hidden()

    type_in(page, "titel", "Spelletjes met de toetsen")
    type_in(page, "soort", "Markt")
    type_in(page, "datum", "05-06-2027")
    type_in(page, "van", "10.00")
    type_in(page, "tot", "12.00")
    type_in(page, "herhaal", "Elke maand")
    expect(page.locator("#reeks_op")).to_be_visible()
    expect(page.locator("#dagen")).to_be_hidden()
    type_in(page, "keren", "12")
    press(page, "Bekijk en plaats")
    expect(page.locator("main")).to_contain_text("Elke 1e zaterdag, 12 keer")
    expect(page.locator("main")).to_contain_text("Dit worden de 12 keren")
    press(page, "Plaats")

    told(page, "Spelletjes met de toetsen staat nu in de kalender")
    expect(page.get_by_role("heading", name="Dit komt terug")).to_be_visible()
    adres = page.url.split("?")[0]
    open_link(page, adres.removeprefix(served.url) + "/intrekken")
    reach(page, "e.name === 'welke'")
    page.keyboard.press("ArrowDown")
    press(page, "Intrekken")
    told(page, "Ingetrokken")
    assert in_sql(
        served,
        "SELECT status, count(*) FROM activiteit WHERE titel = 'Spelletjes met de toetsen'"
        " GROUP BY status",
    ) == [("ingetrokken", 12)]
    assert page.faults == []  # type: ignore[attr-defined]
