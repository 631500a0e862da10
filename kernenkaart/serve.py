"""From a checkout to a site that answers: ``python -m kernenkaart.serve``, called by ``make run``.

Takes the lock on ``var/``, starts the private database, migrates, loads the kernen and the demo on
the first run, starts web server and worker, and keeps these running until Ctrl-C or TERM. It does
not import the application itself: that would cost memory once more.
"""

import argparse
import http.client
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg

from kernenkaart.beslag import HOST, claim_port, lock, port_number
from kernenkaart.config import PREFIX, ROOT
from kernenkaart.demo.inlog import logins
from kernenkaart.diensten import STOP_MAX_S, Dienst
from kernenkaart.embedded import APP, BEHEER, Cluster
from kernenkaart.errors import KernenkaartError
from kernenkaart.migrations.stand import newest_revision
from kernenkaart.omgeving import read_omgeving, write_omgeving
from kernenkaart.opdrachten import opdrachten

DATABASE_URL = PREFIX + "DATABASE_URL"
BEHEER_URL = PREFIX + "BEHEER_URL"
READY_MAX_S = 90.0
STOP_EARLY_S = 2.0  # before it is ready nobody has asked anything
LOOK_EVERY_S = 0.25
STILL_BUSY_S = 1.0

WORKER = (sys.executable, "-m", "flask", "--app", "wsgi", "taken", "werk")
GEMEENTE = ("gemeenten", "importeer", str(ROOT / "geodata" / "gemeente.geojson"))
KERNEN = ("kernen", "importeer", str(ROOT / "geodata" / "kernen.geojson"))
# a large answer goes back to the system when it is sent: without this each thread keeps its own
# (mallopt(3); 303 MB becomes 257 with answers of 1,000 things)
ZUINIG = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "131072"}


