"""One row per changed row; written by a trigger, so that changes made in SQL count too."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernenkaart.db import Model


class Journaalregel(Model):
    """Who changed what and when. ``oud`` and ``nieuw`` hold only the fields that differ."""

    __tablename__ = "journaal"
    __table_args__ = (
        CheckConstraint("actie IN ('I', 'U', 'D')", name="actie"),
        Index("ix_journaal_rij", "tabel", "rij_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    op: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    gebruiker_id: Mapped[int | None]
    door: Mapped[str] = mapped_column(String(63))
    tabel: Mapped[str] = mapped_column(String(63))
    rij_id: Mapped[int | None] = mapped_column(BigInteger)
    actie: Mapped[str] = mapped_column(String(1))
    oud: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    nieuw: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class DataVersie(Model):
    """How often each table changed, spread over rows so that two writers never wait.

    The version of a table is the sum of ``n`` over its rows: it grows with every transaction that
    is committed, and only then.
    """

    __tablename__ = "data_versie"

    tabel: Mapped[str] = mapped_column(String(63), primary_key=True)
    vak: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger, default=0)
