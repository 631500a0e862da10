"""Whatever is sent, the answer is a page with a sentence or a stored activity; never a crash."""

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from kernenkaart.platforms.models import Platform
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_platform

TEKST = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DAG = st.one_of(TEKST, st.dates().map(lambda dag: f"{dag:%d-%m-%Y}"), st.just("28-03-2027"))
TIJD = st.one_of(TEKST, st.times().map(lambda tijd: f"{tijd:%H.%M}"), st.just("2.30"))
GETAL = st.one_of(TEKST, st.floats().map(str), st.floats(3, 7).map(str), st.floats(50, 54).map(str))
VELDEN = st.fixed_dictionaries(
    {},
    optional={
        "titel": st.one_of(TEKST, st.just("x" * 300)),
        "soort": st.one_of(TEKST, st.integers(-9, 20).map(str)),
        "datum": DAG,
        "laatste_dag": DAG,
        "van": TIJD,
        "tot": TIJD,
        "hele_dag": st.sampled_from(["", "y"]),
        "plek": TEKST,
        "kern": st.one_of(TEKST, st.integers().map(str)),
        "lon": GETAL,
        "lat": GETAL,
        "plek_onbekend": st.sampled_from(["", "y"]),
        "omschrijving": TEKST,
        "sleutel": st.one_of(TEKST, st.uuids().map(str)),
        "versie": TEKST,
        "was": TEKST,
        "tabel": TEKST,
        "velden": TEKST,
    },
)


@pytest.fixture
def sender(client: ClientFactory, session: Session) -> tuple[FlaskClient, Platform]:
    platform = make_platform(session)
    return client(make_gebruiker(session, platform)), platform


@pytest.mark.parametrize(
    "pad", ["activiteiten/nieuw", "activiteiten/seizoen", "initiatieven/nieuw"]
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(velden=VELDEN, actie=st.sampled_from(["bekijk", "concept", "plaats", ""]))
def test_nothing_that_is_sent_is_a_crash(
    sender: tuple[FlaskClient, Platform],
    connection: Connection,
    pad: str,
    velden: dict[str, str],
    actie: str,
) -> None:
    browser, platform = sender
    soort = {"kern": str(platform.kernen[0].id), "soort": "1"}

    undo = connection.begin_nested()
    answer = browser.post(f"/{pad}/{platform.id}", data=soort | velden | {"actie": actie})
    undo.rollback()

    assert answer.status_code in {200, 302, 422}, answer.text
