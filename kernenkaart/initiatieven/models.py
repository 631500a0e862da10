"""An initiative: what residents start, and how far it is."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import Bijgehouden, Model, Naam, SoortKolommen, code_enum
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plaatsing import KernKoppeling, MetPlek, plek_args
from kernenkaart.platforms.models import Platform


class Status(StrEnum):
    """How far it is. Concept is seen by its own platform only; ingetrokken is gone."""

    CONCEPT = "concept"
    IDEE = "idee"
    ZOEKT_HELPERS = "zoekt_helpers"
    BEZIG = "bezig"
    BIJNA_KLAAR = "bijna_klaar"
    KLAAR = "klaar"
    GESTOPT = "gestopt"
    INGETROKKEN = "ingetrokken"


class InitiatiefSoort(SoortKolommen, Model):
    """Groen, ontmoeten, spelen, duurzaam …"""

    __tablename__ = "initiatief_soort"


class Initiatief(Bijgehouden, MetPlek, Model):
    """Something residents do together, posted by a platform."""

    __tablename__ = "initiatief"
    __table_args__ = (
        CheckConstraint("length(titel) BETWEEN 1 AND 200", name="titel"),
        Index("ix_initiatief_geom", "geom", postgresql_using="gist"),
        *plek_args("initiatief", verplicht=False),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id"), index=True)
    soort_id: Mapped[int] = mapped_column(ForeignKey("initiatief_soort.id"), index=True)
    titel: Mapped[str] = mapped_column(Naam)
    omschrijving: Mapped[str] = mapped_column(default="", server_default="")
    wie: Mapped[str | None]  # who does it, in words: "Bewoners van de Waalbandijk"
    status: Mapped[Status] = mapped_column(code_enum(Status, "status"), default=Status.CONCEPT)
    # of a draft: what it becomes when it is placed
    status_straks: Mapped[Status | None] = mapped_column(code_enum(Status, "status_straks"))
    gemaakt_door_id: Mapped[int | None] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="SET NULL")
    )

    platform: Mapped[Platform] = relationship()
    soort: Mapped[InitiatiefSoort] = relationship()
    kern: Mapped[Kern | None] = relationship()


class InitiatiefKern(KernKoppeling, Model):
    """The kernen an initiative lies in."""

    __tablename__ = "initiatief_kern"

    initiatief_id: Mapped[int] = mapped_column(
        ForeignKey("initiatief.id", ondelete="CASCADE"), primary_key=True
    )
