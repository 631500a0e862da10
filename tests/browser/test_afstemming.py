"""Cables and paving in one street of Tricht, with the fair in the way: one window is found, both
move to it, and a visitor reads what came of it."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from kernenkaart.tijd import at, parse_dag, today
from tests.browser.test_botsing import as_rol
from tests.browser.test_plaatsen import in_sql
from tests.served import Served

KABELS, KLINKERS = "Nieuwe kabels in de Proefsteeg", "Nieuwe klinkers in de Proefsteeg"
REDEN = "De aannemer van de kabels rekent ons dan minder."
KERMIS = today() + timedelta(days=150)
# a quiet street: nothing goes on near it, and nobody else works there
STRAAT = (
    "SELECT round(ST_X(p))::int, round(ST_Y(p))::int FROM (SELECT (ST_Dump("
    "ST_GeneratePoints(ST_Buffer(grens, -100), 300, 1))).geom AS p FROM kern"
    " WHERE slug = 'tricht') AS plek"
    " WHERE NOT EXISTS (SELECT 1 FROM activiteit a WHERE ST_DWithin(a.geom, p, 320))"
    " AND NOT EXISTS (SELECT 1 FROM werkzaamheid w WHERE ST_DWithin(w.geom, p, 120)) LIMIT 1"
)
FEEST = (
    "INSERT INTO activiteit (platform_id, gemeente_id, soort_id, titel, begint_op, eindigt_op,"
    " status, geom) SELECT p.id, k.gemeente_id, s.id, 'Kermis Tricht bij de Proefsteeg',"
    " :van, :tot, 'gepubliceerd', ST_SetSRID(ST_MakePoint(:x, :y), 28992)"
    " FROM platform p, kern k, activiteit_soort s"
    " WHERE p.naam = 'Dorpsraad Tricht' AND k.slug = 'tricht' AND s.code = 'kermis'"
)


WEG = (  # other tests look at what is in Tricht
    "DELETE FROM koppelbesluit b USING koppelkans k, werkzaamheid w WHERE b.koppelkans_id = k.id"
    " AND w.id IN (k.a_id, k.b_id) AND w.plek_naam = 'Proefsteeg'",
    "DELETE FROM koppelkans k USING werkzaamheid w WHERE w.id IN (k.a_id, k.b_id)"
    " AND w.plek_naam = 'Proefsteeg'",
    "DELETE FROM werkzaamheid WHERE plek_naam = 'Proefsteeg'",
    "DELETE FROM activiteit WHERE titel = 'Kermis Tricht bij de Proefsteeg'",
)


@pytest.fixture
def straat(served: Served) -> Iterator[tuple[int, int]]:
    """Where a quiet street of Tricht is, in RD, with a fair of the dorpsraad of five days."""
    [(x, y)] = in_sql(served, STRAAT)
    engine = create_engine(served.environ["KERNENKAART_BEHEER_URL"])
    with engine.begin() as connection:
        van, tot = at(KERMIS, time(10)), at(KERMIS + timedelta(days=5), time())
        connection.execute(text(FEEST), {"x": x, "y": y, "van": van, "tot": tot})
    engine.dispose()
    yield int(str(x)), int(str(y))
    for statement in WEG:
        in_sql(served, statement)


def post_work(
    page: Page, titel: str, soort: str, straat: tuple[int, int], dagen: tuple[date, date]
) -> None:
    """Enter a work in the street that can be a month earlier, through its form."""
    x, y = straat
    page.goto("/werkzaamheden/nieuw")
    page.fill("#titel", titel)
    if page.locator("#organisatie").input_value() == "":
        page.select_option("#organisatie", label="Gemeente")
    page.select_option("#soort", label=soort)
    page.fill("#eerste_dag", f"{dagen[0]:%d-%m-%Y}")
    page.fill("#laatste_dag", f"{dagen[1]:%d-%m-%Y}")
    page.fill("#vroegst", f"{dagen[0] - timedelta(days=35):%d-%m-%Y}")
    page.select_option("#status", "verwacht")
    page.fill("#plek", "Proefsteeg")
    page.get_by_text("Plak de vorm of kies een bestand").click()
    page.fill("#vorm", f"LINESTRING({x - 40} {y}, {x + 40} {y})")
    page.select_option("#hinder", "afgesloten")
    page.fill("#hinder_kort", "Afgesloten voor auto's")
    page.click("button[value=bekijk]")
    page.click("button[value=plaats]")
    expect(page.locator(".kk-melding--goed")).to_contain_text("staat nu op de kaart van Tricht")


def move(page: Page, dagen: tuple[date, date]) -> None:
    """Move the work that is on the screen to these days, through its form."""
    page.get_by_role("link", name="Wijzig", exact=True).click()
    page.fill("#eerste_dag", f"{dagen[0]:%d-%m-%Y}")
    page.fill("#laatste_dag", f"{dagen[1]:%d-%m-%Y}")
    page.click("button[value=bekijk]")
    page.click("button[value=plaats]")
    expect(page.locator(".kk-melding--goed")).to_contain_text("Bewaard om")


def test_one_window_goes_round_the_fair_is_agreed_and_told(
    browser: Browser, served: Served, straat: tuple[int, int]
) -> None:
    netbeheerder = as_rol(browser, served, "ketenpartner")
    gemeente = as_rol(browser, served, "medewerker")
    bezoeker = as_rol(browser, served, "")

    post_work(gemeente, KLINKERS, "Bestrating", straat, (KERMIS, KERMIS + timedelta(days=13)))
    post_work(
        netbeheerder, KABELS, "Stroom", straat,
        (KERMIS - timedelta(days=3), KERMIS + timedelta(days=3)),
    )  # fmt: skip
    expect(netbeheerder.locator("#botsingen")).to_contain_text("Kermis Tricht bij de Proefsteeg")
    netbeheerder.locator(".kk-rij__titel a", has_text=KLINKERS).first.click()

    wanneer = netbeheerder.locator("section[aria-labelledby=tijd]")
    expect(wanneer).to_contain_text("Samen kan van")
    expect(wanneer).to_contain_text("valt daar dan buiten")
    expect(wanneer.locator(".p-feest")).not_to_have_count(0)
    van, tot = (parse_dag(netbeheerder.input_value(f"#venster_{n}")) for n in ("van", "tot"))
    assert (tot - van).days == 13
    assert tot < KERMIS - timedelta(days=7)
    netbeheerder.select_option("#keuze", "combineren")
    netbeheerder.select_option("#vorm", "sleuf")
    netbeheerder.fill("#reden", REDEN)
    netbeheerder.get_by_role("button", name="Leg vast").click()
    expect(netbeheerder.locator(".kk-melding--goed").first).to_contain_text("Besloten: combineren")
    expect(netbeheerder.get_by_text(REDEN)).to_be_visible()

    gemeente.reload()
    expect(gemeente.get_by_text("Dit werk staat daar nog niet in.")).to_be_visible()
    move(gemeente, (van, tot))
    netbeheerder.get_by_role("link", name=KABELS).first.click()
    move(netbeheerder, (van, van + timedelta(days=6)))
    gemeente.reload()
    for page in (gemeente, netbeheerder):
        expect(page.locator("#botsingen")).to_have_count(0)
        expect(page.get_by_text("Dit werk staat daar in.")).to_be_visible()
        expect(page.get_by_text("Opnieuw bekijken")).to_have_count(0)

    bezoeker.goto("/kernen/tricht")
    samen = bezoeker.locator("section[aria-labelledby=gecombineerd]")
    rij = samen.locator("li", has_text=KABELS)
    expect(rij).to_contain_text(KLINKERS)
    expect(rij).to_contain_text(
        "Na elkaar: 2 weken en 1 week hinder, bij elkaar 3 weken. "
        "Tegelijk: 2 weken. Dat scheelt 1 week."
    )
    assert REDEN not in bezoeker.content()
    rij.get_by_role("link", name=KABELS).click()
    expect(bezoeker.get_by_text("elfde sleuf")).to_be_visible()
    assert REDEN not in bezoeker.content()
    assert [*netbeheerder.faults, *gemeente.faults, *bezoeker.faults] == []
    for page in (netbeheerder, gemeente, bezoeker):
        page.context.close()
