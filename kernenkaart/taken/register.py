"""The tasks that exist: a name, a function, how often it is tried, when it runs by itself.

A function gets its arguments by name, works with ``db.session()`` of its own application context
and commits. It may be run again after it was half done, so it must be able to bear that.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Functie = Callable[..., None]


class Vergeefs(Exception):
    """Trying this again is of no use; the job has failed."""


class Straks(Exception):
    """Not now: try again after a while, as often as it takes.

    Args:
        wacht_s: seconds until the next try.
    """

    def __init__(self, wacht_s: int) -> None:
        super().__init__(f"again in {wacht_s} s")
        self.wacht_s = wacht_s


@dataclass(frozen=True)
class Taak:
    """One kind of job.

    Attributes:
        cron: when it runs by itself (five fields, UTC); None when something else asks for it.
        pogingen: after so many tries it has failed.
        opgegeven: called once with the same arguments when it has failed, so that who waits for
            it can be told; works and commits as a function of a task does.
    """

    naam: str
    functie: Functie
    cron: str | None
    pogingen: int
    opgegeven: Functie | None = None


TAKEN: dict[str, Taak] = {}


def load(modules: Iterable[str]) -> None:
    """Import the modules that declare tasks; a web process needs none of them."""
    for module in modules:
        import_module(module)


def taak(
    naam: str, *, cron: str | None = None, pogingen: int = 8, opgegeven: Functie | None = None
) -> Callable[[Functie], Functie]:
    """Make a function a task under ``naam``, the name that stands in the queue; see ``Taak``."""

    def add(functie: Functie) -> Functie:
        if naam in TAKEN and TAKEN[naam].functie is not functie:
            raise ValueError(f"de taak {naam} bestaat al")
        TAKEN[naam] = Taak(naam, functie, cron, pogingen, opgegeven)
        return functie

    return add


def wait_after(attempts: int) -> int:
    """Seconds until the next try: half a minute, then twice as long each time, at most 6 hours."""
    return int(min(30 * 2 ** min(attempts, 12), 6 * 3600))


def run(naam: str, args: dict[str, Any]) -> None:
    """Do one job here and now, inside the application context of the caller.

    Raises:
        Vergeefs: if there is no such task.
    """
    if naam not in TAKEN:
        raise Vergeefs(f"onbekende taak: {naam}")
    TAKEN[naam].functie(**args)
