"""What tiles of whole regions are made from: counted cells and coarse outlines, made again at will.

Triggers note in which cells something changed; ``services.catch_up`` counts those again.
"""

from datetime import date

from shapely.geometry import MultiPolygon, Point
from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kernenkaart.db import Model
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.geo.crs import WEB_MERCATOR

NIVEAUS = range(5, 11)  # zoom levels of Web Mercator with counted cells
KERN_NIVEAUS = range(5, 12)  # … with coarse outlines of kernen
PER_TEGEL = 32  # cells in a row of a tile
ALLE_SOORTEN = ""

Code = String(40, collation="C")  # compared byte by byte: twice as fast to sort


class TegelCel(Model):
    """How many visible things have their marker in one cell: 1/32 of a tile in both directions.

    ``begint`` and ``eindigt`` hold the first and the last day of each of them, in Amsterdam, each
    sorted for itself; without begin ``-infinity``, without end ``infinity``; both are NULL when
    nothing in the cell has dates. The things that share a day with [van, tot] are those that have
    begun by ``tot`` less those that were over before ``van``: two binary searches.
    """

    __tablename__ = "tegel_cel"

    laag: Mapped[str] = mapped_column(Code, primary_key=True)
    z: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    tx: Mapped[int] = mapped_column(primary_key=True)
    ty: Mapped[int] = mapped_column(primary_key=True)
    soort: Mapped[str] = mapped_column(Code, primary_key=True)  # or ALLE_SOORTEN
    cx: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    cy: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    n: Mapped[int]
    punt: Mapped[Point] = mapped_column(RDGeometry("POINT"))  # the middle of them all
    punt_3857: Mapped[Point] = mapped_column(RDGeometry("POINT", srid=WEB_MERCATOR))
    begint: Mapped[list[date] | None] = mapped_column(ARRAY(Date))
    eindigt: Mapped[list[date] | None] = mapped_column(ARRAY(Date))


class TegelVuil(Model):
    """A cell of the finest level in which something changed since it was counted.

    The same cell may stand here often: writers never wait for one another.
    """

    __tablename__ = "tegel_vuil"
    __table_args__ = (Index(None, "laag", "kx", "ky"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    laag: Mapped[str] = mapped_column(Code)
    kx: Mapped[int]  # column and row in the grid of the whole world
    ky: Mapped[int]


class TegelKern(Model):
    """The outline of a kern as coarse as a zoom level shows it."""

    __tablename__ = "tegel_kern"
    __table_args__ = (
        Index("ix_tegel_kern_geom", "z", "geom", postgresql_using="gist"),
        Index("ix_tegel_kern_geom_3857", "z", "geom_3857", postgresql_using="gist"),
    )

    kern_id: Mapped[int] = mapped_column(
        ForeignKey("kern.id", ondelete="CASCADE"), primary_key=True
    )
    z: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    geom: Mapped[MultiPolygon] = mapped_column(RDGeometry("GEOMETRY"))
    geom_3857: Mapped[MultiPolygon] = mapped_column(RDGeometry("GEOMETRY", srid=WEB_MERCATOR))
