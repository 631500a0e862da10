"""Columns of generated things into the database: COPY to a pile, then one INSERT per batch.

The kernen of a batch are asked of ``kern_aandelen``, the function that the triggers ask too.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernenkaart.demo.bron import Blok
from kernenkaart.demo.dorp import PLEKKEN, STRATEN, VASTE_STRATEN
from kernenkaart.demo.eigenaren import Eigenaren
from kernenkaart.demo.strooien import Rijen
from kernenkaart.kernen.models import Kern

PER_KEER = 50_000
NAMEN = (*VASTE_STRATEN, *STRATEN)  # of streets
LAGEN = {
    "activiteiten": "activiteit",
    "werkzaamheden": "werkzaamheid",
    "initiatieven": "initiatief",
}

STAPEL = {
    "stapel_kern": "id integer, gemeente_id integer, naam text, platform_id integer, "
    "organisatie_id integer",
    "stapel_tekst": "nr integer, soort_id integer, organisatie_id integer, titel text, "
    "omschrijving text, plek text, van time, tot time, hele_dag boolean, hinder text, kort text, "
    "omleiding text, wie text",
    "stapel_rij": "id integer, tekst integer, kern_id integer, dag date, dagen integer, "
    "status text, intern boolean, straat text, andere text, geom geometry",
    "stapel_aandeel": "id integer, kern_id integer, aandeel double precision",
}

# as the triggers kern_kiezen and kern_koppelen: by place, else the kern that was chosen
AANDELEN = """
INSERT INTO stapel_aandeel
SELECT r.id, a.kern_id, a.aandeel FROM stapel_rij r, LATERAL kern_aandelen(r.geom) a
UNION ALL SELECT r.id, r.kern_id, 1 FROM stapel_rij r WHERE r.geom IS NULL
"""
KOPPEL = """
INSERT INTO {tabel}_kern ({tabel}_id, kern_id, aandeel)
SELECT id, kern_id, aandeel FROM stapel_aandeel ORDER BY id, kern_id
"""
RIJ = """
FROM stapel_rij r
JOIN stapel_tekst t ON t.nr = r.tekst
JOIN stapel_kern b ON b.id = r.kern_id
LEFT JOIN (SELECT DISTINCT ON (id) id, kern_id FROM stapel_aandeel
           ORDER BY id, aandeel DESC, kern_id) h ON h.id = r.id
LEFT JOIN kern k ON k.id = h.kern_id
ORDER BY r.id
"""
INVOEGEN = {
    "activiteit": """
INSERT INTO activiteit (id, platform_id, soort_id, gemeente_id, kern_id, titel, omschrijving,
    begint_op, eindigt_op, hele_dag, status, reden, geom, plek_naam, demo)
SELECT r.id, b.platform_id, t.soort_id, coalesce(k.gemeente_id, b.gemeente_id), h.kern_id,
    replace(t.titel, '{kern}', b.naam), t.omschrijving,
    (r.dag + t.van) AT TIME ZONE 'Europe/Amsterdam',
    (r.dag + r.dagen - 1 + t.tot) AT TIME ZONE 'Europe/Amsterdam',
    t.hele_dag, r.status,
    CASE r.status WHEN 'afgelast' THEN 'Er zijn te weinig vrijwilligers.' END,
    r.geom, CASE WHEN r.geom IS NOT NULL THEN t.plek END, true
""",
    "werkzaamheid": """
INSERT INTO werkzaamheid (id, organisatie_id, soort_id, gemeente_id, kern_id, titel, omschrijving,
    eerste_dag, laatste_dag, status, openbaar, hinder, hinder_kort, omleiding, contact_rol,
    bevestigd_op, geom, plek_naam, demo)
SELECT r.id, coalesce(t.organisatie_id, b.organisatie_id), t.soort_id,
    coalesce(k.gemeente_id, b.gemeente_id), h.kern_id,
    replace(t.titel, '{straat}', r.straat), t.omschrijving,
    r.dag, r.dag + r.dagen - 1, r.status, NOT r.intern, t.hinder, t.kort,
    replace(t.omleiding, '{andere}', r.andere), 'uitvoerder',
    least(r.dag, CAST(:vandaag AS date)) - (r.dag - date '2000-01-01') % 60,
    r.geom, r.straat, true
""",
    "initiatief": """
INSERT INTO initiatief (id, platform_id, soort_id, gemeente_id, kern_id, titel, omschrijving,
    wie, status, geom, plek_naam, demo)
SELECT r.id, b.platform_id, t.soort_id, coalesce(k.gemeente_id, b.gemeente_id), h.kern_id,
    t.titel, t.omschrijving, t.wie, r.status,
    r.geom, CASE WHEN r.geom IS NOT NULL THEN t.plek END, true
