"""Which mails have gone out, so that none goes twice."""

import uuid
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from kernenkaart.db import Model


class Verzending(Model):
    """One mail handed to the mail server. Begun but never done: nobody knows, so not again."""

    __tablename__ = "verzending"

    sleutel: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    begonnen_op: Mapped[datetime] = mapped_column(server_default=func.now())
    klaar_op: Mapped[datetime | None]
