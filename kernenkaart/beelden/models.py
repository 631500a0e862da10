"""A picture as we made it ourselves from what was sent."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from kernenkaart.db import Model


class Beeld(Model):
    """One picture, encoded anew: nothing of the file that was sent is left in it (T4, T23).

    Attributes:
        publiek_id: stands in its address.
        inhoud: a WebP file.
        alt: what there is to see, for who does not see it.
        bron: who made it, as to be shown beside it.
        openbaar: whether everyone may see it; what was sent in waits for a moderator first.
    """

    __tablename__ = "beeld"
    __table_args__ = (
        CheckConstraint("length(alt) BETWEEN 1 AND 300", name="alt"),
        CheckConstraint("length(bron) <= 200", name="bron"),
        CheckConstraint("octet_length(inhoud) <= 2000000", name="inhoud"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publiek_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, server_default=func.gen_random_uuid()
    )
    inhoud: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    breedte_px: Mapped[int]
    hoogte_px: Mapped[int]
    alt: Mapped[str]
    bron: Mapped[str] = mapped_column(default="", server_default="")
    openbaar: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
