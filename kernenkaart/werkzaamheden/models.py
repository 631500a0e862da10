"""A work in the public space: where, when, how sure, and who cannot pass."""

from datetime import date
from enum import StrEnum

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import Bijgehouden, Model, Naam, SoortKolommen, code_enum
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.geo.crs import WEB_MERCATOR
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plaatsing import GELDIG, PUNT, KernKoppeling, MetPlek, plek_args
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.periode import Nauwkeurigheid


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


class Diepte(StrEnum):
    """Which layer of the street a work opens, from the air down, and what is beside it."""

    BOVEN = "boven"
    VERHARDING = "verharding"
    KABELS = "kabels_en_leidingen"
    RIOOL = "riool"
    GROEN = "groen"
    GEBOUW = "gebouw"


class WerkzaamheidSoort(SoortKolommen, Model):
    """Riool, kabels en leidingen, bestrating, groen …

    ``moratorium_maanden``: so long after such a work the street had better stay closed.
    """

    __tablename__ = "werkzaamheid_soort"
    __table_args__ = (
        *SoortKolommen.__table_args__,
        CheckConstraint("moratorium_maanden BETWEEN 0 AND 240", name="moratorium_maanden"),
    )

    diepte: Mapped[Diepte] = mapped_column(
        code_enum(Diepte, "diepte"), default=Diepte.BOVEN, server_default="boven"
    )
    moratorium_maanden: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


class Werkzaamheid(Bijgehouden, MetPlek, Model):
    """One planned or running work. ``eerste_dag`` and ``laatste_dag`` are both included.

    Of a work whose days are not known they bound what is known (``nauwkeurigheid``: a quarter, a
    season), and ``duur_dagen`` says how long it takes within them. ``vroegst`` and ``laatst`` say
    how far it can be moved; without them it cannot.
    """

    __tablename__ = "werkzaamheid"
    __table_args__ = (
        CheckConstraint("laatste_dag >= eerste_dag", name="dagen"),
        CheckConstraint("length(titel) BETWEEN 1 AND 200", name="titel"),
        CheckConstraint("vroegst <= eerste_dag", name="vroegst"),
        CheckConstraint("laatst >= laatste_dag", name="laatst"),
        CheckConstraint("duur_dagen BETWEEN 1 AND laatste_dag - eerste_dag + 1", name="duur_dagen"),
        CheckConstraint(GELDIG.replace("geom", "hinder_geom"), name="hinder_geom_geldig"),
        CheckConstraint(GELDIG.replace("geom", "omleiding_geom"), name="omleiding_geom_geldig"),
        Index("ix_werkzaamheid_hinder_geom", "hinder_geom", postgresql_using="gist"),
        Index(
            "ix_werkzaamheid_geom_periode",
            "geom",
            text("daterange(eerste_dag, laatste_dag, '[]')"),
            text("daterange(COALESCE(vroegst, eerste_dag), COALESCE(laatst, laatste_dag), '[]')"),
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
    nauwkeurigheid: Mapped[Nauwkeurigheid] = mapped_column(
        code_enum(Nauwkeurigheid, "nauwkeurigheid"),
        default=Nauwkeurigheid.DAG,
        server_default="dag",
    )
    duur_dagen: Mapped[int | None]
    vroegst: Mapped[date | None]
    laatst: Mapped[date | None]
    diepte: Mapped[Diepte | None] = mapped_column(code_enum(Diepte, "diepte"))  # None: of the kind
    status: Mapped[Status] = mapped_column(code_enum(Status, "status"), default=Status.CONCEPT)
    # of a draft: what it becomes when it is placed
    status_straks: Mapped[Status | None] = mapped_column(code_enum(Status, "status_straks"))
    openbaar: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    hinder: Mapped[Hinder] = mapped_column(code_enum(Hinder, "hinder"), default=Hinder.GEEN)
    hinder_kort: Mapped[str | None]  # on the badge: "Afgesloten voor auto's"
    hinder_geom: Mapped[BaseGeometry | None] = mapped_column(RDGeometry())  # None: its own place
    omleiding: Mapped[str | None]
    omleiding_geom: Mapped[BaseGeometry | None] = mapped_column(RDGeometry())
    interne_notitie: Mapped[str] = mapped_column(default="", server_default="")  # never public
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
    fasen: Mapped[list["WerkzaamheidFase"]] = relationship(
        cascade="all, delete-orphan", order_by="WerkzaamheidFase.volgorde"
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


class WerkzaamheidFase(Model):
    """One step of a work, with its own days and, where it differs, its own place."""

    __tablename__ = "werkzaamheid_fase"
    __table_args__ = (
        CheckConstraint("laatste_dag >= eerste_dag", name="dagen"),
        CheckConstraint("length(naam) BETWEEN 1 AND 100", name="naam"),
        CheckConstraint(GELDIG, name="geom_geldig"),
    )

    werkzaamheid_id: Mapped[int] = mapped_column(
        ForeignKey("werkzaamheid.id", ondelete="CASCADE"), primary_key=True
    )
    volgorde: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    naam: Mapped[str]
    eerste_dag: Mapped[date]
    laatste_dag: Mapped[date]
    geom: Mapped[BaseGeometry | None] = mapped_column(RDGeometry())


class HinderplekSoort(StrEnum):
    """What is drawn of a work besides its own place."""

    HINDER = "hinder"
    OMLEIDING = "omleiding"
    STAP = "stap"


class Hinderplek(Model):
    """A place that a work draws besides its own: where it is in the way, the way around, a step.

    The database derives these rows from ``hinder_geom``, ``omleiding_geom`` and the steps, also
    for changes made in SQL; nobody else writes them. They let tiles, the API and the map find all
    such places by one index, each with a key that stays as long as the place is there.

    ``volgorde`` is that of the step; 0 for the other two.
    """

    __tablename__ = "hinderplek"
    __table_args__ = (
        UniqueConstraint("werkzaamheid_id", "soort", "volgorde"),
        Index("ix_hinderplek_geom", "geom", postgresql_using="gist"),
        Index("ix_hinderplek_geom_3857", "geom_3857", postgresql_using="gist"),
        Index("ix_hinderplek_punt", "punt", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    werkzaamheid_id: Mapped[int] = mapped_column(ForeignKey("werkzaamheid.id", ondelete="CASCADE"))
    soort: Mapped[HinderplekSoort] = mapped_column(code_enum(HinderplekSoort, "soort"))
    volgorde: Mapped[int] = mapped_column(SmallInteger)
    geom: Mapped[BaseGeometry] = mapped_column(RDGeometry())
    punt: Mapped[Point] = mapped_column(RDGeometry("POINT"), Computed(PUNT, persisted=True))
    geom_3857: Mapped[BaseGeometry] = mapped_column(
        RDGeometry(srid=WEB_MERCATOR),
        Computed("ST_Transform(geom, 3857)", persisted=True),
        deferred=True,
    )


class WerkzaamheidKern(KernKoppeling, Model):
    """The kernen a work lies in."""

    __tablename__ = "werkzaamheid_kern"

    werkzaamheid_id: Mapped[int] = mapped_column(
        ForeignKey("werkzaamheid.id", ondelete="CASCADE"), primary_key=True
    )
