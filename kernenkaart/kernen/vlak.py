"""Which kernen a geometry touches, and which gemeente is nearest."""

from collections.abc import Sequence

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Float, Row, bindparam, column, func, select
from sqlalchemy.orm import Session

from kernenkaart.geo.columns import RDGeometry
from kernenkaart.kernen.models import Kern


def find_touched(session: Session, geom: BaseGeometry) -> Sequence[Row[int, str, str, float]]:
    """The kernen that ``geom`` (RD, valid) lies in, largest share first.

    Returns:
        Rows with ``id``, ``naam``, ``slug`` and ``aandeel`` (0 to 1).
    """
    shares = func.kern_aandelen(bindparam(None, geom, type_=RDGeometry())).table_valued(
        column("kern_id"), column("aandeel", Float)
    )
    return session.execute(
        select(Kern.id, Kern.naam, Kern.slug, shares.c.aandeel)
        .join(shares, shares.c.kern_id == Kern.id)
        .order_by(shares.c.aandeel.desc(), Kern.id)
    ).all()


def find_gemeente_near(session: Session, geom: BaseGeometry, marge_m: float) -> int | None:
    """Key of the gemeente of the nearest kern within ``marge_m`` metres of ``geom`` (RD)."""
    here = bindparam(None, geom, type_=RDGeometry())
    return session.scalar(
        select(Kern.gemeente_id)
        .where(func.ST_DWithin(Kern.grens, here, marge_m))
        .order_by(func.ST_Distance(Kern.grens, here), Kern.id)
        .limit(1)
    )
