"""A work and an activity that are in each other's way, and what both parties say about it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.db import Model, code_enum
from kernenkaart.werkzaamheden.models import Werkzaamheid

TEKST_MAX = 500


class Klasse(StrEnum):
    """How the two are in each other's way, worst first."""

    ZELFDE_PLEK_EN_TIJD = "zelfde_plek_en_tijd"
    TOEGANG = "toegang"
    ZELFDE_TIJD = "zelfde_tijd"
    ZELFDE_PLEK = "zelfde_plek"


class Kant(StrEnum):
    """The two sides of a clash."""

    WERKZAAMHEID = "werkzaamheid"
    ACTIVITEIT = "activiteit"


class Oplossing(StrEnum):
    """What one side proposes to do: move one of both, or leave it as it is."""

    VERPLAATS_WERK = "verplaats_werk"
    VERPLAATS_ACTIVITEIT = "verplaats_activiteit"
    KAN_SAMEN = "kan_samen"


class VoorstelStatus(StrEnum):
    """Where a proposal stands; a new one takes the place of an open one of the same side."""

    OPEN = "open"
    AANVAARD = "aanvaard"
    AFGEWEZEN = "afgewezen"
    INGETROKKEN = "ingetrokken"


class Botsing(Model):
    """One work and one activity that clash, derived from both whenever one of them changes.

    Attributes:
        afstand_m: metres between the place that the work closes and that of the activity.
        eerste_dag: of the activity as it was reckoned with.
        laatste_dag: the same; both included.
        dagen: days that both have.
        ertussen_dagen: days between them when they have none.
        gebruikelijk: it is not in the calendar yet, but was there in years before; the activity is
            the last time that it was there.
        redenen: why, as ``botsing_regels.Reden`` writes it.
        actueel: false once they no longer clash; kept for what was agreed.
        samen_met: keys of the other works that close the last way in together with this one.
        melden: the side that is still to be told of it by mail; None when nobody is.
        gemeld_klasse: the class that is told of; None when it never was.
    """

    __tablename__ = "botsing"
    __table_args__ = (
        UniqueConstraint("werkzaamheid_id", "activiteit_id"),
        CheckConstraint("laatste_dag >= eerste_dag", name="dagen"),
        CheckConstraint("dagen >= 0 AND ertussen_dagen >= 0", name="aantal"),
        Index("ix_botsing_samen_met", "samen_met", postgresql_using="gin"),
        Index("ix_botsing_melden", "id", postgresql_where=text("melden IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    werkzaamheid_id: Mapped[int] = mapped_column(ForeignKey("werkzaamheid.id", ondelete="CASCADE"))
    activiteit_id: Mapped[int] = mapped_column(
        ForeignKey("activiteit.id", ondelete="CASCADE"), index=True
    )
    klasse: Mapped[Klasse] = mapped_column(code_enum(Klasse, "klasse"))
    afstand_m: Mapped[float] = mapped_column(Float)
    eerste_dag: Mapped[date]
    laatste_dag: Mapped[date]
    dagen: Mapped[int]
    ertussen_dagen: Mapped[int]
    gebruikelijk: Mapped[bool]
    redenen: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    actueel: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    sinds: Mapped[datetime] = mapped_column(server_default=func.now())
    samen_met: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default="{}")
    melden: Mapped[Kant | None] = mapped_column(code_enum(Kant, "melden"))
    gemeld_klasse: Mapped[Klasse | None] = mapped_column(code_enum(Klasse, "gemeld_klasse"))

    werkzaamheid: Mapped[Werkzaamheid] = relationship()
    activiteit: Mapped[Activiteit] = relationship()


class BotsingVoorstel(Model):
    """What one side proposes to the other, and the answer. It stays when things move.

    Attributes:
        kant: who proposes.
        eerste_dag: on which the thing that moves would begin; None when nothing moves.
        laatste_dag: its last day.
        werk_eerste: the days of both when it was proposed, to see later whether they moved.
    """

    __tablename__ = "botsing_voorstel"
    __table_args__ = (
        CheckConstraint("laatste_dag >= eerste_dag", name="dagen"),
        CheckConstraint(
            "(oplossing = 'kan_samen') = (eerste_dag IS NULL) "
            "AND (eerste_dag IS NULL) = (laatste_dag IS NULL)",
            name="oplossing_dagen",
        ),
        CheckConstraint(f"length(toelichting) <= {TEKST_MAX}", name="toelichting"),
        CheckConstraint(f"length(antwoord) <= {TEKST_MAX}", name="antwoord"),
        CheckConstraint("(status = 'open') = (beantwoord_op IS NULL)", name="beantwoord"),
        Index(
            "uq_botsing_voorstel_open",
            "botsing_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    botsing_id: Mapped[int] = mapped_column(
        ForeignKey("botsing.id", ondelete="CASCADE"), index=True
    )
    kant: Mapped[Kant] = mapped_column(code_enum(Kant, "kant"))
    oplossing: Mapped[Oplossing] = mapped_column(code_enum(Oplossing, "oplossing"))
    eerste_dag: Mapped[date | None]
    laatste_dag: Mapped[date | None]
    toelichting: Mapped[str] = mapped_column(default="", server_default="")
    status: Mapped[VoorstelStatus] = mapped_column(
        code_enum(VoorstelStatus, "status"), default=VoorstelStatus.OPEN, server_default="open"
    )
    antwoord: Mapped[str] = mapped_column(default="", server_default="")
    werk_eerste: Mapped[date]
    werk_laatste: Mapped[date]
    activiteit_eerste: Mapped[date]
    activiteit_laatste: Mapped[date]
    door_id: Mapped[int | None] = mapped_column(ForeignKey("gebruiker.id", ondelete="SET NULL"))
    gemaakt_op: Mapped[datetime] = mapped_column(server_default=func.now())
    beantwoord_door_id: Mapped[int | None] = mapped_column(
        ForeignKey("gebruiker.id", ondelete="SET NULL")
    )
    beantwoord_op: Mapped[datetime | None]
