"""The texts of the demo, read from ``geodata/demo``, and the dice that spread them."""

import random
import tomllib
from datetime import date
from functools import cache
from typing import Any

from kernenkaart.config import ROOT

MAP = ROOT / "geodata" / "demo"

Blok = dict[str, Any]


@cache
def read(naam: str) -> Blok:
    """One file of texts, by name without its ending; read once."""
    return tomllib.loads((MAP / f"{naam}.toml").read_text(encoding="utf-8"))


def dice(*over: object) -> random.Random:
    """Dice that always fall the same for the same words, numbers and days."""
    key = ":".join(item.isoformat() if isinstance(item, date) else str(item) for item in over)
    return random.Random(key)  # noqa: S311  # spreads invented content, guards nothing
