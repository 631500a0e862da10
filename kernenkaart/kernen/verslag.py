"""What an import did, as text for a terminal and as CSV."""

import csv
from collections.abc import Iterator
from pathlib import Path

from kernenkaart.kernen.grenzen import (
    TOLERANTIE_M2,
    Kandidaat,
    Overlap,
    Uitkomst,
    square_metres,
)
from kernenkaart.kernen.inlezen import Verslag

KORT = 60  # with more features only what needs attention is listed
KOPPEN = ("uitkomst", "naam", "code", "gemeente", "voor_m2", "na_m2", "toelichting", "herkomst")
MERKEN = {Uitkomst.BEHOUDEN: "✓", Uitkomst.HERSTELD: "~", Uitkomst.GEWEIGERD: "✗"}


def toelichting(one: Kandidaat) -> str:
    """Everything there is to say about a feature, as one line; empty when it went as it should."""
    if one.reden is not None:
        return one.reden
    return "; ".join([*one.hersteld, *one.opmerkingen, *one.overlapt])


def lines(verslag: Verslag, *, alles: bool = False) -> Iterator[str]:
    """The report: a line per feature, what to know about the file, and the sums.

    Args:
        alles: list every feature, also of a long file where nothing needs attention.
    """
    alles = alles or len(verslag.kandidaten) <= KORT
    shown = [
        one
        for one in verslag.kandidaten
        if alles or one.opmerkingen or one.uitkomst is not Uitkomst.BEHOUDEN
    ]
    if shown:
        wide = min(60, max(len(one.naam) for one in shown) + 2)
        yield f"  {'naam':{wide}}{'code':20}{'m² voor':>15}{'m² na':>15}  toelichting"
    for one in shown:
        naam = one.naam or f"({one.herkomst})"
        yield (
            f"{MERKEN[one.uitkomst]} {naam:{wide}}{one.code:20}"
            f"{_area(one.voor_m2):>15}{_area(one.na_m2):>15}  {toelichting(one)}".rstrip()
        )
    rest = len(verslag.kandidaten) - len(shown)
    if rest:
        yield f"✓ en nog {rest} die zijn overgenomen zoals ze waren (--alles toont ze ook)"
    yield ""
    for line in verslag.opmerkingen:
        yield f"Let op: {line}"
    if verslag.overlap:
        yield _overlap_line(verslag.overlap)
    yield (
        f"{verslag.count(Uitkomst.BEHOUDEN)} behouden (✓), "
        f"{verslag.count(Uitkomst.HERSTELD)} hersteld (~), "
        f"{verslag.count(Uitkomst.GEWEIGERD)} geweigerd (✗)."
    )
    telling = verslag.telling
    yield f"{telling.nieuw} nieuw, {telling.gewijzigd} gewijzigd, {telling.gelijk} gelijk gebleven."


def write_csv(verslag: Verslag, path: Path) -> None:
    """Every feature as a row; text that a spreadsheet takes for a formula is made harmless."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(KOPPEN)
        for one in verslag.kandidaten:
            areas = (round(one.voor_m2), round(one.na_m2))
            keys = (one.uitkomst.value, one.naam, one.code, one.gemeente or "")
            row = (*keys, *areas, toelichting(one), one.herkomst)
            writer.writerow([_harmless(cell) for cell in row])


def _overlap_line(overlap: list[Overlap]) -> str:
    largest = ", ".join(
        f"{one.naam} en {one.ander} ({square_metres(one.m2)})" for one in overlap[:5]
    )
    pairs = "paar kernen overlapt" if len(overlap) == 1 else "paren kernen overlappen"
    return (
        f"Let op: {len(overlap)} {pairs} meer dan {square_metres(TOLERANTIE_M2)}, "
        f"de grens blijft zoals in het bestand: {largest}{' …' if len(overlap) > 5 else ''}."
    )


def _area(area: float) -> str:
    return f"{area:,.0f}".replace(",", ".") if area else "-"


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
