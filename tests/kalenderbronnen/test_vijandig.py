"""Hostile calendars and tables (T6, T17): each is answered within two seconds, and never breaks."""

import io
import random
import resource
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest

from kernenkaart.errors import Invalid
from kernenkaart.kalenderbronnen.items import HOOGSTENS
from kernenkaart.kalenderbronnen.kind import make_blad, read_agenda, read_blad
from kernenkaart.kalenderbronnen.tabel import SJABLOON, read_file
from tests.kalenderbronnen.bronnen import ics, vevent

VANDAAG = date(2027, 3, 1)
DAG = "20270601T100000"
CPU_S = 2.0

REGELS = (
    "FREQ=SECONDLY",
    "FREQ=MINUTELY;COUNT=99999999",
    "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8;BYMINUTE=1,2,3,4,5,6,7,8;BYSECOND=1,2,3,4,5,6",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTHDAY=1;BYYEARDAY=366",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=-1",
    "FREQ=DAILY;COUNT=-5",
    "FREQ=DAILY;COUNT=99999999999999999999999999",
    "FREQ=DAILY;UNTIL=99991231T235959Z",
    "FREQ=DAILY;UNTIL=00010101",
    "FREQ=YEARLY;INTERVAL=9999999",
    "FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 3_000),
    "FREQ=DAILY;BYSETPOS=" + ",".join(map(str, range(1, 367))),
    "FREQ=DAILY;RSCALE=CHINESE;SKIP=FORWARD",
    "FREQ=DAILY;FREQ=SECONDLY",
)


def many(number: int, **values: str) -> bytes:
    return ics(*(vevent(str(n), DTEND="", **values) for n in range(number)))


