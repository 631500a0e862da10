"""A picture of a kern with what goes on there, as SVG: numbers that lead to the list below it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from kernenkaart.geo.crs import to_rd

BREED_PX, HOOG_PX = 360.0, 300.0  # at most; a frame on a phone shows it as large as this
RAND_PX = 16.0  # around the kern, so that a marker on its edge is whole
STIP_PX = 14.0
NABIJ_M = 1200.0  # so much there is to see at least: the built-up part of a village


@dataclass(frozen=True)
class Stip:
    """A marker.

    Attributes:
        x: px from the left.
        y: px from the top.
        nummers: of the things that lie there, as the list numbers them.
        ding: names its shape, of the first one.
    """

    x: float
    y: float
    nummers: tuple[int, ...]
    ding: str


@dataclass(frozen=True)
class Kaartje:
    """The picture, in px.

    Attributes:
        pad: outline in metres, y downward; ``schaal`` and ``shift`` bring it into the picture.
    """

    breed: float
    hoog: float
    pad: str
    schaal: float
    shift: tuple[float, float]
    stippen: tuple[Stip, ...]


def draw(omtrek: Mapping[str, Any], rows: Sequence[Mapping[Any, Any]]) -> Kaartje:
    """The picture of a kern with these rows in it.

    Args:
        omtrek: as ``queries.get_omtrek`` gives it.
        rows: as ``find_dingen`` gives them; those without a place stand in the list only.
    """
    placed = [
        (nummer, row["ding"], to_rd(shapely.Point(row["lon"], row["lat"])))
        for nummer, row in enumerate(rows, start=1)
        if row["lon"] is not None
    ]
    west, zuid, oost, noord = _frame(omtrek, [punt for _nummer, _ding, punt in placed])
    schaal = min((BREED_PX - 2 * RAND_PX) / (oost - west), (HOOG_PX - 2 * RAND_PX) / (noord - zuid))
    breed, hoog = ((maat * schaal) + 2 * RAND_PX for maat in (oost - west, noord - zuid))
    shift = RAND_PX - west * schaal, RAND_PX + noord * schaal
    stippen = _gather(
        (nummer, ding, punt.x * schaal + shift[0], shift[1] - punt.y * schaal)
        for nummer, ding, punt in placed
    )
    inside = [s for s in stippen if 0 <= s.x <= breed and 0 <= s.y <= hoog]
    return Kaartje(breed, hoog, omtrek["pad"], schaal, shift, tuple(inside))


def _frame(
    omtrek: Mapping[str, Any], punten: Sequence[shapely.Point]
) -> tuple[float, float, float, float]:
    """What to look at, RD: where things are, no closer than ``NABIJ_M``; else the whole kern."""
    west, noord = omtrek["west"], omtrek["noord"]
    heel = shapely.box(west, noord - omtrek["hoog"], west + omtrek["breed"], noord)
    inside = [punt for punt in punten if heel.covers(punt)]
    if not inside:
        return west, noord - omtrek["hoog"], west + omtrek["breed"], noord
    x1, y1, x2, y2 = shapely.MultiPoint(inside).bounds
    dx, dy = (max(NABIJ_M - size, 0.0) / 2 for size in (x2 - x1, y2 - y1))
    return x1 - dx, y1 - dy, x2 + dx, y2 + dy


def _gather(points: Iterable[tuple[int, str, float, float]]) -> list[Stip]:
    """One marker for what lies so near that markers would cover each other."""
    found: list[Stip] = []
    for nummer, ding, x, y in points:
        for index, stip in enumerate(found):
            if abs(stip.x - x) < 2 * STIP_PX and abs(stip.y - y) < 2 * STIP_PX:
                found[index] = Stip(stip.x, stip.y, (*stip.nummers, nummer), stip.ding)
                break
        else:
            found.append(Stip(x, y, (nummer,), ding))
    return found
