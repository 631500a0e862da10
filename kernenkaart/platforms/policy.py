"""Who may see which group of residents."""

from sqlalchemy import ColumnElement, and_, or_, true

from kernenkaart.actor import Actor
from kernenkaart.platforms.models import Platform, Zichtbaarheid


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The groups ``actor`` may see.

    Everyone sees what is public and active; staff also what is internal; a beheerder sees all,
    and so does everybody of the own groups.
    """
    if actor.is_beheerder:
        return true()
    zichtbaar = [Zichtbaarheid.OPENBAAR]
    if actor.is_medewerker:
        zichtbaar.append(Zichtbaarheid.INTERN)
    rule = and_(Platform.zichtbaarheid.in_(zichtbaar), Platform.actief)
    if not actor.platform_ids:
        return rule
    return or_(rule, Platform.id.in_(sorted(actor.platform_ids)))
