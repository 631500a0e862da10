"""Who may read a calendar into the kernenkaart."""

from kernenkaart.activiteiten.policy import may_post
from kernenkaart.actor import Actor
from kernenkaart.kalenderbronnen.models import Kalenderbron


def may_manage(actor: Actor, platform_id: int) -> bool:
    """Whether ``actor`` may add and change the calendars of this platform: who may post for it."""
    return may_post(actor, platform_id)


def actor_of(bron: Kalenderbron) -> Actor:
    """In whose name a calendar writes: its own, which speaks for its platform and nobody else."""
    return Actor(naam=bron.naam, platform_ids=frozenset({bron.platform_id}))
