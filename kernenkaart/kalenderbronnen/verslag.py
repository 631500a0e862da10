"""What came of reading a calendar, as its page tells it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from kernenkaart.kalenderbronnen.items import Klacht

KLACHTEN_MAX = 100  # that are kept
NAMEN_MAX = 5  # that one line names


@dataclass(frozen=True)
class Opmerking:
    """One thing that is wrong, and with what.

    Attributes:
        titels: the first few entries it is about.
        meer: how many more there are.
    """

    zin: str
    titels: tuple[str, ...] = ()
    meer: int = 0


def group(klachten: Iterable[Klacht]) -> tuple[Opmerking, ...]:
    """The same complaint about several entries as one line, in the order in which they came."""
    per_zin: dict[str, list[str]] = {}
    for klacht in klachten:
        titels = per_zin.setdefault(klacht.zin, [])
        if klacht.titel and klacht.titel not in titels:
            titels.append(klacht.titel)
    return tuple(
        Opmerking(zin, tuple(titels[:NAMEN_MAX]), max(0, len(titels) - NAMEN_MAX))
        for zin, titels in per_zin.items()
    )[:KLACHTEN_MAX]


@dataclass(frozen=True)
class Verslag:
    """How many entries were what, the last time, and what could not be read."""

    nieuw: int = 0
    veranderd: int = 0
    weg: int = 0
    eigen: int = 0
    twijfel: int = 0
    gelijk: int = 0
    overgeslagen: int = 0
    opmerkingen: tuple[Opmerking, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Its values as JSON holds them."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of ``to_json``."""
        opmerkingen = tuple(
            Opmerking(one["zin"], tuple(one["titels"]), one["meer"])
            for one in values["opmerkingen"]
        )
        return cls(**{**values, "opmerkingen": opmerkingen})
