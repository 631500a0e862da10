"""Who is asking, in this request."""

from flask import g
from flask_login import current_user
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.actor import BEZOEKER, Actor
from kernenkaart.tijd import today
from kernenkaart.toegang.models import Gebruiker, Lidmaatschap, Toewijzing


def current_actor() -> Actor:
    """The actor of this request; looked up once."""
    if "actor" not in g:
        # the wrapped object: a lazy proxy would look it up again and again
        gebruiker = current_user._get_current_object()
        g.actor = (
            actor_of(db.session(), gebruiker) if isinstance(gebruiker, Gebruiker) else BEZOEKER
        )
    actor: Actor = g.actor
    return actor


def actor_of(session: Session, gebruiker: Gebruiker) -> Actor:
    """The actor behind an account, with its memberships and kernen of today; one statement."""
    dag = today()

    def geldt(model: type[Lidmaatschap] | type[Toewijzing]) -> object:
        return and_(
            model.gebruiker_id == gebruiker.id,
            model.van <= dag,
            or_(model.tot.is_(None), model.tot >= dag),
        )

    platform_ids, kern_ids = session.execute(
        select(
            select(func.array_agg(Lidmaatschap.platform_id.distinct()))
            .where(geldt(Lidmaatschap))  # type: ignore[arg-type]
            .scalar_subquery(),
            select(func.array_agg(Toewijzing.kern_id.distinct()))
            .where(geldt(Toewijzing))  # type: ignore[arg-type]
            .scalar_subquery(),
        )
    ).one()
    return Actor(
        gebruiker_id=gebruiker.id,
        naam=gebruiker.naam,
        rol=gebruiker.rol,
        platform_ids=frozenset(platform_ids or ()),
        organisatie_id=gebruiker.organisatie_id,
        kern_ids=frozenset(kern_ids or ()),
    )
