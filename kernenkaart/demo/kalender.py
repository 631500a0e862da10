"""On which days the rules of a demo year fall."""

from collections.abc import Iterator
from datetime import date, timedelta

from kernenkaart.demo.bron import Blok


def days_of(regel: Blok, eerste: date, laatste: date) -> Iterator[date]:
    """The days on which a rule falls, from ``eerste`` up to and including ``laatste``."""
    for jaar in range(eerste.year, laatste.year + 1):
        for dag in _days_in(regel, jaar):
            if eerste <= dag <= laatste:
                yield dag


def easter(jaar: int) -> date:
    """Easter Sunday (the anonymous Gregorian algorithm)."""
    a, b, c = jaar % 19, jaar // 100, jaar % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(jaar, f // 31, f % 31 + 1)


def koningsdag(jaar: int) -> date:
    """27 April, or the day before when that is a Sunday."""
    dag = date(jaar, 4, 27)
    return dag - timedelta(days=1) if dag.weekday() == 6 else dag


def nth_weekday(jaar: int, maand: int, nth: int, weekdag: int) -> date:
    """The nth such weekday of a month; ``weekdag`` 1 is Monday."""
    eerste = date(jaar, maand, 1)
    return eerste + timedelta(days=(weekdag - eerste.isoweekday()) % 7 + 7 * (nth - 1))


def _days_in(regel: Blok, jaar: int) -> Iterator[date]:
    if regel.get("koningsdag"):
        yield koningsdag(jaar)
    elif "pasen" in regel:
        yield easter(jaar) + timedelta(days=regel["pasen"])
    else:
        for maand in regel.get("maanden") or [regel["maand"]]:
            if "dag" in regel:
                yield date(jaar, maand, regel["dag"])
            else:
                yield nth_weekday(jaar, maand, regel["nth"], regel["weekdag"])
