"""Which share of the works was told of in time, per kern: counted anew from what is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.afstemming.startcheck_models import (
    Startcheck,
    StartcheckGroep,
    StartcheckVrijstelling,
)
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.tijd import Periode
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid, WerkzaamheidKern
from kernenkaart.werkzaamheden.policy import visible_to

GETELD = (Status.BEVESTIGD, Status.BEZIG, Status.KLAAR)
STANDEN = ("op_tijd", "te_laat", "loopt", "vrij", "zonder")


@dataclass(frozen=True)
class KernCijfer:
    """The works in a kern, each counted once.

    Attributes:
        op_tijd: everybody in this kern was told in time.
        te_laat: somebody was told too late, or should have been told by now and was not.
        loopt: somebody still has to be told, and there is time for it.
        vrij: it needs no startcheck, and it was said why.
        zonder: it has neither.
    """

    kern: str
    slug: str
    op_tijd: int
    te_laat: int
    loopt: int
    vrij: int
    zonder: int

    @property
    def deel(self) -> float | None:
        """Share told in time (0 to 1) of the works of which that is known; None of none."""
        bekend = self.op_tijd + self.te_laat
        return self.op_tijd / bekend if bekend else None


def find_cijfers(
    session: Session, actor: Actor, *, gemeente: str, periode: Periode, dag: date
) -> list[KernCijfer]:
    """Per kern with works, by name; one statement.

    The newest check of a work counts, with the days of the work as they are now.

    Args:
        gemeente: CBS code.
        periode: works that begin in it; both ends given.
        dag: what should have been told by then.
    """
    stand = _stand_per_werk(actor, periode, dag).subquery("stand")
    tellingen = [func.count().filter(stand.c.stand == naam).label(naam) for naam in STANDEN]
    rows = session.execute(
        select(Kern.naam.label("kern"), Kern.slug, *tellingen)
        .join(stand, stand.c.kern_id == Kern.id)
        .join(Gemeente, Gemeente.id == Kern.gemeente_id)
        .where(Gemeente.code == gemeente)
        .group_by(Kern.id)
        .order_by(Kern.naam)
    ).mappings()
    return [KernCijfer(**row) for row in rows]


def _stand_per_werk(actor: Actor, periode: Periode, dag: date) -> Any:
    """``kern_id`` and ``stand`` of each work in each of its kernen."""
    groep, koppeling = StartcheckGroep, WerkzaamheidKern
    laatste = (
        select(Startcheck.id, Startcheck.werkzaamheid_id)
        .ext(distinct_on(Startcheck.werkzaamheid_id))
        .where(Startcheck.werkzaamheid_id.is_not(None))
        .order_by(Startcheck.werkzaamheid_id, Startcheck.gemaakt_op.desc(), Startcheck.id.desc())
        .subquery("laatste")
    )
    gemeld = func.coalesce(groep.geinformeerd_op, cast(literal(dag), Date))
    laat: ColumnElement[bool] = gemeld > Werkzaamheid.eerste_dag - 7 * groep.weken
    stand = case(
        (func.bool_or(laat), "te_laat"),
        (func.bool_and(groep.geinformeerd_op.is_not(None)), "op_tijd"),
        (func.count(groep.id) > 0, "loopt"),
        (func.bool_or(StartcheckVrijstelling.werkzaamheid_id.is_not(None)), "vrij"),
        else_="zonder",
    )
    return (
        select(koppeling.kern_id, stand.label("stand"))
        .select_from(Werkzaamheid)
        .join(koppeling, koppeling.werkzaamheid_id == Werkzaamheid.id)
        .outerjoin(laatste, laatste.c.werkzaamheid_id == Werkzaamheid.id)
        .outerjoin(
            groep,
            and_(groep.startcheck_id == laatste.c.id, groep.kern_id == koppeling.kern_id),
        )
        .outerjoin(
            StartcheckVrijstelling, StartcheckVrijstelling.werkzaamheid_id == Werkzaamheid.id
        )
        .where(
            visible_to(actor),
            Werkzaamheid.status.in_(GETELD),
            Werkzaamheid.eerste_dag.between(periode.eerste, periode.laatste),
        )
        .group_by(Werkzaamheid.id, koppeling.kern_id)
    )
