"""Where is this street or address? Asked of a service in the shape of PDOK's Locatieserver.

The visitor's browser never calls it. Off or down, it knows nothing, and the page works.
"""

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from shapely.geometry import Point

from kernenkaart.config import Settings
from kernenkaart.geo.bereik import in_bereik
from kernenkaart.kaart.ophalen import Dienst, NietBereikbaar

SOORTEN = frozenset({"weg", "adres", "postcode"})
_PUNT = re.compile(r"POINT\(([-\d.eE]+) ([-\d.eE]+)\)")
ONTHOUD = 2_000  # answers; a street does not move


@dataclass(frozen=True)
class Plek:
    """A street or address.

    Attributes:
        naam: ``Kerkstraat, Tricht``.
        punt: RD, metres.
        soort: ``weg``, ``adres`` or ``postcode``.
    """

    naam: str
    punt: Point
    soort: str


class Geocoder:
    """The service, with a memory.

    Args:
        url: address of the service, without ``/free``; empty is off.
        gemeente: CBS code; only places in this gemeente are given.
        timeout_s: how long a visitor may be kept waiting.
    """

    def __init__(self, url: str, gemeente: str, timeout_s: float) -> None:
        self.url = url.rstrip("/")
        self.gemeente = gemeente.removeprefix("GM")
        self._dienst = Dienst("geocoder", timeout_s=timeout_s, max_bytes=200_000, gelijktijdig=4)
        self._geheugen: OrderedDict[str, tuple[Plek, ...]] = OrderedDict()
        self._slot = threading.Lock()

    @classmethod
    def from_settings(cls, settings: Settings) -> "Geocoder":
        """The geocoder of this municipality."""
        return cls(settings.geocoder_url, settings.gemeente_code, settings.geocoder_timeout_s)

    def find(self, tekst: str) -> tuple[Plek, ...]:
        """Places that ``tekst`` may mean, best first; empty when nothing is found or it is down."""
        try:
            return self.look_up(tekst)
        except NietBereikbaar:
            return ()

    def look_up(self, tekst: str) -> tuple[Plek, ...]:
        """As ``find``, for who must know the difference.

        Raises:
            NietBereikbaar: if the service is off or down.
        """
        vraag = " ".join(tekst.casefold().split())
        if not self.url:
            raise NietBereikbaar("geocoder: uit")
        if len(vraag) < 3:
            return ()
        with self._slot:
            if vraag in self._geheugen:
                self._geheugen.move_to_end(vraag)
                return self._geheugen[vraag]
        # the service refuses parameters it does not know
        body = self._dienst.get(
            f"{self.url}/free",
            {
                "q": vraag,
                "rows": 8,
                "fq": f"type:(weg OR adres OR postcode) AND gemeentecode:{self.gemeente}",
                "fl": "weergavenaam,type,centroide_rd,gemeentecode,straatnaam,woonplaatsnaam",
            },
            check=_is_answer,
        )
        plekken = tuple(self._read(json.loads(body)))
        with self._slot:
            self._geheugen[vraag] = plekken
            while len(self._geheugen) > ONTHOUD:
                self._geheugen.popitem(last=False)
        return plekken

    def _read(self, answer: dict[str, Any]) -> Iterable[Plek]:
        gezien = set()
        for doc in answer["response"]["docs"]:
            plek = _to_plek(doc) if isinstance(doc, dict) else None
            elders = isinstance(doc, dict) and doc.get("gemeentecode", self.gemeente)
            if plek and elders == self.gemeente and plek.naam not in gezien:
                gezien.add(plek.naam)
                yield plek


def fitting(tekst: str, plekken: Iterable[Plek]) -> tuple[Plek, ...]:
    """The places in whose name every word of ``tekst`` begins a word: a geocoder always finds
    something.
    """
    return tuple(plek for plek in plekken if _fits(tekst, plek))


def certain(tekst: str, plekken: Sequence[Plek]) -> Plek | None:
    """The one of ``plekken`` (best first) that ``tekst`` names, and not just as well another."""
    if plekken and (len(plekken) == 1 or _names(tekst, plekken[0], plekken[1])):
        return plekken[0]
    return None


def _words(tekst: str) -> list[str]:
    return tekst.casefold().replace(",", " ").split()


def _fits(tekst: str, plek: Plek) -> bool:
    woorden = _words(plek.naam)
    return all(any(woord.startswith(deel) for woord in woorden) for deel in _words(tekst))


def _names(tekst: str, eerste: Plek, tweede: Plek) -> bool:
    delen = set(_words(tekst))
    return len(delen & set(_words(eerste.naam))) > len(delen & set(_words(tweede.naam))) or (
        set(_words(eerste.naam)) <= delen
    )


def _is_answer(body: bytes) -> bool:
    try:
        answer = json.loads(body)
        return isinstance(answer["response"]["docs"], list)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _to_plek(doc: dict[str, Any]) -> Plek | None:
    naam, soort = doc.get("weergavenaam"), doc.get("type")
    match = _PUNT.fullmatch(str(doc.get("centroide_rd", "")))
    if not isinstance(naam, str) or soort not in SOORTEN or not match:
        return None
    try:
        x, y = float(match[1]), float(match[2])
    except ValueError:
        return None
    punt = Point(x, y)
    if not (isfinite(x) and isfinite(y)) or not in_bereik(punt):
        return None
    return Plek(naam[:200], punt, str(soort))
