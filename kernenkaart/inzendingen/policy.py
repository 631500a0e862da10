"""Who looks at what residents send in, before everyone sees it."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from kernenkaart.actor import Actor
from kernenkaart.inzendingen.models import Inzending, Status
from kernenkaart.platforms.models import Platform, PlatformKern, Zichtbaarheid


def is_moderator(actor: Actor) -> bool:
    """Whether ``actor`` may have anything to look at."""
    return bool(actor.is_beheerder or actor.platform_ids or actor.kern_ids)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """What ``actor`` moderates; nobody does what its sender has not confirmed.

    Whoever speaks for an active, public group of the kern, who serves the kern, and a beheerder.
    """
    return and_(Inzending.status != Status.ONBEVESTIGD, _of_kern(actor))


def _of_kern(actor: Actor) -> ColumnElement[bool]:
    if actor.is_beheerder:
        return true()
    rules: list[ColumnElement[bool]] = [false()]
    if actor.kern_ids:
        rules.append(Inzending.kern_id.in_(sorted(actor.kern_ids)))
    if actor.platform_ids:
        kernen = (
            select(PlatformKern.kern_id)
            .join(Platform, Platform.id == PlatformKern.platform_id)
            .where(Platform.id.in_(sorted(actor.platform_ids)), speaks_for_kern())
        )
        rules.append(Inzending.kern_id.in_(kernen))
    return or_(*rules)


def speaks_for_kern() -> ColumnElement[bool]:
    """The groups that look at what is sent in for their kernen."""
    return and_(Platform.actief, Platform.zichtbaarheid == Zichtbaarheid.OPENBAAR)
