"""Who may change what belongs to a kern."""

from kernenkaart.actor import Actor
from kernenkaart.kernen.models import Spreekuur


def may_keep_spreekuur(actor: Actor) -> bool:
    """Whether ``actor`` has a weekly hour of its own."""
    return actor.is_gebiedsmakelaar


def may_change_spreekuur(actor: Actor, spreekuur: Spreekuur) -> bool:
    """Whether ``actor`` may change this hour: the own one; beheerders any."""
    return actor.is_beheerder or (
        actor.is_ingelogd and spreekuur.gebruiker_id == actor.gebruiker_id
    )
