"""A work in the public space: where, when, how sure, and who cannot pass."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import Bijgehouden, Model, Naam, SoortKolommen, code_enum
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plaatsing import KernKoppeling, MetPlek, plek_args
from kernenkaart.organisaties.models import Organisatie


class Status(StrEnum):
    """How sure it is, and how far. Concept is seen by its own organisation only."""

    CONCEPT = "concept"
    NOG_NIET_ZEKER = "nog_niet_zeker"
    VERWACHT = "verwacht"
    BEVESTIGD = "bevestigd"
    BEZIG = "bezig"
    KLAAR = "klaar"
    UITGESTELD = "uitgesteld"
    VERVALLEN = "vervallen"


class Hinder(StrEnum):
    """How much it is in the way."""

    GEEN = "geen"
    BEPERKT = "beperkt"
    AFGESLOTEN = "afgesloten"


class WerkzaamheidSoort(SoortKolommen, Model):
    """Riool, kabels en leidingen, bestrating, groen …"""

    __tablename__ = "werkzaamheid_soort"


class Werkzaamheid(Bijgehouden, MetPlek, Model):
    """One planned or running work. ``eerste_dag`` and ``laatste_dag`` are both included."""

    __tablename__ = "werkzaamheid"
    __table_args__ = (
        CheckConstraint("laatste_dag >= eerste_dag", name="dagen"),
        CheckConstraint("length(titel) BETWEEN 1 AND 200", name="titel"),
        Index(
            "ix_werkzaamheid_geom_periode",
            "geom",
            text("daterange(eerste_dag, laatste_dag, '[]')"),
            postgresql_using="gist",
        ),
        *plek_args("werkzaamheid", verplicht=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisatie_id: Mapped[int] = mapped_column(ForeignKey("organisatie.id"), index=True)
    soort_id: Mapped[int] = mapped_column(ForeignKey("werkzaamheid_soort.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id", ondelete="SET NULL"), index=True
    )
    titel: Mapped[str] = mapped_column(Naam)
    omschrijving: Mapped[str] = mapped_column(default="", server_default="")
    eerste_dag: Mapped[date] = mapped_column(index=True)
    laatste_dag: Mapped[date]
    status: Mapped[Status] = mapped_column(code_enum(Status, "status"), default=Status.CONCEPT)
    # of a draft: what it becomes when it is placed
    status_straks: Mapped[Status | None] = mapped_column(code_enum(Status, "status_straks"))
    openbaar: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    hinder: Mapped[Hinder] = mapped_column(code_enum(Hinder, "hinder"), default=Hinder.GEEN)
    hinder_kort: Mapped[str | None]  # on the badge: "Afgesloten voor auto's"
    omleiding: Mapped[str | None]
    contact_rol: Mapped[str | None]
    contact_telefoon: Mapped[str | None]
    bevestigd_op: Mapped[date | None]
    gemaakt_door_id: Mapped[int | None] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="SET NULL")
    )

    organisatie: Mapped[Organisatie] = relationship()
    soort: Mapped[WerkzaamheidSoort] = relationship()
    kern: Mapped[Kern | None] = relationship()
    hinderregels: Mapped[list["Hinderregel"]] = relationship(
        cascade="all, delete-orphan", order_by="Hinderregel.volgorde"
    )


class Hinderregel(Model):
    """Who can or cannot pass, and when, in plain words: one line of the hinder table."""

    __tablename__ = "hinderregel"
    __table_args__ = (
        CheckConstraint("length(wie) BETWEEN 1 AND 100", name="wie"),
        CheckConstraint("length(tekst) BETWEEN 1 AND 300", name="tekst"),
    )

    werkzaamheid_id: Mapped[int] = mapped_column(
        ForeignKey("werkzaamheid.id", ondelete="CASCADE"), primary_key=True
    )
    volgorde: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    wie: Mapped[str]
    niveau: Mapped[Hinder] = mapped_column(code_enum(Hinder, "niveau"))
    tekst: Mapped[str]


class WerkzaamheidKern(KernKoppeling, Model):
    """The kernen a work lies in."""

    __tablename__ = "werkzaamheid_kern"

    werkzaamheid_id: Mapped[int] = mapped_column(
        ForeignKey("werkzaamheid.id", ondelete="CASCADE"), primary_key=True
    )
