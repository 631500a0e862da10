"""Who may see and change activities."""

from sqlalchemy import ColumnElement, or_, true

from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.actor import Actor

OPENBAAR = (Status.VERWACHT, Status.GEPUBLICEERD, Status.AFGELAST)


def may_post(actor: Actor, platform_id: int) -> bool:
    """Whether ``actor`` may post in the name of this platform; beheerders help out."""
    return actor.is_beheerder or platform_id in actor.platform_ids


def may_change(actor: Actor, activiteit: Activiteit | Reeks) -> bool:
    """Whether ``actor`` may edit, call off or withdraw this activity or series."""
    return may_post(actor, activiteit.platform_id)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows ``actor`` may see: what is published, and all that ``actor`` may change."""
    if actor.is_beheerder:
        return true()
    published = Activiteit.status.in_(OPENBAAR)
    if not actor.platform_ids:
        return published
    return or_(published, Activiteit.platform_id.in_(sorted(actor.platform_ids)))
