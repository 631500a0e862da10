"""A project: what takes years, with its phases and what residents can say about it."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import Bijgehouden, Model, Naam, SoortKolommen, code_enum
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plaatsing import KernKoppeling, MetPlek, plek_args
from kernenkaart.organisaties.models import Organisatie


class Status(StrEnum):
    """How far it is. Concept is seen by its own organisation only."""

    CONCEPT = "concept"
    VERKENNING = "verkenning"
    VOORBEREIDING = "voorbereiding"
    UITVOERING = "uitvoering"
    KLAAR = "klaar"
    GESTOPT = "gestopt"


class Participatie(StrEnum):
    """How much residents decide: the steps of the participation ladder."""

    INFORMEREN = "informeren"
    RAADPLEGEN = "raadplegen"
    ADVISEREN = "adviseren"
    COPRODUCEREN = "coproduceren"
    MEEBESLISSEN = "meebeslissen"


class ProjectSoort(SoortKolommen, Model):
    """Dijkverzwaring, woningbouw, verkeer, natuur …"""

    __tablename__ = "project_soort"


class Project(Bijgehouden, MetPlek, Model):
    """A larger undertaking. Days may be missing as long as nobody knows them."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("laatste_dag >= eerste_dag", name="dagen"),
        CheckConstraint("length(titel) BETWEEN 1 AND 200", name="titel"),
        CheckConstraint("website ~* '^https?://'", name="website"),
        Index("ix_project_geom", "geom", postgresql_using="gist"),
        *plek_args("project", verplicht=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisatie_id: Mapped[int] = mapped_column(ForeignKey("organisatie.id"), index=True)
    soort_id: Mapped[int] = mapped_column(ForeignKey("project_soort.id"), index=True)
    titel: Mapped[str] = mapped_column(Naam)
    omschrijving: Mapped[str] = mapped_column(default="", server_default="")
    eerste_dag: Mapped[date | None] = mapped_column(index=True)
    laatste_dag: Mapped[date | None]
    status: Mapped[Status] = mapped_column(code_enum(Status, "status"), default=Status.CONCEPT)
    # of a draft: what it becomes when it is placed
    status_straks: Mapped[Status | None] = mapped_column(code_enum(Status, "status_straks"))
    openbaar: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    participatie: Mapped[Participatie] = mapped_column(
        code_enum(Participatie, "participatie"), default=Participatie.INFORMEREN
    )
    participatie_uitleg: Mapped[str] = mapped_column(default="", server_default="")
    contact_rol: Mapped[str | None]
    contact_telefoon: Mapped[str | None]
    website: Mapped[str | None]
    gemaakt_door_id: Mapped[int | None] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="SET NULL")
    )

    organisatie: Mapped[Organisatie] = relationship()
    soort: Mapped[ProjectSoort] = relationship()
    kern: Mapped[Kern | None] = relationship()
    fasen: Mapped[list["ProjectFase"]] = relationship(
        cascade="all, delete-orphan", order_by="ProjectFase.volgorde"
    )


class ProjectFase(Model):
    """One step of a project; ``periode`` says in words when, as precisely as is known."""

    __tablename__ = "project_fase"
    __table_args__ = (
        CheckConstraint("laatste_dag >= eerste_dag", name="dagen"),
        CheckConstraint("length(naam) BETWEEN 1 AND 100", name="naam"),
    )

    project_id: Mapped[int] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    volgorde: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    naam: Mapped[str]
    periode: Mapped[str | None]
    eerste_dag: Mapped[date | None]
    laatste_dag: Mapped[date | None]


class ProjectKern(KernKoppeling, Model):
    """The kernen a project lies in."""

    __tablename__ = "project_kern"

    project_id: Mapped[int] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
