"""Which time zone a calendar means, whatever it calls it; without a name it is ours."""

import re
from functools import cache
from zoneinfo import available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

ONZE = "Europe/Amsterdam"
_TZID = re.compile(r';TZID=("[^"]*"|[^";:,]*)', re.IGNORECASE)
_ZONDER_ZONE = re.compile(r"[:,]\d{8}T\d{6}(?=,|$)")
MET_TIJD = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"})


@cache
def _names() -> dict[str, str]:
    return {naam.lower(): naam for naam in available_timezones()}


def find_zone(naam: str) -> str | None:
    """The zone of the IANA database that a calendar means by ``naam``; None if that is not known.

    Outlook writes names of Windows, and older programs put a path before the name.
    """
    naam = naam.strip().strip('"')
    if naam in WINDOWS_TO_OLSON:
        return str(WINDOWS_TO_OLSON[naam])
    names = _names()
    delen = naam.lower().split("/")
    for start in range(len(delen)):
        if found := names.get("/".join(delen[start:])):
            return found
    return ONZE if "amsterdam" in naam.lower() else None


class Zones:
    """The zones of one calendar file.

    Args:
        vtimezones: the definitions in the file; used for names that are not known.
        onze: what a time without a zone means here.

    Attributes:
        onbekend: names that nothing is known of; their times are read as ours.
    """

    def __init__(self, vtimezones: list[str], onze: str | None) -> None:
        self.onze = onze or ONZE
        self.onbekend: set[str] = set()
        self._eigen: set[str] = set()
        for tekst in vtimezones:
            found = re.search(r"^TZID:(.*)$", tekst, re.MULTILINE)
            if not found or find_zone(found[1]):
                continue
            try:  # parsing makes the name known to the library
                Timezone.from_ical(tekst)
            except (ValueError, KeyError, IndexError, TypeError, OverflowError):
                continue
            self._eigen.add(found[1].strip())

    def write(self, naam: str, line: str) -> str:
        """A property with a zone that can be read; a time without one gets ours."""
        if naam not in MET_TIJD:
            return line
        found = _TZID.search(line)
        if found is None:
            return self._add(naam, line)
        tzid = found[1].strip('"')
        zone = find_zone(tzid)
        if zone is None and tzid not in self._eigen:
            self.onbekend.add(tzid)
            zone = self.onze
        return line if zone is None else _TZID.sub(f";TZID={zone}", line, count=1)

    def _add(self, naam: str, line: str) -> str:
        if not _ZONDER_ZONE.search(line):
            return line
        return f"{line[: len(naam)]};TZID={self.onze}{line[len(naam) :]}"
