"""What a session costs and how it holds when things fail."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.app import create_app
from kernenkaart.config import Settings
from kernenkaart.tijd import now, today
from kernenkaart.toegang.jobs import opruimen
from kernenkaart.toegang.models import Lidmaatschap, Poging, Sessie
from kernenkaart.toegang.queries import actor_of, find_aanmelding
from kernenkaart.toegang.sessies import device_name, key_of
from tests.conftest import ClientFactory
from tests.factories import make_kern, make_platform
from tests.toegang.inloggen import make_account, who


@contextmanager
def statements(connection: Connection) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, savepoints aside."""
    found: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "SAVEPOINT" not in statement:
            found.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield found
    event.remove(connection, "before_cursor_execute", note)


def test_a_visitor_asks_nothing_and_somebody_logged_in_one_thing(
    client: ClientFactory, session: Session, connection: Connection
) -> None:
    visitor = client()
    member = client(make_account(session, make_platform(session)))
    unknown = client()
    unknown.set_cookie("sessie", "verlopen")

    with statements(connection) as asked:
        visitor.get("/wachtwoord-vergeten")
        assert asked == []
        member.get("/wachtwoord-vergeten")
        assert len(asked) == 1
        unknown.get("/wachtwoord-vergeten")
        assert len(asked) == 2


def test_being_seen_is_written_once_a_minute(
    client: ClientFactory, session: Session, connection: Connection
) -> None:
    browser = client(make_account(session))
    start = now()

    with time_machine.travel(start, tick=False) as clock, statements(connection) as asked:
        for _ in range(3):
            browser.get("/wachtwoord-vergeten")
        assert not any(statement.startswith("UPDATE") for statement in asked)
        clock.move_to(start + timedelta(seconds=61))
        for _ in range(3):
            browser.get("/wachtwoord-vergeten")

    assert sum(statement.startswith("UPDATE sessie") for statement in asked) == 1


def test_somebody_speaks_for_a_platform_only_on_the_days_of_the_membership(
    client: ClientFactory, session: Session, app: Flask
) -> None:
    dag = today()
    gebruiker = make_account(session)
    days = {
        "gisteren": (dag - timedelta(days=9), dag - timedelta(days=1)),
        "t/m vandaag": (dag - timedelta(days=9), dag),
        "vanaf vandaag": (dag, None),
        "vanaf morgen": (dag + timedelta(days=1), None),
    }
    ids = {}
    for name, (van, tot) in days.items():
        platform = make_platform(session)
        ids[name] = platform.id
        session.add(
            Lidmaatschap(gebruiker_id=gebruiker.id, platform_id=platform.id, van=van, tot=tot)
        )
    session.flush()
    cookie = client(gebruiker).get_cookie("sessie")
    assert cookie is not None

    found = find_aanmelding(session, key_of(cookie.value), now())

    assert found is not None
    assert found.actor is not None
    assert found.actor.platform_ids == {ids["t/m vandaag"], ids["vanaf vandaag"]}


def test_a_gebiedsmakelaar_has_the_kernen_of_today(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session)
    gebruiker = make_account(session, rol=Rol.GEBIEDSMAKELAAR, kernen=[kern])

    assert actor_of(session, gebruiker).kern_ids == {kern.id}
    assert client(gebruiker).get("/account").status_code == 200


def test_only_the_hash_of_the_cookie_is_stored(client: ClientFactory, session: Session) -> None:
    cookie = client(make_account(session)).get_cookie("sessie")

    row = session.scalars(select(Sessie)).one()

    assert cookie is not None
    assert cookie.value.encode() not in row.id
    assert len(row.id) == 32


def test_a_message_reaches_somebody_once(
    app: Flask, client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    browser = client(gebruiker)
    client(gebruiker)
    browser.post("/account/aanmeldingen")

    assert "Uitgelogd op je andere apparaten" in browser.get("/account").get_data(as_text=True)
    assert "Uitgelogd op je andere apparaten" not in browser.get("/account").get_data(as_text=True)


def test_without_a_database_a_login_gets_a_clear_page_and_is_kept(settings: Settings) -> None:
    app = create_app(replace(settings, database_url="postgresql+psycopg://x@/x?host=/bestaat/niet"))
    browser = app.test_client()
    browser.set_cookie("sessie", "iets")
    begun = time.monotonic()

    answer = browser.get("/account")

    assert answer.status_code == 503
    assert "Set-Cookie" not in answer.headers
    assert time.monotonic() - begun < 2
    app.extensions["kernenkaart.engine"].dispose()


def test_what_expired_is_forgotten(app: Flask, client: ClientFactory, session: Session) -> None:
    gebruiker = make_account(session)
    kept = client(gebruiker)
    old = now() - timedelta(days=2)
    session.add(Sessie(id=b"x" * 32, gegevens={}, verloopt_op=now() - timedelta(seconds=1)))
    session.add(Poging(soort="inloggen", sleutel=b"x" * 32, op=old))
    session.add(Poging(soort="inloggen", sleutel=b"y" * 32, op=now()))
    session.flush()

    with app.app_context():
        opruimen()

    assert len(session.scalars(select(Sessie)).all()) == 1
    assert [row.sleutel for row in session.scalars(select(Poging))] == [b"y" * 32]
    assert who(kept) == gebruiker.naam


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Gecko/20100101 Firefox/140.0", "Firefox op Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge op Windows"),
        (
            "Mozilla/5.0 (iPhone; iPhone OS 18_0 like Mac OS X) Safari/604",
            "Safari op een iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537", "Chrome op Android"),
        ("curl/8.5", "Een browser"),
        ("", "Een browser"),
    ],
)
def test_a_device_has_a_name_people_know(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
