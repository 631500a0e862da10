"""Nodes back to CQL2 Text and CQL2 JSON, as another program would write them."""

import json
from datetime import UTC, datetime
from typing import Any

import shapely

from kernenkaart.ogc.cql2.nodes import (
    COMPARE,
    FUNCTIONS,
    Box,
    Call,
    Interval,
    Items,
    Literal,
    Node,
    Property,
    Shape,
)

CAMEL = {
    "isnull": "isNull",
    "t_finishedby": "t_finishedBy",
    "t_metby": "t_metBy",
    "t_overlappedby": "t_overlappedBy",
    "t_startedby": "t_startedBy",
}


def to_text(node: Node) -> str:
    """The filter in CQL2 Text."""
    match node:
        case Property(name):
            return f'"{name}"' if len(name) % 2 else name
        case Literal(value):
            return _literal(value)
        case Shape(geom):
            return shapely.to_wkt(geom, rounding_precision=-1)
        case Box(numbers):
            return f"BBOX({', '.join(map(repr, numbers))})"
        case Interval(start, end):
            return f"INTERVAL({_end(start)}, {_end(end)})"
        case Items(nodes):
            return f"({', '.join(map(to_text, nodes))})"
        case Call(op, args):
            return _call(op, args)
    raise AssertionError(node)


def _call(op: str, args: tuple[Node, ...]) -> str:
    if op in {"and", "or"}:
        return f" {op.upper()} ".join(map(_primary, args))
    if op == "not":
        return f"NOT {_primary(args[0])}"
    if op == "isnull":
        return f"{_primary(args[0])} IS NULL"
    if op == "between":
        return f"{to_text(args[0])} BETWEEN {to_text(args[1])} AND {to_text(args[2])}"
    if op in COMPARE:
        return f"{to_text(args[0])}{op}{to_text(args[1])}"
    if op in {"like", "in"}:
        return f"{to_text(args[0])} {op.upper()} {to_text(args[1])}"
    return f"{op.upper()}({', '.join(map(to_text, args))})"


def _primary(node: Node) -> str:
    """In brackets when it says more than one thing."""
    single = not isinstance(node, Call) or node.op in FUNCTIONS
    return to_text(node) if single else f"({to_text(node)})"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return f"TIMESTAMP('{_iso(value)}')"
    if isinstance(value, str):
        quoted = ""
        for teken in value:
            quote = "\\'" if quoted.endswith("\\") else "''"
            quoted += quote if teken == "'" else teken
        return f"'{quoted}'"
    return f"DATE('{value.isoformat()}')"


def _iso(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _end(node: Property | Literal | None) -> str:
    return to_text(node) if isinstance(node, Property) else f"'{_instant(node)}'"


def _instant(node: Literal | None) -> str:
    if node is None:
        return ".."
    value = node.value
    return _iso(value) if isinstance(value, datetime) else str(value)


def to_json(node: Node) -> str:
    """The filter in CQL2 JSON."""
    return json.dumps(_as_json(node))


def _as_json(node: Node) -> Any:
    match node:
        case Property(name):
            return {"property": name}
        case Literal(datetime() as value):
            return {"timestamp": _iso(value)}
        case Literal(bool() | int() | float() | str() as value):
            return value
        case Literal(value):
            return {"date": str(value)}
        case Shape(geom):
            return json.loads(shapely.to_geojson(geom))
        case Box(numbers):
            return {"bbox": list(numbers)}
        case Interval(start, end):
            return {
                "interval": [
                    _as_json(one) if isinstance(one, Property) else _instant(one)
                    for one in (start, end)
                ]
            }
        case Items(nodes):
            return [_as_json(one) for one in nodes]
        case Call(op, args):
            return {"op": CAMEL.get(op, op), "args": [_as_json(one) for one in args]}
    raise AssertionError(node)
