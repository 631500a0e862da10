"""Tables from outside: CSV and the first sheet of an Excel file, as rows by column name.

Only the child process of ``kind.py`` imports this (T6).
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kernenkaart.errors import Invalid
from kernenkaart.geo.bestand.geojson import TEKST_MAX, Ruw
from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar
from kernenkaart.web.blad import BESCHADIGD, refuse_hostile, typed

KOLOMMEN_MAX = 200
SCHEIDING = ";\t,|"
GEEN_TABEL = "Dit is geen tabel met kolommen. Op de eerste regel horen de namen van de kolommen."


def read_csv(path: Path, limieten: Limieten) -> Iterator[Ruw]:
    """The rows of a CSV file; what parts its cells is seen by its first line.

    Raises:
        Onleesbaar: if it is no table, or has too many rows or columns.
    """
    csv.field_size_limit(TEKST_MAX * 10)
    text = _decode(path.read_bytes())
    first = text.lstrip().split("\n", 1)[0]
    scheiding = max(SCHEIDING, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=scheiding)
    try:
        yield from _rows(reader, limieten)
    except csv.Error as error:
        raise Onleesbaar(f"Regel {reader.line_num} van deze tabel is niet te lezen.") from error


def read_xlsx(path: Path, limieten: Limieten) -> Iterator[Ruw]:
    """The rows of the first sheet that has any.

    Raises:
        Onleesbaar: if it is no workbook, costs too much, or is no table.
    """
    from openpyxl import load_workbook  # noqa: PLC0415  # big; a CSV does not need it
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        refuse_hostile(path.read_bytes(), limieten.uitgepakt_mb)
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if not hasattr(sheet, "iter_rows"):  # a sheet with nothing but a chart
                continue
            cells = sheet.iter_rows(max_col=KOLOMMEN_MAX, values_only=True)
            rows = _rows(([typed(cell) for cell in row] for row in cells), limieten, leeg=True)
            if (first := next(rows, None)) is not None:
                yield first
                yield from rows
                return
        raise Onleesbaar(GEEN_TABEL)
    except Onleesbaar:
        raise
    except Invalid as error:
        raise Onleesbaar(error.melding) from error
    except (
        *(zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError),
        *(EOFError, SyntaxError, AttributeError, IndexError, NotImplementedError),
    ) as error:  # SyntaxError is what XML that is none raises
        raise Onleesbaar(BESCHADIGD) from error


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise Onleesbaar("Dit bestand kunnen we niet lezen: het is geen tekst.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _rows(lines: Iterable[list[str]], limieten: Limieten, *, leeg: bool = False) -> Iterator[Ruw]:
    namen: list[str] = []
    aantal = 0
    for line in lines:
        if not any(cell.strip() for cell in line):
            continue
        if not namen:
            namen = _names(line)
            continue
        aantal += 1
        if aantal > limieten.features:
            raise Onleesbaar(f"Deze tabel heeft meer dan {limieten.features} rijen.")
        cells: dict[str, Any] = {
            naam: cell.strip()[:TEKST_MAX].replace("\0", "")
            for naam, cell in zip(namen, line, strict=False)
        }
        yield Ruw(cells)
    if not namen and not leeg:
        raise Onleesbaar(GEEN_TABEL)


def _names(line: list[str]) -> list[str]:
    """The names of the columns: each its own; one without a name is called by its number."""
    while line and not line[-1].strip():
        line = line[:-1]
    if not 2 <= len(line) <= KOLOMMEN_MAX:
        raise Onleesbaar(GEEN_TABEL)
    namen: list[str] = []
    for nummer, cell in enumerate(line, start=1):
        naam = " ".join(cell.split())[:100] or f"kolom {nummer}"
        namen.append(naam if naam not in namen else f"{naam} ({nummer})")
    return namen
