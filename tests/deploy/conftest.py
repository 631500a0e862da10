"""A served copy with demo content, and the shipped nginx before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
import urllib3

from kernenkaart.embedded import Cluster
from tests.nginx import ACHTER, Nginx, nginx
from tests.served import Served, environment, serve

LOG = {"GRANIAN_LOG_ACCESS_ENABLED": "true", "GRANIAN_LOG_ACCESS_FMT": "VRAAG %(method)s %(path)s"}


@dataclass
class Voorkant:
    """The site as visitors reach it, and the application behind it."""

    app: Served
    nginx: Nginx

    @cached_property
    def pool(self) -> urllib3.HTTPSConnectionPool:
        """Connections that are kept between requests."""
        return self.nginx.pool()

    def get(
        self, path: str, method: str = "GET", body: str | bytes | None = None, **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """An answer of the site; ``Accept_Encoding="br"`` sends a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.pool.request(
            method, path, body, headers=dict(self.pool.headers) | named, redirect=False
        )

    def asked(self, path: str) -> int:
        """How often the application itself was asked for ``path``, its query not looked at."""
        return self.app.log.read_text(encoding="utf-8").splitlines().count(f"VRAAG GET {path}")


def how(answer: urllib3.BaseHTTPResponse) -> str:
    """What the cache did: ``HIT``, ``MISS``, ``BYPASS``, ``STALE``; empty where nothing is kept."""
    return answer.headers.get("X-Cache-Status", "")


@pytest.fixture(scope="session")
def omgeving(
    cluster: Cluster, gevuld: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The settings of an application behind a proxy, on a database with demo content."""
    cluster.create_database("deploy", template=gevuld)
    return environment(cluster, "deploy", tmp_path_factory.mktemp("deploy"), **ACHTER, **LOG)


@pytest.fixture(scope="session")
def voorkant(
    omgeving: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Voorkant]:
    """Running; tests ask for addresses of their own, so that one knows nothing of another."""
    with (
        serve(omgeving, tmp_path_factory.mktemp("web")) as app,
        nginx(app.url, tmp_path_factory.mktemp("nginx")) as before,
    ):
        yield Voorkant(app, before)


@pytest.fixture
def map_(tmp_path: Path) -> Path:
    """An empty folder for another nginx."""
    folder = tmp_path / "nginx"
    folder.mkdir()
    return folder
