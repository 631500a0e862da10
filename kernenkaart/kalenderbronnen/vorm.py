"""One entry of a calendar as an item: its moments, and its texts without mark-up."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kernenkaart.kalenderbronnen.items import TEKST_MAX, TITEL_MAX, Item, Zekerheid
from kernenkaart.tijd import AMSTERDAM
from kernenkaart.web.platte_tekst import to_text
from kernenkaart.web.velden import clean

ZONDER_EINDE = timedelta(hours=1)
ZONDER_NAAM = "Zonder naam"
_ZEKERHEID = {"TENTATIVE": Zekerheid.ONZEKER, "CANCELLED": Zekerheid.AFGELAST}


# ``event`` is a component of icalendar: what is in one that is broken, no type knows


def to_item(uid: str, event: Any, zone: ZoneInfo) -> tuple[Item, str]:
    """An entry, or one time of a series, as an item; and a remark about it, or an empty text.

    Args:
        zone: in which a time without a zone is read.
    """
    begin, eind, hele_dag, opmerking = _moments(event, zone)
    keer = event.get("RECURRENCE-ID")
    titel = to_text(str(event.get("SUMMARY", ""))).replace("\n", " ")
    plek = to_text(str(event.get("LOCATION", ""))).replace("\n", ", ")
    status = str(event.get("STATUS", "")).upper()
    item = Item(
        uid=uid,
        keer="" if keer is None else _aware(keer.dt, zone).isoformat(),
        titel=clean(titel)[:TITEL_MAX] or ZONDER_NAAM,
        omschrijving=_description(event)[:TEKST_MAX],
        plek=clean(plek)[:TITEL_MAX],
        begint_op=begin,
        eindigt_op=eind,
        hele_dag=hele_dag,
        zekerheid=_ZEKERHEID.get(status, Zekerheid.ZEKER),
        soorten=tuple(_kinds(event))[:10],
        lonlat=_lonlat(event),
    )
    return item, opmerking


def _moments(event: Any, zone: ZoneInfo) -> tuple[datetime, datetime, bool, str]:
    start = event["DTSTART"].dt
    hele_dag = not isinstance(start, datetime)
    begin = _aware(start, zone)
    if "DTEND" in event:
        eind = _aware(event["DTEND"].dt, zone)
    elif "DURATION" in event:
        eind = begin + event["DURATION"].dt
    else:
        eind = begin
    opmerking = ""
    if eind < begin:
        opmerking = "Het einde ligt vóór het begin. We houden het begin aan."
    if eind <= begin:  # RFC 5545, 3.6.1: a day without an end lasts that day
        if hele_dag:
            eind = _aware(begin.date() + timedelta(days=1), zone)
        else:
            eind = begin + ZONDER_EINDE
            opmerking = opmerking or "Er staat geen eindtijd. We rekenen een uur."
    return begin, eind, hele_dag, opmerking


def _aware(waarde: date | datetime, zone: ZoneInfo) -> datetime:
    """A moment in Amsterdam; a day is its midnight there."""
    if not isinstance(waarde, datetime):
        return datetime.combine(waarde, time(), AMSTERDAM)
    if waarde.tzinfo is None:
        waarde = waarde.replace(tzinfo=zone)
    return waarde.astimezone(AMSTERDAM)


def _description(event: Any) -> str:
    tekst = clean(to_text(str(event.get("DESCRIPTION", ""))), regels=True)
    url = clean(str(event.get("URL", "")))
    if re.match(r"https?://\S+$", url) and url not in tekst:
        tekst = f"{tekst[: TEKST_MAX - len(url) - 20]}\n\nMeer weten: {url}".strip()
    return tekst


def _kinds(event: Any) -> list[str]:
    found: Any = event.get("CATEGORIES", [])
    groups = found if isinstance(found, list) else [found]
    kinds = [naam for group in groups for naam in getattr(group, "cats", ())]
    return [clean(str(naam))[:TITEL_MAX] for naam in kinds]


def _lonlat(event: Any) -> tuple[float, float] | None:
    geo = event.get("GEO")
    if geo is None or not hasattr(geo, "latitude"):
        return None
    lon, lat = float(geo.longitude), float(geo.latitude)
    return (lon, lat) if 2 < lon < 8 and 50 < lat < 54 else None
