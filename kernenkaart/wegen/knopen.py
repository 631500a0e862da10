"""From loose lines to a network: cut where another line meets, and give what meets one node."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.ops import substring

from kernenkaart.geo.crs import Array


@dataclass(frozen=True)
class Lijn:
    """A line of a file: its name, and RD coordinates."""

    naam: str
    geom: LineString


@dataclass(frozen=True)
class Stuk:
    """A piece between two nodes; ``geom`` begins and ends at the very place of its nodes."""

    naam: str
    van_knoop: int
    naar_knoop: int
    geom: LineString


def tie(lijnen: Sequence[Lijn], tolerantie_m: float) -> list[Stuk]:
    """The network that ``lijnen`` make.

    Lines meet where an end of one lies within ``tolerantie_m`` of the other, or where both have
    the same vertex. Lines that only cross (a bridge) do not meet. What is shorter than the
    tolerance is a node, no road.

    Args:
        tolerantie_m: metres; larger than nothing, smaller than the shortest road that matters.
    """
    pieces = _cut(lijnen, _meeting_points(lijnen), tolerantie_m)
    ends = np.array([end for _, line in pieces for end in (line.coords[0], line.coords[-1])])
    if not len(ends):
        return []
    node_of, nodes = _cluster(ends, tolerantie_m)
    result = []
    for number, (naam, line) in enumerate(pieces):
        van, naar = node_of[2 * number], node_of[2 * number + 1]
        if van == naar and line.length <= 2 * tolerantie_m:
            continue
        coords = [tuple(nodes[van]), *list(line.coords)[1:-1], tuple(nodes[naar])]
        result.append(Stuk(naam, van, naar, LineString(coords)))
    return result


def _meeting_points(lijnen: Sequence[Lijn]) -> Array:
    """The ends of all lines, and the vertices (to the centimetre) that two of them share."""
    if not lijnen:
        return np.empty((0, 2))
    geoms = np.array([lijn.geom for lijn in lijnen])
    coords, line_of = shapely.get_coordinates(geoms, return_index=True)
    rounded = np.round(coords, 2)
    # one line may have a vertex twice; count lines, not vertices
    per_line = np.unique(np.column_stack([rounded, line_of]), axis=0)[:, :2]
    shared, counts = np.unique(per_line, axis=0, return_counts=True)
    first = np.flatnonzero(np.diff(line_of, prepend=-1))
    last = np.append(first[1:], len(coords)) - 1
    points: Array = np.unique(
        np.vstack([rounded[first], rounded[last], shared[counts > 1]]), axis=0
    )
    return points


def _cut(
    lijnen: Sequence[Lijn], points: Array, tolerantie_m: float
) -> list[tuple[str, LineString]]:
    if not lijnen:
        return []
    tree = shapely.STRtree(list(map(Point, points)))
    geoms = np.array([lijn.geom for lijn in lijnen])
    line_of, point_of = tree.query(geoms, predicate="dwithin", distance=tolerantie_m)
    along = shapely.line_locate_point(geoms[line_of], tree.geometries[point_of])
    by_line: dict[int, list[float]] = {}
    for line, distance in zip(line_of.tolist(), along.tolist(), strict=True):
        by_line.setdefault(line, []).append(distance)
    return [
        (lijn.naam, piece)
        for number, lijn in enumerate(lijnen)
        for piece in _pieces(lijn.geom, sorted(by_line.get(number, ())), tolerantie_m)
    ]


def _pieces(line: LineString, along: Sequence[float], tolerantie_m: float) -> Iterator[LineString]:
    """``line`` cut at the distances ``along``, none closer together than the tolerance."""
    cuts = [0.0]
    for distance in along:
        if distance - cuts[-1] > tolerantie_m and line.length - distance > tolerantie_m:
            cuts.append(distance)
    if len(cuts) == 1:
        yield line
        return
    for begin, end in zip(cuts, [*cuts[1:], line.length], strict=True):
        yield LineString(substring(line, begin, end).coords)


def _cluster(ends: Array, tolerantie_m: float) -> tuple[list[int], Array]:
    """Which node each end is, and where the nodes lie: the middle of the ends that are together."""
    parent = list(range(len(ends)))

    def find(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    points = list(map(Point, ends))
    left, right = shapely.STRtree(points).query(points, predicate="dwithin", distance=tolerantie_m)
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        parent[find(one)] = find(other)
    roots = np.array([find(one) for one in range(len(ends))])
    _, node_of = np.unique(roots, return_inverse=True)
    counts = np.bincount(node_of)
    nodes = np.column_stack(
        [np.bincount(node_of, weights=ends[:, axis]) / counts for axis in (0, 1)]
    )
    return node_of.tolist(), nodes
