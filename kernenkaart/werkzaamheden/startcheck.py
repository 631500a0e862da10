"""A work is only confirmed after its startcheck, or with a reason why it needs none.

What a startcheck is, a floor above knows (``afstemming``); its tables are asked by name. What was
confirmed before there were startchecks stays so: only becoming certain is guarded.
"""

from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Table, bindparam, column, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.db import Model
from kernenkaart.errors import Invalid
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.tijd import now
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid

ZEKER = (Status.BEVESTIGD, Status.BEZIG)
REDEN_MAX = 500


class StartcheckNodig(Invalid):
    """A work would become certain while nobody looked who has to know."""

    def __init__(self) -> None:
        super().__init__(
            "Doe eerst de startcheck. Of vul in waarom die hier niet nodig is.", veld="status"
        )


def require_startcheck(
    session: Session, werk: Werkzaamheid, wordt: Status, geom: BaseGeometry | None
) -> None:
    """Refuse to make a work certain without a startcheck of all its kernen or an exemption.

    What was certain already stays so. The newest startcheck counts. One statement.

    Args:
        werk: with the status it has; a work that is not stored yet can have neither.
        wordt: the status it is to have.
        geom: where it is to be, valid, in RD; None only of a new one.

    Raises:
        StartcheckNodig: if it has neither.
    """
    if wordt not in ZEKER or werk.status in ZEKER:
        return
    if werk.id is None or geom is None or not session.scalar(_may_be_certain(werk.id, geom)):
        raise StartcheckNodig


def state_exemption(session: Session, actor: Actor, werkzaamheid_id: int, reden: str) -> None:
    """Keep why a work needs no startcheck, by whom and when; the last one said counts.

    Raises:
        Invalid: if no reason is given, or too long a one.
    """
    if not reden.strip():
        raise Invalid("Vul in waarom een startcheck hier niet nodig is.", veld="vrijstelling")
    if len(reden) > REDEN_MAX:
        raise Invalid(f"Maak dit korter: hoogstens {REDEN_MAX} tekens.", veld="vrijstelling")
    # who says the same again is not who said it first
    values = {"reden": reden, "gebruiker_id": actor.gebruiker_id, "gemaakt_op": now()}
    vrijstelling = _table("startcheck_vrijstelling")
    session.execute(
        insert(vrijstelling)
        .values(werkzaamheid_id=werkzaamheid_id, **values)
        .on_conflict_do_update(
            index_elements=["werkzaamheid_id"],
            set_=values,
            where=vrijstelling.c.reden != reden,
        )
    )


def _table(naam: str) -> Table:
    return Model.metadata.tables[naam]


def _may_be_certain(werkzaamheid_id: int, geom: BaseGeometry) -> Any:
    check, kern = _table("startcheck").c, _table("startcheck_kern").c
    vrij = _table("startcheck_vrijstelling").c
    laatste = (
        select(check.id)
        .where(check.werkzaamheid_id == werkzaamheid_id)
        .order_by(check.gemaakt_op.desc(), check.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    geraakt = func.kern_aandelen(bindparam(None, geom, type_=RDGeometry())).table_valued(
        column("kern_id")
    )
    overgeslagen = select(geraakt.c.kern_id).where(
        geraakt.c.kern_id.not_in(select(kern.kern_id).where(kern.startcheck_id == laatste))
    )
    return select(
        or_(
            exists().where(vrij.werkzaamheid_id == werkzaamheid_id),
            laatste.is_not(None) & ~overgeslagen.exists(),
        )
    )
