"""A row of a source as a work: pure, so that the same row always gives the same work."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Self

import shapely
from shapely.geometry.base import BaseGeometry

from kernenkaart.errors import Invalid
from kernenkaart.geo.invoer import parse_vorm
from kernenkaart.kernen.adres import Adres
from kernenkaart.periode import Nauwkeurigheid, Tijdvak, parse_duur, parse_periode
from kernenkaart.werkbronnen.koppeling import Datumvorm, Koppeling, Veld, guess_soort
from kernenkaart.werkbronnen.vormen import to_punt
from kernenkaart.werkzaamheden.dagen import DAGEN_MAX, check_dagen
from kernenkaart.werkzaamheden.models import Diepte, Hinder, Status

GEEN_RUIMTE: dict[str, Any] = {"duur_dagen": None, "vroegst": None, "laatst": None}
DAGEN = ("eerste_dag", "laatste_dag", "vroegst", "laatst")
VORMEN = ("hinder_geom", "omleiding_geom")
TITEL_MAX = 200
TITEL_KORT = 90  # of a name that is made of a description
TEKST_MAX = 5000
HINDER_KORT = {Hinder.AFGESLOTEN: "Afgesloten", Hinder.BEPERKT: "Beperkt bereikbaar"}
_JAAR_EERST = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ]\d.*)?")
_DAG_EN_TIJD = re.compile(r"(\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})[T ,]+\d{1,2}[:.]\d{2}.*")
_CIJFERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_EPOCH_MS = re.compile(r"\d{12,13}")

DRAWN = {Veld.HINDER_VORM: "de plek van de hinder", Veld.OMLEIDING_VORM: "de lijn van de omleiding"}

FindAdres = Callable[[str], Adres]


@dataclass(frozen=True)
class Werk:
    """What a source says of one work; the place stands beside it."""

    titel: str
    omschrijving: str
    soort_id: int
    organisatie_id: int
    eerste_dag: date
    laatste_dag: date
    nauwkeurigheid: Nauwkeurigheid
    status: Status
    hinder: Hinder
    hinder_kort: str | None
    plek_naam: str | None
    openbaar: bool
    vroegst: date | None = None
    laatst: date | None = None
    duur_dagen: int | None = None
    diepte: Diepte | None = None
    omleiding: str | None = None
    hinder_geom: BaseGeometry | None = None  # RD, as is the next
    omleiding_geom: BaseGeometry | None = None

    def to_json(self) -> dict[str, Any]:
        """Its values as JSON holds them; geometries as WKT."""
        dagen = {naam: getattr(self, naam) for naam in DAGEN}
        vormen = {naam: getattr(self, naam) for naam in VORMEN}
        return (
            vars(self)
            | {naam: dag and str(dag) for naam, dag in dagen.items()}
            | {naam: vorm and shapely.to_wkt(vorm, 3) for naam, vorm in vormen.items()}
        )

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of ``to_json``."""
        dagen = {naam: values.get(naam) for naam in DAGEN}
        vormen = {naam: values.get(naam) for naam in VORMEN}
        return cls(
            **{
                **values,
                **{naam: dag and date.fromisoformat(dag) for naam, dag in dagen.items()},
                **{naam: wkt and shapely.from_wkt(wkt) for naam, wkt in vormen.items()},
                "diepte": Diepte(values["diepte"]) if values.get("diepte") else None,
                "nauwkeurigheid": Nauwkeurigheid(values["nauwkeurigheid"]),
                "status": Status(values["status"]),
                "hinder": Hinder(values["hinder"]),
            }
        )


@dataclass
class Omgezet:
    """A row as a work.

    Attributes:
        vorm: its place, RD.
        hersteld: what was put right or filled in, as clauses.
    """

    sleutel: str
    werk: Werk
    vorm: BaseGeometry
    hersteld: list[str] = field(default_factory=list)

    @property
    def afdruk(self) -> str:
        """Another one when the source says something else of it."""
        text = json.dumps(self.werk.to_json(), sort_keys=True).encode()
        return hashlib.sha256(text + shapely.to_wkb(self.vorm)).hexdigest()


