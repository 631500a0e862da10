"""Who is asking, in this request."""

from flask import g, session
from flask_login import current_user

from kernenkaart import db
from kernenkaart.actor import BEZOEKER, Actor
from kernenkaart.toegang.cookies import ServerSession
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.toegang.queries import Aanmelding, actor_of


def current_actor() -> Actor:
    """The actor of this request; looked up once."""
    if "actor" not in g:
        # the wrapped object: a lazy proxy would look it up again and again
        gebruiker = current_user._get_current_object()
        g.actor = _actor(gebruiker) if isinstance(gebruiker, Gebruiker) else BEZOEKER
        if g.actor.is_ingelogd:
            g.actor_ingelogd = True  # what this person sees is kept nowhere
    actor: Actor = g.actor
    return actor


def current_aanmelding() -> Aanmelding | None:
    """The session this request came with, and its account; None for a visitor."""
    opened = session._get_current_object()  # type: ignore[attr-defined]
    return opened.aanmelding if isinstance(opened, ServerSession) else None


def _actor(gebruiker: Gebruiker) -> Actor:
    aanmelding = current_aanmelding()
    if aanmelding and aanmelding.actor and aanmelding.actor.gebruiker_id == gebruiker.id:
        return aanmelding.actor
    return actor_of(db.session(), gebruiker)
