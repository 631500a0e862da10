"""Works in every kern: past, running, sure, expected and not sure yet."""

from datetime import date, timedelta
from random import Random

from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from kernenkaart.demo.activiteiten import GROOT, LEEG
from kernenkaart.demo.bron import Blok, dice, read
from kernenkaart.demo.dorp import Dorp, across, rounded
from kernenkaart.werkzaamheden.models import (
    Hinder,
    Hinderregel,
    Status,
    Werkzaamheid,
    WerkzaamheidFase,
)

# days from today to the first day, and how many of the works lie there
WANNEER = (((-75, -40), 2), ((-20, -2), 3), ((5, 90), 5), ((91, 240), 4), ((241, 400), 3))
PER_KERN = 3.4
OM = "Schoolstraat"  # where the detour of a fixed work runs
SCHUIFT = (Status.VERWACHT, Status.NOG_NIET_ZEKER)


class Maker:
    """Makes works out of the kinds in ``werkzaamheden.toml``.

    Args:
        soorten: key of each kind by its code.
        organisaties: key of each organisation by the key in ``wie.toml``.
    """

    def __init__(
        self, soorten: dict[str, int], organisaties: dict[str, int], vandaag: date
    ) -> None:
        self.soorten = soorten
        self.organisaties = organisaties
        self.vandaag = vandaag
        self.blokken: list[Blok] = read("werkzaamheden")["soorten"]

    def make_all(self, dorpen: dict[str, Dorp]) -> list[Werkzaamheid]:
        """All works, not yet in a session."""
        gemaakt = [self._fixed(blok, dorpen) for blok in read("werkzaamheden")["vast"]]
        for slug, dorp in dorpen.items():
            if slug != LEEG:
                gemaakt += self._drawn(dorp, dice("werk", slug))
        return [werk for werk in gemaakt if werk is not None]

    def _drawn(self, dorp: Dorp, worp: Random) -> list[Werkzaamheid | None]:
        aantal = round(PER_KERN * GROOT.get(dorp.kern.slug, 1.0) + worp.uniform(-1, 1))
        blokken: list[Blok] = []
        while len(blokken) < aantal:
            [blok] = worp.choices(self.blokken, [blok["gewicht"] for blok in self.blokken])
            if blok not in blokken:
                blokken.append(blok)
        return [self._draw(blok, dorp, worp) for blok in blokken]

    def _draw(self, blok: Blok, dorp: Dorp, worp: Random) -> Werkzaamheid:
        [venster] = worp.choices([dagen for dagen, _ in WANNEER], [deel for _, deel in WANNEER])
        over = worp.randint(*venster)
        straat, andere = worp.sample(sorted(dorp.straten), 2)
        werk = self._make(blok, dorp, worp, straat=straat, andere=andere, over=over)
        werk.status = _status(worp, werk, self.vandaag)
        if werk.status in SCHUIFT:
            los = dice("speling", werk.titel, dorp.kern.slug)
            self._move(werk, eerder=los.randint(0, 4), later=los.randint(2, 12))
        werk.openbaar = worp.random() > 0.05
        lang_geleden = werk.status in {Status.VERWACHT, Status.NOG_NIET_ZEKER} and (
            worp.random() < 0.3
        )
        sinds = worp.randint(95, 200) if lang_geleden else worp.randint(1, 60)
        werk.bevestigd_op = self.vandaag - timedelta(days=sinds)
        return werk

    def _fixed(self, blok: Blok, dorpen: dict[str, Dorp]) -> Werkzaamheid | None:
        if blok["kern"] not in dorpen:
            return None
        als = next(
            soort
            for soort in self.blokken
            if soort["soort"] == blok["als"] and soort["wie"] == blok.get("wie", soort["wie"])
        )
        werk = self._make(
            als | {"titel": blok["titel"], "duur": blok.get("duur", als["duur"])},
            dorpen[blok["kern"]],
            dice("vast", blok["titel"]),
            straat=blok["straat"],
            andere=OM if blok["straat"] != OM else "Dorpsstraat",
            over=blok["over"],
        )
        if "naar" in blok and blok["naar"] in dorpen:
            werk.geom = across(dorpen[blok["kern"]], dorpen[blok["naar"]])
        werk.status = Status(blok["status"])
        werk.openbaar = blok.get("openbaar", True)
        if isinstance(werk.geom, LineString) and "hinder_m" in blok:
            werk.hinder_geom = rounded(werk.geom.buffer(blok["hinder_m"], quad_segs=4))
            werk.fasen = _steps(werk, werk.geom, blok["stappen"])
        if "later" in blok:
            self._move(werk, eerder=blok["eerder"], later=blok["later"])
        if "bevestigd" in blok:
            werk.bevestigd_op = self.vandaag - timedelta(days=blok["bevestigd"])
        return werk

    def _move(self, werk: Werkzaamheid, *, eerder: int, later: int) -> None:
        """Let a work move so many weeks; not to before today."""
        vroegst = werk.eerste_dag - timedelta(weeks=eerder)
        werk.vroegst = min(werk.eerste_dag, max(vroegst, self.vandaag))
        werk.laatst = werk.laatste_dag + timedelta(weeks=later)

    def _make(
        self, blok: Blok, dorp: Dorp, worp: Random, *, straat: str, andere: str, over: int
    ) -> Werkzaamheid:
        eerste = self.vandaag + timedelta(days=over)
        eerste -= timedelta(days=eerste.weekday())  # a Monday
        weken = worp.randint(*blok["duur"])
        omleiding = blok.get("omleiding")
        geom = _where(blok["vorm"], dorp, worp, straat)
        return Werkzaamheid(
            organisatie_id=self.organisaties[blok["wie"]],
            soort_id=self.soorten[blok["soort"]],
            gemeente_id=dorp.kern.gemeente_id,
            titel=blok["titel"].format(straat=straat),
            omschrijving=blok["omschrijving"],
            eerste_dag=eerste,
            laatste_dag=eerste + timedelta(days=7 * weken - 3),  # a Friday
            hinder=Hinder(blok["hinder"]),
            hinder_kort=blok["kort"],
            omleiding=omleiding and omleiding.format(andere=andere),
            omleiding_geom=_around(geom, dorp.straten[andere]) if omleiding else None,
            contact_rol="uitvoerder",
            contact_telefoon="0800 000 02 02",
            geom=geom,
            plek_naam=straat,
            demo=True,
            hinderregels=[
                Hinderregel(volgorde=nummer, wie=wie, niveau=Hinder(niveau), tekst=tekst)
                for nummer, (wie, niveau, tekst) in enumerate(blok["regels"], start=1)
            ],
        )


