"""One activity becomes a series later: the same page, photo and entry in every phone."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.reeks_tijden import VOORUIT
from kernenkaart.beelden.models import Beeld
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import today
from tests.activiteiten.reeksformulier import form_of, keren
from tests.conftest import ClientFactory
from tests.factories import add, make_activiteit, make_gebruiker, make_platform
from tests.feeds.lezers import entry
from tests.formulieren import hidden


@pytest.fixture
def platform(session: Session) -> Platform:
    return make_platform(session)


@pytest.fixture
def browser(client: ClientFactory, session: Session, platform: Platform) -> FlaskClient:
    return client(make_gebruiker(session, platform))


def form_as_it_is(browser: FlaskClient, activiteit_id: int) -> dict[str, str]:
    """What a browser sends when it places the form of a change as it came."""
    page = browser.get(f"/activiteiten/{activiteit_id}/wijzig").text
    return form_of(page) | {"omschrijving": "", "actie": "plaats"}


def test_an_activity_that_comes_back_keeps_its_page_its_photo_and_its_entry_in_phones(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    beeld = add(session, Beeld(inhoud=b"x", breedte_px=1, hoogte_px=1, alt="Kramen", openbaar=True))
    een = make_activiteit(session, platform=platform, beeld_id=beeld.id)
    url = f"/kernen/{platform.kernen[0].slug}/kalender.ics"
    before, uid, dag = entry(browser.get(url).data), een.uid, een.begint_op.date()
    assert f"/activiteiten/{een.id}/wijzig#herhaal" in browser.get(f"/activiteiten/{een.id}").text

    answer = browser.post(
        f"/activiteiten/{een.id}/wijzig", data=form_as_it_is(browser, een.id) | {"herhaal": "week"}
    )

    assert answer.status_code == 302
    assert f"/activiteiten/{een.id}?" in answer.location
    reeks = session.scalars(select(Reeks)).one()
    rows = keren(session, reeks)
    assert rows[0].id == een.id
    assert (rows[0].uid, rows[0].beeld_id, rows[0].reeks_dag) == (uid, beeld.id, dag)
    assert {later - now for now, later in zip(days(rows), days(rows[1:]), strict=False)} == {
        timedelta(days=7)
    }
    assert rows[-1].begint_op.date() > today() + VOORUIT - timedelta(days=7)
    assert {row.status for row in rows} == {Status.GEPUBLICEERD}
    after = entry(browser.get(url).data)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert "RRULE" in after
    assert "herhaal" not in browser.get(f"/activiteiten/{een.id}").text


def days(rows: list[Activiteit]) -> list[object]:
    return [row.reeks_dag for row in rows]


def test_sending_it_twice_makes_one_series(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    een = make_activiteit(session, platform=platform)
    velden = form_as_it_is(browser, een.id) | {"herhaal": "week", "keren": "5"}
    adres = f"/activiteiten/{een.id}/wijzig"
    first = browser.post(adres, data=velden)

    again = browser.post(adres, data=velden)

    assert again.status_code == 302
    assert again.location == first.location
    assert session.scalar(select(func.count()).select_from(Reeks)) == 1
    assert session.scalar(select(func.count()).select_from(Activiteit)) == 5


def test_the_second_of_two_is_told_that_it_became_a_series(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    een = make_activiteit(session, platform=platform)
    velden = form_as_it_is(browser, een.id)
    adres = f"/activiteiten/{een.id}/wijzig"
    browser.post(adres, data=velden | {"herhaal": "week", "keren": "5"})

    answer = browser.post(adres, data=velden | {"titel": "Van mij"})
    other = browser.post(
        adres, data=velden | {"herhaal": "maand", "titel": "Van mij"}, follow_redirects=True
    )

    assert (answer.status_code, other.status_code) == (409, 409)
    assert hidden(other.text, "titel") == "Van mij"
    session.expire_all()
    assert session.get_one(Activiteit, een.id).titel != "Van mij"


def test_a_preview_of_coming_back_shows_the_days_and_keeps_nothing(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    een = make_activiteit(session, platform=platform)
    velden = form_as_it_is(browser, een.id) | {"herhaal": "maand", "keren": "3", "actie": "bekijk"}

    page = browser.post(f"/activiteiten/{een.id}/wijzig", data=velden).text

    assert "Dit worden de 3 keren" in page
    assert session.scalar(select(func.count()).select_from(Reeks)) == 0


def test_a_first_time_that_the_rule_moves_is_said_before_it_is_kept(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    een = make_activiteit(session, platform=platform)
    anders = (een.begint_op.weekday() + 1) % 7
    velden = form_as_it_is(browser, een.id) | {"herhaal": "week", "actie": "bekijk"}
    adres = f"/activiteiten/{een.id}/wijzig"

    moved = browser.post(adres, data=velden | {"dagen": str(anders)}).text
    stays = browser.post(adres, data=velden).text

    assert "De eerste keer is op" in moved
    assert "De eerste keer is op" not in stays


def test_a_draft_that_comes_back_stays_a_draft_until_it_is_placed(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    een = make_activiteit(session, platform=platform, status=Status.CONCEPT)
    velden = form_as_it_is(browser, een.id) | {"herhaal": "week", "keren": "3"}

    kept = browser.post(f"/activiteiten/{een.id}/wijzig", data=velden | {"actie": "concept"})
    reeks = session.scalars(select(Reeks)).one()
    drafts = {row.status for row in keren(session, reeks)}
    form = form_of(browser.get(kept.location).text) | {"omschrijving": "", "actie": "plaats"}
    browser.post(f"/activiteiten/{een.id}/reeks/hele/wijzig", data=form)

    assert drafts == {Status.CONCEPT}
    assert [row.status for row in keren(session, reeks)] == [Status.GEPUBLICEERD] * 3


@pytest.mark.parametrize("status", [Status.AFGELAST, Status.INGETROKKEN])
def test_what_does_not_go_on_cannot_come_back(
    browser: FlaskClient, session: Session, platform: Platform, status: Status
) -> None:
    een = make_activiteit(session, platform=platform)
    velden = form_as_it_is(browser, een.id) | {"herhaal": "week"}
    een.status = status
    session.flush()

    page = browser.get(f"/activiteiten/{een.id}/wijzig").text
    browser.post(f"/activiteiten/{een.id}/wijzig", data=velden | {"versie": str(een.versie)})

    assert 'name="herhaal"' not in page
    assert session.scalar(select(func.count()).select_from(Reeks)) == 0


def test_a_time_that_leaves_its_series_gets_an_entry_of_its_own(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    een = make_activiteit(session, platform=platform)
    browser.post(
        f"/activiteiten/{een.id}/wijzig",
        data=form_as_it_is(browser, een.id) | {"herhaal": "week", "keren": "4"},
    )
    reeks = session.scalars(select(Reeks)).one()
    moved = browser.get(f"/activiteiten/{een.id}/wijzig?keer=deze").text
    velden = {naam: hidden(moved, naam) for naam in ("titel", "datum", "van", "tot", "versie")}
    velden |= {"soort": str(een.soort_id), "kern": str(platform.kernen[0].id), "actie": "plaats"}
    browser.post(f"/activiteiten/{een.id}/wijzig", data=velden | {"titel": "Met taart"})

    adres = f"/activiteiten/{een.id}/reeks/hele/wijzig"
    form = form_of(browser.get(adres).text) | {"omschrijving": "", "actie": "plaats"}
    later = keren(session, reeks)[2].reeks_dag
    answer = browser.post(adres, data=form | {"datum": f"{later:%d-%m-%Y}", "keren": "2"})

    session.expire_all()
    assert een.reeks_id is None
    assert een.uid != reeks.uid
    page = browser.get(answer.location).text
    assert "Eén keer staat nu los van de reeks" in page
    assert f'<a href="/activiteiten/{een.id}">' in page