@dataclass(frozen=True)
class Omzetter:
    """Makes works of rows.

    Attributes:
        organisatie_id: whose they are when the mapping does not say.
        soorten: the keys of our kinds by code, to look for a kind in the texts.
        soortnamen: the names of our kinds by key.
        find_adres: where an address is; raises Invalid when that is not known.
    """

    koppeling: Koppeling
    organisatie_id: int
    soorten: Mapping[str, int]
    soortnamen: Mapping[int, str]
    find_adres: FindAdres

    def to_sleutel(self, velden: Mapping[str, str], geom: BaseGeometry | None) -> str:
        """What the source calls a row, at most 64 characters; without a name a hash of it."""
        naam = " ".join(self._get(velden, Veld.SLEUTEL).split())
        if naam and len(naam) <= 64:
            return naam
        text = naam or json.dumps([self._get(velden, veld) for veld in Veld], ensure_ascii=False)
        plek = b"" if naam or geom is None else shapely.to_wkb(geom)
        return hashlib.sha256(text.encode() + plek).hexdigest()

    def convert(self, velden: Mapping[str, str], geom: BaseGeometry | None) -> Omgezet:
        """The work that a row would be.

        Args:
            velden: its texts by column.
            geom: the place that the file itself gives it (RD, valid).

        Raises:
            Invalid: with a sentence, if it cannot be a work.
        """
        hersteld: list[str] = []
        tijdvak = self._when(velden, hersteld)
        plek = _cut(self._get(velden, Veld.PLEK), TITEL_MAX, "de plek", hersteld)
        vorm = self._where(velden, geom, hersteld)
        omschrijving = self._get(velden, Veld.OMSCHRIJVING)
        hinder = Hinder(self._meaning(velden, Veld.HINDER) or self.koppeling.hinder)
        kort = _cut(self._get(velden, Veld.HINDER_KORT), 80, "de hinder", hersteld)
        omleiding = _cut(self._get(velden, Veld.OMLEIDING), 300, "de omleiding", hersteld)
        soort_id, diepte = self._kind(velden), self._meaning(velden, Veld.DIEPTE)
        werk = Werk(
            titel=self._title(velden, plek, soort_id, hersteld),
            omschrijving=_cut(omschrijving, TEKST_MAX, "de omschrijving", hersteld),
            soort_id=soort_id,
            organisatie_id=self._meaning(velden, Veld.ORGANISATIE) or self.organisatie_id,
            eerste_dag=tijdvak.eerste,
            laatste_dag=tijdvak.laatste,
            nauwkeurigheid=tijdvak.nauwkeurigheid,
            status=Status(self._meaning(velden, Veld.STATUS) or self.koppeling.status),
            hinder=hinder,
            hinder_kort=None if hinder is Hinder.GEEN else kort or HINDER_KORT[hinder],
            plek_naam=plek or None,
            openbaar=self.koppeling.openbaar,
            diepte=Diepte(diepte) if diepte else None,
            omleiding=omleiding or None,
            hinder_geom=self._drawn(velden, Veld.HINDER_VORM, hersteld),
            omleiding_geom=self._drawn(velden, Veld.OMLEIDING_VORM, hersteld),
            **self._slack(velden, tijdvak, hersteld),
        )
        return Omgezet(self.to_sleutel(velden, geom), werk, vorm, hersteld)

    def _get(self, velden: Mapping[str, str], veld: Veld) -> str:
        kolom = self.koppeling.kolommen.get(veld)
        return velden.get(kolom, "") if kolom else ""

    def _meaning(self, velden: Mapping[str, str], veld: Veld) -> Any:
        waarde = self._get(velden, veld).lower()
        return self.koppeling.vertaling.get(veld, {}).get(waarde)

    def _kind(self, velden: Mapping[str, str]) -> int:
        found = self._meaning(velden, Veld.SOORT)
        if not found and self.koppeling.raad_soort:
            fields = (Veld.TITEL, Veld.SOORT, Veld.OMSCHRIJVING)
            found = guess_soort(" ".join(self._get(velden, v) for v in fields), self.soorten)
        return int(found or self.koppeling.soort_id)

    def _title(
        self, velden: Mapping[str, str], plek: str, soort_id: int, hersteld: list[str]
    ) -> str:
        titel = " ".join(self._get(velden, Veld.TITEL).split())
        if titel:
            return _cut(titel, TITEL_MAX, "de naam", hersteld)
        first = re.split(r"\n|(?<=[.!?]) ", self._get(velden, Veld.OMSCHRIJVING).strip())[0]
        made = _cut(first, TITEL_KORT, "", []) or self.soortnamen.get(soort_id, "Werk")
        hersteld.append("de naam is gemaakt uit de omschrijving")
        made = made[:1].upper() + made[1:]
        return made if first or not plek else _cut(f"{made}: {plek}", TITEL_MAX, "", [])

    def _when(self, velden: Mapping[str, str], hersteld: list[str]) -> Tijdvak:
        begin_text, eind_text = self._get(velden, Veld.BEGIN), self._get(velden, Veld.EIND)
        if not begin_text and (begin_text := self._get(velden, Veld.VROEGST)):
            eind_text = eind_text or self._get(velden, Veld.LAATST)
            hersteld.append("zonder eerste dag; gezet op alle dagen waarop het kan")
        if not begin_text:
            if not self.koppeling.zonder_dag:
                raise Invalid("Er staat geen eerste dag bij.")
            hersteld.append(f"zonder dag; gezet op {self.koppeling.zonder_dag}")
            return parse_periode(self.koppeling.zonder_dag)
        begin = self._period(begin_text)
        if eind_text:
            eind = self._period(eind_text)
            orde = list(Nauwkeurigheid)
            nauw = max(begin.nauwkeurigheid, eind.nauwkeurigheid, key=orde.index)
            tijdvak = Tijdvak(begin.eerste, eind.laatste, nauw)
        else:
            tijdvak = begin
            if begin.eerste == begin.laatste:
                hersteld.append("zonder laatste dag; gezet op één dag")
        if tijdvak.laatste < tijdvak.eerste:
            raise Invalid("De laatste dag ligt vóór de eerste dag.")
        if (tijdvak.laatste - tijdvak.eerste).days > DAGEN_MAX:
            raise Invalid("Dit duurt langer dan tien jaar. Maak er een project van.")
        return tijdvak

    def _slack(
        self, velden: Mapping[str, str], tijdvak: Tijdvak, hersteld: list[str]
    ) -> dict[str, Any]:
        """How far it can move and how long it takes; what does not fit its days is left out."""
        found: dict[str, Any] = {}
        # of a bare number the column says what it counts
        kolom = self.koppeling.kolommen.get(Veld.DUUR, "").lower()
        eenheid = "weken" if "weken" in kolom else "dagen"
        readers: dict[Veld, tuple[str, Callable[[str], Any]]] = {
            Veld.VROEGST: ("vroegst", lambda text: self._period(text).eerste),
            Veld.LAATST: ("laatst", lambda text: self._period(text).laatste),
            Veld.DUUR: (
                "duur_dagen",
                lambda text: parse_duur(f"{text} {eenheid}" if text.isdecimal() else text),
            ),
        }
        for veld, (naam, read) in readers.items():
            if not (text := self._get(velden, veld)):
                continue
            try:
                een = {naam: read(text)}
                check_dagen(tijdvak.eerste, tijdvak.laatste, **(GEEN_RUIMTE | een))
            except (Invalid, ValueError, OverflowError) as error:
                waarom = error.melding if isinstance(error, Invalid) else str(error)
                hersteld.append(f"{veld} {text[:40]!r} is weggelaten: {waarom.rstrip('.').lower()}")
            else:
                found |= een
        return found

    def _drawn(
        self, velden: Mapping[str, str], veld: Veld, hersteld: list[str]
    ) -> BaseGeometry | None:
        """Where hinder is or how a detour runs; what cannot be drawn is left out."""
        text = self._get(velden, veld)
        try:
            vorm = parse_vorm(text) if text else None
            if vorm is not None and veld is Veld.OMLEIDING_VORM and "Line" not in vorm.geom_type:
                raise Invalid("Een omleiding is een lijn.")
        except Invalid as error:
            wat = DRAWN[veld]
            hersteld.append(f"{wat} is weggelaten: {error.melding.rstrip('.').lower()}")
            return None
        return vorm

    def _period(self, text: str) -> Tijdvak:
        try:
            return parse_periode(to_datum(text, self.koppeling.datumvorm))
        except (ValueError, OverflowError) as error:
            raise Invalid(f"De datum {text[:40]!r} kunnen we niet lezen.") from error

    def _where(
        self, velden: Mapping[str, str], geom: BaseGeometry | None, hersteld: list[str]
    ) -> BaseGeometry:
        if geom is not None:
            return geom
        x, y = self._get(velden, Veld.X), self._get(velden, Veld.Y)
        if x and y:
            punt, clauses = to_punt(x, y)
            hersteld += clauses
            return punt
        if vorm := self._get(velden, Veld.VORM):
            return parse_vorm(vorm)
        if plek := self._get(velden, Veld.PLEK):
            adres = self.find_adres(plek[:TITEL_MAX])
            hersteld.append(f"de plek is opgezocht: {adres.naam}")
            return adres.punt
        raise Invalid("Er staat niet bij waar het is.")


def to_datum(text: str, vorm: Datumvorm) -> str:
    """A date of a file as ``parse_periode`` reads it; other texts stay as they are.

    A year in front is clear, a time is left out, and 12 or 13 digits are milliseconds since 1970
    (UTC), as GIS servers write them.
    """
    text = " ".join(text.split())
    if found := _JAAR_EERST.fullmatch(text):
        return f"{found[1]}-{found[2]}-{found[3]}"
    if _EPOCH_MS.fullmatch(text):
        return str(datetime.fromtimestamp(int(text) / 1000, UTC).date())
    if found := _DAG_EN_TIJD.fullmatch(text):
        text = found[1]
    found = _CIJFERS.fullmatch(text)
    if found and vorm is Datumvorm.MAAND_EERST:
        return f"{found[3]}-{found[1]}-{found[4]}"
    return text


def _cut(tekst: str, hoogstens: int, wat: str, hersteld: list[str]) -> str:
    """``tekst`` of at most so many characters, ended at a word."""
    if len(tekst) <= hoogstens:
        return tekst
    if wat:
        hersteld.append(f"{wat} is ingekort")
    kort = tekst[: hoogstens - 1]
    return f"{kort.rsplit(None, 1)[0] if ' ' in kort else kort}…"
