"""Put something at its place: a point, the heart of a kern, or only in a kern."""

from dataclasses import dataclass

from shapely.geometry import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.errors import Invalid
from kernenkaart.geo.bereik import in_bereik
from kernenkaart.geo.crs import RD
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plaatsing import PlekKolommen

ZELFDE_M = 0.05  # a form carries a point in degrees to about 1 cm: what is nearer did not move


@dataclass(frozen=True)
class Plek:
    """Where something is.

    Attributes:
        punt: RD point; None takes the heart of the kern.
        kern_id: the kern chosen by hand; the database derives it from ``punt`` when there is one.
        naam: name of the place.
        onbekend: the place is not known yet: only the kern counts.
    """

    punt: Point | None = None
    kern_id: int | None = None
    naam: str = ""
    onbekend: bool = False


def put_plek(session: Session, row: PlekKolommen, plek: Plek, *, marge_m: float) -> None:
    """Give ``row`` the place ``plek``. The caller flushes; the database then derives its kernen.

    A point within 5 cm of where ``row`` lies leaves it there, to the last decimal.

    Args:
        marge_m: how far a point may lie outside every kern, metres.

    Raises:
        Invalid: if there is neither a point nor a kern, or the point lies too far away.
    """
    if plek.punt is not None and not plek.onbekend:
        nearest = _find_nearest(session, plek.punt, marge_m)
        if nearest is None:
            raise Invalid(
                "Deze plek ligt te ver buiten de gemeente. Kies een andere plek.", veld="plek"
            )
        if not _is_here(row, plek.punt):
            row.geom = plek.punt
        row.gemeente_id = nearest.gemeente_id
    else:
        kern = session.get(Kern, plek.kern_id) if plek.kern_id else None
        if kern is None:
            raise Invalid("Kies een kern. Dan komt het in de goede kalender.", veld="kern")
        row.kern_id, row.gemeente_id = kern.id, kern.gemeente_id
        row.geom = None if plek.onbekend else kern.hart
    row.plek_naam = plek.naam or None


def find_kern_of(session: Session, plek: Plek, *, marge_m: float) -> Kern | None:
    """The kern something at ``plek`` will belong to; the nearest one within ``marge_m``."""
    if plek.punt is not None and not plek.onbekend:
        return _find_nearest(session, plek.punt, marge_m)
    return session.get(Kern, plek.kern_id) if plek.kern_id else None


def _is_here(row: PlekKolommen, punt: Point) -> bool:
    return isinstance(row.geom, Point) and row.geom.distance(punt) < ZELFDE_M


def _find_nearest(session: Session, punt: Point, marge_m: float) -> Kern | None:
    if not in_bereik(punt):
        return None
    here = func.ST_SetSRID(func.ST_Point(punt.x, punt.y), RD)
    return session.scalar(
        select(Kern)
        .where(func.ST_DWithin(Kern.grens, here, marge_m))
        .order_by(func.ST_Distance(Kern.grens, here), Kern.id)
        .limit(1)
    )
