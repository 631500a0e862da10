"""Keys with which programs use the API: make one, show which there are, revoke, recognise.

A key reads ``kk_<begin>_<geheim>``. The begin finds the row, the sha256 of the whole text proves
the rest; 256 random bits need no slow hash. Whoever reads the table can use none of them.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid, NotAllowed, NotFound
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Recht, Toegangssleutel
from kernenkaart.toegang.queries import Drager, find_drager

AANTAL_MAX = 20
DAGEN = (30, 90, 365)
SEEN_EVERY = timedelta(minutes=1)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
_VORM = re.compile(r"kk_([a-z2-9]{10})_[A-Za-z0-9_-]{43}")


def may_hold(actor: Actor) -> bool:
    """Whether ``actor`` may have keys: who plans works, and nobody else."""
    return actor.is_medewerker or actor.is_ketenpartner


def make_sleutel(
    session: Session, actor: Actor, *, naam: str, rechten: Iterable[Recht], dagen: int
) -> tuple[Toegangssleutel, str]:
    """A new key of ``actor``. The caller commits.

    Args:
        dagen: after so many days it no longer works.

    Returns:
        The row, and the key itself: to be shown once, for it is kept nowhere.

    Raises:
        NotAllowed: if ``actor`` may have none.
        Invalid: without a name or a right, for another time than is offered, or with too many.
    """
    if not may_hold(actor) or actor.gebruiker_id is None:
        raise NotAllowed
    rechten = sorted(set(rechten))
    if not naam:
        raise Invalid("Vul in waar je de sleutel voor gebruikt.", veld="naam")
    if not rechten:
        raise Invalid("Kies wat het programma mag.", veld="rechten")
    if dagen not in DAGEN:
        raise Invalid("Kies hoe lang de sleutel werkt.", veld="dagen")
    moment = now()
    if count_active(session, actor.gebruiker_id, moment) >= AANTAL_MAX:
        raise Invalid(f"Je hebt al {AANTAL_MAX} sleutels. Trek er eerst een in.")
    begin = "".join(secrets.choice(_LETTERS) for _ in range(10))
    token = f"kk_{begin}_{secrets.token_urlsafe(32)}"
    sleutel = Toegangssleutel(
        gebruiker_id=actor.gebruiker_id,
        naam=naam,
        begin=begin,
        hash=_hash(token),
        rechten=[recht.value for recht in rechten],
        verloopt_op=moment + timedelta(days=dagen),
    )
    session.add(sleutel)
    session.flush()
    return sleutel, token


def find_sleutels(session: Session, gebruiker_id: int) -> Sequence[Toegangssleutel]:
    """All keys of an account, also those that no longer work; the newest first."""
    return session.scalars(
        select(Toegangssleutel)
        .where(Toegangssleutel.gebruiker_id == gebruiker_id)
        .order_by(Toegangssleutel.id.desc())
    ).all()


def get_sleutel(session: Session, actor: Actor, sleutel_id: int) -> Toegangssleutel:
    """A key of ``actor`` itself.

    Raises:
        NotFound: if there is none, or it is somebody else's.
    """
    sleutel = session.get(Toegangssleutel, sleutel_id)
    if sleutel is None or sleutel.gebruiker_id != actor.gebruiker_id:
        raise NotFound("Deze sleutel bestaat niet (meer).")
    return sleutel


def revoke(session: Session, actor: Actor, sleutel_id: int) -> Toegangssleutel:
    """Make a key worthless from the next request on. The caller commits; twice is no error.

    Raises:
        NotFound: as in ``get_sleutel``.
    """
    sleutel = get_sleutel(session, actor, sleutel_id)
    sleutel.ingetrokken_op = sleutel.ingetrokken_op or now()
    session.flush()
    return sleutel


def count_active(session: Session, gebruiker_id: int, moment: datetime) -> int:
    """How many keys of this account work at ``moment``."""
    return session.execute(
        select(func.count())
        .select_from(Toegangssleutel)
        .where(
            Toegangssleutel.gebruiker_id == gebruiker_id,
            Toegangssleutel.ingetrokken_op.is_(None),
            Toegangssleutel.verloopt_op > moment,
        )
    ).scalar_one()


def recognise(
    session: Session, token: str, moment: datetime, mits: ColumnElement[bool] | None = None
) -> Drager | None:
    """Whose key this is, if it works at ``moment``; the secret is compared in constant time.

    Args:
        mits: what must hold besides, in the same statement.
    """
    found = _VORM.fullmatch(token)
    mits = true() if mits is None else mits
    drager = find_drager(session, found[1], moment, mits) if found else None
    stored = drager.sleutel.hash if drager else bytes(32)
    fits = hmac.compare_digest(stored, _hash(token))
    return drager if fits else None


def note_use(session: Session, sleutel: Toegangssleutel, moment: datetime) -> bool:
    """Remember that a key was used, once a minute at most; True if the caller must commit."""
    if sleutel.gezien_op is not None and moment - sleutel.gezien_op < SEEN_EVERY:
        return False
    sleutel.gezien_op = moment
    session.flush()
    return True


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
