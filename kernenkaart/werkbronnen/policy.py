"""Who may read works into the kernenkaart."""

from sqlalchemy import ColumnElement, false, true

from kernenkaart.actor import Actor
from kernenkaart.werkbronnen.models import Werkbron
from kernenkaart.werkzaamheden.policy import may_post


def may_manage(actor: Actor, bron: Werkbron) -> bool:
    """Whether ``actor`` may see and change this source: who may post for its organisation."""
    return may_post(actor, bron.organisatie_id)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The sources that ``actor`` may manage, as ``may_manage`` says it of one."""
    if actor.is_medewerker:
        return true()
    if not actor.is_ketenpartner:
        return false()
    return Werkbron.organisatie_id == actor.organisatie_id
