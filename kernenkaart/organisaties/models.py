"""Organisations that plan works."""

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import MetVersie, Model, Naam, SoortKolommen


class OrganisatieSoort(SoortKolommen, Model):
    """Gemeente, waterschap, provincie, netbeheerder …"""

    __tablename__ = "organisatie_soort"


class Organisatie(MetVersie, Model):
    """An organisation in whose name works and projects are posted."""

    __tablename__ = "organisatie"
    __table_args__ = (CheckConstraint("website ~* '^https?://'", name="website"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    soort_id: Mapped[int] = mapped_column(ForeignKey("organisatie_soort.id"), index=True)
    naam: Mapped[str] = mapped_column(Naam, unique=True)
    telefoon: Mapped[str | None]
    website: Mapped[str | None]
    contact_email: Mapped[str | None] = mapped_column(String(254))  # for the relay; never shown
    actief: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    demo: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    soort: Mapped[OrganisatieSoort] = relationship(lazy="joined", innerjoin=True)
