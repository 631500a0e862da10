"""A map layer, declared once per feature: what of it is public, and what a list or marker shows.

Tiles, API, map, list and feeds all read this one declaration, so that a column never leaks by
being added and no way out can forget who may see what.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    SQLColumnExpression,
    cast,
    func,
    literal_column,
    true,
)

from kernenkaart.actor import Actor
from kernenkaart.tijd import Periode


def start_of(dag: Any, plus_dagen: int = 0) -> ColumnElement[Any]:
    """The first moment in Amsterdam of a day (plus some days), as SQL; NULL stays NULL."""
    return func.timezone("Europe/Amsterdam", cast(dag + plus_dagen, DateTime(timezone=False)))


def titel_en_plek(titel: Any, plek_naam: Any) -> SQLColumnExpression[str]:
    """The text that a search looks in, written as the index on it."""
    found: SQLColumnExpression[str] = (
        titel + literal_column("' '") + func.coalesce(plek_naam, literal_column("''"))
    )
    return found


def dagen_tijdens(eerste_dag: Any, laatste_dag: Any) -> Callable[[Periode], ColumnElement[bool]]:
    """Which rows share a day with a period, for two day columns; NULL is open-ended."""

    def tijdens(periode: Periode) -> ColumnElement[bool]:
        return func.daterange(eerste_dag, laatste_dag, literal_column("'[]'")).bool_op("&&")(
            func.daterange(cast(periode.eerste, Date), cast(periode.laatste, Date), "[]")
        )

    return tijdens


def momenten_tijdens(begint_op: Any, eindigt_op: Any) -> Callable[[Periode], ColumnElement[bool]]:
    """Which rows share a moment with a period, for two moment columns."""

    def tijdens(periode: Periode) -> ColumnElement[bool]:
        moment = DateTime(timezone=True)
        return func.tstzrange(begint_op, eindigt_op).bool_op("&&")(
            func.tstzrange(cast(periode.begin, moment), cast(periode.einde, moment))
        )

    return tijdens


def altijd(_periode: Periode) -> ColumnElement[bool]:
    """What has no dates is there in every period."""
    return true()


@dataclass(frozen=True)
class Ding:
    """What every layer tells about one thing, so that things of all layers stand in one list.

    Each attribute is an SQL expression over ``Laag.bron``.

    Attributes:
        id: key within the layer.
        titel: what it is called.
        begint_op: first moment (timestamptz); NULL for what has no dates.
        eindigt_op: first moment after it; NULL is open-ended.
        hele_dag: whether only days count, not the time.
        soort: name of its kind.
        status: code of its status.
        hinder: ``geen``, ``beperkt``, ``afgesloten`` or NULL.
        kort: one short plain sentence or NULL.
        plek: name of the place or NULL.
        wie: whose it is.
        kern_id: the kern it mainly belongs to; may be NULL.
        punt: RD point for its marker; NULL when it has no place.
        geom: RD geometry; NULL when it has no place.
    """

    id: SQLColumnExpression[int]
    titel: SQLColumnExpression[str]
    begint_op: SQLColumnExpression[Any]
    eindigt_op: SQLColumnExpression[Any]
    hele_dag: SQLColumnExpression[bool]
    soort: SQLColumnExpression[str]
    status: SQLColumnExpression[str]
    hinder: SQLColumnExpression[Any]
    kort: SQLColumnExpression[Any]
    plek: SQLColumnExpression[Any]
    wie: SQLColumnExpression[str]
    kern_id: SQLColumnExpression[Any]
    punt: SQLColumnExpression[Any]
    geom: SQLColumnExpression[Any]


@dataclass(frozen=True)
class Laag:
    """One layer of the map.

    Attributes:
        naam: plural, as in addresses: ``activiteiten``.
        ding: singular: ``activiteit``; also names the marker.
        label: as the legend shows it.
        bron: the table, joined with what the expressions need.
        kolommen: what lists and markers show.
        velden: the public fields by name; nothing else ever leaves through an open door.
        koppeling: link table to kernen, with columns ``<ding>_id`` and ``kern_id``.
        visible_to: which rows an actor may see.
        zoektekst: the text that a search looks in.
        tijdens: which rows share at least one day with a period; written so that an index helps.
    """

    naam: str
    ding: str
    label: str
    bron: FromClause
    kolommen: Ding
    velden: Mapping[str, SQLColumnExpression[Any]]
    koppeling: FromClause
    visible_to: Callable[[Actor], ColumnElement[bool]]
    zoektekst: SQLColumnExpression[str]
    tijdens: Callable[[Periode], ColumnElement[bool]]
