"""T13 over HTTP: who guesses at two real web processes gets five tries, also after a restart."""

import itertools
import re
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from kernenkaart.embedded import Cluster
from kernenkaart.toegang.models import Poging
from tests.served import environment, serve
from tests.toegang.inloggen import WACHTWOORD, make_account

EMAIL = "an@example.org"
LOGGED_IN, VERIFIED, TOO_OFTEN = 200, 422, 429


@pytest.fixture
def environ(cluster: Cluster, gemigreerd: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A database with one account; a proxy in front tells where somebody comes from."""
    cluster.create_database("raden", template=gemigreerd)
    found = environment(cluster, "raden", tmp_path / "cache", KERNENKAART_PROXY_HOPS="1")
    engine = create_engine(found["KERNENKAART_DATABASE_URL"])
    with Session(engine) as session:
        make_account(session, email=EMAIL)
        session.commit()
    engine.dispose()
    yield found
    cluster.drop_database("raden")


@contextmanager
def two_processes(environ: dict[str, str], folder: Path) -> Iterator[list[str]]:
    """The addresses of two web processes on the same database."""
    with ExitStack() as stack:
        urls = []
        for name in ("een", "twee"):
            (folder / name).mkdir(exist_ok=True)
            urls.append(stack.enter_context(serve(environ, folder / name)).url)
        yield urls


def attempt(url: str, number: int, wachtwoord: str) -> int:
    """Log in as a browser does, from a network of its own; the status of the answer."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    browser.addheaders = [("X-Forwarded-For", f"10.{number // 250}.{number % 250}.1")]
    with browser.open(f"{url}/inloggen") as page:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert token
    data = {"csrf_token": token[1], "email": EMAIL, "wachtwoord": wachtwoord}
    try:
        with browser.open(f"{url}/inloggen", urlencode(data).encode()) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def guess(urls: list[str], numbers: range) -> Counter[int]:
    """Many guesses, eight at a time, at each process in turn; how often each status came."""
    with ThreadPoolExecutor(8) as pool:
        return Counter(
            pool.map(attempt, itertools.cycle(urls), numbers, (f"gok {n}" for n in numbers))
        )


@pytest.mark.parametrize(
    "tries", [60, pytest.param(1_000, marks=pytest.mark.volledig)], ids=["steekproef", "alles"]
)
def test_guesses_at_two_processes_are_counted_together_and_a_restart_forgets_none(
    environ: dict[str, str], tmp_path: Path, tries: int
) -> None:
    half = tries // 2

    with two_processes(environ, tmp_path) as urls:
        known = [attempt(url, tries, WACHTWOORD) for url in urls]
        before = guess(urls, range(half))
    with two_processes(environ, tmp_path) as urls:
        after = guess(urls, range(half, tries))
        too_late = [attempt(url, tries, WACHTWOORD) for url in urls]

    assert known == [LOGGED_IN, LOGGED_IN]
    assert before == {VERIFIED: 5, TOO_OFTEN: half - 5}
    assert after == {TOO_OFTEN: tries - half}
    assert too_late == [TOO_OFTEN, TOO_OFTEN]
    engine = create_engine(environ["KERNENKAART_DATABASE_URL"])
    with Session(engine) as session:
        statement = select(func.count()).select_from(Poging).where(Poging.soort == "inloggen")
        assert session.scalar(statement) == 5
    engine.dispose()
