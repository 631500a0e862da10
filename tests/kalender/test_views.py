import re
from datetime import date

import pytest
from shapely.geometry import MultiPolygon, box
from sqlalchemy.orm import Session
from time_machine import travel

from kernenkaart.activiteiten.models import Status
from kernenkaart.kernen.models import Kern
from kernenkaart.periode import Nauwkeurigheid
from tests.conftest import ClientFactory
from tests.factories import (
    X,
    Y,
    make_activiteit,
    make_gebruiker,
    make_kern,
    make_platform,
    make_werkzaamheid,
)
from tests.formulieren import SCHERP, counted
from tests.kalender.test_indeling import at

VORMEN = ("jaar", "maand", "week", "lijst")


@pytest.fixture
def kern(session: Session) -> Kern:
    """A kern with a dorpsraad and one activity in June."""
    kern = make_kern(session, naam="Proefdorp", grens=MultiPolygon([box(X, Y, X + 900, Y + 900)]))
    platform = make_platform(session, kernen=[kern], naam="Dorpsraad Proefdorp")
    make_activiteit(
        session, platform=platform, titel="Zomermarkt", plek_naam="Brink",
        begint_op=at("2027-06-05 10:00"), eindigt_op=at("2027-06-05 16:00"),
    )  # fmt: skip
    return kern


@pytest.mark.parametrize(
    "vraag", ["jaar=2027", "maand=2027-06", "week=2027-W22", "vorm=lijst&maand=2027-06",
              "dag=2027-06-05"],
)  # fmt: skip
def test_every_form_tells_what_is_on_and_where_and_when(
    client: ClientFactory, session: Session, kern: Kern, vraag: str
) -> None:
    with counted(session) as statements:
        page = client(make_gebruiker(session)).get(f"/kernen/{kern.slug}/kalender?{vraag}")

    assert page.status_code == 200
    for text in ("Zomermarkt", "Brink", "10.00", "Dorpsraad Proefdorp"):
        assert text in page.text
    assert len(statements) <= 8


def test_all_kernen_stand_in_one_calendar_with_their_names(
    client: ClientFactory, kern: Kern
) -> None:
    page = client().get("/kalender?maand=2027-06")

    assert "Proefdorp, Brink, 10.00" in page.text


def test_the_filter_of_a_kern_leads_to_its_own_address_and_keeps_the_rest(
    client: ClientFactory, kern: Kern
) -> None:
    answer = client().get(f"/kalender?kern={kern.slug}&vorm=lijst&maand=2027-06&q=markt&soort=")

    assert answer.status_code == 302
    assert answer.location == f"/kernen/{kern.slug}/kalender?vorm=lijst&maand=2027-06&q=markt"


