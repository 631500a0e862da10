"""What is stored of two works, in plain Dutch."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kernenkaart.afstemming.koppel_models import Keuze, Vorm
from kernenkaart.tijd import format_dag

KEUZES = {
    Keuze.COMBINEREN: "Combineren",
    Keuze.NA_ELKAAR: "Na elkaar",
    Keuze.NIET: "Niet combineren",
}
VORMEN = {
    Vorm.AFSLUITING: "In dezelfde afsluiting",
    Vorm.SLEUF: "In dezelfde sleuf",
    Vorm.AANNEMER: "Met één aannemer",
    Vorm.BERICHT: "Met één bericht aan de buurt",
}


def weeks(dagen: int) -> str:
    """A number of days in weeks: ``3 weken``, ``1 week``, ``4 dagen``, ``2,5 weken``."""
    if dagen < 7:
        return "1 dag" if dagen == 1 else f"{dagen} dagen"
    weken = f"{dagen / 7:.1f}".removesuffix(".0").replace(".", ",")
    return "1 week" if weken == "1" else f"{weken} weken"


def sum_of(a_dagen: int, b_dagen: int, bespaard: int) -> str:
    """The sum behind what is saved: ``Na elkaar: 2 weken en 3 weken hinder, samen 5 weken. …``."""
    los = a_dagen + b_dagen
    return (
        f"Na elkaar: {weeks(a_dagen)} en {weeks(b_dagen)} hinder, bij elkaar {weeks(los)}. "
        f"Tegelijk: {weeks(los - bespaard)}. Dat scheelt {weeks(bespaard)}."
    )


def sentences(redenen: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each reason as a sentence, in the order in which they are stored."""
    return [_SENTENCES[reden["code"]](reden) for reden in redenen]


def summary(redenen: Sequence[Mapping[str, Any]]) -> str:
    """The first two reasons in a line: ``Zelfde straat, zelfde kwartaal``."""
    plek, tijd = redenen[0], redenen[1]
    waar = "Zelfde straat" if plek["straat"] else _place(plek).rstrip(".")
    if tijd["kwartaal"]:
        return f"{waar}, zelfde kwartaal"
    if tijd["code"] == "samen":
        return f"{waar}, {weeks(tijd['dagen'])} tegelijk"
    return f"{waar}, niet tegelijk"


def _place(reden: Mapping[str, Any]) -> str:
    afstand = reden["afstand_m"]
    if reden["straat"]:
        return f"Zelfde straat: {reden['straat']}."
    if afstand == 0:
        return "Op dezelfde plek."
    return f"{max(1, round(afstand))} meter van elkaar."


def _together(reden: Mapping[str, Any]) -> str:
    return f"{_quarter(reden)}{weeks(reden['dagen']).capitalize()} kan het tegelijk."


def _between(reden: Mapping[str, Any]) -> str:
    if not reden["dagen"]:
        return f"{_quarter(reden)}Het kan niet tegelijk, wel direct na elkaar."
    return f"{_quarter(reden)}Het kan niet tegelijk: er zit {weeks(reden['dagen'])} tussen."


def _quarter(reden: Mapping[str, Any]) -> str:
    if not reden["kwartaal"]:
        return ""
    jaar, kwartaal = reden["kwartaal"].split("-Q")
    return f"Zelfde kwartaal: het {kwartaal}e van {jaar}. "


def _order(reden: Mapping[str, Any]) -> str:
    eerst, dan = reden["eerst"].lower(), reden["dan"].lower()
    if reden["verkeerd"]:
        return f"Let op: {dan} zou vóór {eerst} komen. Dan moet de straat twee keer open."
    return f"Beste volgorde: eerst {eerst}, dan {dan}."


def _fresh(reden: Mapping[str, Any]) -> str:
    tot = format_dag(date.fromisoformat(reden["tot"]))
    return f"Let op: de straat is dan net dicht. Graaf hier liever niet tot en met {tot}."


def _saved(reden: Mapping[str, Any]) -> str:
    return sum_of(reden["a"], reden["b"], reden["dagen"])


_SENTENCES = {
    "plek": _place,
    "samen": _together,
    "tussen": _between,
    "moratorium": _fresh,
    "volgorde": _order,
    "hinder": _saved,
}
