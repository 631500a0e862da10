"""Groups of residents, their kernen and how they relate."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.db import MetVersie, Model, Naam, SoortKolommen, code_enum
from kernenkaart.kernen.models import Kern


class PlatformSoort(SoortKolommen, Model):
    """Dorpsraad, dorpstafel, inwonersplatform, werkgroep, vereniging …"""

    __tablename__ = "platform_soort"


class Zichtbaarheid(StrEnum):
    """Who may see a platform: everyone, only staff, or nobody but beheerders."""

    OPENBAAR = "openbaar"
    INTERN = "intern"
    VERBORGEN = "verborgen"


class RelatieSoort(StrEnum):
    """How one group stands to another (S1, netwerkstructuur)."""

    HOORT_BIJ = "hoort_bij"
    WERKT_SAMEN = "werkt_samen"
    VERTEGENWOORDIGT = "vertegenwoordigt"


class Platform(MetVersie, Model):
    """Any group of residents. Contact is with a role, never with a named person (S1)."""

    __tablename__ = "platform"
    __table_args__ = (CheckConstraint("website ~* '^https?://'", name="website"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    soort_id: Mapped[int] = mapped_column(ForeignKey("platform_soort.id"), index=True)
    naam: Mapped[str] = mapped_column(Naam, unique=True)
    omschrijving: Mapped[str | None]
    website: Mapped[str | None]
    contact_rol: Mapped[str | None]
    contact_telefoon: Mapped[str | None]
    contact_email: Mapped[str | None] = mapped_column(String(254))  # for the relay; never shown
    zichtbaarheid: Mapped[Zichtbaarheid] = mapped_column(
        code_enum(Zichtbaarheid, "zichtbaarheid"), default=Zichtbaarheid.OPENBAAR
    )
    actief: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    demo: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    soort: Mapped[PlatformSoort] = relationship(lazy="joined", innerjoin=True)
    kernen: Mapped[list[Kern]] = relationship(secondary="platform_kern", order_by=Kern.naam)


class PlatformKern(Model):
    """A platform speaks for, or is active in, a kern."""

    __tablename__ = "platform_kern"

    platform_id: Mapped[int] = mapped_column(
        ForeignKey("platform.id", ondelete="CASCADE"), primary_key=True
    )
    kern_id: Mapped[int] = mapped_column(
        ForeignKey("kern.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class PlatformRelatie(Model):
    """``van`` stands in a relation to ``naar``: a werkgroep *hoort bij* the dorpsraad."""

    __tablename__ = "platform_relatie"
    __table_args__ = (CheckConstraint("van_id <> naar_id", name="ander"),)

    van_id: Mapped[int] = mapped_column(
        ForeignKey("platform.id", ondelete="CASCADE"), primary_key=True
    )
    naar_id: Mapped[int] = mapped_column(
        ForeignKey("platform.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    soort: Mapped[RelatieSoort] = mapped_column(code_enum(RelatieSoort, "soort"), primary_key=True)
