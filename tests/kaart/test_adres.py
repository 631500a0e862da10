"""A form in which only an address is typed, without a script: our own geocoder says where it is."""

import html
import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely.geometry import MultiPolygon, box
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.initiatieven.models import Initiatief, InitiatiefSoort
from kernenkaart.kaart.geocoder import Geocoder
from kernenkaart.platforms.models import Platform
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker, make_kern, make_platform
from tests.formulieren import counted, filled_activiteit, hidden, posted
from tests.kaart.stubs import Answer, Stub, doc, docs, drip, hang, send

ADRES = doc("Kerkstraat 3, 4196AA Tricht", X + 10, Y + 20, type="adres")
LAGEN = ("activiteiten", "initiatieven")
MODELLEN: dict[str, Any] = {"activiteiten": Activiteit, "initiatieven": Initiatief}


@pytest.fixture(autouse=True)
def asks_stub(app: Flask, geocoder: Geocoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application asks the server of the test."""
    monkeypatch.setattr(app.extensions["kernenkaart.kaart"], "geocoder", geocoder)


@pytest.fixture
def platform(session: Session) -> Platform:
    grens = MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)])
    return make_platform(session, kernen=[make_kern(session, naam="Tricht", grens=grens)])


@pytest.fixture
def browser(client: ClientFactory, session: Session, platform: Platform) -> FlaskClient:
    return client(make_gebruiker(session, platform))


def filled(platform: Platform, laag: str, **velden: Any) -> dict[str, Any]:
    """The form with an address, and neither a point nor a kern."""
    session = object_session(platform)
    assert session is not None
    velden = {"plek": "kerkstraat 3 tricht", "kern": ""} | velden
    if laag == "activiteiten":
        return filled_activiteit(session, platform, **velden)
    return {
        "titel": "Boekenmarkt",
        "soort": session.scalars(select(InitiatiefSoort.id)).first(),
        "status": "idee",
        "sleutel": str(uuid.uuid4()),
        "actie": "plaats",
    } | velden


@pytest.mark.parametrize("laag", LAGEN)
def test_the_preview_shows_the_place_that_was_found_and_it_is_placed_there(
    browser: FlaskClient, session: Session, platform: Platform, stub: Stub, laag: str
) -> None:
    stub.answer = docs(ADRES)
    velden = filled(platform, laag)
    pad = f"/{laag}/nieuw/{platform.id}"

    with counted(session) as statements:
        looked = browser.post(pad, data=velden | {"actie": "bekijk"})
    assert len(statements) <= 8, statements
    carried = velden | {naam: hidden(looked.text, naam) for naam in ("plek", "lon", "lat")}
    placed = browser.post(pad, data=carried)

    assert looked.status_code == 200
    assert "<dd>Kerkstraat 3, 4196AA Tricht</dd>" in looked.text
    assert '"dingen":[{' in looked.text
    assert placed.status_code == 302
    [ding] = posted(session, MODELLEN[laag])
    assert ding.geom is not None
    assert (ding.geom.x, ding.geom.y) == (X + 10, Y + 20)
    assert (ding.kern_id, ding.plek_naam) == (platform.kernen[0].id, "kerkstraat 3 tricht")
    assert len(stub.asked) == 1  # the second time it is remembered
    again = browser.post(pad, data=carried)
    assert again.location.startswith(f"/{laag}/{ding.id}?")


def test_of_numbers_that_look_alike_the_one_that_was_typed_is_taken(
    browser: FlaskClient, platform: Platform, stub: Stub
) -> None:
    stub.answer = docs(ADRES, doc("Kerkstraat 3A, 4196AA Tricht"), doc("Kerkstraat 31, Tricht"))

    response = browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled(platform, "activiteiten", actie="bekijk"),
    )

    assert "<dd>Kerkstraat 3, 4196AA Tricht</dd>" in response.text


NIET = "We vinden dit adres niet."
STUK = "Een adres opzoeken lukt nu niet."
MEER = "Er zijn meer plekken die zo heten: Kerkstraat 31, Tricht; Kerkstraat 32, Tricht."


@pytest.mark.parametrize("laag", LAGEN)
@pytest.mark.parametrize(
    "answer_and_zin",
    [
        (docs(), NIET),
        (docs(doc("Dorpsstraat 3, Tricht")), NIET),
        (docs(doc("Kerkstraat 31, Tricht"), doc("Kerkstraat 32, Tricht")), MEER),
        (send(b"no json"), STUK),
        (send(b"{}", status=500), STUK),
        (hang, STUK),
        (drip, STUK),
    ],
)
def test_what_is_not_found_gets_a_sentence_beside_its_field_and_loses_nothing(
    browser: FlaskClient,
    platform: Platform,
    stub: Stub,
    laag: str,
    answer_and_zin: tuple[Answer, str],
) -> None:
    stub.answer, zin = answer_and_zin
    velden = filled(platform, laag, actie="bekijk")

    response = browser.post(f"/{laag}/nieuw/{platform.id}", data=velden)

    assert response.status_code == 422
    [fout] = re.findall(r'id="plek-fout">(.*?)</p>', response.text, re.S)
    assert zin in html.unescape(fout)
    assert hidden(response.text, "plek") == "kerkstraat 3 tricht"
    assert hidden(response.text, "titel") == "Boekenmarkt"


@pytest.mark.parametrize(
    "velden",
    [
        {"kern": "gekozen"},
        {"lon": "5.2661", "lat": "51.8893"},
        {"lon": "5.2661"},
        {"plek": ""},
        {"plek_onbekend": "y"},
        {"kern": "99999999"},
    ],
)
def test_nothing_is_looked_up_when_the_place_is_given_otherwise_or_wrong(
    browser: FlaskClient, platform: Platform, stub: Stub, velden: dict[str, str]
) -> None:
    if velden.get("kern") == "gekozen":
        velden = {"kern": str(platform.kernen[0].id)}

    browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled(platform, "activiteiten", actie="bekijk", **velden),
    )

    assert stub.asked == []


def test_without_a_geocoder_the_form_says_so_and_a_kern_will_do(
    browser: FlaskClient, platform: Platform, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    uit = Geocoder("", "GM1960", 1.0)
    monkeypatch.setattr(app.extensions["kernenkaart.kaart"], "geocoder", uit)
    velden = filled(platform, "activiteiten")
    pad = f"/activiteiten/nieuw/{platform.id}"

    without = browser.post(pad, data=velden)
    with_kern = browser.post(pad, data=velden | {"kern": platform.kernen[0].id})

    assert without.status_code == 422
    assert "Een adres opzoeken lukt nu niet. Kies een kern" in without.text
    assert with_kern.status_code == 302
