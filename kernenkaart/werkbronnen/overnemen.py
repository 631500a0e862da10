"""Take over what was weighed, a batch at a time; doing it twice does the same as once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row, Table, bindparam, delete, exists, func, insert, select, text, update
from sqlalchemy.orm import Session

from kernenkaart.werkbronnen.models import Oordeel, Werkbron, Werkbronitem, WerkbronRij
from kernenkaart.werkbronnen.omzetten import Werk
from kernenkaart.werkzaamheden.models import Status
from kernenkaart.werkzaamheden.partij import change_many, close_many, lock_versies, post_many

Rij = Row[*tuple[Any, ...]]

RIJ: Table = WerkbronRij.__table__  # type: ignore[assignment]
ITEM: Table = Werkbronitem.__table__  # type: ignore[assignment]
EINDIGT_NIET = (Status.VERVALLEN, Status.UITGESTELD, Status.KLAAR)


def take_over(session: Session, bron: Werkbron, *, van: int, tot: int, vandaag: date) -> None:
    """Take over the rows ``van`` to and including ``tot`` that are new or changed.

    What somebody changed by hand since it was weighed stays as it is, and is noted so.
    """
    rows = session.execute(
        select(RIJ, ITEM.c.id.label("item"), ITEM.c.werkzaamheid_id, ITEM.c.werkzaamheid_versie)
        .add_columns(ITEM.c.afdruk.label("was"), ITEM.c.weg_op)
        .join(ITEM, (ITEM.c.bron_id == RIJ.c.bron_id) & (ITEM.c.sleutel == RIJ.c.sleutel),
              isouter=True)
        .where(RIJ.c.bron_id == bron.id, RIJ.c.nummer.between(van, tot),
               RIJ.c.oordeel.in_((Oordeel.NIEUW, Oordeel.VERANDERD)))
        .order_by(RIJ.c.nummer)
    ).all()  # fmt: skip
    versies = lock_versies(session, [r.werkzaamheid_id for r in rows if r.werkzaamheid_id])
    nieuw = [row for row in rows if row.item is None]
    bekend = [row for row in rows if row.item is not None and not _done(row)]
    eigen = [r for r in bekend if versies.get(r.werkzaamheid_id) != r.werkzaamheid_versie]
    _post(session, bron, nieuw, vandaag)
    _change(session, [row for row in bekend if row not in eigen], vandaag)
    if eigen:
        session.execute(
            update(RIJ)
            .where(RIJ.c.bron_id == bron.id, RIJ.c.nummer.in_([row.nummer for row in eigen]))
            .values(oordeel=Oordeel.EIGEN)
        )


def _done(row: Rij) -> bool:
    return bool(row.was == row.afdruk and row.weg_op is None)


def _post(session: Session, bron: Werkbron, rows: Sequence[Rij], vandaag: date) -> None:
    if not rows:
        return
    ids = post_many(session, [_columns(row, vandaag) for row in rows])
    session.execute(
        insert(ITEM),
        [
            {
                "bron_id": bron.id,
                "sleutel": row.sleutel,
                "afdruk": row.afdruk,
                "werkzaamheid_id": key,
                "werkzaamheid_versie": 1,
            }
            for row, key in zip(rows, ids, strict=True)
        ],
    )


def _change(session: Session, rows: Sequence[Rij], vandaag: date) -> None:
    if not rows:
        return
    change_many(session, {row.werkzaamheid_id: _columns(row, vandaag) for row in rows})
    session.connection().execute(
        update(ITEM)
        .where(ITEM.c.id == bindparam("b_id"))
        .values(
            afdruk=bindparam("b_afdruk"),
            werkzaamheid_versie=ITEM.c.werkzaamheid_versie + 1,
            weg_op=None,
        ),
        [{"b_id": row.item, "b_afdruk": row.afdruk} for row in rows],
    )


def _columns(row: Rij, vandaag: date) -> Mapping[str, Any]:
    """What a work gets of its row; what only people fill in here is not among it."""
    werk = Werk.from_json(row.waarden)
    voorbij = werk.laatste_dag < vandaag and werk.status not in EINDIGT_NIET
    geom: BaseGeometry = row.vorm
    return vars(werk) | {
        "status": Status.KLAAR if voorbij else werk.status,
        "geom": geom,
        "gemeente_id": row.gemeente_id,
        "bevestigd_op": vandaag,
    }


def find_gone(session: Session, bron_id: int, *, na: int = 0, hoogstens: int) -> Sequence[Rij]:
    """What the source had and has no longer, by key: its item, its work and that work's version."""
    still_there = exists().where(RIJ.c.bron_id == bron_id, RIJ.c.sleutel == ITEM.c.sleutel)
    return session.execute(
        select(ITEM.c.id, ITEM.c.werkzaamheid_id, ITEM.c.werkzaamheid_versie)
        .where(ITEM.c.bron_id == bron_id, ITEM.c.weg_op.is_(None), ITEM.c.id > na, ~still_there)
        .order_by(ITEM.c.id)
        .limit(hoogstens)
    ).all()


def close_gone(session: Session, bron: Werkbron, *, hoogstens: int, nu: datetime) -> int:
    """Close works that the source no longer has, but those that were changed by hand.

    Returns:
        How many things of the source were gone, at most ``hoogstens``; 0 when all is done.
    """
    rows = find_gone(session, bron.id, hoogstens=hoogstens)
    versies = lock_versies(session, [row.werkzaamheid_id for row in rows if row.werkzaamheid_id])
    ours = [r for r in rows if versies.get(r.werkzaamheid_id) == r.werkzaamheid_versie]
    close_many(session, [row.werkzaamheid_id for row in ours], nu.date())
    session.execute(update(ITEM).where(ITEM.c.id.in_([row.id for row in rows])).values(weg_op=nu))
    session.execute(
        text(
            "UPDATE werkbronitem i SET werkzaamheid_versie = w.versie FROM werkzaamheid w "
            "WHERE w.id = i.werkzaamheid_id AND i.id = ANY(:ids)"
        ),
        {"ids": [row.id for row in ours]},
    )
    return len(rows)


def forget_rows(session: Session, bron_id: int, *, alles: bool = False) -> None:
    """Throw rows away; what was refused or put right is kept for the report unless ``alles``."""
    statement = delete(RIJ).where(RIJ.c.bron_id == bron_id)
    if not alles:
        statement = statement.where(
            RIJ.c.oordeel != Oordeel.GEWEIGERD, func.jsonb_array_length(RIJ.c.hersteld) == 0
        )
    session.execute(statement)
