"""Printing on this machine: one sheet at a time, in a process that knows no secret of ours."""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import segno

from kernenkaart.config import ROOT, Settings

MODULE = "kernenkaart.web.drukken"
WACHT_S = 20.0  # so long a visitor waits for others to be ready
MAAK_S = 60.0
KIJK_S = 0.05


class NogBezig(Exception):
    """Others are being printed; this one can be asked for later."""


@contextmanager
def turn(settings: Settings) -> Iterator[None]:
    """Hold the printer of this machine.

    Raises:
        NogBezig: if its turn does not come within ``WACHT_S``.
    """
    until = time.monotonic() + WACHT_S
    settings.cache_map.mkdir(parents=True, exist_ok=True)
    with (settings.cache_map / "drukken.slot").open("wb") as opened:
        while True:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise NogBezig from None
                time.sleep(KIJK_S)
        yield


def print_sheet(opdracht: Mapping[str, Any]) -> None:
    """Print what ``drukken`` reads, in a process of its own.

    Raises:
        subprocess.CalledProcessError: if it cannot be printed.
    """
    subprocess.run(
        [sys.executable, "-m", MODULE],
        cwd=ROOT,
        # it needs no secret of ours, so it gets none
        env={k: v for k, v in os.environ.items() if not k.startswith("KERNENKAART_")},
        input=json.dumps(opdracht).encode(),
        stdout=subprocess.DEVNULL,
        timeout=MAAK_S,
        check=True,
    )


def print_once(settings: Settings, html: str, css: str, qr: str) -> bytes:
    """A PDF that is not kept: what is on it is not for everybody.

    Args:
        html: the document, of as many pages as it takes.
        css: its looks.
        qr: SVG of the code that it shows under ``kk:qr``.

    Raises:
        NogBezig, subprocess.CalledProcessError: as ``turn`` and ``print_sheet``.
    """
    with turn(settings), tempfile.TemporaryDirectory(prefix="kernenkaart-druk-") as folder:
        pad = Path(folder, "blad.pdf")
        print_sheet({"pogingen": [{"html": html, "css": css}], "qr": qr, "pad": str(pad)})
        return pad.read_bytes()


def qr_svg(adres: str) -> str:
    """A code that leads to an address, as SVG."""
    svg = BytesIO()
    segno.make(adres, error="m").save(svg, kind="svg", border=0, omitsize=True, xmldecl=False)
    return svg.getvalue().decode()
