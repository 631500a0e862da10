"""What is stored of two works, in plain Dutch."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kernenkaart.afstemming.koppel_models import Kant, Keuze, Vorm
from kernenkaart.afstemming.koppel_venster import Beletsel, InDeWeg, Venster
from kernenkaart.tijd import format_dag, format_dagen

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
NOEM_MAX = 3  # so many activities are named


def weeks(dagen: int) -> str:
    """A number of days as people say it: ``3 weken``, ``1 week``, ``12 dagen``, ``1 dag``."""
    weken, rest = divmod(dagen, 7)
    if rest or not weken:
        return _days(dagen)
    return "1 week" if weken == 1 else f"{weken} weken"


def sum_of(a_dagen: int, b_dagen: int, bespaard: int) -> str:
    """The sum behind what is saved: ``Na elkaar: 2 weken en 3 weken hinder, samen 5 weken. …``."""
    los = a_dagen + b_dagen
    # a sum is in weeks or in days: what is added up comes out
    zeg = weeks if all(dagen % 7 == 0 for dagen in (a_dagen, b_dagen, bespaard)) else _days
    return (
        f"Na elkaar: {zeg(a_dagen)} en {zeg(b_dagen)} hinder, bij elkaar {zeg(los)}. "
        f"Tegelijk: {zeg(los - bespaard)}. Dat scheelt {zeg(bespaard)}."
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


def tell_venster(
    venster: Venster, titels: Mapping[Kant, str], vandaag: date | None = None
) -> list[str]:
    """The best days as sentences: which they are, what they go round, what each work moves.

    Args:
        titels: of both works.
    """
    return [
        _best_days(venster, vandaag),
        *_in_the_way(venster.in_de_weg, vandaag),
        *_around(venster.eromheen, vandaag),
        *_moves(venster, titels, vandaag),
    ]


def _best_days(venster: Venster, vandaag: date | None) -> str:
    dagen = format_dagen(venster.eerste, venster.laatste, vandaag)
    begin = (
        f"Geen enkele periode is helemaal vrij. Het minst in de weg is het van {dagen}."
        if venster.in_de_weg
        else f"Samen kan van {dagen}."
    )
    eerste, laatste = venster.samen.eerste, venster.samen.laatste
    if eerste is None or laatste is None or (eerste, laatste) == (venster.eerste, venster.laatste):
        return begin
    return f"{begin} Van {format_dagen(eerste, laatste, vandaag)} werken jullie tegelijk."


def _in_the_way(in_de_weg: Sequence[InDeWeg], vandaag: date | None) -> list[str]:
    zinnen = [_still(een, vandaag) for een in in_de_weg[:NOEM_MAX]]
    if meer := len(in_de_weg) - len(zinnen):
        zinnen.append(f"Zo {'is er nog 1 activiteit' if meer == 1 else f'zijn er nog {meer}'}.")
    return zinnen


def _still(een: InDeWeg, vandaag: date | None) -> str:
    wat = _named(een.beletsel, vandaag)
    if een.samen_dagen:
        return f"Let op: {wat} is dan {_days(een.samen_dagen)} in dezelfde tijd."
    if not een.ertussen_dagen:
        return f"Let op: {wat} sluit er direct op aan."
    zit = "zit" if een.ertussen_dagen == 1 else "zitten"
    return f"Let op: tussen het werk en {wat} {zit} {_days(een.ertussen_dagen)}."


def _around(eromheen: Sequence[Beletsel], vandaag: date | None) -> list[str]:
    namen = [_named(een, vandaag) for een in eromheen[:NOEM_MAX]]
    meer = len(eromheen) - len(namen)
    if meer:
        namen.append(f"nog {meer} {'activiteit' if meer == 1 else 'activiteiten'}")
    if not namen:
        return []
    rij = " en ".join([", ".join(namen[:-1]), namen[-1]] if namen[1:] else namen)
    return [f"{rij} {'vallen' if namen[1:] else 'valt'} daar dan buiten."]


def _moves(venster: Venster, titels: Mapping[Kant, str], vandaag: date | None) -> list[str]:
    found = []
    for kant, een in venster.verplaatsing.items():
        dagen = format_dagen(een.eerste, een.laatste, vandaag)
        kop = f"Werk {1 if kant is Kant.A else 2}, {titels[kant]}:"
        if not een.schuift_dagen:
            found.append(f"{kop} {dagen}. Dat past in wat nu gepland is.")
        else:
            kant_op = "later" if een.schuift_dagen > 0 else "eerder"
            found.append(f"{kop} {dagen}. Dat is {_days(abs(een.schuift_dagen))} {kant_op}.")
    return found


def _named(een: Beletsel, vandaag: date | None) -> str:
    eerste, laatste = een.dagen.eerste, een.dagen.laatste
    if eerste is None or laatste is None:
        raise ValueError("an activity has a first and a last day")
    misschien = "" if een.zeker else "waarschijnlijk "
    return f"{een.titel} ({misschien}{format_dagen(eerste, laatste, vandaag)})"


def _days(aantal: int) -> str:
    return "1 dag" if aantal == 1 else f"{aantal} dagen"


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
    eerst, dan = _kind(reden["eerst"]), _kind(reden["dan"])
    if reden["verkeerd"]:
        return f"Let op: {dan} zou vóór {eerst} komen. Dan moet de straat twee keer open."
    return f"Beste volgorde: eerst {eerst}, dan {dan}."


def _kind(soort: str) -> str:
    # the kind for all that names none: as a word in a sentence it says something else
    return "het andere werk" if soort == "Anders" else soort.lower()


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
