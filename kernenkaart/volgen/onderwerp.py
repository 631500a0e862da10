"""What somebody follows: one frozen value, read from an address and written back to it."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self
from urllib.parse import parse_qsl, urlencode

from shapely.geometry import Point
from werkzeug.datastructures import MultiDict

from kernenkaart.geo.bereik import in_bereik
from kernenkaart.geo.crs import to_rd
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import STANDAARD, Args, DingFilter, Vraag
from kernenkaart.lagen.keuzes import Keuzes
from kernenkaart.tijd import Periode

VOORUIT = timedelta(days=60)  # what begins later is told when it comes this near
STRAAL_M = 500
STRALEN_M = (250, 500, 1000, 2000, 5000)
NAAM_MAX = 100
VRAAG_MAX = 2000  # characters of an address
_BIJ = re.compile(r"(\d{1,2}\.\d{1,9}),(\d{1,2}\.\d{1,9})", re.ASCII)
_LABELS = {laag.naam: laag.label.lower() for laag in LAGEN}


@dataclass(frozen=True)
class Bij:
    """A place and what is near it.

    Attributes:
        lon: degrees (WGS84).
        lat: degrees (WGS84).
        naam: what it is called; may be empty.
        straal_m: one of ``STRALEN_M``, included.
    """

    lon: float
    lat: float
    naam: str = ""
    straal_m: int = STRAAL_M

    @property
    def punt(self) -> Point:
        """The same in RD (metres)."""
        return to_rd(Point(self.lon, self.lat))

    @property
    def graden(self) -> str:
        """As it stands in an address: ``5.26610,51.88930``, about a metre precise."""
        return f"{self.lon:.5f},{self.lat:.5f}"


@dataclass(frozen=True)
class Onderwerp:
    """What is followed.

    Attributes:
        vraag: the question of the home page, without the days: one follows what comes.
        bij: only what is near this place.
    """

    vraag: Vraag
    bij: Bij | None = None

    @classmethod
    def from_args(cls, args: Args) -> Self:
        """Read an address; what cannot be read is left out."""
        vraag, _fouten = Vraag.from_args(args)
        vraag = replace(vraag, wanneer=STANDAARD, van=None, tot=None, zoom=None)
        if vraag.soort:
            vraag = replace(vraag, lagen=())  # a kind is of one layer
        return cls(vraag, _read_bij(args))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """What ``to_text`` wrote."""
        return cls.from_args(MultiDict(parse_qsl(text)))

    def to_args(self) -> dict[str, object]:
        """The address again; the same thing always has the same one."""
        args = self.vraag.to_args()
        args.pop("zoom", None)
        if self.bij:
            args |= {"bij": self.bij.graden, "straal": self.bij.straal_m}
            args |= {"naam": self.bij.naam} if self.bij.naam else {}
        return args

    def to_text(self) -> str:
        """The query string of ``to_args``."""
        return urlencode(self.to_args(), doseq=True)

    def to_filter(self, vandaag: date, gemeente: str) -> DingFilter:
        """Which things of ``gemeente`` (CBS code) these are, from ``vandaag`` on."""
        keuze = replace(
            self.vraag.to_filter(vandaag, gemeente),
            periode=Periode(vandaag, vandaag + VOORUIT),
            tekst=self.vraag.q,
        )
        if self.bij is None:
            return keuze
        return replace(keuze, plek=self.bij.punt, plek_m=float(self.bij.straal_m))

    def words(self, keuzes: Keuzes) -> str:
        """What it is, for a heading: ``Tricht: activiteiten en werkzaamheden``."""
        laag, _, code = self.vraag.soort.partition(".")
        if code:
            wat = dict(keuzes.soorten[laag]).get(code, _LABELS[laag])
        elif laag:
            wat = _LABELS[laag]
        else:
            *eerst, laatst = [_LABELS[naam] for naam in self.vraag.lagen] or ["alles"]
            wat = f"{', '.join(eerst)} en {laatst}" if eerst else laatst
        if self.vraag.q:
            wat += f" met “{self.vraag.q}”"
        if self.vraag.kader:
            wat += ", op een stuk van de kaart"
        if self.vraag.zonder_plek:
            wat += ", zonder plek"
        return f"{self._where(keuzes)}: {wat}"

    def in_our_words(self) -> Self:
        """The same without what its asker typed: fit for a mail to who did not ask for it."""
        bij = self.bij and replace(self.bij, naam="")
        return replace(self, vraag=replace(self.vraag, q=""), bij=bij)

    def _where(self, keuzes: Keuzes) -> str:
        kernen = {slug: naam for slug, naam, _kader in keuzes.kernen}
        kern = kernen.get(self.vraag.kern, "")
        if self.bij is None:
            return kern or "Alle kernen"
        straal = self.bij.straal_m
        afstand = f"{straal} meter" if straal < 1000 else f"{straal // 1000} kilometer"
        rond = f"Binnen {afstand} van {self.bij.naam or 'een plek op de kaart'}"
        return f"{rond}, in {kern}" if kern else rond


def _read_bij(args: Args) -> Bij | None:
    found = _BIJ.fullmatch(args.get("bij", "").strip())
    if not found:
        return None
    straal = args.get("straal", "")
    bij = Bij(
        lon=float(found[1]),
        lat=float(found[2]),
        naam=" ".join(args.get("naam", "").replace("\0", " ").split())[:NAAM_MAX],
        straal_m=int(straal) if straal in {str(m) for m in STRALEN_M} else STRAAL_M,
    )
    return bij if in_bereik(bij.punt) else None
