"""Calendars read back by programs that are not ours."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import recurring_ical_events
import vobject
from icalendar import Calendar, Event

from kernenkaart.tijd import AMSTERDAM


def entries(body: bytes) -> list[Event]:
    """The entries of a calendar, as icalendar reads them; nothing may be amiss."""
    calendar = Calendar.from_ical(body)
    events = list(calendar.walk("VEVENT"))
    assert [error for event in (calendar, *events) for error in event.errors] == []
    return events


def entry(body: bytes) -> Event:
    """The one entry of a calendar."""
    [only] = entries(body)
    return only


def instances(body: bytes, eerste: date, tot: date) -> set[tuple[datetime | date, str]]:
    """Begin and title of all that is between two days, series unfolded; what is off left out."""
    found = recurring_ical_events.of(Calendar.from_ical(body)).between(eerste, tot)
    return {
        (begin_of(event), str(event["SUMMARY"]))
        for event in found
        if event["STATUS"] != "CANCELLED"
    }


def begin_of(event: Event) -> datetime | date:
    """When it begins, in Amsterdam; a day when it lasts whole days."""
    begin: datetime | date = event.start
    return begin.astimezone(AMSTERDAM) if isinstance(begin, datetime) else begin


def vobject_instances(body: bytes, eerste: datetime, tot: datetime) -> set[datetime]:
    """When the entries begin as vobject unfolds them, without those that stand for another."""
    calendar: Any = vobject.readOne(body.decode())
    found: set[datetime] = set()
    events: Iterable[Any] = calendar.vevent_list
    for event in events:
        begin = event.dtstart.value
        if not isinstance(begin, datetime):
            continue
        if hasattr(event, "rrule"):
            moments = event.getrruleset(addRDate=True).between(eerste, tot, inc=True)
            found |= {moment.astimezone(AMSTERDAM) for moment in moments}
        elif not hasattr(event, "recurrence_id"):
            found.add(begin.astimezone(AMSTERDAM))
    return found
