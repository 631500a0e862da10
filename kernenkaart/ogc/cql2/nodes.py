"""What a filter says, whichever form it came in: a tree of calls, properties and literals."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from shapely.geometry.base import BaseGeometry

from kernenkaart.errors import Invalid
from kernenkaart.ogc.cql2.literals import show

Scalar = str | bool | int | float | date | datetime

LOGIC = ("and", "or", "not")
COMPARE = ("=", "<>", "<", ">", "<=", ">=")
CHARACTER = ("casei", "accenti")
SPATIAL = (
    "s_intersects", "s_within", "s_contains", "s_disjoint",
    "s_equals", "s_touches", "s_crosses", "s_overlaps",
)  # fmt: skip
TEMPORAL = (
    "t_after", "t_before", "t_contains", "t_disjoint", "t_during", "t_equals", "t_finishedby",
    "t_finishes", "t_intersects", "t_meets", "t_metby", "t_overlappedby", "t_overlaps",
    "t_startedby", "t_starts",
)  # fmt: skip
FUNCTIONS = frozenset((*CHARACTER, *SPATIAL, *TEMPORAL))
OPERATORS = frozenset((*LOGIC, *COMPARE, "like", "between", "in", "isnull", *FUNCTIONS))

_ARGS = {"not": 1, "isnull": 1, "casei": 1, "accenti": 1, "between": 3}


@dataclass(frozen=True)
class Property:
    """A property of the layer, by the name it has outside."""

    name: str


@dataclass(frozen=True)
class Literal:
    """One value; a moment is in UTC."""

    value: Scalar


@dataclass(frozen=True)
class Shape:
    """A geometry in the system of the filter, two-dimensional and not empty."""

    geom: BaseGeometry


@dataclass(frozen=True)
class Box:
    """A rectangle in the system of the filter: least of both axes, then most, in their order."""

    numbers: tuple[float, float, float, float]


@dataclass(frozen=True)
class Interval:
    """From a day or moment until another, ends included; None is unbounded."""

    start: Property | Literal | None
    end: Property | Literal | None


@dataclass(frozen=True)
class Items:
    """What stands between the brackets of IN."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Call:
    """An operator or function out of ``OPERATORS`` with its arguments; make it with ``call``."""

    op: str
    args: tuple["Node", ...]


Node = Call | Property | Literal | Shape | Box | Interval | Items


def call(op: str, *args: Node) -> Call:
    """A call with as many arguments as it takes.

    Raises:
        Invalid: if it takes another number of them.
    """
    wanted = _ARGS.get(op, 2)
    if len(args) < wanted or (len(args) > wanted and op not in {"and", "or"}):
        raise Invalid(f"{op.upper()} heeft {wanted} waarden nodig, geen {len(args)}.")
    return Call(op, args)


def check_end(node: Node) -> Property | Literal:
    """``node``, when a period can begin or end with it."""
    if isinstance(node, Property) or (isinstance(node, Literal) and isinstance(node.value, date)):
        return node
    raise Invalid("Een INTERVAL is van dagen, momenten, '..' of eigenschappen.")


def refuse_function(name: str) -> NoReturn:
    """Say that a function or operator is not in the list, and which are."""
    wel = ", ".join(sorted(FUNCTIONS)).upper()
    raise Invalid(f"De functie {show(name)} bestaat hier niet. Wel kunnen: {wel}.")
