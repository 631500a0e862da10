"""A word that a beheerder chose for a code."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from kernenkaart.db import Model


class Label(Model):
    """The own word for one code of one list; what has no row keeps the word of ``standaard``."""

    __tablename__ = "label"
    __table_args__ = (CheckConstraint("length(tekst) BETWEEN 1 AND 60", name="tekst"),)

    lijst: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    tekst: Mapped[str]
