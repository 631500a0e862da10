"""What staff and groups do besides posting, from their own page on and with the keyboard alone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_gebiedsmakelaar import walk_to
from tests.browser.test_medewerker import heart_of, reach
from tests.browser.test_plaatsen import in_sql, press, type_in
from tests.served import Served

Login = Callable[[str], Page]


def retype(page: Page, naam: str, tekst: str) -> None:
    """Go on to this field and put ``tekst`` in the place of what it says."""
    type_in(page, naam, "")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type(tekst)


def open_link(page: Page, href: str) -> None:
    """Go on to the link to this address, and follow it."""
    walk_to(page, f'main a[href="{href}"]')
    with page.expect_navigation():
        page.keyboard.press("Enter")


def told(page: Page, tekst: str) -> None:
    expect(page.locator(".kk-melding--goed")).to_contain_text(tekst)


def test_a_project_is_posted_and_changed_by_keyboard_alone(login: Login, served: Served) -> None:
    page = login("medewerker")
    x, y = heart_of(served, "beesd")
    open_link(page, "/projecten/nieuw")

    type_in(page, "titel", "Nieuwe huizen met de toetsen")
    type_in(page, "soort", "Woning")
    type_in(page, "status", "In voorbereiding")
    type_in(page, "naam-1", "Plan klaar")
    type_in(page, "periode-1", "najaar 2027")
    reach(page, "e.matches('summary') && e.textContent.startsWith('Plak')")
    page.keyboard.press("Enter")
    type_in(page, "vorm", f"POINT({x} {y})")
    press(page, "Bekijk en plaats")
    expect(page.locator("h1")).to_have_text("Zo komt het erin")
    press(page, "Verander nog iets")
    retype(page, "titel", "Nieuwe huizen")
    press(page, "Bekijk en plaats")
    press(page, "Plaats")

    told(page, "Nieuwe huizen staat nu op de kaart.")
    expect(page.locator(".kk-tijdlijn").first).to_contain_text("Plan klaar")
    press(page, "Wijzig")
    type_in(page, "status", "In uitvoering")
    press(page, "Bekijk en bewaar")
    press(page, "Bewaar")
    told(page, "Bewaard om ")
    assert in_sql(
        served,
        "SELECT p.status, k.slug FROM project p JOIN kern k ON k.id = p.kern_id"
        " WHERE p.titel = 'Nieuwe huizen'",
    ) == [("uitvoering", "beesd")]
    assert page.faults == []  # type: ignore[attr-defined]


def test_a_kind_is_added_renamed_and_taken_out_of_use_by_keyboard_alone(
    login: Login, served: Served
) -> None:
    page = login("beheerder")
    open_link(page, "/beheer")
    press(page, "Soorten en woorden aanpassen")
    open_link(page, "/beheer/soorten/activiteiten")

    type_in(page, "naam", "Touwtrekken")
    retype(page, "volgorde", "veel")
    press(page, "Zet erbij")
    expect(page.locator("#fouten")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#volgorde")).to_be_focused()
    retype(page, "volgorde", "15")
    press(page, "Zet erbij")
    press(page, "Touwtrekken")
    retype(page, "naam", "Touwtrekken en zaklopen")
    reach(page, "e.id === 'actief'")
    page.keyboard.press("Space")
    press(page, "Bewaar")

    rij = page.locator("tr", has=page.get_by_role("link", name="Touwtrekken en zaklopen"))
    expect(rij).to_contain_text("Nee")
    assert in_sql(
        served,
        "DELETE FROM activiteit_soort WHERE naam LIKE 'Touwtrekken%'"
        " RETURNING naam, volgorde, actief",
    ) == [("Touwtrekken en zaklopen", 15, False)]


def test_a_word_is_changed_and_put_back_by_keyboard_alone(login: Login, served: Served) -> None:
    page = login("beheerder")
    page.goto("/beheer/soorten")
    werk = f"/werkzaamheden/{served.examples['werkzaamheid']}"

    open_link(page, "/beheer/woorden/werkzaamheid.status")
    retype(page, "bevestigd", "Staat vast")
    press(page, "Bewaar")
    page.goto(werk)
    expect(page.locator(".kk-intro")).to_contain_text("Staat vast")
    page.goto("/beheer/woorden/werkzaamheid.status")
    retype(page, "bevestigd", "")
    press(page, "Bewaar")

    page.goto(werk)
    expect(page.locator(".kk-intro")).to_contain_text("Bevestigd")


def test_a_work_is_confirmed_from_the_own_page_by_keyboard_alone(
    login: Login, served: Served
) -> None:
    [(werk, titel)] = in_sql(
        served,
        "UPDATE werkzaamheid SET bevestigd_op = CURRENT_DATE - 400, status = 'bevestigd',"
        " eerste_dag = CURRENT_DATE + 20, laatste_dag = CURRENT_DATE + 30"
        " WHERE id = (SELECT max(w.id) FROM werkzaamheid w JOIN gebruiker g"
        " ON g.organisatie_id = w.organisatie_id WHERE g.email LIKE 'medewerker@%')"
        " RETURNING id, titel",
    )
    page = login("medewerker")
    page.goto("/mijn?alles=1")

    walk_to(page, f'form[action="/werkzaamheden/{werk}/bevestig"] button')
    page.keyboard.press("Enter")

    told(page, f"{titel} is vandaag bevestigd.")
    page.goto("/mijn?alles=1")
    expect(page.locator(f'form[action="/werkzaamheden/{werk}/bevestig"]')).to_have_count(0)
    assert in_sql(
        served, f"SELECT bevestigd_op = CURRENT_DATE FROM werkzaamheid WHERE id = {werk}"
    ) == [(True,)]


def test_a_gebiedsmakelaar_confirms_and_finishes_a_work_by_keyboard_alone(
    login: Login, served: Served
) -> None:
    page = login("gebiedsmakelaar")
    werk = served.examples["werkzaamheid"]
    page.goto(f"/werkzaamheden/{werk}")

    press(page, "Bevestig de dagen")
    told(page, "is vandaag bevestigd.")
    press(page, "Het is begonnen")
    told(page, "als begonnen")

    in_sql(served, f"UPDATE werkzaamheid SET status = 'bevestigd' WHERE id = {werk}")


def test_an_activity_is_changed_called_off_resumed_withdrawn_and_put_back_by_keyboard_alone(
    login: Login, served: Served
) -> None:
    page = login("platformlid")
    page.goto(f"/activiteiten/nieuw/{served.examples['platform']}")
    type_in(page, "titel", "Wisselvallig")
    type_in(page, "soort", "Markt")
    type_in(page, "datum", "13-06-2027")
    type_in(page, "van", "10.00")
    type_in(page, "tot", "12.00")
    press(page, "Bekijk en plaats")
    press(page, "Plaats")

    press(page, "Wijzig deze activiteit")
    retype(page, "tot", "13.00")
    press(page, "Bekijk en bewaar")
    press(page, "Bewaar")
    told(page, "Bewaard om ")
    press(page, "Gaat het niet door? Gelast het af")
    type_in(page, "reden", "Te nat")
    press(page, "Afgelasten")
    expect(page.locator(".kk-melding--fout")).to_contain_text("Te nat")
    press(page, "Gaat het toch door?")
    press(page, "Het gaat toch door")
    expect(page.locator("h1 s")).to_have_count(0)
    press(page, "Trek deze activiteit in")
    press(page, "Intrekken")
    expect(page.locator("h1 s")).to_have_text("Wisselvallig")
    press(page, "Zet het terug")
    press(page, "Terugzetten")

    expect(page.locator("h1 s")).to_have_count(0)
    expect(page.locator("main time").first).to_contain_text("10.00 - 13.00")
    assert page.faults == []  # type: ignore[attr-defined]


def test_an_initiative_is_changed_withdrawn_and_put_back_by_keyboard_alone(
    login: Login, served: Served
) -> None:
    page = login("platformlid")
    page.goto(f"/initiatieven/nieuw/{served.examples['platform']}")
    type_in(page, "titel", "Plukroute")
    type_in(page, "soort", "A")
    type_in(page, "status", "Idee")
    press(page, "Bekijk en plaats")
    press(page, "Plaats")

    press(page, "Wijzig dit initiatief")
    type_in(page, "status", "Bezig")
    press(page, "Bekijk en bewaar")
    press(page, "Bewaar")
    press(page, "Trek dit initiatief in")
    press(page, "Intrekken")
    expect(page.locator("h1 s")).to_have_text("Plukroute")
    press(page, "Zet het terug")
    press(page, "Terugzetten")

    expect(page.locator("h1 s")).to_have_count(0)
    assert in_sql(served, "SELECT status FROM initiatief WHERE titel = 'Plukroute'") == [("bezig",)]


def test_a_weekly_hour_is_made_mended_and_taken_away_by_keyboard_alone(
    login: Login, served: Served
) -> None:
    page = login("gebiedsmakelaar")
    press(page, "Nieuw spreekuur")

    type_in(page, "weekdag", "vrijdag")
    type_in(page, "van", "14.00")
    type_in(page, "tot", "13.00")
    type_in(page, "plek", "Achter de molen")
    press(page, "Bewaar")
    expect(page.locator("#fouten")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#tot")).to_be_focused()
    retype(page, "tot", "15.00")
    press(page, "Bewaar")
    told(page, "bewaard")
    uur = page.locator("#spreekuur ~ p", has_text="Achter de molen").get_by_role("link")
    open_link(page, str(uur.get_attribute("href")))
    press(page, "Haal dit spreekuur weg")

    told(page, "Het spreekuur is weg.")
    assert in_sql(served, "SELECT 1 FROM spreekuur WHERE plek = 'Achter de molen'") == []


def test_an_area_is_drawn_and_asked_by_keyboard_alone(login: Login) -> None:
    page = login("medewerker")
    page.goto("/werkzaamheden/nabij/gebied")
    page.evaluate("KK.kaart")

    retype(page, "afstand", "20000")
    walk_to(page, page.get_by_role("button", name="Punt in het midden"))
    page.keyboard.press("Enter")
    expect(page.locator("#vorm")).to_have_value(re.compile("Point"))
    walk_to(page, page.get_by_role("button", name="Toon"), "Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "vorm=" in page.url
    assert page.locator("table tbody tr").count() > 0
    assert page.faults == []  # type: ignore[attr-defined]


def test_an_earlier_activity_is_copied_by_keyboard_alone(login: Login, served: Served) -> None:
    page = login("platformlid")
    platform = served.examples["platform"]
    open_link(page, f"/activiteiten/overnemen/{platform}")

    walk_to(page, 'main a[href*="?over="]')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    retype(page, "titel", "Nog een keer")
    retype(page, "datum", "14-06-2027")
    press(page, "Bekijk en plaats")
    press(page, "Plaats")

    told(page, "Nog een keer staat nu in")
