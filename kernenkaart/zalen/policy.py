"""Who keeps the list of halls."""

from kernenkaart.actor import Actor


def may_keep_some(actor: Actor) -> bool:
    """Whether ``actor`` keeps any halls at all."""
    return actor.is_beheerder or actor.is_gebiedsmakelaar


def may_keep(actor: Actor, kern_id: int) -> bool:
    """Whether ``actor`` may change the halls of this kern: beheerders, and its gebiedsmakelaar."""
    return actor.is_beheerder or (actor.is_gebiedsmakelaar and kern_id in actor.kern_ids)
