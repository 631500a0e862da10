"""Files that take a while to make: one process makes each, once per version of the data."""

import fcntl
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from kernenkaart.config import ROOT, Settings

MODULE = "kernenkaart.uitvoer.maken"
WACHT_S = 20.0  # so long a visitor waits; the file is made all the same
KIJK_S = 0.05

Maker = subprocess.Popen[bytes]


class NogBezig(Exception):
    """The file is being made; it will be there later."""


def find_file(settings: Settings, laag: str, formaat: str, versie: int) -> Path:
    """The file of a layer at a version of the data; made when it is not there yet.

    Whoever finds it being made waits for the same process. That keeps the lock until it ends, also
    when nobody waits any more.

    Raises:
        NogBezig: if it takes longer than ``WACHT_S``.
        RuntimeError: if it cannot be made.
    """
    folder = settings.cache_map / "uitvoer"
    folder.mkdir(parents=True, exist_ok=True)
    pad = folder / f"{laag}-{versie}.{formaat}"
    maker: Maker | None = None
    until = time.monotonic() + WACHT_S
    while not pad.exists():
        if maker is not None and maker.poll():
            raise RuntimeError(f"the maker of {pad.name} stopped with {maker.returncode}")
        if time.monotonic() > until:
            raise NogBezig
        maker = maker or _start_alone(settings, laag, formaat, pad)
        time.sleep(KIJK_S)
    if maker is not None:
        maker.wait()
    return pad


def _start_alone(settings: Settings, laag: str, formaat: str, pad: Path) -> Maker | None:
    """Start the maker, unless one is at work; the lock is the maker's from then on."""
    with pad.with_name(f"{laag}.{formaat}.slot").open("wb") as slot:
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        if pad.exists():
            return None
        for old in pad.parent.glob(f"{laag}-*.{formaat}"):
            old.unlink(missing_ok=True)
        maker = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=(slot.fileno(),),
            start_new_session=True,
        )
    opdracht = {
        "url": settings.lees_url or settings.database_url,
        "laag": laag,
        "formaat": formaat,
        "pad": str(pad),
    }
    assert maker.stdin is not None  # noqa: S101  # it is a pipe
    with maker.stdin as line:
        line.write(json.dumps(opdracht).encode())
    return maker
