"""A program that falls is started again, unless it keeps falling; none outlives us."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kernenkaart.config import ROOT
from kernenkaart.diensten import RESTARTS_MAX, Dienst
from kernenkaart.errors import KernenkaartError
from kernenkaart.processen import wait_until

SLEEP = ("sleep", "60")


def is_gone(pid: int) -> bool:
    try:
        return b") Z " in Path(f"/proc/{pid}/stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_killed_program_is_started_again() -> None:
    dienst = Dienst("proef", SLEEP, os.environ)
    dienst.start()
    first = dienst.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    restarted = wait_until(dienst.keep_running, 5)

    assert restarted
    assert dienst.pid not in (None, first)
    dienst.ask_to_stop()
    dienst.wait_stopped()


def test_a_running_program_is_left_alone() -> None:
    dienst = Dienst("proef", SLEEP, os.environ)
    dienst.start()
    first = dienst.pid

    assert not dienst.keep_running()
    assert dienst.pid == first

    dienst.ask_to_stop()
    dienst.wait_stopped()


def test_a_program_that_keeps_falling_stops_everything() -> None:
    dienst = Dienst("proef", (sys.executable, "-c", "raise SystemExit(7)"), os.environ)
    dienst.start()

    for _ in range(RESTARTS_MAX):
        assert wait_until(dienst.keep_running, 5)
    with pytest.raises(KernenkaartError, match="uitgangscode 7"):
        wait_until(dienst.keep_running, 5)


def test_a_program_that_ignores_a_term_is_killed_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "kind"
    script = f"trap '' TERM; sleep 60 & echo $! > {note}; while :; do sleep 0.1; done"
    dienst = Dienst("proef", ("sh", "-c", script), os.environ)
    dienst.start()
    assert wait_until(lambda: note.exists() and note.read_text() != "", 5)
    pids = [dienst.pid or 0, int(note.read_text())]

    dienst.ask_to_stop()
    dienst.wait_stopped(limit_s=0.3)

    assert dienst.pid is None
    assert wait_until(lambda: all(is_gone(pid) for pid in pids), 5)


def test_a_program_ends_when_its_keeper_is_killed() -> None:
    keeper = subprocess.Popen(
        (
            sys.executable,
            "-c",
            "import os, time; from kernenkaart.diensten import Dienst;"
            "d = Dienst('proef', ('sleep', '60'), os.environ); d.start();"
            "print(d.pid, flush=True); time.sleep(60)",
        ),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert keeper.stdout is not None
    pid = int(keeper.stdout.readline())
    command = Path(f"/proc/{pid}/cmdline")
    assert wait_until(lambda: command.read_bytes().startswith(b"sleep"), 10)  # past its wrapper

    keeper.kill()
    keeper.communicate()

    assert wait_until(lambda: is_gone(pid), 5)
