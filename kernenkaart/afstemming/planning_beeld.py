"""A planning as plain values: its rows, bands and frames, ready for a template or a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kernenkaart.afstemming.planning_indeling import (
    RIJ_PX,
    Band,
    Dagen,
    Regel,
    Schaal,
    Streep,
    Stuk,
    lay_bands,
    lay_row,
    order_rows,
)
from kernenkaart.afstemming.planning_paren import GEEN_PAREN, Kans, Paren
from kernenkaart.afstemming.planning_queries import Gevonden
from kernenkaart.afstemming.planning_vraag import PlanVraag
from kernenkaart.labels.templating import word
from kernenkaart.periode import format_duur, format_periode
from kernenkaart.tijd import format_dag, format_dagen, format_maanden, format_moment

KLASSEN = {
    "bevestigd": "p-vast",
    "bezig": "p-vast",
    "klaar": "p-vast",
    "verwacht": "p-verwacht",
}  # of a work; what is not here is not certain
KADER_MIN = 2.8  # percent: room for the bar of a day within its frame
LAGEN = {"werkzaamheid": "werkzaamheden", "project": "projecten", "activiteit": "activiteiten"}


@dataclass(frozen=True)
class Rij:
    """One work, project or activity: its words, and of the first two its bar.

    Attributes:
        klasse: how its bar looks.
        wanneer: its days as precisely as they are known.
        ruimte: how far it can move, in words; empty when it cannot.
        rust: until when one had better not dig after it, in words; empty if one may.
        zekerheid: the word for its status.
        regel: where its bar stands; None of an activity.
    """

    ding: str
    id: int
    titel: str
    wie: str
    soort: str
    plek: str
    kern: str
    klasse: str
    wanneer: str
    ruimte: str
    rust: str
    zekerheid: str
    hinder: str | None
    dagen: Dagen
    regel: Regel | None = None

    @property
    def sleutel(self) -> str:
        """``werkzaamheid-12``."""
        return f"{self.ding}-{self.id}"

    @property
    def url(self) -> str:
        """Its own page."""
        return f"/{LAGEN[self.ding]}/{self.id}"

    @property
    def sub(self) -> str:
        """The line below its title: whose it is, and where."""
        return ", ".join(
            dict.fromkeys(deel for deel in (self.wie, self.plek or self.soort) if deel)
        )

    @property
    def voluit(self) -> str:
        """All of it in one sentence, for who does not see the bar."""
        ruimte = f" Kan schuiven: {self.ruimte}." if self.ruimte else ""
        rust = f" {self.rust}." if self.rust else ""
        return f"{self.titel}, {self.sub}: {self.wanneer}. {self.zekerheid}.{ruimte}{rust}"


@dataclass(frozen=True)
class Kader:
    """A frame around the bars of a koppelkans (two rows) or a botsing (one).

    Attributes:
        soort: ``koppelkans``, ``samen`` or ``botsing``.
        y: its top, pixels.
        hoogte: pixels.
        naam: what it is, in one sentence.
    """

    soort: str
    stuk: Stuk
    y: int
    hoogte: int
    url: str
    naam: str


@dataclass(frozen=True)
class Bij:
    """What a row has to do with another one: a link to where that is settled."""

    soort: str
    url: str
    tekst: str


@dataclass(frozen=True)
class Beslis:
    """The koppelkans that the card beside the bars lets one decide on.

    Attributes:
        aan_zet: whose work had best move; empty when nobody need to.
    """

    kans: Kans
    titel: str
    aan_zet: str


@dataclass(frozen=True)
class Planning:
    """Everything that the page prints.

    Attributes:
        rijen: works and projects, top to bottom.
        activiteiten: what stands over all rows.
        banden: where those stand; as long as ``activiteiten``.
        meer_activiteiten: how many more there are.
        kop_px: height of the head of the picture.
        nu: where today is; None outside the picture.
        totaal: how many works and projects there are in all.
        kaders: koppelkansen and botsingen around the bars.
        bij: the same in words, by the key of a row.
        beslis: the best koppelkans of what is chosen, else of all; None when none is open.
    """

    rijen: Sequence[Rij]
    activiteiten: Sequence[Rij]
    banden: Sequence[Band | None]
    meer_activiteiten: int
    strepen: Sequence[Streep]
    kop_px: int
    nu: Band | None
    totaal: int
    gekozen: Rij | None
    kaders: Sequence[Kader]
    bij: Mapping[str, Sequence[Bij]]
    kansen: Sequence[Bij]
    botsingen: Sequence[Bij]
    beslis: Beslis | None

    @property
    def hoogte(self) -> int:
        """Of the picture, pixels."""
        return self.kop_px + len(self.rijen) * RIJ_PX

    @property
    def over(self) -> int:
        """How many works and projects have no row."""
        return self.totaal - len(self.rijen)


def to_rij(row: Mapping[Any, Any], vandaag: date) -> Rij:
    """A row of ``planning_queries.find_rijen`` in words."""
    werk = row["ding"] == "werkzaamheid"
    dagen = Dagen(row["eerste"], row["laatste"], row["vroegst"], row["laatst"], row["rust_tot"])
    if werk:
        wanneer = format_periode(dagen.eerste, dagen.laatste, row["nauwkeurigheid"], vandaag)  # type: ignore[arg-type]  # a work has days
        if row["duur_dagen"]:
            wanneer += f", duurt ongeveer {format_duur(row['duur_dagen'])}"
    else:
        wanneer = format_maanden(dagen.eerste, dagen.laatste)
    return Rij(
        ding=row["ding"],
        id=row["id"],
        titel=row["titel"],
        wie=row["wie"],
        soort=row["soort"],
        plek=row["plek"] or "",
        kern=row["kern_naam"] or "",
        klasse=KLASSEN.get(row["status"], "p-ruim") if werk else "p-project",
        wanneer=wanneer,
        ruimte=_slack(dagen, vandaag),
        rust=f"Niet graven t/m {format_dag(dagen.rust_tot, vandaag)}" if dagen.rust_tot else "",
        zekerheid=word(row["status"], f"{row['ding']}.status"),
        hinder=row["hinder"],
        dagen=dagen,
    )


def _slack(dagen: Dagen, vandaag: date) -> str:
    if dagen.vroegst and dagen.laatst:
        return format_dagen(dagen.vroegst, dagen.laatst, vandaag)
    if dagen.vroegst:
        return f"vanaf {format_dag(dagen.vroegst, vandaag)}"
    return f"tot en met {format_dag(dagen.laatst, vandaag)}" if dagen.laatst else ""


def to_activiteit(row: Mapping[Any, Any], vandaag: date) -> Rij:
    """A row of ``planning_queries.find_banden`` in words."""
    return Rij(
        ding="activiteit",
        id=row["id"],
        titel=row["titel"],
        wie=row["wie"],
        soort="Activiteit",
        plek=row["plek"] or "",
        kern=row["kern_naam"] or "",
        klasse="p-feest",
        wanneer=format_moment(
            row["begint_op"], row["eindigt_op"], hele_dag=row["hele_dag"], vandaag=vandaag
        ),
        ruimte="",
        rust="",
        zekerheid=word(row["status"], "activiteit.status"),
        hinder=None,
        dagen=Dagen(row["eerste"], row["laatste"]),
    )


def make_planning(
    gevonden: Gevonden,
    banden: Sequence[Mapping[Any, Any]],
    vraag: PlanVraag,
    vandaag: date,
    paren: Paren = GEEN_PAREN,
) -> Planning:
    """The picture of what was found.

    Args:
        banden: rows of ``planning_queries.find_banden``.
        paren: what stands between the rows; two that may be one work stand together.
    """
    schaal = Schaal.of(vraag.periode)
    activiteiten = [to_activiteit(row, vandaag) for row in banden]
    stroken, kop_px, nu = lay_bands(
        schaal,
        [(a.titel, a.dagen.eerste, a.dagen.laatste) for a in activiteiten],  # type: ignore[misc]  # an activity has days
        vandaag,
    )
    op_sleutel = {rij.sleutel: rij for rij in (to_rij(row, vandaag) for row in gevonden.rijen)}
    volgorde = order_rows(list(op_sleutel), [kans.sleutels for kans in paren.kansen])
    rijen = [
        replace(op_sleutel[sleutel], regel=lay_row(schaal, op_sleutel[sleutel].dagen, n, kop_px))
        for n, sleutel in enumerate(volgorde)
    ]
    kansen, botsingen, bij = _links(paren, op_sleutel)
    return Planning(
        rijen=rijen,
        activiteiten=activiteiten,
        banden=stroken,
        meer_activiteiten=banden[0]["totaal"] - len(banden) if banden else 0,
        strepen=schaal.strepen(),
        kop_px=kop_px,
        nu=nu,
        totaal=gevonden.totaal,
        gekozen=next((r for r in [*rijen, *activiteiten] if r.sleutel == vraag.gekozen), None),
        kaders=list(_frames(paren, schaal, {rij.sleutel: rij for rij in rijen})),
        bij=bij,
        kansen=kansen,
        botsingen=botsingen,
        beslis=_to_decide(paren, op_sleutel, vraag.gekozen),
    )


def _to_decide(paren: Paren, rijen: Mapping[str, Rij], gekozen: str) -> Beslis | None:
    for kans in paren.kansen:
        if not kans.samen and (not gekozen or gekozen in kans.sleutels):
            een, ander = (rijen[sleutel].titel for sleutel in kans.sleutels)
            schuift = rijen.get(f"werkzaamheid-{kans.schuift_id}")
            return Beslis(kans, f"{een} en {ander}", schuift.wie if schuift else "")
    return None


def _links(
    paren: Paren, rijen: Mapping[str, Rij]
) -> tuple[list[Bij], list[Bij], dict[str, list[Bij]]]:
    """Every pair as a sentence with a link: of all koppelkansen, of all botsingen, and by row."""
    bij: dict[str, list[Bij]] = {}
    kansen, botsingen = [], []
    for kans in paren.kansen:
        soort, wat = ("samen", "Samen met") if kans.samen else ("koppelkans", "Koppelkans met")
        een, ander = (rijen[sleutel].titel for sleutel in kans.sleutels)
        if not kans.samen:
            kansen.append(Bij(soort, kans.url, f"{een} en {ander}: score {kans.score} van 100"))
        for sleutel, titel in zip(kans.sleutels, (ander, een), strict=True):
            bij.setdefault(sleutel, []).append(Bij(soort, kans.url, f"{wat} {titel}"))
    for bots in paren.botsen:
        dagen = format_dagen(bots.eerste, bots.laatste)
        botsingen.append(Bij("botsing", bots.url, f"{bots.titel} en {bots.activiteit}, {dagen}"))
        for sleutel, titel in zip(bots.sleutels, (bots.activiteit, bots.titel), strict=True):
            bij.setdefault(sleutel, []).append(Bij("botsing", bots.url, f"Botsing met {titel}"))
    return kansen, botsingen, bij


def _frames(paren: Paren, schaal: Schaal, rijen: Mapping[str, Rij]) -> Iterable[Kader]:
    """Frames round the days of two rows that stand together, and of a row that clashes."""
    for kans in paren.kansen:
        een, ander = (rijen[sleutel] for sleutel in kans.sleutels)
        stuk = schaal.stuk(kans.eerste, kans.laatste, KADER_MIN)
        ys = [rij.regel.y for rij in (een, ander) if rij.regel]
        if kans.tegelijk and stuk and abs(ys[0] - ys[1]) == RIJ_PX:
            naam = f"{'Samen' if kans.samen else 'Koppelkans'}: {een.titel} en {ander.titel}"
            soort = "samen" if kans.samen else "koppelkans"
            yield Kader(soort, stuk, min(ys) + 4, 2 * RIJ_PX - 8, kans.url, naam)
    for bots in paren.botsen:
        regel = rijen[bots.sleutels[0]].regel
        stuk = schaal.stuk(bots.eerste, bots.laatste, KADER_MIN)
        if bots.zelfde_tijd and regel and stuk:
            naam = f"Botsing: {bots.titel} en {bots.activiteit}"
            yield Kader("botsing", stuk, regel.y + 7, RIJ_PX - 14, bots.url, naam)


def map_data(
    rijen: Sequence[Mapping[Any, Any]],
    banden: Sequence[Mapping[Any, Any]],
    vraag: PlanVraag,
    paren: Paren = GEEN_PAREN,
) -> dict[str, Any] | None:
    """The same things as the data of ``kaart(...)``; None when nothing of it has a place."""
    dingen, vormen, kaders, randen = [], [], [], []
    botst = {bots.sleutels[0] for bots in paren.botsen}
    koppelt = {sleutel for kans in paren.kansen if not kans.samen for sleutel in kans.sleutels}
    for row in rijen:
        sleutel = f"{row['ding']}-{row['id']}"
        wat = {"sleutel": sleutel, "ding": row["ding"], "titel": row["titel"]}
        if row["hinder"]:
            wat["hinder"] = row["hinder"]
        kaders.append(row["kader"])
        if row["vorm"]:
            vormen.append(wat | {"g": row["vorm"]})
        wie = "bots" if sleutel in botst else "koppel" if sleutel in koppelt else ""
        if wie:
            waar = row["vorm"] or {"type": "Point", "coordinates": row["punt"]}
            randen.append({"klasse": f"k-{wie}", "van": sleutel, "g": waar})
            wat = wat | {wie: True}
        dingen.append(wat | {"l": row["punt"]})
    for row in banden:
        if row["punt"]:
            wat = {"sleutel": f"activiteit-{row['id']}", "ding": "activiteit"}
            dingen.append(wat | {"titel": row["titel"], "l": row["punt"]})
            kaders.append(row["punt"] * 2)
    if not kaders:
        return None
    west, south, east, north = zip(*kaders, strict=True)
    return {
        "kader": [min(west), min(south), max(east), max(north)],
        "dingen": dingen,
        "vormen": randen + vormen,
        "kern": vraag.kern,
        "gekozen": vraag.gekozen or None,
        "bundel": True,
    }


KOPPEN = (
    "Wat", "Titel", "Wie", "Soort", "Waar", "Kern", "Periode", "Eerste dag", "Laatste dag",
    "Zekerheid", "Vroegst", "Laatst", "Niet graven tot en met", "Hinder",
    "Afstemming", "Adres",
)  # fmt: skip


def to_cells(rij: Rij, bij: Sequence[Bij], basis: str) -> list[str | date | None]:
    """A row as the cells of a table, under ``KOPPEN``.

    Args:
        bij: what it has to do with other rows.
        basis: the address of the site, without a slash at its end.
    """
    d = rij.dagen
    return [
        rij.ding.capitalize(), rij.titel, rij.wie, rij.soort, rij.plek, rij.kern, rij.wanneer,
        d.eerste, d.laatste, rij.zekerheid, d.vroegst, d.laatst, d.rust_tot,
        word(rij.hinder, "werkzaamheid.hinder") if rij.hinder else "",
        "; ".join(een.tekst for een in bij), f"{basis}{rij.url}",
    ]  # fmt: skip
