"""Read the record of changes and the version of the data."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.journaal.models import DataVersie, Journaalregel


def find_changes(session: Session, tabel: str, rij_id: int) -> Sequence[Journaalregel]:
    """All changes of one row, newest first."""
    return session.scalars(
        select(Journaalregel)
        .where(Journaalregel.tabel == tabel, Journaalregel.rij_id == rij_id)
        .order_by(Journaalregel.id.desc())
    ).all()


def data_version(session: Session, tabellen: Iterable[str] | None = None) -> int:
    """A number that grows whenever one of ``tabellen`` (None: any) changes."""
    statement = select(func.coalesce(func.sum(DataVersie.n), 0))
    if tabellen is not None:
        statement = statement.where(DataVersie.tabel.in_(tuple(tabellen)))
    return int(session.scalar(statement) or 0)
