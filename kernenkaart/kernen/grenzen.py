"""Boundaries from a file: what is kept, what is repaired, what is refused and why.

Nothing here knows the database; geometries are shapely in RD, areas square metres.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

Shapes = np.ndarray[Any, np.dtype[np.object_]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

TOLERANTIE_M2 = 100.0  # neighbours that were digitised apart overlap by slivers
KLEINSTE_M2 = 1.0
MEERDERE = 3  # fewer kernen do not tell where a gemeente lies
HART_BINNEN_M = 100.0
HART_BUITEN_M = 1_000.0
KLEINE_UITSTEEK_M2 = 10_000.0  # boundaries of different years never quite agree


class Uitkomst(StrEnum):
    """What became of a feature."""

    BEHOUDEN = "behouden"
    HERSTELD = "hersteld"
    GEWEIGERD = "geweigerd"


@dataclass
class Kandidaat:
    """A feature that may become the boundary of a kern.

    Attributes:
        herkomst: file and number, to find it again.
        naam: may be empty; then it is refused.
        code: lasting key within the gemeente; may be empty until it is derived.
        gemeente: CBS code; None when the file does not say.
        gemeente_naam: as the file says; may be empty.
        soort: ``dorp``, ``stad`` or None.
        vorm: as read, in RD; None when it could not be read.
        hart: as given by the file, in RD; may lie outside.
        grens: what will be stored; None until repaired, and when refused.
        voor_m2: area as read.
        na_m2: area as stored.
        hersteld: what was repaired, as clauses.
        opmerkingen: what one should know, as clauses.
        overlapt: with which others it overlaps by how much, as clauses.
        reden: why it is refused, as a clause.
    """

    herkomst: str
    naam: str
    code: str
    gemeente: str | None
    gemeente_naam: str
    soort: str | None
    vorm: BaseGeometry | None
    hart: Point | None = None
    grens: MultiPolygon | None = None
    voor_m2: float = 0.0
    na_m2: float = 0.0
    hersteld: list[str] = field(default_factory=list)
    opmerkingen: list[str] = field(default_factory=list)
    overlapt: list[str] = field(default_factory=list)
    reden: str | None = None

    @property
    def uitkomst(self) -> Uitkomst:
        """Kept, repaired or refused."""
        if self.reden is not None:
            return Uitkomst.GEWEIGERD
        return Uitkomst.HERSTELD if self.hersteld else Uitkomst.BEHOUDEN

    def refuse(self, reden: str) -> None:
        """Refuse it; the first reason stays."""
        self.reden = self.reden or reden
        self.grens = None
        self.na_m2 = 0.0


def kept(kandidaten: Iterable[Kandidaat]) -> list[Kandidaat]:
    """Those that are not refused."""
    return [one for one in kandidaten if one.reden is None]


def group(
    kandidaten: Iterable[Kandidaat], key: Callable[[Kandidaat], object]
) -> Mapping[object, list[Kandidaat]]:
    """``kandidaten`` by ``key``, in order of first appearance."""
    groups: dict[object, list[Kandidaat]] = defaultdict(list)
    for one in kandidaten:
        groups[key(one)].append(one)
    return groups


def repair(one: Kandidaat) -> None:
    """Make the shape of ``one`` a valid MultiPolygon, or refuse it."""
    if one.reden is not None or one.vorm is None:
        one.refuse(one.reden or "heeft geen vorm")
        return
    one.voor_m2 = float(shapely.area(one.vorm))
    vorm = one.vorm
    if shapely.get_dimensions(vorm) != 2:
        one.refuse("is geen vlak, maar een punt of lijn")
        return
    if not shapely.is_valid(vorm):
        one.hersteld.append(f"de rand klopte niet ({_why_invalid(vorm)})")
        vorm = shapely.make_valid(vorm, method="structure", keep_collapsed=False)
    polygons = [
        part
        for part in shapely.get_parts(shapely.get_parts(vorm))
        if isinstance(part, Polygon) and part.area > 0
    ]
    grens = MultiPolygon(polygons)
    if grens.area < KLEINSTE_M2:
        one.refuse("heeft geen oppervlakte")
        return
    if vorm.geom_type == "GeometryCollection":
        one.hersteld.append("punten en lijnen zijn weggelaten")
        grens = as_multi(shapely.union_all(polygons))
    one.grens, one.na_m2 = grens, grens.area


def _why_invalid(vorm: BaseGeometry) -> str:
    """GEOS' reason in Dutch."""
    reason = shapely.is_valid_reason(vorm)
    known = {
        "Self-intersection": "hij kruist zichzelf",
        "Ring Self-intersection": "hij raakt zichzelf",
        "Too few points": "een rand heeft te weinig punten",
        "Hole lies outside shell": "een gat ligt buiten het vlak",
        "Holes are nested": "een gat ligt in een gat",
        "Nested shells": "delen liggen in elkaar",
        "Interior is disconnected": "gaten knippen het vlak in stukken",
        "Duplicate Rings": "een rand staat er dubbel in",
    }
    return next((text for start, text in known.items() if reason.startswith(start)), "ongeldig")


