"""Store kernen and gemeenten that came from a file. The caller commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import MultiPolygon
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernenkaart.kernen.grenzen import Kandidaat, given_heart, middle
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.kernen.namen import Slugs


@dataclass(frozen=True)
class Telling:
    """How many rows an import made, changed and left alone."""

    nieuw: int = 0
    gewijzigd: int = 0
    gelijk: int = 0


STAGE = """
CREATE TEMPORARY TABLE inlezen (
    volgorde integer, gemeente_id integer, code text, naam text COLLATE "nl-x-icu", slug text,
    soort text, grens geometry(MultiPolygon, 28992), hart geometry(Point, 28992),
    hart_gegeven boolean
) ON COMMIT DROP
"""
FILL = """
INSERT INTO inlezen VALUES (
    :volgorde, :gemeente_id, :code, :naam, :slug, :soort,
    ST_GeomFromWKB(:grens, 28992), ST_GeomFromWKB(:hart, 28992), :hart_gegeven)
"""
# What the file does not say stays as it is stored; a heart only as long as it lies inside.
KEEP = """
UPDATE inlezen i SET soort = coalesce(i.soort, k.soort), hart = CASE
    WHEN NOT i.hart_gegeven AND ST_Intersects(i.grens, k.hart) THEN k.hart ELSE i.hart END
FROM kern k
WHERE (i.gemeente_id, i.code) = (k.gemeente_id, k.code)
"""
# A name that moves from one kern to another would for a moment be there twice.
FREE_NAMES = """
UPDATE kern k SET naam = 'hernoemd ' || k.id
FROM inlezen i, inlezen ander
WHERE (i.gemeente_id, i.code) = (k.gemeente_id, k.code) AND i.naam <> k.naam
  AND ander.gemeente_id = k.gemeente_id AND ander.naam = k.naam
"""
CHANGE = """
UPDATE kern k SET naam = i.naam, soort = i.soort, grens = i.grens, hart = i.hart,
    updated_at = now()
FROM inlezen i
WHERE (i.gemeente_id, i.code) = (k.gemeente_id, k.code)
  AND (k.naam, k.soort, k.grens, k.hart) IS DISTINCT FROM (i.naam, i.soort, i.grens, i.hart)
"""
ADD = """
INSERT INTO kern (gemeente_id, code, naam, slug, soort, grens, hart)
SELECT i.gemeente_id, i.code, i.naam, i.slug, coalesce(i.soort, 'dorp'), i.grens, i.hart
FROM inlezen i
WHERE NOT EXISTS (SELECT 1 FROM kern k WHERE (k.gemeente_id, k.code) = (i.gemeente_id, i.code))
ORDER BY i.volgorde
"""


def store_kernen(
    session: Session, kandidaten: Sequence[Kandidaat], namen: Mapping[str, str]
) -> Telling:
    """Make or change a kern for each of ``kandidaten``, which are all kept; unchanged ones are not
    written, and a kern keeps its address when its name changes.

    Few statements do it all, so that what lies in the kernen is derived again once.

    Args:
        namen: names of gemeenten by CBS code, for those that are new and not named by the file.
    """
    if not kandidaten:
        return Telling()
    gemeenten = ensure_gemeenten(session, kandidaten, namen)
    stored = session.execute(select(Kern.gemeente_id, Kern.code, Kern.slug)).all()
    known = {(gemeente_id, code) for gemeente_id, code, _ in stored}
    slugs = Slugs(slug for _, _, slug in stored)
    rows = []
    for number, one in enumerate(kandidaten):
        gemeente = gemeenten[str(one.gemeente)]
        key = (gemeente.id, one.code)
        grens = _polygons(one)
        given = given_heart(grens, one.hart)
        rows.append(
            {
                "volgorde": number,
                "gemeente_id": gemeente.id,
                "code": one.code,
                "naam": one.naam,
                "slug": None if key in known else slugs.take(one.naam, gemeente.naam, one.code),
                "soort": one.soort,
                "grens": shapely.to_wkb(grens),
                "hart": shapely.to_wkb(given or middle(grens)),
                "hart_gegeven": given is not None,
            }
        )
    session.execute(text("DROP TABLE IF EXISTS pg_temp.inlezen"))
    session.execute(text(STAGE))
    session.execute(text(FILL), rows)
    session.execute(text(KEEP))
    session.execute(text(FREE_NAMES))
    changed = session.connection().execute(text(CHANGE)).rowcount
    added = session.connection().execute(text(ADD)).rowcount
    session.expire_all()
    return Telling(added, changed, len(rows) - added - changed)


def ensure_gemeenten(
    session: Session, kandidaten: Iterable[Kandidaat], namen: Mapping[str, str]
) -> dict[str, Gemeente]:
    """The gemeenten of ``kandidaten`` by CBS code; new ones are made.

    The name comes from ``namen``, else from the file; without either the code is the name, until
    an import knows better.
    """
    wanted: dict[str, str] = {}
    for one in kandidaten:
        code = str(one.gemeente)
        wanted[code] = wanted.get(code) or namen.get(code) or one.gemeente_naam
    found = {
        gemeente.code: gemeente
        for gemeente in session.scalars(select(Gemeente).where(Gemeente.code.in_(wanted)))
    }
    for code, naam in wanted.items():
        if code not in found:
            found[code] = Gemeente(code=code, naam=naam or code)
            session.add(found[code])
        elif found[code].naam == code and naam:
            found[code].naam = naam
    session.flush()
    return found


def store_gemeenten(session: Session, kandidaten: Sequence[Kandidaat]) -> Telling:
    """Make or change a gemeente for each of ``kandidaten``: its name and its boundary."""
    known = {gemeente.code: gemeente for gemeente in session.scalars(select(Gemeente))}
    added = changed = 0
    for one in kandidaten:
        grens = _polygons(one)
        gemeente = known.get(one.code)
        if gemeente is None:
            session.add(Gemeente(code=one.code, naam=one.naam, grens=grens))
            added += 1
        elif gemeente.naam != one.naam or not shapely.equals_identical(gemeente.grens, grens):
            gemeente.naam, gemeente.grens = one.naam, grens
            changed += 1
    session.flush()
    return Telling(added, changed, len(kandidaten) - added - changed)


def _polygons(one: Kandidaat) -> MultiPolygon:
    if one.grens is None:
        raise ValueError(f"{one.naam} was refused and cannot be stored")
    return one.grens
