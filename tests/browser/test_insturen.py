"""A resident without an account puts a street party in the calendar."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from kernenkaart.inzendingen.links import make_token
from kernenkaart.inzendingen.spam import SNELST
from kernenkaart.tijd import today
from tests.browser.conftest import watched
from tests.browser.test_plaatsen import in_sql
from tests.served import Served

TITEL = "Straatfeest van de browser"


@pytest.fixture
def opgeruimd(served: Served) -> Iterator[None]:
    """What is sent in is gone afterwards: others look at the same copy."""
    yield
    weg = f"(SELECT activiteit_id FROM inzending WHERE titel = '{TITEL}')"
    in_sql(served, f"DELETE FROM activiteit WHERE id IN {weg}")
    in_sql(served, f"DELETE FROM inzending WHERE titel = '{TITEL}'")


def fill_in(page: Page, served: Served) -> str:
    """Send the form in; the path of the link that goes into the mail."""
    page.goto("/activiteiten/insturen?kern=tricht")
    page.fill("#titel", TITEL)
    page.select_option("#soort", label="Feest")
    page.fill("#datum", f"{today() + timedelta(days=33):%d-%m-%Y}")
    page.fill("#van", "15.00")
    page.fill("#tot", "21.00")
    page.fill("#organisator", "Buurt Nieuwstraat")
    page.fill("#email", "buur@voorbeeld.example")
    page.wait_for_timeout(SNELST.total_seconds() * 1000)
    page.get_by_role("button", name="Bekijk en stuur in").click()
    expect(page.get_by_role("heading", name="Zo komt het erin")).to_be_visible()
    page.get_by_role("button", name="Stuur in", exact=True).click()
    expect(page.get_by_role("heading", name="Kijk in je mail")).to_be_visible()
    [[publiek_id]] = in_sql(served, f"SELECT publiek_id FROM inzending WHERE titel = '{TITEL}'")
    token = make_token(UUID(str(publiek_id)), served.environ["KERNENKAART_SECRET_KEY"])
    return f"/ingestuurd/{token}"


@pytest.mark.usefixtures("opgeruimd")
def test_from_the_form_to_the_calendar(
    page: Page, browser: Browser, served: Served, login: Callable[[str], Page]
) -> None:
    bezoeker = watched(browser.new_context(base_url=served.url).new_page())

    link = fill_in(bezoeker, served)
    bezoeker.goto(link)
    bezoeker.get_by_role("button", name="Ja, dit klopt").click()
    expect(bezoeker.get_by_text("Bedankt!")).to_be_visible()

    login("platformlid")
    page.get_by_role("link", name=f"Ingestuurd door een inwoner: {TITEL}").click()
    page.get_by_role("button", name="Plaats in de kalender").click()
    expect(page.get_by_text("Het staat in de kalender.")).to_be_visible()

    bezoeker.goto(link)
    bezoeker.get_by_role("link", name=f"Bekijk {TITEL}").click()
    expect(bezoeker.get_by_role("heading", name=TITEL)).to_be_visible()
    expect(bezoeker.get_by_text("Buurt Nieuwstraat")).to_be_visible()
    assert bezoeker.context.cookies() == []
    assert bezoeker.faults + page.faults == []  # type: ignore[attr-defined]
    bezoeker.context.close()


def test_a_browser_solves_the_sum_while_somebody_fills_in(page: Page) -> None:
    page.goto("/activiteiten/insturen")
    page.fill("#titel", "Ik denk nog na")

    expect(page.locator("[data-bewijs][data-klaar]")).to_have_count(1, timeout=20_000)
    assert page.locator("[data-bewijs]").input_value()
    assert page.faults == []  # type: ignore[attr-defined]


@pytest.mark.usefixtures("opgeruimd")
def test_it_works_without_javascript(browser: Browser, served: Served) -> None:
    plain = browser.new_context(base_url=served.url, java_script_enabled=False).new_page()

    link = fill_in(plain, served)
    plain.goto(link)
    plain.get_by_role("button", name="Ja, dit klopt").click()

    expect(plain.get_by_role("heading", name="We kijken ernaar")).to_be_visible()
    plain.context.close()
