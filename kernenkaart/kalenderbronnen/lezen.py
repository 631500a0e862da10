"""A calendar file (iCalendar, RFC 5545) as items: each time of a series apart, within a period.

Only the child process of ``kind.py`` imports this: what it reads may be hostile (T17). Series are
worked out by ``recurring_ical_events``; each on its own, with a limit on what it may cost.
"""

import signal
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from kernenkaart.kalenderbronnen.blokken import BLOKKEN_MAX, Blok, split
from kernenkaart.kalenderbronnen.items import (
    DUUR_MAX,
    HOOGSTENS,
    TE_LANG,
    TITEL_MAX,
    Inhoud,
    Item,
    Klacht,
)
from kernenkaart.kalenderbronnen.vorm import to_item
from kernenkaart.kalenderbronnen.zones import ONZE, Zones, find_zone
from kernenkaart.tijd import AMSTERDAM
from kernenkaart.web.velden import clean

TERUG = timedelta(days=30)
VOORUIT = timedelta(days=731)
REEKS_S = 0.4  # processor time for one series
REEKSEN_S = 1.0  # for all series together
VAAK = ("SECONDLY", "MINUTELY", "HOURLY")
VANAF_JAAR, TOT_JAAR = 1900, 2200

# A component of icalendar is typed Any here: what is in one that is broken, no type knows.
# What a calendar can make the libraries raise: all of it means "this entry cannot be read"
ONLEESBAAR = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, ArithmeticError,
    RecursionError, recurring_ical_events.PeriodEndBeforeStart,
)  # fmt: skip


class TeDuur(Exception):
    """Working out a series takes too long."""


def read_ical(data: bytes, vandaag: date) -> Inhoud:
    """What is in a calendar from a month ago up to two years ahead; what is not, is told.

    Raises:
        Invalid: if it is no calendar at all.
    """
    return _Lezer(data, vandaag).read()


class _Lezer:
    def __init__(self, data: bytes, vandaag: date) -> None:
        self.bestand = split(data)
        koppen = self.bestand.koppen
        self.zone = find_zone(koppen.get("X-WR-TIMEZONE", "")) or ONZE
        self.zones = Zones([], self.zone)
        with suppress(TeDuur), _at_most(REEKS_S):
            self.zones = Zones(self.bestand.zones[:20], self.zone)
        self.naam = clean(_plain(koppen.get("X-WR-CALNAME") or koppen.get("NAME") or ""))
        self.van = datetime.combine(vandaag - TERUG, time(), AMSTERDAM).astimezone(UTC)
        self.tot = datetime.combine(vandaag + VOORUIT, time(), AMSTERDAM).astimezone(UTC)
        self.items: list[Item] = []
        self.klachten: list[Klacht] = []
        self.heel = self.bestand.heel
        self.buiten = 0
        self.over_s = REEKSEN_S

    def read(self) -> Inhoud:
        if not self.heel:
            self._tell("Het bestand houdt ineens op. Wat er nog in staat, is gelezen.")
        blokken = [blok for blok in self.bestand.blokken if not self._is_long_past(blok)]
        self.buiten += len(self.bestand.blokken) - len(blokken)
        if len(blokken) > BLOKKEN_MAX:
            self._tell(f"Er staat te veel in. We lezen de eerste {BLOKKEN_MAX}.")
            self.heel = False
        per_uid: dict[str, list[Any]] = defaultdict(list)
        for blok in blokken[:BLOKKEN_MAX]:
            if event := self._parse(blok):
                per_uid[str(event.get("UID", ""))].append(event)
        for uid, events in per_uid.items():
            self._read_entry(uid, events)
        for naam in sorted(self.zones.onbekend):
            self._tell(f"De tijdzone “{clean(naam)[:60]}” kennen we niet. We lezen die als onze.")
        self.items.sort(key=lambda item: (item.begint_op, item.titel, item.uid))
        if len(self.items) > HOOGSTENS:
            self._tell(
                f"Er staat te veel in. We lezen de eerste {HOOGSTENS} tot twee jaar vooruit."
            )
            self.heel = False
        items = _with_own_keys(self.items)[:HOOGSTENS]
        return Inhoud(self.naam[:TITEL_MAX], tuple(items), tuple(self.klachten), self.heel,
                      self.buiten)  # fmt: skip

    def _is_long_past(self, blok: Blok) -> bool:
        """Whether an entry surely lies before the period: most of an old calendar does."""
        names = {naam for naam, _ in blok.regels}
        if blok.kapot or names & {"RRULE", "RDATE", "RECURRENCE-ID"}:
            return False
        jaar = (blok.get("DTEND") or blok.get("DTSTART"))[:4]
        return jaar.isdecimal() and VANAF_JAAR <= int(jaar) < self.van.year - 1

    def _parse(self, blok: Blok) -> Any | None:
        titel = clean(_plain(blok.get("SUMMARY")))[:TITEL_MAX]
        uid = blok.get("UID").strip()
        if not blok.kapot and not blok.get("DTSTART").strip():
            blok.kapot = "heeft geen begin"
        lines = [self.zones.write(naam, line) for naam, line in blok.regels]
        event: Any = None
        if not blok.kapot:
            try:
                event = Event.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""]))
                blok.kapot = _what_is_wrong(event)
            except ONLEESBAAR:
                blok.kapot = "is niet te lezen"
        if blok.kapot:
            self._tell(f"Dit {blok.kapot}.", titel, uid)
            return None
        if "CLASS" in event and str(event["CLASS"]).upper() in {"PRIVATE", "CONFIDENTIAL"}:
            self._tell("Dit staat in de agenda als privé. We nemen het niet over.", titel)
            return None
        return event

    def _read_entry(self, uid: str, events: Sequence[Any]) -> None:
        """All components with one UID: a single thing, or a series with its exceptions."""
        reeks = [e for e in events if "RRULE" in e or "RDATE" in e]
        los = [e for e in events if "RECURRENCE-ID" in e]
        if not reeks:
            for event in _latest(events):
                self._take(uid, event)
            return
        regel = reeks[0].get("RRULE") or {}
        titel = clean(str(reeks[0].get("SUMMARY", "")))
        if str(next(iter(regel.get("FREQ", ())), "")).upper() in VAAK:
            self._tell("Dit komt vaker dan elke dag terug. Dat lezen we niet.", titel, uid)
            return
        begun = process_time()
        try:
            with _at_most(min(REEKS_S, self.over_s)):
                times = self._work_out([*_latest(reeks), *los])
        except TeDuur:
            self._tell("Deze herhaling is te ingewikkeld om te lezen.", titel, uid)
            return
        except ONLEESBAAR:
            self._tell("Deze herhaling is niet te lezen.", titel, uid)
            return
        finally:
            self.over_s -= process_time() - begun
        if len(times) > HOOGSTENS:
            self._tell(f"Dit komt meer dan {HOOGSTENS} keer terug. Dat lezen we niet.", titel, uid)
            return
        for event in times:
            self._take(uid, event)

    def _work_out(self, events: Sequence[Any]) -> list[Any]:
        calendar = Calendar()
        calendar.add("X-WR-TIMEZONE", self.zone)
        for event in events:
            calendar.add_component(event)
        query = recurring_ical_events.of(calendar)
        found = []
        for event in query.between(self.van, self.tot):
            found.append(event)
            if len(found) > HOOGSTENS:
                break
        return found

    def _take(self, uid: str, event: Any) -> None:
        try:
            item, opmerking = to_item(uid, event, ZoneInfo(self.zone))
        except ONLEESBAAR:
            self._tell("Dit is niet te lezen.", clean(str(event.get("SUMMARY", ""))), uid)
            return
        if item.eindigt_op <= self.van or item.begint_op >= self.tot:
            self.buiten += 1
            return
        if item.eindigt_op - item.begint_op > DUUR_MAX:
            self._tell(TE_LANG, item.titel, uid)
            return
        self.items.append(item)
        if opmerking:
            self._tell(opmerking, item.titel)

    def _tell(self, zin: str, titel: str = "", uid: str | None = None) -> None:
        reeks = "" if uid is None else Item.reeks_of(uid)
        klacht = Klacht(zin, titel[:TITEL_MAX], reeks)
        if klacht not in self.klachten[-50:]:
            self.klachten.append(klacht)


