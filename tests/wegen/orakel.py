"""Which places lose every way out when one thing is closed: another way to find it, for tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from kernenkaart.wegen.dicht import lines_of
from kernenkaart.wegen.straten import Geraakt, Straten

RAAKT_M = 1e-6
TOT_WEG_M = 150.0
RUIM_M = 1e6


@dataclass(frozen=True)
class Weg:
    """A piece of road between two nodes; ``geom`` runs from ``van`` to ``naar``, RD."""

    van: int
    naar: int
    geom: LineString


@dataclass(frozen=True)
class Netwerk:
    """All roads; ``rand`` are nodes from which roads go on."""

    wegen: Sequence[Weg]
    rand: frozenset[int] = field(default_factory=frozenset)


def as_straten(net: Netwerk, dicht: Sequence[BaseGeometry], plekken: Sequence[Point]) -> Straten:
    """The same roads as numbers, in a frame that holds all but one road from each edge."""
    wegen = list(net.wegen)
    for weg in net.wegen:
        for knoop, waar in ((weg.van, weg.geom.coords[0]), (weg.naar, weg.geom.coords[-1])):
            if knoop in net.rand:
                ver = (waar[0] + 3 * RUIM_M, waar[1])
                wegen.append(Weg(knoop, -1 - knoop, LineString([waar, ver])))
    geoms = [weg.geom for weg in wegen]
    echt = range(len(net.wegen))
    ends = [(*geom.coords[0], *geom.coords[-1]) for geom in geoms]
    x_min, y_min, x_max, y_max = shapely.total_bounds([weg.geom for weg in net.wegen])
    return Straten(
        kader=(x_min - RUIM_M, y_min - RUIM_M, x_max + RUIM_M, y_max + RUIM_M),
        van=np.array([weg.van for weg in wegen]),
        naar=np.array([weg.naar for weg in wegen]),
        punten=np.array(ends),
        lengte_m=np.array([geom.length for geom in geoms]),
        dicht=dicht,
        geraakt={
            rij: Geraakt(geoms[rij], raakt)
            for rij in echt
            if (raakt := tuple(n for n, een in enumerate(dicht) if geoms[rij].intersects(een)))
        },
        plekken=plekken,
        afslagen=[_nearest([geoms[rij] for rij in echt], plek) for plek in plekken],
    )


def _nearest(geoms: Sequence[LineString], plek: Point) -> list[int]:
    kortst = min(geom.distance(plek) for geom in geoms)
    if kortst > TOT_WEG_M:
        return []
    near = [rij for rij, geom in enumerate(geoms) if geom.distance(plek) <= kortst + 0.001]
    return sorted(near, key=lambda rij: geoms[rij].distance(plek))


def find_cut_off(
    netwerk: Netwerk,
    dicht: BaseGeometry,
    plekken: Sequence[Point],
    *,
    tot_weg_m: float,
) -> list[bool]:
    """For each of ``plekken`` whether closing ``dicht`` takes its last way out.

    A place is reached over the nearest road; a place that lies further than ``tot_weg_m`` from any
    road, or that had no way out to begin with, loses nothing. When the place on the road where one
    turns off is itself closed, there is no way to it.

    Args:
        dicht: area, RD; see ``closed_area``.
        plekken: RD points.
        tot_weg_m: metres from a place to its road, at most.
    """
    if not plekken or not netwerk.wegen:
        return [False] * len(plekken)
    afsluiting = _Afsluiting(netwerk, dicht)
    return [afsluiting.takes(plek, tot_weg_m) for plek in plekken]


class _Afsluiting:
    """A network before and after something in it is closed."""

    def __init__(self, netwerk: Netwerk, dicht: BaseGeometry) -> None:
        self._wegen = netwerk.wegen
        self._dicht = dicht
        self._tree = shapely.STRtree([weg.geom for weg in netwerk.wegen])
        self._over = _without(netwerk.wegen, dicht, self._tree)
        self._before = _Graaf(netwerk.wegen, netwerk.rand)
        self._after = _Graaf(
            [weg for stukken in self._over.values() for weg in stukken], netwerk.rand
        )

    def takes(self, plek: Point, tot_weg_m: float) -> bool:
        """Whether ``plek`` had a way out and has none any more."""
        near = self._tree.query_nearest(plek, max_distance=tot_weg_m, all_matches=False)
        if not len(near):
            return False
        number = int(near[0])
        weg = self._wegen[number]
        if not self._before.leads_out(weg.van):
            return False
        afslag = weg.geom.interpolate(weg.geom.project(plek))
        if self._dicht.covers(afslag) or not self._over[number]:
            return True
        stuk = min(self._over[number], key=lambda one: one.geom.distance(afslag))
        return not (self._after.leads_out(stuk.van) or self._after.leads_out(stuk.naar))


class _Graaf:
    """Which nodes are connected (union-find), and which of them lead out."""

    def __init__(self, wegen: Sequence[Weg], rand: frozenset[int]) -> None:
        self._parent: dict[int, int] = {}
        for weg in wegen:
            self._parent[self._find(weg.van)] = self._find(weg.naar)
        uit = {self._find(knoop) for knoop in rand if knoop in self._parent}
        if not rand:
            lengte: dict[int, float] = {}
            for weg in wegen:
                root = self._find(weg.van)
                lengte[root] = lengte.get(root, 0.0) + weg.geom.length
            uit = {max(lengte, key=lambda root: lengte[root])} if lengte else set()
        self._uit = uit

    def _find(self, knoop: int) -> int:
        parent = self._parent
        parent.setdefault(knoop, knoop)
        while parent[knoop] != knoop:
            parent[knoop] = parent[parent[knoop]]
            knoop = parent[knoop]
        return knoop

    def leads_out(self, knoop: int) -> bool:
        """Whether there is a way from this node to the rest of the world."""
        return self._find(knoop) in self._uit


def _without(
    wegen: Sequence[Weg], dicht: BaseGeometry, tree: shapely.STRtree
) -> dict[int, list[Weg]]:
    """What is left of each road, by its number; ends that are cut get a node of their own."""
    result = {number: [weg] for number, weg in enumerate(wegen)}
    los = -1  # no node of a network is negative
    for number in sorted(tree.query(dicht, predicate="intersects").tolist()):
        weg = wegen[number]
        begin, eind = Point(weg.geom.coords[0]), Point(weg.geom.coords[-1])
        stukken = []
        for part in lines_of(weg.geom.difference(dicht)):
            van, naar = los, los - 1
            los -= 2
            if part.distance(begin) < RAAKT_M and not dicht.covers(begin):
                van = weg.van
            if part.distance(eind) < RAAKT_M and not dicht.covers(eind):
                naar = weg.naar
            stukken.append(Weg(van, naar, part))
        result[number] = stukken
    return result
