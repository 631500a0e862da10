"""Keep the list of halls. The caller commits."""

from dataclasses import dataclass

from shapely.geometry import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotAllowed
from kernenkaart.kernen.plek import ZELFDE_M, Plek, find_kern_of
from kernenkaart.zalen.models import Zaal
from kernenkaart.zalen.policy import may_keep, may_keep_some


@dataclass(frozen=True)
class ZaalGegevens:
    """What somebody fills in about a hall.

    Attributes:
        adres: street and number; empty is not known.
        punt: RD point.
        kern_id: the kern it belongs to; None is the one it lies in, or else the nearest.
    """

    naam: str
    adres: str
    punt: Point
    kern_id: int | None
    actief: bool


def save_zaal(
    session: Session,
    actor: Actor,
    gegevens: ZaalGegevens,
    *,
    marge_m: float,
    zaal: Zaal | None = None,
    versie: int | None = None,
) -> Zaal:
    """Make a hall, or change the given one. What was posted in it stays where it is.

    Args:
        marge_m: how far it may lie outside every kern, metres.
        versie: the version the editor started from.

    Raises:
        NotAllowed: if ``actor`` keeps no halls, or not this one.
        Invalid: beside its field, if it has no name, lies too far away or in a kern of somebody
            else, or is in the list already.
        Conflict: if somebody else changed it meanwhile.
    """
    if not may_keep_some(actor) or (zaal and not may_keep(actor, zaal.kern_id)):
        raise NotAllowed("Je verandert alleen zalen in je eigen kernen.")
    if zaal is not None and versie != zaal.versie:
        raise Conflict
    kern_id = _check(session, actor, gegevens, zaal, marge_m)
    zaal = zaal or Zaal(geom=gegevens.punt)
    if zaal.geom.distance(gegevens.punt) > ZELFDE_M:
        zaal.geom = gegevens.punt
    zaal.kern_id, zaal.naam, zaal.adres = kern_id, gegevens.naam, gegevens.adres or None
    zaal.actief = gegevens.actief
    session.add(zaal)
    session.flush()
    return zaal


def _check(
    session: Session, actor: Actor, gegevens: ZaalGegevens, zaal: Zaal | None, marge_m: float
) -> int:
    nearest = find_kern_of(session, Plek(punt=gegevens.punt), marge_m=marge_m)
    if nearest is None:
        raise Invalid(
            "Deze plek ligt te ver buiten de gemeente. Kies een andere plek.", veld="plek"
        )
    kern_id = gegevens.kern_id or nearest.id
    if not may_keep(actor, kern_id):
        raise Invalid("Deze plek ligt niet in een van jouw kernen. Kies een kern.", veld="kern")
    if not gegevens.naam:
        raise Invalid("Vul een naam in. Bijvoorbeeld: Dorpshuis.", veld="naam")
    twin = session.scalar(
        select(Zaal.id).where(
            Zaal.kern_id == kern_id, func.lower(Zaal.naam) == gegevens.naam.lower()
        )
    )
    if twin is not None and (zaal is None or twin != zaal.id):
        raise Invalid("Deze zaal staat al in de lijst van deze kern.", veld="naam")
    return kern_id
