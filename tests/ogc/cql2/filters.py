"""Filters made up by hypothesis: typed well, about values that the rows may have."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import shapely
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from kernenkaart.ogc.cql2.nodes import (
    COMPARE,
    SPATIAL,
    TEMPORAL,
    Box,
    Interval,
    Items,
    Literal,
    Node,
    Property,
    Shape,
    call,
)
from tests.factories import X, Y

Nodes = st.SearchStrategy[Node]

RASTER_M = 10.0  # so coarse that shapes often touch, cross and are the same
WOORDEN = ("Riool", "riool", "RIOOL", "Café", "cafe", "Eén's dorp", "50%", "a_b", "a\\b", "")
DAGEN = tuple(date(2027, 3, 26) + timedelta(days=n) for n in range(6))
MOMENTEN = tuple(  # round midnight in Amsterdam and over the change of the clock
    datetime(2027, 3, 27, 20, tzinfo=UTC) + timedelta(hours=n) for n in range(0, 36, 3)
)

words = st.one_of(
    st.sampled_from(WOORDEN),
    st.text("aAbBéÉ %_'\"\\;-", max_size=6),
).filter(lambda text: not text.endswith("\\"))  # cannot be written in CQL2 Text
days = st.sampled_from(DAGEN)
moments = st.sampled_from(MOMENTEN)
numbers = st.one_of(st.integers(-2, 10_000), st.floats(-5, 500, allow_nan=False))


def shapes() -> st.SearchStrategy[BaseGeometry]:
    """Valid RD geometries on a coarse raster of 60 m."""
    position = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(
        lambda p: (X + RASTER_M * p[0], Y + RASTER_M * p[1])
    )
    points = position.map(shapely.Point)
    lines = st.lists(position, min_size=2, max_size=4).map(shapely.LineString)
    boxes = st.tuples(position, position).map(lambda ab: shapely.LineString(ab).envelope)
    triangles = st.lists(position, min_size=3, max_size=3).map(shapely.Polygon)
    return st.one_of(
        points,
        lines,
        boxes,
        triangles,
        st.lists(points, min_size=1, max_size=3).map(shapely.MultiPoint),
        st.lists(lines, min_size=1, max_size=2).map(shapely.MultiLineString),
    ).filter(lambda geom: shapely.is_valid(geom) and not geom.is_empty)


def conditions(properties: Mapping[str, Any]) -> Nodes:
    """Whole filters over properties of these types: str, int, bool, date, datetime, geometry."""
    leaves = _Leaves(properties)
    return st.recursive(
        leaves.any(),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda nodes: call("and", *nodes)),
            st.lists(inner, min_size=2, max_size=3).map(lambda nodes: call("or", *nodes)),
            inner.map(lambda node: call("not", node)),
            inner.filter(names_property).map(lambda node: call("isnull", node)),
        ),
        max_leaves=6,
    )


def names_property(node: Any) -> bool:
    """Whether a property stands anywhere in it, found by looking at its text."""
    return "Property(" in repr(node)


class _Leaves:
    """Single predicates over the properties of a layer."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        self._properties = properties
        self._literals: dict[type, Nodes] = {
            str: words.map(Literal),
            int: numbers.map(Literal),
            bool: st.booleans().map(Literal),
            date: days.map(Literal),
            datetime: moments.map(Literal),
        }

    def any(self) -> Nodes:
        """A predicate of any kind."""
        kinds = [kind for kind in self._literals if self._of(kind)]
        return st.one_of(
            *(self._compared(kind).filter(names_property) for kind in kinds),
            self._like(),
            st.sampled_from(sorted(self._properties)).map(
                lambda name: call("isnull", Property(name))
            ),
            st.booleans().map(Literal),
            self._spatial(),
            self._spatial(),
            self._temporal().filter(names_property),
            self._temporal().filter(names_property),
        )

    def _of(self, *kinds: type) -> list[str]:
        return [name for name, kind in self._properties.items() if kind in kinds]

    def _property(self, *kinds: type) -> Nodes:
        return st.sampled_from(self._of(*kinds)).map(Property)

    def _operand(self, kind: type) -> Nodes:
        """A property or a literal; of time sometimes the other kind, of text without case."""
        kinds = (date, datetime) if kind in {date, datetime} else (kind,)
        known = [one for one in kinds if self._of(one)]
        plain = st.one_of(self._property(*known), *(self._literals[one] for one in kinds))
        if kind is not str:
            return plain
        return st.one_of(plain, *(self._wrapped(op, plain) for op in ("casei", "accenti")))

    @staticmethod
    def _wrapped(op: str, inner: Nodes) -> Nodes:
        return inner.map(lambda node: call(op, node))

    def _compared(self, kind: type) -> Nodes:
        operand = self._operand(kind)
        operators = COMPARE if kind is not bool else ("=", "<>")
        items = st.lists(operand, min_size=1, max_size=4).map(lambda nodes: Items(tuple(nodes)))
        found = [
            st.builds(call, st.sampled_from(operators), operand, operand),
            st.builds(call, st.just("in"), operand, items),
        ]
        if kind is not bool:
            found.append(st.builds(call, st.just("between"), operand, operand, operand))
        return st.one_of(found)

    def _like(self) -> Nodes:
        pattern = st.lists(
            st.sampled_from(["%", "_", "\\%", "\\_", "\\\\", "a", "B", "é", "iool", "'", " "]),
            max_size=4,
        ).map(lambda parts: Literal("".join(parts)))
        expressible = pattern.filter(lambda node: not str(node.value).endswith("\\"))
        sides = st.tuples(self._property(str), expressible)
        return st.one_of(
            sides.map(lambda ab: call("like", *ab)),
            sides.map(lambda ab: call("like", *(call("casei", one) for one in ab))),
            sides.map(lambda ab: call("like", *(call("accenti", one) for one in ab))),
        )

    def _spatial(self) -> Nodes:
        corners = st.tuples(*(st.integers(0, 5) for _ in range(2)))
        boxes = corners.map(
            lambda p: Box(
                (
                    X + RASTER_M * p[0],
                    Y + RASTER_M * p[1],
                    X + RASTER_M * (p[0] + 1),
                    Y + RASTER_M * (p[1] + 2),
                )
            )
        )
        other = st.one_of(shapes().map(Shape), boxes)
        operator = st.sampled_from(SPATIAL)
        geometry = st.just(Property("geometry"))
        return st.one_of(
            st.builds(call, operator, geometry, other),
            st.builds(call, operator, other, geometry),
            st.builds(call, operator, geometry, geometry),
        )

    def _temporal(self) -> Nodes:
        kinds = [kind for kind in (date, datetime) if self._of(kind)]
        own: st.SearchStrategy[Any] = self._property(*kinds)
        spans = st.one_of(
            st.tuples(days, days).map(sorted),
            st.tuples(moments, moments).map(sorted),
        ).map(lambda ab: Interval(Literal(ab[0]), Literal(ab[1])))
        instants = st.one_of(days, moments).map(Literal)
        ends = st.one_of(own, st.none())
        operand = st.one_of(
            own,
            instants,
            spans,
            st.builds(Interval, ends, ends),
            st.builds(Interval, own, instants),
            st.builds(Interval, st.none(), instants),
        )
        return st.builds(call, st.sampled_from(TEMPORAL), operand, operand)
