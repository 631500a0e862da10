"""The SQL that counts cells: all of a layer at once, or again what changed.

Counted is what a visitor may see (``visible_to``), at its marker. Statements are for the driver
(``%(naam)s``); arrays ``kxs`` and ``kys`` hold columns and rows of cells in the grid of the whole
world on their level.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Null,
    SQLColumnExpression,
    cast,
    func,
    literal_column,
    select,
)

from kernenkaart.actor import BEZOEKER
from kernenkaart.geo.crs import RD, WEB_MERCATOR
from kernenkaart.geo.laag import Laag
from kernenkaart.lagen import LAGEN
from kernenkaart.lezen import to_text
from kernenkaart.tegels.models import ALLE_SOORTEN, NIVEAUS, PER_TEGEL

GETELD = {laag.naam: laag for laag in LAGEN}  # kernen are never so many
FIJNST = NIVEAUS[-1]
RIJ = 32_768  # cells in a row of the world on the finest level
_PLAATS = PER_TEGEL.bit_length() - 1
_REST = PER_TEGEL - 1

_KOLOMMEN = "(laag, z, tx, ty, soort, cx, cy, n, punt, punt_3857, begint, eindigt)"

# A table beside the old one, without index: a tenth of the work, and readers notice nothing.
NIEUW = """
SET LOCAL jit = off;
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL work_mem = '256MB';
CREATE TABLE tegel_cel_nieuw (LIKE tegel_cel INCLUDING STORAGE)
"""
RUIL = """
ALTER TABLE tegel_cel_nieuw
    ADD CONSTRAINT pk_tegel_cel_nieuw PRIMARY KEY (laag, z, tx, ty, soort, cx, cy);
ANALYZE tegel_cel_nieuw;
DROP TABLE tegel_cel;
ALTER TABLE tegel_cel_nieuw RENAME TO tegel_cel;
ALTER TABLE tegel_cel RENAME CONSTRAINT pk_tegel_cel_nieuw TO pk_tegel_cel;
CREATE TRIGGER data_versie AFTER INSERT OR UPDATE OR DELETE ON tegel_cel
    FOR EACH STATEMENT EXECUTE FUNCTION data_versie_ophogen();
UPDATE data_versie SET n = extract(epoch FROM clock_timestamp()) * 1000000
    WHERE tabel = 'tegel_cel' AND vak = 0
"""

# Everything is sorted twice, with and without its kind, and counted on all levels in passing: a
# cell on one level is made of whole cells of the next.
_ALLES = """
INSERT INTO tegel_cel_nieuw {kolommen}
WITH ding AS MATERIALIZED ({dingen}),
vak AS MATERIALIZED (
    SELECT ding.*, soort COLLATE "C" AS code, {vakken}, ST_X(p) AS x, ST_Y(p) AS y FROM ding
),
geteld AS (
    SELECT coalesce(code, '{alle}') AS soort, {grofste} - 1 + num_nonnulls({fijnste}) AS z,
        coalesce({van_fijn}) AS vak, count(*)::integer AS n,
        ST_SetSRID(ST_MakePoint(avg(x), avg(y)), {mercator}) AS p, {begint}, {eindigt}
    FROM vak GROUP BY GROUPING SETS ({sets})
)
SELECT '{laag}', z, (vak >> 15)::integer >> {plaats}, (vak & 32767)::integer >> {plaats},
    soort, (vak >> 15)::integer & {rest}, (vak & 32767)::integer & {rest},
    n, ST_Transform(p, {rd}), p, begint, eindigt
FROM geteld
"""

# the box of a cell in RD: its sides are nearly straight there, a metre is ample
_KADER = """ST_Expand(ST_Transform(ST_MakeEnvelope(
    {west} + vak.kx * {cel}, {noord} - (vak.ky + 1) * {cel},
    {west} + (vak.kx + 1) * {cel}, {noord} - vak.ky * {cel}, {mercator}), {rd}), 1)"""

_FIJN = """
INSERT INTO tegel_cel {kolommen}
WITH vak AS MATERIALIZED (SELECT * FROM unnest(%(kxs)s::integer[], %(kys)s::integer[]) v (kx, ky)),
ding AS MATERIALIZED (
    SELECT kx, ky, d.* FROM vak CROSS JOIN LATERAL ({dingen} OFFSET 0) d
    WHERE tegel_kx(d.p) = kx AND tegel_ky(d.p) = ky
),
geteld AS (
    SELECT kx, ky, coalesce(soort, '{alle}') AS soort, count(*)::integer AS n,
        ST_SetSRID(ST_MakePoint(avg(ST_X(p)), avg(ST_Y(p))), {mercator}) AS p, {begint}, {eindigt}
    FROM ding GROUP BY GROUPING SETS ((kx, ky), (kx, ky, soort))
)
SELECT '{laag}', {z}, kx >> {plaats}, ky >> {plaats}, soort, kx & {rest}, ky & {rest},
    n, ST_Transform(p, {rd}), p, begint, eindigt
