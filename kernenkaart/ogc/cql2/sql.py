"""Nodes to a condition in SQL over a layer: types checked, every literal bound.

NULL is what it is in SQL: a comparison with it is neither true nor false, so that neither the
filter nor NOT of it finds the row. Text is compared as it is written and ordered by code point.
A day and a moment are compared by day, in Amsterdam.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Double,
    LargeBinary,
    String,
    and_,
    bindparam,
    cast,
    collate,
    false,
    func,
    literal_column,
    not_,
    or_,
    true,
)
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.types import TypeEngine

from kernenkaart.errors import Invalid
from kernenkaart.geo.crs import RD
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.ogc.cql2 import temporal
from kernenkaart.ogc.cql2.geometry import to_rd
from kernenkaart.ogc.cql2.literals import show
from kernenkaart.ogc.cql2.nodes import (
    CHARACTER,
    COMPARE,
    LOGIC,
    SPATIAL,
    TEMPORAL,
    Box,
    Call,
    Interval,
    Items,
    Literal,
    Node,
    Property,
    Scalar,
    Shape,
)
from kernenkaart.ogc.cql2.queryables import Kind, names, queryable
from kernenkaart.ogc.crs import CRS84, Crs

SPELING_M = 0.01  # a point that went out as degrees comes back this near

_OPERATORS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_SPATIAL = {
    "s_within": "ST_Within",
    "s_contains": "ST_Contains",
    "s_equals": "ST_Equals",
    "s_touches": "ST_Touches",
    "s_crosses": "ST_Crosses",
    "s_overlaps": "ST_Overlaps",
}
_THE_SAME = frozenset({"s_equals", "s_within", "s_contains"})  # what these are for two points
_VOORBEELD = {
    Kind.TEXT: "'dorpshuis'",
    Kind.NUMBER: "12",
    Kind.BOOLEAN: "TRUE",
    Kind.DAY: "DATE('2026-05-31')",
    Kind.MOMENT: "TIMESTAMP('2026-05-31T20:00:00Z')",
    Kind.SHAPE: "POINT(5.29 51.87)",
}
_DAGEN = frozenset({Kind.DAY, Kind.MOMENT})
_ACCENTS: ColumnElement[str] = literal_column("'[\u0300-\u036f]'")  # combining diacritical marks


@dataclass(frozen=True)
class Value:
    """An expression with its type, and what to call it in an error."""

    sql: ColumnElement[Any]
    kind: Kind
    label: str


def to_sql(
    node: Node, laag: OpenLaag, crs: Crs = CRS84
) -> tuple[ColumnElement[bool], dict[str, Any]]:
    """A filter as a condition over ``laag.bron``, with the values of its bound parameters.

    Args:
        node: from ``parse_text`` or ``parse_json``.
        laag: of which only the key, the geometry and the public fields can be asked.
        crs: in which the shapes of the filter are written.

    Returns:
        The condition and its parameters, called ``cql1``, ``cql2``, … Which rows may be seen at all
        is for the caller to add. Its text differs with every shape of filter: do not keep it, and
        run it with ``eenmalig``.

    Raises:
        Invalid: if a property is unknown, if types do not fit, or if a shape lies elsewhere.
    """
    compiler = _Compiler(laag, crs)
    return compiler.condition(node), compiler.params


class _Compiler:
    """Turns nodes into SQL and collects the values to bind."""

    def __init__(self, laag: OpenLaag, crs: Crs) -> None:
        self.params: dict[str, Any] = {}
        self._laag = laag
        self._crs = crs

    def _bind(self, value: Any, type_: TypeEngine[Any]) -> BindParameter[Any]:
        name = f"cql{len(self.params) + 1}"
        self.params[name] = value
        return bindparam(name, type_=type_)

    def condition(self, node: Node) -> ColumnElement[bool]:
        """What is true or false of a row."""
        if isinstance(node, Literal) and isinstance(node.value, bool):
            return true() if node.value else false()
        if not isinstance(node, Call) or node.op in CHARACTER:
            raise Invalid(f"{_label(node)} is geen voorwaarde. Vergelijk het met een waarde.")
        if node.op not in LOGIC and not _names_property(node):
            raise Invalid(f"{_label(node)} gaat hier niet over een eigenschap. Noem er een.")
        if node.op in COMPARE:
            return self._compare(node.op, *map(self.value, node.args))
        if node.op in SPATIAL:
            return self._spatial(node.op, node.args)
        if node.op in TEMPORAL:
            return self._temporal(node)
        rules: dict[str, Callable[..., ColumnElement[bool]]] = {
            "and": lambda *args: and_(*map(self.condition, args)),
            "or": lambda *args: or_(*map(self.condition, args)),
            "not": lambda arg: not_(Grouping(self.condition(arg))),
            "isnull": self._is_null,
            "like": self._like,
            "between": self._between,
            "in": self._in,
        }
        return rules[node.op](*node.args)

    def value(self, node: Node) -> Value:
        """A property, a literal, or one of these without case or accents."""
        if isinstance(node, Property):
            if node.name not in (known := names(self._laag)):
                wel = ", ".join(known)
                raise Invalid(f"De eigenschap {show(node.name)} bestaat hier niet. Wel: {wel}.")
            found = queryable(self._laag, node.name)
            return Value(found.sql, found.kind, node.name)
        if isinstance(node, Literal):
            kind, type_ = _type_of(node.value)
            return Value(self._bind(node.value, type_), kind, _label(node))
        if isinstance(node, Shape | Box):
            return self._shape(node)
        if isinstance(node, Call) and node.op in CHARACTER:
            inner = self._text(node.args[0], node.op.upper())
            sql = func.lower(inner.sql) if node.op == "casei" else _without_accents(inner.sql)
            return Value(sql, Kind.TEXT, f"{node.op.upper()}({inner.label})")
        raise Invalid(f"{_label(node)} is geen waarde om mee te vergelijken.")

    def _text(self, node: Node, wie: str) -> Value:
        found = self.value(node)
        if found.kind is not Kind.TEXT:
            raise Invalid(f"{wie} werkt op tekst; {found.label} is een {found.kind}.")
        return found

    def _compare(self, op: str, left: Value, right: Value) -> ColumnElement[bool]:
        a, b = _same_kind(op, left, right)
        kind = left.kind
        if kind is Kind.SHAPE:
            raise Invalid(f"Een vorm vergelijk je niet met {op} maar met S_INTERSECTS of S_EQUALS.")
        if kind is Kind.BOOLEAN and op not in {"=", "<>"}:
            raise Invalid(f"{left.label} is waar of onwaar; gebruik = of <>, niet {op}.")
        if kind is Kind.TEXT and op not in {"=", "<>"}:
            a = collate(a, "C")
        return _OPERATORS[op](a, b)

    def _is_null(self, node: Node) -> ColumnElement[bool]:
        if isinstance(node, Interval | Items):
            raise Invalid("IS NULL vraag je van een eigenschap.")
        is_condition = isinstance(node, Call) and node.op not in CHARACTER
        # in brackets: NOT binds less than IS NULL
        sql = Grouping(self.condition(node)) if is_condition else self.value(node).sql
        return sql.is_(None)

    def _like(self, text: Node, pattern: Node) -> ColumnElement[bool]:
        inner = pattern
        while isinstance(inner, Call) and inner.op in CHARACTER:
            inner = inner.args[0]
        if not isinstance(inner, Literal) or not isinstance(inner.value, str):
            raise Invalid("Na LIKE hoort een tekst, zoals 'dorps%'.")
        if (len(inner.value) - len(inner.value.rstrip("\\"))) % 2:
            raise Invalid("Een patroon na LIKE eindigt niet op een losse \\.")
        return self._text(text, "LIKE").sql.like(self.value(pattern).sql)

    def _between(self, node: Node, low: Node, high: Node) -> ColumnElement[bool]:
        middle = self.value(node)
        return and_(
            self._compare(">=", middle, self.value(low)),
            self._compare("<=", middle, self.value(high)),
        )

    def _in(self, node: Node, items: Node) -> ColumnElement[bool]:
        if not isinstance(items, Items):
            raise Invalid("Na IN hoort een lijst met waarden.")
        left = self.value(node)
        return or_(*(self._compare("=", left, self.value(item)) for item in items.nodes))

    # shapes

    def _shape(self, node: Shape | Box) -> Value:
        wkb = shapely.to_wkb(to_rd(node, self._crs))
        sql = func.ST_GeomFromWKB(self._bind(wkb, LargeBinary()), RD)
        return Value(sql, Kind.SHAPE, "de vorm")

    def _spatial(self, op: str, args: Sequence[Node]) -> ColumnElement[bool]:
        values = [self.value(arg) for arg in args]
        for value in values:
            if value.kind is not Kind.SHAPE:
                raise Invalid(
                    f"{op.upper()} vergelijkt vormen; {value.label} is een {value.kind}. "
                    "Bijvoorbeeld: S_INTERSECTS(geometry, POINT(5.29 51.87))."
                )
        a, b = (value.sql for value in values)
        if op in {"s_intersects", "s_disjoint"}:
            raakt = self._touches(a, b, args)
            return not_(raakt) if op == "s_disjoint" else raakt
        if any(isinstance(arg, Shape) and "Collection" in arg.geom.geom_type for arg in args):
            raise Invalid(
                f"{op.upper()} kan niet met een GEOMETRYCOLLECTION. Gebruik een MULTI-vorm."
            )
        found: ColumnElement[bool] = getattr(func, _SPATIAL[op])(a, b, type_=Boolean)
        if op in _THE_SAME and self._is_moved_point(args):
            single = [func.ST_NPoints(geom) == literal_column("1") for geom in (a, b)]
            return or_(found, and_(*single, _near(a, b)))
        return found

    def _touches(self, a: Any, b: Any, args: Sequence[Node]) -> ColumnElement[bool]:
        """Whether two shapes share a point."""
        if self._is_moved_point(args):
            return _near(a, b)
        found: ColumnElement[bool] = func.ST_Intersects(a, b, type_=Boolean)
        return found

    def _is_moved_point(self, args: Sequence[Node]) -> bool:
        """Whether a point was moved to RD: then it may be off a little."""
        return self._crs.srid != RD and any(map(_is_point, args))

    # time

    def _temporal(self, node: Call) -> ColumnElement[bool]:
        ends = [end for arg in node.args for end in self._ends(node.op, arg)]
        by_day = any(end is not None and end.kind is Kind.DAY for end in ends)
        moments = [
            temporal.unbounded(last=bool(number % 2), by_day=by_day)
            if end is None
            else (_to_day(end) if by_day else end.sql)
            for number, end in enumerate(ends)
        ]
        return temporal.RULES[node.op](*moments)

    def _ends(self, op: str, node: Node) -> tuple[Value | None, Value | None]:
        """First and last day or moment; of one day or moment both are itself."""
        if not isinstance(node, Interval):
            found = self._instant(op, node)
            return found, found
        start, end = (
            None if one is None else self._instant(op, one) for one in (node.start, node.end)
        )
        if isinstance(node.start, Literal) and isinstance(node.end, Literal):
            _refuse_reversed(node.start.value, node.end.value)
        return start, end

    def _instant(self, op: str, node: Node) -> Value:
        found = self.value(node)
        if found.kind not in _DAGEN:
            raise Invalid(
                f"{op.upper()} vergelijkt dagen, momenten en periodes; {found.label} is een "
                f"{found.kind}. Bijvoorbeeld: DATE('2026-05-31')."
            )
        return found


def _same_kind(op: str, left: Value, right: Value) -> tuple[Any, Any]:
    if left.kind is right.kind:
        return left.sql, right.sql
    if {left.kind, right.kind} == _DAGEN:
        return _to_day(left), _to_day(right)
    raise Invalid(
        f"{left.label} is een {left.kind} en {right.label} is een {right.kind}; die vergelijk je "
        f"niet met {op}. Bijvoorbeeld: {left.label} {op} {_VOORBEELD[left.kind]}."
    )


def _to_day(value: Value) -> ColumnElement[Any]:
    """The day of a moment in Amsterdam; a day stays itself."""
    if value.kind is Kind.DAY:
        return value.sql
    return cast(func.timezone(literal_column("'Europe/Amsterdam'"), value.sql), Date)


def _without_accents(text: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.regexp_replace(
        func.normalize(text, literal_column("NFD")),
        _ACCENTS,
        literal_column("''"),
        literal_column("'g'"),
    )


def _refuse_reversed(start: Scalar, end: Scalar) -> None:
    same = isinstance(start, datetime) == isinstance(end, datetime)
    if same and start > end:  # type: ignore[operator]
        raise Invalid("Een INTERVAL begint niet na zijn einde.")


def _names_property(node: Node | None) -> bool:
    """Whether it says something of a thing at all; ``1 = 1`` is how an injection feels its way."""
    if isinstance(node, Call):
        return any(map(_names_property, node.args))
    if isinstance(node, Items):
        return any(map(_names_property, node.nodes))
    if isinstance(node, Interval):
        return _names_property(node.start) or _names_property(node.end)
    return isinstance(node, Property)


def _near(a: Any, b: Any) -> ColumnElement[bool]:
    speling: ColumnElement[float] = literal_column(str(SPELING_M))
    found: ColumnElement[bool] = func.ST_DWithin(a, b, speling, type_=Boolean)
    return found


def _is_point(node: Node) -> bool:
    return isinstance(node, Shape) and shapely.get_dimensions(node.geom) == 0


def _type_of(value: Scalar) -> tuple[Kind, TypeEngine[Any]]:
    if isinstance(value, bool):
        return Kind.BOOLEAN, Boolean()
    if isinstance(value, int):
        return Kind.NUMBER, BigInteger()
    if isinstance(value, float):
        return Kind.NUMBER, Double()
    if isinstance(value, datetime):
        return Kind.MOMENT, DateTime(timezone=True)
    if isinstance(value, date):
        return Kind.DAY, Date()
    return Kind.TEXT, String()


def _label(node: Node) -> str:
    if isinstance(node, Property):
        return show(node.name)
    if isinstance(node, Literal):
        return show(str(node.value))
    if isinstance(node, Call):
        return "IS NULL" if node.op == "isnull" else node.op.upper()
    return {Interval: "Een INTERVAL", Items: "Een lijst"}.get(type(node), "Een vorm")