""",
}


def prepare(session: Session, kernen: Sequence[Kern], eigenaren: Eigenaren) -> None:
    """Make the piles, and say of each kern who posts there."""
    for tabel, kolommen in STAPEL.items():
        session.execute(text(f"CREATE TEMPORARY TABLE {tabel} ({kolommen}) ON COMMIT DROP"))
    _copy(
        session,
        "stapel_kern",
        (
            (kern.id, kern.gemeente_id, kern.naam, eigenaren.platform[kern.id],
             eigenaren.gemeente[kern.gemeente_id])
            for kern in kernen
        ),
    )  # fmt: skip


def load(
    session: Session, laag: str, rijen: Rijen, teksten: Sequence[Blok], eigenaren: Eigenaren,
    *, kern_ids: Sequence[int], vandaag: date, meld: Callable[[str, int], None],
) -> None:  # fmt: skip
    """Put the things of one layer in the database, batch by batch, in the order they come.

    Args:
        kern_ids: keys of the kernen that ``rijen.kern`` counts.
        meld: told after each batch: name of the layer, and how many rows it was.
    """
    tabel = LAGEN[laag]
    session.execute(text("TRUNCATE stapel_tekst"))
    found = session.execute(text(f"SELECT code, id FROM {tabel}_soort ORDER BY volgorde"))
    soorten: dict[str, int] = {row.code: row.id for row in found}
    _copy(session, "stapel_tekst", _texts(teksten, soorten, eigenaren))
    session.execute(text("ANALYZE stapel_kern, stapel_tekst"))
    eerste_id = _reserve(session, tabel, len(rijen))
    invoegen = INVOEGEN[tabel] + RIJ
    wat = {"vandaag": vandaag} if ":vandaag" in invoegen else {}
    for begin in range(0, len(rijen), PER_KEER):
        deel = slice(begin, begin + PER_KEER)
        session.execute(text("TRUNCATE stapel_rij, stapel_aandeel"))
        _copy(session, "stapel_rij", _rows(rijen, deel, eerste_id + begin, kern_ids))
        session.execute(text("ANALYZE stapel_rij"))
        session.execute(text(AANDELEN))
        session.execute(text("ANALYZE stapel_aandeel"))
        session.execute(text(invoegen), wat)
        session.execute(text(KOPPEL.format(tabel=tabel)))
        meld(laag, min(PER_KEER, len(rijen) - begin))


def drop_piles(session: Session) -> None:
    """Remove the piles, so that the same transaction can make them again."""
    session.execute(text(f"DROP TABLE {', '.join(STAPEL)}"))


def _reserve(session: Session, tabel: str, aantal: int) -> int:
    """The first of so many keys in a row; the lock on the table keeps others from the sequence."""
    found = session.execute(
        text(
            "SELECT setval(reeks, nextval(reeks) + :meer) - :meer "
            "FROM pg_get_serial_sequence(:tabel, 'id') AS reeks"
        ),
        {"tabel": tabel, "meer": aantal - 1},
    )
    return int(found.scalar_one())


def _copy(session: Session, tabel: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """``rows`` may ask the database nothing meanwhile."""
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {tabel} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _rows(
    rijen: Rijen, deel: slice, eerste_id: int, kern_ids: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    straten, n = np.array(NAMEN, object), len(NAMEN)
    geom = shapely.to_wkb(rijen.geom[deel], hex=True, include_srid=True)
    columns = zip(
        rijen.tekst[deel].tolist(), rijen.kern[deel].tolist(), rijen.dag[deel].astype(str),
        rijen.dagen[deel].tolist(), rijen.status[deel].tolist(), rijen.intern[deel].tolist(),
        straten[rijen.straat[deel] % n], straten[(rijen.straat[deel] + 1) % n], geom, strict=True,
    )  # fmt: skip
    for nummer, (tekst, kern, *rest) in enumerate(columns, start=eerste_id):
        yield (nummer, tekst, kern_ids[kern], *rest)


def _texts(
    teksten: Sequence[Blok], soorten: dict[str, int], eigenaren: Eigenaren
) -> Iterator[tuple[Any, ...]]:
    anders = next(iter(soorten.values()))
    for nummer, blok in enumerate(teksten):
        heel = blok.get("hele_dag", False)
        yield (
            nummer,
            soorten.get(blok["soort"], anders),
            eigenaren.overig.get(blok["wie"]),
            blok["titel"],
            blok["omschrijving"],
            PLEKKEN.get(blok.get("plek", "")),
            "00:00" if heel else blok.get("van"),
            "24:00" if heel else blok.get("tot"),
            heel,
            blok.get("hinder"),
            blok.get("kort"),
            blok.get("omleiding"),
            blok.get("door"),
        )
