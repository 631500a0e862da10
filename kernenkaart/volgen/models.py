"""Who follows what by e-mail, and what each follower has been told.

No table of these is in the journaal: whoever is erased is gone everywhere.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import Model, code_enum


class Ritme(StrEnum):
    """How often a follower gets a mail, if there is something to tell."""

    DAG = "dag"
    WEEK = "week"


class Volger(Model):
    """Somebody who follows things: an address and nothing else.

    ``publiek_id`` stands, signed, in the links of their mails: the table alone opens no link.
    """

    __tablename__ = "volger"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_klein"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publiek_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, server_default=func.gen_random_uuid()
    )
    email: Mapped[str] = mapped_column(String(254), unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Abonnement(Model):
    """One thing that is followed; it counts once it was confirmed by mail.

    Attributes:
        vraag: what is followed, as the query string that ``onderwerp.Onderwerp`` writes.
        gebundeld_tot: the last day (in Amsterdam) whose round has been done for it.
    """

    __tablename__ = "abonnement"
    __table_args__ = (
        UniqueConstraint("volger_id", "vraag"),
        CheckConstraint("length(vraag) <= 2000", name="vraag"),
        CheckConstraint("(bevestigd_op IS NULL) = (gebundeld_tot IS NULL)", name="bevestigd"),
        Index("ix_abonnement_ronde", "ritme", "gebundeld_tot"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publiek_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, server_default=func.gen_random_uuid()
    )
    volger_id: Mapped[int] = mapped_column(ForeignKey("volger.id", ondelete="CASCADE"))
    vraag: Mapped[str]
    ritme: Mapped[Ritme] = mapped_column(code_enum(Ritme, "ritme"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    bevestigd_op: Mapped[datetime | None]
    gebundeld_tot: Mapped[date | None]

    volger: Mapped[Volger] = relationship()


class Gemeld(Model):
    """A thing as a follower knows it: told in a mail, or there when the following began.

    ``stand`` is when, where and how sure it was; see ``nieuws.Stand``.
    """

    __tablename__ = "gemeld"
    __table_args__ = (Index("ix_gemeld_ding", "laag", "ding_id"),)

    abonnement_id: Mapped[int] = mapped_column(
        ForeignKey("abonnement.id", ondelete="CASCADE"), primary_key=True
    )
    laag: Mapped[str] = mapped_column(String(40), primary_key=True)
    ding_id: Mapped[int] = mapped_column(primary_key=True)
    stand: Mapped[dict[str, Any]] = mapped_column(JSONB)
    op: Mapped[datetime] = mapped_column(server_default=func.now())
