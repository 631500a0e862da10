"""The programs that ``make run`` keeps running: started, restarted when they fall, stopped."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress

from kernenkaart.config import ROOT
from kernenkaart.errors import KernenkaartError
from kernenkaart.processen import dies_with_us

RESTARTS_MAX = 5  # within RESTARTS_S; more often is no accident
RESTARTS_S = 60.0
STOP_MAX_S = 30.0  # requests under way may finish
JONG_S = 15.0  # who has just begun has nothing under way that takes long …
JONG_STOP_S = 5.0  # … and may have missed the TERM while it was starting


class Dienst:
    """One program that has to run all the time.

    Args:
        naam: what it is called on the screen.
        command: its command line; it runs in the folder of the project, in a process group of
            its own.
        env: its whole environment.
        orphan_signal: what it gets when we die without stopping it.
    """

    def __init__(
        self,
        naam: str,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        orphan_signal: str = "KILL",
    ) -> None:
        self.naam = naam
        self._command = [*dies_with_us(orphan_signal), *command]
        self._env = dict(env)
        self._process: subprocess.Popen[bytes] | None = None
        self._fallen: deque[float] = deque(maxlen=RESTARTS_MAX)
        self._begun = 0.0

    @property
    def pid(self) -> int | None:
        """Its process id; None when it does not run."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if running and self._process else None

    def start(self) -> None:
        """Start it; the caller has seen to it that it does not run."""
        self._begun = time.monotonic()
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._env, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def keep_running(self) -> bool:
        """Start it again if it has ended; whether that was needed.

        Raises:
            KernenkaartError: if it fell more than ``RESTARTS_MAX`` times within ``RESTARTS_S``.
        """
        if self._process is None or self._process.poll() is None:
            return False
        self._kill_group()
        now = time.monotonic()
        if len(self._fallen) == RESTARTS_MAX and now - self._fallen[0] < RESTARTS_S:
            raise KernenkaartError(
                f"De {self.naam} stopt steeds meteen weer (uitgangscode "
                f"{self._process.returncode}). De oorzaak staat hierboven."
            )
        self._fallen.append(now)
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Send a TERM; ``wait_stopped`` waits for the end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_stopped(self, limit_s: float = STOP_MAX_S) -> None:
        """Wait for the end, at most ``limit_s`` seconds; then it and all it started is killed.

        One that has just begun gets no more than ``JONG_STOP_S``.
        """
        if self._process is None:
            return
        if time.monotonic() - self._begun < JONG_S:
            limit_s = min(limit_s, JONG_STOP_S)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(limit_s)
        self._kill_group()
        self._process.wait()
        self._process = None

    def _kill_group(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
