"""What is asked of the open doors: the same questions for us and for tipg, drawn from the data."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from kernenkaart.embedded import Cluster
from kernenkaart.tijd import today
from tests.bench.tipg import SCHEMA

DINGEN = 10  # of each layer
LAGEN = {"activiteiten": "activiteit", "werkzaamheden": "werkzaamheid"}
DATUMS = {"activiteiten": "begintOp", "werkzaamheden": "eersteDag"}
ZICHTBAAR = {
    "activiteiten": "status IN ('gepubliceerd', 'afgelast')",
    "werkzaamheden": "status <> 'concept' AND openbaar",
}
KLEIN_GRADEN = 0.03  # half a side of a box: some 2 by 3 km
GROOT_GRADEN = 0.15


@dataclass(frozen=True)
class Vragen:
    """Questions of one kind: ours, and those to tipg that come nearest; tipg may have none."""

    wat: str
    ons: tuple[str, ...]
    tipg: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Ding:
    laag: str
    id: int
    lon: float
    lat: float


def draw(cluster: Cluster, database: str) -> list[Vragen]:
    """All questions, about things that are drawn the same each time."""
    dingen = list(_things(cluster, database))
    return [
        _tiles("tegels z12–14", dingen, (12, 13, 14)),
        _tiles("tegels z10–11", dingen, (10, 11)),
        _items("items, 100", dingen, 100, KLEIN_GRADEN),
        _items("items, 1000", dingen, 1000, GROOT_GRADEN, periode=False),
        _near("binnen 500 m van een kern", cluster, database),
        _single("één ding", dingen),
    ]


def _things(cluster: Cluster, database: str) -> Iterator[_Ding]:
    """One thing of each layer in each of some kernen, large and small alike."""
    with cluster.connect(database) as connection:
        for laag, tabel in LAGEN.items():
            rows = connection.execute(
                "SELECT d.id, ST_X(d.p), ST_Y(d.p) "
                "FROM (SELECT id FROM kern ORDER BY md5(naam)) k CROSS JOIN LATERAL "
                f"(SELECT id, ST_Transform(punt, 4326) AS p FROM {tabel} WHERE kern_id = k.id "
                f"AND punt IS NOT NULL AND {ZICHTBAAR[laag]} LIMIT 1) d LIMIT {DINGEN}".encode()
            ).fetchall()
            yield from (_Ding(laag, *row) for row in rows)


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Column and row of the tile of Web Mercator that a place lies in."""
    x = (lon + 180) / 360
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int(x * 2**z), int(y * 2**z)


def _tiles(wat: str, dingen: list[_Ding], zs: tuple[int, ...]) -> Vragen:
    places = [(d.laag, z, *tile_of(d.lon, d.lat, z)) for d in dingen for z in zs]
    return Vragen(
        wat,
        tuple(f"/tegels/{laag}/{z}/{x}/{y}.mvt" for laag, z, x, y in places),
        tuple(
            f"/collections/{SCHEMA}.{laag}_tegel/tiles/WebMercatorQuad/{z}/{x}/{y}"
            for laag, z, x, y in places
        ),
    )


def _asked(laag: str, limiet: int, *, periode: bool, **more: str) -> dict[str, str]:
    asked = {"limit": str(limiet), **more}
    if periode:
        tot = today() + timedelta(days=91)
        asked["datetime"] = f"{today()}T00:00:00Z/{tot}T00:00:00Z"
    return asked


def _pad(laag: str, asked: dict[str, str]) -> str:
    return f"/api/v1/collections/{laag}/items?{urlencode(asked, safe=',:/')}"


def _pad_tipg(laag: str, asked: dict[str, str]) -> str:
    extra = {"f": "geojson"}
    if "datetime" in asked:
        extra["datetime-column"] = DATUMS[laag]
    return f"/collections/{SCHEMA}.{laag}/items?{urlencode(asked | extra, safe=',:/')}"


def _items(
    wat: str, dingen: list[_Ding], limiet: int, half: float, *, periode: bool = True
) -> Vragen:
    def box(ding: _Ding) -> str:
        west, zuid = ding.lon - half, ding.lat - 0.6 * half
        return f"{west:.5f},{zuid:.5f},{west + 2 * half:.5f},{zuid + 1.2 * half:.5f}"

    asked = [(d.laag, _asked(d.laag, limiet, periode=periode, bbox=box(d))) for d in dingen]
    return Vragen(
        wat,
        tuple(_pad(laag, vraag) for laag, vraag in asked),
        tuple(_pad_tipg(laag, vraag) for laag, vraag in asked),
    )


def _near(wat: str, cluster: Cluster, database: str) -> Vragen:
    """tipg knows no kernen; it is asked for what meets the outline of one, 500 m wider."""
    with cluster.connect(database) as connection:
        kernen = connection.execute(
            "SELECT slug, ST_AsText(ST_Transform(ST_Simplify(ST_Buffer(grens, 500), 20), 4326), 5) "
            "FROM kern ORDER BY md5(naam) LIMIT 20"
        ).fetchall()
    laag = "werkzaamheden"
    return Vragen(
        wat,
        tuple(
            _pad(laag, _asked(laag, 100, periode=True, nabij=slug, afstand="500"))
            for slug, _ in kernen
        ),
        tuple(
            _pad_tipg(
                laag,
                _asked(
                    laag, 100, periode=True,
                    **{"filter": f"S_INTERSECTS(geom, {wkt})", "filter-lang": "cql2-text"},
                ),
            )
            for _, wkt in kernen
        ),
    )  # fmt: skip


def _single(wat: str, dingen: list[_Ding]) -> Vragen:
    return Vragen(
        wat,
        tuple(f"/api/v1/collections/{d.laag}/items/{d.id}" for d in dingen),
        tuple(f"/collections/{SCHEMA}.{d.laag}/items/{d.id}?f=geojson" for d in dingen),
    )
