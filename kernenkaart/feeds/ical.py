"""A calendar as iCalendar (RFC 5545, RFC 7986): what a phone or a computer follows.

The same data give the same bytes. An entry keeps its UID for ever; ``SEQUENCE`` and
``LAST-MODIFIED`` rise with every change; what is called off stays, as cancelled.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from kernenkaart.activiteiten.models import Status
from kernenkaart.activiteiten.regel import Regel
from kernenkaart.feeds import ics
from kernenkaart.feeds.queries import Kalender
from kernenkaart.tijd import AMSTERDAM

ICAL = "text/calendar; charset=utf-8"
VERVERS = "PT1H"  # so often a follower may ask again
STATUS = {
    Status.VERWACHT: "TENTATIVE",
    Status.GEPUBLICEERD: "CONFIRMED",
    Status.AFGELAST: "CANCELLED",
}

Adres = Callable[[Row[Any]], str]


@dataclass(frozen=True)
class Kop:
    """What a calendar says of itself.

    Attributes:
        naam: as the phone shows it.
        omschrijving: one sentence.
        bron: the address of this calendar.
        url: the page where the same can be read.
        maker: name of the program and the gemeente.
    """

    naam: str
    omschrijving: str
    bron: str
    url: str
    maker: str


@dataclass(frozen=True)
class Adressen:
    """Where the page is of an activity and of a series."""

    activiteit: Adres
    reeks: Adres


def to_ical(kop: Kop, kalender: Kalender, adressen: Adressen) -> bytes:
    """The whole calendar."""
    lines: list[str] = []
    for reeks in kalender.reeksen:
        lines += _series(reeks, kalender.anders[reeks.id], adressen)
    for keer in kalender.losse:
        lines += _event(keer, _of_row(keer), adressen.activiteit(keer), keer.volgnummer)
    return wrap(kop, lines)


def wrap(kop: Kop, entries: Iterable[str]) -> bytes:
    """A calendar of these lines of entries."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        ics.line("PRODID", ics.text(f"-//{kop.maker}//kernenkaart//NL")),
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        ics.line("NAME", ics.text(kop.naam)),
        ics.line("X-WR-CALNAME", ics.text(kop.naam)),
        ics.line("DESCRIPTION", ics.text(kop.omschrijving)),
        ics.line("X-WR-CALDESC", ics.text(kop.omschrijving)),
        f"X-WR-TIMEZONE:{ics.TZID}",
        ics.line("URL", kop.url),
        ics.line("SOURCE;VALUE=URI", kop.bron),
        f"REFRESH-INTERVAL;VALUE=DURATION:{VERVERS}",
        f"X-PUBLISHED-TTL:{VERVERS}",
        *ics.VTIMEZONE,
        *entries,
        "END:VCALENDAR",
    ]
    return ics.join(lines)


@dataclass(frozen=True)
class _Tijd:
    """When an entry is; the end is the first moment after it."""

    begin: datetime
    einde: datetime
    hele_dag: bool
    status: Status
    reden: str | None = None


def _of_row(keer: Row[Any]) -> _Tijd:
    return _Tijd(keer.begint_op, keer.eindigt_op, keer.hele_dag, keer.status, keer.reden)


def _series(reeks: Row[Any], anders: Sequence[Row[Any]], adressen: Adressen) -> Iterator[str]:
    """The series with its rule, and each time that is not as the rule says."""
    hele_dag = reeks.van is None
    begin = _clock(reeks.eerste_dag, reeks.van)
    tijd = _Tijd(
        begin,
        _clock(reeks.eerste_dag + timedelta(days=reeks.nachten + hele_dag), reeks.tot),
        hele_dag,
        Status.VERWACHT if reeks.bevestigen else Status.GEPUBLICEERD,
    )
    zichtbaar = set(reeks.dagen or ())
    weg = [
        dag
        for dag in _days(reeks.regel, reeks.eerste_dag, reeks.uitgewerkt_tot)
        if dag not in zichtbaar
    ]
    extra = [ics.rule(reeks.regel, hele_dag=hele_dag), *_without(weg, reeks.van)]
    yield from _event(reeks, tijd, adressen.reeks(reeks), reeks.volgnummer, extra)
    for keer in anders:
        wanneer = ics.when("RECURRENCE-ID", _clock(keer.reeks_dag, reeks.van), hele_dag=hele_dag)
        # never lower than that of the series: some readers would not look at it
        nummer = reeks.volgnummer + keer.volgnummer
        yield from _event(
            keer, _of_row(keer), adressen.activiteit(keer), nummer, [wanneer], uid=reeks.uid
        )


