"""Who may see and change initiatives."""

from sqlalchemy import ColumnElement, or_, true

from kernenkaart.actor import Actor
from kernenkaart.initiatieven.models import Initiatief, Status

VERBORGEN = (Status.CONCEPT, Status.INGETROKKEN)


def may_post(actor: Actor, platform_id: int) -> bool:
    """Whether ``actor`` may post in the name of this platform; beheerders help out."""
    return actor.is_beheerder or platform_id in actor.platform_ids


def may_change(actor: Actor, initiatief: Initiatief) -> bool:
    """Whether ``actor`` may edit or withdraw this initiative."""
    return may_post(actor, initiatief.platform_id)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows ``actor`` may see: what is published, and all that ``actor`` may change."""
    if actor.is_beheerder:
        return true()
    published = Initiatief.status.not_in(VERBORGEN)
    if not actor.platform_ids:
        return published
    return or_(published, Initiatief.platform_id.in_(sorted(actor.platform_ids)))
