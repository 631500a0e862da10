"""Calendars and feeds over HTTP: the same for everyone, the same bytes, cheap when unchanged."""

from datetime import timedelta
from typing import Any

import feedparser
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import ActiviteitSoort, Status
from kernenkaart.initiatieven.models import Status as InitiatiefStatus
from kernenkaart.platforms.models import Zichtbaarheid
from kernenkaart.tijd import now
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_gebruiker,
    make_initiatief,
    make_kern,
    make_platform,
    make_project,
    make_werkzaamheid,
    moment,
)
from tests.feeds.lezers import entries, entry
from tests.feeds.test_ical import WEKELIJKS, make_reeks, times_of
from tests.formulieren import counted

SOORT_MARKT = select(ActiviteitSoort.id).where(ActiviteitSoort.code == "markt")


def titles(body: bytes) -> set[str]:
    return {str(event["SUMMARY"]) for event in entries(body)}


@pytest.mark.parametrize(
    ("vraag", "gevonden"),
    [
        ("", {"hier", "markt", "buur", "ver"}),
        ("soort=markt", {"markt"}),
        ("soort=activiteiten.markt", {"markt"}),
        ("kern={slug}", {"hier", "markt"}),
        ("kern={slug}&soort=markt", {"markt"}),
        ("q=buu", {"buur"}),
        ("nabij={slug}&afstand=999", {"hier", "markt"}),
        ("nabij={slug}&afstand=1000", {"hier", "markt", "buur"}),
        ("wanneer=zelf&van={dag}&tot={dag}", {"markt"}),
        ("laag=activiteiten&laag=projecten&kern={slug}", {"hier", "markt"}),
    ],
)
def test_a_calendar_holds_what_its_address_asks_for(
    client: ClientFactory, session: Session, vraag: str, gevonden: set[str]
) -> None:
    kern, buur, ver = (make_kern(session) for _ in range(3))
    hier = make_platform(session, kernen=[kern])
    markt = session.execute(SOORT_MARKT).scalar_one()
    make_activiteit(session, platform=hier, titel="hier")
    make_activiteit(
        session,
        platform=hier,
        titel="markt",
        soort_id=markt,
        begint_op=moment(40, 10),
        eindigt_op=moment(40, 16),
    )
    make_activiteit(session, platform=make_platform(session, kernen=[buur]), titel="buur")
    make_activiteit(session, platform=make_platform(session, kernen=[ver]), titel="ver")
    url = "/kalender.ics?" + vraag.format(slug=kern.slug, dag=moment(40).date())

    answer = client().get(url)

    assert answer.status_code == 200
    assert titles(answer.data) == gevonden


@pytest.mark.parametrize(
    "vraag",
    [
        "bla=1",
        "soort=bestaat-niet",
        "soort=werkzaamheden.riool",
        "kern=bestaat-niet",
        "nabij=bestaat-niet&afstand=100",
        "nabij=x",
        "nabij=x&afstand=-1",
        "nabij=x&afstand=10001",
        "wanneer=ooit",
        "van=31-02-2027",
        "kern=a&kern=b",
        "laag=onzin",
        "plek=met",
        "q=%00",
    ],
)
def test_what_an_address_cannot_mean_is_refused(
    client: ClientFactory, session: Session, vraag: str
) -> None:
    answer = client().get(f"/kalender.ics?{vraag}")
    page = client().get(f"/agenda?{vraag}")

    assert (answer.status_code, page.status_code) == (400, 400)
    assert answer.json
    assert answer.json["errors"]
    assert page.mimetype == "text/html"


@pytest.mark.parametrize("pad", ["kalender.ics", "feed.atom", "feed.rss"])
def test_the_feed_of_a_kern_takes_no_question(
    client: ClientFactory, session: Session, pad: str
) -> None:
    kern = make_kern(session)

    assert client().get(f"/kernen/{kern.slug}/{pad}?utm_source=x").status_code == 400
    assert client().get(f"/kernen/bestaat-niet/{pad}").status_code == 404


