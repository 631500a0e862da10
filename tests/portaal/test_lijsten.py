"""The list of one layer: what its filters find, ten at a time, and never more than there is."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import ActiviteitSoort
from kernenkaart.tijd import MAANDEN, today
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_initiatief,
    make_kern,
    make_platform,
    make_project,
    make_werkzaamheid,
    moment,
)
from tests.formulieren import counted


def titles(page: str) -> list[str]:
    return re.findall(r'class="kk-rij__titel"><a href="[^"]*">(?:<s>)?([^<]*)', page)


def test_each_layer_has_its_list(client: ClientFactory, session: Session) -> None:
    for naam, make in (
        ("activiteiten", make_activiteit),
        ("werkzaamheden", make_werkzaamheid),
        ("projecten", make_project),
        ("initiatieven", make_initiatief),
    ):
        ding = make(session)

        page = client().get(f"/{naam}")

        assert page.status_code == 200
        assert titles(page.text) == [ding.titel]
        assert "1 gevonden." in page.text


def test_a_calendar_begins_today_and_has_a_heading_for_every_month(
    client: ClientFactory, session: Session
) -> None:
    make_activiteit(session, titel="Voorbij", begint_op=moment(-3), eindigt_op=moment(-3, 16))
    ver = make_activiteit(session, titel="Ver", begint_op=moment(100), eindigt_op=moment(100, 16))

    page = client().get("/activiteiten").text

    assert titles(page) == ["Ver"]
    assert f"{MAANDEN[ver.begint_op.month - 1].capitalize()} {ver.begint_op.year}" in page


def test_filters_find_by_kern_kind_days_and_words(client: ClientFactory, session: Session) -> None:
    hier, daar = make_kern(session), make_kern(session)
    sport = session.scalars(select(ActiviteitSoort).where(ActiviteitSoort.code == "sport")).one()
    make_activiteit(
        session,
        platform=make_platform(session, kernen=[hier]),
        titel="Zomerloop",
        plek_naam="Sportpark",
        soort_id=sport.id,
    )
    make_activiteit(
        session,
        platform=make_platform(session, kernen=[daar]),
        titel="Boekenmarkt",
        begint_op=moment(40),
        eindigt_op=moment(40, 16),
    )
    morgen = today() + timedelta(days=1)

    for vraag, gevonden in (
        (f"kern={hier.slug}", ["Zomerloop"]),
        (f"kern={daar.slug}", ["Boekenmarkt"]),
        ("soort=sport", ["Zomerloop"]),
        ("q=sportpark", ["Zomerloop"]),
        ("q=BOEKEN", ["Boekenmarkt"]),
        ("q=100%25", []),
        (f"van={morgen}&tot={morgen + timedelta(days=20)}", ["Zomerloop"]),
        (f"wanneer=alles&van={morgen + timedelta(days=20)}", ["Boekenmarkt"]),
        (f"q=boeken&kern={hier.slug}", []),
    ):
        page = client().get(f"/activiteiten?{vraag}")
        assert titles(page.text) == gevonden, vraag
        assert f"{len(gevonden)} gevonden." in page.text


@pytest.mark.parametrize(
    "vraag",
    [
        "van=31-02-2027",
        "wanneer=ooit",
        "kern=../etc",
        "kern=atlantis",
        "van=12-06-2027&tot=11-06-2027",
    ],
)
def test_a_wrong_filter_gets_a_sentence(
    client: ClientFactory, session: Session, vraag: str
) -> None:
    page = client().get(f"/activiteiten?{vraag}")

    assert page.status_code == 422
    assert "kk-foutzin" in page.text


def test_ten_are_shown_and_ten_more_by_a_link(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    for number in range(23):
        make_activiteit(session, platform=platform, titel=f"Markt {number:02}")
    browser = client()

    shown = []
    href = "/activiteiten?q=markt"
    while href:
        page = browser.get(href).text
        shown.append(len(titles(page)))
        more = re.search(r'href="([^"]*)">Toon (\d+) meer', page)
        href = more[1].replace("&amp;", "&").split("#")[0] if more else ""

    assert shown == [10, 20, 23]


@pytest.mark.parametrize("aantal", ["-1", "0", "x", "99999999999"])
def test_a_strange_number_of_rows_is_no_crash(
    client: ClientFactory, session: Session, aantal: str
) -> None:
    make_activiteit(session)

    assert client().get(f"/activiteiten?aantal={aantal}").status_code == 200


def test_nothing_found_says_what_was_looked_for_and_a_way_out(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)

    empty = client().get(f"/activiteiten?kern={kern.slug}").text
    nothing = client().get(f"/activiteiten?kern={kern.slug}&q=Dorpsstraat").text

    assert f"Er staat nog niets in de kalender van {kern.naam}." in empty
    assert "Niets gevonden bij “Dorpsstraat”." in nothing
    assert "Alles in " in nothing


def test_each_way_out_of_nothing_says_how_much_it_finds(
    client: ClientFactory, session: Session
) -> None:
    hier, daar = make_kern(session), make_kern(session)
    groep = make_platform(session, kernen=[hier])
    make_activiteit(session, platform=groep, titel="Kermis")
    make_activiteit(session, platform=groep, begint_op=moment(-9), eindigt_op=moment(-9, 16))
    make_activiteit(session, platform=make_platform(session, kernen=[daar]), titel="Boekenmarkt")
    browser = client()

    with counted(session) as statements:
        page = browser.get(f"/activiteiten?kern={hier.slug}&q=boeken").text

    assert f'href="/activiteiten?kern={hier.slug}">Alles in {hier.naam} (1 gevonden)' in page
    assert 'href="/activiteiten?q=boeken">“boeken” in alle kernen (1 gevonden)' in page
    assert len(statements) <= 8, statements


def test_a_list_leads_to_the_same_things_on_the_map(
    client: ClientFactory, session: Session
) -> None:
    make_project(session)
    make_werkzaamheid(session)
    browser = client()

    page = browser.get("/projecten").text
    href = re.search(r'href="([^"]+)">1 op de kaart', page)

    assert href is not None
    assert "<strong>1 gevonden</strong>" in browser.get(href[1].replace("&amp;", "&")).text


def test_a_list_asks_at_most_eight_questions(client: ClientFactory, session: Session) -> None:
    make_activiteit(session)
    browser = client()

    with counted(session) as statements:
        browser.get("/activiteiten?q=markt&soort=sport")

    assert len(statements) <= 8, statements


def test_a_project_is_told_in_months_up_to_its_last_day(
    client: ClientFactory, session: Session
) -> None:
    make_project(session, eerste_dag=date(2098, 5, 1), laatste_dag=date(2098, 9, 30))

    assert "mei - september 2098" in client().get("/projecten").text
