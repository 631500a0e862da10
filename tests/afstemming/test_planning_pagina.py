"""The planning as a page and as an Excel file: bars, rows, markers, the card."""

import io
import re
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.afstemming.planning_queries import find_rijen
from kernenkaart.afstemming.planning_vraag import PlanVraag, add_months
from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Hinder, Status
from tests.afstemming.koppels import only, plan
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_gebruiker,
    make_platform,
    make_project,
    make_werkzaamheid,
)
from tests.formulieren import SCHERP, counted, hidden

GEMEENTE = "GM1960"
STAF = Actor(gebruiker_id=1, rol=Rol.MEDEWERKER)
VAN = date(2027, 4, 1)
VRAAG = PlanVraag(VAN, maanden=14)


def test_every_work_has_a_bar_a_row_and_a_marker_and_each_bar_is_a_link(
    session: Session, client: ClientFactory, dorp: Kern
) -> None:
    werken = [make_werkzaamheid(session, hinder=Hinder.AFGESLOTEN), make_werkzaamheid(session)]
    werken[1].status = Status.VERWACHT
    session.flush()
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    text = browser.get("/afstemming/planning?waar=kern.proefdorp").text

    balken = re.findall(r'<a class="p-link [^"]*"\s+href="([^"]+)" data-sleutel="([^"]+)"', text)
    assert [sleutel for _, sleutel in balken] == [f"werkzaamheid-{werk.id}" for werk in werken]
    for (href, sleutel), werk in zip(balken, werken, strict=True):
        assert f"gekozen={sleutel}" in href
        assert f'<a class="nl-link" href="/werkzaamheden/{werk.id}">{werk.titel}</a>' in text
        assert f'"sleutel":"{sleutel}"' in text
    assert text.count('class="p-balk p-vast"') == text.count('class="p-balk p-verwacht"') == 1


def test_what_is_chosen_has_a_card_beside_the_bars(session: Session, client: ClientFactory) -> None:
    werk = make_werkzaamheid(
        session, vroegst=today() + timedelta(days=20), laatst=today() + timedelta(days=60)
    )
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    text = browser.get(f"/afstemming/planning?gekozen=werkzaamheid-{werk.id}").text

    assert text.count('aria-current="true"') >= 1
    assert "Kan schuiven" in text
    assert "Bekijk het werk" in text


def test_the_card_lets_one_decide_and_the_second_is_told(
    session: Session, client: ClientFactory
) -> None:
    dagen = {"eerste_dag": today(), "laatste_dag": today() + timedelta(days=13)}
    for soort in ("riool", "bestrating"):
        plan(session, soort, **dagen)
    kans = only(session)
    eerste, tweede = (client(make_gebruiker(session, rol=Rol.MEDEWERKER)) for _ in range(2))
    kaartje = tweede.get("/afstemming/planning?maanden=24").text
    velden = {naam: hidden(kaartje, naam) for naam in ("gezien", "terug")}
    velden |= {"keuze": "niet", "reden": "Een andere aannemer."}

    kreeg = [b.post(f"/afstemming/koppelkans/{kans.id}", data=velden) for b in (eerste, tweede)]

    assert [page.status_code for page in kreeg] == [302, 409]
    assert kreeg[0].location == velden["terug"]
    assert 'name="gezien"' not in eerste.get(velden["terug"]).text


def test_an_address_that_makes_no_sense_says_so_and_still_shows_the_planning(
    session: Session, client: ClientFactory
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    page = browser.get("/afstemming/planning?van=juni&waar=kern.bestaat-niet")

    assert page.status_code == 422
    assert "Schrijf de eerste maand als 2027-04." in page.text
    assert "Deze kern of dit gebied bestaat niet." in page.text


def test_an_empty_planning_leads_on(session: Session, client: ClientFactory) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    text = browser.get("/afstemming/planning?q=bestaatniet").text

    assert "Er is in die tijd geen werk en geen project" in text


def test_the_page_asks_at_most_eight_questions(
    session: Session, client: ClientFactory, dorp: Kern
) -> None:
    make_werkzaamheid(session)
    make_project(session, eerste_dag=today())
    make_activiteit(session, platform=make_platform(session, kernen=[dorp]))
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    with counted(session) as statements:
        page = browser.get("/afstemming/planning?waar=kern.proefdorp")

    assert page.status_code == 200
    assert len(statements) <= 8, statements


def test_excel_holds_the_same_things_days_as_days_and_no_formula(
    session: Session, client: ClientFactory
) -> None:
    eerste = today() + timedelta(days=30)
    for nummer, tekst in enumerate(("=1+1", "+31", "@x", *SCHERP)):
        dag = eerste + timedelta(days=nummer)
        make_werkzaamheid(session, titel=tekst, eerste_dag=dag, laatste_dag=dag)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    response = browser.get("/afstemming/planning.xlsx?maanden=24")

    assert response.status_code == 200
    assert response.headers["Content-Disposition"].endswith('.xlsx"')
    kop, *rijen = list(load_workbook(io.BytesIO(response.data)).active.rows)
    assert [cel.value for cel in kop][:3] == ["Wat", "Titel", "Wie"]
    assert [rij[1].value for rij in rijen] == ["=1+1", "+31", "@x", *SCHERP]
    assert {cel.data_type for rij in rijen for cel in rij} <= {"s", "d", "n"}
    assert rijen[0][7].value.date() == eerste


def test_other_months_are_one_link_away(session: Session, client: ClientFactory) -> None:
    make_werkzaamheid(session)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    later = add_months(today(), 7)

    text = browser.get("/afstemming/planning").text

    assert f'href="/afstemming/planning?van={later:%Y-%m}">Later</a>' in text


def test_a_place_in_a_work_is_where_its_marker_stands(session: Session) -> None:
    make_werkzaamheid(session, geom=Point(155_000, 463_000), eerste_dag=VAN, laatste_dag=VAN)

    [rij] = find_rijen(session, STAF, VRAAG, GEMEENTE).rijen

    assert rij["punt"] == pytest.approx([5.3872, 52.1552], abs=0.0002)  # Amersfoort
    assert rij["vorm"] is None
    assert session.scalar(select(Kern.id).limit(1)) is None
