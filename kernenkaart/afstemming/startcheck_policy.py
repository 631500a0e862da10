"""Who may see a startcheck, and keep it: staff all, partners those of their own organisation."""

from sqlalchemy import ColumnElement, false, or_, select, true

from kernenkaart.actor import Actor
from kernenkaart.afstemming.startcheck_models import Startcheck
from kernenkaart.werkzaamheden.models import Werkzaamheid


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The checks ``actor`` may see, and may write in who was told.

    Partners see those that their organisation made and those of its works.
    """
    if actor.is_medewerker:
        return true()
    if not actor.is_ketenpartner or actor.organisatie_id is None:
        return false()
    eigen_werk = select(Werkzaamheid.id).where(Werkzaamheid.organisatie_id == actor.organisatie_id)
    return or_(
        Startcheck.organisatie_id == actor.organisatie_id,
        Startcheck.werkzaamheid_id.in_(eigen_werk),
    )


def may_check(actor: Actor) -> bool:
    """Whether ``actor`` may do a startcheck: whoever plans works."""
    return actor.is_medewerker or actor.is_ketenpartner
