"""Real PostGIS for every test: a cluster per run, a transaction per test that is rolled back."""

import gc
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.rows import TupleRow
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from kernenkaart.app import create_app
from kernenkaart.config import Settings
from kernenkaart.embedded import Cluster
from kernenkaart.lezen import Lezer
from kernenkaart.migrations.commands import upgrade
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.toegang.sessies import begin_sessie
from tests.postbus import mailing, postbus  # noqa: F401  # fixtures for every test
from tests.served import environment, prepare

gc.set_threshold(50_000)  # all that is loaded stays; looking it through is an eighth of the time

ClientFactory = Callable[..., FlaskClient]

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A temporary PostGIS cluster; never the one under ``var/``."""
    with Cluster.tijdelijk() as running:
        yield running


@pytest.fixture(scope="session")
def gemigreerd(cluster: Cluster) -> str:
    """The name of a database with every table and no rows, to make copies of."""
    cluster.create_database("gemigreerd")
    upgrade(cluster.url("kernenkaart_beheer", "gemigreerd"))
    return "gemigreerd"


@pytest.fixture(scope="session")
def gevuld(cluster: Cluster, gemigreerd: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the 26 kernen and demo content, to make copies of."""
    cluster.create_database("gevuld", template=gemigreerd)
    prepare(environment(cluster, "gevuld", tmp_path_factory.mktemp("gevuld")))
    return "gevuld"


@pytest.fixture(scope="session")
def settings(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a migrated database, as the app's own role."""
    upgrade(cluster.url("kernenkaart_beheer"))
    return Settings(
        database_url=cluster.url("kernenkaart_app"),
        beheer_url=cluster.url("kernenkaart_beheer"),
        secret_key="alleen-voor-tests",
        cache_map=tmp_path_factory.mktemp("cache"),
        tegels_url="",
        luchtfoto_url="",
        geocoder_url="",
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The real application on the test database; CSRF tokens have a test of their own."""
    app = create_app(settings)
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.extensions["kernenkaart.kaart"].versie_s = 0.0
    app.extensions["kernenkaart.feeds"].versie_s = 0.0
    yield app
    app.extensions["kernenkaart.engine"].dispose()


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    """The engine of the tests themselves, with the rights of the app and no more."""
    engine = create_engine(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back after the test."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """The session of the test; what it flushes the app sees, and nothing stays."""
    with Session(
        connection, join_transaction_mode="create_savepoint", expire_on_commit=False
    ) as session:
        yield session


def driver_of(connection: Connection) -> psycopg.Connection[TupleRow]:
    """The driver's own connection, in the transaction of the test."""
    driver: psycopg.Connection[TupleRow] = connection.connection.driver_connection
    return driver


@pytest.fixture
def lezer(connection: Connection, session: Session) -> Lezer:
    """Reads as the open API does, within the transaction of the test."""
    return Lezer(lambda: driver_of(connection))


@pytest.fixture
def client(app: Flask, connection: Connection, session: Session) -> Iterator[ClientFactory]:
    """``client()`` is a visitor; ``client(gebruiker)`` is logged in."""
    sessions = app.extensions["kernenkaart.sessions"]
    app.extensions["kernenkaart.sessions"] = sessionmaker(
        connection, join_transaction_mode="create_savepoint", expire_on_commit=False
    )

    def make(gebruiker: Gebruiker | None = None) -> FlaskClient:
        session.flush()
        app.extensions["kernenkaart.kaart"].forget()  # versions are rolled back too
        browser = app.test_client()
        if gebruiker is not None:
            cookie = secrets.token_urlsafe(32)
            begin_sessie(session, cookie, gebruiker, idle=timedelta(minutes=30))
            browser.set_cookie("sessie", cookie)
        return browser

    lezer = app.extensions["kernenkaart.lezer"]
    app.extensions["kernenkaart.lezer"] = Lezer(lambda: driver_of(connection))
    yield make
    app.extensions["kernenkaart.sessions"] = sessions
    app.extensions["kernenkaart.lezer"] = lezer


def needs_shared(*parts: str) -> Path:
    """A file of the shared test input; skips, visibly, where that is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared test input is not here: {'/'.join(parts)}")
    return path
