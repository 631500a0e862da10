"""Hostile filters at the real server (T1, T2): refused at once, and its processes live on."""

import http.client
import subprocess
import time
from urllib.parse import quote, urlsplit

import pytest

from tests.served import Served

ITEMS = "/api/v1/collections/werkzaamheden/items"
GEWEIGERD = {400, 414, 431}  # an address over 64 kB never gets past the web server


def _pids(served: Served) -> set[str]:
    """The processes of the server."""
    found = subprocess.run(
        ["ps", "--ppid", str(served.process.pid), "-o", "pid="],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(found.stdout.split())


def _ask(served: Served, filter_: str) -> tuple[int, float]:
    """The status and how long it took, in ms."""
    adres = urlsplit(served.url)
    connection = http.client.HTTPConnection(adres.hostname or "", adres.port, timeout=10)
    begin = time.perf_counter()
    connection.request("GET", f"{ITEMS}?limit=1&filter={quote(filter_, safe='(')}")
    response = connection.getresponse()
    response.read()
    duur_ms = (time.perf_counter() - begin) * 1000
    connection.close()
    return response.status, duur_ms


@pytest.mark.parametrize(
    "filter_",
    ["(" * 4_000, "(" * 60_000, "(" * 100_000, "x" * 1_000_000, "pg_sleep(5)", "NOT " * 900],
    ids=lambda text: f"{text[:11]}{len(text)}",
)
def test_a_hostile_filter_is_refused_at_once_and_no_process_dies(
    served: Served, filter_: str
) -> None:
    voor = _pids(served)

    uitkomsten = [_ask(served, filter_) for _ in range(5)]

    assert {status for status, _ in uitkomsten} <= GEWEIGERD
    assert min(duur_ms for _, duur_ms in uitkomsten) < 50
    assert _pids(served) == voor
    assert _ask(served, "TRUE")[0] == 200
