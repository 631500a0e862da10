"""A rule of a series, checked against an independent reader of calendars."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernenkaart.activiteiten.regel import Frequentie, Regel, Weekdag, ends_within
from kernenkaart.tijd import AMSTERDAM, at

TIEN_JAAR = timedelta(days=3653)
AVOND = time(20)


@st.composite
def regels(draw: st.DrawFn) -> Regel:
    """Rules as a form can make them."""
    per = draw(st.sampled_from(Frequentie))
    day = st.integers(0, 6)
    weekdagen: tuple[Weekdag, ...] = ()
    maanddag = None
    if per is Frequentie.WEEK:
        weekdagen = tuple(Weekdag(dag) for dag in sorted(draw(st.sets(day, max_size=3))))
    elif per is not Frequentie.DAG:
        kind = draw(st.sampled_from(("dag", "hoeveelste")))
        if kind == "dag":
            maanddag = draw(st.sampled_from((-1, *range(1, 32))))
        else:
            nummer = draw(st.sampled_from((-1, 1, 2, 3, 4, 5)))
            weekdagen = (Weekdag(draw(day), nummer),)
    if per is Frequentie.JAAR:
        lengths = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
        fits = [m for m in range(1, 13) if (maanddag or 1) <= lengths.get(m, 31)]
        maanden = (draw(st.sampled_from(fits)),)
    else:
        maanden = tuple(sorted(draw(st.sets(st.integers(1, 12), max_size=11))))
        if maanddag and maanddag > 28:
            maanden = ()
    ends = draw(st.sampled_from(("nooit", "tot", "keren")))
    return Regel(
        per=per,
        tussen=draw(st.integers(1, 4)),
        weekdagen=weekdagen,
        maanddag=maanddag,
        maanden=maanden,
        tot=draw(st.dates(date(2026, 1, 1), date(2036, 1, 1))) if ends == "tot" else None,
        keren=draw(st.integers(1, 60)) if ends == "keren" else None,
    )


def read_back(regel: Regel, eerste: date, tot: date) -> list[datetime]:
    """Begin of every time between two days, by a calendar file and a reader that is not ours."""
    event = icalendar.Event()
    event.add("uid", "proef")
    event.start = datetime.combine(eerste, AVOND, AMSTERDAM)
    event.end = datetime.combine(eerste, time(22), AMSTERDAM)
    rule = icalendar.vRecur.from_ical(str(regel))
    if regel.tot:  # with hours, UNTIL is a moment in UTC
        rule["UNTIL"] = [datetime.combine(regel.tot, time(23, 59), AMSTERDAM).astimezone(UTC)]
    event.add("rrule", rule)
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//proef//")
    calendar.add_component(event)
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(calendar.to_ical())).between(
        eerste, tot + timedelta(days=1)
    )
    return sorted(event.start for event in found)


def check_against_reader(regel: Regel, vanaf: date) -> None:
    eerste = regel.first_day(vanaf)
    if eerste is None:
        return
    tot = eerste + TIEN_JAAR

    ours = [at(dag, AVOND) for dag in regel.days(eerste, tot)]

    assert [moment.astimezone(UTC) for moment in ours] == [
        moment.astimezone(UTC) for moment in read_back(regel, eerste, tot)
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(regels(), st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_days_are_those_of_an_independent_reader_over_ten_years(regel: Regel, vanaf: date) -> None:
    check_against_reader(regel, vanaf)


@pytest.mark.volledig
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(regels(), st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_many_more_rules_have_the_days_of_an_independent_reader(regel: Regel, vanaf: date) -> None:
    check_against_reader(regel, vanaf)


@settings(max_examples=200, deadline=None)
@given(regels())
def test_a_rule_reads_back_as_it_was_written_and_has_words(regel: Regel) -> None:
    assert Regel.parse(str(regel)) == regel
    assert regel.woorden.startswith(("Elk", "Om de week"))
    assert "None" not in regel.woorden


@settings(max_examples=100, deadline=None)
@given(regels(), st.integers(0, 40))
def test_a_rule_that_stops_earlier_keeps_the_days_before(regel: Regel, nth: int) -> None:
    eerste = regel.first_day(date(2026, 11, 22))
    if eerste is None:
        return
    days = regel.days(eerste, eerste + TIEN_JAAR)
    kept = days[: nth + 1]

    shorter = ends_within(regel, eerste, kept[-1])

    assert shorter.days(eerste, eerste + TIEN_JAAR) == kept


@pytest.mark.parametrize(
    ("regel", "woorden"),
    [
        (Regel(Frequentie.DAG), "Elke dag"),
        (Regel(Frequentie.DAG, tussen=3), "Elke 3 dagen"),
        (Regel(Frequentie.WEEK, weekdagen=(Weekdag(1),)), "Elke dinsdag"),
        (
            Regel(Frequentie.WEEK, weekdagen=(Weekdag(1), Weekdag(3)), keren=10),
            "Elke dinsdag en donderdag, 10 keer",
        ),
        (Regel(Frequentie.WEEK, tussen=2, weekdagen=(Weekdag(4),)), "Om de week op vrijdag"),
        (Regel(Frequentie.MAAND, weekdagen=(Weekdag(5, 1),)), "Elke 1e zaterdag"),
        (
            Regel(
                Frequentie.MAAND,
                weekdagen=(Weekdag(4, -1),),
                maanden=(1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12),
            ),
            "Elke laatste vrijdag, niet in juli",
        ),
        (Regel(Frequentie.MAAND, maanddag=12), "Elke 12e van de maand"),
        (Regel(Frequentie.MAAND, maanddag=-1), "Elke laatste dag van de maand"),
        (
            Regel(Frequentie.MAAND, tussen=2, weekdagen=(Weekdag(0, 2),)),
            "Elke 2 maanden op de 2e maandag",
        ),
        (
            Regel(Frequentie.JAAR, weekdagen=(Weekdag(5, 2),), maanden=(6,)),
            "Elk jaar op de 2e zaterdag van juni",
        ),
        (Regel(Frequentie.JAAR, maanddag=27, maanden=(4,)), "Elk jaar op 27 april"),
        (
            Regel(Frequentie.WEEK, weekdagen=(Weekdag(1),), tot=date(2099, 6, 30)),
            "Elke dinsdag, t/m di 30 juni 2099",
        ),
    ],
)
def test_a_rule_in_plain_words(regel: Regel, woorden: str) -> None:
    assert regel.woorden == woorden


def test_the_last_friday_but_not_in_july() -> None:
    regel = Regel(
        Frequentie.MAAND,
        weekdagen=(Weekdag(4, -1),),
        maanden=(1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12),
    )

    days = regel.days(date(2027, 5, 28), date(2027, 9, 30))

    assert days == [date(2027, 5, 28), date(2027, 6, 25), date(2027, 8, 27), date(2027, 9, 24)]


def test_every_other_week_counts_from_its_first_day() -> None:
    regel = Regel(Frequentie.WEEK, tussen=2, weekdagen=(Weekdag(1),))

    eerste = regel.first_day(date(2027, 1, 7))  # a Thursday

    assert eerste == date(2027, 1, 12)
    assert regel.days(eerste, date(2027, 2, 10)) == [
        date(2027, 1, 12),
        date(2027, 1, 26),
        date(2027, 2, 9),
    ]


def test_until_is_included_and_a_count_counts_the_first() -> None:
    week = Regel(Frequentie.WEEK, weekdagen=(Weekdag(1),))
    eerste, ver = date(2027, 1, 5), date(2030, 1, 1)

    assert len(Regel(week.per, weekdagen=week.weekdagen, keren=10).days(eerste, ver)) == 10
    tot = Regel(week.per, weekdagen=week.weekdagen, tot=date(2027, 1, 19)).days(eerste, ver)
    assert tot == [date(2027, 1, 5), date(2027, 1, 12), date(2027, 1, 19)]


@pytest.mark.parametrize(
    "fout",
    [
        {"per": Frequentie.DAG, "tussen": 0},
        {"per": Frequentie.DAG, "keren": 0},
        {"per": Frequentie.DAG, "keren": 3, "tot": date(2027, 1, 1)},
        {"per": Frequentie.WEEK, "weekdagen": (Weekdag(1, 2),)},
        {"per": Frequentie.MAAND, "weekdagen": (Weekdag(1, 2),), "maanddag": 3},
        {"per": Frequentie.MAAND, "maanddag": 32},
        {"per": Frequentie.MAAND, "maanden": (13,)},
        {"per": Frequentie.MAAND, "maanddag": 31, "maanden": (2, 4)},
        {"per": Frequentie.JAAR, "maanddag": 3},
    ],
)
def test_what_does_not_go_together_is_refused(fout: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Regel(**fout)


@pytest.mark.parametrize(
    "text", ["", "FREQ=HOURLY", "FREQ=DAILY;BYSETPOS=1", "FREQ=WEEKLY;BYDAY=XX"]
)
def test_a_rule_that_we_do_not_know_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Regel.parse(text)
