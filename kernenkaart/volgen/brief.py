"""News as the words of a mail. What people wrote stays text: it makes no line, no link."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from kernenkaart.labels.queries import label
from kernenkaart.lagen import LAGEN
from kernenkaart.periode import format_periode
from kernenkaart.tijd import AMSTERDAM, format_maanden
from kernenkaart.volgen.nieuws import Melding, Soort, Stand
from kernenkaart.web.dingen import format_wanneer

KOPPEN = {
    Soort.NIET_DOOR: "Gaat niet door",
    Soort.WEG: "Weggehaald van de kaart",
    Soort.VERPLAATST: "Verplaatst",
    Soort.WEER_DOOR: "Gaat toch door",
    Soort.STATUS: "Veranderd",
    Soort.NIEUW: "Nieuw",
}
DING = {laag.naam: laag.ding for laag in LAGEN}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LINK = re.compile(r"[a-z][a-z0-9+.-]*:/+|www\.", re.IGNORECASE)


def plain(text: str, most: int = 200) -> str:
    """Somebody's words on one line, and nothing in it that a mail program makes a link of."""
    return _LINK.sub("", " ".join(_CONTROL.sub(" ", text).split()))[:most]


def subject(meldingen: Sequence[Melding]) -> str:
    """The subject of a mail: the first news, and how much more there is."""
    first = meldingen[0]
    more = len(meldingen) - 1
    rest = f", en nog {more} {'bericht' if more == 1 else 'berichten'}" if more else ""
    return f"{KOPPEN[first.soort]}: {plain(first.ding.stand.titel, 100)}{rest}"


def to_blok(
    session: Session, kop: str, meldingen: Sequence[Melding], *, vandaag: date
) -> dict[str, Any]:
    """One subject as the template prints it: ``kop`` and ``delen`` of ``kop`` and ``dingen``."""
    return {
        "kop": plain(kop),
        "delen": [
            {
                "kop": KOPPEN[soort],
                "dingen": [_to_ding(session, melding, vandaag) for melding in some],
            }
            for soort, some in groupby(meldingen, key=lambda melding: melding.soort)
        ],
    }


def _to_ding(session: Session, melding: Melding, vandaag: date) -> dict[str, Any]:
    ding, stand = melding.ding, melding.ding.stand
    waar = (stand.kern, stand.plek, ding.wie)
    return {
        "titel": plain(stand.titel),
        "regels": [
            regel
            for regel in (
                _when(melding, vandaag),
                plain(" · ".join(dict.fromkeys(deel for deel in waar if deel))),
                plain(ding.kort),
                *_was(session, melding, vandaag),
            )
            if regel
        ],
        # what is gone has no page any more
        "pad": "" if melding.soort is Soort.WEG else f"/{stand.laag}/{stand.id}",
    }


def _when(melding: Melding, vandaag: date) -> str:
    wanneer = format_stand(melding.ding.stand, vandaag)
    if not melding.meer:
        return wanneer
    keren = f"{melding.meer} {'keer' if melding.meer == 1 else 'keren'}"
    if melding.soort is Soort.NIEUW and melding.ding.herhaling:
        herhaling = melding.ding.herhaling
        return f"{herhaling[:1].upper()}{herhaling[1:]}. Eerstvolgende keer: {wanneer}"
    return f"{wanneer}, en nog {keren}"


def _was(session: Session, melding: Melding, vandaag: date) -> list[str]:
    """What it was before, as far as that is told."""
    was, nu = melding.was, melding.ding.stand
    if was is None:
        return []
    lijst = f"{DING[nu.laag]}.status"
    if melding.soort is Soort.STATUS:
        return [f"{label(session, lijst, nu.status)} (was: {label(session, lijst, was.status)})"]
    if melding.soort is not Soort.VERPLAATST:
        return []
    before = format_stand(was, vandaag)
    lines = [f"Was: {before}"] if before and before != format_stand(nu, vandaag) else []
    if (was.plek, was.kern) != (nu.plek, nu.kern):
        plek = ", ".join(deel for deel in (was.plek, was.kern) if deel)
        lines.append(f"Was in: {plain(plek)}" if plek else "De plek is nu bekend.")
    return lines or ["De plek op de kaart is veranderd."]


def format_stand(stand: Stand, vandaag: date) -> str:
    """When it is, as every list has it; empty without dates."""
    laatste = stand.eindigt_op and stand.eindigt_op - timedelta(microseconds=1)
    dagen = _day(stand.begint_op), _day(laatste)
    if stand.laag == "projecten":
        return format_maanden(*dagen)
    if stand.nauwkeurigheid and dagen[0] and dagen[1]:
        return format_periode(dagen[0], dagen[1], stand.nauwkeurigheid, vandaag)
    return format_wanneer(
        stand.begint_op, stand.eindigt_op, hele_dag=stand.hele_dag, vandaag=vandaag
    )


def _day(moment: datetime | None) -> date | None:
    return moment and moment.astimezone(AMSTERDAM).date()
