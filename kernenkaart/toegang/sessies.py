"""Rows of sessions: how long one is good, how it begins and ends."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Gebruiker, Sessie

LONG = "onthoud"
PENDING_FOR = timedelta(minutes=10)
LONG_FOR = timedelta(days=30)
DAY = timedelta(hours=12)


def key_of(cookie: str) -> bytes:
    """The key of the row that belongs to a cookie: a leaked table opens no session."""
    return hashlib.sha256(cookie.encode()).digest()


def expiry(
    gebruiker: Gebruiker | None, begonnen_op: datetime, *, onthoud: bool, idle: timedelta
) -> datetime:
    """Until when a session seen now is good.

    Somebody who plans or decides for others is logged out after ``idle`` of silence and at the
    latest after a working day; who speaks for a platform may stay for 30 days of silence.
    """
    if gebruiker is None:
        return begonnen_op + PENDING_FOR
    if gebruiker.rol is not Rol.PLATFORMLID:
        return min(now() + idle, begonnen_op + DAY)
    return now() + (LONG_FOR if onthoud else DAY)


def begin_sessie(
    session: Session,
    cookie: str,
    gebruiker: Gebruiker | None,
    *,
    idle: timedelta,
    apparaat: str = "",
    gegevens: dict[str, Any] | None = None,
) -> None:
    """Put the row of a new session in. The caller commits.

    Args:
        cookie: what the browser will send; only its hash is kept.
        gebruiker: None while the second step is still to come.
        apparaat: how the browser calls itself.
    """
    gegevens = gegevens or {}
    moment = now()
    session.execute(
        insert(Sessie).values(
            id=key_of(cookie),
            gebruiker_id=None if gebruiker is None else gebruiker.id,
            gegevens=gegevens,
            apparaat=apparaat[:200] or None,
            begonnen_op=moment,
            gezien_op=moment,
            verloopt_op=expiry(gebruiker, moment, onthoud=bool(gegevens.get(LONG)), idle=idle),
        )
    )


def end_sessies(session: Session, gebruiker_id: int, *, behalve: bytes = b"") -> None:
    """Log an account out everywhere, from now on. The caller commits.

    Args:
        behalve: key of the session that may go on.
    """
    session.execute(delete(Sessie).where(Sessie.gebruiker_id == gebruiker_id, Sessie.id != behalve))


def device_name(user_agent: str) -> str:
    """What somebody would call that browser: ``Firefox op Windows``."""
    programs = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome",
                "Safari/": "Safari"}  # fmt: skip
    machines = {"iPhone": "een iPhone", "iPad": "een iPad", "Android": "Android",
                "Windows": "Windows", "Mac OS X": "een Mac", "Linux": "Linux"}  # fmt: skip
    program = next((name for sign, name in programs.items() if sign in user_agent), "Een browser")
    machine = next((name for sign, name in machines.items() if sign in user_agent), "")
    return f"{program} op {machine}" if machine else program
