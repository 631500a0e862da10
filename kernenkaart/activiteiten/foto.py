"""Give an activity a photo, or take it away. The caller commits."""

from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.services import lock
from kernenkaart.actor import Actor
from kernenkaart.beelden.models import Beeld
from kernenkaart.beelden.services import Foto, put_beeld, remove_beeld


def put_foto(
    session: Session, actor: Actor, activiteit_id: int, foto: Foto, *, alt: str, bron: str
) -> Activiteit:
    """Show this photo with the activity, in place of the one before.

    Args:
        alt: what there is to see.
        bron: who made it; empty when that is not told.

    Raises:
        NotFound, NotAllowed: as in ``services.lock``.
        Invalid: if it is not told what there is to see.
    """
    activiteit = lock(session, actor, activiteit_id)
    _remove(session, activiteit)
    activiteit.beeld_id = put_beeld(session, foto, alt=alt, bron=bron, openbaar=True).id
    session.flush()
    return activiteit


def remove_foto(session: Session, actor: Actor, activiteit_id: int) -> Activiteit:
    """Take the photo away; where there is none, nothing happens.

    Raises:
        NotFound, NotAllowed: as in ``services.lock``.
    """
    activiteit = lock(session, actor, activiteit_id)
    _remove(session, activiteit)
    return activiteit


def _remove(session: Session, activiteit: Activiteit) -> None:
    was = activiteit.beeld_id and session.get(Beeld, activiteit.beeld_id)
    activiteit.beeld_id = None
    session.flush()
    if was:
        remove_beeld(session, was)
