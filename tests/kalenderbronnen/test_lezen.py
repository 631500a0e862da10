"""Calendars as they are found: what can be read is read, what cannot is named."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kernenkaart.errors import Invalid
from kernenkaart.kalenderbronnen.items import Inhoud, Item, Zekerheid
from kernenkaart.kalenderbronnen.lezen import read_ical
from kernenkaart.tijd import AMSTERDAM
from tests.conftest import needs_shared
from tests.kalenderbronnen.bronnen import ics, read, vevent

VANDAAG = date(2027, 3, 1)


def one(event: str, **kwargs: str) -> Item:
    inhoud = read(event, vandaag=VANDAAG, **kwargs)
    [item] = inhoud.items
    return item


def sentences(inhoud: Inhoud) -> list[str]:
    return [klacht.zin for klacht in inhoud.klachten]


@pytest.mark.parametrize(
    ("naam", "dag", "aantal"),
    [
        ("dehallen_amsterdam_2026-08-22.ics", date(2026, 8, 22), 68),
        ("makerspace_google_export_2019.ics", date(2019, 2, 16), 659),
        ("nederlandse_feestdagen.ics", date(2026, 11, 22), 81),
    ],
)
def test_a_real_calendar_is_read_whole(naam: str, dag: date, aantal: int) -> None:
    path: Path = needs_shared("geodata", "agenda", naam)

    inhoud = read_ical(path.read_bytes(), dag)

    assert inhoud.heel
    assert inhoud.klachten == ()
    assert len(inhoud.items) == pytest.approx(aantal, abs=8)
    assert len({item.sleutel for item in inhoud.items}) == len(inhoud.items)
    assert Inhoud.from_json(inhoud.to_json()) == inhoud


@pytest.mark.parametrize(
    ("begin", "kop", "moment"),
    [
        ("DTSTART:20270601T180000Z", "X:y", datetime(2027, 6, 1, 18, tzinfo=UTC)),
        ("DTSTART:20270601T200000", "X:y", datetime(2027, 6, 1, 18, tzinfo=UTC)),
        ("DTSTART:20270601T200000", "X-WR-TIMEZONE:Europe/London",
         datetime(2027, 6, 1, 19, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/London:20270601T200000", "X:y",
         datetime(2027, 6, 1, 19, tzinfo=UTC)),
        ("DTSTART;TZID=W. Europe Standard Time:20270601T200000", "X:y",
         datetime(2027, 6, 1, 18, tzinfo=UTC)),
        ("DTSTART;TZID=/mozilla.org/20050126_1/Europe/Amsterdam:20270601T200000", "X:y",
         datetime(2027, 6, 1, 18, tzinfo=UTC)),
        ('DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin":20270601T200000', "X:y",
         datetime(2027, 6, 1, 18, tzinfo=UTC)),
        ("DTSTART;TZID=Nergens/Huizen:20270601T200000", "X:y",
         datetime(2027, 6, 1, 18, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_time_is_read_in_the_zone_that_is_meant(begin: str, kop: str, moment: datetime) -> None:
    event = f"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:x\r\n{begin}\r\nDURATION:PT1H\r\nEND:VEVENT"

    assert one(event, kop=kop).begint_op == moment


def test_a_zone_that_the_calendar_defines_itself_counts() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Eigen\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Eigen:20270601T200000\r\nEND:VEVENT"

    item = one(event, kop=zone)

    assert item.begint_op == datetime(2027, 6, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("velden", "duur", "hele_dag", "zin"),
    [
        ({"DTSTART": "20270601T200000", "DTEND": ""}, timedelta(hours=1), False, "geen eindtijd"),
        ({"DTSTART": "20270601T200000", "DTEND": "20270601T190000"}, timedelta(hours=1), False,
         "vóór het begin"),
        ({"DTSTART": "20270601", "DTEND": ""}, timedelta(days=1), True, ""),
        ({"DTSTART": "20270601", "DTEND": "20270601"}, timedelta(days=1), True, ""),
        ({"DTSTART": "20270601", "DTEND": "20270604"}, timedelta(days=3), True, ""),
        ({"DTSTART": "20270601T200000", "DTEND": "", "DURATION": "PT90M"}, timedelta(minutes=90),
         False, ""),
        ({"DTSTART": "20270601T200000", "DTEND": "", "DURATION": "kort"}, timedelta(hours=1),
         False, "geen eindtijd"),
    ],
)  # fmt: skip
def test_an_end_that_is_missing_or_wrong_is_made_good_and_told(
    velden: dict[str, str], duur: timedelta, hele_dag: bool, zin: str
) -> None:
    inhoud = read(vevent(**velden), vandaag=VANDAAG)

    [item] = inhoud.items
    assert (item.eindigt_op - item.begint_op, item.hele_dag) == (duur, hele_dag)
    assert bool(inhoud.klachten) == bool(zin)
    assert all(zin in klacht for klacht in sentences(inhoud))


@pytest.mark.parametrize(
    ("kapot", "zin"),
    [
        ({"DTSTART": "morgen"}, "een begin dat niet te lezen is"),
        ({"DTSTART": ""}, "geen begin"),
        ({"RRULE": "FREQ=SOMS"}, "een herhaling die niet te lezen is"),
        ({"RRULE": "FREQ=HOURLY"}, "vaker dan elke dag"),
        ({"RRULE": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "te ingewikkeld"),
        ({"DTSTART": "99991231T100000", "DTEND": ""}, "een jaar dat niet kan kloppen"),
        ({"DTSTART": "20270601", "DTEND": "20281201"}, "langer dan een jaar"),
        ({"CLASS": "PRIVATE"}, "privé"),
    ],
)
def test_what_cannot_be_read_is_named_and_breaks_nothing_else(
    kapot: dict[str, str], zin: str
) -> None:
    inhoud = read(vevent("goed"), vevent("fout", **kapot))

    assert [item.titel for item in inhoud.items] == ["Ding goed"]
    [klacht] = inhoud.klachten
    assert zin in klacht.zin
    assert klacht.titel == "Ding fout"


@pytest.mark.parametrize(
    ("data", "titels"),
    [
        (ics(vevent("a"), vevent("b"))[:-60], ["Ding a"]),
        (ics(vevent("a"), vevent("b").replace("\r\nEND:VEVENT", ""), vevent("c")),
         ["Ding a", "Ding c"]),
        (ics(vevent("a")).replace(b"\r\n", b"\n"), ["Ding a"]),
        (ics(vevent("a")).replace(b"\r\n", b"\r"), ["Ding a"]),
        (b"\xef\xbb\xbf" + ics(vevent("a")), ["Ding a"]),
        (ics(vevent(SUMMARY="Café")).decode().encode("cp1252"), ["Café"]),
        (ics(vevent(SUMMARY="Café")).decode().encode("utf-16"), ["Café"]),
        (ics(vevent(SUMMARY="Een lange\r\n  naam")), ["Een lange naam"]),
        (ics(vevent(SUMMARY="Markt\\, groot")), ["Markt, groot"]),
        (ics(vevent(SUMMARY="Naam", DESCRIPTION="regel een\r\nregel twee")), ["Naam"]),
        (ics(vevent(SUMMARY="")), ["Zonder naam"]),
    ],
)  # fmt: skip
def test_a_file_that_is_not_quite_right_gives_what_is_in_it(data: bytes, titels: list[str]) -> None:
    inhoud = read_ical(data, datetime.now(AMSTERDAM).date())

    assert [item.titel for item in inhoud.items] == titels


@pytest.mark.parametrize("data", [b"<html>agenda</html>", b"hallo", b"\x00\x01\x02"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_ical(data, VANDAAG)


def test_a_description_in_html_becomes_text() -> None:
    item = one(
        vevent(
            DTSTART="20270601T200000",
            DTEND="",
            DESCRIPTION="<p>Kom <b>ook</b>!</p><ul><li>Soep</li><li>a &amp; b</li></ul>"
            '<a href="https://x.example/">Hier</a><script>alert(1)</script>',
            URL="https://y.example/",
        )
    )

    assert item.omschrijving == (
        "Kom ook!\n\n- Soep\n- a & b\nHier (https://x.example/)\n\nMeer weten: https://y.example/"
    )


def test_text_that_only_looks_like_html_stays() -> None:
    item = one(vevent(DTSTART="20270601T200000", DESCRIPTION="a < b en c > d", DTEND=""))

    assert item.omschrijving == "a < b en c > d"


def test_a_series_keeps_its_time_over_the_change_of_the_clock() -> None:
    inhoud = read(
        vevent(DTSTART="20270321T190000Z", DTEND="20270321T200000Z", RRULE="FREQ=WEEKLY;COUNT=3"),
        vandaag=VANDAAG,
        kop="X-WR-TIMEZONE:Europe/Amsterdam",
    )

    assert [item.begint_op.hour for item in inhoud.items] == [20, 20, 20]


def test_one_time_of_a_series_is_moved_another_cancelled_and_one_is_out() -> None:
    inhoud = read(
        vevent(DTSTART="20270601T200000", DTEND="", RRULE="FREQ=DAILY;COUNT=5",
               EXDATE="20270602T200000", DURATION="PT1H"),
        vevent(RECURRENCE_ID="20270603T200000", DTSTART="20270603T210000", DTEND="",
               DURATION="PT1H"),
        vevent(RECURRENCE_ID="20270604T200000", DTSTART="20270604T200000", DTEND="",
               DURATION="PT1H", STATUS="CANCELLED"),
        vandaag=VANDAAG,
    )  # fmt: skip

    assert [(i.begint_op.day, i.begint_op.hour, i.zekerheid) for i in inhoud.items] == [
        (1, 20, Zekerheid.ZEKER),
        (3, 21, Zekerheid.ZEKER),
        (4, 20, Zekerheid.AFGELAST),
        (5, 20, Zekerheid.ZEKER),
    ]


def test_of_one_entry_twice_the_last_version_counts() -> None:
    inhoud = read(
        vevent(SEQUENCE="2", SUMMARY="Nieuw"),
        vevent(SEQUENCE="1", SUMMARY="Oud"),
    )

    assert [item.titel for item in inhoud.items] == ["Nieuw"]


def test_two_things_with_one_uid_are_both_kept() -> None:
    inhoud = read(
        vevent(DTSTART="20270601T200000", DTEND=""),
        vevent(DTSTART="20270608T200000", DTEND=""),
        vandaag=VANDAAG,
    )

    assert len({item.sleutel for item in inhoud.items}) == 2


def test_what_lies_outside_the_period_is_counted_only() -> None:
    inhoud = read(
        vevent("oud", DTSTART="20270129T100000", DTEND=""),
        vevent("net", DTSTART="20270130T100000", DTEND=""),
        vevent("ver", DTSTART="20290301T100000", DTEND=""),
        vandaag=VANDAAG,
    )

    assert [item.uid for item in inhoud.items] == ["net"]
    assert inhoud.buiten == 2


def test_more_than_a_thousand_is_cut_off_and_said() -> None:
    inhoud = read(*(vevent(str(number)) for number in range(1_001)))

    assert len(inhoud.items) == 1_000
    assert not inhoud.heel
    assert "te veel" in inhoud.klachten[0].zin
