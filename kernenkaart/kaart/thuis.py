"""The home page as plain values: what was asked, what was found, where one can go from there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.geo.geojson import Kader, to_lonlat
from kernenkaart.kaart.geocoder import Geocoder
from kernenkaart.kaart.kaartdata import extent, frame, map_data, names, zoom_for
from kernenkaart.kaart.queries import Overzicht, Raster, find_hinderregels, find_overzicht, merge
from kernenkaart.kaart.tegeladres import tile_addresses
from kernenkaart.kaart.uitwegen import find_uitwegen, words
from kernenkaart.kaart.venster import Venster, adres, to_sleutel
from kernenkaart.kaart.wijd import find_wijd, is_wijd
from kernenkaart.kaart.zoeken import Antwoord, Gezocht, find_antwoord, understand, zinnen_of
from kernenkaart.lagen.filter import STANDAARD, Vraag
from kernenkaart.lagen.keuzes import Keuzes
from kernenkaart.lezen import Lezer
from kernenkaart.web.dingen import Rij, to_rij

KOPPEN = {
    "nu": "Nu bezig",
    "week": "Deze week",
    "later": "Later",
    "altijd": "Zonder vaste datum",
    "geweest": "Geweest",
    "wijd": "Begint binnenkort",
}
FIJN = Raster(16)
LATER = {"kwartaal": "Later dit kwartaal", "maand": "Later deze maand", "jaar": "Later dit jaar"}


@dataclass(frozen=True)
class Gekozen:
    """The chosen thing: its card under the map.

    Attributes:
        rij: the thing.
        n: its place in the list.
        zin: one plain sentence; may be empty.
        vorige: address and title of the one before it, if any.
        volgende: address and title of the one after it, if any.
    """

    rij: Rij
    n: int
    zin: str
    vorige: tuple[str, str] | None
    volgende: tuple[str, str] | None


@dataclass(frozen=True)
class Thuis:
    """Everything the template prints."""

    vraag: Vraag
    venster: Venster
    fouten: Mapping[str, str]
    getypt: Mapping[str, str]
    keuzes: Keuzes
    gezocht: Gezocht
    overzicht: Overzicht
    blokken: Sequence[tuple[str, Sequence[Rij]]]
    gekozen: Gekozen | None
    antwoord: Antwoord | None
    uitwegen: Sequence[tuple[str, str, str]]
    kaart: Mapping[str, Any]
    wijd: bool = False  # only counts on the map, and what begins soonest in the list

    @property
    def pad(self) -> str:
        """The address of this page without any question."""
        return adres(Vraag(landelijk=self.vraag.landelijk))

    @property
    def deel_pad(self) -> str:
        """Where the parts that change are asked."""
        return url_for("kaart.landelijk_deel" if self.vraag.landelijk else "kaart.deel")

    def adres(self, **anders: Any) -> str:
        """The address of another question; nothing is chosen there."""
        return adres(replace(self.vraag, **anders))

    def kies(self, sleutel: str) -> str:
        """The address of this page with another thing chosen; empty is none."""
        anker = {"_anchor": "kaart"} if sleutel else {}
        return adres(self.vraag, replace(self.venster, gekozen=sleutel), **anker)

    @property
    def meer(self) -> str:
        """The address of this page with more rows."""
        return adres(
            self.vraag, replace(self.venster, aantal=self.venster.aantal + self.venster.STAP)
        )

    @property
    def volgende_bladzijde(self) -> str:
        """The address of the next rows once a page is full; empty while it is not."""
        venster = self.venster
        if venster.aantal < venster.MAX:
            return ""
        return adres(self.vraag, replace(venster, vanaf=venster.vanaf + venster.aantal, gekozen=""))

    @property
    def vorige_bladzijde(self) -> str:
        """The address of the rows before these."""
        venster = self.venster
        vanaf = max(0, venster.vanaf - venster.MAX)
        return adres(self.vraag, replace(venster, vanaf=vanaf, aantal=venster.MAX, gekozen=""))

    @property
    def volg(self) -> str:
        """Where one follows what this page shows, by e-mail."""
        keuze, plek = self.gezocht.keuze, self.gezocht.plek
        vraag = replace(self.vraag, q=keuze.tekst, kern=keuze.kern or "")
        bij: dict[str, Any] = {}
        if plek is not None:
            lon, lat = to_lonlat(plek.punt)
            bij = {"bij": f"{lon:.5f},{lat:.5f}", "straal": int(keuze.plek_m), "naam": plek.naam}
        return url_for("volgen.vraag", **vraag.to_args(), **bij)

    @property
    def zoekwoorden(self) -> str:
        """What was looked for, in words."""
        return words(self.vraag, self.keuzes)

    @property
    def omgeving(self) -> str:
        """Where the found things lie, for the narrow bar: ``in Tricht``."""
        if self.vraag.kader:
            return "op dit stuk kaart"
        if self.gezocht.plek:
            return f"bij {self.gezocht.plek.naam}"
        namen = {slug: naam for slug, naam, _kader in self.keuzes.kernen}
        return f"in {namen[self.gezocht.kern]}" if self.gezocht.kern in namen else ""

    @property
    def aantal_filters(self) -> int:
        """How many filters differ from those of an empty page."""
        vraag = self.vraag
        return sum((bool(vraag.kern), bool(vraag.soort), vraag.wanneer != STANDAARD))

    @property
    def over(self) -> int:
        """How many rows come after those that are shown."""
        return 0 if self.wijd else self.overzicht.telling.gevonden - self.toont

    @property
    def toont(self) -> int:
        """The last place in the list that is shown."""
        return min(self.venster.vanaf + self.venster.aantal, self.overzicht.telling.gevonden)


def make_thuis(
    session: Session,
    actor: Actor,
    *,
    vraag: Vraag,
    fouten: Mapping[str, str],
    getypt: Mapping[str, str],
    venster: Venster,
    keuzes: Keuzes,
    geocoder: Geocoder,
    gemeente: str | None,
    vandaag: date,
    lezer: Lezer,
) -> Thuis:
    """Find everything the home page shows; at most six statements."""
    gezocht = understand(vraag, keuzes, geocoder, vandaag, gemeente)
    kader = frame(vraag, gezocht, keuzes)
    overzicht, kader, raster = _kijk(session, actor, vraag, gezocht, venster=venster, kader=kader)
    rijen = {rij["n"]: to_rij(rij, vandaag) for rij in overzicht.rijen}
    return Thuis(
        vraag=vraag,
        venster=venster,
        fouten=fouten,
        getypt=getypt,
        keuzes=keuzes,
        gezocht=gezocht,
        overzicht=overzicht,
        blokken=list(_blokken(overzicht, rijen, venster, vraag)),
        gekozen=_gekozen(session, vraag, venster, overzicht, rijen),
        antwoord=find_antwoord(session, actor, gezocht, vandaag + timedelta(days=1)),
        uitwegen=()
        if overzicht.telling.gevonden
        else find_uitwegen(
            session, actor, vraag, keuzes=keuzes, gemeente=gemeente, vandaag=vandaag
        ),
        kaart=map_data(
            overzicht,
            venster.gekozen,
            gezocht,
            kader,
            raster,
            vast=vraag.kader is not None and vraag.zoom is not None,
            kernen=names(keuzes, kader, raster.zoom),
            tegels=tile_addresses(lezer, gezocht.keuze),
        ),
        wijd=overzicht.wijd,
    )


def _kijk(
    session: Session,
    actor: Actor,
    vraag: Vraag,
    gezocht: Gezocht,
    *,
    venster: Venster,
    kader: Kader | None,
) -> tuple[Overzicht, Kader | None, Raster]:
    """What was found, where the map looks, and how coarsely things are taken together there."""
    passend = vraag.kader is None and bool(gezocht.kern or gezocht.plek)
    raster = FIJN if passend else Raster(zoom_for(kader) if vraag.zoom is None else vraag.zoom)
    if kader is not None and is_wijd(gezocht.keuze, raster.zoom):
        found = find_wijd(
            session, actor, gezocht.keuze, kader=kader, raster=raster, aantal=venster.aantal
        )
        return found, kader, raster
    overzicht = find_overzicht(
        session,
        actor,
        gezocht.keuze,
        raster=raster,
        aantal=venster.aantal,
        vanaf=venster.vanaf,
        gekozen=to_sleutel(venster.gekozen),
    )
    if passend:
        # look at what was found; how coarsely it is grouped follows from that
        kader = extent(overzicht, gezocht) or kader
        raster = Raster(zoom_for(kader))
        overzicht = replace(overzicht, groepen=merge(overzicht.groepen, raster))
    return overzicht, kader, raster


def _blokken(
    overzicht: Overzicht, rijen: Mapping[int, Rij], venster: Venster, vraag: Vraag
) -> Iterable[tuple[str, Sequence[Rij]]]:
    """The rows under their headings; a chosen thing from further down the list comes first."""
    eerste, laatste = venster.vanaf + 1, venster.vanaf + venster.aantal
    gekozen = overzicht.gekozen
    if gekozen and not eerste <= gekozen <= laatste and gekozen in rijen:
        yield "Gekozen op de kaart", [rijen[gekozen]]
    shown = [rij for rij in overzicht.rijen if eerste <= rij["n"] <= laatste]
    for groep, dingen in groupby(shown, key=lambda rij: str(rij["groep"])):
        kop = LATER.get(vraag.wanneer, KOPPEN[groep]) if groep == "later" else KOPPEN[groep]
        yield kop, [rijen[ding["n"]] for ding in dingen]


def _gekozen(
    session: Session,
    vraag: Vraag,
    venster: Venster,
    overzicht: Overzicht,
    rijen: Mapping[int, Rij],
) -> Gekozen | None:
    n = overzicht.gekozen
    if n is None or n not in rijen:
        return None
    rij = rijen[n]
    zin = rij.kort
    if rij.ding == "werkzaamheid":
        zin = " ".join(zinnen_of(find_hinderregels(session, [rij.id]).get(rij.id, ()))[:2])

    def to(buur: int) -> tuple[str, str] | None:
        if buur not in rijen:
            return None
        ander = replace(venster, gekozen=rijen[buur].sleutel)
        return adres(vraag, ander, _anchor="kaart"), rijen[buur].titel

    return Gekozen(rij=rij, n=n, zin=zin, vorige=to(n - 1), volgende=to(n + 1))
