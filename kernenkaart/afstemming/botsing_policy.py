"""Who sees a clash, and for which side somebody speaks."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from kernenkaart.activiteiten import policy as activiteiten
from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.actor import Actor
from kernenkaart.afstemming.botsing_models import Kant
from kernenkaart.werkzaamheden import policy as werkzaamheden
from kernenkaart.werkzaamheden.models import Werkzaamheid


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The clashes ``actor`` may see, of rows with both the work and the activity.

    Who is a party (staff is always) and may see both sides: so a draft clashes for its owner only.
    """
    return and_(werkzaamheden.visible_to(actor), activiteiten.visible_to(actor), _is_party(actor))


def _is_party(actor: Actor) -> ColumnElement[bool]:
    if actor.is_medewerker:
        return true()
    sides: list[ColumnElement[bool]] = [false()]
    if actor.is_ketenpartner and actor.organisatie_id is not None:
        sides.append(Werkzaamheid.organisatie_id == actor.organisatie_id)
    if actor.platform_ids:
        sides.append(Activiteit.platform_id.in_(sorted(actor.platform_ids)))
    return or_(*sides)


def is_own(actor: Actor) -> ColumnElement[bool]:
    """Of the clashes that ``actor`` sees, those that are for him to settle."""
    own: list[ColumnElement[bool]] = [false()]
    if actor.organisatie_id is not None and not actor.is_gebiedsmakelaar:
        own.append(Werkzaamheid.organisatie_id == actor.organisatie_id)
    if actor.platform_ids:
        own.append(Activiteit.platform_id.in_(sorted(actor.platform_ids)))
    if actor.kern_ids:
        kernen = sorted(actor.kern_ids)
        own += [Werkzaamheid.kern_id.in_(kernen), Activiteit.kern_id.in_(kernen)]
    return or_(*own)


def sides_of(actor: Actor, werk: Werkzaamheid, activiteit: Activiteit) -> frozenset[Kant]:
    """For which sides ``actor`` speaks; a gebiedsmakelaar also for the groups of the own kernen."""
    sides = set()
    if werkzaamheden.may_change(actor, werk):
        sides.add(Kant.WERKZAAMHEID)
    eigen_kern = actor.is_gebiedsmakelaar and activiteit.kern_id in actor.kern_ids
    if activiteiten.may_change(actor, activiteit) or eigen_kern:
        sides.add(Kant.ACTIVITEIT)
    return frozenset(sides)
