"""Change a calendar: what came of it stays, another address is looked at first."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import ActiviteitSoort, Status
from kernenkaart.kalenderbronnen.models import Kalenderbron, Stand
from kernenkaart.platforms.models import Platform
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_kern, make_platform
from tests.formulieren import chosen, hidden
from tests.kaart.stubs import Stub, send, serve
from tests.kalenderbronnen.bronnen import came_of, follow, ics, make_bron, vevent
from tests.wachtrij import work


@pytest.fixture
def agenda(app: Flask) -> Iterator[Stub]:
    """A calendar on a server that the settings allow."""
    settings = app.extensions["kernenkaart.settings"]
    with serve() as stub:
        stub.answer = send(ics(vevent("een"), vevent("drie")), kind="text/calendar")
        app.extensions["kernenkaart.settings"] = replace(
            settings, ophalen_toegestaan=(stub.url.removeprefix("http://"),)
        )
        yield stub
        app.extensions["kernenkaart.settings"] = settings


@pytest.fixture
def platform(session: Session) -> Platform:
    return make_platform(session)


@pytest.fixture
def browser(client: ClientFactory, session: Session, platform: Platform) -> FlaskClient:
    return client(make_gebruiker(session, platform))


@pytest.fixture
def bron(session: Session, platform: Platform) -> Kalenderbron:
    bron = make_bron(session, platform, verslag=None)
    follow(session, bron, vevent("een"), vevent("twee"))
    return bron


def form_of(browser: FlaskClient, bron: Kalenderbron) -> dict[str, Any]:
    page = browser.get(f"/bronnen/{bron.id}/wijzig").text
    velden = {naam: hidden(page, naam) for naam in ("naam", "adres", "versie", "was")}
    return velden | {naam: chosen(page, naam) for naam in ("kern", "soort")}


def test_name_kern_and_kind_change_and_what_came_of_it_stays(
    browser: FlaskClient, session: Session, bron: Kalenderbron
) -> None:
    kern = make_kern(session, naam="Elders")
    soort = session.query(ActiviteitSoort).filter(ActiviteitSoort.id != bron.soort_id).first()
    assert soort is not None
    before = [(a.id, a.versie, a.kern_id, a.soort_id) for a in came_of(session, bron)]
    velden = form_of(browser, bron) | {"naam": "VV Nieuw", "kern": kern.id, "soort": soort.id}

    answer = browser.post(f"/bronnen/{bron.id}/wijzig", data=velden)
    session.expire_all()
    same = follow(session, bron, vevent("een"), vevent("twee"))

    assert answer.status_code == 302
    assert (bron.naam, bron.kern_id, bron.soort_id) == ("VV Nieuw", kern.id, soort.id)
    assert bron.stand is Stand.LOOPT
    assert (same.nieuw, same.veranderd, same.weg) == (0, 0, 0)
    assert [(a.id, a.versie, a.kern_id, a.soort_id) for a in came_of(session, bron)] == before


def test_another_address_is_looked_at_before_anything_changes(
    browser: FlaskClient, session: Session, app: Flask, agenda: Stub, bron: Kalenderbron
) -> None:
    bekend = [activiteit.id for activiteit in came_of(session, bron)]
    velden = form_of(browser, bron) | {"adres": f"{agenda.url}/nieuw.ics"}

    browser.post(f"/bronnen/{bron.id}/wijzig", data=velden)
    work(app, session)
    page = browser.get(f"/bronnen/{bron.id}").text
    looked = {activiteit.status for activiteit in came_of(session, bron)}
    browser.post(f"/bronnen/{bron.id}/neem-over")
    work(app, session)

    assert "1 nieuw" in page
    assert "Niet meer in de agenda" in page
    assert looked == {Status.GEPUBLICEERD}
    after = {a.titel: (a.id, a.status) for a in came_of(session, bron)}
    assert after["Ding een"] == (bekend[0], Status.GEPUBLICEERD)
    assert after["Ding twee"] == (bekend[1], Status.INGETROKKEN)
    assert after["Ding drie"][1] is Status.GEPUBLICEERD


def test_an_address_that_cannot_be_read_follows_nothing_until_it_was_looked_at(
    browser: FlaskClient, session: Session, app: Flask, agenda: Stub, bron: Kalenderbron
) -> None:
    agenda.answer = send(b"niets", status=500)
    velden = form_of(browser, bron) | {"adres": f"{agenda.url}/nieuw.ics"}

    browser.post(f"/bronnen/{bron.id}/wijzig", data=velden)
    work(app, session)

    session.expire_all()
    assert bron.stand is Stand.LEZEN
    page = browser.get(f"/bronnen/{bron.id}").text
    assert f'href="/bronnen/{bron.id}/wijzig"' in page
    assert {activiteit.status for activiteit in came_of(session, bron)} == {Status.GEPUBLICEERD}


def test_the_second_of_two_is_told_and_reading_in_between_is_no_change(
    browser: FlaskClient, session: Session, bron: Kalenderbron
) -> None:
    adres = f"/bronnen/{bron.id}/wijzig"
    mine = form_of(browser, bron)
    bron.fouten = 1  # as the clock does
    session.flush()

    read_meanwhile = browser.post(adres, data=mine | {"naam": "Van de ander"})
    answer = browser.post(adres, data=mine | {"naam": "Van mij"})

    assert read_meanwhile.status_code == 302
    assert answer.status_code == 409
    assert hidden(answer.text, "naam") == "Van mij"
    session.expire_all()
    assert bron.naam == "Van de ander"


@pytest.mark.parametrize("adres", ["", "https://agenda.example/tweede.ics", "ftp://x.example/a"])
def test_an_address_that_is_gone_wrong_or_there_already_is_refused(
    browser: FlaskClient, session: Session, platform: Platform, bron: Kalenderbron, adres: str
) -> None:
    make_bron(session, platform, adres="https://agenda.example/tweede.ics", naam="De tweede")

    answer = browser.post(
        f"/bronnen/{bron.id}/wijzig", data=form_of(browser, bron) | {"adres": adres}
    )

    session.expire_all()
    assert answer.status_code == 422
    assert 'id="adres-fout"' in answer.text
    assert bron.adres == "https://agenda.example/voetbal.ics"
