"""What changed in some kernen lately, in plain words, from the journaal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.geo.laag import Laag
from kernenkaart.journaal.models import Journaalregel
from kernenkaart.lagen import LAGEN
from kernenkaart.tijd import AMSTERDAM, format_dag

REGELS_MAX = 80  # so many rows of the journaal are read for the few that are shown

STATUS_ZIN = {
    "gepubliceerd": "staat nu in de kalender",
    "afgelast": "is afgelast",
    "ingetrokken": "is weggehaald",
    "nog_niet_zeker": "is nog niet zeker",
    "verwacht": "wordt verwacht",
    "bevestigd": "is nu zeker",
    "bezig": "is begonnen",
    "klaar": "is klaar",
    "uitgesteld": "is uitgesteld",
    "vervallen": "gaat niet door",
    "verkenning": "wordt verkend",
    "voorbereiding": "wordt voorbereid",
    "uitvoering": "wordt uitgevoerd",
    "gestopt": "is gestopt",
    "idee": "is nu een idee",
    "zoekt_helpers": "zoekt helpers",
    "bijna_klaar": "is bijna klaar",
    "concept": "is weer een concept",
}
GEWIJZIGD = {  # the first that fits is told
    frozenset({"hinder", "hinder_kort"}): "heeft andere hinder.",
    frozenset({"geom"}): "ligt op een andere plek.",
    frozenset({"titel"}): "heeft een andere naam.",
    frozenset({"bevestigd_op"}): "is opnieuw bevestigd.",
}
STIL = {"project_id", "interne_notitie", "sleutel", "kern_id", "gemeente_id"}
TELWOORD = ("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")


@dataclass(frozen=True)
class Verandering:
    """One thing that changed on one day: ``titel`` and then ``zin``."""

    dag: date
    titel: str
    url: str
    zin: str


def find_veranderd(
    session: Session, actor: Actor, kern_ids: Sequence[int], sinds: datetime, hoogstens: int = 8
) -> list[Verandering]:
    """What changed in these kernen since a moment, newest first; one statement.

    Changes of one thing on one day are told as one.
    """
    if not kern_ids:
        return []
    arms = union_all(*(_changes(actor, laag, kern_ids, sinds) for laag in LAGEN)).subquery()
    rows = session.execute(select(arms).order_by(arms.c.id.desc()).limit(REGELS_MAX)).mappings()
    merged: dict[tuple[str, date], dict[str, Any]] = {}
    for row in rows:
        dag = row["op"].astimezone(AMSTERDAM).date()
        later = merged.setdefault(
            (row["url"], dag),
            {"titel": row["titel"], "ding": row["ding"], "vers": None, "oud": {}, "nieuw": {}},
        )
        if row["actie"] == "I":
            later["vers"] = row["nieuw"]
        else:
            later["oud"] = later["oud"] | (row["oud"] or {})
            later["nieuw"] = (row["nieuw"] or {}) | later["nieuw"]
    found = [
        Verandering(dag, wat["titel"], url, zin)
        for (url, dag), wat in merged.items()
        if (zin := tell(wat["ding"], wat["oud"], wat["nieuw"], vers=wat["vers"]))
    ]
    return found[:hoogstens]


def _changes(actor: Actor, laag: Laag, kern_ids: Sequence[int], sinds: datetime) -> Select[Any]:
    kolommen, koppeling = laag.kolommen, laag.koppeling.c
    columns: tuple[Any, ...] = (
        Journaalregel.id,
        Journaalregel.op,
        Journaalregel.actie,
        Journaalregel.oud,
        Journaalregel.nieuw,
        literal(laag.ding).label("ding"),
        kolommen.titel.label("titel"),
        func.concat(literal(f"/{laag.naam}/"), laag.id).label("url"),
    )
    return (
        select(*columns)
        .select_from(laag.bron.join(Journaalregel.__table__, Journaalregel.rij_id == laag.id))
        .where(
            Journaalregel.tabel == laag.ding,
            Journaalregel.op >= sinds,
            laag.visible_to(actor),
            laag.id.in_(
                select(koppeling[f"{laag.ding}_id"]).where(koppeling.kern_id.in_(kern_ids))
            ),
        )
        .order_by(Journaalregel.id.desc())
        .limit(REGELS_MAX)
    )


def tell(
    ding: str,
    oud: Mapping[str, Any],
    nieuw: Mapping[str, Any],
    *,
    vers: Mapping[str, Any] | None = None,
) -> str | None:
    """One sentence about the most important thing that changed; None when nobody need know.

    Args:
        oud: the fields that changed, as they were; days and moments as text.
        nieuw: the same fields as they are.
        vers: the whole row as it was first written, when that was the same day.
    """
    if "status" in nieuw and oud.get("status") != nieuw["status"]:
        if ding == "activiteit" and oud.get("status") == "afgelast":
            return "gaat toch door."
        return f"{STATUS_ZIN.get(nieuw['status'], 'is aangepast')}."
    if vers is not None and vers.get("status") == "concept":
        return None
    for veld in ("eerste_dag", "begint_op"):
        if veld in nieuw and oud.get(veld):
            return _moved(str(oud[veld]), nieuw[veld])
    if vers is not None:
        return "is nieuw."
    if nieuw.get("laatste_dag"):
        return f"duurt nu tot en met {format_dag(date.fromisoformat(nieuw['laatste_dag']))}."
    for velden, zin in GEWIJZIGD.items():
        if velden & set(nieuw):
            return zin
    return "is aangepast." if set(nieuw) - STIL else None


def _moved(oud: str, nieuw: str | None) -> str:
    if not nieuw:
        return "heeft nog geen datum."
    dagen = (_day(nieuw) - _day(oud)).days
    if dagen == 0:
        return "heeft een andere tijd."
    hoe = "later" if dagen > 0 else "eerder"
    aantal, eenheid = abs(dagen), "dag" if abs(dagen) == 1 else "dagen"
    if aantal % 7 == 0:
        aantal //= 7
        eenheid = "week" if aantal == 1 else "weken"
    woord = TELWOORD[aantal] if aantal < len(TELWOORD) else str(aantal)
    return f"is {'één' if woord == 'een' else woord} {eenheid} {hoe}."


def _day(text: str) -> date:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(AMSTERDAM).date() if moment.tzinfo else moment.date()
