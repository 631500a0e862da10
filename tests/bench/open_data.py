"""The open doors: our rate beside that of the bare statements and of tipg, in the same rounds."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from kernenkaart.app import create_app
from kernenkaart.config import ROOT, Settings
from kernenkaart.embedded import Cluster
from tests.bench.last import CONNECTIONS, pss_mb, rate_of_all
from tests.bench.rauw import Rauw, alone_ms, record, run, typical_ms
from tests.bench.tipg import make_views, serve_tipg
from tests.bench.vragen import Vragen, draw
from tests.served import Served, environment, run_flask, serve

ROUNDS = 5
WORKERS = 2


@dataclass(frozen=True)
class Plaats:
    """One size of data, and who serves it."""

    maat: str
    served: Served
    tipg: str
    app: Flask


@dataclass
class Uitslag:
    """Rates of one kind of question on one size of data, one of each per round."""

    maat: str
    vragen: Vragen
    rauw: Rauw
    ons_paden: Path
    tipg_paden: Path
    rates: dict[str, list[float]] = field(
        default_factory=lambda: {"rauw": [], "ons": [], "tipg": []}
    )
    alone: dict[int, list[float]] = field(default_factory=dict)

    def ratio(self, first: str, second: str) -> float:
        """The median over the rounds of one rate divided by another."""
        pairs = zip(self.rates[first], self.rates[second], strict=True)
        return statistics.median(one / other for one, other in pairs)

    @property
    def ms(self) -> float:
        """Milliseconds that the statements of one question take, alone on one connection."""
        return typical_ms(self.alone.values())


@contextmanager
def places(cluster: Cluster, maten: Sequence[str], map_: Path) -> Iterator[list[Plaats]]:
    """Each size in a database of its own, generated, and served by us and by tipg."""
    with ExitStack() as stack:
        found = []
        for maat in maten:
            database = database_of(maat)
            environ = environment(cluster, database, map_ / maat)
            if not _exists(cluster, database):
                print(f"  maat {maat}: gegevens maken …", flush=True)
                _generate(cluster, database, environ, maat)
            else:  # kept from another day
                run_flask(environ, "migreer")
            make_views(cluster, database)
            logs = map_ / f"log-{maat}"
            logs.mkdir()
            settings = Settings(
                database_url=environ["KERNENKAART_DATABASE_URL"],
                secret_key="alleen-voor-metingen",
                cache_map=map_ / f"app-{maat}",
            )
            served = stack.enter_context(serve(environ, logs, workers=WORKERS))
            tipg = stack.enter_context(serve_tipg(cluster, database, WORKERS))
            found.append(Plaats(maat, served, tipg, create_app(settings)))
        yield found


def database_of(maat: str) -> str:
    """The name of the database with so much data."""
    return f"maat_{maat.lower()}"


def _exists(cluster: Cluster, database: str) -> bool:
    with cluster.connect("postgres") as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        return found.fetchone() is not None


def _generate(cluster: Cluster, database: str, environ: dict[str, str], maat: str) -> None:
    cluster.create_database(database)
    kernen = str(ROOT / "geodata/kernen.geojson")
    run_flask(environ, "migreer")
    run_flask(environ, "kernen", "importeer", kernen, "--gemeente", "GM1960")
    run_flask(environ, "demo", "genereer", "--maat", maat)


def measure(
    cluster: Cluster, found: Sequence[Plaats], map_: Path, memory: dict[str, list[float]]
) -> list[Uitslag]:
    """All kinds of questions on all sizes, round after round.

    Args:
        memory: gets, per size, the memory of our web processes after each round, in MB.
    """
    uitslagen = []
    where = {plaats.maat: plaats for plaats in found}
    for plaats in found:
        for nummer, vragen in enumerate(draw(cluster, database_of(plaats.maat))):
            place = map_ / f"{plaats.maat}-{nummer}"
            rauw = record(plaats.app, vragen.ons, place)
            ons, tipg = place / "ons.txt", place / "tipg.txt"
            ons.write_text("\n".join(vragen.ons), encoding="utf-8")
            tipg.write_text("\n".join(vragen.tipg), encoding="utf-8")
            uitslagen.append(Uitslag(plaats.maat, vragen, rauw, ons, tipg))
    for ronde in range(-1, ROUNDS):  # the first one warms up
        for uitslag in uitslagen:
            rates = _round(cluster, where[uitslag.maat], uitslag)
            if ronde >= 0:
                for name, value in rates.items():
                    uitslag.rates[name].append(value)
                database = database_of(uitslag.maat)
                times = alone_ms(uitslag.rauw, cluster.socket_map, database)
                for script, found_ms in times.items():
                    uitslag.alone.setdefault(script, []).extend(found_ms)
        for plaats in found:
            memory.setdefault(plaats.maat, []).append(pss_mb(plaats.served.process.pid))
    return uitslagen


def _round(cluster: Cluster, plaats: Plaats, uitslag: Uitslag) -> dict[str, float]:
    database = database_of(uitslag.maat)
    return {
        "rauw": run(uitslag.rauw, cluster.socket_map, database, clients=CONNECTIONS),
        "ons": rate_of_all(plaats.served.url, uitslag.ons_paden),
        "tipg": rate_of_all(plaats.tipg, uitslag.tipg_paden),
    }


@dataclass(frozen=True)
class Tegel:
    """The fullest tile of a level: how long its statements take, and how large it is."""

    z: int
    ms: float
    kb: float


def fullest_tiles(cluster: Cluster, plaats: Plaats, map_: Path) -> list[Tegel]:
    """For each level of whole regions the tile with most cells, with all layers in it."""
    database = database_of(plaats.maat)
    with cluster.connect(database) as connection:
        rows = connection.execute(
            "SELECT DISTINCT ON (z) z, tx, ty FROM tegel_cel WHERE z BETWEEN 6 AND 9 "
            "GROUP BY z, tx, ty ORDER BY z, count(*) DESC"
        ).fetchall()
    browser, found = plaats.app.test_client(), []
    for z, x, y in rows:
        pad = f"/tegels/alles/{z}/{x}/{y}.mvt"
        rauw = record(plaats.app, [pad], map_ / f"vol-{z}")
        ms = typical_ms(alone_ms(rauw, cluster.socket_map, database).values())
        found.append(Tegel(z, ms, len(browser.get(pad).data) / 1000))
    return found
