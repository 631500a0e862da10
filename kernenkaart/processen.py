"""Running other programs: as whom, for how long, and that they end when we end."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from kernenkaart.errors import KernenkaartError


@dataclass(frozen=True)
class Runner:
    """The operating-system user that runs the cluster. ``uid`` None: ourselves."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def for_map(cls, folder: Path) -> Self:
        """Who works in ``folder``: ourselves; for root its owner, or else the user ``postgres``."""
        if os.geteuid() != 0:
            return cls()
        if folder.is_dir() and (owner := folder.stat()).st_uid != 0:
            return cls(owner.st_uid, owner.st_gid)
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError:
            raise KernenkaartError(
                "PostgreSQL draait niet als root en de gebruiker 'postgres' bestaat niet. Draai "
                "dit als gewone gebruiker, of maak die gebruiker met: useradd --system postgres"
            ) from None
        return cls(entry.pw_uid, entry.pw_gid)

    def options(self) -> dict[str, Any]:
        """The keyword arguments for ``subprocess`` that run a program as this user."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        options: dict[str, Any] = {
            "cwd": "/",
            "env": env | {"LC_ALL": "C.UTF-8"},
            "stdin": subprocess.DEVNULL,
            "umask": 0o077,
            "start_new_session": True,  # Ctrl-C in the terminal is for our parent, not for us
        }
        if self.uid is not None:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def own(self, folder: Path) -> None:
        """Make ``folder`` when needed, for this user alone."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def reaches(self, folder: Path) -> bool:
        """Whether this user can enter the existing ``folder``."""
        answer = subprocess.run(["test", "-x", folder], check=False, **self.options())
        return answer.returncode == 0


def dies_with_us(signal_name: str) -> list[str]:
    """The start of a command line whose process gets this signal when its parent dies (Linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", signal_name, "--"] if setpriv else []


def wait_until(condition: Callable[[], bool], limit_s: float) -> bool:
    """Wait until ``condition`` holds, at most ``limit_s`` seconds; whether it does."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
