"""What of a layer can be asked: its public fields, its key and its geometry, with their types.

A filter asks them, and so does a parameter of the same name: ``?status=bevestigd``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    SQLColumnExpression,
    String,
    and_,
    bindparam,
    true,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from kernenkaart.errors import Invalid
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.ogc.cql2.literals import check_number, check_text, parse_day, parse_moment
from kernenkaart.ogc.cql2.nodes import Scalar


class Kind(StrEnum):
    """The type of a value, by its Dutch name."""

    TEXT = "tekst"
    NUMBER = "getal"
    BOOLEAN = "waar of onwaar"
    DAY = "dag"
    MOMENT = "moment"
    SHAPE = "vorm"


@dataclass(frozen=True)
class Queryable:
    """One thing that can be asked of a layer.

    Attributes:
        name: as it is called outside.
        sql: expression over the source of the layer.
        kind: its type.
        description: what it means, in Dutch.
        codes: the values it can have; empty is any.
        geometry: for a shape which one: ``MULTIPOLYGON``, or ``GEOMETRY`` for any.
    """

    name: str
    sql: ColumnElement[Any]
    kind: Kind
    description: str
    codes: tuple[str, ...] = ()
    geometry: str = ""


_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (RDGeometry, Kind.SHAPE),
    (Boolean, Kind.BOOLEAN),
    (DateTime, Kind.MOMENT),
    (Date, Kind.DAY),
    (Integer, Kind.NUMBER),
    (String, Kind.TEXT),
)


def names(laag: OpenLaag) -> tuple[str, ...]:
    """What can be asked of a layer: key, geometry, then the public fields."""
    return ("id", "geometry", *laag.velden)


def queryables(laag: OpenLaag) -> Mapping[str, Queryable]:
    """All of ``names`` with what they are."""
    return {name: queryable(laag, name) for name in names(laag)}


def queryable(laag: OpenLaag, name: str) -> Queryable:
    """What one of ``names`` is."""
    if name == "id":
        return _queryable(name, laag.id, "Het nummer van het ding binnen deze laag.")
    if name == "geometry":
        return _queryable(name, laag.geom, "Waar het ligt.")
    veld = laag.velden[name]
    return _queryable(name, veld.kolom, veld.omschrijving, veld.codes)


def _queryable(
    name: str,
    expression: SQLColumnExpression[Any],
    description: str,
    codes: type[StrEnum] | None = None,
) -> Queryable:
    kolom = cast(ColumnElement[Any], expression)  # what both of its kinds behave as
    soort = kolom.type
    kind = next(kind for type_, kind in _KINDS if isinstance(soort, type_))
    return Queryable(
        name,
        type_coerce(kolom, String) if kind is Kind.TEXT else kolom,  # an enumeration is text here
        kind,
        description,
        tuple(code.value for code in codes or ()),
        soort.kind if isinstance(soort, RDGeometry) else "",
    )


def parsers(laag: OpenLaag) -> dict[str, Callable[[str], Scalar]]:
    """What makes a value of the text of a parameter, for each queryable but the geometry.

    A parser raises ValueError with a Dutch sentence.
    """
    return {
        found.name: partial(_parse, found)
        for found in queryables(laag).values()
        if found.kind is not Kind.SHAPE
    }


def equals(laag: OpenLaag, asked: Iterable[str]) -> ColumnElement[bool]:
    """The condition that each of these queryables is what was asked.

    Returns:
        It differs with the names only, so its text can be kept; the value of ``status`` is bound
        to ``eq_status``.
    """
    known = [queryable(laag, name) for name in asked]
    return and_(
        true(), *(one.sql == bindparam(f"eq_{one.name}", type_=_TYPES[one.kind]) for one in known)
    )


def _parse(queryable: Queryable, text: str) -> Scalar:
    if queryable.codes and text not in queryable.codes:
        raise ValueError(f"Geef bij '{queryable.name}' een van: {', '.join(queryable.codes)}.")
    if queryable.kind is Kind.BOOLEAN and text not in {"true", "false"}:
        raise ValueError(f"Geef bij '{queryable.name}' true of false.")
    if queryable.kind is Kind.NUMBER and not _NUMBER.fullmatch(text):
        raise ValueError(f"Geef bij '{queryable.name}' een heel getal.")
    try:
        return _READERS[queryable.kind](text)
    except Invalid as error:
        raise ValueError(f"Bij '{queryable.name}': {error.melding}") from error


_NUMBER = re.compile(r"-?[0-9]{1,18}")
_READERS: dict[Kind, Callable[[str], Scalar]] = {
    Kind.TEXT: check_text,
    Kind.NUMBER: lambda text: check_number(int(text)),
    Kind.BOOLEAN: lambda text: text == "true",
    Kind.DAY: parse_day,
    Kind.MOMENT: parse_moment,
}
_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.TEXT: String(),
    Kind.NUMBER: BigInteger(),
    Kind.BOOLEAN: Boolean(),
    Kind.DAY: Date(),
    Kind.MOMENT: DateTime(timezone=True),
}
