"""Weigh the rows of a source: what each would be, and what that would do to ours."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Table, bindparam, select, text, update
from sqlalchemy.orm import Session

from kernenkaart.errors import Invalid
from kernenkaart.werkbronnen.models import Oordeel, WerkbronRij
from kernenkaart.werkbronnen.omzetten import Omzetter

Rij = Row[*tuple[Any, ...]]

BUITEN = "Dit ligt te ver buiten de gemeente."
DUBBEL = "Dit kenmerk staat ook op een eerdere regel."
TABEL: Table = WerkbronRij.__table__  # type: ignore[assignment]

_GEMEENTE = text(
    """
    UPDATE werkbron_rij r SET gemeente_id = (
        SELECT k.gemeente_id FROM kern k WHERE ST_DWithin(k.grens, r.vorm, :marge_m)
        ORDER BY ST_Distance(k.grens, r.vorm), k.id LIMIT 1)
    WHERE r.bron_id = :bron_id AND r.nummer BETWEEN :van AND :tot AND r.vorm IS NOT NULL
    """
)
# what was changed here by hand, or thrown away here, stays as it is here
_OORDEEL = text(
    """
    UPDATE werkbron_rij r SET reden = o.reden, oordeel = CASE
        WHEN o.reden = :buiten AND :sla_over THEN 'buiten'
        WHEN o.reden IS NOT NULL THEN 'geweigerd'
        WHEN o.item IS NULL THEN 'nieuw'
        WHEN o.nu IS DISTINCT FROM o.versie THEN 'eigen'
        WHEN o.was = r.afdruk AND o.weg_op IS NULL THEN 'gelijk'
        ELSE 'veranderd' END
    FROM (
        SELECT x.nummer, i.id AS item, i.werkzaamheid_versie AS versie, w.versie AS nu,
               i.afdruk AS was, i.weg_op,
               CASE WHEN x.reden IS NOT NULL THEN x.reden
                    WHEN EXISTS (SELECT FROM werkbron_rij e WHERE e.bron_id = x.bron_id
                                 AND e.sleutel = x.sleutel AND e.nummer < x.nummer) THEN :dubbel
                    WHEN x.gemeente_id IS NULL THEN :buiten END AS reden
        FROM werkbron_rij x
        LEFT JOIN werkbronitem i ON i.bron_id = x.bron_id AND i.sleutel = x.sleutel
        LEFT JOIN werkzaamheid w ON w.id = i.werkzaamheid_id
        WHERE x.bron_id = :bron_id AND x.nummer BETWEEN :van AND :tot
    ) o
    WHERE r.bron_id = :bron_id AND r.nummer = o.nummer
    """
)


def find_rows(session: Session, bron_id: int, *, van: int, tot: int) -> Sequence[Rij]:
    """The rows ``van`` to and including ``tot`` as they were read, by number."""
    return session.execute(
        select(TABEL.c.nummer, TABEL.c.velden, TABEL.c.geom, TABEL.c.leesfout)
        .where(TABEL.c.bron_id == bron_id, TABEL.c.nummer.between(van, tot))
        .order_by(TABEL.c.nummer)
    ).all()


def store(
    session: Session,
    bron_id: int,
    converted: Sequence[Mapping[str, Any]],
    *,
    marge_m: float,
    sla_over: bool,
) -> None:
    """Keep what these rows would be, and what that would do to ours.

    Args:
        converted: of each what ``convert`` makes of it, in the order of the file; all rows before
            them are weighed already.
        marge_m: how far a work may lie outside every kern, metres.
        sla_over: leave out what lies further away, instead of refusing it.
    """
    if not converted:
        return
    session.connection().execute(
        _statement(),
        [{"b_bron": bron_id, **{f"b_{key}": row[key] for key in _KEYS}} for row in converted],
    )
    grenzen = {
        "bron_id": bron_id, "van": converted[0]["nummer"], "tot": converted[-1]["nummer"],
    }  # fmt: skip
    session.execute(_GEMEENTE, grenzen | {"marge_m": marge_m})
    session.execute(_OORDEEL, grenzen | {"buiten": BUITEN, "dubbel": DUBBEL, "sla_over": sla_over})


VELDEN = ("sleutel", "waarden", "vorm", "afdruk", "reden", "aangevuld")
_KEYS = ("nummer", *VELDEN)


def _statement() -> Any:
    return (
        update(TABEL)
        .where(TABEL.c.bron_id == bindparam("b_bron"), TABEL.c.nummer == bindparam("b_nummer"))
        .values(
            {naam: bindparam(f"b_{naam}", type_=TABEL.c[naam].type) for naam in VELDEN}
            | {"gemeente_id": None, "oordeel": Oordeel.GEWEIGERD}
        )
    )


def convert(row: Rij, omzetter: Omzetter) -> dict[str, Any]:
    """What one row would be, or why it cannot be a work, by column; asks the database nothing."""
    found: dict[str, Any] = dict.fromkeys(VELDEN) | {
        "nummer": row.nummer,
        "sleutel": omzetter.to_sleutel(row.velden, row.geom),
        "aangevuld": [],
    }
    if row.leesfout is not None:
        found["reden"] = row.leesfout
    else:
        try:
            omgezet = omzetter.convert(row.velden, row.geom)
        except Invalid as error:
            found["reden"] = error.melding
        else:
            found |= {
                "waarden": omgezet.werk.to_json(),
                "vorm": omgezet.vorm,
                "afdruk": omgezet.afdruk,
                "aangevuld": omgezet.hersteld,
            }
    return found
