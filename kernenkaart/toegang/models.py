"""Accounts, memberships of platforms and assignments to kernen."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_login import UserMixin
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.actor import Rol
from kernenkaart.db import MetVersie, Model, Naam, code_enum


class Gebruiker(MetVersie, Model, UserMixin):  # type: ignore[misc]
    """Somebody who can log in.

    ``totp_step`` is the last time step whose code was used, so that a code works once;
    ``recovery_codes`` are hashes. Without a ``password`` the invitation has not been taken up.
    """

    __tablename__ = "gebruiker"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_klein"),
        CheckConstraint(
            "rol <> 'ketenpartner' OR organisatie_id IS NOT NULL", name="ketenpartner_organisatie"
        ),
        CheckConstraint("rol NOT IN ('bezoeker', 'inwoner')", name="rol_met_account"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publiek_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, server_default=text("gen_random_uuid()")
    )
    naam: Mapped[str] = mapped_column(Naam)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    rol: Mapped[Rol] = mapped_column(code_enum(Rol, "rol"))
    functie: Mapped[str | None]
    telefoon: Mapped[str | None]
    organisatie_id: Mapped[int | None] = mapped_column(ForeignKey("organisatie.id"), index=True)
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[str | None] = mapped_column(String(255))
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    recovery_codes: Mapped[list[str] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    demo: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    lidmaatschappen: Mapped[list["Lidmaatschap"]] = relationship(back_populates="gebruiker")

    @property
    def is_active(self) -> bool:
        """Whether this account may be used; asked by flask-login."""
        return self.active


class Lidmaatschap(Model):
    """Somebody speaks for a platform, from a day and perhaps until a day (included)."""

    __tablename__ = "lidmaatschap"
    __table_args__ = (
        CheckConstraint("tot >= van", name="dagen"),
        Index("uq_lidmaatschap_een", "gebruiker_id", "platform_id", "van", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gebruiker_id: Mapped[int] = mapped_column(ForeignKey("gebruiker.id", ondelete="CASCADE"))
    platform_id: Mapped[int] = mapped_column(
        ForeignKey("platform.id", ondelete="CASCADE"), index=True
    )
    functie: Mapped[str | None]
    van: Mapped[date] = mapped_column(server_default=func.current_date())
    tot: Mapped[date | None]

    gebruiker: Mapped[Gebruiker] = relationship(back_populates="lidmaatschappen")


class Toewijzing(Model):
    """A gebiedsmakelaar serves a kern, from a day and perhaps until a day (included)."""

    __tablename__ = "toewijzing"
    __table_args__ = (
        CheckConstraint("tot >= van", name="dagen"),
        UniqueConstraint("gebruiker_id", "kern_id", "van"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gebruiker_id: Mapped[int] = mapped_column(ForeignKey("gebruiker.id", ondelete="CASCADE"))
    kern_id: Mapped[int] = mapped_column(ForeignKey("kern.id", ondelete="CASCADE"), index=True)
    van: Mapped[date] = mapped_column(server_default=func.current_date())
    tot: Mapped[date | None]


class Sessie(Model):
    """A login on one device, kept by the server so that it can be ended at once."""

    __tablename__ = "sessie"

    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)  # sha256 of the cookie
    gebruiker_id: Mapped[int | None] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="CASCADE"), index=True
    )
    gegevens: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict)
    apparaat: Mapped[str | None] = mapped_column(String(200))
    begonnen_op: Mapped[datetime] = mapped_column(server_default=func.now())
    gezien_op: Mapped[datetime] = mapped_column(server_default=func.now())
    verloopt_op: Mapped[datetime] = mapped_column(index=True)


class Poging(Model):
    """A counted try (login, mail), for the limits against guessing and mail bombing."""

    __tablename__ = "poging"
    __table_args__ = (Index("ix_poging_telling", "soort", "sleutel", "op"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    soort: Mapped[str] = mapped_column(String(20))
    sleutel: Mapped[bytes] = mapped_column(LargeBinary(32))  # hash: no address is kept
    op: Mapped[datetime] = mapped_column(server_default=func.now())


class Recht(StrEnum):
    """What a key may be used for; never more than its owner may."""

    WERK_LEZEN = "werkzaamheden:lezen"
    WERK_SCHRIJVEN = "werkzaamheden:schrijven"


class Toegangssleutel(Model):
    """A key with which a program of somebody uses the API; the secret itself is nowhere.

    ``begin`` is the public part that it is recognised by, ``hash`` the sha256 of the whole text.
    """

    __tablename__ = "toegangssleutel"
    __table_args__ = (
        CheckConstraint("length(naam) BETWEEN 1 AND 100", name="naam"),
        CheckConstraint(
            "cardinality(rechten) > 0 AND rechten <@ "
            "ARRAY['werkzaamheden:lezen', 'werkzaamheden:schrijven']::varchar[]",
            name="rechten",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gebruiker_id: Mapped[int] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="CASCADE"), index=True
    )
    naam: Mapped[str] = mapped_column(Naam)
    begin: Mapped[str] = mapped_column(String(20), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    rechten: Mapped[list[str]] = mapped_column(ARRAY(String(60)))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    gezien_op: Mapped[datetime | None]
    verloopt_op: Mapped[datetime]
    ingetrokken_op: Mapped[datetime | None]


class Verzoek(Model):
    """An answer to a program that may ask the same again, kept for a day (``Idempotency-Key``)."""

    __tablename__ = "verzoek"

    gebruiker_id: Mapped[int] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="CASCADE"), primary_key=True
    )
    sleutel: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    vingerafdruk: Mapped[bytes] = mapped_column(LargeBinary(32))  # sha256 of what was sent
    antwoord: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    op: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
