"""Which halls there are: to choose from, and to keep."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from kernenkaart.actor import Actor
from kernenkaart.errors import NotAllowed, NotFound
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plek import Plek
from kernenkaart.zalen.models import Zaal
from kernenkaart.zalen.policy import may_keep


def find_zalen_in(session: Session, kern_id: int) -> dict[str, Zaal]:
    """The halls of a kern that are in use, with that kern, by name in small letters."""
    found = session.scalars(
        select(Zaal)
        .where(Zaal.kern_id == kern_id, Zaal.actief)
        .options(joinedload(Zaal.kern).load_only(Kern.naam))
        .order_by(Zaal.naam)
    )
    return {zaal.naam.lower(): zaal for zaal in found}


def find_kept(session: Session, actor: Actor) -> Sequence[Zaal]:
    """The halls that ``actor`` keeps, with their kern, by kern and name; also out of use."""
    mijn = true() if actor.is_beheerder else Zaal.kern_id.in_(sorted(actor.kern_ids))
    return session.scalars(
        select(Zaal)
        .join(Zaal.kern)
        .where(mijn)
        .options(contains_eager(Zaal.kern).load_only(Kern.naam))
        .order_by(Kern.naam, Zaal.naam)
    ).all()


def get_kept(session: Session, actor: Actor, zaal_id: int) -> Zaal:
    """A hall that ``actor`` keeps.

    Raises:
        NotFound: if there is none.
        NotAllowed: if somebody else keeps it.
    """
    zaal = session.get(Zaal, zaal_id)
    if zaal is None:
        raise NotFound("Deze zaal bestaat niet (meer).")
    if not may_keep(actor, zaal.kern_id):
        raise NotAllowed("Je verandert alleen zalen in je eigen kernen.")
    return zaal


def plek_in(zaal: Zaal | None, plek: Plek) -> Plek:
    """``plek``, with what it leaves open filled in by the hall: where it is, and its name.

    A point that was given stays, and so does a place that is not known yet.
    """
    if zaal is None or plek.onbekend:
        return plek
    return replace(plek, punt=plek.punt or zaal.geom, naam=plek.naam or zaal.naam)
