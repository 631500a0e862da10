"""Excel files: the first sheet of one as text, and the empty one to fill in.

Only the child process of ``kind.py`` imports this (T6).
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from kernenkaart.errors import Invalid
from kernenkaart.web.blad import BESCHADIGD, refuse_hostile, typed

RIJEN_MAX = 2_000
KOLOMMEN_MAX = 30


def read_xlsx(data: bytes) -> str:
    """The first sheet with rows, its cells parted by tabs, as somebody would have typed them.

    Raises:
        Invalid: if it is no workbook, or one that costs too much.
    """
    try:
        refuse_hostile(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        rows = _first_rows(book.worksheets)
    except Invalid:
        raise
    except (
        *(zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError),
        *(EOFError, SyntaxError, AttributeError, IndexError, NotImplementedError),
    ) as error:  # SyntaxError is what XML that is none raises
        raise Invalid(BESCHADIGD) from error
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t")
    writer.writerows(rows)
    return out.getvalue()


def _first_rows(sheets: Iterable[Any]) -> list[list[str]]:
    for sheet in sheets:
        if not hasattr(sheet, "iter_rows"):  # a sheet with nothing but a chart
            continue
        rows = [
            [typed(cell) for cell in row]
            for row in sheet.iter_rows(max_row=RIJEN_MAX, max_col=KOLOMMEN_MAX, values_only=True)
        ]
        filled = [row for row in rows if any(row)]
        if filled:
            return filled
    return []


def write_xlsx(rijen: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet, its first row in bold. Text stays text: no cell is a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Activiteiten"
    for nummer, rij in enumerate(rijen, start=1):
        for kolom, waarde in enumerate(rij, start=1):
            cell = sheet.cell(nummer, kolom)
            cell.value = waarde
            cell.data_type = "s"
            cell.number_format = "@"  # so that a day that is typed stays as it is typed
            if nummer == 1:
                cell.font = Font(bold=True)
    for letter, breedte in zip("ABCDEFG", (28, 16, 8, 8, 24, 20, 40), strict=True):
        sheet.column_dimensions[letter].width = breedte
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
