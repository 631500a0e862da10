"""Many works at once, as a source brings them: a few statements for a thousand. The caller commits.

What the forms check of one work, the caller has checked of each; the constraints of the database
have the last word.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from kernenkaart.werkzaamheden.models import Status, Werkzaamheid

TABEL: Table = Werkzaamheid.__table__  # type: ignore[assignment]
AF = (Status.KLAAR, Status.VERVALLEN)


def post_many(session: Session, werken: Sequence[Mapping[str, Any]]) -> list[int]:
    """Put works on the map.

    Args:
        werken: each its values by column, all with the same columns.

    Returns:
        Their keys, in the same order; each is of version 1.
    """
    if not werken:
        return []
    statement = insert(TABEL).returning(TABEL.c.id, sort_by_parameter_order=True)
    return list(session.execute(statement, [{**werk, "versie": 1} for werk in werken]).scalars())


def change_many(session: Session, werken: Mapping[int, Mapping[str, Any]]) -> None:
    """Write new values over works; each becomes one version newer.

    Args:
        werken: by key their new values by column, all with the same columns.
    """
    if not werken:
        return
    columns = next(iter(werken.values()))
    statement = (
        update(TABEL)
        .where(TABEL.c.id == bindparam("b_id"))
        .values(
            {naam: bindparam(f"b_{naam}", type_=TABEL.c[naam].type) for naam in columns}
            | {"versie": TABEL.c.versie + 1, "updated_at": func.now()}
        )
    )
    session.connection().execute(
        statement,
        [
            {"b_id": key, **{f"b_{naam}": waarde for naam, waarde in werk.items()}}
            for key, werk in werken.items()
        ],
    )


def close_many(session: Session, ids: Sequence[int], vandaag: date) -> None:
    """Close works that their source no longer has: what began is done, the rest does not go on."""
    begonnen = TABEL.c.eerste_dag <= vandaag
    for status, condition in ((Status.KLAAR, begonnen), (Status.VERVALLEN, ~begonnen)):
        session.execute(
            update(TABEL)
            .where(TABEL.c.id.in_(ids), TABEL.c.status.not_in(AF), condition)
            .values(status=status, versie=TABEL.c.versie + 1, updated_at=func.now())
        )


def lock_versies(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """The versions of works by key, held until the transaction ends; what is gone is not in it."""
    rows = session.execute(
        select(TABEL.c.id, TABEL.c.versie)
        .where(TABEL.c.id.in_(ids))
        .order_by(TABEL.c.id)
        .with_for_update()
    )
    return {row.id: row.versie for row in rows}
