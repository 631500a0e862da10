"""What a website wants to show: one frozen value, read from an address and written back to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from kernenkaart.errors import Invalid
from kernenkaart.web.thema import TEKST, contrast

VORMEN = {"lijst": "Lijst", "maand": "Maand", "kaart": "Kaart"}
LAGEN = {
    "activiteiten": "Activiteiten",
    "werkzaamheden": "Werkzaamheden",
    "alles": "Allebei",
}
AANTAL, AANTAL_MAX = 10, 50
HOOGTE_PX = {"lijst": 640, "maand": 760, "kaart": 640}
NAMEN = ("vorm", "lagen", "kleur", "aantal", "maand", "deel")
_KLEUR = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_MAAND = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)


@dataclass(frozen=True)
class InsluitVraag:
    """What is shown.

    Attributes:
        vorm: one of ``VORMEN``.
        lagen: one of ``LAGEN``.
        kleur: ``#rrggbb`` of links and heads; empty is that of the theme.
        aantal: so many things at most, in list and map.
        maand: first day of the month that is shown.
    """

    vorm: str
    lagen: str
    kleur: str
    aantal: int
    maand: date

    @classmethod
    def from_args(cls, args: Mapping[str, str], vandaag: date) -> Self:
        """Read an address.

        Raises:
            Invalid: beside its field, if something cannot be read.
        """
        for naam in args:
            if naam not in NAMEN:
                raise Invalid(f"“{naam[:40]}” kennen we hier niet.", veld=naam)
        aantal = args.get("aantal") or str(AANTAL)
        if not (aantal.isascii() and aantal.isdecimal() and 1 <= int(aantal[:9]) <= AANTAL_MAX):
            raise Invalid(f"Vul een aantal van 1 tot en met {AANTAL_MAX} in.", veld="aantal")
        return cls(
            vorm=_one_of(VORMEN, args, "vorm", "lijst"),
            lagen=_one_of(LAGEN, args, "lagen", "activiteiten"),
            kleur=parse_kleur(args.get("kleur", "")),
            aantal=int(aantal),
            maand=_month(args.get("maand", ""), vandaag),
        )

    def to_args(self) -> dict[str, str]:
        """The address of it, without the month: a website shows the one that it is."""
        args = {"vorm": self.vorm, "lagen": self.lagen}
        if self.kleur:
            args["kleur"] = self.kleur.removeprefix("#")
        if self.aantal != AANTAL:
            args["aantal"] = str(self.aantal)
        return args

    @property
    def hoogte_px(self) -> int:
        """How high a frame is in which it fits."""
        return HOOGTE_PX[self.vorm]


def parse_kleur(text: str) -> str:
    """A colour as ``#rrggbb`` that can be read on white; empty stays empty.

    Raises:
        Invalid: if it is no colour, or too light (WCAG 1.4.3).
    """
    if not text.strip():
        return ""
    found = _KLEUR.fullmatch(text.strip())
    if not found:
        raise Invalid("Vul een kleur in als 0e4a58: zes cijfers en letters a-f.", veld="kleur")
    digits = found[1] if len(found[1]) == 6 else "".join(cijfer * 2 for cijfer in found[1])
    kleur = f"#{digits.lower()}"
    if contrast(kleur, "#ffffff") < TEKST:
        raise Invalid("Deze kleur is te licht om te lezen. Kies een donkerder kleur.", veld="kleur")
    return kleur


def _one_of(known: Mapping[str, str], args: Mapping[str, str], naam: str, standaard: str) -> str:
    waarde = args.get(naam) or standaard
    if waarde not in known:
        raise Invalid(f"Kies uit {', '.join(known)}.", veld=naam)
    return waarde


def _month(text: str, vandaag: date) -> date:
    if not text:
        return vandaag.replace(day=1)
    found = _MAAND.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2100:
        raise Invalid("Schrijf een maand als 2027-04.", veld="maand")
    return date(int(found[1]), int(found[2]), 1)
