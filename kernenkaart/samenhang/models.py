"""What lies between things: a remark on its way to the owner, a work that a project takes in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from kernenkaart.db import Model, code_enum


class Aard(StrEnum):
    """What somebody says about a thing; all but wijziging is about misuse."""

    WIJZIGING = "wijziging"
    RECLAME = "reclame"
    KWETSEND = "kwetsend"
    PRIVE = "prive"
    NEP = "nep"


class ProjectWerk(Model):
    """A work that a project takes in, besides those that name it as their own."""

    __tablename__ = "project_werk"

    project_id: Mapped[int] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    werkzaamheid_id: Mapped[int] = mapped_column(
        ForeignKey("werkzaamheid.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Wijzigingsverzoek(Model):
    """*Wijziging doorgeven*: what is wrong, told to whoever owns the thing.

    ``laag`` and ``ding_id`` name the thing; an address is only kept to answer and is optional.
    """

    __tablename__ = "wijzigingsverzoek"
    __table_args__ = (
        CheckConstraint("length(tekst) BETWEEN 1 AND 2000", name="tekst"),
        Index("ix_wijzigingsverzoek_ding", "laag", "ding_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    laag: Mapped[str] = mapped_column(String(40))
    ding_id: Mapped[int]
    aard: Mapped[Aard] = mapped_column(
        code_enum(Aard, "aard"), default=Aard.WIJZIGING, server_default="wijziging"
    )
    tekst: Mapped[str]
    antwoord_email: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    afgehandeld_op: Mapped[datetime | None]
