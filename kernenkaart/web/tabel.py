"""Tables to take along: CSV that a spreadsheet opens as it is and never runs as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from flask import Response

CSV = "text/csv; charset=utf-8"
GEVAARLIJK = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(waarde: Any) -> str:
    """A value as text; what a spreadsheet could take for a formula gets an apostrophe before it.

    Source: OWASP, CSV Injection. A number stays a number.
    """
    if waarde is None:
        return ""
    if isinstance(waarde, int | float):
        return str(waarde)
    text = str(waarde)
    return f"'{text}" if text.startswith(GEVAARLIJK) else text


def csv_lines(kop: Sequence[str], rijen: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A table line by line: semicolons and a byte order mark, as a Dutch Excel expects."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    for row in chain((kop,), rijen):
        writer.writerow([safe_cell(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def csv_response(naam: str, kop: Sequence[str], rijen: Iterable[Sequence[Any]]) -> Response:
    """A CSV file to download."""
    response = Response(b"".join(csv_lines(kop, rijen)), content_type=CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="{naam}.csv"'
    return response
