"""A calendar that comes in, and what of it became which activity."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort
from kernenkaart.bron import Bron
from kernenkaart.db import Model, Naam, code_enum
from kernenkaart.kernen.models import Kern
from kernenkaart.platforms.models import Platform


class Stand(StrEnum):
    """How far a calendar is: read for the first time, looked at, taken over, kept in step."""

    LEZEN = "lezen"
    BEKIJKEN = "bekijken"
    OVERNEMEN = "overnemen"
    LOOPT = "loopt"


class Keuze(StrEnum):
    """What its platform does with something of a calendar; vraag is not chosen yet."""

    NEEM = "neem"
    SLA_OVER = "sla_over"
    VRAAG = "vraag"


class Kalenderbron(Bron, Model):
    """A calendar of a platform from elsewhere, whose entries become activities here.

    Attributes:
        soort_id: the kind of entries that do not name one of ours.
        kern_id: where entries lie whose place is not known.
        gelezen: what was read and not yet taken over, see ``items.Inhoud``; NULL is nothing.
        verslag: see ``verslag.Verslag``.
    """

    __tablename__ = "kalenderbron"
    van_wie = "platform_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id"), index=True)
    soort_id: Mapped[int] = mapped_column(ForeignKey("activiteit_soort.id"))
    kern_id: Mapped[int] = mapped_column(ForeignKey("kern.id"))
    stand: Mapped[Stand] = mapped_column(code_enum(Stand, "stand"), default=Stand.LEZEN)
    gelezen: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)

    platform: Mapped[Platform] = relationship()
    soort: Mapped[ActiviteitSoort] = relationship()
    kern: Mapped[Kern] = relationship()


class Bronitem(Model):
    """One time of one entry of a calendar, and the activity that it became.

    Attributes:
        sleutel: see ``items.Item.sleutel``.
        reeks: see ``items.Item.reeks``.
        afdruk: of what was written last, see ``items.Item.afdruk``.
        activiteit_id: NULL when it did not become one.
        activiteit_versie: of the activity as we wrote it last; another one was changed by hand.
        lijkt_op_id: the activity that it may be a double of.
        weg_op: since when the calendar no longer has it; NULL when it has.
    """

    __tablename__ = "bronitem"
    __table_args__ = (
        UniqueConstraint("bron_id", "sleutel"),
        Index("ix_bronitem_activiteit_id", "activiteit_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bron_id: Mapped[int] = mapped_column(ForeignKey("kalenderbron.id", ondelete="CASCADE"))
    sleutel: Mapped[str] = mapped_column(String(64))
    reeks: Mapped[str] = mapped_column(String(64))
    afdruk: Mapped[str] = mapped_column(String(64))
    titel: Mapped[str] = mapped_column(Naam)
    begint_op: Mapped[datetime]
    keuze: Mapped[Keuze] = mapped_column(code_enum(Keuze, "keuze"), default=Keuze.NEEM)
    activiteit_id: Mapped[int | None] = mapped_column(
        ForeignKey("activiteit.id", ondelete="SET NULL")
    )
    activiteit_versie: Mapped[int | None]
    lijkt_op_id: Mapped[int | None] = mapped_column(
        ForeignKey("activiteit.id", ondelete="SET NULL")
    )
    weg_op: Mapped[datetime | None]

    bron: Mapped[Kalenderbron] = relationship()
    activiteit: Mapped[Activiteit | None] = relationship(foreign_keys=[activiteit_id])
    lijkt_op: Mapped[Activiteit | None] = relationship(foreign_keys=[lijkt_op_id])
