"""The temporal functions of CQL2 (OGC 21-065r2, tables 8 and 9), over first and last of each side.

A single day or moment counts as a period that begins and ends there. NULL is unknown.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, literal_column, or_

Rule = Callable[[Any, Any, Any, Any], ColumnElement[bool]]

# of each: first and last of the left side, first and last of the right side
RULES: dict[str, Rule] = {
    "t_after": lambda a0, _a1, _b0, b1: a0 > b1,
    "t_before": lambda _a0, a1, b0, _b1: a1 < b0,
    "t_contains": lambda a0, a1, b0, b1: and_(a0 < b0, a1 > b1),
    "t_disjoint": lambda a0, a1, b0, b1: or_(a1 < b0, a0 > b1),
    "t_during": lambda a0, a1, b0, b1: and_(a0 > b0, a1 < b1),
    "t_equals": lambda a0, a1, b0, b1: and_(a0 == b0, a1 == b1),
    "t_finishedby": lambda a0, a1, b0, b1: and_(a0 < b0, a1 == b1),
    "t_finishes": lambda a0, a1, b0, b1: and_(a0 > b0, a1 == b1),
    "t_intersects": lambda a0, a1, b0, b1: and_(a1 >= b0, a0 <= b1),
    "t_meets": lambda _a0, a1, b0, _b1: a1 == b0,
    "t_metby": lambda a0, _a1, _b0, b1: a0 == b1,
    "t_overlappedby": lambda a0, a1, b0, b1: and_(a0 > b0, a0 < b1, a1 > b1),
    "t_overlaps": lambda a0, a1, b0, b1: and_(a0 < b0, a1 > b0, a1 < b1),
    "t_startedby": lambda a0, a1, b0, b1: and_(a0 == b0, a1 > b1),
    "t_starts": lambda a0, a1, b0, b1: and_(a0 == b0, a1 < b1),
}


def unbounded(*, last: bool, by_day: bool) -> ColumnElement[Any]:
    """The end of a period that has none, as SQL.

    Args:
        last: whether it is the last moment, not the first.
        by_day: whether days are compared, not moments.
    """
    sign, type_ = "" if last else "-", "date" if by_day else "timestamptz"
    return literal_column(f"'{sign}infinity'::{type_}")
