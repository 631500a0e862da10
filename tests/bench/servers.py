"""The same application under another WSGI server, to know why it is this one."""

import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kernenkaart.config import ROOT
from tests.bench.last import rate_of_all
from tests.served import Served, free_port

GUNICORN = "27.0.1"
MAP = ROOT / "var" / "bench" / f"gunicorn-{GUNICORN}"
ROUNDS = 3
START_S = 30


def beside_gunicorn(served: Served, paden: dict[str, Path], workers: int) -> dict[str, float]:
    """Our rate divided by that under gunicorn with as many threads, of each kind of question.

    Args:
        paden: a file with paths per kind of question.
    """
    found: dict[str, list[float]] = {name: [] for name in paden}
    with _gunicorn(served.environ, workers) as url:
        for _ in range(ROUNDS):
            for name, file in paden.items():
                found[name].append(rate_of_all(served.url, file) / rate_of_all(url, file))
    return {name: statistics.median(values) for name, values in found.items()}


@contextmanager
def _gunicorn(environ: dict[str, str], workers: int) -> Iterator[str]:
    if not MAP.exists():
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                "-q",
                "--target",
                MAP,
                f"gunicorn=={GUNICORN}",
            ],
            check=True,
        )  # fmt: skip
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", "4",
            "--workers", str(workers), "--bind", f"127.0.0.1:{port}", "--log-level", "warning",
            "wsgi:app",
        ],
        cwd=ROOT, env=environ | {"PYTHONPATH": str(MAP), "KERNENKAART_BASIS_URL": url},
    )  # fmt: skip
    try:
        until = time.monotonic() + START_S
        while time.monotonic() < until and process.poll() is None:
            with suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"{url}/healthz").close()
                break
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
