"""Find the pairs of works that changed, and keep what is stored of them in step.

``look`` is a watcher, see ``vuil``. It asks the database three questions and writes at most three
times, however many works there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, and_, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernenkaart.afstemming.koppel_models import Kant, Koppelbesluit, Koppelkans
from kernenkaart.afstemming.koppel_regels import PLANBAAR, Oordeel, Werk, assess, is_moved
from kernenkaart.afstemming.regels import KoppelRegels, koppel_regels
from kernenkaart.werkzaamheden.models import Diepte, Hinder, Status

# Pairs with one of these works: near each other in place and time, or one in the surface of the
# other whenever. A little wider than the rules, which then say which of them it is.
_PAREN = """
WITH nieuw AS MATERIALIZED (
    SELECT w.id, w.geom, w.status, coalesce(w.vroegst, w.eerste_dag) AS van,
           coalesce(w.laatst, w.laatste_dag) AS tot, s.moratorium_maanden AS rust,
           coalesce(w.diepte, s.diepte) IN ('kabels_en_leidingen', 'riool') AS graaft
    FROM werkzaamheid w JOIN werkzaamheid_soort s ON s.id = w.soort_id
    WHERE w.id = ANY(CAST(:ids AS integer[])) AND w.status NOT IN ('concept', 'vervallen')
), paren AS (
    SELECT least(n.id, o.id) AS a_id, greatest(n.id, o.id) AS b_id
    FROM nieuw n JOIN werkzaamheid o ON ST_DWithin(n.geom, o.geom, :verste_m) AND
        daterange(coalesce(o.vroegst, o.eerste_dag), coalesce(o.laatst, o.laatste_dag), '[]')
        && daterange(n.van - CAST(:tussen AS integer) - 1, n.tot + CAST(:tussen AS integer) + 1,
                     '[]')
    WHERE o.id <> n.id AND n.status = ANY(:planbaar) AND o.status = ANY(:planbaar)
    UNION
    SELECT least(n.id, o.id), greatest(n.id, o.id)
    FROM nieuw n JOIN werkzaamheid o ON ST_DWithin(n.geom, o.geom, :moratorium_m)
        JOIN werkzaamheid_soort s ON s.id = o.soort_id
    WHERE o.id <> n.id AND o.status NOT IN ('concept', 'vervallen') AND (
        (n.rust > 0 AND coalesce(o.diepte, s.diepte) IN ('kabels_en_leidingen', 'riool'))
        OR (n.graaft AND s.moratorium_maanden > 0))
)
SELECT p.a_id, p.b_id, round(ST_Distance(a.geom, b.geom)::numeric, 2)::float8 AS afstand_m
FROM paren p JOIN werkzaamheid a ON a.id = p.a_id JOIN werkzaamheid b ON b.id = p.b_id
ORDER BY p.a_id, p.b_id
"""
_WERKEN = """
SELECT w.id, s.naam AS soort, coalesce(w.diepte, s.diepte) AS diepte, w.status,
       w.eerste_dag AS eerste, w.laatste_dag AS laatste,
       coalesce(w.vroegst, w.eerste_dag) AS vroegst, coalesce(w.laatst, w.laatste_dag) AS laatst,
       coalesce(w.duur_dagen, w.laatste_dag - w.eerste_dag + 1) AS duur, w.hinder,
       coalesce(w.plek_naam, '') AS straat, s.moratorium_maanden, md5(ST_AsEWKB(w.geom)) AS plek
