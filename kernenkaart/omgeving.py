"""What ``make run`` settled on this machine, kept in ``var/omgeving`` for the next run.

So ``flask kernen importeer …`` reaches the same database, and signs with the same key, as the
web server that ``make run`` started. A real environment variable always wins.
"""

import os
from pathlib import Path

from kernenkaart.config import PREFIX, ROOT

BESTAND = ROOT / "var" / "omgeving"


def read_omgeving(path: Path = BESTAND) -> dict[str, str]:
    """The environment, with what is missing from it taken from ``path`` if that exists."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, PermissionError):
        lines = []
    kept = dict(line.split("=", 1) for line in lines if "=" in line)
    if PREFIX + "DATABASE_URL" in os.environ:  # the kept owner belongs to another database
        kept.pop(PREFIX + "BEHEER_URL", None)
    return kept | os.environ


def write_omgeving(values: dict[str, str], path: Path = BESTAND) -> None:
    """Keep ``values``, one ``NAME=value`` a line, readable by the owner alone."""
    text = "".join(f"{name}={value}\n" for name, value in sorted(values.items()))
    with open(path, "w", encoding="utf-8", opener=_private) as file:
        file.write(text)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