def as_multi(geom: BaseGeometry) -> MultiPolygon:
    """The polygons of ``geom`` as one MultiPolygon; lines and points are left out."""
    parts = shapely.get_parts(shapely.get_parts(geom))
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])


def merge_parts(kandidaten: Sequence[Kandidaat]) -> list[Kandidaat]:
    """Rows with the same code and name become one; loose parts of a kern often come so.

    Parts that lie over one another are two versions rather than two parts, and are refused, as are
    rows that share a code but not a name.
    """
    result: list[Kandidaat] = []
    for rows in group(kandidaten, lambda one: (one.gemeente, one.code or id(one))).values():
        usable = kept(rows)
        result += [one for one in rows if one.reden is not None]
        if len(usable) < 2:
            result += usable
        elif len({one.naam.casefold() for one in usable}) > 1:
            for one in usable:
                one.refuse(f"de code {one.code} komt voor bij verschillende namen")
            result += usable
        else:
            result += _merge(usable)
    return result


def _merge(rows: list[Kandidaat]) -> list[Kandidaat]:
    first, area = rows[0], sum(one.na_m2 for one in rows)
    union = as_multi(shapely.union_all([one.grens for one in rows]))
    if area - union.area > TOLERANTIE_M2:
        for one in rows:
            one.refuse(f"de code {one.code} komt {len(rows)} keer voor, en de vlakken overlappen")
        return rows
    first.hersteld.append(f"{len(rows)} vlakken met dezelfde code zijn samengevoegd")
    first.voor_m2 = sum(one.voor_m2 for one in rows)
    first.grens, first.na_m2 = union, union.area
    return [first]


def refuse_double_names(kandidaten: Iterable[Kandidaat]) -> None:
    """Refuse every feature whose name another one in the same gemeente has too."""
    for rows in group(kept(kandidaten), lambda one: (one.gemeente, one.naam.casefold())).values():
        if len(rows) > 1:
            others = {id(one): [row.code for row in rows if row is not one] for one in rows}
            for one in rows:
                codes = ", ".join(others[id(one)][:3])
                one.refuse(
                    f"de naam komt in {one.gemeente} {len(rows)} keer voor (ook bij code {codes})"
                )


def refuse_far_away(
    kandidaten: Iterable[Kandidaat],
    grenzen: Mapping[str, BaseGeometry],
    bekende_kernen: Mapping[str, Sequence[BaseGeometry]],
    marge_m: float,
    *,
    met_gaten: bool = False,
) -> None:
    """Refuse what lies more than ``marge_m`` outside its gemeente.

    Args:
        grenzen: boundary of a gemeente by CBS code, where it is known. Without one, most of the
            kernen together decide: those stored and those in the file.
        bekende_kernen: boundaries of the stored kernen by CBS code.
        marge_m: how far a vertex may lie outside, in metres.
        met_gaten: whether the file may lack kernen in between; what lies apart is then given
            three times the margin, as long as no boundary of the gemeente is known.
    """
    for gemeente, rows in group(kept(kandidaten), lambda one: one.gemeente).items():
        code = str(gemeente)
        if code in grenzen:
            _judge_by_boundary(rows, code, grenzen[code], marge_m)
        else:
            bekend = bekende_kernen.get(code, ())
            wide = met_gaten and len(bekend) < MEERDERE
            _judge_by_neighbours(rows, code, bekend, marge_m * 3 if wide else marge_m)


def _judge_by_boundary(
    rows: Sequence[Kandidaat], code: str, area: BaseGeometry, marge_m: float
) -> None:
    shapely.prepare(area)
    for one in rows:
        outside_m = how_far_outside(one, area)
        if outside_m > marge_m:
            _refuse_distance(one, code, outside_m, marge_m)
        elif outside_m:
            _note_stray(one, area, f"de grens van {code}")


def _judge_by_neighbours(
    rows: Sequence[Kandidaat], code: str, bekend: Sequence[BaseGeometry], marge_m: float
) -> None:
    stored = {grens.wkb for grens in bekend}
    rows = [one for one in rows if one.grens is not None and one.grens.wkb not in stored]
    if not rows:
        return
    shapes = np.array([*(one.grens for one in rows), *bekend], dtype=object)
    near = _main_cluster(shapes, marge_m)
    if near is None:
        return
    near[len(rows) :] = True  # what is stored already, is of the gemeente
    area = None if near.all() else shapely.union_all(shapes[near])
    for one, belongs in zip(rows, near, strict=False):
        if not belongs and area is not None:
            outside_m = how_far_outside(one, area)
            if outside_m > marge_m:
                _refuse_distance(one, code, outside_m, marge_m)
    if len(bekend) >= MEERDERE:
        had = shapely.union_all(bekend)
        shapely.prepare(had)
        for one in kept(rows):
            if how_far_outside(one, had):
                _note_stray(one, had, f"de kernen die {code} al had")