def _what_is_wrong(event: Any) -> str:
    """Why an entry cannot be used, as the end of a sentence; empty when it can."""
    kapot = {naam.upper() for naam, _ in event.errors}
    if "DTSTART" in kapot or not hasattr(event.get("DTSTART"), "dt"):
        return "heeft een begin dat niet te lezen is"
    if kapot & {"RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}:
        return "heeft een herhaling die niet te lezen is"
    for naam in ("DTEND", "DURATION", "GEO", "SEQUENCE", "LAST-MODIFIED", "URL"):
        if naam in kapot:
            event.pop(naam, None)
    if not VANAF_JAAR <= event["DTSTART"].dt.year <= TOT_JAAR:
        return "ligt in een jaar dat niet kan kloppen"
    return ""


def _latest(events: Sequence[Any]) -> list[Any]:
    """Of several versions of one entry the last (RFC 5546, 2.1.5); another moment is another."""
    found: dict[tuple[str, str], Any] = {}
    for event in events:
        keer = event.get("RECURRENCE-ID")
        key = (str(keer.dt) if keer else "", "" if keer else str(event["DTSTART"].dt))
        if key not in found or _version(event) >= _version(found[key]):
            found[key] = event
    return list(found.values())


def _version(event: Any) -> tuple[int, str]:
    changed = event.get("LAST-MODIFIED")
    return int(event.get("SEQUENCE", 0)), str(changed.dt) if hasattr(changed, "dt") else ""


def _with_own_keys(items: Sequence[Item]) -> list[Item]:
    """The items without doubles; different things under one key each get their own."""
    found: dict[str, Item] = {}
    for item in items:
        nader = f"{item.uid}\n{item.titel}\n{item.plek}\n{item.begint_op.isoformat()}"
        known = item if item.uid else item.under(nader)
        twin = found.setdefault(known.sleutel, known)
        if twin.afdruk != item.afdruk:
            other = item.under(nader)
            found.setdefault(other.sleutel, other)
    return list(found.values())


def _plain(text: str) -> str:
    """The text of a property: its escapes taken away (RFC 5545, 3.3.11)."""
    for escaped, teken in (("\\n", " "), ("\\N", " "), ("\\,", ","), ("\\;", ";"), ("\\\\", "\\")):
        text = text.replace(escaped, teken)
    return text


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Let what is done within raise ``TeDuur`` after so much processor time; at once after none."""

    def stop(_number: int, _frame: object) -> None:
        raise TeDuur

    if seconds <= 0:
        raise TeDuur
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
