"""JSON that somebody sends, read strictly: nothing that two readers may take for different things.

No NaN or infinity, no key twice, no number without end, nothing nested without end (T8).
"""

import json
import math
import re
from typing import Any

DIEPTE_MAX = 20
CIJFERS_MAX = 30
_TEKENS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)


def read_json(data: bytes) -> Any:
    """The value that ``data`` holds, in UTF-8.

    Raises:
        ValueError: with a Dutch sentence, if it is no JSON, or JSON that is refused.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("Dit is geen UTF-8.") from error
    if _is_deep(text):
        raise ValueError(f"Dit is dieper genest dan {DIEPTE_MAX} lagen.")
    try:
        return json.loads(
            text,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise ValueError(
            f"Dit is geen JSON. Kijk bij regel {error.lineno}, teken {error.colno}."
        ) from error


def merge_patch(target: Any, patch: Any) -> Any:
    """``target`` after a JSON Merge Patch (RFC 7396); None takes a member away."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def pointer(*keys: str | int) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)


def _is_deep(text: str) -> bool:
    depth, in_text = 0, False
    for found in _TEKENS.finditer(text):
        teken = found[0]
        if teken == '"':
            in_text = not in_text
        elif not in_text and teken in "[{":
            depth += 1
            if depth > DIEPTE_MAX:
                return True
        elif not in_text and teken in "]}":
            depth -= 1
    return False


def _integer(text: str) -> int:
    if len(text) > CIJFERS_MAX:
        raise ValueError("Er staat een getal in met te veel cijfers.")
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("Er staat een getal in dat te groot is.")
    return number


def _constant(text: str) -> float:
    raise ValueError(f"{text} is geen getal in JSON.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("In een object staat dezelfde naam twee keer.")
    return found
