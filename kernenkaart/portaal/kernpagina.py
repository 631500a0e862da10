"""The page of one kern as values: what its template prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.afstemming.koppel_queries import Gecombineerd, find_gecombineerd
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.queries import Makelaar, buren_of, find_makelaars, get_kern
from kernenkaart.platforms.queries import Groep, find_groepen
from kernenkaart.portaal.queries import (
    Aantallen,
    Blok,
    count_per_kern,
    find_blokken,
    last_change_of_works,
)
from kernenkaart.web.dingen import Rij, status_merkje, to_rij

BUREN = 3  # so many neighbours are offered when there is nothing here


@dataclass(frozen=True)
class Deel:
    """A block of the page: its rows as texts, and how many there are in all."""

    rijen: list[Rij]
    totaal: int


@dataclass(frozen=True)
class KernPagina:
    """All that stands on the page of a kern.

    Attributes:
        delen: by name: the layers, and ``gedaan``.
        op_kaart: the listed things that have a place, for ``kaart(dingen=…)``.
        buren: neighbours where something does go on, with how many activities; only when there
            is none here.
        bijgewerkt: when works were last changed; only when there is none here.
        gecombineerd: works that are done together, of the last year and to come; only when any
            work goes on here.
    """

    kern: Kern
    delen: Mapping[str, Deel]
    groepen: Sequence[Groep]
    makelaars: Sequence[Makelaar]
    op_kaart: Sequence[Mapping[str, Any]]
    buren: Sequence[Aantallen] = ()
    bijgewerkt: datetime | None = None
    gecombineerd: Sequence[Gecombineerd] = ()


def get_kernpagina(session: Session, actor: Actor, slug: str, vandaag: date) -> KernPagina:
    """Gather the page; at most seven statements.

    Raises:
        NotFound: if there is no such kern.
    """
    kern = get_kern(session, slug)
    blokken = find_blokken(session, actor, slug, vandaag)
    delen = {naam: _part(blok, kern, vandaag) for naam, blok in blokken.items()}
    delen["gedaan"] = Deel(
        [_done(rij) for rij in delen["gedaan"].rijen], len(delen["gedaan"].rijen)
    )
    pagina = KernPagina(
        kern=kern,
        delen=delen,
        op_kaart=[
            {**vars(rij), "geom": regel["geom"], "punt": regel["punt"]}
            for naam, deel in delen.items()
            if naam != "gedaan"
            for rij, regel in zip(deel.rijen, blokken[naam].rijen, strict=True)
        ],
        groepen=find_groepen(session, actor, kern.id),
        makelaars=find_makelaars(session, kern.id, vandaag),
    )
    if not blokken["activiteiten"].totaal:
        pagina = replace(pagina, buren=_busy_neighbours(session, actor, kern.id, vandaag))
    if not blokken["werkzaamheden"].totaal:
        pagina = replace(pagina, bijgewerkt=last_change_of_works(session))
    else:
        samen = find_gecombineerd(session, kern_id=kern.id, vanaf=vandaag - timedelta(days=365))
        pagina = replace(pagina, gecombineerd=samen)
    return pagina


def _busy_neighbours(
    session: Session, actor: Actor, kern_id: int, vandaag: date
) -> list[Aantallen]:
    buren = count_per_kern(session, actor, kern_ids=buren_of(kern_id), vandaag=vandaag)
    druk = [buur for buur in buren if buur.per_laag["activiteiten"]]
    return sorted(druk, key=lambda buur: -buur.per_laag["activiteiten"])[:BUREN]


def _part(blok: Blok, kern: Kern, vandaag: date) -> Deel:
    return Deel([_row(row, kern.slug, vandaag) for row in blok.rijen], blok.totaal)


def _row(regel: RowMapping, slug: str, vandaag: date) -> Rij:
    """A row without the name of the kern it stands on the page of."""
    row = dict(regel)
    hier = row["kern_slug"] == slug
    rij = to_rij(row | {"kern_naam": None} if hier else row, vandaag)
    match rij.ding:
        case "werkzaamheid":
            return _work(rij, row, hier=hier)
        case "project":
            return replace(rij, waar=row["wie"])
        case "initiatief":
            status = status_merkje("initiatief", row["status"]).tekst
            return replace(rij, wanneer=status, waar=row["wie"], merkjes=())
    return rij


def _work(rij: Rij, row: Mapping[str, Any], *, hier: bool) -> Rij:
    delen = [] if hier else [row["kern_naam"]]
    if row["status"] in {"bezig", "bevestigd"}:
        delen.append("Nu bezig" if row["status"] == "bezig" else "Bevestigd")
    return replace(rij, waar=" · ".join([*delen, row["wie"]]))


def _done(rij: Rij) -> Rij:
    """A work that is over: its hinder is no longer news."""
    return replace(rij, merkjes=tuple(m for m in rij.merkjes if m.soort in {"status", "af"}))
