"""What a filter means, in plain Python: an oracle that knows nothing of SQL.

True, False, or None for what is unknown because something is not filled in.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from kernenkaart.ogc.cql2.nodes import (
    Box,
    Call,
    Interval,
    Items,
    Literal,
    Node,
    Property,
    Shape,
)

Answer = bool | None


@dataclass(frozen=True)
class Row:
    """A thing: its values by name, and which names are of days, also when there is none."""

    values: Mapping[str, Any]
    days: frozenset[str]


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_SPATIAL: dict[str, Callable[[Any, Any], bool]] = {
    "s_intersects": shapely.intersects,
    "s_within": shapely.within,
    "s_contains": shapely.contains,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_touches": shapely.touches,
    "s_crosses": shapely.crosses,
    "s_overlaps": shapely.overlaps,
}


def holds(node: Node, row: Row) -> Answer:
    """Whether a filter is true of a row."""
    if isinstance(node, Literal):
        return bool(node.value)
    assert isinstance(node, Call)
    op, args = node.op, node.args
    if op == "and":
        return _all([holds(arg, row) for arg in args])
    if op == "or":
        return _not(_all([_not(holds(arg, row)) for arg in args]))
    if op == "not":
        return _not(holds(args[0], row))
    if op == "isnull":
        return _either(args[0], row) is None
    if op in _COMPARE:
        return _compare(op, value(args[0], row), value(args[1], row))
    if op == "between":
        middle, low, high = (value(arg, row) for arg in args)
        return _all([_compare(">=", middle, low), _compare("<=", middle, high)])
    if op == "in":
        assert isinstance(args[1], Items)
        found = [_compare("=", value(args[0], row), value(one, row)) for one in args[1].nodes]
        return _not(_all([_not(one) for one in found]))
    if op == "like":
        return _like(value(args[0], row), value(args[1], row))
    if op in _SPATIAL:
        a, b = (value(arg, row) for arg in args)
        return None if a is None or b is None else bool(_SPATIAL[op](a, b))
    by_day = any(_says_day(end, row) for arg in args for end in _end_nodes(arg))
    return _temporal(op, by_day, [end for arg in args for end in _ends(arg, row)])


def _all(answers: list[Answer]) -> Answer:
    if False in answers:
        return False
    return None if None in answers else True


def _not(answer: Answer) -> Answer:
    return None if answer is None else not answer


def _either(node: Node, row: Row) -> Any:
    is_condition = isinstance(node, Call) and node.op not in {"casei", "accenti"}
    return holds(node, row) if is_condition else value(node, row)


def value(node: Node, row: Row) -> Any:
    """What an operand is for a row; None when it is not filled in."""
    match node:
        case Property(name):
            return row.values[name]
        case Literal(found):
            return found
        case Shape(geom):
            return geom
        case Box(numbers):
            return shapely.box(*numbers)
        case Call("casei", (inner,)):
            text = value(inner, row)
            return None if text is None else text.lower()
        case Call("accenti", (inner,)):
            text = value(inner, row)
            return None if text is None else _bare(text)
    raise AssertionError(node)


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def to_day(moment: Any) -> Any:
    """The day of a moment in Amsterdam."""
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo("Europe/Amsterdam")).date()
    return moment


def _is_day(found: Any) -> bool:
    return isinstance(found, date) and not isinstance(found, datetime)


def _compare(op: str, a: Any, b: Any) -> Answer:
    if a is None or b is None:
        return None
    if _is_day(a) or _is_day(b):
        a, b = to_day(a), to_day(b)
    return _COMPARE[op](a, b)


def _like(text: str | None, pattern: str) -> Answer:
    if text is None:
        return None
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    regex = "".join(wild.get(part) or re.escape(part[-1]) for part in parts)
    return re.fullmatch(regex, text, re.DOTALL) is not None


def _ends(node: Node, row: Row) -> list[Any]:
    """First and last of a period; of one day or moment both are itself."""
    if not isinstance(node, Interval):
        found = value(node, row)
        return [found, found]
    return [
        infinite if one is None else value(one, row)
        for one, infinite in ((node.start, EARLIEST), (node.end, LATEST))
    ]


EARLIEST, LATEST = "..<", "..>"


def _end_nodes(node: Node) -> list[Node | None]:
    return [node.start, node.end] if isinstance(node, Interval) else [node]


def _says_day(node: Node | None, row: Row) -> bool:
    if isinstance(node, Property):
        return node.name in row.days
    return isinstance(node, Literal) and _is_day(node.value)


def _temporal(op: str, by_day: bool, ends: list[Any]) -> Answer:
    a0, a1, b0, b1 = (_order(to_day(end) if by_day else end) for end in ends)

    def lt(x: Any, y: Any) -> Answer:
        return None if x is None or y is None else x < y

    def eq(x: Any, y: Any) -> Answer:
        return None if x is None or y is None else x == y

    after, before = lt(b1, a0), lt(a1, b0)
    disjoint = _not(_all([_not(after), _not(before)]))
    rules: dict[str, list[Answer]] = {
        "t_after": [after],
        "t_before": [before],
        "t_disjoint": [disjoint],
        "t_intersects": [_not(disjoint)],
        "t_equals": [eq(a0, b0), eq(a1, b1)],
        "t_contains": [lt(a0, b0), lt(b1, a1)],
        "t_during": [lt(b0, a0), lt(a1, b1)],
        "t_finishes": [lt(b0, a0), eq(a1, b1)],
        "t_finishedby": [lt(a0, b0), eq(a1, b1)],
        "t_starts": [eq(a0, b0), lt(a1, b1)],
        "t_startedby": [eq(a0, b0), lt(b1, a1)],
        "t_meets": [eq(a1, b0)],
        "t_metby": [eq(a0, b1)],
        "t_overlaps": [lt(a0, b0), lt(b0, a1), lt(a1, b1)],
        "t_overlappedby": [lt(b0, a0), lt(a0, b1), lt(b1, a1)],
    }
    return _all(rules[op])


def _order(end: Any) -> Any:
    """An end in a form that can be compared, the unbounded ones too; None stays None."""
    if end is None:
        return None
    return {EARLIEST: (0,), LATEST: (2,)}.get(end, (1, end))
