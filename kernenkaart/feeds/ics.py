"""Lines of an iCalendar file (RFC 5545, section 3.1): escaped, folded, never broken by a text.

Written here because a calendar of a kern must be there in 50 ms, and the library that the tests
read it back with takes a millisecond for each entry. Every text goes through ``text``, and every
line that holds one through ``line``.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from kernenkaart.tijd import AMSTERDAM

TZID = "Europe/Amsterdam"
BREED = 75  # octets in a line, without its end

# what some reader takes for the end of a line
_NIEUWE_REGEL = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_STUUR = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_LEESTEKEN = re.compile(r"[\\;,]")

# the rule of the European Union since 1996
VTIMEZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{TZID}",
    "BEGIN:DAYLIGHT",
    "DTSTART:19960331T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19961027T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def plain(text: str) -> str:
    """``text`` with one kind of line end, and without characters that show nothing."""
    return _STUUR.sub("", _NIEUWE_REGEL.sub("\n", text))


def text(value: str) -> str:
    """A TEXT value (section 3.3.11)."""
    if value.isprintable() and not _LEESTEKEN.search(value):
        return value  # as most are: what is taken out or escaped is none of it printable, but these
    return _LEESTEKEN.sub(r"\\\g<0>", plain(value)).replace("\n", "\\n")


def line(name: str, value: str) -> str:
    """A content line, folded so that no part is longer than 75 octets; without its last end.

    Args:
        name: of the property, with its parameters.
        value: as it must stand there: a text has gone through ``text``.

    Raises:
        ValueError: if it would be more than one line.
    """
    whole = f"{name}:{value}"
    if "\n" in whole or "\r" in whole:
        raise ValueError(f"a line end in {name}")
    return whole if whole.isascii() and len(whole) <= BREED else _fold(whole.encode()).decode()


def _fold(whole: bytes) -> bytes:
    parts = []
    width = BREED
    while len(whole) > width:
        cut = width
        while whole[cut] & 0xC0 == 0x80:  # inside a character
            cut -= 1
        parts.append(whole[:cut])
        whole = whole[cut:]
        width = BREED - 1  # the space before it counts
    return b"\r\n ".join((*parts, whole))


def utc(moment: datetime) -> str:
    """A DATE-TIME in UTC, whole seconds."""
    return f"{stamp(moment.astimezone(UTC))}Z"


def day(dag: date) -> str:
    """A DATE: ``20270605``."""
    return dag.isoformat()[:10].replace("-", "")  # strftime takes ten times as long


def stamp(moment: datetime) -> str:
    """A DATE-TIME on the clock of ``moment``, whole seconds: ``20270605T193000``."""
    return moment.isoformat()[:19].replace("-", "").replace(":", "")


def when(name: str, moment: datetime, *, hele_dag: bool) -> str:
    """A line with a day, or with a moment on the clock of Amsterdam.

    The second of the two hours that are called the same in October has no name on that clock, and
    is written in UTC.

    Args:
        name: ``DTSTART``, ``DTEND`` or ``RECURRENCE-ID``; of whole days the end is excluded.
    """
    local = moment.astimezone(AMSTERDAM)
    if hele_dag:
        return f"{name};VALUE=DATE:{day(local)}"
    if local.fold:
        return f"{name}:{utc(moment)}"
    return f"{name};TZID={TZID}:{stamp(local)}"


def rule(regel: str, *, hele_dag: bool) -> str:
    """The line with a recurrence rule; the day it ends on becomes a moment where times have one.

    Args:
        regel: as ``activiteiten.regel.Regel`` writes it.
    """
    kop, until, dag = regel.partition("UNTIL=")
    if until and not hele_dag:
        day = date(int(dag[:4]), int(dag[4:6]), int(dag[6:8]))
        einde = datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM) + timedelta(days=1)
        dag = utc(einde - timedelta(seconds=1))
    return line("RRULE", kop + until + dag)


def join(lines: Iterable[str]) -> bytes:
    """Lines as a file: each ends in CR LF."""
    return ("\r\n".join(lines) + "\r\n").encode()
