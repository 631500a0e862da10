"""What an address asks for, from text to values. Errors are Dutch sentences."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kernenkaart.errors import NotFound
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.tegels.queries import ALLE_DAGEN
from kernenkaart.tegels.raster import RASTERS, Raster
from kernenkaart.tijd import AMSTERDAM, Periode
from kernenkaart.web.api import BadInput, Fout, Parser

ALLES = "alles"
SOORTEN_MAX = 30

_LAAG = {laag.naam: laag for laag in OPEN_LAGEN}
_GETAL = re.compile(r"0|[1-9]\d{0,7}", re.ASCII)  # one way to write a number, so one address
_CODE = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_DAG = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_VERSIE = re.compile(r"[0-9a-f]{8}-\d{1,20}", re.ASCII)


def get_lagen(namen: str) -> tuple[OpenLaag, ...]:
    """The layers of an address: one name, several with commas, or ``alles``.

    Several stand in the order of the legend, so that there is one address for each choice.

    Raises:
        NotFound: if there is no such layer.
    """
    if namen == ALLES:
        return OPEN_LAGEN
    asked = namen.split(",")
    found = tuple(laag for laag in OPEN_LAGEN if laag.naam in asked)
    if [laag.naam for laag in found] != asked:
        raise NotFound(f"Deze laag bestaat niet. Kies uit: {', '.join(_LAAG)} of {ALLES}.")
    return found


def get_laag(naam: str) -> OpenLaag:
    """The layer with this name.

    Raises:
        NotFound: if there is none.
    """
    if naam not in _LAAG:
        raise NotFound(f"Deze laag bestaat niet. Kies uit: {', '.join(_LAAG)}.")
    return _LAAG[naam]


def get_raster(naam: str) -> Raster:
    """The grid with this identifier.

    Raises:
        NotFound: if there is none.
    """
    if naam not in RASTERS:
        raise NotFound(f"Dit tegelschema is er niet. Kies uit: {', '.join(RASTERS)}.")
    return RASTERS[naam]


def get_place(raster: Raster, z: str, x: str, y: str) -> tuple[int, int, int]:
    """Level, column and row of a tile.

    Raises:
        NotFound: if the grid has no such tile.
    """
    if all(_GETAL.fullmatch(text) for text in (z, x, y)) and raster.has(int(z), int(x), int(y)):
        return int(z), int(x), int(y)
    raise NotFound("Deze tegel bestaat niet.")


def parse_soorten(text: str) -> tuple[str, ...]:
    """Codes of kinds, separated by commas."""
    codes = text.split(",")
    if len(codes) > SOORTEN_MAX or not all(_CODE.fullmatch(code) for code in codes):
        raise ValueError("Geef bij 'soort' codes met komma's ertussen, zoals 'riool,groen'.")
    return tuple(sorted(set(codes)))


def parse_dag(text: str) -> date:
    """A day, as ``2027-05-31``."""
    if not _DAG.fullmatch(text):
        raise ValueError("Schrijf een dag als 2027-05-31.")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("Deze dag bestaat niet.") from error


def parse_versie(text: str) -> str:
    """The version of the data, as TileJSON gives it."""
    if not _VERSIE.fullmatch(text):
        raise ValueError("Neem 'v' over uit de TileJSON, of laat het weg.")
    return text


def parse_datetime(text: str) -> Periode:
    """A moment or an interval of OGC API; tiles look at whole days in Amsterdam."""
    begin, streep, end = text.partition("/")
    days = [_day_of(part) for part in ((begin, end) if streep else (begin, begin))]
    if "/" in end or (days == [None, None] and not streep):
        raise ValueError("Geef bij 'datetime' een moment, of een begin en een einde met '/'.")
    return _periode(*days)


def _day_of(text: str) -> date | None:
    if text in {"", ".."}:
        return None
    if _DAG.fullmatch(text):
        return parse_dag(text)
    try:
        moment = datetime.fromisoformat(text.upper())
        if moment.tzinfo is None or "T" not in text.upper():
            raise ValueError(text)
        return moment.astimezone(AMSTERDAM).date()
    except (ValueError, OverflowError) as error:
        raise ValueError(
            "Schrijf een moment in 'datetime' als 2027-05-31 of 2027-05-31T12:00:00Z."
        ) from error


def _periode(eerste: date | None, laatste: date | None) -> Periode:
    if eerste == date.min:
        eerste = None  # there is no day before it, nor anything
    return Periode(eerste, laatste if laatste != date.max else None)


PARAMS: Mapping[str, Parser] = {
    "soort": parse_soorten,
    "van": parse_dag,
    "tot": parse_dag,
    "v": parse_versie,
}


def asked_periode(values: Mapping[str, Any]) -> Periode:
    """The days in what was read.

    Raises:
        BadInput: if they end before they begin, or were given in two ways.
    """
    if "datetime" in values:
        if "van" in values or "tot" in values:
            raise BadInput([Fout("query", "datetime", "Geef 'datetime', of 'van' en 'tot'.")])
        found: Periode = values["datetime"]
        return found
    if not ("van" in values or "tot" in values):
        return ALLE_DAGEN
    try:
        return _periode(values.get("van"), values.get("tot"))
    except ValueError as error:
        raise BadInput([Fout("query", "tot", str(error))]) from error
