"""A picture of a kern with what goes on there, as SVG: numbers that lead to the list below it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from kernenkaart.geo.crs import to_rd

BREED_PX = 600.0
RAND_PX = 24.0  # around the kern, so that a marker on its edge is whole
STIP_PX = 14.0


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
    schaal = (BREED_PX - 2 * RAND_PX) / omtrek["breed"]
    hoog = omtrek["hoog"] * schaal + 2 * RAND_PX
    shift = RAND_PX - omtrek["west"] * schaal, RAND_PX + omtrek["noord"] * schaal
    placed = [
        (nummer, row["ding"], to_rd(shapely.Point(row["lon"], row["lat"])))
        for nummer, row in enumerate(rows, start=1)
        if row["lon"] is not None
    ]
    stippen = _gather(
        (nummer, ding, punt.x * schaal + shift[0], shift[1] - punt.y * schaal)
        for nummer, ding, punt in placed
    )
    inside = [s for s in stippen if 0 <= s.x <= BREED_PX and 0 <= s.y <= hoog]
    return Kaartje(BREED_PX, hoog, omtrek["pad"], schaal, shift, tuple(inside))


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
