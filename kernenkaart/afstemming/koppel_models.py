"""Two works that could be one, and what was decided about them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import Model, code_enum
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.werkzaamheden.models import Werkzaamheid


class Kant(StrEnum):
    """One of the two works of a pair: a is the one with the lower key."""

    A = "a"
    B = "b"


class Keuze(StrEnum):
    """What was decided about a pair."""

    COMBINEREN = "combineren"
    NA_ELKAAR = "na_elkaar"
    NIET = "niet"


class Vorm(StrEnum):
    """How two works are combined."""

    AFSLUITING = "afsluiting"
    SLEUF = "sleuf"
    AANNEMER = "aannemer"
    BERICHT = "bericht"


class Koppelkans(Model):
    """Two works near each other in place and in the time that both have.

    All but the decision follows from ``invoer`` by ``koppel_regels.assess``. A pair that no longer
    fits goes, unless something was decided about it: then it stays, with ``past`` false.

    Attributes:
        a_id: NULL once that work was thrown away; so ``b_id``.
        invoer: both works as they were judged, and their distance.
        samen_dagen: on so many days both can be at work at once.
        tussen_dagen: so many days lie between what both can do; 0 when they share some.
        bespaard_dagen: so many days less hinder when they go at once than one after the other.
        eerst: which one goes first when they go one after the other; NULL when either may.
        schuift: which one had better move; NULL when neither has to.
        venster_van: first day both can; of a gap between them the last day before it.
        moratorium_tot: the last day on which the one must not dig in the surface of the other.
        besluiten: how many decisions there are; the next one gets this number plus 1.
        opnieuw: whether place or days have moved since the last decision.
    """

    __tablename__ = "koppelkans"
    __table_args__ = (
        UniqueConstraint("a_id", "b_id"),
        CheckConstraint("a_id < b_id", name="volgorde"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("(keuze IS NULL) = (besluiten = 0)", name="keuze_besluiten"),
        Index("ix_koppelkans_b_id", "b_id"),
        Index(
            "ix_koppelkans_open", text("score DESC"), "id", postgresql_where=text("keuze IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    a_id: Mapped[int | None] = mapped_column(ForeignKey("werkzaamheid.id", ondelete="SET NULL"))
    b_id: Mapped[int | None] = mapped_column(ForeignKey("werkzaamheid.id", ondelete="SET NULL"))
    invoer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    afstand_m: Mapped[float]
    samen_dagen: Mapped[int]
    tussen_dagen: Mapped[int]
    bespaard_dagen: Mapped[int]
    score: Mapped[int] = mapped_column(SmallInteger)
    eerst: Mapped[Kant | None] = mapped_column(code_enum(Kant, "eerst"))
    schuift: Mapped[Kant | None] = mapped_column(code_enum(Kant, "schuift"))
    venster_van: Mapped[date]
    venster_tot: Mapped[date]
    moratorium_tot: Mapped[date | None]
    redenen: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    past: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    keuze: Mapped[Keuze | None] = mapped_column(code_enum(Keuze, "keuze"))
    besluiten: Mapped[int] = mapped_column(default=0, server_default="0")
    opnieuw: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    sinds: Mapped[datetime] = mapped_column(server_default=func.now())

    a: Mapped[Werkzaamheid | None] = relationship(foreign_keys=[a_id], viewonly=True)
    b: Mapped[Werkzaamheid | None] = relationship(foreign_keys=[b_id], viewonly=True)


class Koppelbesluit(Model):
    """One decision about a pair; the app may add them and never change or remove one.

    Attributes:
        nummer: 1 for the first of its pair.
        venster_van: first of the days agreed on; a work that moves within them does what was said.
        stand: what ``invoer`` and the titles were when it was taken.
        bespaard_dagen: of the pair at that moment; 0 unless they are combined.
    """

    __tablename__ = "koppelbesluit"
    __table_args__ = (
        UniqueConstraint("koppelkans_id", "nummer"),
        CheckConstraint("length(reden) BETWEEN 1 AND 2000", name="reden"),
        CheckConstraint("venster_tot >= venster_van", name="venster"),
        CheckConstraint("(vorm IS NOT NULL) = (keuze = 'combineren')", name="keuze_vorm"),
        CheckConstraint("nummer > 0", name="nummer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    koppelkans_id: Mapped[int] = mapped_column(ForeignKey("koppelkans.id"))
    nummer: Mapped[int]
    keuze: Mapped[Keuze] = mapped_column(code_enum(Keuze, "keuze"))
    vorm: Mapped[Vorm | None] = mapped_column(code_enum(Vorm, "vorm"))
    reden: Mapped[str]
    venster_van: Mapped[date | None]
    venster_tot: Mapped[date | None]
    bespaard_dagen: Mapped[int]
    stand: Mapped[dict[str, Any]] = mapped_column(JSONB)
    gebruiker_id: Mapped[int | None] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="SET NULL")
    )
    organisatie_id: Mapped[int | None] = mapped_column(ForeignKey("organisatie.id"))
    op: Mapped[datetime] = mapped_column(server_default=func.now())

    organisatie: Mapped[Organisatie | None] = relationship()
