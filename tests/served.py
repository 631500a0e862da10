"""The real application, served by the real server on a database of its own, for browsers."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sqlalchemy import create_engine, text

from kernenkaart.config import ROOT
from kernenkaart.embedded import Cluster
from kernenkaart.opdrachten import opdrachten
from kernenkaart.serve import ZUINIG

START_S = 30
EXAMPLES = {
    "activiteit": "SELECT min(id) FROM activiteit WHERE status = 'gepubliceerd' "
    "AND geom IS NOT NULL",
    "werkzaamheid": "SELECT min(id) FROM werkzaamheid WHERE status = 'bevestigd' AND openbaar "
    "AND hinder = 'afgesloten'",
    "startcheck": "SELECT min(id) FROM startcheck",
    "koppelkans": "SELECT min(id) FROM koppelkans WHERE keuze = 'combineren'",
    "project": "SELECT min(id) FROM project WHERE status = 'uitvoering' AND openbaar",
    "initiatief": "SELECT min(id) FROM initiatief WHERE status = 'bezig'",
    "platform": "SELECT min(l.platform_id) FROM lidmaatschap l JOIN gebruiker g "
    "ON g.id = l.gebruiker_id WHERE g.email LIKE 'platformlid@%'",
}


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_chromium() -> str:
    """Debian's Chromium, or whatever name it has here."""
    for name in ("chromium-headless-shell", "chromium-browser", "google-chrome", "chromium"):
        if found := shutil.which(name):
            return found
    raise FileNotFoundError("Chromium is not installed: `make test` installs it")


@dataclass
class Served:
    """A running copy of the application."""

    url: str
    environ: dict[str, str] = field(repr=False)
    process: "subprocess.Popen[bytes]" = field(repr=False)
    log: Path

    @cached_property
    def examples(self) -> dict[str, int]:
        """One published thing of each layer, and a group: ids to put in an address."""
        engine = create_engine(self.environ["KERNENKAART_BEHEER_URL"])
        with engine.connect() as connection:
            found = {name: connection.scalar(text(sql)) for name, sql in EXAMPLES.items()}
        engine.dispose()
        return found

    def flask(self, *args: str) -> str:
        """Run a ``flask`` command on the same database."""
        return run_flask(self.environ, *args)


def run_flask(environ: dict[str, str], *args: str) -> str:
    """Run a ``flask`` command; its output, or an AssertionError with all it said."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *args],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(cluster: Cluster, database: str, cache: Path, **extra: str) -> dict[str, str]:
    """The environment of a served copy: nothing of the developer's own settings leaks in."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("KERNENKAART_")}
    return clean | {
        "KERNENKAART_DATABASE_URL": cluster.url("kernenkaart_app", database),
        "KERNENKAART_BEHEER_URL": cluster.url("kernenkaart_beheer", database),
        "KERNENKAART_SECRET_KEY": "alleen-voor-tests",
        "KERNENKAART_CACHE_MAP": str(cache),
        "KERNENKAART_TEGELS_URL": "",
        "KERNENKAART_LUCHTFOTO_URL": "",
        "KERNENKAART_GEOCODER_URL": "",
        "KERNENKAART_DEMO": "1",
        **extra,
    }


def prepare(environ: dict[str, str]) -> None:
    """Migrations, the 26 kernen and the demo content, counted for the tiles."""
    kernen = str(ROOT / "geodata/kernen.geojson")
    with opdrachten(environ) as flask:
        flask.run("migreer")
        flask.run("kernen", "importeer", kernen, "--gemeente", "GM1960")
        flask.run("demo", "laad")
        flask.run("tegels", "herbouw")  # what the worker does within a minute


@contextmanager
def serve(environ: dict[str, str], map_: Path, workers: int = 1) -> Iterator[Served]:
    """Serve until the block ends; ready when the home page answers."""
    port = free_port()
    log = map_ / "web.log"
    url = f"http://127.0.0.1:{port}"
    environ = environ | ZUINIG | {"KERNENKAART_BASIS_URL": url}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
                "--port", str(port), "--workers", str(workers), "--blocking-threads", "4",
                "wsgi:app",
            ],
            cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait(url, process, log)
        yield Served(url, environ, process, log)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with (
            suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(f"{url}/healthz", timeout=2),
        ):
            return
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
