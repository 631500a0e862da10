"""The year of a kern on one sheet: what stands on it, in steps from roomy to tight, and the file.

A sheet is tried roomy first. What does not fit is made smaller; then what comes back in a month is
told once; then the second lines go; and what still does not fit is left out and counted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kernenkaart.config import Settings
from kernenkaart.kalender.indeling import Maand, merge
from kernenkaart.web.pdf import print_sheet, turn

PAPIEREN = {"a4": 297, "a3": 420}  # height in millimetres, ISO 216
VERHOUDING = 2**0.5  # of its sides
RAND_MM = 24  # of two margins
KOP_EN_VOET_MM = 50  # on A4
KOLOMMEN = 3
PUNT_MM = 25.4 / 72
REGELHOOGTE = 1.25


@dataclass(frozen=True)
class Stap:
    """One way to set a sheet.

    Attributes:
        punten: size of the letter on A4, in points.
        samen: whether what comes back in a month is told once.
        klein: whether the second lines are printed.
        hoogstens: so many lines of a month; None is all.
    """

    punten: float
    samen: bool = False
    klein: bool = True
    hoogstens: int | None = None


STAPPEN = (
    Stap(11),
    Stap(10.2),
    Stap(9.5),
    Stap(8.8),
    Stap(9.5, samen=True),
    Stap(8, samen=True),
    Stap(9.5, samen=True, klein=False),
    Stap(8, samen=True, klein=False),
    *(Stap(8, samen=True, klein=False, hoogstens=aantal) for aantal in (10, 7, 4)),
)
A3_GROTER = (
    1.41,
    1.3,
    1.2,
    1.1,
    1.0,
)  # a larger sheet is read from further away, as long as it fits


def steps_for(papier: str, maanden: Sequence[Maand]) -> list[Stap]:
    """The steps that are worth a try, from roomy to tight; the last one always is."""
    groter = [replace(STAPPEN[0], punten=STAPPEN[0].punten * maal) for maal in A3_GROTER]
    alle = [*groter, *STAPPEN[1:]] if papier == "a3" else list(STAPPEN)
    ruimte_mm = PAPIEREN[papier] * (1 - KOP_EN_VOET_MM / PAPIEREN["a4"]) - RAND_MM
    return [
        stap
        for stap in alle
        if stap is alle[-1] or _least_height(maanden, stap, papier) <= ruimte_mm
    ]


def _least_height(maanden: Sequence[Maand], stap: Stap, papier: str) -> float:
    """The months are at least so high, in millimetres: letters are taken narrow, gaps as none."""
    kolom_mm = (PAPIEREN[papier] / VERHOUDING - RAND_MM) / KOLOMMEN
    em_mm = stap.punten * PUNT_MM
    letters = kolom_mm / (em_mm * 0.4)
    gezet, _weg = set_months(maanden, stap)

    def lines_of(maand: Maand) -> float:
        return sum(
            max(1, 1 if stap.hoogstens else len(line.titel) // letters)
            + (0.8 if line.dagen or (stap.klein and line.klein_en_tijd) else 0)
            for line in maand.vermeldingen
        )

    rijen = [gezet[start : start + KOLOMMEN] for start in range(0, len(gezet), KOLOMMEN)]
    return sum(1 + max(map(lines_of, rij)) for rij in rijen) * em_mm * REGELHOOGTE


def set_months(maanden: Sequence[Maand], stap: Stap) -> tuple[list[Maand], int]:
    """The months as a step sets them, and how many lines were left out of them."""
    gezet, weg = [], 0
    for maand in maanden:
        lines = merge(maand.vermeldingen) if stap.samen else list(maand.vermeldingen)
        if stap.hoogstens and len(lines) > stap.hoogstens:
            lines = [line for line in lines if line.aard != "feest"]  # those one knows
        kept = lines[: stap.hoogstens]
        weg += len(lines) - len(kept) + maand.meer
        gezet.append(replace(maand, vermeldingen=tuple(kept)))
    return gezet, weg


def find_pdf(
    settings: Settings, naam: str, versie: str, make: Callable[[], Mapping[str, Any]]
) -> Path:
    """The sheet at a version of what stands on it; printed when it is not there yet.

    One sheet at a time is printed on a machine; the rest waits its turn.

    Args:
        naam: of the sheet, fit for a file name.
        versie: everything that it depends on, fit for a file name.
        make: what ``drukken`` reads, without ``pad``; only called when it must be printed.

    Raises:
        NogBezig: if its turn does not come within ``WACHT_S``.
        subprocess.CalledProcessError: if it cannot be printed.
    """
    folder = settings.cache_map / "kalender"
    folder.mkdir(parents=True, exist_ok=True)
    pad = folder / f"{naam}.{versie}.pdf"
    if pad.exists():
        return pad
    with turn(settings):
        if not pad.exists():
            for old in folder.glob(f"{naam}.*.pdf"):
                old.unlink(missing_ok=True)
            print_sheet({**make(), "pad": str(pad)})
    return pad
