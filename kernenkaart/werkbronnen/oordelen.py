"""Weigh the rows of a source: what each would be, and what that would do to ours."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table, bindparam, select, text, update
from sqlalchemy.orm import Session

from kernenkaart.errors import Invalid
from kernenkaart.werkbronnen.models import Oordeel, Werkbron, WerkbronRij
from kernenkaart.werkbronnen.omzetten import Omzetter

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


def weigh(
    session: Session, bron: Werkbron, omzetter: Omzetter, *, van: int, tot: int, marge_m: float
) -> None:
    """Weigh the rows ``van`` to and including ``tot``; all before them are weighed already.

    Args:
        marge_m: how far a work may lie outside every kern, metres.
    """
    rows = session.execute(
        select(TABEL.c.nummer, TABEL.c.velden, TABEL.c.geom, TABEL.c.leesfout)
        .where(TABEL.c.bron_id == bron.id, TABEL.c.nummer.between(van, tot))
        .order_by(TABEL.c.nummer)
    ).all()
    if not rows:
        return
    session.connection().execute(_statement(), [_values(bron.id, row, omzetter) for row in rows])
    grenzen = {"bron_id": bron.id, "van": van, "tot": tot}
    session.execute(_GEMEENTE, grenzen | {"marge_m": marge_m})
    sla_over = omzetter.koppeling.buiten == "sla_over"
    session.execute(_OORDEEL, grenzen | {"buiten": BUITEN, "dubbel": DUBBEL, "sla_over": sla_over})


VELDEN = ("sleutel", "waarden", "vorm", "afdruk", "reden", "aangevuld")


def _statement() -> Any:
    return (
        update(TABEL)
        .where(TABEL.c.bron_id == bindparam("b_bron"), TABEL.c.nummer == bindparam("b_nummer"))
        .values(
            {naam: bindparam(f"b_{naam}", type_=TABEL.c[naam].type) for naam in VELDEN}
            | {"gemeente_id": None, "oordeel": Oordeel.GEWEIGERD}
        )
    )


def _values(bron_id: int, row: Row[*tuple[Any, ...]], omzetter: Omzetter) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(VELDEN) | {
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
    keys: Sequence[str] = VELDEN
    return {"b_bron": bron_id, "b_nummer": row.nummer, **{f"b_{key}": found[key] for key in keys}}
