"""Which closures take the last way to a place, alone or together: no database.

The roads are cut where a closure begins and ends. All that no closure touches and that hangs
together becomes one element, so that what is left to try is small, however large the network is.

A network is a bounded cut of the roads. A node at its edge, from which roads go on outside it,
leads to the rest of the world; a network without such nodes is all there is, and there the rest of
the world is the connected part with the most metres of road.
"""

from collections.abc import Callable, Iterator, Sequence
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
        plaats = self._delen.locate(plek, tot_weg_m) if self._delen else None
        if plaats is None or not plaats.leads_out(OPEN) or plaats.leads_out(frozenset(dichtbij)):
            return []  # when all at once leave a way, fewer do
        found: list[Sluiting] = []
        for aantal in range(1, min(samen_max, len(dichtbij)) + 1):
            keuze = dichtbij if aantal == 1 else dichtbij[:samen_max]
            for sluiting in map(frozenset, combinations(sorted(keuze), aantal)):
                if any(kleiner <= sluiting for kleiner in found) or not samen(sluiting):
                    continue
                if not plaats.leads_out(sluiting):
                    found.append(sluiting)
        return found


class _Plaats:
    """Where one turns off to a place: what is closed there, and which pieces of road are there."""

    def __init__(
        self, delen: "_Delen", afslag: Sluiting, stukken: Sequence[tuple[float, int]]
    ) -> None:
        self._delen, self._afslag, self._stukken = delen, afslag, sorted(stukken)

    def leads_out(self, sluiting: Sluiting) -> bool:
        """Whether one gets out of it while ``sluiting`` is closed."""
        if self._afslag & sluiting:
            return False
        for _afstand, stuk in self._stukken:
            if not self._delen.labels[stuk] & sluiting:
                return self._delen.leads_out(stuk, sluiting)
        return False


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
        self._rand = {self._find(self._number[k]) for k in netwerk.rand if k in self._number}
        self._samengevat = self._contract()

    def locate(self, plek: Point, tot_weg_m: float) -> _Plaats | None:
        """The place on the nearest road; None further than ``tot_weg_m`` from any."""
        near = self._tree.query_nearest(plek, max_distance=tot_weg_m, all_matches=False)
        if not len(near):
            return None
        number = int(near[0])
        geom = self._wegen[number].geom
        afslag = geom.interpolate(geom.project(plek))
        stukken = [(stuk.distance(afslag), element) for stuk, element in self._stukken[number]]
        return _Plaats(self, self._covering(afslag, range(len(self._dicht))), stukken)

    def leads_out(self, element: int, sluiting: Sluiting) -> bool:
        """Whether there is a way from an open element to the rest of the world."""
        parent: dict[int, int] = {}

        def find(one: int) -> int:
            while (up := parent.get(one, one)) != one:
                one = up
            return one

        for een, ander in self._links:
            if not (self.labels[een] | self.labels[ander]) & sluiting:
                parent[find(self._find(een))] = find(self._find(ander))
        hier = find(self._find(element))
        if self._rand:
            return any(find(een) == hier for een in self._rand if not self.labels[een] & sluiting)
        lengte: dict[int, float] = {}
        for een, meters in self._samengevat.items():
            if not self.labels[een] & sluiting:
                lengte[find(een)] = lengte.get(find(een), 0.0) + meters
        return max(lengte, key=lambda een: lengte[een]) == hier

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

    def _contract(self) -> dict[int, float]:
        """Metres of road of each element that stands for what hangs together."""
        lengte: dict[int, float] = {}
        for element, meters in enumerate(self._lengte):
            root = self._find(element)
            lengte[root] = lengte.get(root, 0.0) + meters
        return lengte

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
