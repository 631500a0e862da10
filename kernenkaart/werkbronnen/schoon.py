"""Texts of a source as we keep them: plain, and without who can be called or mailed."""

import re
from collections.abc import Mapping
from typing import Any

from kernenkaart.web.platte_tekst import to_text
from kernenkaart.web.velden import clean

# a column that is about somebody, or that its owner keeps inside
_KOLOM = re.compile(
    r"contact|e-?mail|telefoon|^tel(_?nr)?$|mobiel|phone|intern|melder|aanvrager|opsteller|"
    r"uitvoerder|toezichthouder|projectleider|opzichter|(created|last_?edited)_?(by|user)|"
    r"gewijzigd_?door|aangemaakt_?door|user_?name|gebruiker|bsn",
    re.IGNORECASE,
)
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_TELEFOON = r"(?<![\w/])(?:\+|00)?(?:31[\s.-]?\(?0?\)?|0)[\s.-]?[1-9](?:[\s.()-]{0,2}\d){7,8}(?!\d)"
_AANSPREEK = r"\b(?:dhr|mevr|mw|t\.?a\.?v|de heer|mevrouw)\b\.?\s+[A-Z]"
_ROL = (
    r"\b(?:contact(?:persoon|gegevens)?|uitvoerder|projectleider|toezichthouder|opzichter|"
    r"omgevingsmanager|werkvoorbereider|aanspreekpunt)\b\s*(?:\([^)]*\)\s*)?(?::|=|\bis\b)\s*\S"
)
_IEMAND = re.compile("|".join((_MAIL, _TELEFOON, _AANSPREEK, f"(?i:{_ROL})")))
_ZIN = re.compile(  # a title before a name ends no sentence
    r"(?<!dhr\.)(?<!mevr\.)(?<!mw\.)(?<!a\.v\.)(?<=[.!?;])\s+(?=[A-Z0-9])|\n"
)
# a geometry as text: its numbers may look like those of a telephone
_VORM = re.compile(
    r"\s*(?:SRID=\d{4,6};)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*Z?\s*\([-\d.,()\sE+]+\)\s*",
    re.IGNORECASE,
)
_VORM_JSON = re.compile(
    r'\s*\{(?:"(?:type|coordinates|(?:Multi)?(?:Point|LineString|Polygon))"|[-\d.,:\[\]\sE+])+\}\s*',
    re.IGNORECASE,
)
CONTACT = "contactgegevens zijn weggelaten"
OPMAAK = "opmaak is weggehaald"


def is_about_somebody(kolom: str) -> bool:
    """Whether a column by its name holds who can be called, or what is not for others."""
    return bool(_KOLOM.search(kolom))


def clean_velden(velden: Mapping[str, Any]) -> tuple[dict[str, str], set[str]]:
    """The columns of a row as plain texts, and what was done to them, as clauses."""
    kept: dict[str, str] = {}
    gedaan: set[str] = set()
    for naam, waarde in velden.items():
        text = "" if waarde is None else str(waarde)
        if is_about_somebody(naam):
            if text.strip():
                gedaan.add(CONTACT)
            continue
        if _VORM.fullmatch(text) or _VORM_JSON.fullmatch(text):
            kept[clean(naam)[:100]] = text.strip()
            continue
        plat = to_text(text)
        if plat != text:
            gedaan.add(OPMAAK)
        zonder = without_contact(plat)
        if zonder != plat:
            gedaan.add(CONTACT)
        kept[clean(naam)[:100]] = clean(zonder, regels=True)
    return kept, gedaan


def without_contact(tekst: str) -> str:
    """``tekst`` without the sentences and lines that name somebody to call or mail."""
    if not _IEMAND.search(tekst):
        return tekst
    lines = []
    for line in tekst.split("\n"):
        zinnen = [zin for zin in _ZIN.split(line) if not _IEMAND.search(zin)]
        if zinnen or not line:
            lines.append(" ".join(zinnen))
    return "\n".join(lines).strip()
