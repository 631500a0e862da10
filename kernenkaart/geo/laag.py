"""A map layer, declared once per feature: what of it is public, and what a list or marker shows.

Tiles, API, map, list and feeds all read this one declaration, so that a column never leaks by
being added and no way out can forget who may see what.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    SQLColumnExpression,
    Table,
    cast,
    func,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeEngine

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
class Veld:
    """One public field of a layer.

    Attributes:
        kolom: SQL expression over ``OpenLaag.bron``; its SQL type says the type of the field.
        omschrijving: what it means, in plain Dutch.
        codes: the values it can have; None is free text or another type.
    """

    kolom: SQLColumnExpression[Any]
    omschrijving: str
    codes: type[StrEnum] | None = None

    @property
    def type(self) -> TypeEngine[Any]:
        """Its SQL type."""
        found: TypeEngine[Any] = self.kolom.type  # type: ignore[attr-defined]
        return found


@dataclass(frozen=True, kw_only=True, eq=False)  # each is itself: a key of a cache
class OpenLaag:
    """What may leave through an open door: tiles, API and downloads read this and no more.

    Each expression is over ``bron``.

    Attributes:
        naam: plural, as in addresses: ``activiteiten``.
        label: as the legend shows it.
        omschrijving: one Dutch sentence on what the layer holds.
        bron: the table, joined with what the expressions need.
        id: key within the layer.
        geom: RD geometry (metres); NULL when a thing has no place.
        geom_3857: the same, stored in Web Mercator.
        punt: RD point for its marker.
        begint_op: first moment (timestamptz); NULL without dates.
        eindigt_op: first moment after it; NULL is open-ended.
        soort: code of its kind; NULL without kinds.
        velden: the public fields by the name they have outside, without key and geometry.
        kort: names of the fields that a tile tells of each thing.
        visible_to: which rows an actor may see.
        tijdens: which rows share at least one day with a period; written so that an index helps.
        vanaf_zoom: tiles of Web Mercator tell it from this level on (13 or more, where nothing is
            counted before); in those further away it is empty, as their TileJSON says. 0 is all.
    """

    naam: str
    label: str
    omschrijving: str
    bron: FromClause
    id: SQLColumnExpression[int]
    geom: SQLColumnExpression[Any]
    geom_3857: SQLColumnExpression[Any]
    punt: SQLColumnExpression[Any]
    begint_op: SQLColumnExpression[Any]
    eindigt_op: SQLColumnExpression[Any]
    soort: SQLColumnExpression[Any]
    velden: Mapping[str, Veld]
    kort: tuple[str, ...]
    visible_to: Callable[[Actor], ColumnElement[bool]]
    tijdens: Callable[[Periode], ColumnElement[bool]]
    vanaf_zoom: int = 0

    @property
    def tabellen(self) -> tuple[str, ...]:
        """Names of all tables it reads: a change in one of them may change the layer."""
        whole = select(*(veld.kolom for veld in self.velden.values())).select_from(self.bron)
        tables = (found for found in visitors.iterate(whole) if isinstance(found, Table))
        return tuple(sorted({table.name for table in tables}))


@dataclass(frozen=True)
class Ding:
    """What every layer tells about one thing, so that things of all layers stand in one list.

    Each attribute is an SQL expression over ``Laag.bron``.

    Attributes:
        titel: what it is called.
        hele_dag: whether only days count, not the time.
        soort: name of its kind.
        status: code of its status.
        hinder: ``geen``, ``beperkt``, ``afgesloten`` or NULL.
        kort: one short plain sentence or NULL.
        plek: name of the place or NULL.
        wie: whose it is.
        kern_id: the kern it mainly belongs to; may be NULL.
        reeks_id: the series it is one time of; NULL stands alone.
        nauwkeurigheid: how precisely its days are known (``periode``); NULL is exactly.
    """

    titel: SQLColumnExpression[str]
    hele_dag: SQLColumnExpression[bool]
    soort: SQLColumnExpression[str]
    status: SQLColumnExpression[str]
    hinder: SQLColumnExpression[Any]
    kort: SQLColumnExpression[Any]
    plek: SQLColumnExpression[Any]
    wie: SQLColumnExpression[str]
    kern_id: SQLColumnExpression[Any]
    reeks_id: SQLColumnExpression[Any] = field(default_factory=null)
    nauwkeurigheid: SQLColumnExpression[Any] = field(default_factory=null)


@dataclass(frozen=True, kw_only=True, eq=False)  # each is itself: a key of a cache
class Laag(OpenLaag):
    """One layer of things that people post: on the map, in the list, in search.

    Attributes:
        ding: singular: ``activiteit``; also names the marker.
        kolommen: what lists and markers show.
        koppeling: link table to kernen, with columns ``<ding>_id`` and ``kern_id``.
        zoektekst: the text that a search looks in.
    """

    ding: str
    kolommen: Ding
    koppeling: FromClause
    zoektekst: SQLColumnExpression[str]
