"""Which closures take the last way to a place, alone or together: no database.

The roads are cut where a closure begins and ends. All that no closure touches and that hangs
together becomes one element, so that what is left to walk is small, however large the network is.

Roads are looked at in a box. Where one crosses its edge it leads to the rest of the world; when
none does these are all roads there are, and the rest of the world is what no closure touches and
hangs together with the most metres.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from shapely.geometry import LineString, Point

from kernenkaart.wegen.dicht import lines_of
from kernenkaart.wegen.straten import Kader, Straten, find_parts

Sluiting = frozenset[int]
Plaats = tuple[float, float]
OPEN: Sluiting = frozenset()
MM = 3  # decimals by which ends are known to be the same


@dataclass(frozen=True)
class _Gesneden:
    """A road cut where closures begin and end.

    Attributes:
        stukken: its pieces and what covers each.
        punten: what covers the places where they end, by place.
    """

    stukken: Sequence[tuple[LineString, Sluiting]]
    punten: Mapping[Plaats, Sluiting]


class Bereikbaar:
    """The roads of a box with the closures on them, made once to ask about many places."""

    def __init__(
        self,
        straten: Straten,
        kader: Kader,
        dicht: Collection[int],
        gesneden: dict[int, _Gesneden] | None = None,
    ) -> None:
        """Cut the roads.

        Args:
            kader: within that of ``straten``.
            dicht: the closures that are asked about.
            gesneden: what was cut before, for another box of the same ``straten``; this adds to it.
        """
        self._straten = straten
        self._gesneden = {} if gesneden is None else gesneden
        self._erin, uit = straten.cut(kader)
        self._dicht = frozenset(dicht)
        geraakt = [rij for rij in straten.touched_by(dicht) if self._erin[rij]]
        heel = self._erin.copy()
        heel[geraakt] = False
        knopen, self._van, self._naar = straten.eind
        self._deel = find_parts(len(knopen), self._van[heel], self._naar[heel])
        self._aantal = len(knopen)  # elements: parts by their lowest node, then pieces and cuts
        self._labels: dict[int, Sluiting] = {}
        self._parent: dict[int, int] = {}
        self._stukken: dict[int, list[tuple[LineString, int]]] = {}
        links = [link for rij in geraakt for link in self._cut(rij)]
        self._buren = self._join(links)
        self._rand = {self._find(deel) for deel in self._deel[uit].tolist()}
        if not self._rand and heel.any():
            lengte = np.bincount(self._deel[self._van[heel]], weights=straten.lengte_m[heel])
            self._rand = {self._find(int(lengte.argmax()))}

    def find_sets(
        self,
        plek: int,
        dichtbij: Sequence[int],
        *,
        samen_max: int,
        samen: Callable[[Sluiting], bool] = lambda _: True,
    ) -> list[Sluiting]:
        """The smallest sets of closures that take the last way out of a place.

        A place is reached over the nearest road; a place that lies far from any road, or that had
        no way out to begin with, loses nothing. When the place on the road where one turns off is
        itself closed, there is no way to it.

        Args:
            plek: its number.
            dichtbij: numbers of the closures that may matter here, the nearest first.
            samen_max: of so many of them every set is tried; of the others each alone.
            samen: whether these are closed at once; of what is, so is each part of it.

        Returns:
            Sets of numbers, smallest first; none holds another.
        """
        if not any(self._erin[rij] for rij in self._straten.afslagen[plek][:1]):
            return []
        sets = [OPEN]
        for aantal in range(1, min(samen_max, len(dichtbij)) + 1):
            keuze = dichtbij if aantal == 1 else dichtbij[:samen_max]
            sets += filter(samen, map(frozenset, combinations(sorted(keuze), aantal)))
        blijft = self._find_out(plek, sets)
        found: list[Sluiting] = []
        if blijft & 1:  # it had a way out to begin with
            for nummer, sluiting in enumerate(sets):
                if not blijft >> nummer & 1 and not any(een <= sluiting for een in found):
                    found.append(sluiting)
        return found

    def _find_out(self, plek: int, sets: Sequence[Sluiting]) -> int:
        """While which of ``sets`` are closed one gets from a place to the rest of the world.

        All are looked at in one walk inwards from the edge: what is said of an element is one
        number, with bit ``n`` for ``sets[n]``.
        """
        alle = (1 << len(sets)) - 1
        met: dict[int, int] = {}  # by closure the sets that hold it
        for nummer, sluiting in enumerate(sets):
            for een in sluiting:
                met[een] = met.get(een, 0) | 1 << nummer

        def is_open(dicht: Sluiting) -> int:
            bits = alle
            for een in dicht:
                bits &= ~met.get(een, 0)
            return bits

        vrij = {element: is_open(self._labels.get(element, OPEN)) for element in self._buren}
        uit = {element: vrij.get(element, alle) for element in self._rand}
        wacht = list(uit)
        while wacht:
            element = wacht.pop()
            for buur in self._buren.get(element, ()):
                erbij = uit[element] & vrij[buur] & ~uit.get(buur, 0)
                if erbij:
                    uit[buur] = uit.get(buur, 0) | erbij
                    wacht.append(buur)
        dicht, stukken = self._turn_off(plek)
        found, rest = 0, is_open(dicht)
        for stuk in stukken:  # one leaves over the nearest piece that is open
            hier = rest & is_open(self._labels.get(stuk, OPEN))
            found |= hier & uit.get(self._find(stuk), 0)
            rest &= ~hier
        return found

    def _turn_off(self, plek: int) -> tuple[Sluiting, list[int]]:
        """Where one turns off to a place: what covers that, and its pieces, the nearest first."""
        rij = self._straten.afslagen[plek][0]
        if rij not in self._stukken:
            return OPEN, [int(self._deel[self._van[rij]])]
        geraakt = self._straten.geraakt[rij]
        afslag = geraakt.geom.interpolate(geraakt.geom.project(self._straten.plekken[plek]))
        stukken = sorted((geom.distance(afslag), stuk) for geom, stuk in self._stukken[rij])
        return _covering(self._straten, afslag, geraakt.dicht), [stuk for _afstand, stuk in stukken]

    def _cut(self, rij: int) -> Iterator[tuple[int, int]]:
        """Put a road in pieces: pairs of elements that meet. Who covers an end touches its road."""
        if rij not in self._gesneden:
            self._gesneden[rij] = _slice(self._straten, rij)
        gesneden = self._gesneden[rij]
        geom = self._straten.geraakt[rij].geom
        knopen = {
            _key(geom.coords[-1]): int(self._deel[self._naar[rij]]),
            _key(geom.coords[0]): int(self._deel[self._van[rij]]),
        }
        for plaats, dicht in gesneden.punten.items():
            label = dicht & self._dicht
            if plaats not in knopen:
                knopen[plaats] = self._add(label)
            elif label:
                self._labels[knopen[plaats]] = self._labels.get(knopen[plaats], OPEN) | label
        stukken = self._stukken[rij] = []
        for deel, dicht in gesneden.stukken:
            stuk = self._add(dicht & self._dicht)
            stukken.append((deel, stuk))
            for coord in (deel.coords[0], deel.coords[-1]):
                yield stuk, knopen[_key(coord)]

    def _add(self, dicht: Sluiting) -> int:
        element, self._aantal = self._aantal, self._aantal + 1
        if dicht:
            self._labels[element] = dicht
        return element

    def _join(self, links: Sequence[tuple[int, int]]) -> dict[int, set[int]]:
        """Make one of what meets and is open; of the rest by element what it meets."""
        dicht = [link for link in links if link[0] in self._labels or link[1] in self._labels]
        for een, ander in set(links) - set(dicht):
            self._parent[self._find(een)] = self._find(ander)
        buren: dict[int, set[int]] = {}
        for een, ander in dicht:
            a, b = self._find(een), self._find(ander)
            buren.setdefault(a, set()).add(b)
            buren.setdefault(b, set()).add(a)
        return buren

    def _find(self, element: int) -> int:
        parent = self._parent
        while (hoger := parent.get(element, element)) != element:
            parent[element] = parent.get(hoger, hoger)
            element = hoger
        return element


def _slice(straten: Straten, rij: int) -> _Gesneden:
    geraakt = straten.geraakt[rij]
    parts = [(geraakt.geom, OPEN)]
    for een in geraakt.dicht:
        gebied = straten.dicht[een]
        parts = [
            (piece, nieuw)
            for part, label in parts
            for rest, nieuw in (
                (part.difference(gebied), label),
                (part.intersection(gebied), label | {een}),
            )
            for piece in lines_of(rest)
        ]
    coords = {
        _key(coord): coord
        for geom in (geraakt.geom, *(geom for geom, _ in parts))
        for coord in (geom.coords[0], geom.coords[-1])
    }
    punten = {key: _covering(straten, Point(coord), geraakt.dicht) for key, coord in coords.items()}
    return _Gesneden(parts, punten)


def _covering(straten: Straten, punt: Point, dicht: Sequence[int]) -> Sluiting:
    return frozenset(een for een in dicht if straten.dicht[een].covers(punt))


def _key(coord: Sequence[float]) -> Plaats:
    return round(coord[0], MM), round(coord[1], MM)
