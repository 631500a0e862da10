"""What the page of a work says about others: its startcheck, its pairs, what is done together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, contains_eager

from kernenkaart.actor import Actor
from kernenkaart.afstemming.koppel_models import Keuze, Koppelbesluit, Koppelkans
from kernenkaart.afstemming.koppel_policy import outcome_is_public, visible_to
from kernenkaart.afstemming.koppel_queries import A, B, Gecombineerd
from kernenkaart.afstemming.startcheck_record import WerkStand, stand_of

PAREN_MAX = 10
LEES_MAX = 50


@dataclass(frozen=True)
class BijWerk:
    """What there is to say on the page of one work.

    Attributes:
        stand: how it stands with its startcheck.
        kansen: its pairs that the reader may see, the highest score first.
        besluiten: what was last decided about each of those, by the key of the pair.
        samen: what everybody may know that it is combined with, the greatest saving first.
    """

    stand: WerkStand
    kansen: Sequence[Koppelkans]
    besluiten: Mapping[int, Koppelbesluit]
    samen: Sequence[Gecombineerd]


def find_bij_werk(session: Session, actor: Actor, werkzaamheid_id: int, dag: date) -> BijWerk:
    """What there is to say of a work on ``dag`` to ``actor``, who may see it; one statement."""
    rows = session.execute(_statement(actor, werkzaamheid_id, dag)).all()
    paren = [row for row in rows if row.Koppelkans is not None]
    samen = [
        Gecombineerd(row.Koppelkans.a, row.Koppelkans.b, row.Koppelbesluit)
        for row in paren
        if row.openbaar
    ]
    return BijWerk(
        WerkStand(**{naam: rows[0]._mapping[naam] for naam in WerkStand.__dataclass_fields__}),
        sorted((row.Koppelkans for row in paren if row.te_zien), key=lambda een: -een.score)[
            :PAREN_MAX
        ],
        {
            row.Koppelkans.id: row.Koppelbesluit
            for row in paren
            if row.te_zien and row.Koppelbesluit
        },
        sorted(samen, key=lambda een: -een.besluit.bespaard_dagen),
    )


def _statement(actor: Actor, werkzaamheid_id: int, dag: date) -> Any:
    stand = stand_of(werkzaamheid_id, dag).subquery("stand")
    te_zien = visible_to(actor)
    openbaar = and_(Koppelkans.keuze == Keuze.COMBINEREN, Koppelkans.past, outcome_is_public())
    hier = or_(Koppelkans.a_id == werkzaamheid_id, Koppelkans.b_id == werkzaamheid_id)
    return (
        select(
            stand,
            Koppelkans,
            Koppelbesluit,
            te_zien.label("te_zien"),
            openbaar.label("openbaar"),
        )
        .select_from(stand)
        .outerjoin(Koppelkans, and_(hier, or_(te_zien, openbaar)))
        .outerjoin(A, Koppelkans.a_id == A.id)
        .outerjoin(B, Koppelkans.b_id == B.id)
        .outerjoin(
            Koppelbesluit,
            and_(
                Koppelbesluit.koppelkans_id == Koppelkans.id,
                Koppelbesluit.nummer == Koppelkans.besluiten,
            ),
        )
        .options(contains_eager(Koppelkans.a.of_type(A)), contains_eager(Koppelkans.b.of_type(B)))
        # what is done together is told, however low its score
        .order_by((Koppelkans.keuze == Keuze.COMBINEREN).desc().nulls_last(),
                  Koppelkans.score.desc(), Koppelkans.id)
        .limit(LEES_MAX)
    )  # fmt: skip
