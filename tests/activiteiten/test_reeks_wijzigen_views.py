"""Change and end a series by its pages: which times is asked, the second of two is told."""

import html
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Reeks, Status
from kernenkaart.activiteiten.reeks_forms import ZELFDE
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import AMSTERDAM, today
from tests.activiteiten.reeksformulier import form_of, keren, post
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_platform
from tests.formulieren import chosen, filled_activiteit, hidden


@pytest.fixture
def platform(session: Session) -> Platform:
    return make_platform(session)


@pytest.fixture
def browser(client: ClientFactory, session: Session, platform: Platform) -> FlaskClient:
    return client(make_gebruiker(session, platform))


def test_changing_a_time_of_a_series_asks_first_which_times(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    rows = keren(session, post(browser, session, platform))

    page = browser.get(f"/activiteiten/{rows[1].id}/wijzig").text

    assert f'href="/activiteiten/{rows[1].id}/wijzig?keer=deze"' in page
    assert f'href="/activiteiten/{rows[1].id}/reeks/volgende/wijzig"' in page
    assert f'href="/activiteiten/{rows[1].id}/reeks/hele/wijzig"' in page
    assert "Alleen deze keer" in page


def test_only_this_time_is_marked_as_changed(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    rows = keren(session, post(browser, session, platform))
    adres = f"/activiteiten/{rows[1].id}/wijzig"
    page = browser.get(f"{adres}?keer=deze").text
    assert 'name="herhaal"' not in page
    velden = filled_activiteit(
        session, platform, titel="Met taart", versie=hidden(page, "versie"),
        datum=hidden(page, "datum"),
    )  # fmt: skip

    browser.post(adres, data=velden)

    rows = keren(session, session.scalars(select(Reeks)).one())
    assert [row.titel for row in rows[:3]] == ["Boekenmarkt", "Met taart", "Boekenmarkt"]
    assert "(aangepast)" in browser.get(f"/activiteiten/{rows[0].id}").text


def test_this_and_all_after_change_by_their_form(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    reeks = post(browser, session, platform, keren="10")
    rows = keren(session, reeks)
    adres = f"/activiteiten/{rows[4].id}/reeks/volgende/wijzig"
    page = browser.get(adres).text
    assert hidden(page, "keren") == "6"
    assert hidden(page, "datum") == f"{rows[4].reeks_dag:%d-%m-%Y}"

    velden = form_of(page) | {"omschrijving": "", "actie": "plaats", "van": "11.00"}
    answer = browser.post(adres, data=velden)

    assert answer.status_code == 302
    assert len(keren(session, reeks)) == 4
    nieuw = session.scalars(select(Reeks).order_by(Reeks.id.desc())).first()
    assert nieuw is not None
    assert {row.begint_op.astimezone(AMSTERDAM).hour for row in keren(session, nieuw)} == {11}


def test_the_whole_series_begins_with_the_first_time_that_is_not_over(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    begin = today() - timedelta(days=21)
    reeks = post(browser, session, platform, herhaal="week", datum=f"{begin:%d-%m-%Y}")
    rows = keren(session, reeks)

    answer = browser.get(f"/activiteiten/{rows[0].id}/reeks/hele/wijzig")
    velden = form_of(browser.get(answer.location).text) | {"omschrijving": "", "actie": "plaats"}
    browser.post(answer.location, data=velden | {"titel": "Anders"})

    rows = keren(session, reeks)
    assert [row.titel for row in rows[:3]] == ["Boekenmarkt"] * 3
    assert rows[-1].titel == "Anders"
    assert len(session.scalars(select(Reeks)).all()) == 1


def test_the_second_of_two_who_change_a_series_is_told_and_loses_nothing(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    rows = keren(session, post(browser, session, platform))
    adres = f"/activiteiten/{rows[0].id}/reeks/hele/wijzig"
    page = browser.get(adres).text
    mine = form_of(page) | {"omschrijving": "", "actie": "plaats"}
    browser.post(adres, data=mine | {"titel": "Van de ander"})

    answer = browser.post(adres, data=mine | {"titel": "Van mij"})

    assert answer.status_code == 409
    assert "de ander schreef “Van de ander”" in html.unescape(answer.text)
    assert hidden(answer.text, "titel") == "Van mij"


def test_a_rule_that_the_form_cannot_say_stays_as_it_is(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    reeks = post(browser, session, platform)
    regel = "FREQ=MONTHLY;BYDAY=2SA,4SA"
    session.execute(update(Reeks).values(regel=regel))
    adres = f"/activiteiten/{keren(session, reeks)[0].id}/reeks/hele/wijzig"
    page = browser.get(adres).text
    assert chosen(page, "herhaal") == ZELFDE
    assert "Zoals nu: Elke 2e zaterdag en 4e zaterdag" in page

    velden = form_of(page) | {"omschrijving": "", "actie": "plaats", "titel": "Anders"}
    answer = browser.post(adres, data=velden)

    session.expire_all()
    assert answer.status_code == 302
    assert session.scalars(select(Reeks)).one().regel == regel


@pytest.mark.parametrize(
    ("handeling", "welke", "verwacht"),
    [
        ("afgelasten", "deze", ["gepubliceerd", "afgelast", "gepubliceerd", "gepubliceerd"]),
        ("afgelasten", "volgende", ["gepubliceerd", "afgelast", "afgelast", "afgelast"]),
        ("afgelasten", "hele", ["afgelast"] * 4),
        ("intrekken", "deze", ["gepubliceerd", "ingetrokken", "gepubliceerd", "gepubliceerd"]),
        ("intrekken", "volgende", ["gepubliceerd", "ingetrokken", "ingetrokken", "ingetrokken"]),
        ("intrekken", "hele", ["ingetrokken"] * 4),
    ],
)
def test_taking_away_asks_which_times(  # noqa: PLR0917
    browser: FlaskClient,
    session: Session,
    platform: Platform,
    handeling: str,
    welke: str,
    verwacht: list[str],
) -> None:
    reeks = post(browser, session, platform, keren="4")
    adres = f"/activiteiten/{keren(session, reeks)[1].id}/{handeling}"
    page = browser.get(adres).text
    velden = {"reden": "De zaal is dicht.", "versie": hidden(page, "versie")}

    forgotten = browser.post(adres, data=velden)
    answer = browser.post(adres, data=velden | {"welke": welke})

    assert forgotten.status_code == 422
    assert "Kies welke keren je bedoelt." in forgotten.text
    assert answer.status_code == 302
    assert [row.status for row in keren(session, reeks)] == verwacht


def test_taking_away_a_series_that_somebody_else_changed_is_refused(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    reeks = post(browser, session, platform, keren="4")
    adres = f"/activiteiten/{keren(session, reeks)[1].id}/intrekken"

    answer = browser.post(adres, data={"welke": "hele", "versie": "99"})

    assert answer.status_code == 409
    assert {row.status for row in keren(session, reeks)} == {Status.GEPUBLICEERD}
