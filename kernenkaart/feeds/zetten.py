"""Ways to put one activity, or a whole calendar, in the calendar that somebody uses already."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.feeds.ical import titel_of
from kernenkaart.tijd import AMSTERDAM

_GOOGLE = "https://calendar.google.com/calendar"
_OUTLOOK = "https://outlook.live.com/calendar/0"
TEKST_MAX = 500  # characters of the text that fit in an address


@dataclass(frozen=True)
class Zetten:
    """Where the links lead: a file, and pages of others that only open when one chooses them."""

    bestand: str
    google: str
    outlook: str


def ways_for(activiteit: Activiteit, *, bestand: str, url: str) -> Zetten:
    """The ways to take one activity along.

    Args:
        bestand: address of its iCalendar file.
        url: full address of its page.
    """
    titel = titel_of(activiteit.titel, activiteit.status)
    waar = ", ".join(
        part for part in (activiteit.plek_naam, activiteit.kern and activiteit.kern.naam) if part
    )
    tekst = f"{activiteit.omschrijving[:TEKST_MAX]}\n\nMeer: {url}".strip()
    begin, einde = activiteit.begint_op, activiteit.eindigt_op
    form = "%Y%m%d" if activiteit.hele_dag else "%Y%m%dT%H%M%SZ"
    zone = AMSTERDAM if activiteit.hele_dag else UTC
    google = {
        "action": "TEMPLATE",
        "text": titel,
        "dates": "/".join(moment.astimezone(zone).strftime(form) for moment in (begin, einde)),
        "details": tekst,
        "location": waar,
        "ctz": "Europe/Amsterdam",
    }
    laatste = einde - timedelta(days=1) if activiteit.hele_dag else einde
    outlook = {
        "rru": "addevent",
        "subject": titel,
        "startdt": _outlook(begin, hele_dag=activiteit.hele_dag),
        "enddt": _outlook(laatste, hele_dag=activiteit.hele_dag),
        "allday": "true" if activiteit.hele_dag else "false",
        "body": tekst,
        "location": waar,
    }
    return Zetten(
        bestand,
        f"{_GOOGLE}/render?{urlencode(google)}",
        f"{_OUTLOOK}/deeplink/compose?{urlencode(outlook)}",
    )


def _outlook(moment: datetime, *, hele_dag: bool) -> str:
    if hele_dag:
        return moment.astimezone(AMSTERDAM).date().isoformat()
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Volgen:
    """The ways to follow a calendar.

    Attributes:
        https: its address, to copy.
        webcal: the same; a phone opens its own calendar with it.
    """

    https: str
    webcal: str
    google: str
    outlook: str


def ways_to_follow(adres: str, naam: str) -> Volgen:
    """The ways to follow the calendar at ``adres`` (a full address)."""
    webcal = to_webcal(adres)
    return Volgen(
        https=adres,
        webcal=webcal,
        google=f"{_GOOGLE}/render?{urlencode({'cid': webcal})}",
        outlook=f"{_OUTLOOK}/addfromweb?{urlencode({'url': adres, 'name': naam})}",
    )


def to_webcal(adres: str) -> str:
    """The address of a calendar such that a phone opens its own calendar with it."""
    return f"webcal:{adres.partition(':')[2]}"
