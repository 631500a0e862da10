"""An activity as search engines read it: exactly one schema.org Event on its page (S21)."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from lxml import html
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.tijd import AMSTERDAM
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_kern, make_platform
from tests.formulieren import SCHERP


def events(client: ClientFactory, een: Activiteit, wie: Any = None) -> list[dict[str, Any]]:
    """What stands in the page as data, read as a search engine does."""
    page = html.fromstring(client(wie).get(f"/activiteiten/{een.id}").data)
    return [json.loads(text) for text in page.xpath("//script[@type='application/ld+json']/text()")]


def test_the_page_of_an_activity_holds_one_event(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session, naam="Tricht")
    een = make_activiteit(
        session,
        platform=make_platform(session, kernen=[kern], naam="Dorpsraad"),
        begint_op=datetime(2027, 6, 12, 10, tzinfo=AMSTERDAM),
        eindigt_op=datetime(2027, 6, 12, 16, tzinfo=AMSTERDAM),
        plek_naam="Dorpshuis",
    )

    [event] = events(client, een)

    assert event["@context"] == "https://schema.org"
    assert (event["@type"], event["name"]) == ("Event", een.titel)
    assert event["startDate"] == "2027-06-12T10:00:00+02:00"
    assert event["endDate"] == "2027-06-12T16:00:00+02:00"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert event["location"]["name"] == "Dorpshuis"
    assert event["location"]["address"]["addressLocality"] == "Tricht"
    assert event["organizer"]["name"] == "Dorpsraad"
    assert event["url"].endswith(f"/activiteiten/{een.id}")
    assert "previousStartDate" not in event


def test_whole_days_are_days_and_the_last_counts(client: ClientFactory, session: Session) -> None:
    een = make_activiteit(
        session,
        begint_op=datetime(2027, 6, 10, tzinfo=AMSTERDAM),
        eindigt_op=datetime(2027, 6, 14, tzinfo=AMSTERDAM),
        hele_dag=True,
    )

    [event] = events(client, een)

    assert (event["startDate"], event["endDate"]) == ("2027-06-10", "2027-06-13")


def test_what_was_moved_says_when_it_was_to_be(client: ClientFactory, session: Session) -> None:
    een = make_activiteit(session)
    eerst = een.begint_op
    for dagen in (1, 2):
        een.begint_op, een.eindigt_op = (
            eerst + timedelta(days=dagen),
            een.eindigt_op + timedelta(days=1),
        )
        session.flush()

    [event] = events(client, een)

    assert event["eventStatus"] == "https://schema.org/EventRescheduled"
    assert datetime.fromisoformat(event["previousStartDate"]) == eerst


def test_what_was_moved_before_anyone_could_see_it_was_not_moved(
    client: ClientFactory, session: Session
) -> None:
    een = make_activiteit(session, status=Status.CONCEPT)
    een.begint_op += timedelta(hours=1)
    session.flush()
    een.status = Status.GEPUBLICEERD
    session.flush()

    [event] = events(client, een)

    assert event["eventStatus"] == "https://schema.org/EventScheduled"


def test_what_is_called_off_says_so(client: ClientFactory, session: Session) -> None:
    [event] = events(client, make_activiteit(session, status=Status.AFGELAST))

    assert event["eventStatus"] == "https://schema.org/EventCancelled"


def test_what_not_everyone_may_see_has_no_event(client: ClientFactory, session: Session) -> None:
    een = make_activiteit(session, status=Status.CONCEPT)

    assert events(client, een, make_gebruiker(session, een.platform)) == []


@pytest.mark.parametrize("tekst", SCHERP)
def test_no_text_ends_the_data(client: ClientFactory, session: Session, tekst: str) -> None:
    een = make_activiteit(session, titel=tekst, omschrijving=tekst, plek_naam=tekst)

    [event] = events(client, een)

    assert (event["name"], event["description"]) == (tekst, tekst)