VAST: dict[str, Callable[[], bytes]] = {
    "a million days out": lambda: ics(
        vevent(DTSTART=DAG, RRULE="FREQ=DAILY", EXDATE=",".join([DAG] * 500_000))
    ),
    "many lines of days out": lambda: ics(
        vevent(DTSTART=DAG, RRULE="FREQ=DAILY") .replace(
            "END:VEVENT", "\r\n".join([f"EXDATE:{DAG}"] * 300_000) + "\r\nEND:VEVENT"
        )
    ),
    "three thousand series": lambda: many(
        3_000, DTSTART="20200101T100000", RRULE="FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    ),
    "three thousand without end": lambda: many(3_000, DTSTART=DAG),
    "begins and no ends": lambda: b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 650_000,
    "alarms in alarms": lambda: ics(vevent(X="\r\n".join(["BEGIN:VALARM"] * 400_000))),
    "one endless line": lambda: ics(vevent(DESCRIPTION="x" * 9_000_000)),
    "one endless folded line": lambda: ics(vevent(DESCRIPTION="\r\n x" * 2_000_000)),
    "kinds without end": lambda: ics(vevent(X="\r\n".join(["CATEGORIES:a,b"] * 300_000))),
    "open tags": lambda: ics(vevent(DESCRIPTION="<a" * 9_000)),
    "deep lists": lambda: ics(vevent(DESCRIPTION="<ul><li>" * 2_400)),
    "lasts for ever": lambda: ics(vevent(DTSTART=DAG, DTEND="", DURATION="P99999999999W")),
    "lasts long, daily": lambda: ics(
        vevent(DTSTART="20170101T100000", DTEND="", DURATION="P3000D", RRULE="FREQ=DAILY")
    ),
    "year one": lambda: ics(vevent(DTSTART="00010101T000000", DTEND="", RRULE="FREQ=DAILY")),
    "year 9999": lambda: ics(vevent(DTSTART="99991231T235959", DTEND="99991231T235959")),
    "exceptions without end": lambda: ics(
        vevent(DTSTART=DAG, DTEND="", RRULE="FREQ=DAILY;COUNT=3"),
        *(vevent(RECURRENCE_ID=DAG, DTSTART=DAG, DTEND="", SEQUENCE=str(n)) for n in range(2_500)),
    ),
    "a zone that ticks": lambda: ics(
        vevent(**{"DTSTART;TZID=Mars": DAG, "DTSTART": "", "DTEND": ""}),
        kop="BEGIN:VTIMEZONE\r\nTZID:Mars\r\nBEGIN:STANDARD\r\nDTSTART:00010101T000000\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+9900\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE",
    ),
    "all bytes there are": lambda: b"BEGIN:VCALENDAR\r\n" + bytes(range(256)) * 30_000,
}  # fmt: skip


def check(data: bytes) -> None:
    """Read a file as the application does; it answers in time, within the limits."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with suppress(Invalid):
        assert len(read_agenda(data, VANDAAG).items) <= HOOGSTENS
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used < CPU_S + 0.5  # the half second is Python's own start on a busy machine


@pytest.mark.parametrize(
    "naam", ["three thousand series", "many lines of days out", "a zone that ticks", "year one"]
)
def test_a_hostile_calendar_is_answered_in_time(naam: str) -> None:
    check(VAST[naam]())


@pytest.mark.volledig
@pytest.mark.parametrize("naam", sorted(VAST))
def test_every_hostile_calendar_is_answered_in_time(naam: str) -> None:
    check(VAST[naam]())


@pytest.mark.volledig
@pytest.mark.parametrize("zaad", range(200))
def test_a_calendar_of_hostile_parts_is_answered_in_time(zaad: int) -> None:
    chance = random.Random(zaad)  # the same parts every time
    moments = (DAG, "20270601", "00000000T000000", "20271032T250000", "99999999", "", "\0", "-1")
    events = [
        vevent(
            str(chance.randrange(5)),
            DTSTART=chance.choice(moments),
            DTEND=chance.choice(moments),
            RRULE=chance.choice((*REGELS, "", "", "")),
            EXDATE=chance.choice((*moments, ",".join([DAG] * 900))),
            RECURRENCE_ID=chance.choice((*moments, "", "")),
            STATUS=chance.choice(("CANCELLED", "TENTATIVE", "x" * 1_000, "")),
            GEO=chance.choice(("nan;inf", "52;5", "1e999;2", "", "5")),
            DURATION=chance.choice(("P1D", "-P1D", "P9999999999D", "")),
            SEQUENCE=chance.choice(("1", "-1", "9" * 50, "a", "")),
        )
        for _ in range(chance.randrange(1, 60))
    ]
    data = bytearray(ics(*events))
    for _ in range(chance.randrange(30)):
        data[chance.randrange(len(data))] = chance.randrange(256)

    check(bytes(data))


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for naam, data in members.items():
            archive.writestr(naam.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"x" * 1_000,
        zipped(leeg=b""),
        zipped(bom=b"0" * 60_000_000),
        zipped(**{f"lid{n}": b"x" for n in range(200)}),
        b"\xd0\xcf\x11\xe0" + b"\0" * 1_000,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 1_000,
        b"",
        b"   \n",
        b"x" * 10_000_001,
    ],
)
def test_a_table_that_cannot_be_one_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as error:
        read_file(data, VANDAAG)

    assert error.value.veld == "bestand"


def test_an_entity_bomb_in_an_excel_file_is_refused() -> None:
    book = io.BytesIO(make_blad(SJABLOON, VANDAAG))
    out = io.BytesIO()
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w") as new:
        for naam in old.namelist():
            text = old.read(naam).decode()
            if naam.endswith("sheet1.xml"):
                doctype = f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'
                text = doctype + text.replace("Boekenmarkt", "&l8;")
            new.writestr(naam, text)

    try:
        text = read_blad(out.getvalue(), VANDAAG)
    except Invalid:
        return
    assert len(text) < 100_000


def test_a_formula_in_the_empty_table_stays_text() -> None:
    text = read_blad(make_blad([["titel", "datum"], ["=1+1", "12-06-2027"]], VANDAAG), VANDAAG)

    assert "=1+1\t12-06-2027" in text