def test_no_feed_tells_what_visitors_may_not_see(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session)
    platform = make_platform(session, kernen=[kern])
    for status in (Status.CONCEPT, Status.INGETROKKEN):
        make_activiteit(session, platform=platform, status=status, titel="Geheim")
    make_initiatief(session, platform=platform, status=InitiatiefStatus.INGETROKKEN, titel="Geheim")
    make_werkzaamheid(session, openbaar=False, titel="Geheim", geom=kern.hart)
    make_project(session, openbaar=False, titel="Geheim", geom=kern.hart)
    reeks = make_reeks(session, platform, WEKELIJKS, titel="Geheim")
    for keer in times_of(session, reeks):
        keer.status = Status.CONCEPT
    beheerder = make_gebruiker(session, platform)
    paden = (
        f"/kernen/{kern.slug}/kalender.ics",
        f"/kernen/{kern.slug}/feed.atom",
        f"/kernen/{kern.slug}/feed.rss",
        f"/platforms/{platform.id}/kalender.ics",
        "/kalender.ics",
        "/kalender.ics?wanneer=alles",
        "/feed.atom",
        "/feed.rss",
    )

    answers = [client(wie).get(pad) for wie in (None, beheerder) for pad in paden]

    assert {answer.status_code for answer in answers} == {200}
    assert [answer.request.path for answer in answers if b"Geheim" in answer.data] == []
    assert client(beheerder).get(f"/activiteiten/reeks/{reeks.uid}.ics").status_code == 404
    assert client(beheerder).get(f"/activiteiten/reeks/{reeks.uid}").status_code == 404


def test_the_calendar_of_a_group_that_is_not_public_is_not_there(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session, zichtbaarheid=Zichtbaarheid.INTERN)

    assert client().get(f"/platforms/{platform.id}/kalender.ics").status_code == 404


PADEN = ("/kernen/{slug}/kalender.ics", "/kernen/{slug}/feed.atom", "/feed.rss", "/kalender.ics")


@pytest.mark.parametrize("pad", PADEN)
def test_what_did_not_change_has_the_same_bytes_until_it_changes(
    client: ClientFactory, session: Session, pad: str
) -> None:
    een = make_activiteit(session)
    make_reeks(session, een.platform, WEKELIJKS)
    url = pad.format(slug=een.platform.kernen[0].slug)
    visitor = client()
    first = visitor.get(url)

    with time_machine.travel(now() + timedelta(hours=5), tick=False):
        later = visitor.get(url)
    een.titel = "Anders"
    session.flush()
    changed = visitor.get(url)

    assert later.data == first.data
    assert later.headers["ETag"] == first.headers["ETag"]
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert changed.data != first.data


