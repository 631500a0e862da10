"""Which mails have gone out, so that none goes twice."""

import uuid
from datetime import datetime

from sqlalchemy import Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from kernenkaart.db import Model


class Verzending(Model):
    """One mail handed to the mail server. Begun but never done: nobody knows, so not again.

    ``adres`` is a hash with the secret of the installation: it counts, and says nothing.
    """

    __tablename__ = "verzending"
    __table_args__ = (Index("ix_verzending_adres", "adres", "begonnen_op"),)

    sleutel: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    adres: Mapped[bytes] = mapped_column(LargeBinary(32))
    begonnen_op: Mapped[datetime] = mapped_column(server_default=func.now())
    klaar_op: Mapped[datetime | None]
