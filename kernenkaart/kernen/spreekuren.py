"""Set the weekly hour of a gebiedsmakelaar. The caller commits."""

from dataclasses import dataclass
from datetime import time

from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid, NotAllowed, NotFound
from kernenkaart.kernen.models import Spreekuur
from kernenkaart.kernen.policy import may_change_spreekuur, may_keep_spreekuur


@dataclass(frozen=True)
class NieuwSpreekuur:
    """A weekly hour as it was filled in; ``weekdag`` 1 is Monday."""

    weekdag: int
    van: time
    tot: time
    plek: str
    kern_id: int | None = None


def get_spreekuur(session: Session, actor: Actor, spreekuur_id: int) -> Spreekuur:
    """An hour that ``actor`` may change.

    Raises:
        NotFound: if it does not exist, or is somebody else's.
    """
    spreekuur = session.get(Spreekuur, spreekuur_id)
    if spreekuur is None or not may_change_spreekuur(actor, spreekuur):
        raise NotFound("Dit spreekuur bestaat niet (meer).")
    return spreekuur


def save_spreekuur(
    session: Session, actor: Actor, nieuw: NieuwSpreekuur, spreekuur: Spreekuur | None = None
) -> Spreekuur:
    """Change an hour, or add one of one's own.

    Raises:
        NotAllowed: if ``actor`` has no hours, or this one is somebody else's.
        Invalid: if it does not end after it begins, or has no place.
    """
    if spreekuur is None:
        if not may_keep_spreekuur(actor):
            raise NotAllowed("Alleen een gebiedsmakelaar heeft een spreekuur.")
    elif not may_change_spreekuur(actor, spreekuur):
        raise NotAllowed
    if nieuw.tot <= nieuw.van:
        raise Invalid(
            "De eindtijd is vroeger dan de begintijd. Vul een latere tijd in.", veld="tot"
        )
    if not nieuw.plek:
        raise Invalid("Vul een plek in. Bijvoorbeeld: Dorpshuis.", veld="plek")
    spreekuur = spreekuur or Spreekuur(gebruiker_id=actor.gebruiker_id)
    for naam, waarde in vars(nieuw).items():
        setattr(spreekuur, naam, waarde)
    session.add(spreekuur)
    session.flush()
    return spreekuur


def remove_spreekuur(session: Session, actor: Actor, spreekuur: Spreekuur) -> None:
    """Take an hour away.

    Raises:
        NotAllowed: if it is somebody else's.
    """
    if not may_change_spreekuur(actor, spreekuur):
        raise NotAllowed
    session.delete(spreekuur)
    session.flush()