def test_what_is_asked_for_is_shown_and_nothing_else(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    make_activiteit(
        session, geom=kern.hart, titel="Koor",
        begint_op=at("2027-06-06 10:00"), eindigt_op=at("2027-06-06 11:00"),
    )  # fmt: skip

    page = client().get(f"/kernen/{kern.slug}/kalender?maand=2027-06&q=koor")

    assert "Koor" in page.text
    assert "Zomermarkt" not in page.text


@travel(at("2027-08-10 12:00"), tick=False)
def test_past_months_are_folded_and_say_what_there_was(client: ClientFactory, kern: Kern) -> None:
    page = client().get(f"/kernen/{kern.slug}/kalender")

    folded = page.text[page.text.index('<details class="kk-voorbij"') :].split("</details>")[0]
    assert "Januari tot en met juli" in folded
    assert "1 activiteit geweest" in folded
    assert "Zomermarkt" in folded
    assert re.search(r"kk-maand--nu.*?Augustus", page.text, re.DOTALL)


@travel(at("2027-04-21 12:00"), tick=False)
def test_three_months_that_are_past_are_named(client: ClientFactory, kern: Kern) -> None:
    assert "Januari, februari en maart" in client().get(f"/kernen/{kern.slug}/kalender").text


@travel(at("2027-06-05 12:00"), tick=False)
@pytest.mark.parametrize("vorm", ["maand", "week"])
def test_today_is_told_to_who_does_not_see_its_colour(
    client: ClientFactory, kern: Kern, vorm: str
) -> None:
    page = client().get(f"/kernen/{kern.slug}/kalender?vorm={vorm}")

    assert page.text.count('aria-current="date"') == 1


def test_a_month_is_a_table_of_whole_weeks_with_headings(client: ClientFactory, kern: Kern) -> None:
    page = client().get(f"/kernen/{kern.slug}/kalender?maand=2027-06")

    table = page.text[page.text.index("<table") : page.text.index("</table>")]
    assert table.count('scope="col"') == 8
    assert table.count('scope="row"') == table.count("<tr>") - 1 == 5  # 31 May to 4 July
    assert table.count("<td") == 35
    assert "dag=2027-05-31" in table


def test_works_can_be_left_out(client: ClientFactory, session: Session, kern: Kern) -> None:
    make_werkzaamheid(
        session, titel="Nieuw asfalt", eerste_dag=date(2027, 6, 7), laatste_dag=date(2027, 6, 9)
    )
    pad = f"/kernen/{kern.slug}/kalender?jaar=2027"

    assert "Werk: Nieuw asfalt" in client().get(pad).text
    assert "Nieuw asfalt" not in client().get(f"{pad}&toon=buren").text


def test_work_that_is_known_to_the_season_is_on_no_day(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    for titel, hoe in (("Ooit dit najaar", "seizoen"), ("In week 36", "week")):
        make_werkzaamheid(
            session, titel=titel, eerste_dag=date(2027, 9, 6), laatste_dag=date(2027, 9, 12),
            nauwkeurigheid=Nauwkeurigheid(hoe),
        )  # fmt: skip

    page = client().get(f"/kernen/{kern.slug}/kalender?jaar=2027").text

    assert "In week 36" in page
    assert "Ooit dit najaar" not in page


@pytest.mark.parametrize("vorm", ["jaar", "lijst"])
def test_an_empty_calendar_says_so_and_asks_for_more(
    client: ClientFactory, session: Session, vorm: str
) -> None:
    kern = make_kern(session, naam="Stildorp")

    page = client().get(f"/kernen/{kern.slug}/kalender?vorm={vorm}&toon=geen")

    assert "in de kalender van Stildorp" in page.text
    assert f"/activiteiten/insturen?kern={kern.slug}" in page.text


def test_nothing_found_says_what_was_asked_and_leads_back(
    client: ClientFactory, kern: Kern
) -> None:
    page = client().get(f"/kernen/{kern.slug}/kalender?jaar=2027&q=xyzzy")

    assert "Niets gevonden bij “xyzzy”" in page.text
    assert f'href="/kernen/{kern.slug}/kalender?jaar=2027"' in page.text


@pytest.mark.parametrize(
    "adres", ["/kalender?jaar=1", "/kalender?maand=2027-14", "/kalender?vorm=x"]
)
def test_days_that_do_not_exist_are_told(client: ClientFactory, adres: str) -> None:
    page = client().get(adres)

    assert page.status_code == 422
    assert "Fout: " in page.text


@pytest.mark.parametrize(
    "adres",
    [
        "/kernen/nergens/kalender",
        "/kernen/x%00/kalender",
        "/kalender?kern=x%00",
        "/kernen/nergens/kalender.pdf",
    ],
)
def test_a_kern_that_is_not_there_is_not_found(client: ClientFactory, adres: str) -> None:
    assert client().get(adres).status_code == 404


@pytest.mark.parametrize("vorm", VORMEN)
def test_what_people_write_comes_out_literally(
    client: ClientFactory, session: Session, kern: Kern, vorm: str
) -> None:
    for titel in SCHERP:
        make_activiteit(
            session, geom=kern.hart, titel=titel, plek_naam=titel, status=Status.VERWACHT,
            begint_op=at("2027-06-08 10:00"), eindigt_op=at("2027-06-08 11:00"),
        )  # fmt: skip

    page = client().get(f"/kernen/{kern.slug}/kalender?dag=2027-06-08&vorm={vorm}").text

    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "{{7*7}}" in page
