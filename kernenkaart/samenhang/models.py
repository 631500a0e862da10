"""A remark of a reader about something on the map, on its way to the owner."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from kernenkaart.db import Model, code_enum


class Aard(StrEnum):
    """What somebody says about a thing; all but wijziging is about misuse."""

    WIJZIGING = "wijziging"
    RECLAME = "reclame"
    KWETSEND = "kwetsend"
    PRIVE = "prive"
    NEP = "nep"


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
