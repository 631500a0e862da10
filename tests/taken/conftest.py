"""The real worker as a process of its own, on a database of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from kernenkaart.config import ROOT
from kernenkaart.embedded import Cluster
from tests.postbus import Postbus

COMMAND = (sys.executable, "-m", "flask", "--app", "wsgi", "taken", "werk")


@pytest.fixture(scope="module")
def database(cluster: Cluster, gemigreerd: str) -> Iterator[Engine]:
    """A migrated database of its own: a worker commits for real."""
    cluster.create_database("werker", template=gemigreerd)
    engine = create_engine(cluster.url("kernenkaart_app", "werker"))
    yield engine
    engine.dispose()
    cluster.drop_database("werker")


@pytest.fixture
def start(database: Engine, postbus: Postbus) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start a worker; all are killed after the test and the queue is emptied."""
    running: list[subprocess.Popen[bytes]] = []
    env = os.environ | {
        "KERNENKAART_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "KERNENKAART_SECRET_KEY": "alleen-voor-tests",
        "KERNENKAART_MAIL_SERVER": "127.0.0.1",
        "KERNENKAART_MAIL_POORT": str(postbus.port),
    }

    def begin() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(COMMAND, cwd=ROOT, env=env, start_new_session=True)
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()
    with database.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_jobs"))
        connection.execute(text("DELETE FROM procrastinate_workers"))
        connection.execute(text("DELETE FROM verzending"))  # one may have been killed halfway
