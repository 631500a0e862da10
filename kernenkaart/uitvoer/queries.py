"""A whole open layer in one statement per format; the database makes the text."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, DateTime, Text, case, cast, func

from kernenkaart.geo.crs import WGS84
from kernenkaart.geo.laag import OpenLaag, Veld
from kernenkaart.lagen.feature import feature_text, open_rows
from kernenkaart.lezen import Lezer, to_text

HOOFD = b'{"type":"FeatureCollection","features":[\n'
STAART = b"\n]}\n"
PLEK_KOP = ("x_rd", "y_rd", "lengtegraad", "breedtegraad")


@cache
def geojson_statement(laag: OpenLaag) -> str:
    """Each feature of the layer as text, by key."""
    return to_text(open_rows(laag, feature_text(laag)))


def geojson_lines(lezer: Lezer, laag: OpenLaag) -> Iterator[bytes]:
    """A GeoJSON file (RFC 7946) of the layer, a feature a line."""
    yield HOOFD
    between = ""
    for (feature,) in lezer.stream(geojson_statement(laag)):
        yield f"{between}{feature}".encode()
        between = ",\n"
    yield STAART


def csv_kop(laag: OpenLaag) -> tuple[str, ...]:
    """The names above the columns of the table."""
    return ("id", *laag.velden, *PLEK_KOP)


@cache
def csv_statement(laag: OpenLaag) -> str:
    """The layer as a table of texts, by key; times are those of a clock in Amsterdam."""
    lonlat = func.ST_Transform(laag.punt, WGS84)
    numbers = (
        (func.ST_X(laag.punt), "FM9999990.0"),
        (func.ST_Y(laag.punt), "FM9999990.0"),
        (func.ST_X(lonlat), "FM990.000000"),
        (func.ST_Y(lonlat), "FM990.000000"),
    )
    columns = (
        laag.id,
        *(_as_text(veld) for veld in laag.velden.values()),
        *(func.to_char(number, vorm) for number, vorm in numbers),
    )
    return to_text(open_rows(laag, *columns))


def _as_text(veld: Veld) -> ColumnElement[str]:
    column: Any = veld.kolom
    match veld.type:
        case DateTime():
            local = func.timezone("Europe/Amsterdam", column)
            return func.to_char(local, "YYYY-MM-DD HH24:MI")
        case Boolean():
            return case((column, "ja"), (~column, "nee"))
        case Date():
            return func.to_char(column, "YYYY-MM-DD")
        case _:
            return cast(column, Text)
