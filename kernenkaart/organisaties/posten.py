"""For which organisation works and projects are posted."""

from collections.abc import Sequence

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.organisaties.models import Organisatie


def find_own(session: Session, actor: Actor) -> Sequence[Organisatie]:
    """The active organisations that ``actor`` posts for: staff for all, partners for their own."""
    mine = true() if actor.is_medewerker else Organisatie.id == actor.organisatie_id
    return session.scalars(
        select(Organisatie).where(Organisatie.actief, mine).order_by(Organisatie.naam)
    ).all()
