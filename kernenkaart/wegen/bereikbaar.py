"""Which closures take the last way to a place, alone or together: no database.

The roads are cut where a closure begins and ends. All that no closure touches and that hangs
together becomes one element, so that what is left to try is small, however large the network is.

A network is a bounded cut of the roads. A node at its edge, from which roads go on outside it,
leads to the rest of the world; a network without such nodes is all there is, and there the rest of
the world is what no closure touches and hangs together with the most metres of road.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from kernenkaart.wegen.netwerk import Netwerk, Weg, lines_of

Sluiting = frozenset[int]
OPEN: Sluiting = frozenset()
MM = 3  # decimals by which ends are known to be the same


class Sluitingen:
    """A network with the closures on it, made once to ask about many places."""

    def __init__(self, netwerk: Netwerk, dicht: Sequence[BaseGeometry]) -> None:
        """Cut the roads where ``dicht`` begins and ends.

        Args:
            dicht: areas, RD; see ``bereikbaar.closed_area``.
        """
        self._delen = _Delen(netwerk, dicht) if netwerk.wegen and dicht else None

    def find_sets(
        self,
        plek: Point,
        dichtbij: Sequence[int],
        *,
        samen_max: int,
        tot_weg_m: float,
        samen: Callable[[Sluiting], bool] = lambda _: True,
    ) -> list[Sluiting]:
        """The smallest sets of closures that take the last way out of ``plek``.

        A place is reached over the nearest road; a place that lies further than ``tot_weg_m`` from
        any road, or that had no way out to begin with, loses nothing. When the place on the road
        where one turns off is itself closed, there is no way to it.

        Args:
            dichtbij: numbers of the closures that may matter here, the nearest first.
            samen_max: of so many of them every set is tried; of the others each alone.
            tot_weg_m: metres from the place to its road, at most.
            samen: whether these are closed at once; of what is, so is each part of it.

        Returns:
            Sets of numbers, smallest first; none holds another.
        """
        if self._delen is None or (plaats := self._delen.locate(plek, tot_weg_m)) is None:
            return []
        sets = [OPEN]
        for aantal in range(1, min(samen_max, len(dichtbij)) + 1):
            keuze = dichtbij if aantal == 1 else dichtbij[:samen_max]
            sets += filter(samen, map(frozenset, combinations(sorted(keuze), aantal)))
        blijft = self._delen.find_out(plaats, sets)
        found: list[Sluiting] = []
        if blijft & 1:  # it had a way out to begin with
            for nummer, sluiting in enumerate(sets):
                if not blijft >> nummer & 1 and not any(een <= sluiting for een in found):
                    found.append(sluiting)
        return found


@dataclass(frozen=True)
class _Plaats:
    """Where one turns off to a place.

    Attributes:
        dicht: the closures that cover it.
        stukken: the elements of its road, the nearest first.
    """

    dicht: Sluiting
    stukken: Sequence[int]


class _Delen:
    """A network as elements (pieces of road and nodes), each with the closures that cover it."""

    def __init__(self, netwerk: Netwerk, dicht: Sequence[BaseGeometry]) -> None:
        self._wegen, self._dicht = netwerk.wegen, dicht
        self._tree = shapely.STRtree([weg.geom for weg in netwerk.wegen])
        self._number: dict[object, int] = {}
        self.labels: list[Sluiting] = []
        self._lengte: list[float] = []
        self._parent: list[int] = []
        self._links: list[tuple[int, int]] = []
        self._stukken: dict[int, list[tuple[LineString, int]]] = {}
        geraakt = self._touched()
        lengtes = shapely.length([weg.geom for weg in netwerk.wegen]).tolist()
        for number, (weg, lengte) in enumerate(zip(netwerk.wegen, lengtes, strict=True)):
            if number in geraakt:
                self._add_cut(number, weg, geraakt[number])
            else:
                self._add_weg(number, weg, lengte)
        self._buren = self._neighbours()
        self._rand = {self._find(self._number[k]) for k in netwerk.rand if k in self._number}
        self._rand = self._rand or self._longest()

    def locate(self, plek: Point, tot_weg_m: float) -> _Plaats | None:
        """The place on the nearest road; None further than ``tot_weg_m`` from any."""
        near = self._tree.query_nearest(plek, max_distance=tot_weg_m, all_matches=False)
        if not len(near):
            return None
        number = int(near[0])
        geom = self._wegen[number].geom
        afslag = geom.interpolate(geom.project(plek))
        stukken = sorted((geom.distance(afslag), stuk) for geom, stuk in self._stukken[number])
        dicht = self._covering(afslag, range(len(self._dicht)))
        return _Plaats(dicht, [stuk for _afstand, stuk in stukken])

    def find_out(self, plaats: _Plaats, sets: Sequence[Sluiting]) -> int:
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

        vrij = {element: is_open(self.labels[element]) for element in self._buren}
        uit = {element: vrij.get(element, alle) for element in self._rand}
        wacht = list(uit)
        while wacht:
            element = wacht.pop()
            for buur in self._buren.get(element, ()):
                erbij = uit[element] & vrij[buur] & ~uit.get(buur, 0)
                if erbij:
                    uit[buur] = uit.get(buur, 0) | erbij
                    wacht.append(buur)
        found, rest = 0, is_open(plaats.dicht)
        for stuk in plaats.stukken:  # one leaves over the nearest piece that is open
            hier = rest & is_open(self.labels[stuk])
            found |= hier & uit.get(self._find(stuk), 0)
            rest &= ~hier
        return found

    def _touched(self) -> dict[int, list[int]]:
        """By number of a road the closures that touch it."""
        found: dict[int, list[int]] = {}
        dicht, weg = self._tree.query(np.array(self._dicht), predicate="intersects")
        for een, number in zip(dicht.tolist(), weg.tolist(), strict=True):
            found.setdefault(number, []).append(een)
        return found

    def _add_weg(self, number: int, weg: Weg, lengte: float) -> None:
        stuk = self._add((number, 0), OPEN, lengte)
        self._stukken[number] = [(weg.geom, stuk)]
        for knoop in (weg.van, weg.naar):
            self._link(stuk, self._add(knoop, OPEN, 0.0))

    def _add_cut(self, number: int, weg: Weg, dicht: Sequence[int]) -> None:
        """Add a road that closures touch, in pieces; who covers an end touches its road."""
        ends = {_key(weg.geom.coords[-1]): weg.naar, _key(weg.geom.coords[0]): weg.van}
        stukken = self._stukken[number] = []
        for nummer, (geom, label) in enumerate(self._pieces(weg.geom, dicht)):
            stuk = self._add((number, nummer), label, geom.length)
            stukken.append((geom, stuk))
            for coord in (geom.coords[0], geom.coords[-1]):
                knoop = ends.get(_key(coord), (number, *_key(coord)))
                self._link(stuk, self._add(knoop, self._covering(Point(coord), dicht), 0.0))

    def _add(self, key: object, label: Sluiting, lengte: float) -> int:
        element = self._number.setdefault(key, len(self.labels))
        if element == len(self.labels):
            self.labels.append(label)
            self._lengte.append(lengte)
            self._parent.append(element)
        return element

    def _link(self, een: int, ander: int) -> None:
        if self.labels[een] or self.labels[ander]:
            self._links.append((een, ander))
        else:
            self._parent[self._find(een)] = self._find(ander)

    def _find(self, element: int) -> int:
        parent = self._parent
        while parent[element] != element:
            parent[element] = parent[parent[element]]
            element = parent[element]
        return element

    def _neighbours(self) -> dict[int, set[int]]:
        buren: dict[int, set[int]] = {}
        for een, ander in self._links:
            a, b = self._find(een), self._find(ander)
            buren.setdefault(a, set()).add(b)
            buren.setdefault(b, set()).add(a)
        return buren

    def _longest(self) -> set[int]:
        """Of what no closure touches the element with the most metres; none if there is none."""
        lengte: dict[int, float] = {}
        for element, meters in enumerate(self._lengte):
            if not self.labels[element]:
                root = self._find(element)
                lengte[root] = lengte.get(root, 0.0) + meters
        return {max(lengte, key=lambda root: lengte[root])} if lengte else set()

    def _pieces(
        self, line: LineString, dicht: Sequence[int]
    ) -> Iterator[tuple[LineString, Sluiting]]:
        parts = [(line, OPEN)]
        for een in dicht:
            gebied = self._dicht[een]
            parts = [
                (piece, nieuw)
                for part, label in parts
                for rest, nieuw in (
                    (part.difference(gebied), label),
                    (part.intersection(gebied), label | {een}),
                )
                for piece in lines_of(rest)
            ]
        yield from parts

    def _covering(self, punt: Point, dicht: Sequence[int]) -> Sluiting:
        return frozenset(een for een in dicht if self._dicht[een].covers(punt))


def _key(coord: Sequence[float]) -> tuple[float, float]:
    return round(coord[0], MM), round(coord[1], MM)
