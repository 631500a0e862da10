"""Who surely keeps a way out whatever is closed: a quick look before the exact one, no database.

A piece of road that a closure touches counts as closed from end to end, and so does the whole way
to a place of which the nearest road is touched. So it never says that a way is left when there is
none, and of most places it says at once that there is one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Nummers = NDArray[np.int64]


@dataclass(frozen=True)
class Straten:
    """Pieces of road as numbers, and what touches them.

    Attributes:
        van: of each piece the node it begins at.
        naar: of each piece the node it ends at.
        uit: of each piece whether it leaves the cut.
        geraakt: by number of a closure the places in these rows of the pieces it touches.
        afslagen: of each place the rows of its nearest pieces, more when they are equally near;
            none when there is no road near it.
    """

    van: Nummers
    naar: Nummers
    uit: NDArray[np.bool_]
    geraakt: Sequence[Collection[int]]
    afslagen: Sequence[Collection[int]]

    def may_lose(self, plekken: Sequence[int], dicht: Collection[int]) -> list[int]:
        """Those of ``plekken`` that may have no way out when all of ``dicht`` is closed at once.

        Args:
            plekken: numbers of places.
            dicht: numbers of closures.
        """
        is_open = np.ones(len(self.van), dtype=bool)
        for nummer in dicht:
            is_open[list(self.geraakt[nummer])] = False
        knopen, eind = np.unique(np.concatenate([self.van, self.naar]), return_inverse=True)
        van, naar = eind[: len(self.van)], eind[len(self.van) :]
        deel = find_parts(len(knopen), van[is_open], naar[is_open])
        uit = np.unique(deel[van[is_open & self.uit]])
        vrij = is_open & np.isin(deel[van], uit)
        return [plek for plek in plekken if not all(vrij[weg] for weg in self.afslagen[plek])]


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
