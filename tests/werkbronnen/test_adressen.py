"""Works of which only the address is known: a real server answers as the Locatieserver does."""

from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.errors import Invalid
from kernenkaart.kaart.geocoder import Geocoder
from kernenkaart.kernen.adres import Adres, NuNiet
from kernenkaart.werkbronnen import adressen, services
from kernenkaart.werkbronnen.adressen import LATER, NOG_EENS_S, ONBEKEND, OPGEVEN_NA, Opzoeker
from kernenkaart.werkbronnen.models import Stand, WerkbronRij
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker
from tests.kaart.stubs import Answer, Stub, doc, docs, send, serve
from tests.werkbronnen.bronnen import add_here, came_of, feature, geojson, planner, settle, take

STRATEN = {
    "kerkstraat 3 tricht": docs(doc("Kerkstraat 3, 4196AA Tricht", X + 10, Y + 20, type="adres")),
    "dorpsstraat": docs(doc("Dorpsstraat, Tricht"), doc("Dorpsstraat, Beesd")),
}


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited between questions; a test does not wait."""
    waits: list[float] = []
    monkeypatch.setattr(adressen, "sleep", waits.append)
    return waits


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """A geocoder that knows ``STRATEN``, for the application."""
    with serve() as stub:
        stub.answer = knows
        ask_again(app, stub, monkeypatch)
        yield stub


def knows(request: BaseHTTPRequestHandler) -> None:
    answer: Answer = STRATEN.get(question(request.path), docs())
    answer(request)


def question(pad: str) -> str:
    return parse_qs(urlsplit(pad).query)["q"][0]


def ask_again(app: Flask, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A geocoder without memory, and that is not left alone, as after a while."""
    fresh = Geocoder(stub.url, "GM1960", 0.4)
    monkeypatch.setattr(app.extensions["kernenkaart.kaart"], "geocoder", fresh)


def with_adres(nummer: int, adres: str) -> dict[str, object]:
    return feature(None, id=f"A{nummer}", adres=adres)


def test_an_address_is_asked_once_and_every_row_lies_there(
    client: ClientFactory, app: Flask, session: Session, server: Stub
) -> None:
    client()
    rows = [
        with_adres(n, "Kerkstraat 3 Tricht" if n % 2 else " kerkstraat 3  TRICHT")
        for n in range(40)
    ]
    rows += [with_adres(n, adres) for n, adres in ((50, "Bestaat niet 1"), (51, "Dorpsstraat"))]

    bron = take(app, session, add_here(app, session, geojson(*rows)))

    werken = came_of(session, bron)
    assert {(w.geom.x, w.geom.y) for w in werken} == {(X + 10, Y + 20)}
    assert len(werken) == 40
    assert Counter(map(question, server.asked)) == {
        "kerkstraat 3 tricht": 1, "bestaat niet 1": 1, "dorpsstraat": 1,
    }  # fmt: skip
    assert bron.verslag is not None
    redenen = [een["reden"] for een in bron.verslag["redenen"]]
    assert ONBEKEND in redenen
    assert any("meer plekken die zo heten: Dorpsstraat, Tricht; Dorpsstraat" in r for r in redenen)
    assert ["de plek is opgezocht", 40] in bron.verslag["hersteld"]


def test_a_geocoder_that_falls_silent_halfway_loses_nothing_and_is_asked_again_by_a_button(
    client: ClientFactory,
    app: Flask,
    session: Session,
    server: Stub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client()
    namen = [f"straat {n}" for n in range(12)]
    for nummer, naam in enumerate(namen):
        found = docs(doc(f"Straat {nummer}, Tricht", X + nummer, Y))
        monkeypatch.setitem(STRATEN, naam, found)

    def falls_silent(request: BaseHTTPRequestHandler) -> None:
        (knows if len(server.asked) <= 5 else send(b"", status=503))(request)

    server.answer = falls_silent

    bron = add_here(app, session, geojson(*(with_adres(n, naam) for n, naam in enumerate(namen))))
    rows = session.scalars(select(WerkbronRij).order_by(WerkbronRij.nummer)).all()
    assert [row.reden for row in rows] == [None] * 5 + [LATER] * 7
    assert len(server.asked) < 15  # who does not answer is left alone

    server.answer = knows
    ask_again(app, server, monkeypatch)
    browser = client(
        make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=bron.organisatie_id)
    )
    pad = f"/werkbronnen/{bron.id}"
    page = browser.get(pad).text
    assert f"{LATER} 7 keer" in page
    assert "Zoek de adressen opnieuw op" in page
    browser.post(f"{pad}/opnieuw")
    bron = settle(app, session, bron)

    assert bron.stand is Stand.BEKIJKEN
    assert "Zoek de adressen opnieuw op" not in browser.get(pad).text
    assert len(came_of(session, take(app, session, bron))) == 12


def test_a_reading_that_missed_addresses_is_done_again_also_when_the_file_is_the_same(
    client: ClientFactory, app: Flask, session: Session, server: Stub
) -> None:
    client()
    server.answer = send(b"", status=503)
    bron = add_here(app, session, geojson(with_adres(1, "Kerkstraat 3 Tricht")))
    bron.etag = "x"

    services.try_again(session, planner(bron.organisatie), bron.id)
    bron = settle(app, session, bron)

    assert bron.etag == ""


def test_a_question_is_asked_quietly_again_before_it_is_given_up(slept: list[float]) -> None:
    asked: list[str] = []

    def find(tekst: str) -> Adres:
        asked.append(tekst)
        raise NuNiet("stil", "plek")

    opzoeker = Opzoeker(find)

    for nummer in range(10):
        with pytest.raises(Invalid, match=LATER):
            opzoeker(f"straat {nummer}")

    assert len(asked) == OPGEVEN_NA * (1 + len(NOG_EENS_S))
    assert sum(slept) >= OPGEVEN_NA * sum(NOG_EENS_S)
