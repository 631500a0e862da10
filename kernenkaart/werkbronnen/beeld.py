"""All that a source would do, as a picture: each thing, or counts where there are too many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernenkaart.geo.columns import RDGeometry
from kernenkaart.werkbronnen.models import Oordeel

LOS_MAX = 1_000  # so many things are drawn each by itself
VAKKEN = 5  # else they are counted in so many squares across the picture, which is small
KLEIN_M = 100.0  # a smaller frame is not counted: things lie on the very same spot there
RUIMTE_M = 25.0  # around what is counted together
GROF_M = 2.0  # a line may be off by so much
WEG = "weg"
OP_KAART = (*(o.value for o in (Oordeel.NIEUW, Oordeel.VERANDERD, Oordeel.EIGEN)), WEG)
GEWEIGERD = Oordeel.GEWEIGERD.value

Vak = tuple[float, float, float, float]

_DINGEN = """
WITH ding AS (
    SELECT r.oordeel AS wat, coalesce(r.vorm, r.geom) AS geom, r.nummer, NULL::integer AS werk_id,
           coalesce(r.waarden->>'titel', r.reden) AS titel
    FROM werkbron_rij r WHERE r.bron_id = :bron_id AND r.oordeel IS NOT NULL
    UNION ALL
    SELECT 'weg', w.geom, NULL, w.id, w.titel
    FROM werkbronitem i LEFT JOIN werkzaamheid w ON w.id = i.werkzaamheid_id
    WHERE i.bron_id = :bron_id AND i.weg_op IS NULL AND NOT EXISTS (
        SELECT FROM werkbron_rij r WHERE r.bron_id = i.bron_id AND r.sleutel = i.sleutel)
), kader AS (
    SELECT CAST(:west AS float8) AS west, CAST(:zuid AS float8) AS zuid,
           CAST(:oost AS float8) AS oost, CAST(:noord AS float8) AS noord
)
"""
_ERIN = """geom IS NOT NULL AND wat = ANY(:soorten) AND (
    west IS NULL OR ST_Intersects(geom, ST_MakeEnvelope(west, zuid, oost, noord, 28992)))"""
_TELLING = text(
    f"""
    {_DINGEN}, per_soort AS (
        SELECT wat, count(*) AS aantal, count(*) FILTER (WHERE {_ERIN}) AS te_zien,
               ST_Extent(geom) AS vak
        FROM ding, kader GROUP BY wat)
    SELECT wat, aantal, te_zien,
           ST_XMin(vak) AS west, ST_YMin(vak) AS zuid, ST_XMax(vak) AS oost, ST_YMax(vak) AS noord
    FROM per_soort
    """  # constants only
)
_LOS = text(
    f"""
    {_DINGEN}
    SELECT wat, nummer, werk_id, titel, ST_SimplifyPreserveTopology(geom, :grof_m) AS geom
    FROM ding, kader WHERE {_ERIN} ORDER BY wat, nummer, werk_id LIMIT :hoogstens
    """
).columns(geom=RDGeometry())
_GETELD = text(
    f"""
    {_DINGEN}, te_zien AS (
        SELECT wat, ST_Centroid(ST_Envelope(geom)) AS punt FROM ding, kader WHERE {_ERIN})
    SELECT jsonb_object_agg(wat, aantal) AS soorten, sum(aantal) AS aantal,
           min(west) AS west, min(zuid) AS zuid, max(oost) AS oost, max(noord) AS noord
    FROM (
        SELECT wat, floor(ST_X(punt) / :cel_m) AS i, floor(ST_Y(punt) / :cel_m) AS j,
               count(*) AS aantal, min(ST_X(punt)) AS west, min(ST_Y(punt)) AS zuid,
               max(ST_X(punt)) AS oost, max(ST_Y(punt)) AS noord
        FROM te_zien GROUP BY 1, 2, 3
    ) cel GROUP BY i, j ORDER BY i, j
    """
)


@dataclass(frozen=True)
class Groep:
    """Things in one square of the picture.

    Attributes:
        soorten: how many of each kind, as in ``Beeld.telling``.
        vak: around the middles of all of them (RD: west, south, east, north), with some room.
    """

    aantal: int
    soorten: Mapping[str, int]
    vak: Vak


@dataclass(frozen=True)
class Ding:
    """One thing of the picture.

    Attributes:
        wat: an ``Oordeel``, or ``weg``.
        nummer: of its row in the file; None for a work that the source has no longer.
        werk_id: of that work.
        titel: of what is refused the reason.
        geom: RD, off by at most ``GROF_M``.
    """

    wat: str
    nummer: int | None
    werk_id: int | None
    titel: str
    geom: BaseGeometry


@dataclass(frozen=True)
class Beeld:
    """What a source would do, counted and drawn.

    Attributes:
        telling: how many of each ``Oordeel`` there are, and of ``weg``; wherever they lie.
        te_zien: how many of them lie in the frame, by the same names.
        vak: the frame (RD); None when nothing has a place.
        dingen: each of those, when there are few enough.
        groepen: else all of them together, in squares.
    """

    telling: Mapping[str, int]
    te_zien: Mapping[str, int]
    vak: Vak | None
    dingen: Sequence[Ding] = field(default=())
    groepen: Sequence[Groep] = field(default=())

    @property
    def rest(self) -> int:
        """How many in the frame are not drawn: they lie on one spot with too many others."""
        getekend = len(self.dingen) + sum(groep.aantal for groep in self.groepen)
        return sum(self.te_zien.values()) - getekend


def find_beeld(session: Session, bron_id: int, vak: Vak | None = None) -> Beeld:
    """The picture of a source that is looked at; two statements.

    Args:
        vak: draw only what lies there (RD: west, south, east, north); None is everything.
    """
    soorten = [*OP_KAART, GEWEIGERD]
    west, zuid, oost, noord = vak or (None,) * 4
    values: dict[str, Any] = {
        "bron_id": bron_id, "soorten": soorten,
        "west": west, "zuid": zuid, "oost": oost, "noord": noord,
    }  # fmt: skip
    rows = session.execute(_TELLING, values).all()
    telling = {oordeel.value: 0 for oordeel in Oordeel} | {WEG: 0}
    telling |= {row.wat: row.aantal for row in rows}
    te_zien = {row.wat: row.te_zien for row in rows if row.te_zien}
    vak = vak or _around(rows)
    breed_m = max(vak[2] - vak[0], vak[3] - vak[1]) if vak else 0.0
    if sum(te_zien.values()) <= LOS_MAX or breed_m < KLEIN_M:
        values |= {"grof_m": GROF_M, "hoogstens": LOS_MAX}
        los = [Ding(*row) for row in session.execute(_LOS, values)] if te_zien else []
        return Beeld(telling, te_zien, vak, dingen=los)
    geteld = session.execute(_GETELD, values | {"cel_m": breed_m / VAKKEN})
    return Beeld(telling, te_zien, vak, groepen=[_groep(row) for row in geteld])


def _around(rows: Sequence[Any]) -> Vak | None:
    """The frame of what would change; of what is refused only when nothing else is there."""
    placed = [row for row in rows if row.te_zien]
    rows = [row for row in placed if row.wat != GEWEIGERD] or placed
    if not rows:
        return None
    return (
        min(row.west for row in rows),
        min(row.zuid for row in rows),
        max(row.oost for row in rows),
        max(row.noord for row in rows),
    )


def _groep(row: Any) -> Groep:
    vak = (
        row.west - RUIMTE_M,
        row.zuid - RUIMTE_M,
        row.oost + RUIMTE_M,
        row.noord + RUIMTE_M,
    )
    return Groep(int(row.aantal), row.soorten, vak)


def middle(groep: Groep) -> Point:
    """Where a count stands, RD."""
    west, zuid, oost, noord = groep.vak
    return Point((west + oost) / 2, (zuid + noord) / 2)
