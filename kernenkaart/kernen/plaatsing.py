"""Columns of everything that lies somewhere, and the link table that says in which kernen.

The database derives ``kern_id`` (the kern with the largest share) and fills the link table on
every write, also for changes made in SQL: see the functions in the migrations.
"""

from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    SQLColumnExpression,
    literal_column,
    select,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from kernenkaart.geo.bereik import bereik_sql
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.geo.crs import WEB_MERCATOR
from kernenkaart.kernen.models import Kern

PUNT = (
    "CASE WHEN GeometryType(geom) = 'LINESTRING' THEN ST_LineInterpolatePoint(geom, 0.5) "
    "ELSE ST_PointOnSurface(geom) END"
)
GELDIG = f"ST_IsValid(geom) AND ST_NPoints(geom) <= 10000 AND {bereik_sql('geom')}"

# title and place as PostgreSQL itself writes the expression, so that `alembic check` knows it again
ZOEKTEKST = "((titel::text || ' '::text) || COALESCE(plek_naam, ''::character varying)::text)"


def naam_van_kern(kern_id: Any) -> SQLColumnExpression[Any]:
    """The name of the kern with this key, as SQL; NULL without."""
    found: SQLColumnExpression[Any] = (
        select(Kern.naam).where(Kern.id == kern_id).correlate_except(Kern).scalar_subquery()
    )
    return found


class PlekKolommen:
    """A place that may be missing; then a kern is chosen by hand."""

    gemeente_id: Mapped[int] = mapped_column(ForeignKey("gemeente.id"), index=True)
    kern_id: Mapped[int | None] = mapped_column(ForeignKey("kern.id"), index=True)
    geom: Mapped[BaseGeometry | None] = mapped_column(RDGeometry())
    plek_naam: Mapped[str | None]


class MetPlek(PlekKolommen):
    """A place on the map: the database derives its kernen, its marker and its shape for tiles."""

    @declared_attr
    @classmethod
    def punt(cls) -> Mapped[Point | None]:
        """Where its marker stands: the middle of a line, else a point surely on it."""
        return mapped_column(RDGeometry("POINT"), Computed(PUNT, persisted=True))

    @declared_attr
    @classmethod
    def geom_3857(cls) -> Mapped[BaseGeometry | None]:
        """The same geometry for tiles."""
        return mapped_column(
            RDGeometry(srid=WEB_MERCATOR),
            Computed("ST_Transform(geom, 3857)", persisted=True),
            deferred=True,
        )


def plek_args(tabel: str, *, verplicht: bool) -> tuple[Any, ...]:
    """Constraints and indexes of a table with ``MetPlek``.

    Args:
        verplicht: whether it must have a geometry; else a kern will do.
    """
    bestaat = "geom IS NOT NULL" if verplicht else "geom IS NOT NULL OR kern_id IS NOT NULL"
    return (
        CheckConstraint(bestaat, name="plek"),
        CheckConstraint(GELDIG, name="geom_geldig"),
        Index(f"ix_{tabel}_geom_3857", "geom_3857", postgresql_using="gist"),
        Index(f"ix_{tabel}_punt", "punt", postgresql_using="gist"),
        Index(
            f"ix_{tabel}_zoek_trgm",
            literal_column(ZOEKTEKST).label("zoektekst"),
            postgresql_using="gin",
            postgresql_ops={"zoektekst": "gin_trgm_ops"},
        ),
    )


class KernKoppeling:
    """A row of a link table: this thing touches that kern, for this share of its size (0 to 1)."""

    kern_id: Mapped[int] = mapped_column(
        ForeignKey("kern.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    aandeel: Mapped[float]
