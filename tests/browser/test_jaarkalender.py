"""The year of a kern: a calendar comes in, a resident adds a fair, a phone follows.

A real browser, a real worker, a real mail server, and as the phone a reader of calendars that is
not ours.
"""

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import recurring_ical_events
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from kernenkaart.config import ROOT
from kernenkaart.embedded import Cluster
from kernenkaart.inzendingen.spam import SNELST
from kernenkaart.tijd import today
from tests.browser.conftest import log_in, watched
from tests.postbus import Postbus
from tests.served import Served, environment, serve

KERMIS = "Kermis aan de haven"
DAG = today() + timedelta(days=40)


@pytest.fixture
def kernenkaart(
    cluster: Cluster, gevuld: str, postbus: Postbus, tmp_path: Path
) -> Iterator[Served]:
    """The whole application, its worker included, with a database of its own."""
    cluster.create_database("jaarkalender", template=gevuld)
    mail = {"KERNENKAART_MAIL_SERVER": "127.0.0.1", "KERNENKAART_MAIL_POORT": str(postbus.port)}
    environ = environment(cluster, "jaarkalender", tmp_path / "cache", **mail)
    with serve(environ, tmp_path) as running:
        worker = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "taken", "werk"],
            cwd=ROOT, env=running.environ | {"KERNENKAART_BASIS_URL": running.url},
        )  # fmt: skip
        yield running
        worker.kill()
        worker.wait()
    cluster.drop_database("jaarkalender")


def follow(url: str, dag: date) -> list[tuple[str, str, int]]:
    """What a phone that follows ``url`` shows on a day: title, UID and number of the version."""
    with urllib.request.urlopen(url.replace("webcal:", "http:")) as answer:
        calendar = Calendar.from_ical(answer.read())
    found = recurring_ical_events.of(calendar).at((dag.year, dag.month, dag.day))
    return [(str(e["SUMMARY"]), str(e["UID"]), int(e["SEQUENCE"])) for e in found]


def until(what: Callable[[], object], limit_s: float = 30) -> None:
    deadline = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def read_in(page: Page, dag: date) -> None:
    """A dorpsraad reads in its own calendar."""
    data = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//dorp//NL\r\nBEGIN:VEVENT\r\nUID:bingo\r\n"
        f"DTSTAMP:20260101T000000Z\r\nDTSTART:{dag:%Y%m%d}T200000\r\nDURATION:PT2H\r\n"
        "SUMMARY:Bingo uit onze agenda\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    page.set_input_files(
        "#bestand",
        files=[{"name": "a.ics", "mimeType": "text/calendar", "buffer": data.encode()}],
    )
    page.select_option("#soort", label="Ouderen")
    page.select_option("#kern", label="Tricht")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("Bingo uit onze agenda")).to_be_visible()
    page.get_by_role("button", name=re.compile("Neem over|Neem .* over")).click()


def send_in(page: Page, dag: date) -> None:
    """A resident sends in a fair."""
    page.goto("/activiteiten/insturen?kern=tricht")
    page.fill("#titel", KERMIS)
    page.select_option("#soort", label="Kermis")
    page.fill("#datum", f"{dag:%d-%m-%Y}")
    page.fill("#van", "13.00")
    page.fill("#tot", "22.00")
    page.fill("#organisator", "Buurt aan de haven")
    page.fill("#email", "buur@voorbeeld.example")
    page.wait_for_timeout(SNELST.total_seconds() * 1000)
    page.get_by_role("button", name="Bekijk en stuur in").click()
    page.get_by_role("button", name="Stuur in", exact=True).click()
    expect(page.get_by_role("heading", name="Kijk in je mail")).to_be_visible()


def test_what_a_village_plans_stands_on_the_phone_of_a_neighbour_and_moves_there_too(
    browser: Browser, kernenkaart: Served, postbus: Postbus
) -> None:
    raad, inwoner, buur = (
        watched(browser.new_context(base_url=kernenkaart.url).new_page()) for _ in range(3)
    )
    for page in (raad, inwoner, buur):
        page.set_default_timeout(10_000)
    later = DAG + timedelta(days=7)

    # the dorpsraad reads in its own calendar
    log_in(raad, "platformlid")
    raad.goto(f"/platforms/{kernenkaart.examples['platform']}/bronnen")
    read_in(raad, DAG)

    # a resident sends in a fair, and confirms by mail
    send_in(inwoner, DAG)
    until(lambda: any(mail["To"] == "buur@voorbeeld.example" for mail in postbus.mails))
    [mail] = [mail for mail in postbus.mails if mail["To"] == "buur@voorbeeld.example"]
    link = re.search(rf"{kernenkaart.url}(/ingestuurd/\S+)", mail.get_content())
    assert link
    inwoner.goto(link[1])
    inwoner.get_by_role("button", name="Ja, dit klopt").click()
    expect(inwoner.get_by_text("Bedankt!")).to_be_visible()

    # the dorpsraad publishes it
    raad.goto("/moderatie")
    raad.get_by_role("link", name=KERMIS).first.click()
    raad.get_by_role("button", name="Plaats in de kalender").click()
    expect(raad.get_by_text("Het staat in de kalender.")).to_be_visible()

    # a neighbour follows the calendar of the kern
    buur.goto("/kernen/tricht/agenda")
    webcal = buur.get_by_role("link", name="Zet in mijn agenda").first.get_attribute("href")
    assert webcal
    assert webcal.startswith("webcal:")
    until(lambda: {"Bingo uit onze agenda", KERMIS} <= {t for t, _, _ in follow(webcal, DAG)})
    [(_, uid, nummer)] = [found for found in follow(webcal, DAG) if found[0] == KERMIS]

    # the date moves
    inwoner.reload()
    inwoner.get_by_role("link", name=f"Bekijk {KERMIS}").click()
    pad = re.search(r"/activiteiten/\d+", inwoner.url)
    assert pad
    raad.goto(f"{pad[0]}/wijzig")
    raad.fill("#datum", f"{later:%d-%m-%Y}")
    raad.get_by_role("button", name="Bekijk").first.click()
    raad.locator("button[value=plaats]").first.click()
    expect(raad.get_by_role("heading", name=KERMIS)).to_be_visible()

    # and so does it on the phone
    until(lambda: KERMIS in {titel for titel, _, _ in follow(webcal, later)})
    [(_, moved_uid, moved_nummer)] = [f for f in follow(webcal, later) if f[0] == KERMIS]
    assert KERMIS not in {titel for titel, _, _ in follow(webcal, DAG)}
    assert moved_uid == uid
    assert moved_nummer > nummer
    assert [*raad.faults, *inwoner.faults, *buur.faults] == []  # type: ignore[attr-defined]
    for page in (raad, inwoner, buur):
        page.context.close()
