"""The sources of an organisation, what they bring, and what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, text
from sqlalchemy.orm import Session, joinedload

from kernenkaart.actor import Actor
from kernenkaart.errors import NotAllowed, NotFound
from kernenkaart.werkbronnen.models import (
    Oordeel,
    Ritme,
    Stand,
    Werkbron,
    Werkbronitem,
    WerkbronRij,
)
from kernenkaart.werkbronnen.policy import may_manage, visible_to
from kernenkaart.werkzaamheden.models import Werkzaamheid, WerkzaamheidSoort

SAMEN = 10  # so many sources at most are asked for in one round


def find_bronnen(session: Session, actor: Actor) -> Sequence[Row[Werkbron, int]]:
    """The sources that ``actor`` may manage by name, each with how many works came of it."""
    aantal = (
        select(func.count())
        .where(Werkbronitem.bron_id == Werkbron.id, Werkbronitem.weg_op.is_(None))
        .correlate(Werkbron)
        .scalar_subquery()
    )
    return session.execute(
        select(Werkbron, aantal.label("aantal"))
        .where(visible_to(actor))
        .options(joinedload(Werkbron.organisatie))
        .order_by(Werkbron.naam, Werkbron.id)
    ).all()


def get_bron(session: Session, actor: Actor, bron_id: int, *, lock: bool = False) -> Werkbron:
    """One source.

    Args:
        lock: hold it until the transaction ends.

    Raises:
        NotFound: if it does not exist.
        NotAllowed: if it is of another organisation.
    """
    statement = (
        select(Werkbron).where(Werkbron.id == bron_id).execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update(of=Werkbron)
    else:
        statement = statement.options(joinedload(Werkbron.organisatie))
    bron = session.scalar(statement)
    if bron is None:
        raise NotFound("Deze bron bestaat niet (meer).")
    if not may_manage(actor, bron):
        raise NotAllowed("Je ziet alleen bronnen van je eigen organisatie.")
    return bron


def count_oordelen(session: Session, bron_id: int) -> Mapping[str, int]:
    """How many rows of a source came out how, by ``Oordeel``; what did not occur is 0."""
    rows = session.execute(
        select(WerkbronRij.oordeel, func.count())
        .where(WerkbronRij.bron_id == bron_id)
        .group_by(WerkbronRij.oordeel)
    )
    found = {oordeel: aantal for oordeel, aantal in rows if oordeel is not None}
    return {oordeel.value: found.get(oordeel, 0) for oordeel in Oordeel}


def find_rijen(session: Session, bron_id: int, *, elk: int) -> Mapping[str, Sequence[WerkbronRij]]:
    """The first ``elk`` rows of each ``Oordeel``, in the order of the file; one statement."""
    nummer = func.row_number().over(partition_by=WerkbronRij.oordeel, order_by=WerkbronRij.nummer)
    ranked = (
        select(WerkbronRij.nummer, nummer.label("n"))
        .where(WerkbronRij.bron_id == bron_id, WerkbronRij.oordeel.is_not(None))
        .subquery()
    )
    rows = session.scalars(
        select(WerkbronRij)
        .join(ranked, ranked.c.nummer == WerkbronRij.nummer)
        .where(WerkbronRij.bron_id == bron_id, ranked.c.n <= elk)
        .order_by(WerkbronRij.nummer)
    )
    found: dict[str, list[WerkbronRij]] = {oordeel.value: [] for oordeel in Oordeel}
    for row in rows:
        assert row.oordeel is not None  # noqa: S101  # it was asked for
        found[row.oordeel.value].append(row)
    return found


def find_weg(
    session: Session, bron_id: int, *, hoogstens: int
) -> Sequence[Row[int, str, date, date]]:
    """Works of a source that has them no longer, by first day: id, titel and days."""
    still_there = (
        select(WerkbronRij.nummer)
        .where(WerkbronRij.bron_id == bron_id, WerkbronRij.sleutel == Werkbronitem.sleutel)
        .exists()
    )
    w = Werkzaamheid
    return session.execute(
        select(w.id, w.titel, w.eerste_dag, w.laatste_dag)
        .join(Werkbronitem, Werkbronitem.werkzaamheid_id == Werkzaamheid.id)
        .where(Werkbronitem.bron_id == bron_id, Werkbronitem.weg_op.is_(None), ~still_there)
        .order_by(Werkzaamheid.eerste_dag, Werkzaamheid.id)
        .limit(hoogstens)
    ).all()


def count_weg(session: Session, bron_id: int) -> tuple[int, int]:
    """How many things a source has no longer, and how many it had."""
    still_there = (
        select(WerkbronRij.nummer)
        .where(WerkbronRij.bron_id == bron_id, WerkbronRij.sleutel == Werkbronitem.sleutel)
        .exists()
    )
    row = session.execute(
        select(func.count().filter(~still_there), func.count()).where(
            Werkbronitem.bron_id == bron_id, Werkbronitem.weg_op.is_(None)
        )
    ).one()
    return int(row[0]), int(row[1])


def has_reden(session: Session, bron_id: int, reden: str) -> bool:
    """Whether any row of a source is refused with this sentence."""
    found = select(WerkbronRij.nummer).where(
        WerkbronRij.bron_id == bron_id, WerkbronRij.reden == reden
    )
    return bool(session.scalar(select(found.exists())))


_OPGEVALLEN = text(
    """
    (SELECT true AS geweigerd, reden AS wat, count(*) AS aantal,
            (array_agg(nummer ORDER BY nummer))[1:5] AS nummers
     FROM werkbron_rij WHERE bron_id = :bron_id AND oordeel = 'geweigerd'
     GROUP BY reden ORDER BY count(*) DESC, reden LIMIT :redenen)
    UNION ALL
    (SELECT false, split_part(zin, ':', 1), count(*), NULL
     FROM werkbron_rij r, jsonb_array_elements_text(r.hersteld || r.aangevuld) AS zin
     WHERE r.bron_id = :bron_id AND r.oordeel <> 'geweigerd'
     GROUP BY 2 ORDER BY count(*) DESC, 2)
    """
)


@dataclass(frozen=True)
class Opgevallen:
    """What is told of the rows of a source.

    Attributes:
        redenen: why rows were refused, the commonest first: ``reden``, ``aantal``, and
            ``nummers`` of a few.
        hersteld: what was put right or filled in, as clauses, and in how many rows; the commonest
            first.
    """

    redenen: list[dict[str, Any]]
    hersteld: list[tuple[str, int]]


def find_opgevallen(session: Session, bron_id: int, *, redenen: int = 30) -> Opgevallen:
    """What is told of the rows of a source, with at most so many reasons; one statement."""
    rows = session.execute(_OPGEVALLEN, {"bron_id": bron_id, "redenen": redenen}).all()
    return Opgevallen(
        [
            {"reden": row.wat, "aantal": row.aantal, "nummers": row.nummers}
            for row in rows
            if row.geweigerd
        ],
        [(row.wat, row.aantal) for row in rows if not row.geweigerd],
    )


def find_eigen(session: Session, bron_id: int) -> Sequence[Werkzaamheid]:
    """What came of a source and was changed by hand since, by first day: it does not follow."""
    return session.scalars(
        select(Werkzaamheid)
        .join(Werkbronitem, Werkbronitem.werkzaamheid_id == Werkzaamheid.id)
        .where(
            Werkbronitem.bron_id == bron_id,
            Werkzaamheid.versie != Werkbronitem.werkzaamheid_versie,
        )
        .order_by(Werkzaamheid.eerste_dag, Werkzaamheid.id)
        .limit(200)
    ).all()


def find_due(session: Session, nu: datetime) -> Sequence[Werkbron]:
    """Sources whose time has come, held; those that somebody else holds are left alone."""
    return session.scalars(
        select(Werkbron)
        .where(
            Werkbron.stand == Stand.LOOPT,
            Werkbron.adres.is_not(None),
            Werkbron.ritme != Ritme.HAND,
            or_(Werkbron.volgende_op.is_(None), Werkbron.volgende_op <= nu),
        )
        .order_by(Werkbron.volgende_op.nulls_first(), Werkbron.id)
        .limit(SAMEN)
        .with_for_update(skip_locked=True)
    ).all()


def find_soorten(session: Session) -> list[tuple[int, str, str]]:
    """The kinds of work in use: key, code and name, in the order they are shown."""
    rows = session.execute(
        select(WerkzaamheidSoort.id, WerkzaamheidSoort.code, WerkzaamheidSoort.naam)
        .where(WerkzaamheidSoort.actief)
        .order_by(WerkzaamheidSoort.volgorde, WerkzaamheidSoort.id)
    )
    return [(key, code, naam) for key, code, naam in rows]
