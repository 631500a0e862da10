"""Keyset paging: following ``next`` gives each thing exactly once while others are writing."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Session

from kernenkaart.werkzaamheden.models import Werkzaamheid
from tests.conftest import ClientFactory
from tests.factories import make_organisatie, make_werkzaamheid

PAD = "/api/v1/collections/werkzaamheden/items"


@pytest.fixture
def vast(app: Flask, engine: Engine) -> Iterator[list[int]]:
    """Sixty works that are there for everybody; taken away afterwards with all later ones."""
    with Session(engine, expire_on_commit=False) as session:
        organisatie = make_organisatie(session)
        werken = [make_werkzaamheid(session, organisatie=organisatie).id for _ in range(60)]
        session.commit()
        yield werken
        app.extensions["kernenkaart.lezer"]._open().close()
        session.execute(delete(Werkzaamheid).where(Werkzaamheid.organisatie_id == organisatie.id))
        session.delete(organisatie)
        session.commit()
        # what the changes asked for later
        session.execute(text("DELETE FROM procrastinate_jobs"))
        session.execute(text("DELETE FROM afstem_vuil"))
        session.commit()


def walk(client: FlaskClient, pad: str, before_next: Any) -> list[int]:
    """The keys of all pages, in order."""
    found: list[int] = []
    while pad:
        document = client.get(pad).json
        found += [ding["id"] for ding in document["features"]]
        volgende = [link["href"] for link in document["links"] if link["rel"] == "next"]
        pad = "/" + volgende[0].split("/", 3)[3] if volgende else ""
        before_next()
    return found


@pytest.mark.parametrize("vraag", ["limit=7", "limit=7&bbox=3,50,8,54", "limit=7&bbox=4,51,7.3,53"])
def test_next_gives_each_thing_once_while_rows_come_and_go(
    app: Flask, engine: Engine, vast: list[int], vraag: str
) -> None:
    stop = threading.Event()

    def write() -> None:
        with Session(engine) as session:
            organisatie = session.get_one(Werkzaamheid, vast[0]).organisatie
            while not stop.is_set():
                nieuw = make_werkzaamheid(session, organisatie=organisatie)
                session.commit()
                session.delete(nieuw)
                session.commit()
                make_werkzaamheid(session, organisatie=organisatie)
                session.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        pages = iter(range(40))  # new rows get higher keys: without an end it would go on
        found = walk(app.test_client(), f"{PAD}?{vraag}", lambda: next(pages, None) or stop.set())
    finally:
        stop.set()
        writer.join()

    assert [n for n in found if n in set(vast)] == vast
    assert len(found) == len(set(found))


def test_a_thing_that_goes_away_takes_no_other_with_it(
    app: Flask, engine: Engine, vast: list[int]
) -> None:
    gone = iter(vast[:20])

    def drop() -> None:
        with engine.begin() as connection:
            connection.execute(
                text("DELETE FROM werkzaamheid WHERE id = :id"), {"id": next(gone, 0)}
            )

    found = walk(app.test_client(), f"{PAD}?limit=5", drop)

    assert set(vast[20:]) <= set(found)


GEEN_CURSOR = ("", "x", "MQ", "MToxMjM0NTY3ODkwMTI", "Mjox", "MTotMQ", "MTox%20", "a" * 1000, "1:5")


@pytest.mark.parametrize("cursor", GEEN_CURSOR)
def test_a_cursor_that_we_did_not_make_is_400(client: ClientFactory, cursor: str) -> None:
    response = client().get(f"{PAD}?cursor={cursor}")

    assert response.status_code == 400
    assert [fout["location"]["name"] for fout in response.json["errors"]] == ["cursor"]
