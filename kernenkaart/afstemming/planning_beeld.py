"""A planning as plain values: its rows, bands and frames, ready for a template or a file."""

from collections.abc import Mapping, Sequence
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
    """A frame around one or two bars: a koppelkans or a botsing, with a link to its page."""

    soort: str
    stuk: Stuk
    y: int
    hoogte: int
    url: str
    naam: str


@dataclass(frozen=True)
class Planning:
    """Everything that the page prints.

    Attributes:
        rijen: works and projects, top to bottom.
        activiteiten: what stands over all rows.
        banden: where those stand; as long as ``activiteiten``.
        meer_activiteiten: how many more there are.
        kop_px: height of the head of the picture.
        vandaag_x: where today is, percent; None outside the picture.
        totaal: how many works and projects there are in all.
    """

    rijen: Sequence[Rij]
    activiteiten: Sequence[Rij]
    banden: Sequence[Band | None]
    meer_activiteiten: int
    strepen: Sequence[Streep]
    kop_px: int
    vandaag_x: float | None
    totaal: int
    gekozen: Rij | None

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
    paren: Sequence[tuple[str, str]] = (),
) -> Planning:
    """The picture of what was found.

    Args:
        banden: rows of ``planning_queries.find_banden``.
        paren: keys of rows that may be one work; they stand together.
    """
    schaal = Schaal.of(vraag.periode)
    activiteiten = [to_activiteit(row, vandaag) for row in banden]
    stroken, kop_px, nu = lay_bands(
        schaal,
        [(a.titel, a.dagen.eerste, a.dagen.laatste) for a in activiteiten],  # type: ignore[misc]  # an activity has days
        vandaag,
    )
    op_sleutel = {rij.sleutel: rij for rij in (to_rij(row, vandaag) for row in gevonden.rijen)}
    volgorde = order_rows(list(op_sleutel), paren)
    rijen = [
        replace(op_sleutel[sleutel], regel=lay_row(schaal, op_sleutel[sleutel].dagen, n, kop_px))
        for n, sleutel in enumerate(volgorde)
    ]
    return Planning(
        rijen=rijen,
        activiteiten=activiteiten,
        banden=stroken,
        meer_activiteiten=banden[0]["totaal"] - len(banden) if banden else 0,
        strepen=schaal.strepen(),
        kop_px=kop_px,
        vandaag_x=schaal.x(vandaag) if nu else None,
        totaal=gevonden.totaal,
        gekozen=next((r for r in [*rijen, *activiteiten] if r.sleutel == vraag.gekozen), None),
    )


def map_data(
    rijen: Sequence[Mapping[Any, Any]], banden: Sequence[Mapping[Any, Any]], vraag: PlanVraag
) -> dict[str, Any] | None:
    """The same things as the data of ``kaart(...)``; None when nothing of it has a place."""
    dingen, vormen, kaders = [], [], []
    for row in rijen:
        wat = {"sleutel": f"{row['ding']}-{row['id']}", "ding": row["ding"], "titel": row["titel"]}
        if row["hinder"]:
            wat["hinder"] = row["hinder"]
        dingen.append(wat | {"l": row["punt"]})
        kaders.append(row["kader"])
        if row["vorm"]:
            vormen.append(wat | {"g": row["vorm"]})
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
        "vormen": vormen,
        "kern": vraag.kern,
        "gekozen": vraag.gekozen or None,
    }


KOPPEN = (
    "Wat", "Titel", "Wie", "Soort", "Waar", "Kern", "Periode", "Eerste dag", "Laatste dag",
    "Zekerheid", "Vroegst", "Laatst", "Niet graven tot en met", "Hinder", "Adres",
)  # fmt: skip


def to_cells(rij: Rij, basis: str) -> list[str | date | None]:
    """A row as the cells of a table, under ``KOPPEN``.

    Args:
        basis: the address of the site, without a slash at its end.
    """
    d = rij.dagen
    return [
        rij.ding.capitalize(), rij.titel, rij.wie, rij.soort, rij.plek, rij.kern, rij.wanneer,
        d.eerste, d.laatste, rij.zekerheid, d.vroegst, d.laatst, d.rust_tot,
        word(rij.hinder, "werkzaamheid.hinder") if rij.hinder else "", f"{basis}{rij.url}",
    ]  # fmt: skip