FROM werkzaamheid w JOIN werkzaamheid_soort s ON s.id = w.soort_id
WHERE w.id = ANY(CAST(:ids AS integer[]))
"""
_VAST = {"id", "a_id", "b_id", "keuze", "besluiten", "sinds"}  # never changed by looking
_AFGELEID = [kolom for kolom in Koppelkans.__table__.columns if kolom.name not in _VAST]
CM = 0.01


@dataclass(frozen=True)
class Besloten:
    """The last decision of a pair, as far as it is compared with what is now."""

    stand: Mapping[str, Any]
    venster: tuple[Any, Any] | None


def look(session: Session, werk_ids: Sequence[int], _activiteit_ids: Sequence[int]) -> None:
    """Bring the pairs of these works in step with what is stored of them. The caller commits."""
    if not werk_ids:
        return
    regels = koppel_regels()
    gevonden = {
        (row.a_id, row.b_id): row.afstand_m
        for row in session.execute(text(_PAREN), _bounds(werk_ids, regels))
    }
    gekend = session.execute(_known(werk_ids)).all()
    werken = _works(session, {*werk_ids, *(werk for paar in gevonden for werk in paar)})
    besloten = _last_decisions(session, [row.id for row in gekend if row.keuze is not None])
    kansen = []
    for (a_id, b_id), afstand_m in gevonden.items():
        (a, plek_a), (b, plek_b) = werken[a_id], werken[b_id]
        oordeel = assess(a, b, afstand_m, regels)
        if oordeel is not None:
            kansen.append((a, b, oordeel, {"a": plek_a, "b": plek_b}))
    paar_van = {(row.a_id, row.b_id): row.id for row in gekend}
    _store(session, kansen, {paar: besloten.get(id_) for paar, id_ in paar_van.items()})
    passend = {(a.id, b.id) for a, b, _, _ in kansen}
    _let_go(session, [row for row in gekend if (row.a_id, row.b_id) not in passend])
    if len(werken.keys() & set(werk_ids)) < len(werk_ids):
        _let_go(session, session.execute(_orphans()).all())


def _bounds(werk_ids: Sequence[int], regels: KoppelRegels) -> dict[str, Any]:
    return {
        "ids": list(werk_ids),
        "verste_m": regels.verste_m + CM,
        "tussen": regels.tussen_dagen,
        "moratorium_m": regels.moratorium_m + CM,
        "planbaar": [status.value for status in PLANBAAR],
    }


def _known(werk_ids: Sequence[int]) -> Any:
    ids = list(werk_ids)
    return select(Koppelkans.id, Koppelkans.a_id, Koppelkans.b_id, Koppelkans.keuze).where(
        or_(Koppelkans.a_id.in_(ids), Koppelkans.b_id.in_(ids))
    )


def _orphans() -> Any:
    return select(Koppelkans.id, Koppelkans.a_id, Koppelkans.b_id, Koppelkans.keuze).where(
        or_(Koppelkans.a_id.is_(None), Koppelkans.b_id.is_(None)),
        or_(Koppelkans.keuze.is_(None), Koppelkans.past),
    )


def _works(session: Session, ids: set[int]) -> dict[int, tuple[Werk, str]]:
    """Each work and a fingerprint of its place."""
    rows = session.execute(text(_WERKEN), {"ids": sorted(ids)}).mappings()
    return {row["id"]: (_work(row), row["plek"]) for row in rows}


def _work(row: RowMapping) -> Werk:
    velden = {naam: row[naam] for naam in Werk.__dataclass_fields__}
    return Werk(
        **velden
        | {
            "diepte": Diepte(row["diepte"]),
            "status": Status(row["status"]),
            "hinder": row["hinder"] != Hinder.GEEN,
        }
    )


def _last_decisions(session: Session, ids: list[int]) -> dict[int, Besloten]:
    if not ids:
        return {}
    b = Koppelbesluit
    rows = session.execute(
        select(b.koppelkans_id, b.stand, b.venster_van, b.venster_tot)
        .join(Koppelkans, and_(Koppelkans.id == b.koppelkans_id, Koppelkans.besluiten == b.nummer))
        .where(b.koppelkans_id.in_(ids))
    )
    return {
        row.koppelkans_id: Besloten(
            row.stand, (row.venster_van, row.venster_tot) if row.venster_van else None
        )
        for row in rows
    }


def _store(
    session: Session,
    kansen: Sequence[tuple[Werk, Werk, Oordeel, dict[str, str]]],
    besloten: Mapping[tuple[int, int], Besloten | None],
) -> None:
    if not kansen:
        return
    statement = insert(Koppelkans)
    nieuw = statement.excluded
    values = {kolom.name: nieuw[kolom.name] for kolom in _AFGELEID}
    anders = func.row(*_AFGELEID).is_distinct_from(func.row(*values.values()))
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["a_id", "b_id"], set_=values, where=anders),
        [_row(kans, besloten.get((kans[0].id, kans[1].id))) for kans in kansen],
    )


def _row(
    kans: tuple[Werk, Werk, Oordeel, dict[str, str]], besluit: Besloten | None
) -> dict[str, Any]:
    a, b, oordeel, plek = kans
    invoer = {
        Kant.A: a.to_json(),
        Kant.B: b.to_json(),
        "afstand_m": oordeel.afstand_m,
        "plek": plek,
    }
    moved = besluit is not None and is_moved(besluit.stand, invoer, besluit.venster)
    return {"a_id": a.id, "b_id": b.id, "invoer": invoer, "past": True, "opnieuw": moved} | {
        naam: getattr(oordeel, naam) for naam in Oordeel.__dataclass_fields__
    }


def _let_go(session: Session, rows: Iterable[Any]) -> None:
    """What no longer fits goes; what was decided about stays, to be looked at again."""
    rows = list(rows)
    if weg := [row.id for row in rows if row.keuze is None]:
        session.execute(
            delete(Koppelkans).where(Koppelkans.id.in_(weg), Koppelkans.keuze.is_(None)),
            execution_options={"synchronize_session": False},
        )
    if blijft := [row.id for row in rows if row.keuze is not None]:
        session.execute(
            update(Koppelkans)
            .where(Koppelkans.id.in_(blijft), Koppelkans.past)
            .values(past=False, opnieuw=True),
            execution_options={"synchronize_session": False},
        )