FROM geteld
"""

_GROVER = """
INSERT INTO tegel_cel {kolommen}
WITH kind AS MATERIALIZED (
    SELECT v.kx, v.ky, d.x + 2 * d.y AS deel, k.*
    FROM unnest(%(kxs)s::integer[], %(kys)s::integer[]) v (kx, ky)
    CROSS JOIN unnest(%(soorten)s::text[]) s (code) CROSS JOIN {vier}
    JOIN tegel_cel k ON k.laag = %(laag)s AND k.z = %(z)s + 1
        AND k.tx = (2 * v.kx) >> {plaats} AND k.ty = (2 * v.ky) >> {plaats} AND k.soort = s.code
        AND k.cx = ((2 * v.kx) & {rest}) + d.x AND k.cy = ((2 * v.ky) & {rest}) + d.y
),
geteld AS (
    SELECT kx, ky, soort, sum(n)::integer AS n, ST_SetSRID(ST_MakePoint(
        sum(n * ST_X(punt_3857)) / sum(n), sum(n * ST_Y(punt_3857)) / sum(n)), {mercator}) AS p,
        {begint}, {eindigt}
    FROM kind GROUP BY kx, ky, soort
)
SELECT %(laag)s, %(z)s, kx >> {plaats}, ky >> {plaats}, soort, kx & {rest}, ky & {rest},
    n, ST_Transform(p, {rd}), p, {op_begin}, {op_einde}
FROM geteld
"""

# the days of the four below; each is there at most once
_VIER = " || ".join(f"max({{kolom}}) FILTER (WHERE deel = {deel})" for deel in range(4))
_GESORTEERD = "(SELECT array_agg(dag ORDER BY dag) FROM unnest({kolom}) dag)"

WEG = f"""
DELETE FROM tegel_cel c USING unnest(%(kxs)s::integer[], %(kys)s::integer[]) v (kx, ky)
WHERE c.laag = %(laag)s AND c.z = %(z)s AND c.tx = v.kx >> {_PLAATS} AND c.ty = v.ky >> {_PLAATS}
    AND c.soort = ANY(%(soorten)s::text[]) AND c.cx = v.kx & {_REST} AND c.cy = v.ky & {_REST}
"""


def _fixed(**more: Any) -> dict[str, Any]:
    half = 20037508.342789244  # the edge of the world, metres of Web Mercator
    return {
        "kolommen": _KOLOMMEN,
        "alle": ALLE_SOORTEN,
        "mercator": WEB_MERCATOR,
        "rd": RD,
        "plaats": _PLAATS,
        "rest": _REST,
        "vier": "(VALUES (0, 0), (0, 1), (1, 0), (1, 1)) d (x, y)",
        "west": -half,
        "noord": half,
        "cel": 2 * half / RIJ,
    } | more


GROVER = _GROVER.format(
    **_fixed(
        begint=f"{_VIER.format(kolom='begint')} AS begint",
        eindigt=f"{_VIER.format(kolom='eindigt')} AS eindigt",
        op_begin=_GESORTEERD.format(kolom="begint"),
        op_einde=_GESORTEERD.format(kolom="eindigt"),
    )
)


@cache
def soorten(naam: str) -> str:
    """All kinds that cells of a layer may have, or had: the statements name each to use the key."""
    known = to_text(select(GETELD[naam].soort))
    return (
        f"SELECT DISTINCT soort FROM tegel_cel WHERE laag = '{naam}' AND z = {NIVEAUS[0]} "
        f"UNION {known} UNION SELECT '{ALLE_SOORTEN}'"
    )


@cache
def alles(naam: str) -> str:
    """Count a whole layer on all levels, into the table of ``NIEUW``."""
    laag = GETELD[naam]
    keys = [f"k{z}" for z in NIVEAUS]
    sets = [
        f"({soort}{', '.join(keys[:until])})"
        for soort in ("", "code, ")
        for until in range(len(keys), 0, -1)
    ]
    vakken = (
        f"((tegel_kx(p) >> {FIJNST - z})::bigint << 15) + (tegel_ky(p) >> {FIJNST - z}) AS k{z}"
        for z in NIVEAUS
    )
    return _ALLES.format(
        **_fixed(**_days(laag)),
        laag=naam,
        dingen=_dingen(laag),
        vakken=", ".join(vakken),
        grofste=NIVEAUS[0],
        fijnste=", ".join(keys),
        van_fijn=", ".join(reversed(keys)),
        sets=", ".join(sets),
    )


@cache
def fijn(naam: str) -> str:
    """Count some cells of the finest level; they must be gone."""
    laag = GETELD[naam]
    in_cel = laag.punt.bool_op("&&")(literal_column(_KADER.format(**_fixed())))
    return _FIJN.format(**_fixed(**_days(laag)), laag=naam, dingen=_dingen(laag, in_cel), z=FIJNST)


def _days(laag: Laag) -> dict[str, str]:
    if isinstance(laag.begint_op, Null):
        return {"begint": "NULL::date[] AS begint", "eindigt": "NULL::date[] AS eindigt"}
    return {
        "begint": "array_agg(b ORDER BY b) AS begint",
        "eindigt": "array_agg(e ORDER BY e) AS eindigt",
    }


def _dingen(laag: Laag, *conditions: ColumnElement[bool]) -> str:
    if isinstance(laag.begint_op, Null):
        days = []
    else:
        last_moment = laag.eindigt_op - literal_column("interval '1 microsecond'")
        days = [
            func.coalesce(_day(laag.begint_op), literal_column("'-infinity'::date")).label("b"),
            func.coalesce(_day(last_moment), literal_column("'infinity'::date")).label("e"),
        ]
    return to_text(
        select(
            laag.soort.label("soort"),
            func.ST_Transform(laag.punt, WEB_MERCATOR, type_=Integer).label("p"),
            *days,
        )
        .select_from(laag.bron)
        .where(laag.punt.is_not(None), laag.visible_to(BEZOEKER), *conditions)
    )


def _day(moment: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """The day in Amsterdam of a moment; NULL stays NULL."""
    return cast(func.timezone("Europe/Amsterdam", moment), Date)