def _where(vorm: str, dorp: Dorp, worp: Random, straat: str) -> BaseGeometry:
    match vorm:
        case "punt":
            return dorp.stretch(worp, straat).interpolate(0.5, normalized=True)
        case "plein":
            return dorp.area(worp, 0.12)
        case "oever":
            return dorp.bank(worp)
        case _:
            return dorp.stretch(worp, straat)


def _around(geom: BaseGeometry, andere: LineString) -> LineString | None:
    """From one end of a closed street to the other along another one; None for what is no line."""
    if not isinstance(geom, LineString):
        return None
    begin, *_, eind = geom.coords
    weg = list(andere.coords)
    heen, terug = (LineString([begin, *om, eind]) for om in (weg, weg[::-1]))
    return min(heen, terug, key=lambda om: om.length)


def _steps(werk: Werkzaamheid, straat: LineString, namen: list[str]) -> list[WerkzaamheidFase]:
    """Steps one after the other, each on its own part of the street and of the days."""
    dagen, stappen = (werk.laatste_dag - werk.eerste_dag).days + 1, len(namen)
    return [
        WerkzaamheidFase(
            volgorde=nummer,
            naam=naam,
            eerste_dag=werk.eerste_dag + timedelta(days=dagen * nummer // stappen),
            laatste_dag=werk.eerste_dag + timedelta(days=dagen * (nummer + 1) // stappen - 1),
            geom=rounded(
                substring(straat, nummer / stappen, (nummer + 1) / stappen, normalized=True)
            ),
        )
        for nummer, naam in enumerate(namen)
    ]


def _status(worp: Random, werk: Werkzaamheid, vandaag: date) -> Status:
    weg = (werk.eerste_dag - vandaag).days
    if werk.laatste_dag < vandaag:
        return Status.BEZIG if worp.random() < 0.2 else Status.KLAAR
    if weg <= 0:
        return Status.BEZIG
    if worp.random() < 0.06:
        return worp.choice((Status.UITGESTELD, Status.VERVALLEN))
    if weg <= 90:
        return Status.BEVESTIGD if worp.random() < 0.75 else Status.VERWACHT
    if weg <= 240:
        return worp.choice((Status.BEVESTIGD, Status.VERWACHT, Status.VERWACHT))
    return worp.choice((Status.VERWACHT, Status.NOG_NIET_ZEKER, Status.NOG_NIET_ZEKER))
