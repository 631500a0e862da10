"""What moves along with Easter: on its days each year, in words, and in everybody's phone."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Reeks, Status
from kernenkaart.activiteiten.pasen import BEREIK
from kernenkaart.activiteiten.reeks_forms import make_regel, to_waarden
from kernenkaart.activiteiten.regel import Frequentie, Regel
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import today
from tests.activiteiten.reeksformulier import form_of, keren, post
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_platform
from tests.feeds.lezers import entries
from tests.formulieren import chosen

# as almanacs have them
PINKSTERMAANDAG = (
    *(date(2024, 5, 20), date(2025, 6, 9), date(2026, 5, 25), date(2027, 5, 17)),
    *(date(2028, 6, 5), date(2029, 5, 21), date(2030, 6, 10)),
)
GOEDE_VRIJDAG = (date(2025, 4, 18), date(2026, 4, 3), date(2027, 3, 26), date(2028, 4, 14))
HEMELVAART = (date(2026, 5, 14), date(2027, 5, 6), date(2028, 5, 25))


def with_easter(later: int, **values: object) -> Regel:
    return Regel(Frequentie.JAAR, pasen=later, **values)


@pytest.mark.parametrize(
    ("later", "dagen"), [(50, PINKSTERMAANDAG), (-2, GOEDE_VRIJDAG), (39, HEMELVAART)]
)
def test_the_days_are_those_of_an_almanac(later: int, dagen: tuple[date, ...]) -> None:
    regel = with_easter(later)

    assert tuple(regel.days(dagen[0], dagen[-1])) == dagen
    assert regel.first_day(dagen[0] + timedelta(days=1)) == dagen[1]
    assert regel.days(dagen[1], dagen[0]) == []


def test_every_so_many_years_an_end_and_a_number_count_too() -> None:
    eerste, tot = PINKSTERMAANDAG[0], PINKSTERMAANDAG[-1]

    assert with_easter(50, tussen=3).days(eerste, tot) == list(PINKSTERMAANDAG[::3])
    assert with_easter(50, keren=2).days(eerste, tot) == list(PINKSTERMAANDAG[:2])
    assert with_easter(50, tot=PINKSTERMAANDAG[3]).days(eerste, tot) == list(PINKSTERMAANDAG[:4])


@pytest.mark.parametrize(
    ("later", "woorden"),
    [
        (50, "Elk jaar op 2e pinksterdag"),
        (-2, "Elk jaar op Goede Vrijdag"),
        (-1, "Elk jaar op zaterdag, 1 dag voor Pasen"),
        (-49, "Elk jaar op zondag, 49 dagen voor Pasen"),
        (60, "Elk jaar op donderdag, 60 dagen na Pasen"),
    ],
)
def test_the_rule_in_words(later: int, woorden: str) -> None:
    assert with_easter(later).woorden == woorden


@settings(max_examples=50, deadline=None)
@given(st.integers(-BEREIK, BEREIK), st.integers(2024, 2060))
def test_a_day_in_the_form_and_the_rule_say_the_same(later: int, jaar: int) -> None:
    dag = with_easter(later).days(date(jaar, 1, 1), date(jaar, 12, 31))[0]
    regel = with_easter(later)

    assert Regel.parse(str(regel)) == regel
    assert to_waarden(regel, dag)["reeks_op"] == "pasen"
    assert make_regel(to_waarden(regel, dag), dag) == regel


@pytest.mark.parametrize(
    "values",
    [{"per": Frequentie.MAAND}, {"maanden": (5,)}, {"maanddag": 3}, {"pasen": 64}],
)
def test_what_does_not_go_with_easter_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Pasen"):
        Regel(**({"per": Frequentie.JAAR, "pasen": 1} | values))


@pytest.fixture
def platform(session: Session) -> Platform:
    return make_platform(session)


@pytest.fixture
def browser(client: ClientFactory, session: Session, platform: Platform) -> FlaskClient:
    return client(make_gebruiker(session, platform))


def test_a_fair_on_whit_monday_is_expected_there_each_year(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    first = with_easter(50).first_day(today())
    assert first is not None

    reeks = post(
        browser, session, platform,
        herhaal="jaar", reeks_op="pasen", datum=f"{first:%d-%m-%Y}", bevestigen="y",
    )  # fmt: skip
    rows = keren(session, reeks)

    assert [row.reeks_dag for row in rows] == with_easter(50).days(first, reeks.uitgewerkt_tot)
    assert {row.status for row in rows} == {Status.VERWACHT}
    assert "Elk jaar op 2e pinksterdag." in browser.get(f"/activiteiten/{rows[0].id}").text
    form = browser.get(f"/activiteiten/{rows[0].id}/reeks/hele/wijzig").text
    assert chosen(form, "reeks_op") == "pasen"
    velden = form_of(form) | {"omschrijving": "", "actie": "plaats", "titel": "Braderie"}
    browser.post(f"/activiteiten/{rows[0].id}/reeks/hele/wijzig", data=velden | {"bevestigen": "y"})
    assert session.scalars(select(Reeks.regel)).all() == ["FREQ=YEARLY;BYEASTER=50"]


def test_in_a_phone_each_year_stands_by_itself(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    first = with_easter(50).first_day(today())
    assert first is not None
    reeks = post(
        browser, session, platform, herhaal="jaar", reeks_op="pasen", datum=f"{first:%d-%m-%Y}"
    )
    rows = keren(session, reeks)

    body = browser.get(f"/activiteiten/reeks/{reeks.uid}.ics").data

    assert {(str(e["UID"]), e.start.date()) for e in entries(body)} == {
        (str(row.uid), row.reeks_dag) for row in rows
    }
    assert b"EASTER" not in body


def test_a_day_that_is_not_near_easter_is_refused_with_a_hint(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    jaar = today().year + 1
    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data={"titel": "Kerst", "herhaal": "jaar", "reeks_op": "pasen", "actie": "bekijk"}
        | {"datum": f"25-12-{jaar}", "van": "10.00", "tot": "11.00"},
    )

    assert answer.status_code == 422
    assert "Deze dag schuift niet mee met Pasen." in answer.text
