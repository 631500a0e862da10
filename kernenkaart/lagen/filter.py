"""What a visitor looks for: one frozen value, read from an address and written back to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol, Self

import shapely
from shapely.geometry.base import BaseGeometry

from kernenkaart.errors import Invalid
from kernenkaart.geo.crs import to_rd
from kernenkaart.lagen import LAGEN
from kernenkaart.tijd import PERIODEN, Periode, parse_dag

_GETAL = re.compile(r"-?\d{1,3}(?:\.\d{1,12})?", re.ASCII)

STANDAARD = "kwartaal"
ZELF = "zelf"  # from and to, filled in by hand
TEKST_MAX = 100
ALLE_DAGEN = Periode()
NAMEN = tuple(laag.naam for laag in LAGEN)


class Args(Protocol):
    """The query string as Werkzeug gives it."""

    def get(self, key: str, default: str) -> str:
        """The first value."""

    def getlist(self, key: str) -> list[str]:
        """All values."""


@dataclass(frozen=True)
class DingFilter:
    """Which things of which layers; an empty filter is everything.

    Attributes:
        gemeente: CBS code; None is every gemeente.
        kern: slug of a kern that the thing touches.
        kernen: slugs of kernen of which the thing touches one; empty is all.
        lagen: names of layers; empty is all.
        soort: code of a kind; only with exactly one layer.
        periode: things that share at least one day with it; things without dates always do.
        tekst: words that stand in title or place.
        gebied: RD geometry (metres) that the thing lies in, or within ``afstand_m`` of. A thing
            without a place counts at the heart of its kern.
        afstand_m: greatest distance to ``gebied``, metres, included.
        zonder_plek: only what has no place.
        plek: RD geometry; what lies within ``plek_m`` of it.
        plek_m: metres, included.
        sleutels: only these things: pairs of a layer's name and a key.
    """

    gemeente: str | None = None
    kern: str | None = None
    kernen: tuple[str, ...] = ()
    lagen: tuple[str, ...] = ()
    soort: str | None = None
    periode: Periode = ALLE_DAGEN
    tekst: str = ""
    gebied: BaseGeometry | None = None
    afstand_m: float = 0.0
    zonder_plek: bool = False
    plek: BaseGeometry | None = None
    plek_m: float = 250.0
    sleutels: tuple[tuple[str, int], ...] | None = None


@dataclass(frozen=True)
class Vraag:
    """The state of the map page, as it stands in the address.

    Attributes:
        q: what was typed in the search bar.
        kern: slug.
        soort: ``werkzaamheden`` or ``werkzaamheden.riool``; empty is all.
        lagen: layers switched on below the map; empty is all.
        wanneer: a name of ``PERIODEN`` or ``zelf``.
        van: first day, with ``zelf``.
        tot: last day, with ``zelf``.
        kader: west, south, east, north in degrees; None is the whole gemeente.
        zoom: zoom level of the picture; None before it is known.
        zonder_plek: only what has no place.
        landelijk: whether it is about every gemeente; the path says so, not the query.
    """

    q: str = ""
    kern: str = ""
    soort: str = ""
    lagen: tuple[str, ...] = ()
    wanneer: str = STANDAARD
    van: date | None = None
    tot: date | None = None
    kader: tuple[float, float, float, float] | None = None
    zoom: int | None = None
    zonder_plek: bool = False
    landelijk: bool = False

    @classmethod
    def from_args(cls, args: Args) -> tuple[Self, dict[str, str]]:
        """Read an address; what cannot be read is left out and told.

        Returns:
            The state, and per field a Dutch sentence about what was wrong with it.
        """
        fouten: dict[str, str] = {}

        def lees(veld: str, parse: Any, default: Any) -> Any:
            text = args.get(veld, "").strip()
            if not text:
                return default
            try:
                return parse(text)
            except (ValueError, Invalid) as error:
                fouten[veld] = error.melding if isinstance(error, Invalid) else str(error)
                return default

        dagen = args.get("van", "").strip() or args.get("tot", "").strip()
        vraag = cls(
            q=lees("q", _parse_tekst, ""),
            kern=lees("kern", _parse_slug, ""),
            soort=lees("soort", _parse_soort, ""),
            lagen=tuple(naam for naam in NAMEN if naam in args.getlist("laag")),
            wanneer=lees("wanneer", _parse_wanneer, ZELF if dagen else STANDAARD),
            van=lees("van", parse_dag, None),
            tot=lees("tot", parse_dag, None),
            kader=lees("kader", _parse_kader, None),
            zoom=lees("zoom", _parse_zoom, None),
            zonder_plek=args.get("plek", "") == "zonder",
        )
        if len(vraag.lagen) == len(NAMEN):
            vraag = replace(vraag, lagen=())
        if vraag.wanneer == ZELF and vraag.van and vraag.tot and vraag.tot < vraag.van:
            fouten["tot"] = "De laatste dag ligt vóór de eerste dag. Kies een latere dag."
            vraag = replace(vraag, tot=None)
        return vraag, fouten

    def to_args(self) -> dict[str, Any]:
        """The address again, as short as can be: what is default is left out."""
        zelf = self.wanneer == ZELF
        values: Mapping[str, Any] = {
            "q": self.q,
            "kern": self.kern,
            "soort": self.soort,
            "laag": list(self.lagen),
            "wanneer": self.wanneer if self.wanneer != STANDAARD else "",
            "van": self.van.isoformat() if zelf and self.van else "",
            "tot": self.tot.isoformat() if zelf and self.tot else "",
            "kader": ",".join(f"{graad:.5f}" for graad in self.kader) if self.kader else "",
            "zoom": self.zoom if self.kader else "",
            "plek": "zonder" if self.zonder_plek else "",
        }
        return {key: value for key, value in values.items() if value not in ("", None, [])}

    def periode(self, vandaag: date) -> Periode:
        """The days that are asked about."""
        if self.wanneer == ZELF:
            return Periode(self.van, self.tot)
        return Periode.named(self.wanneer, vandaag)

    def to_filter(self, vandaag: date, gemeente: str | None = None) -> DingFilter:
        """The same question as a filter on things. The text is left to the search."""
        laag, _, soort = self.soort.partition(".")
        lagen = self.lagen
        if laag:
            # a kind that is switched off below the map finds nothing, and says so
            lagen = (laag,) if not lagen or laag in lagen else ("",)
        return DingFilter(
            gemeente=gemeente,
            kern=self.kern or None,
            lagen=lagen,
            soort=soort or None,
            periode=self.periode(vandaag),
            gebied=to_rd(shapely.box(*self.kader)) if self.kader else None,
            zonder_plek=self.zonder_plek,
        )


def _parse_tekst(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())[:TEKST_MAX]


def _parse_slug(text: str) -> str:
    if not text.replace("-", "").isalnum() or not text.isascii() or len(text) > 120:
        raise Invalid("Deze kern bestaat niet. Kies een kern uit de lijst.")
    return text.lower()


def _parse_soort(text: str) -> str:
    laag, _, soort = text.partition(".")
    if laag not in NAMEN or len(soort) > 40 or "\0" in soort:
        raise Invalid("Deze soort bestaat niet. Kies een soort uit de lijst.")
    return text


def _parse_wanneer(text: str) -> str:
    if text not in PERIODEN and text != ZELF:
        raise Invalid("Deze periode bestaat niet. Kies een periode uit de lijst.")
    return text


def _parse_kader(text: str) -> tuple[float, float, float, float]:
    getallen = _GETAL.findall(text)
    if ",".join(getallen) != text or len(getallen) != 4:
        raise Invalid("Dit stuk kaart is niet te lezen.")
    west, south, east, north = map(float, getallen)
    # the box is that of RD, with room for a picture that is wider
    if not (-5 <= west < east <= 15 and 45 <= south < north <= 60):
        raise Invalid("Dit stuk kaart ligt niet in Nederland.")
    return west, south, east, north


def _parse_zoom(text: str) -> int:
    zoom = int(text) if re.fullmatch(r"[0-9]{1,2}", text) else -1
    if not 0 <= zoom <= 22:
        raise Invalid("Dit zoomniveau bestaat niet.")
    return zoom
