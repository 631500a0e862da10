"""How one thing of any layer reads in a list: a row of the combined query becomes plain texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kernenkaart.labels.templating import word
from kernenkaart.periode import format_periode
from kernenkaart.tijd import AMSTERDAM, format_dag, format_maanden, format_moment, today


@dataclass(frozen=True)
class Merkje:
    """A badge.

    Attributes:
        soort: how it looks: ``afgesloten``, ``beperkt``, ``geen`` (hinder, with a sign), ``status``
            (certain), ``verwacht`` (not certain: dashed) or ``af`` (called off: reversed).
        tekst: its words; a badge never says anything by colour or sign alone.
    """

    soort: str
    tekst: str


@dataclass(frozen=True)
class Rij:
    """One thing as a row of a list, all texts ready to print (and still to be escaped).

    Attributes:
        laag: ``activiteiten``, ``werkzaamheden`` …
        ding: ``activiteit``, ``werkzaamheid`` …; names the marker.
        id: key within the layer.
        sleutel: ``activiteit-12``; as in ``?gekozen=`` and as the ``id`` of the row.
        titel: what it is called.
        url: its own page.
        wanneer: ``za 14 juni, 10.00 - 16.00``, of a project its months; empty when nobody knows.
        waar: ``Tricht · Dorpshuis · Dorpsraad Tricht``.
        merkjes: hinder first, then status.
        afgelast: whether it does not happen: its title is struck through.
        hinder: ``geen``, ``beperkt``, ``afgesloten`` or None.
        soort: name of its kind.
        kort: one short plain sentence or an empty text.
        zonder_plek: whether it is not on the map.
        vaak: ``Elke 1e zaterdag``; empty of what is only once.
    """

    laag: str
    ding: str
    id: int
    sleutel: str
    titel: str
    url: str
    wanneer: str
    waar: str
    merkjes: tuple[Merkje, ...]
    afgelast: bool
    hinder: str | None
    soort: str
    kort: str
    zonder_plek: bool
    vaak: str = ""


# how the badge of a status looks, where it is not plain; its words stand in ``labels``
ONZEKER = {"concept", "nog_niet_zeker", "verwacht", "verkenning", "idee"}
VAN_DE_BAAN = {"afgelast", "ingetrokken", "vervallen", "gestopt"}

# what goes without saying has no badge in a list
GEWOON = {"activiteit": {"gepubliceerd"}, "werkzaamheid": {"bevestigd", "bezig"}}


def status_merkje(ding: str, status: str) -> Merkje:
    """The badge of a status, in the municipality's own words."""
    soort = "verwacht" if status in ONZEKER else "af" if status in VAN_DE_BAAN else "status"
    return Merkje(soort, word(status, f"{ding}.status"))


def hinder_merkje(hinder: str, kort: str | None = None) -> Merkje:
    """The badge of a hinder; ``kort`` are its own words."""
    return Merkje(hinder, kort or word(hinder, "werkzaamheid.hinder"))


def format_wanneer(
    begint_op: datetime | None,
    eindigt_op: datetime | None,
    *,
    hele_dag: bool,
    vandaag: date | None = None,
) -> str:
    """When it is; a missing end reads ``vanaf``, a missing begin ``tot``, neither an empty text."""
    if begint_op and eindigt_op:
        return format_moment(begint_op, eindigt_op, hele_dag=hele_dag, vandaag=vandaag)
    if begint_op:
        return f"vanaf {format_dag(begint_op.astimezone(AMSTERDAM).date(), vandaag)}"
    if eindigt_op:
        return f"tot {format_dag(eindigt_op.astimezone(AMSTERDAM).date(), vandaag)}"
    return ""


def _days(
    begint_op: datetime | None, eindigt_op: datetime | None
) -> tuple[date | None, date | None]:
    """The days of two moments; an end at midnight belongs to the day before."""
    eerste = begint_op.astimezone(AMSTERDAM).date() if begint_op else None
    laatste = (
        (eindigt_op.astimezone(AMSTERDAM) - timedelta(microseconds=1)).date()
        if eindigt_op
        else None
    )
    return eerste, laatste


def _when(ding: Mapping[Any, Any], vandaag: date) -> str:
    """When it is: a project takes long, and of a work its days may not be known exactly."""
    eerste, laatste = _days(ding["begint_op"], ding["eindigt_op"])
    if ding["ding"] == "project":
        return format_maanden(eerste, laatste)
    if (hoe := ding.get("nauwkeurigheid")) and eerste and laatste:
        return format_periode(eerste, laatste, hoe, vandaag)
    return format_wanneer(
        ding["begint_op"], ding["eindigt_op"], hele_dag=ding["hele_dag"], vandaag=vandaag
    )


def to_rij(ding: Mapping[Any, Any], vandaag: date | None = None) -> Rij:
    """A row of ``lagen.queries.find_dingen`` as texts.

    Args:
        ding: the columns of ``geo.laag.Ding`` (``punt`` and ``geom`` left out) with ``laag``,
            ``ding``, ``kern_naam`` and ``op_kaart``.
        vandaag: the day that decides whether a year is written out; None is today.
    """
    naam, status, hinder = ding["ding"], ding["status"], ding["hinder"]
    merkjes = []
    if hinder:
        merkjes.append(hinder_merkje(hinder, ding["kort"]))
    if status not in GEWOON.get(naam, ()):
        merkjes.append(status_merkje(naam, status))
    waar = (ding["kern_naam"], ding["plek"], ding["wie"])
    return Rij(
        laag=ding["laag"],
        ding=naam,
        id=ding["id"],
        sleutel=f"{naam}-{ding['id']}",
        titel=ding["titel"],
        url=f"/{ding['laag']}/{ding['id']}",
        wanneer=_when(ding, vandaag or today()),
        waar=" · ".join(dict.fromkeys(deel for deel in waar if deel)),
        merkjes=tuple(merkjes),
        afgelast=bool(merkjes) and merkjes[-1].soort == "af",
        hinder=hinder,
        soort=ding["soort"],
        kort="" if hinder else ding["kort"] or "",
        zonder_plek=not ding["op_kaart"],
        vaak=ding.get("vaak") or "",
    )
