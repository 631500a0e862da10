"""An activity, its kind, and the kernen it lies in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import Bijgehouden, Model, Naam, SoortKolommen, code_enum
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plaatsing import KernKoppeling, MetPlek, plek_args
from kernenkaart.platforms.models import Platform


class Status(StrEnum):
    """Concept is seen by its own platform only; afgelast stays visible; ingetrokken is gone."""

    CONCEPT = "concept"
    GEPUBLICEERD = "gepubliceerd"
    AFGELAST = "afgelast"
    INGETROKKEN = "ingetrokken"


class ActiviteitSoort(SoortKolommen, Model):
    """Markt, sport, muziek, bestuursbezoek …"""

    __tablename__ = "activiteit_soort"


class Activiteit(Bijgehouden, MetPlek, Model):
    """One entry in the calendar, posted by a platform. One moment for now; series come later."""

    __tablename__ = "activiteit"
    __table_args__ = (
        CheckConstraint("eindigt_op > begint_op", name="tijden"),
        CheckConstraint("length(titel) BETWEEN 1 AND 200", name="titel"),
        Index(
            "ix_activiteit_geom_periode",
            "geom",
            text("tstzrange(begint_op, eindigt_op)"),
            postgresql_using="gist",
        ),
        Index(
            "ix_activiteit_periode",
            text("tstzrange(begint_op, eindigt_op)"),
            postgresql_using="gist",
        ),
        *plek_args("activiteit", verplicht=False),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id"), index=True)
    soort_id: Mapped[int] = mapped_column(ForeignKey("activiteit_soort.id"), index=True)
    titel: Mapped[str] = mapped_column(Naam)
    omschrijving: Mapped[str] = mapped_column(default="", server_default="")
    begint_op: Mapped[datetime] = mapped_column(index=True)
    eindigt_op: Mapped[datetime]
    hele_dag: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    status: Mapped[Status] = mapped_column(code_enum(Status, "status"), default=Status.CONCEPT)
    reden: Mapped[str | None]  # why it was called off
    gemaakt_door_id: Mapped[int | None] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="SET NULL")
    )

    platform: Mapped[Platform] = relationship()
    soort: Mapped[ActiviteitSoort] = relationship()
    kern: Mapped[Kern | None] = relationship()


class ActiviteitKern(KernKoppeling, Model):
    """The kernen an activity lies in."""

    __tablename__ = "activiteit_kern"

    activiteit_id: Mapped[int] = mapped_column(
        ForeignKey("activiteit.id", ondelete="CASCADE"), primary_key=True
    )
