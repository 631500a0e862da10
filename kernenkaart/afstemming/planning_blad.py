"""A planning as an Excel file, made in a process of its own: openpyxl is big.

``python -m kernenkaart.afstemming.planning_blad`` reads one JSON list of rows from its standard
input, the heads first, and writes the file to its standard output. Texts stay texts, also those
that begin as a formula does (OWASP, CSV Injection); a cell ``{"dag": "2027-06-07"}`` is a day.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MODULE = "kernenkaart.afstemming.planning_blad"
ROOT = Path(__file__).resolve().parents[2]
WACHT_S = 60
BREEDST = 50

Cel = str | int | date | None


def make_blad(titel: str, rijen: Sequence[Sequence[Cel]]) -> bytes:
    """An Excel file of one sheet, its first row in bold.

    Args:
        titel: name of the sheet.
        rijen: heads and rows, all as long as one another; days become days.
    """
    cells = [[{"dag": c.isoformat()} if isinstance(c, date) else c for c in rij] for rij in rijen]
    done = subprocess.run(
        [sys.executable, "-sP", "-m", MODULE],
        input=json.dumps([titel, cells]).encode(),
        capture_output=True,
        env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
        timeout=WACHT_S,
        check=True,
    )
    return done.stdout


def main() -> None:
    """Write the file of what is in standard input."""
    from openpyxl import Workbook  # noqa: PLC0415  # only in this process
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    titel, rijen = json.load(sys.stdin)
    book = Workbook()
    sheet = book.active
    sheet.title = titel
    for nummer, rij in enumerate(rijen, start=1):
        for kolom, waarde in enumerate(rij, start=1):
            cell = sheet.cell(nummer, kolom)
            if isinstance(waarde, dict):
                cell.value, cell.number_format = date.fromisoformat(waarde["dag"]), "dd-mm-yyyy"
            elif isinstance(waarde, int):
                cell.value = waarde
            elif waarde:
                cell.value = _printable(waarde)
                cell.data_type = "s"
            if nummer == 1:
                cell.font = Font(bold=True)
            cell.alignment = Alignment(vertical="top", wrap_text=isinstance(waarde, str))
    for kolom in range(1, len(rijen[0]) + 1):
        breedte = max(12 if isinstance(r[kolom - 1], dict) else len(str(r[kolom - 1] or "")) + 2
                      for r in rijen)  # fmt: skip
        sheet.column_dimensions[get_column_letter(kolom)].width = min(breedte, BREEDST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    book.save(sys.stdout.buffer)


def _printable(text: Any) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(teken for teken in str(text) if teken >= " " or teken in "\t\n\r")


if __name__ == "__main__":
    main()
