"""The rules that differ per municipality, from ``geodata/afstemming.toml``.

Each part has a section of its own and a dataclass that says what stands in it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

from kernenkaart.config import ROOT
from kernenkaart.werkzaamheden.models import Diepte

BESTAND = ROOT / "geodata/afstemming.toml"


@cache
def sections() -> Mapping[str, Any]:
    """The whole file, as it was when it was first asked for."""
    return tomllib.loads(BESTAND.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Gewicht:
    """How much each part counts in a score; together 100."""

    plek: float
    tijd: float
    lagen: float
    hinder: float


@dataclass(frozen=True)
class KoppelRegels:
    """When two works might be done together.

    Attributes:
        afstand_m: greatest distance in metres, unless ``paren`` says otherwise.
        tussen_dagen: so many days may lie between what both can do.
        moratorium_m: so near a fresh surface one digs in it.
        volgorde: which layer goes first when one goes after the other.
        paren: greatest distance in metres of a pair of layers, whichever is named first.
    """

    afstand_m: float
    tussen_dagen: int
    moratorium_m: float
    volgorde: tuple[Diepte, ...]
    gewicht: Gewicht
    paren: Mapping[frozenset[Diepte], float] = field(default_factory=dict)

    @classmethod
    def from_section(cls, section: Mapping[str, Any]) -> Self:
        """Read the section ``koppelkans``.

        Raises:
            ValueError: if a layer is unknown or missing in the order, a number is negative or the
                weights are not 100 together.
        """
        regels = cls(
            afstand_m=float(section["afstand_m"]),
            tussen_dagen=int(section["tussen_dagen"]),
            moratorium_m=float(section["moratorium_m"]),
            volgorde=tuple(Diepte(naam) for naam in section["volgorde"]),
            gewicht=Gewicht(**section["gewicht"]),
            paren={
                frozenset(Diepte(naam) for naam in paar["lagen"]): float(paar["afstand_m"])
                for paar in section.get("paar", ())
            },
        )
        gewicht = regels.gewicht
        delen = (gewicht.plek, gewicht.tijd, gewicht.lagen, gewicht.hinder)
        if set(regels.volgorde) != set(Diepte) or len(regels.volgorde) != len(Diepte):
            raise ValueError("koppelkans.volgorde noemt niet iedere laag één keer")
        afstanden = (regels.afstand_m, regels.moratorium_m, *regels.paren.values())
        if min(*delen, *afstanden, regels.tussen_dagen) < 0:
            raise ValueError("koppelkans: een getal is kleiner dan 0")
        if round(sum(delen), 6) != 100:
            raise ValueError("koppelkans.gewicht is samen geen 100")
        return regels

    @property
    def verste_m(self) -> float:
        """The greatest distance of all pairs, in metres."""
        return max(self.afstand_m, *self.paren.values()) if self.paren else self.afstand_m

    def reach(self, een: Diepte, ander: Diepte) -> float:
        """How far works in these layers may lie apart, in metres."""
        return self.paren.get(frozenset((een, ander)), self.afstand_m)


@cache
def koppel_regels() -> KoppelRegels:
    """The rules of this municipality for works that could be one."""
    return KoppelRegels.from_section(sections()["koppelkans"])
