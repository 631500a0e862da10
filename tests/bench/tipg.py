"""tipg beside us: the same rows and public columns, in an environment of its own.

Its dependencies are not ours, so it gets a virtual environment under ``var/``.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import select, type_coerce
from sqlalchemy.types import NullType

from kernenkaart.actor import BEZOEKER
from kernenkaart.config import ROOT
from kernenkaart.embedded import Cluster
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.lezen import to_text
from tests.served import free_port

VERSION = "1.6.1"
MAP = ROOT / "var" / "bench" / "tipg"
SCHEMA = "open"
START_S = 120


def install() -> Path:
    """The Python of an environment with tipg; made once."""
    python = MAP / "bin" / "python"
    marker = MAP / f"tipg-{VERSION}"
    if not marker.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", MAP], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", f"tipg=={VERSION}", "uvicorn"], check=True
        )
        marker.touch()
    return python


def make_views(cluster: Cluster, database: str) -> None:
    """What tipg serves: per layer a view for items, and one for tiles.

    Both hold what a visitor may see. Tiles tell the same few fields as ours, out of the geometry
    that is stored in Web Mercator.
    """
    with cluster.connect(database, "kernenkaart_beheer") as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        for laag in OPEN_LAGEN:
            for name, fields, geom in (
                (laag.naam, tuple(laag.velden), laag.geom),
                (f"{laag.naam}_tegel", laag.kort, laag.geom_3857),
            ):
                text = _select(laag, fields, geom).replace("%%", "%")
                connection.execute(f"CREATE VIEW {SCHEMA}.{name} AS {text}".encode())
        connection.execute(
            f"GRANT USAGE ON SCHEMA {SCHEMA} TO kernenkaart_app; "
            f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO kernenkaart_app"
        )


def _select(laag: OpenLaag, fields: tuple[str, ...], geom: Any) -> str:
    columns = [laag.velden[name].kolom.label(name) for name in fields]
    rows = select(laag.id.label("id"), *columns, type_coerce(geom, NullType()).label("geom"))
    return to_text(rows.select_from(laag.bron).where(laag.visible_to(BEZOEKER)))


@contextmanager
def serve_tipg(cluster: Cluster, database: str, workers: int) -> Iterator[str]:
    """Its address, while it is served as its documentation says."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    host = quote(str(cluster.socket_map), safe="")
    address = f"postgresql://kernenkaart_app@{host}/{database}"
    environ = os.environ | {
        "DATABASE_URL": address,
        "TIPG_DB_SCHEMAS": f'["{SCHEMA}"]',
        "TIPG_CATALOG_TTL": "0",  # what it serves does not change
        "TIPG_DB_SPATIAL_EXTENT": "false",
        "TIPG_DB_DATETIME_EXTENT": "false",
    }
    process = subprocess.Popen(
        [
            install(), "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1",
            "--port", str(port), "--workers", str(workers), "--log-level", "warning",
            "--no-access-log",
        ],
        env=environ,
    )  # fmt: skip
    try:
        _wait(f"{url}/healthz", process)
        yield url
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(url):
            return
        time.sleep(0.2)
    raise RuntimeError("tipg does not start")
