"""From an address or a file to the calendar: looked at, taken over, then kept in step."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.kalenderbronnen.jobs import rondje
from kernenkaart.kalenderbronnen.models import Bronitem, Kalenderbron, Stand
from kernenkaart.kalenderbronnen.services import INEENS_LEEG, MELD_BIJ, MISLUKT
from kernenkaart.kalenderbronnen.tabel import SJABLOON
from kernenkaart.platforms.models import Platform
from kernenkaart.taken.register import TAKEN
from kernenkaart.tijd import now
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_platform, moment
from tests.formulieren import SCHERP, counted
from tests.kaart.stubs import Stub, send, serve
from tests.kalenderbronnen.bronnen import came_of, follow, ics, make_bron, read, vevent
from tests.wachtrij import waiting, work


@pytest.fixture
def agenda(app: Flask) -> Iterator[Stub]:
    """A calendar on a server that the settings allow."""
    settings = app.extensions["kernenkaart.settings"]
    with serve() as stub:
        stub.answer = send(ics(vevent("een"), vevent("twee")), kind="text/calendar")
        app.extensions["kernenkaart.settings"] = replace(
            settings, ophalen_toegestaan=(stub.url.removeprefix("http://"),)
        )
        yield stub
        app.extensions["kernenkaart.settings"] = settings


def open_form(
    client: ClientFactory, session: Session
) -> tuple[FlaskClient, Platform, str, dict[str, Any]]:
    """A member at the form: browser, platform, address of the form, and what is filled in."""
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    pad = f"/platforms/{platform.id}/bronnen"
    soort = re.search(r'<option value="(\d+)">Feest', browser.get(pad).text)
    assert soort
    return browser, platform, pad, {"kern": platform.kernen[0].id, "soort": soort[1]}


def upload(data: bytes, naam: str) -> dict[str, Any]:
    return {"bestand": (io.BytesIO(data), naam)}


def the_bron(session: Session) -> Kalenderbron:
    session.expire_all()
    return session.scalars(select(Kalenderbron)).one()


def test_an_address_is_read_looked_at_and_taken_over(
    client: ClientFactory, session: Session, app: Flask, agenda: Stub
) -> None:
    browser, platform, pad, keuze = open_form(client, session)

    added = browser.post(pad, data=keuze | {"adres": f"{agenda.url}/a.ics"})
    assert "De agenda wordt gelezen" in browser.get(added.location).text
    work(app, session)
    bekeken = browser.get(added.location).text
    assert "Dit staat in Proef" in bekeken
    assert "2 nieuw" in bekeken
    assert session.scalars(select(Activiteit)).all() == []
    bezig = browser.post(f"{added.location}/neem-over")
    assert "worden overgenomen" in browser.get(bezig.location).text
    work(app, session)

    assert "De kalender is bij" in browser.get(bezig.location).text
    activiteiten = came_of(session, the_bron(session))
    assert [(a.status, a.platform_id) for a in activiteiten] == [
        (Status.GEPUBLICEERD, platform.id)
    ] * 2
    assert "Uit de agenda van Proef" in client().get(f"/activiteiten/{activiteiten[0].id}").text


@pytest.mark.parametrize(
    ("naam", "maak"),
    [
        ("a.ics", lambda: ics(vevent("een"), vevent("twee"))),
        ("a.csv", lambda: b"titel;datum;van;tot\r\nMarkt;12-06;10.00;16.00\r\nBingo;13-06;;\r\n"),
    ],
)
def test_a_file_is_looked_at_and_taken_over(
    client: ClientFactory, session: Session, app: Flask, naam: str, maak: Any
) -> None:
    browser, _, pad, keuze = open_form(client, session)

    added = browser.post(pad, data=keuze | upload(maak(), naam))
    assert "2 nieuw" in browser.get(added.location).text
    browser.post(f"{added.location}/neem-over")
    work(app, session)

    assert len(came_of(session, the_bron(session))) == 2


def test_the_empty_excel_table_is_filled_in_and_read(
    client: ClientFactory, session: Session
) -> None:
    browser, _, pad, keuze = open_form(client, session)
    leeg = browser.get("/bronnen/sjabloon.xlsx")
    assert leeg.data.startswith(b"PK")

    added = browser.post(pad, data=keuze | upload(leeg.data, "leeg.xlsx"))

    assert "Er staat niets in deze agenda" in browser.get(added.location).text
    assert SJABLOON[1][0] in browser.get("/bronnen/sjabloon.csv").text


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({}, "Vul het adres van de agenda in"),
        ({"adres": "ftp://x.example/a"}, "Dit is geen adres van een agenda"),
        ({"adres": "http://x.example/a.ics"} | upload(b"x", "a.ics"), "niet allebei"),
        (upload(b"<html></html>", "a.ics"), "We zien niet wat de naam is"),
        (upload(b"", "a.ics"), "Dit bestand is leeg"),
        ({"adres": "https://x.example/a.ics", "kern": ""}, "Kies een kern"),
    ],
)
def test_what_is_filled_in_wrongly_is_told_beside_its_field(
    client: ClientFactory, session: Session, velden: dict[str, Any], zin: str
) -> None:
    browser, _, pad, keuze = open_form(client, session)

    answer = browser.post(pad, data=keuze | velden)

    assert answer.status_code == 422
    assert zin in answer.text
    assert session.scalars(select(Kalenderbron)).all() == []


def test_an_address_that_cannot_be_read_says_why_and_can_be_tried_again(
    client: ClientFactory, session: Session, app: Flask, agenda: Stub
) -> None:
    browser, _, pad, keuze = open_form(client, session)
    agenda.answer = send(b"", 404)

    added = browser.post(pad, data=keuze | {"adres": agenda.url})
    work(app, session)
    assert "staat geen agenda (meer)" in browser.get(added.location).text
    agenda.answer = send(ics(vevent()))
    browser.post(f"{added.location}/lees")
    work(app, session)

    assert "1 nieuw" in browser.get(added.location).text


def running(session: Session, agenda: Stub) -> Kalenderbron:
    bron = make_bron(session, adres=f"{agenda.url}/a.ics", volgende_op=now() - timedelta(minutes=1))
    follow(session, bron, vevent("een"), vevent("twee"))
    return bron


def run_round(app: Flask, session: Session) -> None:
    """What happens in an hour: the round asks, the worker does."""
    bron = the_bron(session)
    bron.volgende_op = now() - timedelta(minutes=1)
    session.flush()
    with app.app_context():
        rondje()
        rondje()  # the second finds nothing that is due
    assert len(waiting(session, "kalenderbronnen.bij")) == 1
    work(app, session)


def test_a_calendar_is_kept_in_step(
    client: ClientFactory, session: Session, app: Flask, agenda: Stub
) -> None:
    bron = running(session, agenda)
    agenda.answer = send(ics(vevent("een", SUMMARY="Anders"), vevent("drie")))
    client()

    run_round(app, session)

    rows = {a.titel: a.status for a in came_of(session, bron)}
    assert rows == {
        "Anders": Status.GEPUBLICEERD,
        "Ding twee": Status.INGETROKKEN,
        "Ding drie": Status.GEPUBLICEERD,
    }
    assert the_bron(session).volgende_op > now() + timedelta(minutes=50)


def test_a_calendar_that_did_not_change_is_not_sent(
    client: ClientFactory, session: Session, app: Flask, agenda: Stub
) -> None:
    bron = running(session, agenda)
    bron.etag, bron.gelezen_op = '"1"', now()
    asked: list[str | None] = []

    def unchanged(request: Any) -> None:
        asked.append(request.headers["If-None-Match"])
        send(b"", 304)(request)

    agenda.answer = unchanged
    client()

    run_round(app, session)

    assert asked == ['"1"']
    assert {a.status for a in came_of(session, bron)} == {Status.GEPUBLICEERD}


def test_a_calendar_that_is_suddenly_empty_takes_nothing_away(
    client: ClientFactory, session: Session, app: Flask, agenda: Stub
) -> None:
    bron = running(session, agenda)
    agenda.answer = send(ics())
    client()

    run_round(app, session)

    assert {a.status for a in came_of(session, bron)} == {Status.GEPUBLICEERD}
    assert the_bron(session).melding == INEENS_LEEG


def test_a_calendar_that_fails_is_left_longer_each_time_and_told_once(
    client: ClientFactory, session: Session, app: Flask, agenda: Stub
) -> None:
    bron = running(session, agenda)
    lid = make_gebruiker(session, bron.platform)
    agenda.answer = send(b"", 500)
    client()
    mails = []

    for keer in range(1, MELD_BIJ + 3):
        run_round(app, session)
        mails += waiting(session, "post.verstuur")
        bron = the_bron(session)
        pauze = bron.volgende_op - now()
        assert abs(pauze - timedelta(hours=min(2 ** (keer - 1), 24))) < timedelta(minutes=2)

    assert {mail["aan"] for mail in mails} == {lid.email}
    assert len({str(mail["sleutel"]) for mail in mails}) == 1
    assert {a.status for a in came_of(session, bron)} == {Status.GEPUBLICEERD}


def test_taking_over_something_that_is_refused_changes_nothing(
    client: ClientFactory, session: Session, app: Flask
) -> None:
    browser, _, pad, keuze = open_form(client, session)
    added = browser.post(pad, data=keuze | upload(ics(vevent("een")), "a.ics"))
    bron = the_bron(session)
    bron.soort.actief = False
    bron.platform.actief = False
    session.flush()

    browser.post(f"{added.location}/neem-over")
    work(app, session)

    bron = the_bron(session)
    assert bron.stand is Stand.BEKIJKEN
    assert bron.melding
    assert session.scalars(select(Bronitem)).all() == []


@pytest.mark.parametrize(("taak", "stand"), [("lees", Stand.LEZEN), ("neem_over", Stand.OVERNEMEN)])
def test_a_job_that_failed_for_the_last_time_leaves_nobody_waiting(
    client: ClientFactory, session: Session, app: Flask, taak: str, stand: Stand
) -> None:
    bron = make_bron(session, adres="https://x.example/a.ics", stand=stand)
    bron.gelezen = {**read(vevent("een")).to_json(), "keuzes": {}}
    browser = client(make_gebruiker(session, bron.platform))
    opgegeven = TAKEN[f"kalenderbronnen.{taak}"].opgegeven
    assert opgegeven is not None

    with app.app_context():
        opgegeven(bron.id)
    page = browser.get(f"/bronnen/{bron.id}").text

    assert MISLUKT in page
    assert "data-wacht" not in page


@pytest.mark.parametrize(
    ("wat", "status"), [("houd", Status.GEPUBLICEERD), ("intrekken", Status.INGETROKKEN)]
)
def test_stopping_keeps_or_withdraws_what_came(
    client: ClientFactory, session: Session, wat: str, status: Status
) -> None:
    bron = make_bron(session)
    follow(session, bron, vevent("een"), vevent("twee"))
    met_de_hand, ander = came_of(session, bron)
    met_de_hand.titel = "Met de hand"
    browser = client(make_gebruiker(session, bron.platform))

    browser.post(f"/bronnen/{bron.id}/stop", data={"wat": wat})

    session.expire_all()
    assert session.scalars(select(Kalenderbron)).all() == []
    assert session.get_one(Activiteit, met_de_hand.id).status is Status.GEPUBLICEERD
    assert session.get_one(Activiteit, ander.id).status is status


def test_what_was_changed_by_hand_is_named_and_can_follow_again(
    client: ClientFactory, session: Session, app: Flask, agenda: Stub
) -> None:
    bron = running(session, agenda)
    activiteit = came_of(session, bron)[0]
    activiteit.titel = "Met de hand"
    browser = client(make_gebruiker(session, bron.platform))
    assert "Met de hand" in browser.get(f"/bronnen/{bron.id}").text
    assert "Hier aangepast" in browser.get(f"/activiteiten/{activiteit.id}").text

    browser.post(f"/bronnen/{bron.id}/volg/{activiteit.id}")
    work(app, session)

    assert "Met de hand" not in {a.titel for a in came_of(session, bron)}
    assert the_bron(session).verslag["eigen"] == 0


def test_a_doubtful_thing_is_chosen_on_the_page(
    client: ClientFactory, session: Session, app: Flask, agenda: Stub
) -> None:
    bron = make_bron(session, adres=f"{agenda.url}/a.ics")
    agenda.answer = send(ics(vevent("een")))
    make_activiteit(session, platform=bron.platform, titel="Ding een", begint_op=moment(7, 8))
    follow(session, bron, vevent("een"))
    browser = client(make_gebruiker(session, bron.platform))
    page = browser.get(f"/bronnen/{bron.id}").text
    actie = re.search(r'action="(/bronnen/\d+/kies/\d+)"', page)
    assert "Staat dit er al?" in page
    assert actie

    browser.post(actie[1], data={"keuze": "neem"})
    work(app, session)

    assert [a.titel for a in came_of(session, bron)] == ["Ding een"]


def test_hostile_text_is_shown_as_text_and_the_pages_ask_little(
    client: ClientFactory, session: Session
) -> None:
    browser, _, pad, keuze = open_form(client, session)
    begin = f"{moment():%Y%m%dT%H%M%S}"
    events = [
        vevent(str(n), SUMMARY=text, LOCATION=text, DTSTART="soms" if n % 2 else begin, DTEND="")
        for n, text in enumerate(SCHERP)
    ]
    added = browser.post(pad, data=keuze | upload(ics(*events), "a.ics"))

    with counted(session) as statements:
        page = browser.get(added.location).text

    assert "<script>alert" not in page
    assert "<img" not in page
    assert len(statements) <= 8, statements
    with counted(session) as statements:
        browser.get(pad)
    assert len(statements) <= 8, statements