def _note_stray(one: Kandidaat, area: BaseGeometry, wat: str) -> None:
    stray_m2 = shapely.area(shapely.difference(one.grens, area))
    if stray_m2 > KLEINE_UITSTEEK_M2:
        one.opmerkingen.append(f"{square_metres(stray_m2)} ligt buiten {wat}")


def _refuse_distance(one: Kandidaat, code: str, outside_m: float, marge_m: float) -> None:
    one.refuse(f"ligt tot {kilometers(outside_m)} buiten {code}; de marge is {kilometers(marge_m)}")


def how_far_outside(one: Kandidaat, area: BaseGeometry) -> float:
    """Metres from ``area`` to the vertex of ``one`` that is furthest outside; 0 when none is."""
    points = np.array(shapely.points(shapely.get_coordinates(one.grens)), dtype=object)
    outside = points[~shapely.intersects(area, points)]
    return float(shapely.distance(outside, area).max()) if len(outside) else 0.0


def _main_cluster(shapes: Shapes, marge_m: float) -> Flags | None:
    """Which shapes belong to the main group, groups being ``marge_m`` apart.

    None when it is unclear: three or more must belong to it, and they must be the majority.
    """
    cluster = np.arange(len(shapes))

    def root(index: int) -> int:
        while cluster[index] != index:
            cluster[index] = cluster[cluster[index]]
            index = int(cluster[index])
        return index

    pairs = shapely.STRtree(shapes).query(shapes, "dwithin", marge_m)
    for left, right in pairs.T:
        cluster[root(left)] = root(right)
    roots = np.array([root(index) for index in range(len(shapes))])
    values, counts = np.unique(roots, return_counts=True)
    if counts.max() < MEERDERE or counts.max() * 2 <= len(shapes):
        return None
    belongs: Flags = roots == values[counts.argmax()]
    return belongs


@dataclass(frozen=True)
class Overlap:
    """Two kernen that lie over one another, and how much."""

    naam: str
    ander: str
    m2: float


def note_overlaps(
    kandidaten: Iterable[Kandidaat], anderen: Sequence[tuple[str, BaseGeometry]]
) -> list[Overlap]:
    """The kept features that overlap another by more than ``TOLERANTIE_M2``, largest first.

    It is noted on the features too, and nothing is cut: which of the two is right is not ours to
    say, and what lies in both is found from both.

    Args:
        anderen: names and boundaries of stored kernen that this import does not replace.
    """
    rows = kept(kandidaten)
    names = [one.naam for one in rows] + [naam for naam, _ in anderen]
    grenzen = [*(one.grens for one in rows), *(grens for _, grens in anderen)]
    shapes = np.array(grenzen, dtype=object)
    left, right = shapely.STRtree(shapes).query(shapes[: len(rows)], "intersects")
    once = (left < right) | (right >= len(rows))
    left, right = left[once], right[once]
    areas = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    found: list[Overlap] = []
    for a, b, area in zip(left.tolist(), right.tolist(), areas.tolist(), strict=True):
        if round(area, 2) > TOLERANTIE_M2:
            found.append(Overlap(names[a], names[b], area))
            rows[a].overlapt.append(f"overlapt {square_metres(area)} met {names[b]}")
            if b < len(rows):
                rows[b].overlapt.append(f"overlapt {square_metres(area)} met {names[a]}")
    return sorted(found, key=lambda one: -one.m2)


def given_heart(grens: MultiPolygon, given: Point | None) -> Point | None:
    """The heart that a file gives, if it is any good.

    One inside ``grens`` is taken as it is. One less than a kilometre outside moves to the nearest
    place well inside, for there the village is; one further off is no heart of this kern.
    """
    if given is None or grens.contains(given):
        return given
    inner = grens.buffer(-HART_BINNEN_M)
    if inner.is_empty or grens.distance(given) > HART_BUITEN_M:
        return None
    return Point(shapely.get_point(shapely.shortest_line(inner, given), 0))


def middle(grens: MultiPolygon) -> Point:
    """The centre of the largest circle in the largest part of ``grens``, in whole metres if it can.

    Unlike a centroid it always lies inside.
    """
    largest = max(grens.geoms, key=lambda part: part.area)
    tolerance = max(1.0, largest.area**0.5 / 100)
    centre = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=tolerance), 0)
    for point in (shapely.set_precision(centre, 1.0), centre):
        if largest.contains(point):
            return Point(point)
    return Point(largest.representative_point())


def kilometers(meters: float) -> str:
    """``7800`` as ``7,8 km``."""
    return f"{meters / 1000:.1f} km".replace(".", ",")


def square_metres(area: float) -> str:
    """``1234567.8`` as ``1.234.568 m²``."""
    return f"{area:,.0f} m²".replace(",", ".")
