"""The values in a filter, checked: size, text, numbers, days, moments and geometry.

Raises ``Invalid`` with a Dutch sentence for whatever cannot be.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import accumulate
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from kernenkaart.errors import Invalid
from kernenkaart.geo.bestand.geojson import Vormfout, read_geometry

BYTES_MAX = 4096
DIEPTE_MAX = 20
GETAL_MAX = 1e15  # up to here a float counts in units

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


def show(text: str) -> str:
    """What somebody sent, in quotes, short and printable: fit to be said back."""
    return f"'{''.join(teken if teken.isprintable() else '?' for teken in text[:40])}'"


def check_size(text: str) -> None:
    """Refuse a filter that is too long, before anything reads it."""
    if len(text) > BYTES_MAX or len(text.encode(errors="replace")) > BYTES_MAX:
        raise Invalid(f"Het filter is te lang: hooguit {BYTES_MAX} bytes.")


def check_depth(brackets: Iterable[int], limit: int) -> None:
    """Refuse what is nested too deep.

    Args:
        brackets: 1 for each that opens, -1 for each that closes.
    """
    if max(accumulate(brackets), default=0) > limit:
        raise Invalid(f"Het filter zit te diep genest: hooguit {DIEPTE_MAX} haakjes diep.")


def check_text(text: str) -> str:
    """``text``, when the database can hold it: no NUL, no half of a character."""
    if "\0" in text or any("\ud800" <= teken <= "\udfff" for teken in text):
        raise Invalid("In het filter staat een teken dat niet kan.")
    return text


def check_number(number: float) -> int | float:
    """``number``, when it is finite and of a size that means something."""
    if not abs(number) <= GETAL_MAX:  # also NaN
        raise Invalid("Een getal in het filter is te groot of geen getal.")
    return number


def parse_number(text: str) -> int | float:
    """A number as CQL2 writes it; whole without a point and exponent."""
    return check_number(int(text) if text.isdecimal() and len(text) < 20 else float(text))


def parse_day(text: str) -> date:
    """A day, ``2026-05-31``."""
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise Invalid(f"{show(text)} is geen dag. Schrijf jaar-maand-dag: 2026-05-31.")


def parse_moment(text: str) -> datetime:
    """A moment with its offset, ``2026-05-31T20:00:00Z``; in UTC."""
    if _MOMENT.fullmatch(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise Invalid(f"{show(text)} is geen moment. Schrijf het zo: 2026-05-31T20:00:00Z.")


def parse_instant(text: str) -> date | datetime | None:
    """An end of a period: a day, a moment, or None for ``..``."""
    if text == "..":
        return None
    return parse_moment(text) if "T" in text else parse_day(text)


def to_shape(raw: dict[str, Any]) -> BaseGeometry:
    """A GeoJSON geometry as shapely; two-dimensional, finite, closed and not crossing itself."""
    hersteld: list[str] = []
    try:
        geom = read_geometry(raw, hersteld)
    except Vormfout as error:
        raise Invalid(f"Een vorm in het filter {error}.") from error
    if hersteld:
        raise Invalid("Een vlak in het filter heeft een rand die niet gesloten is of geen rand is.")
    if not shapely.is_valid(geom):
        raise Invalid("Een vorm in het filter kruist zichzelf of heeft geen oppervlak.")
    return geom


def box_numbers(numbers: list[float]) -> tuple[float, float, float, float]:
    """Least of both axes, then most, out of the four or six numbers of a BBOX."""
    if len(numbers) == 6:  # with heights
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise Invalid("Een BBOX heeft vier getallen: minimaal x en y, dan maximaal x en y.")
    a, b, c, d = numbers
    return a, b, c, d
