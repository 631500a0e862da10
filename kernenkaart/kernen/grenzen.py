"""Boundaries from a file: what is kept, what is repaired, what is refused and why.

Nothing here knows the database; geometries are shapely in RD, areas square metres.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

TOLERANTIE_M2 = 100.0  # neighbours that were digitised apart overlap by slivers
KLEINSTE_M2 = 1.0
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
                    f"de naam komt in {one.gemeente} {len(rows)} keer voor (ook bij {codes})"
                )


def refuse_far_away(
    kandidaten: Iterable[Kandidaat],
    grenzen: Mapping[str, BaseGeometry],
    bekende_kernen: Mapping[str, Sequence[BaseGeometry]],
    marge_m: float,
) -> None:
    """Refuse what lies more than ``marge_m`` outside its gemeente.

    Args:
        grenzen: boundary of a gemeente by CBS code, where it is known. Without one, most of the
            kernen together decide: those stored and those in the file.
        bekende_kernen: boundaries of the stored kernen by CBS code.
        marge_m: how far a vertex may lie outside, in metres.
    """
    for gemeente, rows in group(kept(kandidaten), lambda one: one.gemeente).items():
        code = str(gemeente)
        area: BaseGeometry | None = grenzen.get(code)
        if area is None:
            shapes = [one.grens for one in rows if one.grens is not None]
            area = _main_cluster([*shapes, *bekende_kernen.get(code, ())], marge_m)
        if area is None:
            continue
        shapely.prepare(area)
        for one in rows:
            outside_m = how_far_outside(one, area)
            if outside_m > marge_m:
                one.refuse(
                    f"ligt {kilometers(outside_m)} buiten {code}; de marge is {kilometers(marge_m)}"
                )
            elif outside_m and code in grenzen:
                stray_m2 = shapely.area(shapely.difference(one.grens, area))
                if stray_m2 > KLEINE_UITSTEEK_M2:
                    one.opmerkingen.append(f"{square_metres(stray_m2)} ligt buiten {code}")


def how_far_outside(one: Kandidaat, area: BaseGeometry) -> float:
    """Metres from ``area`` to the vertex of ``one`` that is furthest outside; 0 when none is."""
    points = np.array(shapely.points(shapely.get_coordinates(one.grens)), dtype=object)
    outside = points[~shapely.intersects(area, points)]
    return float(shapely.distance(outside, area).max()) if len(outside) else 0.0


def _main_cluster(shapes: Sequence[BaseGeometry], marge_m: float) -> BaseGeometry | None:
    """The shapes within ``marge_m`` of one another that are most in number; None when unclear.

    It is clear when there are three or more of them and they are the majority.
    """
    array = np.array(shapes, dtype=object)
    cluster = np.arange(len(array))

    def root(index: int) -> int:
        while cluster[index] != index:
            cluster[index] = cluster[cluster[index]]
            index = int(cluster[index])
        return index

    pairs = shapely.STRtree(array).query(array, "dwithin", marge_m)
    for left, right in pairs.T:
        if root(left) != root(right):
            cluster[root(left)] = root(right)
    roots = np.array([root(index) for index in range(len(array))])
    values, counts = np.unique(roots, return_counts=True)
    if counts.max() < 3 or counts.max() * 2 <= len(array):
        return None
    return shapely.GeometryCollection(list(array[roots == values[counts.argmax()]]))


def note_overlaps(
    kandidaten: Iterable[Kandidaat], anderen: Sequence[tuple[str, BaseGeometry]]
) -> None:
    """Note on each kept feature which others it overlaps by more than ``TOLERANTIE_M2``.

    Nothing is cut: which of the two is right is not ours to say, and what lies in both is found
    from both.

    Args:
        anderen: names and boundaries of stored kernen that this import does not replace.
    """
    rows = kept(kandidaten)
    names = [one.naam for one in rows] + [naam for naam, _ in anderen]
    shapes = np.array(
        [*(one.grens for one in rows), *(grens for _, grens in anderen)], dtype=object
    )
    pairs = shapely.STRtree(shapes).query(shapes[: len(rows)], "intersects").T
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    if not len(pairs):
        return
    areas = shapely.area(shapely.intersection(shapes[pairs[:, 0]], shapes[pairs[:, 1]]))
    for (left, right), area in zip(pairs, areas, strict=True):
        if area > TOLERANTIE_M2:
            rows[int(left)].opmerkingen.append(f"overlapt {square_metres(area)} met {names[right]}")


def heart(grens: MultiPolygon, given: Point | None) -> Point:
    """A point inside ``grens``: the given one if it does, else the middle of the largest part.

    The middle is the centre of the largest circle that fits, in whole metres where that is inside.
    """
    if given is not None and grens.contains(given):
        return given
    largest = max(grens.geoms, key=lambda part: part.area)
    tolerance = max(1.0, largest.area**0.5 / 100)
    middle = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=tolerance), 0)
    whole = shapely.set_precision(middle, 1.0)
    for point in (whole, middle, largest.representative_point()):
        if largest.contains(point):
            return Point(point)
    return Point(largest.representative_point())


def kilometers(meters: float) -> str:
    """``7800`` as ``7,8 km``."""
    return f"{meters / 1000:.1f} km".replace(".", ",")


def square_metres(area: float) -> str:
    """``1234567.8`` as ``1.234.568 m²``."""
    return f"{area:,.0f} m²".replace(",", ".")
