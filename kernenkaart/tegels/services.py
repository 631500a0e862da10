"""Keep the counted cells right: count again what changed, or everything."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, func, select, text, tuple_
from sqlalchemy.orm import Session

from kernenkaart.tegels import tellen
from kernenkaart.tegels.models import NIVEAUS, TegelVuil

SLOT = 7_165_301  # an advisory lock of our own: one counts at a time
CELLEN = 1000  # so many cells of the finest level in one transaction
LANG = "SET LOCAL statement_timeout = '60s'"  # nobody waits for it, and it must not fail for ever


def catch_up(session: Session, *, cellen: int = CELLEN) -> int:
    """Count the cells again in which something changed. The caller commits.

    What a writer commits in the meantime stays noted. Half of it is never seen: either all is
    committed, or it is as if nothing was done.

    Args:
        cellen: at most so many of the finest level.

    Returns:
        How many were counted; 0 also while another one is counting.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(SLOT))):
        return 0
    session.execute(text(LANG))
    cel = tuple_(TegelVuil.laag, TegelVuil.kx, TegelVuil.ky)
    first = select(cel.clauses[0], *cel.clauses[1:]).distinct().order_by(*cel.clauses).limit(cellen)
    rows = session.execute(
        delete(TegelVuil).where(cel.in_(first)).returning(*cel.clauses),
        execution_options={"synchronize_session": False},
    ).all()
    per_laag: dict[str, set[tuple[int, int]]] = {}
    for naam, kx, ky in rows:
        per_laag.setdefault(naam, set()).add((kx, ky))
    for naam, changed in per_laag.items():
        _count_again(session, naam, changed)
    return sum(map(len, per_laag.values()))


def _count_again(session: Session, naam: str, changed: set[tuple[int, int]]) -> None:
    found = session.connection().exec_driver_sql(tellen.soorten(naam))
    soorten = list(found.scalars())
    for z in reversed(NIVEAUS):
        kxs, kys = (list(values) for values in zip(*sorted(changed), strict=True))
        params = {"laag": naam, "z": z, "soorten": soorten, "kxs": kxs, "kys": kys}
        _run(session, tellen.WEG, params)
        _run(session, tellen.fijn(naam) if z == tellen.FIJNST else tellen.GROVER, params)
        changed = {(kx >> 1, ky >> 1) for kx, ky in changed}


def rebuild(session: Session) -> Iterator[str]:
    """Make everything again that tiles are made from, and give it a version that never was.

    For the owner of the tables. Readers and writers go on; what is written meanwhile stays noted.
    The caller commits when all is done.

    Yields:
        The name of each layer that is about to be made.
    """
    session.execute(select(func.pg_advisory_xact_lock(SLOT)))
    session.execute(delete(TegelVuil))
    session.execute(text(tellen.NIEUW))
    for naam in tellen.GETELD:
        yield naam
        _run(session, tellen.alles(naam), {})
    yield "kernen"
    session.execute(text("SELECT tegel_kern_afleiden(id, grens) FROM kern"))
    session.execute(text(tellen.RUIL))


def _run(session: Session, statement: str, params: dict[str, Any]) -> None:
    session.connection().exec_driver_sql(statement, params)
