"""What something would clash with if it were saved: it is saved, looked at, and undone.

So what one is warned for while filling in a form is what saving finds, by the same code.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.afstemming.botsing_kijken import watch
from kernenkaart.afstemming.botsing_queries import Rij, find_of
from kernenkaart.afstemming.vuil import find_changed
from kernenkaart.errors import KernenkaartError


def find_straks(
    session: Session,
    actor: Actor,
    save: Callable[[], object],
    *,
    werk_id: int | None = None,
    activiteit_id: int | None = None,
) -> Sequence[Rij]:
    """The clashes ``actor`` would see after ``save``, worst first; nothing stays of it.

    Args:
        save: changes the database with ``session``, and does not commit.
        werk_id: the work that is changed: what it clashes with already counts too.
        activiteit_id: the same of an activity.

    Returns:
        Empty also when it cannot be saved as it is, or when somebody holds what is needed:
        saving itself will tell.
    """
    try:
        with _undone(session):
            save()
            session.flush()
            werk_ids, activiteit_ids = find_changed(session)
            watch(session, werk_ids, activiteit_ids)
            return find_of(
                session,
                actor,
                [*werk_ids, *filter(None, [werk_id])],
                [*activiteit_ids, *filter(None, [activiteit_id])],
            )
    except (KernenkaartError, OperationalError):
        return []


@contextmanager
def _undone(session: Session) -> Iterator[None]:
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
