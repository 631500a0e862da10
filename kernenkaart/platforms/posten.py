"""For whom and for which kern something is posted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from kernenkaart.actor import Actor
from kernenkaart.db import Model
from kernenkaart.errors import Conflict, NotAllowed, NotFound
from kernenkaart.kernen.models import Kern
from kernenkaart.platforms.models import Platform, PlatformKern

Row = TypeVar("Row", bound=Model)


def find_own(session: Session, actor: Actor) -> Sequence[Platform]:
    """The active platforms that ``actor`` posts for, with their kernen, by name."""
    mine = true() if actor.is_beheerder else Platform.id.in_(sorted(actor.platform_ids))
    return session.scalars(
        select(Platform)
        .where(Platform.actief, mine)
        .options(selectinload(Platform.kernen))
        .order_by(Platform.naam)
    ).all()


def get_own(session: Session, platform_id: int, *, mag: bool) -> Platform:
    """The platform in whose name something is posted.

    Args:
        mag: what the policy says.

    Raises:
        NotAllowed: if the policy says no.
        NotFound: if there is no such platform, or it is no longer active.
    """
    if not mag:
        raise NotAllowed("Je plaatst alleen namens je eigen groep.")
    platform = session.get(Platform, platform_id)
    if platform is None or not platform.actief:
        raise NotFound("Deze groep bestaat niet (meer).")
    return platform


def add_once(session: Session, row: Row, find: Callable[[], Row | None]) -> Row:
    """Store ``row``; or give what somebody stored with the same key at the same moment.

    Args:
        find: what this platform has stored with the key, now.

    Raises:
        Conflict: if another platform used the key.
    """
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:  # the unique key has the last word
        eerder = find()
        if eerder is None:
            raise Conflict("Dit formulier is al gebruikt. Begin een nieuw formulier.") from error
        return eerder
    return row


@dataclass(frozen=True)
class KernKeuze:
    """A kern to choose; ``eigen`` tells whether the platform is active there."""

    id: int
    naam: str
    slug: str
    eigen: bool


def find_kernen(session: Session, platform_id: int) -> list[KernKeuze]:
    """All kernen to choose from, those of the platform first."""
    mine = Kern.id.in_(select(PlatformKern.kern_id).where(PlatformKern.platform_id == platform_id))
    rows = session.execute(
        select(Kern.id, Kern.naam, Kern.slug, mine.label("eigen")).order_by(mine.desc(), Kern.naam)
    )
    return [KernKeuze(row.id, row.naam, row.slug, row.eigen) for row in rows]
