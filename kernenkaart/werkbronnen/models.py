"""A source of works, what it brings now, and what of it became which work."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.bron import Bron
from kernenkaart.db import Model, code_enum
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.kernen.plaatsing import GELDIG
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.werkzaamheden.models import Werkzaamheid


class Stand(StrEnum):
    """How far a source is: read, weighed by its mapping, looked at, taken over, kept in step."""

    LEZEN = "lezen"
    WEGEN = "wegen"
    BEKIJKEN = "bekijken"
    OVERNEMEN = "overnemen"
    LOOPT = "loopt"


class Ritme(StrEnum):
    """How often an address is read by itself."""

    HAND = "hand"
    UUR = "uur"
    DAG = "dag"
    WEEK = "week"


class Oordeel(StrEnum):
    """What a row of a source would do to ours; eigen was changed here by hand and stays."""

    NIEUW = "nieuw"
    VERANDERD = "veranderd"
    GELIJK = "gelijk"
    EIGEN = "eigen"
    GEWEIGERD = "geweigerd"
    BUITEN = "buiten"


class Werkbron(Bron, Model):
    """A planning from elsewhere, whose rows become works of an organisation here.

    Attributes:
        kaartlaag: which layer of its file, when that has more; empty is the only one.
        koppeling: which column is what, see ``koppeling.Koppeling``; NULL is not guessed yet.
        kolommen: its columns with a few of their values, as it was read last.
        bijwerken: whether what is being weighed is taken over without somebody looking.
        gedaan: of how many rows the running job is through; ``totaal`` is how many there are.
        melding: also why it could not be taken over; NULL while it is tried.
    """

    __tablename__ = "werkbron"
    van_wie = "organisatie_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisatie_id: Mapped[int] = mapped_column(ForeignKey("organisatie.id"), index=True)
    ritme: Mapped[Ritme] = mapped_column(code_enum(Ritme, "ritme"), default=Ritme.HAND)
    stand: Mapped[Stand] = mapped_column(code_enum(Stand, "stand"), default=Stand.LEZEN)
    bestandsnaam: Mapped[str] = mapped_column(default="", server_default="")
    kaartlaag: Mapped[str] = mapped_column(default="", server_default="")
    koppeling: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    kolommen: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    opmerkingen: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    bijwerken: Mapped[bool] = mapped_column(default=False, server_default="false")
    gedaan: Mapped[int] = mapped_column(default=0, server_default="0")
    totaal: Mapped[int] = mapped_column(default=0, server_default="0")

    organisatie: Mapped[Organisatie] = relationship()

    @property
    def gestopt(self) -> bool:
        """Whether a step of the worker has failed, and waits until somebody has it tried again."""
        return self.melding is not None and self.stand not in {Stand.BEKIJKEN, Stand.LOOPT}


class WerkbronBestand(Model):
    """The file that a source sent, kept until it is read."""

    __tablename__ = "werkbron_bestand"

    bron_id: Mapped[int] = mapped_column(
        ForeignKey("werkbron.id", ondelete="CASCADE"), primary_key=True
    )
    inhoud: Mapped[bytes]


class WerkbronRij(Model):
    """One row of a source as it is now, weighed against what is ours.

    Attributes:
        velden: its columns, without contact details and mark-up.
        geom: its place in the file, RD and valid; NULL when the mapping must find it.
        leesfout: why the file itself makes it no good, as a sentence.
        hersteld: what was put right while reading, as clauses.
        reden: why it is refused, as a sentence.
        aangevuld: what was put right or filled in while weighing, as clauses.
        sleutel: what the source calls it; NULL is not weighed yet.
        waarden: the work that it would be, see ``omzetten.Werk``.
        vorm: the place of that work, RD.
        afdruk: of ``waarden`` and ``vorm``.
    """

    __tablename__ = "werkbron_rij"
    __table_args__ = (
        CheckConstraint(GELDIG, name="geom_geldig"),
        CheckConstraint(GELDIG.replace("geom", "vorm"), name="vorm_geldig"),
        Index("ix_werkbron_rij_bron_id_sleutel", "bron_id", "sleutel"),
    )

    bron_id: Mapped[int] = mapped_column(
        ForeignKey("werkbron.id", ondelete="CASCADE"), primary_key=True
    )
    nummer: Mapped[int] = mapped_column(primary_key=True)
    velden: Mapped[dict[str, Any]] = mapped_column(JSONB)
    geom: Mapped[BaseGeometry | None] = mapped_column(RDGeometry())
    leesfout: Mapped[str | None]
    hersteld: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    reden: Mapped[str | None]
    aangevuld: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    oordeel: Mapped[Oordeel | None] = mapped_column(code_enum(Oordeel, "oordeel"))
    sleutel: Mapped[str | None] = mapped_column(String(64))
    waarden: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    vorm: Mapped[BaseGeometry | None] = mapped_column(RDGeometry())
    afdruk: Mapped[str | None] = mapped_column(String(64))
    gemeente_id: Mapped[int | None]


class Werkbronitem(Model):
    """One thing of a source, and the work that it became.

    Attributes:
        sleutel: what the source calls it.
        afdruk: of what was written last.
        werkzaamheid_id: NULL when somebody threw the work away.
        werkzaamheid_versie: of the work as we wrote it last; another one was changed by hand.
        weg_op: since when the source no longer has it; NULL when it has.
    """

    __tablename__ = "werkbronitem"
    __table_args__ = (
        UniqueConstraint("bron_id", "sleutel"),
        Index("ix_werkbronitem_werkzaamheid_id", "werkzaamheid_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bron_id: Mapped[int] = mapped_column(ForeignKey("werkbron.id", ondelete="CASCADE"))
    sleutel: Mapped[str] = mapped_column(String(64))
    afdruk: Mapped[str] = mapped_column(String(64))
    werkzaamheid_id: Mapped[int | None] = mapped_column(
        ForeignKey("werkzaamheid.id", ondelete="SET NULL")
    )
    werkzaamheid_versie: Mapped[int]
    weg_op: Mapped[datetime | None]

    werkzaamheid: Mapped[Werkzaamheid | None] = relationship()
