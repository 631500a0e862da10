"""An activity, the series it may belong to, its kind and public, and the kernen it lies in."""

import uuid
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.beelden.models import Beeld
from kernenkaart.db import Bijgehouden, Model, Naam, SoortKolommen, code_enum
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plaatsing import GELDIG, KernKoppeling, MetPlek, PlekKolommen, plek_args
from kernenkaart.platforms.models import Platform
from kernenkaart.zalen.models import Zaal


class Status(StrEnum):
    """Concept is seen by its own platform only; afgelast stays visible; ingetrokken is gone.

    Verwacht is what comes back each year, as long as nobody has said that it does this time.
    """

    CONCEPT = "concept"
    VERWACHT = "verwacht"
    GEPUBLICEERD = "gepubliceerd"
    AFGELAST = "afgelast"
    INGETROKKEN = "ingetrokken"


class ActiviteitSoort(SoortKolommen, Model):
    """Markt, sport, muziek, bestuursbezoek …"""

    __tablename__ = "activiteit_soort"


class Doelgroep(SoortKolommen, Model):
    """For whom an activity is: kinderen, jongeren, gezinnen, ouderen, iedereen …"""

    __tablename__ = "doelgroep"


class Reeks(Bijgehouden, PlekKolommen, Model):
    """An activity that comes back by a rule; each time that it happens is an ``Activiteit``.

    What those have in common stands here; a time that was moved or changed by itself is
    ``Activiteit.afwijkend``, one that was taken out is withdrawn.

    Attributes:
        uid: of the series in calendars, for ever.
        regel: recurrence rule, RFC 5545 section 3.3.10, without DTSTART; see ``regel.Regel``.
        eerste_dag: first day of the first time, in Amsterdam.
        van: begin on the clock of Amsterdam; NULL is whole days.
        tot: end on the clock of Amsterdam; NULL is whole days.
        nachten: midnights between the first day of one time and its last.
        bevestigen: whether each time is expected only, until its platform says that it goes on.
        uitgewerkt_tot: the last day up to which its times are rows.
    """

    __tablename__ = "reeks"
    __table_args__ = (
        CheckConstraint("length(titel) BETWEEN 1 AND 200", name="titel"),
        CheckConstraint("length(regel) BETWEEN 1 AND 500", name="regel"),
        CheckConstraint("(van IS NULL) = (tot IS NULL)", name="tijden"),
        CheckConstraint("nachten BETWEEN 0 AND 366", name="nachten"),
        CheckConstraint("geom IS NOT NULL OR kern_id IS NOT NULL", name="plek"),
        CheckConstraint(GELDIG, name="geom_geldig"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id"), index=True)
    soort_id: Mapped[int] = mapped_column(ForeignKey("activiteit_soort.id"))
    doelgroep_id: Mapped[int | None] = mapped_column(ForeignKey("doelgroep.id"))
    zaal_id: Mapped[int | None] = mapped_column(ForeignKey("zaal.id", ondelete="SET NULL"))
    titel: Mapped[str] = mapped_column(Naam)
    organisator: Mapped[str | None] = mapped_column(Naam)
    omschrijving: Mapped[str] = mapped_column(default="", server_default="")
    regel: Mapped[str]
    eerste_dag: Mapped[date]
    van: Mapped[time | None]
    tot: Mapped[time | None]
    nachten: Mapped[int] = mapped_column(default=0, server_default="0")
    bevestigen: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    uitgewerkt_tot: Mapped[date] = mapped_column(index=True)

    platform: Mapped[Platform] = relationship()


class Activiteit(Bijgehouden, MetPlek, Model):
    """One entry in the calendar, posted by a platform: at one moment, maybe one of a series.

    Attributes:
        uid: in calendars, for ever; of one of a series that of the series counts.
        organisator: who organises it, when that is not the platform itself.
        reeks_dag: the day that the rule of its series gives; it may have been moved since.
        afwijkend: changed by itself: a change of the whole series leaves it alone.
        gevraagd_op: when its platform was asked whether it comes back this year.
    """

    __tablename__ = "activiteit"
    __table_args__ = (
        CheckConstraint("eindigt_op > begint_op", name="tijden"),
        CheckConstraint("length(titel) BETWEEN 1 AND 200", name="titel"),
        CheckConstraint("(reeks_id IS NULL) = (reeks_dag IS NULL)", name="reeks"),
        UniqueConstraint("reeks_id", "reeks_dag"),
        Index(
            "ix_activiteit_geom_periode",
            "geom",
            text("tstzrange(begint_op, eindigt_op)"),
            postgresql_using="gist",
        ),
        Index(
            "ix_activiteit_periode",
            text("tstzrange(begint_op, eindigt_op)"),
            postgresql_using="gist",
        ),
        *plek_args("activiteit", verplicht=False),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id"), index=True)
    soort_id: Mapped[int] = mapped_column(ForeignKey("activiteit_soort.id"), index=True)
    doelgroep_id: Mapped[int | None] = mapped_column(ForeignKey("doelgroep.id"))
    zaal_id: Mapped[int | None] = mapped_column(
        ForeignKey("zaal.id", ondelete="SET NULL"), index=True
    )
    beeld_id: Mapped[int | None] = mapped_column(ForeignKey("beeld.id", ondelete="SET NULL"))
    reeks_id: Mapped[int | None] = mapped_column(ForeignKey("reeks.id"))
    reeks_dag: Mapped[date | None]
    afwijkend: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    titel: Mapped[str] = mapped_column(Naam)
    organisator: Mapped[str | None] = mapped_column(Naam)
    omschrijving: Mapped[str] = mapped_column(default="", server_default="")
    begint_op: Mapped[datetime] = mapped_column(index=True)
    eindigt_op: Mapped[datetime]
    hele_dag: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    status: Mapped[Status] = mapped_column(code_enum(Status, "status"), default=Status.CONCEPT)
    reden: Mapped[str | None]  # why it was called off
    gevraagd_op: Mapped[datetime | None]
    gemaakt_door_id: Mapped[int | None] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="SET NULL")
    )

    platform: Mapped[Platform] = relationship()
    soort: Mapped[ActiviteitSoort] = relationship()
    doelgroep: Mapped[Doelgroep | None] = relationship()
    kern: Mapped[Kern | None] = relationship()
    zaal: Mapped[Zaal | None] = relationship()
    beeld: Mapped[Beeld | None] = relationship()
    reeks: Mapped[Reeks | None] = relationship()


class ActiviteitKern(KernKoppeling, Model):
    """The kernen an activity lies in."""

    __tablename__ = "activiteit_kern"

    activiteit_id: Mapped[int] = mapped_column(
        ForeignKey("activiteit.id", ondelete="CASCADE"), primary_key=True
    )
