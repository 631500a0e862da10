"""A hall or another room where things happen."""

from shapely.geometry import Point
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import MetVersie, Model, Naam
from kernenkaart.geo.bereik import bereik_sql
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.kernen.models import Kern


class Zaal(MetVersie, Model):
    """A hall that one can pick as a place: two activities in it at once collide.

    Attributes:
        geom: where it is, RD.
        adres: street and number, as on the door.
    """

    __tablename__ = "zaal"
    __table_args__ = (
        UniqueConstraint("kern_id", "naam"),
        CheckConstraint("length(naam) BETWEEN 1 AND 200", name="naam"),
        CheckConstraint(bereik_sql("geom"), name="geom_bereik"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kern_id: Mapped[int] = mapped_column(ForeignKey("kern.id"))
    naam: Mapped[str] = mapped_column(Naam)
    adres: Mapped[str | None]
    geom: Mapped[Point] = mapped_column(RDGeometry("POINT"))
    actief: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    demo: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    kern: Mapped[Kern] = relationship()
