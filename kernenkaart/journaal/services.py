"""Say in whose name a transaction writes."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor


def sign(session: Session, actor: Actor) -> None:
    """Write ``actor`` beside every change of this transaction (``SET LOCAL``)."""
    session.execute(
        text("SELECT set_config('kernenkaart.gebruiker_id', :id, true)"),
        {"id": "" if actor.gebruiker_id is None else str(actor.gebruiker_id)},
    )
