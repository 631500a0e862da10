"""Nothing found: what else there is, each way out with its outcome counted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.kaart.queries import count_each
from kernenkaart.kaart.venster import adres
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import STANDAARD, ZELF, Vraag
from kernenkaart.lagen.keuzes import Keuzes
from kernenkaart.tijd import PERIODEN, format_dag

LABELS = {laag.naam: laag.label for laag in LAGEN}


def words(vraag: Vraag, keuzes: Keuzes) -> str:
    """What was looked for, without the text: ``werkzaamheden in Heesselt, deze maand``."""
    return f"{_soort(vraag, keuzes).lower()} {_waar(vraag, keuzes)}, {_wanneer(vraag)}"


def find_uitwegen(
    session: Session,
    actor: Actor,
    vraag: Vraag,
    *,
    keuzes: Keuzes,
    gemeente: str | None,
    vandaag: date,
) -> Sequence[tuple[str, str, str]]:
    """Address, words and outcome of questions near to one that found nothing; one statement."""
    ways = list(_ways(vraag, keuzes))
    filters = [replace(way.to_filter(vandaag, gemeente), tekst=way.q) for _label, way in ways]
    aantallen = count_each(session, actor, filters)
    return [
        (adres(way), label, f"{aantal} gevonden")
        for (label, way), aantal in zip(ways, aantallen, strict=True)
        if aantal
    ]


def _ways(vraag: Vraag, keuzes: Keuzes) -> Iterable[tuple[str, Vraag]]:
    ruim = replace(vraag, kader=None, zoom=None, zonder_plek=False)
    if vraag.kader:
        yield "Hetzelfde op de hele kaart", ruim
    ruim = replace(ruim, q="")
    if vraag.soort or vraag.lagen:
        alles = replace(ruim, soort="", lagen=())
        yield f"Alle soorten {_waar(vraag, keuzes)}", alles
    if vraag.wanneer != "alles":
        altijd = replace(ruim, wanneer="alles", van=None, tot=None)
        yield f"{_soort(vraag, keuzes)} {_waar(vraag, keuzes)}, vanaf vandaag", altijd
    if vraag.q:
        yield (
            f"“{vraag.q}” in alle kernen",
            Vraag(q=vraag.q, wanneer="alles", landelijk=vraag.landelijk),
        )


def _soort(vraag: Vraag, keuzes: Keuzes) -> str:
    laag, _, code = vraag.soort.partition(".")
    if code:
        return dict(keuzes.soorten[laag]).get(code, LABELS[laag])
    if laag:
        return LABELS[laag]
    return " en ".join(LABELS[naam] for naam in vraag.lagen) or "Alles"


def _waar(vraag: Vraag, keuzes: Keuzes) -> str:
    namen = {slug: naam for slug, naam, _kader in keuzes.kernen}
    return f"in {namen[vraag.kern]}" if vraag.kern in namen else "in alle kernen"


def _wanneer(vraag: Vraag) -> str:
    if vraag.wanneer != ZELF:
        return PERIODEN[vraag.wanneer].lower()
    van = f"van {format_dag(vraag.van)} " if vraag.van else ""
    tot = f"tot en met {format_dag(vraag.tot)}" if vraag.tot else ""
    return (van + tot).strip() or PERIODEN[STANDAARD].lower()
