"""From which source a work came, for who keeps it.

What a source is, a floor above knows (``werkbronnen``); its tables are asked by name, together with
the work.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.db import Model
from kernenkaart.werkzaamheden.models import Werkzaamheid
from kernenkaart.werkzaamheden.queries import of_one, or_not_found


@dataclass(frozen=True)
class Herkomst:
    """The source that a work came from.

    Attributes:
        gelezen_op: when it was read last; None when it never was.
        eigen: whether the work was changed by hand since, and no longer follows.
    """

    bron_id: int
    naam: str
    gelezen_op: datetime | None
    eigen: bool


def get_with_herkomst(
    session: Session, actor: Actor, werkzaamheid_id: int
) -> tuple[Werkzaamheid, Herkomst | None]:
    """A work as ``get_werkzaamheid`` gives it, and its source; one statement.

    Returns:
        The work, and None when it was typed here.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    bron = Model.metadata.tables["werkbron"].c
    item = Model.metadata.tables["werkbronitem"].c
    rows = session.execute(
        of_one(actor, werkzaamheid_id)
        .add_columns(
            bron.id.label("bron_id"),
            bron.naam,
            bron.gelezen_op,
            (Werkzaamheid.versie != item.werkzaamheid_versie).label("eigen"),
        )
        .outerjoin(item.id.table, item.werkzaamheid_id == Werkzaamheid.id)
        .outerjoin(bron.id.table, bron.id == item.bron_id)
    )
    row = or_not_found(rows.unique().one_or_none())
    herkomst = Herkomst(row.bron_id, row.naam, row.gelezen_op, row.eigen) if row.bron_id else None
    return row.Werkzaamheid, herkomst
