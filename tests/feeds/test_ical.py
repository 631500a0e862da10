"""Calendars as others read them: the same times, the same texts, one UID for ever."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.reeksen import ReeksGegevens, post_reeks
from kernenkaart.activiteiten.regel import Frequentie, Regel, Weekdag
from kernenkaart.activiteiten.services import ActiviteitGegevens
from kernenkaart.actor import Actor, Rol
from kernenkaart.feeds import ics
from kernenkaart.kernen.plek import Plek
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import AMSTERDAM, at, today
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_kern, make_platform, moment
from tests.feeds.lezers import begin_of, entries, entry, instances, vobject_instances

AVOND = 20


def beheer() -> Actor:
    return Actor(rol=Rol.BEHEERDER)


def make_reeks(session: Session, platform: Platform, regel: Regel, **values: Any) -> Reeks:
    """A published series in the kern of ``platform``, evenings of two hours unless said."""
    begin = values.pop("begin", moment(0, AVOND))
    soort_id = session.scalar(select(func.min(Activiteit.soort_id))) or 1
    inhoud = ActiviteitGegevens(
        titel=values.pop("titel", "Klaverjassen"),
        soort_id=soort_id,
        omschrijving="",
        begint_op=begin,
        eindigt_op=values.pop("eind", begin + timedelta(hours=2)),
        hele_dag=values.pop("hele_dag", False),
        plek=Plek(punt=platform.kernen[0].hart, naam="Dorpshuis"),
    )
    gegevens = ReeksGegevens(inhoud, regel, bevestigen=values.pop("bevestigen", False))
    reeks = post_reeks(
        session,
        beheer(),
        platform.id,
        gegevens,
        sleutel=uuid.uuid4(),
        plaats=True,
        marge_m=0,
    )
    session.flush()
    return reeks


def times_of(session: Session, reeks: Reeks) -> list[Activiteit]:
    return list(
        session.scalars(
            select(Activiteit).where(Activiteit.reeks_id == reeks.id).order_by(Activiteit.reeks_dag)
        )
    )


WEKELIJKS = Regel(Frequentie.WEEK)


def rows_between(session: Session, eerste: date, tot: date) -> set[tuple[datetime | date, str]]:
    """What the database says that happens, as ``lezers.instances`` tells it."""
    rows = session.scalars(
        select(Activiteit).where(
            Activiteit.status.in_((Status.GEPUBLICEERD, Status.VERWACHT)),
            Activiteit.begint_op >= at(eerste, datetime.min.time()),
            Activiteit.begint_op < at(tot, datetime.min.time()),
        )
    )
    return {
        (
            row.begint_op.astimezone(AMSTERDAM).date()
            if row.hele_dag
            else row.begint_op.astimezone(AMSTERDAM),
            f"{row.titel} (verwacht)" if row.status is Status.VERWACHT else row.titel,
        )
        for row in rows
    }


@pytest.mark.parametrize(
    ("regel", "velden"),
    [
        (WEKELIJKS, {}),
        (Regel(Frequentie.DAG, tussen=3), {"begin": moment(0, 23), "eind": moment(1, 4)}),
        (Regel(Frequentie.MAAND, weekdagen=(Weekdag(5, 1),), keren=9), {}),
        (Regel(Frequentie.WEEK, tussen=2, tot=today() + timedelta(days=400)), {}),
        (
            Regel(Frequentie.MAAND, maanddag=28),
            {"hele_dag": True, "begin": moment(0, 0), "eind": moment(2, 0)},
        ),
        (Regel(Frequentie.JAAR, maanden=(6,), maanddag=14), {"bevestigen": True}),
    ],
    ids=["week", "nacht", "keren", "tot", "dagen", "jaar"],
)
def test_two_readers_unfold_a_series_into_the_rows_there_are(
    client: ClientFactory, session: Session, regel: Regel, velden: dict[str, Any]
) -> None:
    platform = make_platform(session)
    reeks = make_reeks(session, platform, regel, **velden)
    keren = times_of(session, reeks)
    keren[1].status = Status.INGETROKKEN
    if len(keren) > 4:
        keren[2].status, keren[2].reden = Status.AFGELAST, "Ziek."
        keren[3].begint_op += timedelta(hours=1)
        keren[3].afwijkend = True
    eerste, tot = reeks.eerste_dag, reeks.uitgewerkt_tot

    body = client().get(f"/kernen/{platform.kernen[0].slug}/kalender.ics").data

    assert instances(body, eerste, tot) == rows_between(session, eerste, tot)
    if reeks.van:
        by_rule = {at(keer.reeks_dag, reeks.van) for keer in keren if keer.reeks_dag}
        van, einde = at(eerste, reeks.van), at(tot, reeks.van)
        assert vobject_instances(body, van, einde) == by_rule - {keren[1].begint_op}


def test_twenty_hours_is_twenty_hours_on_both_sides_of_the_change_of_the_clock(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    reeks = make_reeks(session, platform, WEKELIJKS)

    body = client().get(f"/kernen/{platform.kernen[0].slug}/kalender.ics").data

    found = instances(body, reeks.eerste_dag, reeks.uitgewerkt_tot)
    assert {begin.hour for begin, _titel in found if isinstance(begin, datetime)} == {AVOND}
    assert {begin.utcoffset() for begin, _titel in found if isinstance(begin, datetime)} == {
        timedelta(hours=1),
        timedelta(hours=2),
    }


def test_the_second_of_the_hours_that_are_called_the_same_keeps_its_place(
    client: ClientFactory, session: Session
) -> None:
    begin = datetime(2027, 10, 31, 2, 30, tzinfo=AMSTERDAM, fold=1)
    een = make_activiteit(session, begint_op=begin, eindigt_op=begin + timedelta(hours=2))

    event = entry(client().get(f"/activiteiten/{een.id}.ics").data)

    assert event.start.timestamp() == begin.timestamp()
    assert event.end.timestamp() == een.eindigt_op.timestamp()


def test_whole_days_end_on_the_day_after_the_last(client: ClientFactory, session: Session) -> None:
    begin = datetime(2027, 6, 10, tzinfo=AMSTERDAM)
    een = make_activiteit(
        session, begint_op=begin, eindigt_op=datetime(2027, 6, 14, tzinfo=AMSTERDAM), hele_dag=True
    )

    event = entry(client().get(f"/activiteiten/{een.id}.ics").data)

    assert (event.start, event.end) == (date(2027, 6, 10), date(2027, 6, 14))


def test_an_entry_tells_what_the_page_tells(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session, naam="Tricht")
    een = make_activiteit(
        session,
        platform=make_platform(session, kernen=[kern]),
        titel="Boekenmarkt; met koffie, thee",
        omschrijving="Veertig kramen.\nEn koffie.",
        plek_naam="Dorpshuis",
        organisator="Oranjevereniging",
    )

    event = entry(client().get(f"/kernen/{kern.slug}/kalender.ics").data)

    assert str(event["UID"]) == str(een.uid)
    assert event["SUMMARY"] == "Boekenmarkt; met koffie, thee"
    assert event["LOCATION"] == "Dorpshuis, Tricht"
    assert event["STATUS"] == "CONFIRMED"
    assert event["URL"].endswith(f"/activiteiten/{een.id}")
    assert event["DESCRIPTION"].startswith("Veertig kramen.\nEn koffie.")
    assert "Oranjevereniging" in event["DESCRIPTION"]
    assert str(event["URL"]) in event["DESCRIPTION"]
    assert event["LAST-MODIFIED"].dt == een.updated_at.replace(microsecond=0)
    assert 50 < event["GEO"].latitude < 54
    assert event["SEQUENCE"] == 0


def test_the_uid_stays_and_the_number_rises_with_every_change(
    client: ClientFactory, session: Session
) -> None:
    een = make_activiteit(session)
    before = entry(client().get(f"/activiteiten/{een.id}.ics").data)

    een.begint_op += timedelta(hours=1)
    after = entry(client().get(f"/activiteiten/{een.id}.ics").data)

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


@pytest.mark.parametrize("status", [Status.AFGELAST, Status.INGETROKKEN])
def test_a_change_of_one_time_is_a_change_of_its_series(
    client: ClientFactory, session: Session, status: Status
) -> None:
    platform = make_platform(session)
    reeks = make_reeks(session, platform, WEKELIJKS)
    url = f"/kernen/{platform.kernen[0].slug}/kalender.ics"
    before = entry(client().get(url).data)

    times_of(session, reeks)[3].status = status
    after, *keren = entries(client().get(url).data)

    assert before["UID"] == after["UID"] == str(reeks.uid)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert all(keer["UID"] == after["UID"] for keer in keren)
    assert all(keer["SEQUENCE"] >= after["SEQUENCE"] for keer in keren)


def test_a_moved_time_names_the_time_it_stands_for(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    reeks = make_reeks(session, platform, WEKELIJKS)
    keer = times_of(session, reeks)[2]
    old = keer.begint_op
    keer.begint_op, keer.eindigt_op = old + timedelta(days=1), keer.eindigt_op + timedelta(days=1)
    keer.afwijkend, keer.titel = True, "Klaverjassen in de kerk"

    _reeks, event = entries(client().get(f"/kernen/{platform.kernen[0].slug}/kalender.ics").data)

    assert event["RECURRENCE-ID"].dt.timestamp() == old.timestamp()
    assert begin_of(event).timestamp() == keer.begint_op.timestamp()  # type: ignore[union-attr]
    assert event["SUMMARY"] == "Klaverjassen in de kerk"


def test_what_is_called_off_stays_for_ninety_days_and_says_so(
    client: ClientFactory, session: Session
) -> None:
    een = make_activiteit(
        session,
        status=Status.AFGELAST,
        reden="Te veel wind.",
        begint_op=moment(-90, 10),
        eindigt_op=moment(-90, 16),
    )
    kern = een.platform.kernen[0]

    event = entry(client().get(f"/kernen/{kern.slug}/kalender.ics").data)

    assert event["STATUS"] == "CANCELLED"
    assert event["SUMMARY"] == f"Afgelast: {een.titel}"
    assert "Te veel wind." in event["DESCRIPTION"]


def test_what_is_not_certain_says_so(client: ClientFactory, session: Session) -> None:
    een = make_activiteit(session, status=Status.VERWACHT)

    event = entry(client().get(f"/activiteiten/{een.id}.ics").data)

    assert event["STATUS"] == "TENTATIVE"
    assert event["SUMMARY"] == f"{een.titel} (verwacht)"


def test_a_time_in_another_kern_does_not_bring_its_series_along(
    client: ClientFactory, session: Session
) -> None:
    platform, elders = make_platform(session), make_kern(session)
    keer = times_of(session, make_reeks(session, platform, WEKELIJKS))[2]
    keer.geom, keer.afwijkend = elders.hart, True

    event = entry(client().get(f"/kernen/{elders.slug}/kalender.ics").data)

    assert str(event["UID"]) == str(keer.uid)
    assert "RRULE" not in event


def test_with_a_period_each_time_stands_by_itself(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    reeks = make_reeks(session, platform, WEKELIJKS, begin=moment(1, AVOND))
    slug, tot = platform.kernen[0].slug, today() + timedelta(days=20)

    body = client().get(f"/kalender.ics?kern={slug}&van={today()}&tot={tot}").data

    assert {str(event["UID"]) for event in entries(body)} == {
        str(keer.uid) for keer in times_of(session, reeks)[:3]
    }


SCHERP = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=120
) | st.lists(
    st.sampled_from(
        ["\r\n", "\n", "\r", "BEGIN:VEVENT", "END:VEVENT", "\\", "\\n", ";", ",", ":", '"', "^n",
         "ATTACH:https://example.org/x", "é", "😀", "\u2028", "\x0b", " ", "\t", "x" * 73]
    ),
    min_size=1,
    max_size=12,
).map("".join)  # fmt: skip


@given(SCHERP)
@settings(max_examples=100, deadline=None)
def test_no_text_becomes_a_property_or_gets_lost(tekst: str) -> None:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1",
             ics.line("SUMMARY", ics.text(tekst)), "END:VEVENT", "END:VCALENDAR"]  # fmt: skip

    body = ics.join(lines)

    event = entry(body)
    assert list(event.keys()) == ["UID", "SUMMARY"]
    assert unescape(raw_value(body, "SUMMARY")) == ics.plain(tekst)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert not {13, 10} & set(body.replace(b"\r\n", b""))


def raw_value(body: bytes, name: str) -> str:
    """The value of a property as it stands in the file, unfolded."""
    lines = body.replace(b"\r\n ", b"").decode().split("\r\n")
    return next(line.removeprefix(f"{name}:") for line in lines if line.startswith(f"{name}:"))


def unescape(value: str) -> str:
    """RFC 5545, section 3.3.11, character by character."""
    out, signs = [], iter(value)
    for sign in signs:
        if sign == "\\":
            escaped = next(signs)
            assert escaped in "\\;,n"
            out.append("\n" if escaped == "n" else escaped)
        else:
            assert sign not in ";,"
            out.append(sign)
    return "".join(out)


def test_a_line_end_in_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="URL"):
        ics.line("URL", "https://example.org/\r\nATTACH:x")


def test_the_rules_of_the_clock_are_those_of_the_zone(
    client: ClientFactory, session: Session
) -> None:
    een = make_activiteit(session)
    body = client().get(f"/activiteiten/{een.id}.ics").data.decode()
    own = body.replace("TZID:Europe/Amsterdam", "TZID:Proef").replace(
        "TZID=Europe/Amsterdam", "TZID=Proef"
    )

    for uur, day in ((10, date(2027, 3, 27)), (10, date(2027, 3, 28)), (10, date(2027, 10, 31))):
        een.begint_op = datetime(day.year, day.month, day.day, uur, tzinfo=AMSTERDAM)
        line = f"DTSTART;TZID=Proef:{day:%Y%m%d}T{uur:02}0000"
        found = "\r\n".join(
            line if part.startswith("DTSTART;TZID") else part for part in own.split("\r\n")
        )
        event = entry(found.encode())
        assert event.start.timestamp() == een.begint_op.timestamp()
