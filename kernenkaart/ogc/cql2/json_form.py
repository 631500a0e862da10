"""CQL2 JSON to nodes: one walk over what is allowed, nothing else is looked at."""

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from kernenkaart.errors import Invalid
from kernenkaart.ogc.cql2.literals import (
    DIEPTE_MAX,
    box_numbers,
    check_depth,
    check_number,
    check_size,
    check_text,
    parse_day,
    parse_instant,
    parse_moment,
    to_shape,
)
from kernenkaart.ogc.cql2.nodes import (
    OPERATORS,
    Box,
    Interval,
    Items,
    Literal,
    Node,
    Property,
    Shape,
    call,
    check_end,
    refuse_function,
)

T = TypeVar("T")

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # also one that does not end
_BRACKETS = {"{": 1, "[": 1, "}": -1, "]": -1}
_HAAKJES_MAX = 2 * DIEPTE_MAX + 8  # an object and a list for each step, then a geometry


def parse_json(data: bytes | str) -> Node:
    """The filter that a document in CQL2 JSON says.

    Raises:
        Invalid: if it is longer than 4096 bytes, nested deeper than 20 steps, or not understood;
            the sentence says where, as a JSON pointer.
    """
    text = _decode(data)
    check_size(text)
    check_depth((_BRACKETS.get(mark, 0) for mark in _STRING.sub("", text)), _HAAKJES_MAX)
    try:
        document = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Invalid("Het filter is geen geldige JSON.") from error
    return _read(document, "")


def _decode(data: bytes | str) -> str:
    if isinstance(data, str):
        return data
    try:
        return data[: 1 << 16].decode()  # the rest does not matter: it is too long
    except UnicodeDecodeError as error:
        raise Invalid("Het filter is geen UTF-8.") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _checked(make: Callable[..., T], *args: Any, where: str) -> T:
    """What ``make`` makes; its error tells where."""
    try:
        return make(*args)
    except Invalid as error:
        raise _fail(error.melding, where) from error


def _fail(melding: str, where: str) -> Invalid:
    return Invalid(f"{melding.rstrip('.')} (bij {where or '/'}).")


def _read(raw: object, where: str) -> Node:
    if isinstance(raw, dict):
        return _read_object(raw, where)
    if isinstance(raw, bool):
        return Literal(raw)
    if isinstance(raw, int | float):
        return Literal(_checked(check_number, raw, where=where))
    if isinstance(raw, str):
        return Literal(_checked(check_text, raw, where=where))
    raise _fail("Hier hoort een voorwaarde, een eigenschap of een waarde", where)


def _read_object(raw: dict[str, Any], where: str) -> Node:
    if "op" in raw:
        return _read_call(raw, where)
    if "type" in raw:
        return Shape(_checked(to_shape, raw, where=where))
    if len(raw) == 1:
        key, value = next(iter(raw.items()))
        if key in {"property", "date", "timestamp"} and isinstance(value, str):
            text = _checked(check_text, value, where=where)
            if key == "property":
                return Property(text)
            parse = parse_day if key == "date" else parse_moment
            return Literal(_checked(parse, text, where=where))
        if key == "interval" and isinstance(value, list) and len(value) == 2:
            return Interval(*(_instant(end, f"{where}/interval") for end in value))
        if key == "bbox" and isinstance(value, list):
            numbers = [_number(number, f"{where}/bbox") for number in value]
            return Box(_checked(box_numbers, numbers, where=where))
    raise _fail("Dit object is geen voorwaarde, eigenschap, vorm of waarde", where)


def _read_call(raw: dict[str, Any], where: str) -> Node:
    name, args = raw["op"], raw.get("args")
    if where.count("/args/") >= DIEPTE_MAX:
        raise _fail(f"Het filter zit te diep genest: hooguit {DIEPTE_MAX} stappen diep", where)
    if not isinstance(name, str) or not isinstance(args, list):
        raise _fail("Bij 'op' hoort een naam en bij 'args' een lijst", where)
    op = name.lower()
    if op not in OPERATORS:
        _checked(refuse_function, name, where=where)
    if op == "in" and len(args) == 2:
        nodes = [_read(args[0], f"{where}/args/0"), _items(args[1], f"{where}/args/1")]
    else:
        nodes = [_read(one, f"{where}/args/{number}") for number, one in enumerate(args)]
    return _checked(call, op, *nodes, where=where)


def _items(raw: object, where: str) -> Items:
    if not isinstance(raw, list) or not raw:
        raise _fail("Bij IN hoort een lijst met waarden", where)
    return Items(tuple(_read(one, f"{where}/{number}") for number, one in enumerate(raw)))


def _instant(raw: object, where: str) -> Property | Literal | None:
    if isinstance(raw, str):
        instant = _checked(parse_instant, raw, where=where)
        return None if instant is None else Literal(instant)
    return _checked(check_end, _read(raw, where), where=where)


def _number(raw: object, where: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise _fail("Hier hoort een getal", where)
    return _checked(check_number, raw, where=where)