@pytest.mark.parametrize("pad", PADEN)
def test_who_has_it_already_gets_a_304_for_one_question_to_the_database(
    client: ClientFactory, session: Session, pad: str
) -> None:
    een = make_activiteit(session)
    url = pad.format(slug=een.platform.kernen[0].slug)
    visitor = client()
    etag = visitor.get(url).headers["ETag"]

    with counted(session) as statements:
        answer = visitor.get(url, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == etag
    assert len(statements) == 1


def test_within_a_second_a_304_costs_no_question_at_all(
    app: Flask, client: ClientFactory, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    een = make_activiteit(session)
    url = f"/kernen/{een.platform.kernen[0].slug}/kalender.ics"
    visitor = client()
    etag = visitor.get(url).headers["ETag"]
    monkeypatch.setattr(app.extensions["kernenkaart.feeds"], "versie_s", 60.0)

    with counted(session) as statements:
        answer = visitor.get(url, headers={"If-None-Match": etag})

    assert answer.status_code == 304
    assert statements == []


@pytest.mark.parametrize(
    ("pad", "soort"),
    [
        ("kalender.ics", "text/calendar; charset=utf-8"),
        ("feed.atom", "application/atom+xml; charset=utf-8"),
        ("feed.rss", "application/rss+xml; charset=utf-8"),
    ],
)
def test_any_program_may_read_and_keep_it(
    client: ClientFactory, session: Session, pad: str, soort: str
) -> None:
    kern = make_kern(session)

    head = client().head(f"/kernen/{kern.slug}/{pad}")

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Type"] == soort
    assert head.headers["Access-Control-Allow-Origin"] == "*"
    assert head.headers["Cache-Control"].startswith("public, max-age=60, stale-while-revalidate")
    assert "Set-Cookie" not in head.headers


def test_a_calendar_of_many_takes_few_statements(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    for _ in range(5):
        make_activiteit(session, platform=platform)
        make_reeks(session, platform, WEKELIJKS)
    visitor = client()

    with counted(session) as statements:
        visitor.get(f"/kernen/{platform.kernen[0].slug}/kalender.ics")

    assert len(statements) <= 5


def test_the_page_of_a_series_leads_to_its_next_time(
    client: ClientFactory, session: Session
) -> None:
    reeks = make_reeks(session, make_platform(session), WEKELIJKS, begin=moment(-10))
    keren = times_of(session, reeks)
    keren[2].status = Status.INGETROKKEN

    answer = client().get(f"/activiteiten/reeks/{reeks.uid}")

    assert answer.location == f"/activiteiten/{keren[3].id}"
    body = client().get(f"/activiteiten/reeks/{reeks.uid}.ics").data
    assert str(entry(body)["URL"]).endswith(f"/activiteiten/reeks/{reeks.uid}")


SCHERP = "a & b < c ]]> \x07 </title><script>alert(1)</script>"


@pytest.mark.parametrize("vorm", ["atom", "rss"])
def test_a_feed_is_well_made_and_tells_all_layers_newest_first(
    client: ClientFactory, session: Session, vorm: str
) -> None:
    kern = make_kern(session)
    platform = make_platform(session, kernen=[kern])
    dingen: list[Any] = [
        make_activiteit(session, platform=platform, titel=SCHERP),
        make_werkzaamheid(session, geom=kern.hart),
        make_project(session, geom=kern.hart),
        make_initiatief(session, platform=platform),
    ]
    for nummer, ding in enumerate(dingen):
        ding.updated_at = moment(-nummer)
    session.flush()

    feed = feedparser.parse(client().get(f"/kernen/{kern.slug}/feed.{vorm}").data)

    assert feed.bozo == 0
    assert [item.link.rsplit("/", 2)[1] for item in feed.entries] == [
        "activiteiten",
        "werkzaamheden",
        "projecten",
        "initiatieven",
    ]
    assert len({item.id for item in feed.entries}) == 4
    assert all(item.id.startswith("tag:") for item in feed.entries)
    assert "alert(1)" in feed.entries[0].title


def test_an_entry_keeps_its_id_and_moves_up_when_it_changes(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    platform = make_platform(session, kernen=[kern])
    oud, nieuw = (make_activiteit(session, platform=platform) for _ in range(2))
    oud.updated_at, nieuw.updated_at = moment(-9), moment(-8)
    session.flush()
    url = f"/kernen/{kern.slug}/feed.atom"
    before = feedparser.parse(client().get(url).data)

    oud.titel, oud.updated_at = "Anders", moment(-1)
    session.flush()
    after = feedparser.parse(client().get(url).data)

    assert [item.id for item in after.entries] == [item.id for item in before.entries][::-1]
    assert after.feed.updated > before.feed.updated
    assert after.entries[0].updated > before.entries[1].updated


def test_a_new_series_is_one_message(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    keren = times_of(session, make_reeks(session, platform, WEKELIJKS))

    feed = feedparser.parse(client().get(f"/kernen/{platform.kernen[0].slug}/feed.atom").data)

    assert [item.link.rsplit("/", 1)[1] for item in feed.entries] == [str(keren[0].id)]


def test_a_feed_without_anything_is_a_feed(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session)

    feed = feedparser.parse(client().get(f"/kernen/{kern.slug}/feed.atom").data)

    assert (feed.bozo, feed.entries) == (0, [])
    assert feed.feed.updated
