"""A name as part of an address: ``/kernen/t-loo-oldebroek``."""

import re
import unicodedata
from collections.abc import Iterable

MAX = 100
_LIGATURES = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss", "œ": "oe", "đ": "d", "ł": "l"})


def slugify(naam: str) -> str:
    """``naam`` in lower case a-z, digits and single dashes; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", naam.casefold().translate(_LIGATURES))
    ascii_only = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:MAX].strip("-")


class Slugs:
    """Hands out addresses that nobody has yet.

    Args:
        taken: the addresses in use.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def take(self, naam: str, gemeente: str, code: str) -> str:
        """The first free one of ``spijk``, ``spijk-altena``, ``spijk-altena-<code>``."""
        parts = [slugify(naam) or "kern", slugify(gemeente), slugify(code) or "x"]
        for length in range(1, len(parts) + 1):
            slug = "-".join(part for part in parts[:length] if part)
            if slug not in self._taken:
                self._taken.add(slug)
                return slug
        number = 2
        while f"{slug}-{number}" in self._taken:
            number += 1
        self._taken.add(f"{slug}-{number}")
        return f"{slug}-{number}"
