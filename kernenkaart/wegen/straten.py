"""Roads as numbers, with what is closed on them: no database.

``may_lose`` is a quick look before the exact one of ``bereikbaar``. A piece of road that a closure
touches counts there as closed from end to end, and so does the way to a place of which the nearest
road is touched. So it never says that a way is left when there is none, and of most places it says
at once that there is one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

Nummers = NDArray[np.int64]
Kader = tuple[float, float, float, float]


@dataclass(frozen=True)
class Geraakt:
    """A piece of road that closures touch; ``dicht`` are their numbers."""

    geom: LineString
    dicht: tuple[int, ...]


@dataclass(frozen=True)
class Straten:
    """Pieces of road between nodes, in a box; all that pass through it are there.

    Attributes:
        kader: the box: west, south, east, north, metres (RD).
        van: of each piece the node it begins at.
        naar: of each piece the node it ends at.
        punten: of each piece x and y of its begin and x and y of its end, metres (RD).
        lengte_m: of each piece.
        dicht: what is closed, as areas, RD; see ``dicht.closed_area``.
        geraakt: by row the pieces that one of those touches.
        plekken: places, RD.
        afslagen: of each place the rows of its nearest pieces, more when they are equally near;
            none when there is no road near it.
    """

    kader: Kader
    van: Nummers
    naar: Nummers
    punten: NDArray[np.float64]
    lengte_m: NDArray[np.float64]
    dicht: Sequence[BaseGeometry]
    geraakt: Mapping[int, Geraakt]
    plekken: Sequence[Point]
    afslagen: Sequence[Sequence[int]]

    @cached_property
    def eind(self) -> tuple[Nummers, Nummers, Nummers]:
        """The nodes, and of each piece where its first and its last node stand among them."""
        knopen, waar = np.unique(np.concatenate([self.van, self.naar]), return_inverse=True)
        return knopen, waar[: len(self.van)], waar[len(self.van) :]

    def cut(self, kader: Kader) -> tuple[NDArray[np.bool_], Nummers]:
        """Which pieces pass through a box within ``self.kader``, and which nodes lead out of it.

        Returns:
            A mask of the pieces, by the box round their ends, and the places of those nodes among
            all nodes.
        """
        x_min, y_min, x_max, y_max = kader
        x, y = self.punten[:, 0::2], self.punten[:, 1::2]
        erin = (x.min(axis=1) <= x_max) & (x.max(axis=1) >= x_min)
        erin &= (y.min(axis=1) <= y_max) & (y.max(axis=1) >= y_min)
        buiten = (x < x_min) | (x > x_max) | (y < y_min) | (y > y_max)
        _, van, naar = self.eind
        uit = np.concatenate([van[erin & buiten[:, 0]], naar[erin & buiten[:, 1]]])
        return np.asarray(erin), np.unique(uit)

    def touched_by(self, dicht: Collection[int]) -> list[int]:
        """The rows of the pieces that one of these closures touches."""
        gesloten = set(dicht)
        return [
            rij for rij, geraakt in self.geraakt.items() if not gesloten.isdisjoint(geraakt.dicht)
        ]

    def is_bypassed(self, dicht: Collection[int]) -> bool:
        """Whether one gets round these closures by streets that nothing at all closes.

        Then they take no way from any place, alone or with others, but from those on the streets
        that they touch: whoever came through goes round.
        """
        rijen = self.touched_by(dicht)
        erin, uit = self.cut(self.kader)
        knopen, van, naar = self.eind
        verder = erin.copy()
        verder[rijen] = False
        einden = np.unique(np.concatenate([van[rijen], naar[rijen]]))
        if np.isin(einden, uit).any():
            return False  # what leaves the box may be the way out
        einden = einden[np.isin(einden, np.concatenate([van[verder], naar[verder]]))]
        vrij = erin
        vrij[list(self.geraakt)] = False
        deel = find_parts(len(knopen), van[vrij], naar[vrij])
        return len(np.unique(deel[einden])) <= 1

    def may_lose(self, plekken: Sequence[int], dicht: Collection[int]) -> list[int]:
        """Those of ``plekken`` that may have no way out when all of ``dicht`` is closed at once.

        Args:
            plekken: numbers of places.
            dicht: numbers of closures.
        """
        vrij, uit = self.cut(self.kader)
        vrij[self.touched_by(dicht)] = False
        knopen, van, naar = self.eind
        deel = find_parts(len(knopen), van[vrij], naar[vrij])
        leidt_uit = vrij & np.isin(deel[van], deel[uit])
        return [plek for plek in plekken if not all(leidt_uit[rij] for rij in self.afslagen[plek])]


def find_parts(aantal: int, van: Nummers, naar: Nummers) -> Nummers:
    """The lowest node that each of ``aantal`` nodes hangs together with.

    Each part takes the lowest number of its neighbours until nothing changes, and then that of the
    node it took (as in Shiloach and Vishkin, 1982), so a long road takes few rounds.
    """
    deel = np.arange(aantal)
    while True:
        laagst = np.minimum(deel[van], deel[naar])
        nieuw = deel.copy()
        for eind in (van, naar):
            np.minimum.at(nieuw, deel[eind], laagst)
        while not np.array_equal(nieuw, nieuw[nieuw]):
            nieuw = nieuw[nieuw]
        if np.array_equal(nieuw, deel):
            return deel
        deel = nieuw
