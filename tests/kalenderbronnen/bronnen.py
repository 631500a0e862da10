"""Calendars to test with: written as text, and put in the database as if they had been read."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort
from kernenkaart.kalenderbronnen.items import Inhoud
from kernenkaart.kalenderbronnen.lezen import read_ical
from kernenkaart.kalenderbronnen.models import Bronitem, Kalenderbron, Stand
from kernenkaart.kalenderbronnen.overnemen import take_over
from kernenkaart.kalenderbronnen.verslag import Verslag
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import now, today
from tests.factories import add, make_platform

MARGE_M = 5000.0


def vevent(uid: str = "een", **values: str) -> str:
    """A VEVENT of next week; ``values`` by property, an empty one leaves it out."""
    dag = f"{today() + timedelta(days=7):%Y%m%d}"
    properties = {
        "UID": uid,
        "SUMMARY": f"Ding {uid}",
        "DTSTART": f"{dag}T190000",
        "DTEND": f"{dag}T210000",
    } | values
    lines = [
        naam if naam.endswith(":") else f"{naam.replace('_', '-')}:{waarde}"
        for naam, waarde in properties.items()
        if waarde
    ]
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def ics(*events: str, kop: str = "X-WR-CALNAME:Proef") -> bytes:
    """A calendar of these events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//NL", kop, *events, "END:VCALENDAR"]
    return ("\r\n".join(lines) + "\r\n").encode()


def read(*events: str, vandaag: date | None = None, **kwargs: str) -> Inhoud:
    """What our reader makes of these events."""
    return read_ical(ics(*events, **kwargs), vandaag or today())


def make_bron(session: Session, platform: Platform | None = None, **values: object) -> Kalenderbron:
    """A calendar with an address, that runs."""
    platform = platform or make_platform(session)
    soort = session.scalars(select(ActiviteitSoort.id).order_by(ActiviteitSoort.volgorde)).first()
    defaults = {
        "platform_id": platform.id,
        "naam": "Voetbalvereniging",
        "adres": "https://agenda.example/voetbal.ics",
        "soort_id": soort,
        "kern_id": platform.kernen[0].id,
        "stand": Stand.LOOPT,
    }
    return add(session, Kalenderbron(**(defaults | values)))


def follow(
    session: Session, bron: Kalenderbron, *events: str, nu: datetime | None = None, **kwargs: str
) -> Verslag:
    """Bring ours in step with these events."""
    return take_over(session, bron, read(*events, **kwargs), nu or now(), marge_m=MARGE_M)


def came_of(session: Session, bron: Kalenderbron) -> list[Activiteit]:
    """The activities that came of a calendar, read anew, by begin."""
    session.expire_all()
    return list(
        session.scalars(
            select(Activiteit)
            .join(Bronitem, Bronitem.activiteit_id == Activiteit.id)
            .where(Bronitem.bron_id == bron.id)
            .order_by(Activiteit.begint_op, Activiteit.id)
        )
    )
