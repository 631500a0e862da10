"""A piece of road between two nodes."""

from shapely.geometry import LineString
from sqlalchemy import CheckConstraint, Float, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernenkaart.db import Model
from kernenkaart.geo.bereik import bereik_sql
from kernenkaart.geo.columns import RDGeometry


class Wegvak(Model):
    """One piece of road. All are read from files at once; see ``inlezen``.

    Attributes:
        geom: from its first node to its last, RD.
        van_knoop: number of the node it begins at; pieces that meet have it in common.
        naar_knoop: number of the node it ends at.
        lengte_m: metres.
    """

    __tablename__ = "wegvak"
    __table_args__ = (
        CheckConstraint(bereik_sql("geom"), name="geom_bereik"),
        Index("ix_wegvak_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    naam: Mapped[str] = mapped_column(default="", server_default="")
    van_knoop: Mapped[int]
    naar_knoop: Mapped[int]
    lengte_m: Mapped[float] = mapped_column(Float)
    geom: Mapped[LineString] = mapped_column(RDGeometry("LINESTRING"))
