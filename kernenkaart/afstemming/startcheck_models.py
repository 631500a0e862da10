"""What was found and told before a work begins: a dated record that stays as it was made."""

import uuid
from datetime import date, datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    SmallInteger,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernenkaart.db import Model, Naam, code_enum
from kernenkaart.geo.bereik import bereik_sql
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.werkzaamheden.models import Hinder

WIE_MAX, HOE_MAX, REDEN_MAX = 200, 300, 500
PUNTEN_MAX = 100_000  # the boundary of a whole kern is finer than what people draw


class Startcheck(Model):
    """*Ga je aan de slag in een kern?* asked once, with the answer of that day.

    ``geom`` is where (RD), ``eerste_dag`` and ``laatste_dag`` (both included) when. It outlives
    its work and whoever made it. ``open_toen`` is what was still to be decided, as
    ``startcheck_open.Open`` writes it; None when that was not kept yet.
    """

    __tablename__ = "startcheck"
    __table_args__ = (
        CheckConstraint("length(titel) BETWEEN 1 AND 200", name="titel"),
        CheckConstraint("laatste_dag >= eerste_dag", name="dagen"),
        CheckConstraint(
            f"ST_IsValid(geom) AND ST_NPoints(geom) <= {PUNTEN_MAX} AND {bereik_sql('geom')}",
            name="geom_geldig",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sleutel: Mapped[uuid.UUID] = mapped_column(unique=True)
    titel: Mapped[str] = mapped_column(Naam)
    werkzaamheid_id: Mapped[int | None] = mapped_column(
        ForeignKey("werkzaamheid.id", ondelete="SET NULL"), index=True
    )
    soort_id: Mapped[int] = mapped_column(ForeignKey("werkzaamheid_soort.id"))
    hinder: Mapped[Hinder] = mapped_column(code_enum(Hinder, "hinder"))
    eerste_dag: Mapped[date]
    laatste_dag: Mapped[date]
    geom: Mapped[BaseGeometry] = mapped_column(RDGeometry())
    gebruiker_id: Mapped[int | None] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="SET NULL")
    )
    organisatie_id: Mapped[int | None] = mapped_column(ForeignKey("organisatie.id"), index=True)
    gemaakt_op: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    open_toen: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))


class StartcheckKern(Model):
    """A kern that a check touched, and for which share of its area (0 to 1)."""

    __tablename__ = "startcheck_kern"

    startcheck_id: Mapped[int] = mapped_column(
        ForeignKey("startcheck.id", ondelete="CASCADE"), primary_key=True
    )
    kern_id: Mapped[int] = mapped_column(
        ForeignKey("kern.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    aandeel: Mapped[float]


class StartcheckGroep(Model):
    """Somebody in a kern who has to know, how early, and on which day and how they were told.

    ``wie`` is the name it had that day; ``platform_id`` the group, None for "Omwonenden" and the
    like. Who speaks for two kernen stands here twice.
    """

    __tablename__ = "startcheck_groep"
    __table_args__ = (
        UniqueConstraint("startcheck_id", "kern_id", "wie"),
        CheckConstraint(f"length(wie) BETWEEN 1 AND {WIE_MAX}", name="wie"),
        CheckConstraint("weken BETWEEN 0 AND 104", name="weken"),
        CheckConstraint(f"length(hoe) BETWEEN 1 AND {HOE_MAX}", name="hoe"),
        CheckConstraint("(geinformeerd_op IS NULL) = (hoe IS NULL)", name="geinformeerd"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    startcheck_id: Mapped[int] = mapped_column(ForeignKey("startcheck.id", ondelete="CASCADE"))
    kern_id: Mapped[int] = mapped_column(ForeignKey("kern.id", ondelete="CASCADE"), index=True)
    wie: Mapped[str]
    platform_id: Mapped[int | None] = mapped_column(
        ForeignKey("platform.id", ondelete="SET NULL"), index=True
    )
    weken: Mapped[int] = mapped_column(SmallInteger)
    advies: Mapped[str] = mapped_column(default="", server_default="")
    geinformeerd_op: Mapped[date | None]
    hoe: Mapped[str | None]


class StartcheckVrijstelling(Model):
    """Why a work may be confirmed without a startcheck: in words, by whom, and when."""

    __tablename__ = "startcheck_vrijstelling"
    __table_args__ = (CheckConstraint(f"length(reden) BETWEEN 1 AND {REDEN_MAX}", name="reden"),)

    werkzaamheid_id: Mapped[int] = mapped_column(
        ForeignKey("werkzaamheid.id", ondelete="CASCADE"), primary_key=True
    )
    reden: Mapped[str]
    gebruiker_id: Mapped[int | None] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="SET NULL")
    )
    gemaakt_op: Mapped[datetime] = mapped_column(server_default=func.now())
