"""``make run`` after its set-up: one clear line when it cannot, and nothing left when it stops."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest
from alembic.script import ScriptDirectory

from kernenkaart.beslag import HOST, lock, port_number
from kernenkaart.config import PREFIX, ROOT
from kernenkaart.embedded import Cluster
from kernenkaart.errors import KernenkaartError
from kernenkaart.migrations.commands import alembic_config
from kernenkaart.migrations.stand import newest_revision
from kernenkaart.processen import wait_until
from kernenkaart.serve import ask

SERVING = "stoppen: Ctrl-C"
SECOND_RUN_MAX_S = 10.0
STOP_MAX_S = 15.0


@pytest.fixture
def port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        number: int = probe.getsockname()[1]
        return number


class Run:
    """One ``python -m kernenkaart.serve`` with its own ``var``; ended when the block ends."""

    def __init__(self, var: Path, port: int) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self.port = port
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            (sys.executable, "-m", "kernenkaart.serve", "--var", var, "--port", str(port)),
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.end()
        self.process.communicate(timeout=STOP_MAX_S)

    def read_until(self, text: str) -> str:
        """What it prints up to the line with ``text``, or to its end."""
        said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said += line
            if text in line:
                break
        return said

    def wait_whole(self) -> None:
        """Wait until each web process serves: one that is starting misses a TERM.

        Such a one is killed only after a while.
        """
        assert wait_until(lambda: min(threads(below(self.process.pid), "granian")) > 2, 30)

    def end(self, number: int = signal.SIGTERM) -> str:
        """Send a signal, wait for the end, return what it still printed."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=STOP_MAX_S)[0]


def below(pid: int) -> dict[int, str]:
    """The processes that ``pid`` started and those they started: id → command line."""
    found: dict[int, str] = {}
    with suppress(FileNotFoundError, ProcessLookupError):  # it may end while we look
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            found |= {int(child): command} | below(int(child))
    return found


def test_a_second_copy_is_refused_in_one_line(tmp_path: Path, port: int) -> None:
    with lock(tmp_path / "var"):
        said = Run(tmp_path / "var", port).process.communicate(timeout=10)[0]

    assert said.count("\n") == 1
    assert "draait al vanuit deze map" in said


@pytest.mark.parametrize("shared", [False, True])
def test_a_busy_port_is_refused_in_one_line(tmp_path: Path, port: int, shared: bool) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind((HOST, port))
        other.listen()
        run = Run(tmp_path / "var", port)
        said = run.process.communicate(timeout=15)[0]

    assert run.process.returncode == 1
    assert said.count("\n") == 1
    assert f"Poort {port} is bezet" in said
    assert f"PORT={port + 1}" in said


def test_a_folder_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path, port: int) -> None:
    (tmp_path / "var").write_text("geen map")

    run = Run(tmp_path / "var", port)
    said = run.process.communicate(timeout=10)[0]

    assert run.process.returncode == 1
    assert said.count("\n") == 1
    assert "mag niet schrijven" in said


@pytest.mark.parametrize("text", ["acht", "0", "65536", "-1", ""])
def test_a_port_that_does_not_exist_gets_a_clear_line(text: str) -> None:
    with pytest.raises(KernenkaartError, match="geen poort"):
        port_number(text)


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """One ``var`` for the runs below, in a folder that every user can enter."""
    with tempfile.TemporaryDirectory(prefix="kernenkaart-run-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "var"


def threads(processes: dict[int, str], name: str) -> list[int]:
    """How many threads each of these processes of that name has; one that serves has several."""
    return [len(os.listdir(f"/proc/{pid}/task")) for pid in processes if name in processes[pid]]


def alive(pids: Iterable[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_the_newest_migration_is_known_by_its_file_name() -> None:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()

    assert newest_revision() == head


def test_it_serves_keeps_what_it_has_and_stops_without_a_trace(var: Path, port: int) -> None:
    with Run(var, port) as first:
        said = first.read_until(SERVING)
        first.wait_whole()
        status, _ = ask(port, "/")
        started = below(first.process.pid)
        with Cluster(var / "postgres").connect() as connection:
            connection.execute("UPDATE kern SET naam = 'Gewijzigd' WHERE naam = 'Tricht'")
        stopped = first.end()

    assert f"http://{HOST}:{port}" in said
    assert {"platformlid@", "medewerker@", "gebiedsmakelaar@", "beheerder@"} <= set(
        re.findall(r"\w+@", said)
    )
    assert status == http.client.OK
    assert all(name in str(started) for name in ("granian", "taken werk", "postgres"))
    assert "gestopt" in stopped
    assert first.process.returncode == 0
    assert alive(started) == []

    with Run(var, port) as second:
        second.read_until("Webserver en worker starten")
        took_s = time.monotonic() - second.begun
        second.wait_whole()
        with Cluster(var / "postgres").connect() as connection:
            kept = connection.execute("SELECT FROM kern WHERE naam = 'Gewijzigd'").fetchone()
        second.end(signal.SIGINT)

    assert took_s <= SECOND_RUN_MAX_S
    assert kept is not None
    assert second.process.returncode == 0


def test_what_is_killed_comes_back_and_nothing_outlives_it(var: Path, port: int) -> None:
    with Run(var, port) as run:
        run.read_until(SERVING)
        server = Cluster(var / "postgres").pid
        victims = {
            pid
            for pid, command in below(run.process.pid).items()
            if pid == server or "granian" in command or "taken werk" in command
        }
        assert len(victims) >= 3

        for pid in victims:
            os.kill(pid, signal.SIGKILL)

        assert wait_until(lambda: victims.isdisjoint(below(run.process.pid)), 15)
        assert wait_until(lambda: ask(port, "/readyz")[0] == http.client.OK, 30)
        run.wait_whole()
        started = below(run.process.pid)
        run.process.kill()
        wait_until(lambda: not alive(started), 30)
        left = {pid: started[pid] for pid in alive(started)}

    assert left == {}
