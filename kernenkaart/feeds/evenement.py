"""An activity as search engines read it: a schema.org Event (JSON-LD) on its page."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.activiteiten.policy import OPENBAAR
from kernenkaart.feeds.ical import titel_of
from kernenkaart.geo.geojson import to_lonlat
from kernenkaart.journaal.queries import find_changes
from kernenkaart.journaal.verhaal import tell
from kernenkaart.tijd import AMSTERDAM

_SCHEMA = "https://schema.org/"


def find_eerder_begin(session: Session, activiteit: Activiteit) -> datetime | None:
    """When it first was to begin, in the eyes of visitors; None if it was never moved."""
    if activiteit.versie == 1:
        return None
    moved = tell(
        find_changes(session, "activiteit", activiteit.id),
        (lambda voor, na: voor["begint_op"] if voor["begint_op"] != na["begint_op"] else None,),
        zichtbaar=lambda row: row.get("status") in set(OPENBAAR),
        eerste="",
    )
    found = [datetime.fromisoformat(zin) for one in moved for zin in one.zinnen if zin]
    return found[-1] if found and found[-1] != activiteit.begint_op else None


def event_of(
    activiteit: Activiteit, *, url: str, gemeente: str, beeld: str, eerder: datetime | None
) -> dict[str, Any]:
    """The Event of an activity that everyone may see.

    Args:
        url: of its page.
        gemeente: where it is when it lies in no kern.
        beeld: address of its picture; empty without.
        eerder: when it first was to begin; None if it was never moved.
    """
    hele_dag = activiteit.hele_dag
    status = "EventScheduled"
    if activiteit.status is Status.AFGELAST:
        status = "EventCancelled"
    elif eerder:
        status = "EventRescheduled"
    event = {
        "@context": _SCHEMA.rstrip("/"),
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": titel_of(activiteit.titel, activiteit.status),
        "description": activiteit.omschrijving,
        "startDate": _moment(activiteit.begint_op, hele_dag=hele_dag),
        "endDate": _moment(activiteit.eindigt_op - timedelta(days=1) * hele_dag, hele_dag=hele_dag),
        "eventStatus": f"{_SCHEMA}{status}",
        "previousStartDate": _moment(eerder, hele_dag=hele_dag) if eerder else "",
        "eventAttendanceMode": f"{_SCHEMA}OfflineEventAttendanceMode",
        "inLanguage": "nl",
        "location": _place(activiteit, gemeente),
        "organizer": _organizer(activiteit),
        "image": beeld,
    }
    return {key: value for key, value in event.items() if value}


def _moment(moment: datetime, *, hele_dag: bool) -> str:
    local = moment.astimezone(AMSTERDAM)
    return local.date().isoformat() if hele_dag else local.isoformat(timespec="seconds")


def _place(activiteit: Activiteit, gemeente: str) -> dict[str, Any]:
    kern = activiteit.kern.naam if activiteit.kern else gemeente
    address = {"@type": "PostalAddress", "addressLocality": kern, "addressCountry": "NL"}
    if activiteit.zaal and activiteit.zaal.adres:
        address["streetAddress"] = activiteit.zaal.adres
    place = {"@type": "Place", "name": activiteit.plek_naam or kern, "address": address}
    if activiteit.punt is not None:
        lon, lat = to_lonlat(activiteit.punt)
        place["geo"] = {"@type": "GeoCoordinates", "latitude": lat, "longitude": lon}
    return place


def _organizer(activiteit: Activiteit) -> dict[str, str]:
    wie = {"@type": "Organization", "name": activiteit.organisator or activiteit.platform.naam}
    if activiteit.platform.website and not activiteit.organisator:
        wie["url"] = activiteit.platform.website
    return wie
