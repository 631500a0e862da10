"""A medewerker draws and pastes works and asks what is near; a beheerder makes a group and invites:
with a mouse where one draws, with the keyboard alone everywhere else."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_plaatsen import in_sql, press, type_in
from tests.served import Served

Login = Callable[[str], Page]
LIJN = "LINESTRING({x} {y}, {x2} {y})"


def heart_of(served: Served, slug: str) -> tuple[int, int]:
    """A point well within a kern, in whole RD metres."""
    [(x, y)] = in_sql(
        served,
        f"SELECT round(ST_X(hart))::int, round(ST_Y(hart))::int FROM kern WHERE slug = '{slug}'",
    )
    return int(str(x)), int(str(y))


def reach(page: Page, predicate: str) -> None:
    """Go on with the Tab key until what has the focus answers to this."""
    for _ in range(150):
        if page.evaluate(f"((e) => {predicate})(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {predicate}")


def fill_in(page: Page, titel: str) -> None:
    page.goto("/werkzaamheden/nieuw")
    page.fill("#titel", titel)
    page.select_option("#soort", index=1)
    page.fill("#eerste_dag", "07-06-2027")
    page.fill("#laatste_dag", "02-07-2027")


def test_a_line_is_drawn_with_the_mouse_and_says_at_once_which_kernen_it_touches(
    login: Login, served: Served
) -> None:
    page = login("medewerker")
    fill_in(page, "Getekend met de muis")
    page.evaluate("KK.kaart")
    page.get_by_role("button", name="Lijn", exact=True).click()
    beeld = page.locator(".kk-kaart__beeld")
    beeld.scroll_into_view_if_needed()
    doos = beeld.bounding_box()
    assert doos
    midden = (doos["x"] + doos["width"] / 2, doos["y"] + doos["height"] / 2)

    for dx in (-60, 0, 60):
        page.mouse.click(midden[0] + dx, midden[1])
    page.mouse.click(midden[0] + 60, midden[1])  # once more on the last point: done

    expect(page.locator("[data-raakt-hier]")).to_contain_text("Dit raakt")
    vorm = json.loads(page.input_value("#vorm"))
    assert vorm["type"] == "LineString"
    assert len(vorm["coordinates"]) == 3
    named = page.locator("[data-raakt-hier] b").all_inner_texts()
    page.click("button[value=bekijk]")
    page.click("button[value=plaats]")
    expect(page.locator(".kk-melding--goed")).to_contain_text("Getekend met de muis staat nu op")
    touched = in_sql(
        served,
        "SELECT k.naam FROM werkzaamheid w JOIN kern k ON ST_Intersects(k.grens, w.geom)"
        " WHERE w.titel = 'Getekend met de muis'",
    )
    assert {str(naam) for (naam,) in touched} == set(named)
    assert page.faults == []  # type: ignore[attr-defined]


def test_the_way_around_and_the_place_of_a_step_are_drawn_on_the_same_map(
    login: Login, served: Served
) -> None:
    page = login("medewerker")
    fill_in(page, "Met omleiding")
    x, y = heart_of(served, "tricht")
    page.fill("#periode", "juni 2027 t/m juli 2027")
    page.fill("#fase-1", "Kruising")
    page.fill("#fase-van-1", "07-06-2027")
    page.fill("#fase-tot-1", "11-06-2027")
    page.evaluate("KK.kaart")
    page.get_by_text("Plak de vorm of kies een bestand").click()
    page.fill("#vorm", LIJN.format(x=x, y=y, x2=x + 80))
    beeld = page.locator(".kk-kaart__beeld")

    def draw(doel: str, soort: str, *clicks: tuple[int, int]) -> None:
        page.locator("label.kk-kk select").select_option(doel)
        page.get_by_role("button", name=soort, exact=True).click()
        beeld.scroll_into_view_if_needed()
        doos = beeld.bounding_box()
        assert doos
        for dx, dy in clicks:
            page.mouse.click(
                doos["x"] + doos["width"] / 2 + dx, doos["y"] + doos["height"] / 2 + dy
            )

    draw("Omleiding", "Lijn", (-60, 40), (0, 60), (60, 40), (60, 40))
    draw("Stap 1", "Punt", (20, -40))
    draw("Hinder", "Vlak", (-50, -50), (50, -50), (50, -20), (-50, -50))
    page.click("button[value=bekijk]")
    page.click("button[value=plaats]")

    expect(page.locator(".kk-melding--goed")).to_contain_text("Met omleiding staat nu op")
    expect(page.locator(".kk-intro")).to_contain_text("juni tot en met juli 2027")
    expect(page.locator(".leaflet-container path.k-omleiding")).to_have_count(1)
    stored = in_sql(
        served,
        "SELECT GeometryType(w.geom), GeometryType(w.omleiding_geom), GeometryType(w.hinder_geom),"
        " GeometryType(f.geom) FROM werkzaamheid w JOIN werkzaamheid_fase f"
        " ON f.werkzaamheid_id = w.id WHERE w.titel = 'Met omleiding'",
    )
    assert stored == [("LINESTRING", "LINESTRING", "POLYGON", "POINT")]
    assert page.faults == []  # type: ignore[attr-defined]


def test_pasted_text_replaces_the_drawing_and_stands_in_list_and_map(
    login: Login, served: Served
) -> None:
    page = login("medewerker")
    x, y = heart_of(served, "tricht")
    fill_in(page, "Geplakt als tekst")
    page.get_by_text("Plak de vorm of kies een bestand").click()

    page.fill("#vorm", LIJN.format(x=x, y=y, x2=x + 40))
    page.locator("#vorm").blur()
    expect(page.locator("[data-raakt-hier]")).to_contain_text("Dit raakt Tricht")
    page.click("button[value=bekijk]")
    page.click("button[value=plaats]")

    expect(page.locator(".kk-melding--goed")).to_contain_text("op de kaart van Tricht.")
    [(stored,)] = in_sql(
        served, "SELECT ST_AsText(geom) FROM werkzaamheid WHERE titel = 'Geplakt als tekst'"
    )
    assert stored == f"LINESTRING({x} {y},{x + 40} {y})"
    page.goto("/?kern=tricht&wanneer=alles&soort=werkzaamheden&q=Geplakt+als+tekst")
    sleutel = page.locator(".kk-rij").get_attribute("id")
    shown = page.evaluate("async () => KK.data(await KK.kaart).dingen.map((d) => d.sleutel)")
    assert shown == [sleutel]
    assert page.faults == []  # type: ignore[attr-defined]


def test_a_work_is_posted_by_keyboard_alone(login: Login, served: Served) -> None:
    page = login("medewerker")
    x, y = heart_of(served, "deil")
    page.goto("/werkzaamheden/nieuw")

    type_in(page, "titel", "Met de toetsen geplaatst")
    type_in(page, "soort", "Riool")
    type_in(page, "eerste_dag", "02-07-2027")
    type_in(page, "laatste_dag", "07-06-2027")
    reach(page, "e.matches('summary') && e.textContent.startsWith('Plak')")
    page.keyboard.press("Enter")
    type_in(page, "vorm", f"POINT({x} {y})")
    press(page, "Bekijk en plaats")
    assert page.evaluate("document.activeElement.id") == "fouten"  # the summary has the focus
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#laatste_dag")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("09-07-2027")
    press(page, "Bekijk en plaats")
    press(page, "Plaats")

    expect(page.locator(".kk-melding--goed")).to_contain_text("op de kaart van Deil.")


def test_what_is_near_a_kern_is_asked_by_keyboard_and_taken_along(
    login: Login, tmp_path: Path
) -> None:
    page = login("medewerker")
    page.goto("/werkzaamheden/nabij/heesselt")

    type_in(page, "afstand", "")
    page.keyboard.press("Control+A")
    page.keyboard.type("1000")
    type_in(page, "kern", "Tricht")
    press(page, "Toon")
    assert "afstand=1000" in page.url
    assert "tricht" in page.url
    found = page.locator("table tbody tr").count()
    assert found > 0
    expect(page.locator(".kk-uitkomst__getal")).to_contain_text(f"{found} werkza")
    expect(page.locator(".kk-speld")).to_have_count(found)
    assert page.locator(".kk-speld > b").all_inner_texts() == [str(n + 1) for n in range(found)]

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    bestand = tmp_path / "nabij.csv"
    download.value.save_as(bestand)
    rows = list(csv.reader(StringIO(bestand.read_text("utf-8-sig")), delimiter=";"))
    assert len(rows) == found + 1
    geojson = page.get_by_role("link", name="GeoJSON").get_attribute("href")
    collection = page.context.request.get(str(geojson)).json()
    assert len(collection["features"]) == found
    assert page.faults == []  # type: ignore[attr-defined]


def test_a_group_is_made_and_somebody_invited_by_keyboard_alone(
    login: Login, served: Served
) -> None:
    page = login("beheerder")
    page.goto("/beheer/platforms/nieuw")

    type_in(page, "naam", "Werkgroep Toetsenbord")
    type_in(page, "soort", "Werkgroep")
    type_in(page, "kernen-0", " ")
    press(page, "Bewaar")
    page.goto("/beheer/gebruikers/nieuw")
    type_in(page, "naam", "Nieuwe Secretaris")
    type_in(page, "email", "nieuw@demo.example")
    type_in(page, "rol", "Lid van een groep")
    reach(
        page,
        "e.matches('summary') && e.parentElement.textContent.includes('Werkgroep Toetsenbord')",
    )
    page.keyboard.press("Enter")
    reach(page, "e.parentElement?.textContent.trim() === 'Werkgroep Toetsenbord'")
    page.keyboard.press("Space")
    press(page, "Stuur de uitnodiging")

    expect(page.locator("main")).to_contain_text("Nieuwe Secretaris")
    assert in_sql(
        served,
        "SELECT g.rol, g.password, p.naam FROM gebruiker g"
        " JOIN lidmaatschap l ON l.gebruiker_id = g.id JOIN platform p ON p.id = l.platform_id"
        " WHERE g.email = 'nieuw@demo.example'",
    ) == [("platformlid", None, "Werkgroep Toetsenbord")]
    assert in_sql(
        served,
        "SELECT 1 FROM procrastinate_jobs j JOIN gebruiker g"
        " ON g.id = (j.args->>'gebruiker_id')::int"
        " WHERE j.task_name = 'toegang.uitnodiging' AND g.email = 'nieuw@demo.example'",
    ) == [(1,)]
    assert page.faults == []  # type: ignore[attr-defined]
