"""Something for the calendar that somebody without an account sent in."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Doelgroep
from kernenkaart.beelden.models import Beeld
from kernenkaart.db import Bijgehouden, Model, Naam, code_enum
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plaatsing import GELDIG, PlekKolommen
from kernenkaart.zalen.models import Zaal


class Status(StrEnum):
    """Where it is on its way; nobody but the sender sees what is onbevestigd."""

    ONBEVESTIGD = "onbevestigd"
    WACHT = "wacht"
    VRAAG = "vraag"
    GEPLAATST = "geplaatst"
    GEWEIGERD = "geweigerd"
    INGETROKKEN = "ingetrokken"
    SAMENGEVOEGD = "samengevoegd"


OPEN = (Status.WACHT, Status.VRAAG)
DICHT = (Status.GEWEIGERD, Status.INGETROKKEN, Status.SAMENGEVOEGD)


class Inzending(Bijgehouden, PlekKolommen, Model):
    """What was sent in, as its sender last wrote it.

    Attributes:
        publiek_id: what the sender's link says, signed; it stands nowhere else.
        email: of the sender: to confirm and to answer, never shown, erased when no longer needed.
        bevestigd_op: when the sender showed that the address is his own.
        gemeld_op: when the moderators were told; NULL waits for the next round of mail.
        vraag: what the moderator last asked.
        antwoord: what the sender last answered.
        reden: why it was refused.
        activiteit_id: what it became, or, samengevoegd, what was there already.
    """

    __tablename__ = "inzending"
    __table_args__ = (
        CheckConstraint("eindigt_op > begint_op", name="tijden"),
        CheckConstraint("length(titel) BETWEEN 1 AND 200", name="titel"),
        CheckConstraint("length(organisator) BETWEEN 1 AND 200", name="organisator"),
        CheckConstraint("length(omschrijving) <= 5000", name="omschrijving"),
        CheckConstraint("kern_id IS NOT NULL", name="kern"),
        CheckConstraint(GELDIG, name="geom_geldig"),
        CheckConstraint("(status = 'onbevestigd') = (bevestigd_op IS NULL)", name="bevestigd"),
        CheckConstraint(
            "status NOT IN ('geplaatst', 'samengevoegd') OR activiteit_id IS NOT NULL",
            name="activiteit",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publiek_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, server_default=func.gen_random_uuid()
    )
    soort_id: Mapped[int] = mapped_column(ForeignKey("activiteit_soort.id"))
    doelgroep_id: Mapped[int | None] = mapped_column(ForeignKey("doelgroep.id"))
    zaal_id: Mapped[int | None] = mapped_column(ForeignKey("zaal.id", ondelete="SET NULL"))
    titel: Mapped[str] = mapped_column(Naam)
    organisator: Mapped[str] = mapped_column(Naam)
    omschrijving: Mapped[str] = mapped_column(default="", server_default="")
    begint_op: Mapped[datetime]
    eindigt_op: Mapped[datetime]
    hele_dag: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    beeld_id: Mapped[int | None] = mapped_column(ForeignKey("beeld.id", ondelete="SET NULL"))
    email: Mapped[str | None] = mapped_column(String(254))
    status: Mapped[Status] = mapped_column(
        code_enum(Status, "status"), default=Status.ONBEVESTIGD, index=True
    )
    bevestigd_op: Mapped[datetime | None]
    gemeld_op: Mapped[datetime | None]
    vraag: Mapped[str | None]
    antwoord: Mapped[str | None]
    reden: Mapped[str | None]
    activiteit_id: Mapped[int | None] = mapped_column(
        ForeignKey("activiteit.id", ondelete="CASCADE"), index=True
    )

    kern: Mapped[Kern] = relationship()
    soort: Mapped[ActiviteitSoort] = relationship()
    doelgroep: Mapped[Doelgroep | None] = relationship()
    zaal: Mapped[Zaal | None] = relationship()
    beeld: Mapped[Beeld | None] = relationship()
    activiteit: Mapped[Activiteit | None] = relationship()