def _without(dagen: Sequence[date], van: time | None) -> Iterable[str]:
    if not dagen:
        return ()
    if van is None:
        return [ics.line("EXDATE;VALUE=DATE", ",".join(map(ics.day, dagen)))]
    tijdstip = f"T{van:%H%M%S}"
    moments = ",".join(ics.day(dag) + tijdstip for dag in dagen)
    return [ics.line(f"EXDATE;TZID={ics.TZID}", moments)]


@lru_cache(maxsize=4096)
def _days(regel: str, eerste: date, tot: date) -> tuple[date, ...]:
    return tuple(Regel.parse(regel).days(eerste, tot))


def _clock(dag: date, tijdstip: time | None) -> datetime:
    return datetime.combine(dag, tijdstip or time(), AMSTERDAM)


def _event(
    inhoud: Row[Any],
    tijd: _Tijd,
    url: str,
    nummer: int,
    extra: Iterable[str] = (),
    *,
    uid: object = None,
) -> Iterator[str]:
    """One entry.

    Args:
        inhoud: a row of ``queries.Kalender``.
        url: of its page.
        nummer: its SEQUENCE.
        extra: lines about coming back.
        uid: when it is not that of ``inhoud``.
    """
    updated = ics.utc(inhoud.updated_at)
    yield "BEGIN:VEVENT"
    yield f"UID:{uid or inhoud.uid}"
    yield f"DTSTAMP:{updated}"
    yield f"CREATED:{ics.utc(inhoud.created_at)}"
    yield f"LAST-MODIFIED:{updated}"
    yield f"SEQUENCE:{nummer}"
    yield ics.when("DTSTART", tijd.begin, hele_dag=tijd.hele_dag)
    yield ics.when("DTEND", tijd.einde, hele_dag=tijd.hele_dag)
    yield from extra
    yield f"STATUS:{STATUS[tijd.status]}"
    yield ics.line("SUMMARY", ics.text(titel_of(inhoud.titel, tijd.status)))
    yield ics.line("DESCRIPTION", ics.text(_description(inhoud, tijd, url)))
    if waar := waar_of(inhoud):
        yield ics.line("LOCATION", ics.text(waar))
    if inhoud.lat is not None:
        yield f"GEO:{inhoud.lat:.6f};{inhoud.lon:.6f}"
    yield ics.line("CATEGORIES", ics.text(inhoud.soort))
    yield ics.line("URL", url)
    yield "TRANSP:TRANSPARENT"  # who follows a village is not busy whenever it is
    yield "END:VEVENT"


def titel_of(titel: str, status: Status) -> str:
    """The title, with what one must know at a glance: ``Boekenmarkt (verwacht)``."""
    match status:
        case Status.VERWACHT:
            return f"{titel} (verwacht)"
        case Status.AFGELAST:
            return f"Afgelast: {titel}"
    return titel


def waar_of(inhoud: Row[Any]) -> str:
    """``Dorpshuis, Kerkstraat 1, Tricht``; each part once, an empty text when nothing is known."""
    parts: list[str] = []
    for part in (inhoud.plek, inhoud.adres, inhoud.kern):
        if part and not any(part.lower() in known.lower() for known in parts):
            parts.append(part)
    return ", ".join(parts)


def _description(inhoud: Row[Any], tijd: _Tijd, url: str) -> str:
    parts = []
    if tijd.status is Status.AFGELAST:
        parts.append(f"Gaat niet door. {tijd.reden or ''}".strip())
    if tijd.status is Status.VERWACHT:
        parts.append("Nog niet zeker: kijk of het doorgaat.")
    parts += [inhoud.omschrijving, f"Organisatie: {inhoud.wie}", f"Meer: {url}"]
    return "\n\n".join(part for part in parts if part)
