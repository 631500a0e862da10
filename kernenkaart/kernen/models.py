"""Where: gemeente, gebied and kern with their boundaries, and the weekly spreekuur in a kern."""

from datetime import datetime, time
from enum import StrEnum

from shapely.geometry import MultiPolygon, Point
from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import Model, Naam, code_enum
from kernenkaart.geo.bereik import bereik_sql
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.geo.crs import WEB_MERCATOR


class KernSoort(StrEnum):
    """What a kern is called; it changes words only."""

    DORP = "dorp"
    STAD = "stad"


class Gemeente(Model):
    """A municipality. ``code`` is the CBS code, ``GM1960``."""

    __tablename__ = "gemeente"
    __table_args__ = (
        CheckConstraint("ST_IsValid(grens)", name="grens_geldig"),
        CheckConstraint(bereik_sql("grens"), name="grens_bereik"),
        Index("ix_gemeente_grens", "grens", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    naam: Mapped[str] = mapped_column(Naam)
    grens: Mapped[MultiPolygon | None] = mapped_column(RDGeometry("MULTIPOLYGON"))


class Gebied(Model):
    """A cluster of kernen, for staff; never the entry for residents (S3)."""

    __tablename__ = "gebied"
    __table_args__ = (UniqueConstraint("gemeente_id", "naam"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gemeente_id: Mapped[int] = mapped_column(ForeignKey("gemeente.id"))
    naam: Mapped[str] = mapped_column(Naam)


class Kern(Model):
    """A village or small town with its countryside (S3)."""

    __tablename__ = "kern"
    __table_args__ = (
        UniqueConstraint("gemeente_id", "code"),
        UniqueConstraint("gemeente_id", "naam"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        CheckConstraint("ST_IsValid(grens) AND NOT ST_IsEmpty(grens)", name="grens_geldig"),
        CheckConstraint(bereik_sql("grens"), name="grens_bereik"),
        CheckConstraint("ST_Intersects(grens, hart)", name="hart_binnen"),
        Index("ix_kern_grens", "grens", postgresql_using="gist"),
        Index("ix_kern_geom_3857", "geom_3857", postgresql_using="gist"),
        Index(
            "ix_kern_naam_trgm",
            "naam",
            postgresql_using="gin",
            postgresql_ops={"naam": "gin_trgm_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gemeente_id: Mapped[int] = mapped_column(ForeignKey("gemeente.id"))
    gebied_id: Mapped[int | None] = mapped_column(ForeignKey("gebied.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    naam: Mapped[str] = mapped_column(Naam)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    soort: Mapped[KernSoort] = mapped_column(code_enum(KernSoort, "soort"), default=KernSoort.DORP)
    omschrijving: Mapped[str | None]
    grens: Mapped[MultiPolygon] = mapped_column(RDGeometry("MULTIPOLYGON"))
    hart: Mapped[Point] = mapped_column(RDGeometry("POINT"))
    geom_3857: Mapped[MultiPolygon] = mapped_column(
        RDGeometry("MULTIPOLYGON", srid=WEB_MERCATOR),
        Computed("ST_Transform(grens, 3857)", persisted=True),
        deferred=True,
    )
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    gemeente: Mapped[Gemeente] = relationship()
    gebied: Mapped[Gebied | None] = relationship()


class Spreekuur(Model):
    """The weekly hour at which a gebiedsmakelaar can be found somewhere; weekdag 1 is Monday."""

    __tablename__ = "spreekuur"
    __table_args__ = (
        CheckConstraint("weekdag BETWEEN 1 AND 7", name="weekdag"),
        CheckConstraint("tot > van", name="tijden"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gebruiker_id: Mapped[int] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="CASCADE"), index=True
    )
    kern_id: Mapped[int | None] = mapped_column(ForeignKey("kern.id", ondelete="CASCADE"))
    weekdag: Mapped[int] = mapped_column(SmallInteger)
    van: Mapped[time]
    tot: Mapped[time]
    plek: Mapped[str]
