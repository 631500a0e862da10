from datetime import date

import pytest

from kernenkaart.demo.kalender import days_of, easter, koningsdag, nth_weekday

EERSTE, LAATSTE = date(2027, 1, 1), date(2027, 12, 31)


@pytest.mark.parametrize(
    ("jaar", "dag"),
    [
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_falls_on_the_known_day(jaar: int, dag: date) -> None:
    assert easter(jaar) == dag


def test_koningsdag_moves_off_a_sunday() -> None:
    assert koningsdag(2027) == date(2027, 4, 27)
    assert koningsdag(2031) == date(2031, 4, 26)


@pytest.mark.parametrize(
    ("maand", "nth", "weekdag", "dag"),
    [(5, 1, 6, 1), (5, 1, 5, 7), (9, 4, 6, 25), (2, 1, 1, 1)],
)
def test_the_nth_weekday_counts_from_the_first_of_the_month(maand, nth, weekdag, dag) -> None:
    assert nth_weekday(2027, maand, nth, weekdag) == date(2027, maand, dag)


@pytest.mark.parametrize(
    ("regel", "dagen"),
    [
        ({"maand": 5, "dag": 4}, [date(2027, 5, 4)]),
        ({"pasen": -1}, [date(2027, 3, 27)]),
        ({"maanden": [1, 3], "nth": 2, "weekdag": 3}, [date(2027, 1, 13), date(2027, 3, 10)]),
    ],
)
def test_a_rule_gives_its_days_within_the_period(regel, dagen) -> None:
    assert list(days_of(regel, EERSTE, LAATSTE)) == dagen


def test_both_ends_of_the_period_count() -> None:
    regel = {"maand": 1, "dag": 1}

    assert list(days_of(regel, EERSTE, date(2028, 1, 1))) == [EERSTE, date(2028, 1, 1)]
