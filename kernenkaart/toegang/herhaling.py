"""The same request sent twice is answered once: what ``Idempotency-Key`` asks for.

The row is written in the transaction of what the request does. So a request that fails leaves
nothing, and one that comes while the first is still busy waits for its answer.
"""

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernenkaart.errors import Conflict
from kernenkaart.toegang.models import Verzoek

BEWAARD = timedelta(days=1)


def claim(
    session: Session, gebruiker_id: int, sleutel: uuid.UUID, inhoud: bytes
) -> dict[str, Any] | None:
    """What was answered to this request before; None for the first, which must ``keep`` its answer.

    Args:
        sleutel: chosen by the program, per account.
        inhoud: all that the answer depends on.

    Raises:
        Conflict: if the key was used for something else.
    """
    vingerafdruk = hashlib.sha256(inhoud).digest()
    wanted = (Verzoek.gebruiker_id == gebruiker_id, Verzoek.sleutel == sleutel)
    while True:
        made = session.execute(
            insert(Verzoek)
            .values(gebruiker_id=gebruiker_id, sleutel=sleutel, vingerafdruk=vingerafdruk)
            .on_conflict_do_nothing()  # waits for whoever holds the same key
            .returning(Verzoek.sleutel)
        ).one_or_none()
        if made is not None:
            return None
        row = session.execute(
            select(Verzoek.vingerafdruk, Verzoek.antwoord).where(*wanted)
        ).one_or_none()
        if row is not None:
            break  # else it was cleaned up just now: claim it again
    if row.vingerafdruk != vingerafdruk:
        raise Conflict("Deze Idempotency-Key is al gebruikt voor iets anders. Neem een nieuwe.")
    antwoord: dict[str, Any] | None = row.antwoord
    return antwoord


def keep(session: Session, gebruiker_id: int, sleutel: uuid.UUID, antwoord: dict[str, Any]) -> None:
    """Remember the answer to a request that was claimed. The caller commits."""
    session.execute(
        update(Verzoek)
        .where(Verzoek.gebruiker_id == gebruiker_id, Verzoek.sleutel == sleutel)
        .values(antwoord=antwoord)
    )