def web_command(port: int) -> list[str]:
    """The command line of the web server: two processes, a bounded queue, workers replaced."""
    options = {
        "interface": "wsgi",
        "host": HOST,
        "port": str(port),
        "workers": "2",
        "blocking-threads": "8",  # they mostly wait for the database or a tile
        "backpressure": "64",
        "backlog": "1024",
        "workers-kill-timeout": "25",
        "respawn-interval": "0.3",
        "log-level": "error",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    switches = ["--no-ws", "--respawn-failed-workers"]
    return [sys.executable, "-m", "granian", *flags, *switches, "wsgi:app"]


class Stop(BaseException):
    """Somebody asked us to stop, by Ctrl-C, TERM or closing the terminal."""


def _raise_stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # stopping is not interrupted again
    raise Stop


def say(text: str) -> None:
    """Show a line at once, also when the output is a file."""
    print(text, flush=True)


@contextmanager
def stap(text: str) -> Iterator[None]:
    """Show that a step began, a dot every few seconds while it lasts, and how long it took."""
    begun = time.monotonic()
    done = threading.Event()

    def tell() -> None:
        while not done.wait(STILL_BUSY_S):
            print(".", end="", flush=True)

    print(f"  {text} .", end="", flush=True)
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
        say(f" {time.monotonic() - begun:.1f} s")
    except BaseException:
        say("")
        raise
    finally:
        done.set()
        teller.join()


@dataclass
class Opstart:
    """One run: what was chosen, and what has been started so far."""

    var: Path
    port: int
    stack: ExitStack
    env: dict[str, str] = field(default_factory=dict)
    cluster: Cluster | None = None
    diensten: list[Dienst] = field(default_factory=list)
    ready: bool = False

    @property
    def address(self) -> str:
        """Where the site is served."""
        return f"http://{HOST}:{self.port}"

    @property
    def demo(self) -> bool:
        """Whether invented content and logins belong in this database."""
        return self.env[PREFIX + "DEMO"].lower() in {"1", "ja", "true"}

    def settle_environment(self) -> None:
        """Start the private database unless one is given; keep the settings for the next run."""
        path = self.var / "omgeving"
        self.env = read_omgeving(path)
        if os.environ.get(DATABASE_URL):
            self._check_given_database()
        else:
            self._start_cluster()
        self.env.setdefault(PREFIX + "SECRET_KEY", secrets.token_urlsafe(48))
        self.env.setdefault(PREFIX + "DEMO", "1")
        here = {"BASIS_URL": self.address, "CACHE_MAP": str(self.var / "cache")}
        for name, value in here.items():
            self.env[PREFIX + name] = os.environ.get(PREFIX + name, value)
        names = {name for name in self.env if name.startswith(PREFIX)} - set(os.environ)
        write_omgeving({name: self.env[name] for name in names}, path)

    def _check_given_database(self) -> None:
        try:
            self._connect().close()
        except psycopg.Error as error:
            raise KernenkaartError(
                f"De database van {DATABASE_URL} antwoordt niet: {str(error).splitlines()[0]}"
            ) from error

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        url = self.env.get(BEHEER_URL) or self.env[DATABASE_URL]
        return psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=5)

    def _start_cluster(self) -> None:
        wanted = self.var / "postgres"
        cluster = Cluster(wanted)
        if cluster.map != wanted:
            say(f"  De database staat in {cluster.map}: alleen root kan bij {self.var}.")
        with stap("Database starten"):
            self.stack.callback(cluster.stop)
            cluster.ensure_running()
        self.cluster = cluster
        self.env[DATABASE_URL] = cluster.url(APP)
        self.env[BEHEER_URL] = cluster.url(BEHEER)

    def fill_database(self) -> None:
        """Migrate; on an empty database also load the kernen and the demo."""
        with opdrachten(self.env) as flask:
            if not self._is_migrated():
                with stap("Tabellen bijwerken"):
                    flask.run("migreer")
            if not self._has_rows("kern"):
                with stap("Gemeentegrens inlezen"):
                    flask.run(*GEMEENTE)
                with stap("Kernen inlezen"):
                    flask.run(*KERNEN)
            if self.demo and not self._has_rows("gebruiker"):
                with stap("Demo-inhoud laden"):
                    flask.run("demo", "laad")

    def _is_migrated(self) -> bool:
        with self._connect() as connection:
            table = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
            if table == (None,):
                return False
            return connection.execute("SELECT * FROM alembic_version").fetchall() == [
                (newest_revision(),)
            ]

    def show_logins(self) -> None:
        """Print how to log in, where the demo is loaded."""
        if self.demo and self._has_rows("gebruiker WHERE demo"):
            say("\n".join(logins()))

    def _has_rows(self, source: str) -> bool:
        with self._connect() as connection:
            return connection.execute(f"SELECT FROM {source} LIMIT 1").fetchone() is not None

    def start_services(self) -> None:
        """Start web server and worker, without the rights of the owner of the database."""
        env = {name: value for name, value in self.env.items() if name != BEHEER_URL}
        self.stack.callback(self._stop_services)
        # a TERM, so that the web server ends its own processes; an orphaned job is done again
        web = Dienst("webserver", web_command(self.port), env | ZUINIG, orphan_signal="TERM")
        for dienst in (web, Dienst("worker", WORKER, env)):
            dienst.start()
            self.diensten.append(dienst)

    def _stop_services(self) -> None:
        for dienst in self.diensten:
            dienst.ask_to_stop()
        for dienst in self.diensten:
            dienst.wait_stopped(STOP_MAX_S if self.ready else STOP_EARLY_S)

    def wait_ready(self) -> None:
        """Wait until the site says that it can do its work.

        Raises:
            KernenkaartError: with the last answer, if that takes too long.
        """
        answer = ""
        deadline = time.monotonic() + READY_MAX_S
        while time.monotonic() < deadline:
            self.look()
            status, answer = ask(self.port, "/readyz")
            if status == http.client.OK:
                self.ready = True
                return
            time.sleep(0.1)
        raise KernenkaartError(f"De site wordt niet klaar: {answer or 'geen antwoord'}")

    def look(self) -> None:
        """Start again what has fallen, and say so."""
        if self.cluster is not None and self.cluster.pid is None:
            say("De database was gestopt en wordt opnieuw gestart.")
            self.cluster.ensure_running()
        for dienst in self.diensten:
            if dienst.keep_running():
                say(f"De {dienst.naam} was gestopt en is opnieuw gestart.")


def ask(port: int, path: str) -> tuple[int, str]:
    """Status and body of our own page at ``path``; status 0 when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace").strip()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def serve(var: Path, port: int) -> None:
    """Bring everything up and keep it up; returns only by an exception."""
    with ExitStack() as stack:
        slot = stack.enter_context(lock(var))
        stack.enter_context(claim_port(port))
        opstart = Opstart(var, port, stack)
        slot.truncate(0)
        slot.write(f"proces {os.getpid()}, {opstart.address}\n")
        slot.flush()
        opstart.settle_environment()
        opstart.fill_database()
        with stap("Webserver en worker starten"):
            opstart.start_services()
            opstart.wait_ready()
        opstart.show_logins()
        say(f"De kernenkaart staat op {opstart.address}  (stoppen: Ctrl-C)")
        while True:
            opstart.look()
            time.sleep(LOOK_EVERY_S)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line, serve, and turn what goes wrong into one line."""
    parser = argparse.ArgumentParser(prog="python -m kernenkaart.serve", description=__doc__)
    parser.add_argument("--port", default="8000")
    parser.add_argument("--var", type=Path, default=ROOT / "var")
    options = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stop)
    try:
        serve(options.var.absolute(), port_number(options.port))
    except Stop:
        say("De kernenkaart is gestopt.")
        return 0
    except KernenkaartError as error:
        print(f"kernenkaart: {error.melding}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
