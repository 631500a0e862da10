"""Works of a kern as a calendar (RFC 5545): what everybody may see, whole days, kept in step."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, null, select
from sqlalchemy.orm import Session

from kernenkaart.actor import BEZOEKER
from kernenkaart.feeds import ics
from kernenkaart.feeds.ical import waar_of
from kernenkaart.geo.crs import WGS84
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.periode import Nauwkeurigheid, format_periode
from kernenkaart.werkzaamheden.models import (
    Status,
    Werkzaamheid,
    WerkzaamheidKern,
    WerkzaamheidSoort,
)
from kernenkaart.werkzaamheden.policy import visible_to

STATUS = {Status.VERVALLEN: "CANCELLED"} | dict.fromkeys(
    (Status.BEVESTIGD, Status.BEZIG, Status.KLAAR), "CONFIRMED"
)  # what is not here is not certain
TITEL = {
    Status.VERWACHT: "{} (verwacht)",
    Status.NOG_NIET_ZEKER: "{} (nog niet zeker)",
    Status.UITGESTELD: "Uitgesteld: {}",
    Status.VERVALLEN: "Gaat niet door: {}",
}


def find_werk(session: Session, kern_id: int, vanaf: date | None) -> Sequence[Row[Any]]:
    """The works of a kern that everybody may see, by first day; one statement.

    Args:
        vanaf: those that ended before this day are left out.
    """
    w = Werkzaamheid
    lonlat = func.ST_Transform(w.punt, WGS84)
    in_kern = select(WerkzaamheidKern.werkzaamheid_id).where(WerkzaamheidKern.kern_id == kern_id)
    statement: Select[*tuple[Any, ...]] = (
        select(
            w.id, w.titel, w.omschrijving, w.eerste_dag, w.laatste_dag, w.nauwkeurigheid, w.status,
            w.hinder_kort, w.omleiding, w.created_at, w.updated_at, w.versie,
            w.plek_naam.label("plek"), WerkzaamheidSoort.naam.label("soort"),
            Organisatie.naam.label("wie"), Kern.naam.label("kern"),
            func.ST_X(lonlat).label("lon"), func.ST_Y(lonlat).label("lat"),
            func.lower(Gemeente.code).label("gemeente"), null().label("adres"),
        )
        .join(WerkzaamheidSoort, WerkzaamheidSoort.id == w.soort_id)
        .join(Organisatie, Organisatie.id == w.organisatie_id)
        .join(Gemeente, Gemeente.id == w.gemeente_id)
        .outerjoin(Kern, Kern.id == w.kern_id)
        .where(visible_to(BEZOEKER), w.id.in_(in_kern))
        .order_by(w.eerste_dag, w.id)
    )  # fmt: skip
    if vanaf:
        statement = statement.where(w.laatste_dag >= vanaf)
    return session.execute(statement).all()


def to_events(werken: Sequence[Row[Any]], basis: str) -> Iterator[str]:
    """The lines of their entries.

    Args:
        werken: rows of ``find_werk``.
        basis: the address of the site, without a slash at its end.
    """
    for werk in werken:
        updated, url = ics.utc(werk.updated_at), f"{basis}/werkzaamheden/{werk.id}"
        yield "BEGIN:VEVENT"
        yield f"UID:werkzaamheid-{werk.id}@{werk.gemeente}.kernenkaart"
        yield f"DTSTAMP:{updated}"
        yield f"CREATED:{ics.utc(werk.created_at)}"
        yield f"LAST-MODIFIED:{updated}"
        yield f"SEQUENCE:{werk.versie - 1}"
        yield f"DTSTART;VALUE=DATE:{ics.day(werk.eerste_dag)}"
        yield f"DTEND;VALUE=DATE:{ics.day(werk.laatste_dag + timedelta(days=1))}"
        yield f"STATUS:{STATUS.get(werk.status, 'TENTATIVE')}"
        yield ics.line("SUMMARY", ics.text(TITEL.get(werk.status, "{}").format(werk.titel)))
        yield ics.line("DESCRIPTION", ics.text(_description(werk, url)))
        if waar := waar_of(werk):
            yield ics.line("LOCATION", ics.text(waar))
        yield f"GEO:{werk.lat:.6f};{werk.lon:.6f}"
        yield ics.line("CATEGORIES", ics.text(werk.soort))
        yield ics.line("URL", url)
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"


def _description(werk: Row[Any], url: str) -> str:
    rond = ""
    if werk.nauwkeurigheid != Nauwkeurigheid.DAG:
        wanneer = format_periode(werk.eerste_dag, werk.laatste_dag, werk.nauwkeurigheid)
        rond = f"Wanneer: {wanneer}. De precieze dagen zijn nog niet bekend."
    parts = (
        rond,
        f"Hinder: {werk.hinder_kort}" if werk.hinder_kort else "",
        werk.omschrijving,
        f"Omleiding: {werk.omleiding}" if werk.omleiding else "",
        f"Organisatie: {werk.wie}",
        f"Meer: {url}",
    )
    return "\n\n".join(part for part in parts if part)
