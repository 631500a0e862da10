"""The roads round a place, cut out of the whole."""

from shapely.geometry import box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.wegen.bereikbaar import Netwerk, Weg
from kernenkaart.wegen.models import Wegvak

WEGVAKKEN_MAX = 20_000


def find_netwerk(
    session: Session, gebied: BaseGeometry, straal_m: float, hoogstens: int = WEGVAKKEN_MAX
) -> Netwerk:
    """The roads in the box round ``gebied`` that leaves ``straal_m`` free at each side.

    In a city that box is made smaller, until it holds no more than ``hoogstens`` pieces.

    Args:
        gebied: RD.
        straal_m: metres.

    Returns:
        An empty network where no roads are known.
    """
    while True:
        x_min, y_min, x_max, y_max = gebied.bounds
        venster = box(x_min - straal_m, y_min - straal_m, x_max + straal_m, y_max + straal_m)
        rows = session.execute(
            select(Wegvak.van_knoop, Wegvak.naar_knoop, Wegvak.geom)
            .where(func.ST_Intersects(Wegvak.geom, func.ST_GeomFromText(venster.wkt, 28992)))
            .order_by(Wegvak.id)
            .limit(hoogstens + 1)
        ).all()
        if len(rows) <= hoogstens or straal_m < 1:
            break
        straal_m /= 2
    wegen = [Weg(*row) for row in rows[:hoogstens]]
    x_min, y_min, x_max, y_max = venster.bounds
    rand = {
        knoop
        for weg in wegen
        for knoop, (x, y) in ((weg.van, weg.geom.coords[0]), (weg.naar, weg.geom.coords[-1]))
        if not (x_min <= x <= x_max and y_min <= y <= y_max)
    }
    return Netwerk(wegen, frozenset(rand))
