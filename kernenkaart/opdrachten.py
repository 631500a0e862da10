"""Run ``flask`` commands one after the other in one process: loading the application takes longest.

``python -m kernenkaart.opdrachten`` reads a JSON list of words per line, and answers each with a
line ``[exit status, what it printed]``. It ends when there is no more to read.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import IO, cast

from kernenkaart.config import ROOT
from kernenkaart.errors import KernenkaartError

TAIL_LINES = 15


class Opdrachten:
    """Such a process, started at the first command; ended with ``stack``."""

    def __init__(self, env: Mapping[str, str], log: IO[str], stack: ExitStack) -> None:
        self._env = env
        self._log = log
        self._stack = stack
        self._process: subprocess.Popen[str] | None = None

    def run(self, *words: str) -> str:
        """What ``flask`` with these words printed.

        Raises:
            KernenkaartError: with its last lines, if it fails.
        """
        process = self._process = self._process or self._start()
        answer = _exchange(process, json.dumps(words))
        status, printed = json.loads(answer) if answer else (process.wait(), self._complaint())
        if status != 0:
            tail = "\n".join(printed.splitlines()[-TAIL_LINES:])
            raise KernenkaartError(f"flask {' '.join(words)} is niet gelukt.\n{tail}")
        return str(printed)

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "kernenkaart.opdrachten"],
            cwd=ROOT,
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            start_new_session=True,  # Ctrl-C is for who started us
        )
        self._stack.callback(process.communicate)
        self._stack.callback(process.kill)
        return process

    def _complaint(self) -> str:
        self._log.seek(0)
        return self._log.read()


@contextmanager
def opdrachten(env: Mapping[str, str]) -> Iterator[Opdrachten]:
    """A process for commands in this environment, until the block ends."""
    with tempfile.TemporaryFile("w+") as log, ExitStack() as stack:
        yield Opdrachten(env, log, stack)


def _exchange(process: subprocess.Popen[str], line: str) -> str:
    """The answer to a line, empty if the process ended."""
    try:
        ask = cast(IO[str], process.stdin)
        ask.write(line + "\n")
        ask.flush()
        return cast(IO[str], process.stdout).readline()
    except BrokenPipeError:
        return ""


def main() -> None:
    """Answer the commands of standard input."""
    from wsgi import app  # noqa: PLC0415  # who starts this process must not load it

    runner = app.test_cli_runner()
    for line in sys.stdin:
        with app.app_context():
            done = runner.invoke(args=json.loads(line))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        print(json.dumps([done.exit_code, done.output]), flush=True)


if __name__ == "__main__":
    main()
