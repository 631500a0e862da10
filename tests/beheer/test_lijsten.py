"""Long lists of beheer are searched by name, by kern, and shown some at a time."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.beheer.queries import find_groepen_per_kern
from kernenkaart.beheer.soorten import WOORDENLIJSTEN
from kernenkaart.labels.standaard import STANDAARD
from kernenkaart.werkzaamheden.models import Diepte, WerkzaamheidSoort
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_kern, make_platform


@pytest.fixture
def browser(client: ClientFactory, session: Session) -> Any:
    return client(make_gebruiker(session, rol=Rol.BEHEERDER, naam="Bea Beheer"))


def test_groups_are_found_by_a_part_of_their_name(browser: Any, session: Session) -> None:
    make_platform(session, naam="Dorpsraad Tricht")
    make_platform(session, naam="100% Groen")

    assert "Dorpsraad Tricht" in browser.get("/beheer/platforms?q=tricht").text
    assert "Dorpsraad Tricht" not in browser.get("/beheer/platforms?q=%25").text


def test_groups_are_found_by_kern(browser: Any, session: Session) -> None:
    kern = make_kern(session)
    make_platform(session, naam="Van hier", kernen=[kern, make_kern(session)])
    make_platform(session, naam="Van elders")

    page = browser.get(f"/beheer/platforms?kern={kern.id}").text

    assert "Van hier" in page
    assert "Van elders" not in page


def test_twenty_groups_are_shown_and_then_twenty_more(browser: Any, session: Session) -> None:
    kern = make_kern(session)
    for number in range(25):
        make_platform(session, naam=f"Groep {number:02}", kernen=[kern])

    first, more = browser.get("/beheer/platforms").text, browser.get("/beheer/platforms?aantal=40")

    assert "25 groepen" in first
    assert "Groep 19" in first
    assert "Groep 20" not in first
    assert "Toon 5 meer" in first
    assert "Groep 24" in more.text


def test_nothing_found_says_so_and_shows_the_way_back(browser: Any) -> None:
    page = browser.get("/beheer/platforms?q=bestaatniet").text

    assert "Geen groep gevonden met &#34;bestaatniet&#34; in de naam." in page
    assert 'href="/beheer/platforms">Alle groepen' in page


def test_accounts_are_found_by_name_and_by_address(browser: Any, session: Session) -> None:
    make_gebruiker(session, naam="Vera Vinder", email="vv@example.org")

    for tekst in ("vinder", "VV@EXAMPLE"):
        page = browser.get("/beheer/gebruikers", query_string={"q": tekst}).text
        assert "Vera Vinder" in page
        assert "vv@example.org" in page
    assert "Niemand gevonden" in browser.get("/beheer/gebruikers?q=zzz").text


def test_groups_to_choose_stand_under_their_kern(session: Session) -> None:
    een, twee = make_kern(session, naam="Acquoy"), make_kern(session, naam="Zoelen")
    make_platform(session, naam="B", kernen=[twee])
    make_platform(session, naam="C", kernen=[een, twee])
    make_platform(session, naam="D", kernen=[])
    make_platform(session, naam="A", kernen=[een])

    found = [(kop, naam) for kop, _, naam in find_groepen_per_kern(session)]

    assert found == [("Acquoy", "A"), ("Zoelen", "B"), ("Meer kernen", "C"), ("Zonder kern", "D")]


def test_the_kern_of_a_chosen_group_is_open(browser: Any, session: Session) -> None:
    een, ander = make_platform(session), make_platform(session)
    lid = make_gebruiker(session, een)

    page = browser.get(f"/beheer/gebruikers/{lid.publiek_id}").text

    open_, dicht = (page.index(f"<summary>{groep.kernen[0].naam} ") for groep in (een, ander))
    assert page[:open_].rstrip().endswith('<details class="kk-vouw" open>')
    assert page[:dicht].rstrip().endswith('<details class="kk-vouw" >')


def test_every_list_of_words_has_a_name_in_plain_dutch() -> None:
    assert list(WOORDENLIJSTEN) == list(STANDAARD)


def test_of_a_kind_of_work_it_is_said_what_it_opens_and_how_long_the_street_stays_closed(
    browser: Any, session: Session
) -> None:
    soort = session.scalars(select(WerkzaamheidSoort).filter_by(code="riool")).one()
    goed = {"naam": "Riool", "volgorde": "10", "actief": "y"}
    pad = f"/beheer/soorten/werkzaamheden/{soort.id}"

    saved = browser.post(pad, data=goed | {"diepte": "verharding", "moratorium_maanden": "36"})
    fout = browser.post(pad, data=goed | {"diepte": "verharding", "moratorium_maanden": "241"})

    session.refresh(soort)
    assert (saved.status_code, fout.status_code) == (302, 422)
    assert (soort.diepte, soort.moratorium_maanden) == (Diepte.VERHARDING, 36)
    assert 'value="36"' in browser.get(pad).text
    assert "moratorium" not in browser.get("/beheer/soorten/activiteiten").text
