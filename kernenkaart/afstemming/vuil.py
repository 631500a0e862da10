"""What changed and must be looked at again: the one mechanism behind *on every save and import*.

Triggers in the database write a row for each work or activity of which something that matters
changed, with the transaction that did it; so changes made in SQL count too. Then two things happen:

1. Just before that transaction commits, every watcher looks at what it changed. What the watchers
   write is seen by all in the same moment as the change itself.
2. A job looks once more at what is committed and throws the rows away. Two who save in the same
   moment do not see each other's change; the job sees both. What a watcher fails on is kept with
   its error and holds nothing else up.

A watcher may be called twice for the same things, and for things that are gone.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    event,
    func,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernenkaart.db import Model, code_enum
from kernenkaart.taken.services import defer

log = logging.getLogger(__name__)

Kijker = Callable[[Session, Sequence[int], Sequence[int]], None]
Ding = tuple[str, int]

METEEN_MAX = 200  # a transaction that changed more leaves the looking to the job
PER_KEER = 500
TAAK = "afstemming.kijk_na"
SLOT = 0x6B6B_0005  # of the job, among the advisory locks
FOUT_MAX = 20
FOUT_LEN = 500


class VuilLaag(StrEnum):
    """The layers that are watched."""

    WERKZAAMHEDEN = "werkzaamheden"
    ACTIVITEITEN = "activiteiten"


class AfstemVuil(Model):
    """One thing that one transaction changed; it may be gone by now.

    Attributes:
        pogingen: how often looking at it failed.
        fout: why it failed last; None when it never did.
        straks: not to be looked at before this moment; None is at once.
    """

    __tablename__ = "afstem_vuil"
    __table_args__ = (
        PrimaryKeyConstraint("xid", "laag", "ding_id"),
        CheckConstraint("ding_id > 0", name="ding_id"),
        Index("ix_afstem_vuil_ding", "ding_id", "laag"),
    )

    xid: Mapped[int] = mapped_column(
        BigInteger, server_default=text("(pg_current_xact_id()::text::bigint)")
    )
    laag: Mapped[VuilLaag] = mapped_column(code_enum(VuilLaag, "laag"))
    ding_id: Mapped[int]
    sinds: Mapped[datetime] = mapped_column(server_default=func.now())
    pogingen: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    fout: Mapped[str | None]
    straks: Mapped[datetime | None]


_kijkers: list[Kijker] = []

_VAN_NU = text(
    "SELECT laag, ding_id FROM afstem_vuil "
    "WHERE xid = pg_current_xact_id_if_assigned()::text::bigint "
    "ORDER BY laag, ding_id LIMIT :aantal"
)
_OUDSTE = text(
    "SELECT xid, laag, ding_id FROM afstem_vuil WHERE straks IS NULL OR straks <= now() "
    "ORDER BY xid, laag, ding_id LIMIT :n"
)
# what failed before and is looked at now waits no longer
_WEG = text(
    "DELETE FROM afstem_vuil v USING unnest(CAST(:xids AS bigint[]), CAST(:lagen AS text[]), "
    "CAST(:ids AS integer[])) AS w(xid, laag, ding_id) "
    "WHERE (v.laag, v.ding_id) = (w.laag, w.ding_id) AND (v.xid = w.xid OR v.fout IS NOT NULL)"
)
_STRAKS = text(
    "UPDATE afstem_vuil SET pogingen = least(pogingen + 1, 99), fout = :fout, straks = now() + "
    "least(interval '1 minute' * 2 ^ least(pogingen, 20), interval '1 day') "
    "WHERE (laag, ding_id) = (:laag, :ding_id)"
)
_ALLES = text(
    "INSERT INTO afstem_vuil (laag, ding_id) "
    "SELECT 'werkzaamheden', id FROM werkzaamheid "
    "UNION ALL SELECT 'activiteiten', id FROM activiteit WHERE eindigt_op > now() "
    "ON CONFLICT DO NOTHING"
)


def register(kijker: Kijker) -> None:
    """Have ``kijker(session, werk_ids, activiteit_ids)`` look at whatever changes, once for all.

    It reads and writes with the session that it gets and never commits. Both lists are sorted;
    ids of things that were thrown away are among them. Doing it twice has the effect of once.
    """
    if kijker not in _kijkers:
        _kijkers.append(kijker)


def init_vuil() -> None:
    """Look at what changed just before any session commits."""
    if not event.contains(Session, "before_commit", _before_commit):
        event.listen(Session, "before_commit", _before_commit)


def look_now(session: Session, werk_ids: Sequence[int], activiteit_ids: Sequence[int]) -> None:
    """Let every watcher look at these. The caller commits."""
    for kijker in _kijkers:
        kijker(session, sorted(werk_ids), sorted(activiteit_ids))


def find_changed(session: Session) -> tuple[list[int], list[int]]:
    """Which works and which activities this transaction changed, ``METEEN_MAX`` at most."""
    rows = session.execute(_VAN_NU, {"aantal": METEEN_MAX})
    return _per_laag([(row.laag, row.ding_id) for row in rows])


def look_again(session: Session) -> int:
    """Look at the oldest changes that are committed, and forget them. The caller commits.

    A thing that a watcher fails on is kept with its error and tried again later, each time after
    a longer pause, at most a day; the others go on.

    Returns:
        How many were looked at; 0 when there are none, or when somebody else is at it.

    Raises:
        Exception: that of the watcher, when it fails on more than ``FOUT_MAX``: then it is not
            the things that are wrong, and nothing is forgotten.
    """
    if not session.scalar(text("SELECT pg_try_advisory_xact_lock(:slot)"), {"slot": SLOT}):
        return 0
    rows = session.execute(_OUDSTE, {"n": PER_KEER}).all()
    if not rows:
        return 0
    fouten: dict[Ding, str] = {}
    _look_at(session, sorted({(row.laag, row.ding_id) for row in rows}), fouten)
    goed = [row for row in rows if (row.laag, row.ding_id) not in fouten]
    session.execute(
        _WEG,
        {
            "xids": [row.xid for row in goed],
            "lagen": [row.laag for row in goed],
            "ids": [row.ding_id for row in goed],
        },
    )
    for (laag, ding_id), fout in fouten.items():
        session.execute(_STRAKS, {"laag": laag, "ding_id": ding_id, "fout": fout})
    return len(rows)


def _look_at(session: Session, dingen: Sequence[Ding], fouten: dict[Ding, str]) -> None:
    """Look at all of these; what cannot be looked at is found by halves, and put in ``fouten``."""
    try:
        with session.begin_nested():
            look_now(session, *_per_laag(dingen))
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        if len(dingen) > 1:
            half = len(dingen) // 2
            _look_at(session, dingen[:half], fouten)
            _look_at(session, dingen[half:], fouten)
            return
        if len(fouten) >= FOUT_MAX:
            raise
        log.exception("looking at %s %s fails; it is tried again later", *dingen[0])
        fouten[dingen[0]] = _words(error)


def _words(error: Exception) -> str:
    """What went wrong, without the values of the statement."""
    oorzaak = getattr(error, "orig", None) or error
    return f"{type(oorzaak).__name__}: {oorzaak}"[:FOUT_LEN]


def find_failed(session: Session) -> Sequence[AfstemVuil]:
    """The things that a watcher failed on, that longest ago first."""
    return session.scalars(
        select(AfstemVuil).where(AfstemVuil.fout.is_not(None)).order_by(AfstemVuil.sinds)
    ).all()


def count_waiting(session: Session) -> int:
    """How many changes wait to be looked at once more."""
    return session.scalar(select(func.count()).select_from(AfstemVuil)) or 0


def mark_all(session: Session) -> None:
    """Mark every work, and every activity that is not over; for when the rules have changed."""
    session.execute(_ALLES)
    defer(session, TAAK)


def _per_laag(rows: Sequence[Ding]) -> tuple[list[int], list[int]]:
    werken = {ding_id for laag, ding_id in rows if laag == VuilLaag.WERKZAAMHEDEN}
    activiteiten = {ding_id for laag, ding_id in rows if laag == VuilLaag.ACTIVITEITEN}
    return sorted(werken), sorted(activiteiten)


def _before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint: the end of the transaction is yet to come
    session.flush()
    rows = session.execute(_VAN_NU, {"aantal": METEEN_MAX + 1}).all()
    if not rows:
        return
    defer(session, TAAK)
    if len(rows) > METEEN_MAX:
        return
    try:
        with session.begin_nested():
            look_now(session, *_per_laag([(row.laag, row.ding_id) for row in rows]))
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        # somebody holds what a watcher needs, or it fails: saving goes on, the job looks later
        log.warning(
            "looking at %s changes is left to the job: %s",
            len(rows),
            _words(error),
            exc_info=not isinstance(error, OperationalError),
        )
