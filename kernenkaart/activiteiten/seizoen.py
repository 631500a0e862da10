"""A whole season at once: text pasted from a spreadsheet becomes rows of the form."""

import csv
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from kernenkaart.activiteiten.services import ActiviteitGegevens
from kernenkaart.errors import Invalid
from kernenkaart.tijd import parse_dag, parse_tijd
from kernenkaart.web.velden import clean

HOOGSTENS = 500
TEKENS = 500_000
KOLOMMEN = ("titel", "datum", "van", "tot", "plek", "soort", "omschrijving", "doelgroep")
NAMEN = {
    "titel": ("titel", "naam", "activiteit", "wat", "onderwerp"),
    "datum": ("datum", "dag", "wanneer", "data"),
    "van": ("van", "begin", "begintijd", "start", "starttijd", "tijd", "tijden", "aanvang"),
    "tot": ("tot", "eind", "einde", "eindtijd", "tot en met"),
    "plek": ("plek", "waar", "locatie", "plaats", "adres"),
    "soort": ("soort", "type", "categorie"),
    "omschrijving": ("omschrijving", "uitleg", "toelichting", "beschrijving", "info", "opmerking"),
    "doelgroep": ("doelgroep", "voor wie", "voor", "publiek"),
}
ONBEKEND = "?"  # before the name of a kind or a public that is not in the list
_KOPPEN = {naam: kolom for kolom, namen in NAMEN.items() for naam in namen}
_SLEUTELS = uuid.UUID("6f6b5f3e-5d0c-4f0e-9d0b-8f3f1c1d2a77")  # our own name space

Regel = dict[str, str]


def read_rows(
    text: str, soorten: Collection[str], vandaag: date, doelgroepen: Collection[str] = ()
) -> list[Regel]:
    """The rows of a pasted table, each a mapping of ``KOLOMMEN`` to cleaned text.

    Columns are parted by tabs, else by semicolons, else by commas. A first row with names tells
    which column is which; without it, what stands in the columns does.

    Args:
        soorten: names of kinds, to recognise their column.
        vandaag: to read days without a year.
        doelgroepen: names of publics, to recognise theirs.

    Raises:
        Invalid: if there is nothing in it, too much, or no column that can be a name and a day.
    """
    if len(text) > TEKENS:
        raise Invalid("Dit is te veel tekst. Plak hoogstens 500 regels per keer.", veld="tabel")
    rows = _split(text.replace("\0", ""))
    if not rows:
        raise Invalid("Plak hier de regels uit je tabel.", veld="tabel")
    headers = [_KOPPEN.get(cell.lower().strip(" :*"), "") for cell in rows[0]]
    if len({kop for kop in headers if kop}) >= 2:
        rows = rows[1:]
    else:
        headers = _recognise(rows, soorten, vandaag, doelgroepen)
    if len(rows) > HOOGSTENS:
        raise Invalid(f"Plak hoogstens {HOOGSTENS} regels per keer.", veld="tabel")
    if not rows or not {"titel", "datum"} <= set(headers):
        raise Invalid(
            "We zien niet wat de naam is en wat de datum. Zet boven de kolommen: "
            "titel, datum, van, tot, plek, soort, omschrijving, doelgroep.",
            veld="tabel",
        )
    return [_to_regel(headers, cells) for cells in rows]


