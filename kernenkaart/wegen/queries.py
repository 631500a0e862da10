"""The roads round a place, cut out of the whole."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, LargeBinary, func, select
from sqlalchemy.orm import Session

from kernenkaart.wegen.bereikbaar import Netwerk, Weg
from kernenkaart.wegen.models import Wegvak

WEGVAKKEN_MAX = 6_000
KLEINST_M = 100.0


def find_netwerk(
    session: Session, gebied: BaseGeometry, straal_m: float, hoogstens: int = WEGVAKKEN_MAX
) -> Netwerk:
    """The roads in the box round ``gebied`` that leaves ``straal_m`` free at each side.

    In a city that box is made smaller, until it holds no more than ``hoogstens`` pieces.

    Args:
        gebied: RD.
        straal_m: metres.

    Returns:
        An empty network where no roads are known, or where ``gebied`` itself holds too many.
    """
    venster = _box(gebied, straal_m)
    while _count(session, venster, hoogstens) > hoogstens:
        if straal_m < KLEINST_M:
            return Netwerk(())
        straal_m /= 2
        venster = _box(gebied, straal_m)
    rows = session.execute(
        select(
            Wegvak.van_knoop, Wegvak.naar_knoop, func.ST_AsBinary(Wegvak.geom, type_=LargeBinary)
        )
        .where(_within(venster))
        .order_by(Wegvak.id)
    ).all()
    geoms = shapely.from_wkb([bytes(wkb) for _, _, wkb in rows])
    wegen = [Weg(van, naar, geom) for (van, naar, _), geom in zip(rows, geoms, strict=True)]
    return Netwerk(wegen, _edge(wegen, geoms, venster))


def _edge(wegen: Sequence[Weg], geoms: Any, venster: BaseGeometry) -> frozenset[int]:
    """The nodes outside ``venster``, of roads that lie partly in it."""
    x_min, y_min, x_max, y_max = venster.bounds
    rand: set[int] = set()
    for plaats, knopen in ((0, [weg.van for weg in wegen]), (-1, [weg.naar for weg in wegen])):
        x, y = shapely.get_coordinates(shapely.get_point(geoms, plaats)).T
        buiten = (x < x_min) | (x > x_max) | (y < y_min) | (y > y_max)
        rand.update(knopen[number] for number in np.flatnonzero(buiten).tolist())
    return frozenset(rand)


def _box(gebied: BaseGeometry, straal_m: float) -> BaseGeometry:
    x_min, y_min, x_max, y_max = gebied.bounds
    return box(x_min - straal_m, y_min - straal_m, x_max + straal_m, y_max + straal_m)


def _within(venster: BaseGeometry) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.ST_Intersects(
        Wegvak.geom, func.ST_MakeEnvelope(*venster.bounds, 28992)
    )
    return found


def _count(session: Session, venster: BaseGeometry, hoogstens: int) -> int:
    """How many pieces lie in ``venster``; one more than ``hoogstens`` is enough to know."""
    some = select(Wegvak.id).where(_within(venster)).limit(hoogstens + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
