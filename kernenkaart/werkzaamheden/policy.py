"""Who may see and change works."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from kernenkaart.actor import Actor
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid


def may_post(actor: Actor, organisatie_id: int) -> bool:
    """Whether ``actor`` may post for it: staff for every one, partners for their own."""
    if actor.is_medewerker:
        return True
    return actor.is_ketenpartner and actor.organisatie_id == organisatie_id


def may_change(actor: Actor, werkzaamheid: Werkzaamheid) -> bool:
    """Whether ``actor`` may change this work."""
    return may_post(actor, werkzaamheid.organisatie_id)


def may_read_notitie(actor: Actor, werkzaamheid: Werkzaamheid) -> bool:
    """Whether ``actor`` may read its internal note: its own organisation and staff."""
    return may_change(actor, werkzaamheid)


def changeable_by(actor: Actor) -> ColumnElement[bool]:
    """The rows ``actor`` may change, as ``may_change`` says it of one."""
    if actor.is_medewerker:
        return true()
    if not actor.is_ketenpartner:
        return false()
    return Werkzaamheid.organisatie_id == actor.organisatie_id


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows ``actor`` may see.

    Visitors see what is public and no concept; partners see what is internal too; a concept is
    seen by its own organisation and by staff.
    """
    if actor.is_medewerker:
        return true()
    published = Werkzaamheid.status != Status.CONCEPT
    if not actor.is_ketenpartner:
        return and_(published, Werkzaamheid.openbaar)
    return or_(published, Werkzaamheid.organisatie_id == actor.organisatie_id)