def _split(text: str) -> list[list[str]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    scheiding = next((teken for teken in "\t;," if teken in first), "\t")
    lines = csv.reader(text.splitlines(keepends=True), delimiter=scheiding)
    try:
        return [cells for line in lines if any(cells := [clean(cell) for cell in line])]
    except csv.Error as error:
        raise Invalid("In deze tabel staat een cel die te lang is.", veld="tabel") from error


def _to_regel(headers: Sequence[str], cells: Sequence[str]) -> Regel:
    regel = dict.fromkeys(KOLOMMEN, "")
    for kop, cell in zip(headers, cells, strict=False):
        if kop and cell:
            regel[kop] = f"{regel[kop]} {cell}".strip()
    return regel


def _recognise(
    rows: Sequence[Sequence[str]],
    soorten: Collection[str],
    vandaag: date,
    doelgroepen: Collection[str],
) -> list[str]:
    width = max(len(row) for row in rows)
    columns = [[row[i] for row in rows if i < len(row) and row[i]] for i in range(width)]
    kinds = {naam.lower() for naam in soorten}
    publics = {naam.lower() for naam in doelgroepen}
    headers = [""] * width

    def give(namen: Iterable[str], fits: Callable[[str], bool]) -> None:
        wanted = iter(namen)
        for number, column in enumerate(columns):
            share = sum(map(fits, column)) / len(column) if column else 0.0
            if not headers[number] and share > 0.5:
                headers[number] = next(wanted, "")

    give(
        ("datum",),
        lambda cell: _parses(lambda text: parse_dag(text, vandaag), split_dagen(cell)[0]),
    )
    give(("van", "tot"), lambda cell: _parses(parse_tijd, split_tijden(cell, "")[0]))
    give(("soort",), lambda cell: cell.lower() in kinds)
    give(("doelgroep",), lambda cell: cell.lower() in publics)
    give(("titel", "plek", "omschrijving"), lambda cell: not cell.isdecimal())
    return headers


def _parses(parse: Callable[[str], object], text: str) -> bool:
    with suppress(ValueError):
        parse(text)
        return True
    return False


def split_dagen(text: str) -> tuple[str, str]:
    """First and last day of ``10-06-2027 t/m 13-06-2027``; one day has no last one."""
    for teken in (" t/m ", " tot en met ", " tm "):
        eerste, found, laatste = text.partition(teken)
        if found:
            return eerste.strip(), laatste.strip()
    return text, ""


def split_tijden(van: str, tot: str) -> tuple[str, str]:
    """Begin and end, when both stand in one cell: ``10.00 - 16.00``, ``10 tot 16 uur``."""
    if not tot:
        for teken in ("-", "–", " tot ", "t/m"):
            begin, found, eind = van.partition(teken)
            if found:
                return begin.strip(), eind.strip()
    return van, tot


@dataclass(frozen=True)
class Lijst:
    """A list to choose from, as a row names it.

    Attributes:
        keuzes: key of each choice by its name in small letters.
        anders: the choice of rows that name none.
    """

    keuzes: Mapping[str, int]
    anders: int | None = None

    def key_of(self, naam: str) -> str:
        """A key as text, empty, or ``ONBEKEND`` with a name that is not in the list."""
        if not naam:
            return "" if self.anders is None else str(self.anders)
        known = self.keuzes.get(naam.lower())
        return f"{ONBEKEND}{naam}" if known is None else str(known)


def to_velden(regel: Mapping[str, str], soorten: Lijst, doelgroepen: Lijst) -> Regel:
    """A row as the fields of ``ActiviteitForm``; without times it lasts the whole day.

    Returns:
        ``soort`` and ``doelgroep`` are as ``Lijst.key_of`` gives them.
    """
    datum, laatste = split_dagen(regel["datum"])
    van, tot = split_tijden(regel["van"], regel["tot"])
    return {
        "titel": regel["titel"],
        "datum": datum,
        "laatste_dag": laatste,
        "van": van,
        "tot": tot,
        "hele_dag": "" if van or tot else "y",
        "plek": regel["plek"],
        "soort": soorten.key_of(regel["soort"]),
        "doelgroep": doelgroepen.key_of(regel["doelgroep"]),
        "omschrijving": regel["omschrijving"],
    }


def sleutel_of(platform_id: int, gegevens: ActiviteitGegevens) -> uuid.UUID:
    """The key of a row: the same name, moment and place of the same group is the same row."""
    delen = (
        str(platform_id),
        gegevens.titel.lower(),
        gegevens.begint_op.isoformat(),
        gegevens.eindigt_op.isoformat(),
        gegevens.plek.naam.lower(),
    )
    return uuid.uuid5(_SLEUTELS, "\n".join(delen))
