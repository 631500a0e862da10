"""Requests a second, interleaved with a bare Flask page, and memory of the web processes."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kernenkaart.config import ROOT
from tests.served import free_port

PADEN = Path(__file__).with_name("paden.lua")
ROUNDS = 5
SECONDS = 2
CONNECTIONS = 4


def rate(url: str, *headers: str) -> float:
    """Requests a second that ``wrk`` gets from ``url`` over 4 connections."""
    asked = [part for header in ("Accept-Encoding: br", *headers) for part in ("-H", header)]
    done = subprocess.run(
        [_wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *asked, url],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return _per_second(url, done.stdout)


def rate_of_all(url: str, paden: Path) -> float:
    """Requests a second over 4 connections, of all the paths in a file in turn, uncompressed."""
    done = subprocess.run(
        [_wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "60s", "-s", PADEN, url],
        capture_output=True, text=True, check=True,
        env=os.environ | {"KERNENKAART_PADEN": str(paden)},
    )  # fmt: skip
    return _per_second(url, done.stdout)


def _wrk() -> str:
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("wrk ontbreekt: make bench installeert het")
    return program


def _per_second(url: str, output: str) -> float:
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{url} antwoordde met fouten:\n{output}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert found, output
    return float(found[1])


def ratios(bare: str, urls: dict[str, str]) -> dict[str, float]:
    """The median, over interleaved rounds, of each page's rate divided by the bare page's."""
    found: dict[str, list[float]] = {name: [] for name in urls}
    for url in urls.values():
        rate(url)  # warm
    for _ in range(ROUNDS):
        base = rate(bare)
        for name, url in urls.items():
            found[name].append(rate(url) / base)
    return {name: statistics.median(values) for name, values in found.items()}


@contextmanager
def bare_server(workers: int) -> Iterator[str]:
    """The bare page, served exactly as ours is."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(port), "--workers", str(workers), "--blocking-threads", "4",
            "--no-log", "tests.bench.bare:app",
        ],
        cwd=ROOT,
    )  # fmt: skip
    time.sleep(2)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)


def pss_mb(pid: int) -> float:
    """Memory of a process and its children, shared pages divided (PSS), in MB."""
    total_kb = 0
    for process in (pid, *_descendants(pid)):
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
        total_kb += int(found[1]) if found else 0
    return total_kb / 1024


def _descendants(pid: int) -> list[int]:
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            children += [int(child), *_descendants(int(child))]
    return children
