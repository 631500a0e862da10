"""Look up words. They change seldom, so each process keeps them for a few seconds."""

import time
from collections.abc import Mapping
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.labels.models import Label
from kernenkaart.labels.standaard import STANDAARD

KEEP_S = 30.0

_lock = Lock()
_kept: dict[tuple[str, str], str] = {}
_until = 0.0


def label(session: Session, lijst: str, code: str) -> str:
    """The word for ``code`` of ``lijst``: the municipality's own, else the standard one.

    Raises:
        KeyError: if there is no such list or code.
    """
    standard = STANDAARD[lijst][code]
    return own_words(session).get((lijst, code), standard)


def find_labels(session: Session, lijst: str) -> dict[str, str]:
    """All words of one list by code, in the order they are shown."""
    own = own_words(session)
    return {code: own.get((lijst, code), tekst) for code, tekst in STANDAARD[lijst].items()}


def own_words(session: Session) -> Mapping[tuple[str, str], str]:
    """The words a beheerder chose; at most ``KEEP_S`` seconds old."""
    global _kept, _until  # one small table per process
    if time.monotonic() >= _until:
        found = {(row.lijst, row.code): row.tekst for row in session.scalars(select(Label))}
        with _lock:
            _kept, _until = found, time.monotonic() + KEEP_S
    return _kept


def forget() -> None:
    """Read the words afresh at the next question."""
    global _until  # noqa: PLW0603
    _until = 0.0
