"""What is read from elsewhere again and again: where it is, how it went, and when again."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from sqlalchemy import CheckConstraint, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from kernenkaart.db import MetVersie, Naam


class Bron(MetVersie):
    """Columns of a source: an address, or a file that somebody sends.

    Attributes:
        van_wie: the column that says whose it is; each has an address once.
        adres: where it is fetched; NULL is a file.
        verslag: what came of the last time; NULL is nothing yet.
        melding: why it could not be read the last time; NULL when it could.
        fouten: how often in a row it could not.
        etag: with ``gewijzigd`` what its server said of it the last time.
        volgende_op: when it is fetched again.
    """

    van_wie: ClassVar[str]

    naam: Mapped[str] = mapped_column(Naam)
    adres: Mapped[str | None]
    verslag: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    melding: Mapped[str | None]
    fouten: Mapped[int] = mapped_column(default=0, server_default="0")
    etag: Mapped[str] = mapped_column(default="", server_default="")
    gewijzigd: Mapped[str] = mapped_column(default="", server_default="")
    gelezen_op: Mapped[datetime | None]
    volgende_op: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def host(self) -> str:
        """The name of the server it is fetched from; empty for a file."""
        return (urlsplit(self.adres).hostname or "") if self.adres else ""

    def note_read(self, nu: datetime, elk: timedelta | None) -> None:
        """It was read; one with an address is fetched again after ``elk``, if that is given."""
        self.gelezen_op, self.melding, self.fouten = nu, None, 0
        self.volgende_op = nu + elk if self.adres and elk else None

    def note_unread(
        self, melding: str, nu: datetime, elk: timedelta | None, hoogstens: timedelta
    ) -> None:
        """It could not be read: one with an address waits twice as long after each failure."""
        self.melding = melding
        self.fouten += 1
        if self.adres and elk:
            self.volgende_op = nu + min(elk * 2 ** min(self.fouten - 1, 10), hoogstens)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("length(naam) BETWEEN 1 AND 200", name="naam"),
            CheckConstraint("adres ~* '^https?://' AND length(adres) <= 2000", name="adres"),
            UniqueConstraint(cls.van_wie, "adres"),
        )
