"""The colours of a theme, and whether they can be read: for the style sheet page and its test.

A theme is one CSS file of tokens (``--kk-rivier: #0e4a58;``). What is checked here is what the
pages do with them, so a municipality that swaps the file sees at once which colours fall short.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kernenkaart.web.assets import theme_text

TEKST = 4.5  # WCAG 1.4.3: words
VORM = 3.0  # WCAG 1.4.11: the edge of a field, a shape, large words
LAGEN = ("activiteit", "werkzaamheid", "project", "initiatief", "platform")

# what stands on what, the least contrast it needs, and where that is
PAREN: tuple[tuple[str, str, float, str], ...] = (
    ("tekst", "wit", TEKST, "tekst"),
    ("tekst", "klei-50", TEKST, "tekst op een rustig vlak"),
    ("tekst", "klei-100", TEKST, "tekst op een streep"),
    ("tekst", "peer", TEKST, "tekst en rand bij wat gekozen is"),
    ("tekst", "peer-50", TEKST, "een gekozen rij"),
    ("tekst-zacht", "wit", TEKST, "tweede regel, hulp"),
    ("tekst-zacht", "klei-50", TEKST, "tweede regel op een rustig vlak"),
    ("tekst-zacht", "peer-50", TEKST, "tweede regel van een gekozen rij"),
    ("rivier", "wit", TEKST, "link, knop"),
    ("rivier", "klei-50", TEKST, "link in de voet"),
    ("rivier", "rivier-50", TEKST, "knop onder de muis"),
    ("rivier", "peer-50", TEKST, "link in een gekozen rij"),
    ("rivier", "fout-50", TEKST, "link in een foutmelding"),
    ("rivier-diep", "wit", TEKST, "link onder de muis"),
    ("rand", "wit", VORM, "rand van een veld"),
    ("rand", "klei-50", VORM, "rand van een veld op een rustig vlak"),
    ("fout", "wit", TEKST, "fout bij een veld"),
    ("fout", "fout-50", TEKST, "afgesloten"),
    ("letop", "letop-50", TEKST, "beperkte hinder"),
    ("goed", "goed-50", TEKST, "geen hinder, bewaard"),
    ("werkzaamheid-tekst", "wit", TEKST, "woorden in de kleur van werk"),
    *((laag, "wit", TEKST, "teken in de vorm") for laag in LAGEN),
    *((laag, "kaart-land", VORM, "vorm op de kaart") for laag in LAGEN),
    ("kaart-grens", "kaart-land", VORM, "grens van een kern"),
    ("kaart-naam", "kaart-land", TEKST, "naam van een kern"),
)


@dataclass(frozen=True)
class Meting:
    """How well one colour stands out from another, and how well it should."""

    voor: str
    achter: str
    contrast: float
    minimum: float
    waarvoor: str

    @property
    def is_genoeg(self) -> bool:
        """Whether this can be read."""
        return self.contrast >= self.minimum


def read_colours(thema: str) -> dict[str, str]:
    """The colours of a theme as ``#rrggbb``, by name without ``--kk-``, in the file's order."""
    css = re.sub(r"/\*.*?\*/", "", theme_text(thema), flags=re.DOTALL)
    found = re.findall(r"--kk-([\w-]+):\s*#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\s*;", css)
    return {name: "#" + _long(digits).lower() for name, digits in found}


def measure(colours: Mapping[str, str]) -> list[Meting]:
    """Every pair that the pages put on one another."""
    return [
        Meting(voor, achter, contrast(colours[voor], colours[achter]), minimum, waarvoor)
        for voor, achter, minimum, waarvoor in PAREN
    ]


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours ``#rrggbb``: 1 (the same) to 21 (black on white)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _long(digits: str) -> str:
    return digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
