"""School holidays, from ``geodata/vakanties.toml``: the gemeente adds a year when it is known."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache

from kernenkaart.config import ROOT

BESTAND = ROOT / "geodata" / "vakanties.toml"


@dataclass(frozen=True)
class Vakantie:
    """One holiday; both days belong to it."""

    naam: str
    eerste: date
    laatste: date


def find_vakanties(jaar: int, regio: str) -> tuple[Vakantie, ...]:
    """The holidays of a region that begin in a calendar year, by day."""
    return tuple(one for one in _of_region(regio) if one.eerste.year == jaar)


@cache
def _of_region(regio: str) -> tuple[Vakantie, ...]:
    schooljaren = tomllib.loads(BESTAND.read_text(encoding="utf-8")).values()
    found = (Vakantie(*row) for schooljaar in schooljaren for row in schooljaar.get(regio, ()))
    return tuple(sorted(found, key=lambda one: one.eerste))
