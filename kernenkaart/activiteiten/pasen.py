"""Days that move along with Easter.

The date of Easter comes from ``dateutil.easter``: the Gregorian computus of Oudin (1940).
"""

from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.easter import easter

from kernenkaart.tijd import WEEKDAGEN_VOLUIT

BEREIK = 63  # so many days before and after; within it the year is that of Easter
ZONDAG = 6
# days after Easter Sunday
FEESTEN = {
    -2: "Goede Vrijdag",
    0: "1e paasdag",
    1: "2e paasdag",
    39: "Hemelvaartsdag",
    49: "1e pinksterdag",
    50: "2e pinksterdag",
}


def days_after(dag: date) -> int:
    """How many days after the Easter Sunday of its year; negative is before."""
    return (dag - easter(dag.year)).days


def days_with(later: int, eerste: date, tot: date, tussen: int = 1) -> Iterator[date]:
    """The days so many days after Easter from ``eerste`` up to and including ``tot``.

    Args:
        tussen: every so many years, counted from that of ``eerste``.
    """
    for jaar in range(eerste.year, tot.year + 1, tussen):
        dag = easter(jaar) + timedelta(days=later)
        if eerste <= dag <= tot:
            yield dag


def name_of(later: int) -> str:
    """``2e pinksterdag``, ``zaterdag, 1 dag voor Pasen``."""
    if later in FEESTEN:
        return FEESTEN[later]
    dagen = "1 dag" if abs(later) == 1 else f"{abs(later)} dagen"
    weekdag = WEEKDAGEN_VOLUIT[(ZONDAG + later) % 7]
    return f"{weekdag}, {dagen} {'voor' if later < 0 else 'na'} Pasen"
