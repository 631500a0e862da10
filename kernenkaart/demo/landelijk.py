"""An invented country: kernen with made-up names that fill a rough outline of the Netherlands.

Pure geometry and dice; nothing here knows the database. All geometry is shapely in RD
(EPSG:28992, metres).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import shapely
from shapely import MultiPoint, MultiPolygon, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

Array = np.ndarray[Any, np.dtype[np.float64]]

# The mainland drawn by eye, in kilometres RD, clockwise from the south-west.
OMTREK_KM = (
    (14, 378), (20, 396), (34, 403), (39, 413), (53, 427), (67, 444), (79, 458), (97, 488),
    (111, 553), (128, 549), (136, 530), (148, 524), (132, 516), (127, 487), (132, 482), (142, 486),
    (159, 503), (170, 520), (177, 540), (154, 544), (153, 562), (156, 576), (175, 592), (209, 602),
    (251, 608), (258, 594), (277, 582), (276, 560), (270, 543), (257, 520), (246, 520), (243, 511),
    (240, 505), (268, 491), (264, 471), (251, 443), (233, 430), (215, 430), (205, 430), (194, 426),
    (196, 420), (197, 412), (206, 402), (212, 377), (207, 360), (205, 348), (190, 338), (203, 320),
    (199, 308), (177, 309), (175, 318), (181, 331), (185, 352), (168, 357), (168, 363), (157, 370),
    (139, 374), (122, 383), (103, 384), (85, 378), (43, 358), (18, 366),
)  # fmt: skip
STEDELIJK = 14  # regions where kernen lie close together
STEDELIJK_M = 20_000.0
STEDELIJK_DEEL = 0.55
KLEINSTE_M2 = 100_000.0  # what is left of a kern beside existing ones must be worth a name
KERNEN_PER_GEMEENTE = 7
INWONERS = 17_500_000

STAMMEN = (
    "Alver", "Bram", "Corder", "Dral", "Elser", "Ferwa", "Gelmer", "Hulter", "Inger", "Jolder",
    "Kraven", "Luister", "Marver", "Nolde", "Ommel", "Pelder", "Quader", "Rosker", "Sloter",
    "Tarven", "Ulmer", "Vlender", "Wolter", "Yker", "Zander", "Bolster", "Dingel", "Everder",
    "Grover", "Halmer", "Kelver", "Lunder", "Morsel", "Nieber", "Orvel", "Polder", "Runder",
    "Snijder", "Tinger", "Vreder", "Wemel", "Zuiger",
)  # fmt: skip
STAARTEN = (
    "broek", "veld", "hoven", "wijk", "dam", "dijk", "lo", "horst", "beek", "drecht", "huizen",
    "woude", "meer", "burg", "donk", "rade", "loo", "stede", "kerk", "voort", "made", "zand",
    "eind", "waard",
)  # fmt: skip
VOORAF = ("", "Nieuw-", "Oud-", "Klein-", "Groot-", "Hoog-", "Laag-", "Achter-", "Over-")


@dataclass(frozen=True)
class NieuweKern:
    """A made-up kern; ``gemeente`` is a number that its neighbours share."""

    naam: str
    gemeente: int
    grens: MultiPolygon
    hart: Point


def make_kernen(aantal: int, bezet: BaseGeometry, worp: np.random.Generator) -> list[NieuweKern]:
    """Kernen that fill the outline beside what is taken, without overlap.

    Args:
        aantal: how many to draw; a few that hardly fit are left out.
        bezet: where nothing may lie (RD).

    Returns:
        Whole metres, grouped in gemeenten of about ``KERNEN_PER_GEMEENTE``, names never twice.
    """
    vrij = shapely.difference(Polygon(1_000 * np.array(OMTREK_KM)), bezet)
    if aantal < 1 or vrij.area < aantal * KLEINSTE_M2:
        return []
    zaden = _relax(_seeds(aantal, vrij, worp), vrij)
    found = []
    for zaad, cel in zip(zaden, _cells(zaden), strict=True):
        grens = _whole_metres(shapely.intersection(cel, vrij))
        if grens.area >= KLEINSTE_M2:
            hart = Point(np.round(zaad))
            found.append((grens, hart if grens.contains(hart) else grens.representative_point()))
    groepen = _groups(np.array([(hart.x, hart.y) for _, hart in found]), worp)
    namen = _names(worp)
    return [
        NieuweKern(next(namen), int(groep), grens, hart)
        for (grens, hart), groep in zip(found, groepen, strict=True)
    ]


def inwoners(aantal: int, worp: np.random.Generator) -> Array:
    """How many people live in each of so many kernen: few large ones, many small, by rank."""
    deel = (worp.permutation(aantal) + 6.0) ** -0.95
    return np.asarray(deel * min(INWONERS, 7_000 * aantal) / deel.sum(), float)


def _seeds(aantal: int, vrij: BaseGeometry, worp: np.random.Generator) -> Array:
    x_min, y_min, x_max, y_max = vrij.bounds
    shapely.prepare(vrij)

    def inside(punten: Array) -> Array:
        return punten[shapely.contains_xy(vrij, punten[:, 0], punten[:, 1])]

    ruim = 8 * aantal + 200
    overal = inside(worp.uniform((x_min, y_min), (x_max, y_max), (ruim, 2)))
    midden = overal[:STEDELIJK]
    keuze = midden[worp.integers(len(midden), size=ruim)]
    dicht = inside(keuze + worp.normal(0, STEDELIJK_M, (ruim, 2)))[: int(STEDELIJK_DEEL * aantal)]
    return np.concatenate([dicht, overal[STEDELIJK : STEDELIJK + aantal - len(dicht)]])


def _cells(zaden: Array) -> list[Polygon]:
    rand = MultiPoint(1_000 * np.array(OMTREK_KM)).buffer(50_000)
    return list(shapely.voronoi_polygons(MultiPoint(zaden), extend_to=rand, ordered=True).geoms)


def _relax(zaden: Array, vrij: BaseGeometry) -> Array:
    """Each seed in the middle of its cell, so that no kern is a sliver."""
    midden = shapely.get_coordinates(shapely.centroid(_cells(zaden)))
    binnen = shapely.contains_xy(vrij, midden[:, 0], midden[:, 1])
    return np.where(binnen[:, None], midden, zaden)


def _whole_metres(vlak: BaseGeometry) -> MultiPolygon:
    """Neighbours share their corners, so rounding each corner keeps them side by side."""
    delen = [deel for deel in shapely.get_parts(vlak) if isinstance(deel, Polygon)]
    rond = shapely.transform(MultiPolygon(delen), np.round)
    heel = rond if rond.is_valid else shapely.make_valid(rond)
    return MultiPolygon([deel for deel in _polygons(heel) if deel.area > 1])


def _polygons(geom: BaseGeometry) -> Iterator[Polygon]:
    losse = (shapely.get_parts(deel) for deel in shapely.get_parts(geom))
    return (deel for deel in chain.from_iterable(losse) if isinstance(deel, Polygon))


def _groups(harten: Array, worp: np.random.Generator) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Which gemeente each is of: that of the nearest of some of them."""
    aantal = max(1, len(harten) // KERNEN_PER_GEMEENTE)
    punten = np.asarray(shapely.points(harten))
    centra = STRtree(punten[worp.choice(len(harten), aantal, replace=False)])
    return np.asarray(centra.nearest(punten))


def _names(worp: np.random.Generator) -> Iterator[str]:
    paren = [stam + staart for stam in STAMMEN for staart in STAARTEN]
    for vooraf in VOORAF:
        for nummer in worp.permutation(len(paren)):
            yield vooraf + paren[nummer]
