"""The geocoder: a real server in the shape of the Locatieserver, good, bad, slow and gone."""

import time
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from shapely.geometry import Point
from sqlalchemy.orm import Session

from kernenkaart.kaart.geocoder import Geocoder
from kernenkaart.kaart.ophalen import FOUTEN_MAX
from kernenkaart.kaart.zoeken import understand
from kernenkaart.lagen.filter import Vraag
from kernenkaart.lagen.keuzes import Keuzes
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_kern, make_werkzaamheid
from tests.kaart.stubs import Answer, Stub, cut_off, doc, docs, drip, hang, send

PARAMETERS = {"q", "rows", "fq", "fl", "start", "sort", "wt", "df", "bq"}  # of /free, version 3.1


def test_a_street_is_found_in_its_own_gemeente(stub: Stub, geocoder: Geocoder) -> None:
    stub.answer = docs(doc("Kerkstraat, Tricht"), doc("Kerkstraat, Elders", gemeentecode="0363"))

    found = geocoder.find("kerkstraat")

    assert [(plek.naam, plek.punt.x) for plek in found] == [("Kerkstraat, Tricht", X)]


def test_only_parameters_are_sent_that_the_service_knows(stub: Stub, geocoder: Geocoder) -> None:
    stub.answer = docs()

    geocoder.find("kerk&evil=1")

    asked = urlsplit(stub.asked[0])
    assert asked.path == "/free"
    assert set(parse_qs(asked.query)) <= PARAMETERS
    assert parse_qs(asked.query)["q"] == ["kerk&evil=1"]


def test_the_same_question_is_asked_once(stub: Stub, geocoder: Geocoder) -> None:
    stub.answer = docs(doc("Kerkstraat, Tricht"))

    for vraag in ("Kerkstraat", " kerkstraat ", "KERKSTRAAT"):
        geocoder.find(vraag)

    assert len(stub.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        send(b"no json"),
        send(b"[]"),
        send(b'{"response": {"docs": 3}}'),
        send(b"{}", status=500),
        send(b"", status=302, location="http://127.0.0.1:1/"),
        send(b"[" * 100_000),
        send(b"x" * 300_000),
        cut_off,
        hang,
        drip,
    ],
)
def test_whatever_the_service_does_we_answer_in_time(
    stub: Stub, geocoder: Geocoder, answer: Answer
) -> None:
    stub.answer = answer
    begin = time.monotonic()

    assert geocoder.find("kerkstraat") == ()
    assert time.monotonic() - begin < 1.5


@pytest.mark.parametrize(
    "fout",
    [
        doc("Kerkstraat", centroide_rd="POINT(nan nan)"),
        doc("Kerkstraat", centroide_rd="POINT(5.2 51.9)"),
        doc("Kerkstraat", centroide_rd=None),
        doc("Kerkstraat", type="gemeente"),
        doc(None),  # type: ignore[arg-type]
        "Kerkstraat",
        None,
    ],
)
def test_an_unusable_place_is_passed_over(stub: Stub, geocoder: Geocoder, fout: object) -> None:
    stub.answer = docs(fout, doc("Kerkstraat, Tricht"))

    assert [plek.naam for plek in geocoder.find("kerkstraat")] == ["Kerkstraat, Tricht"]


def test_a_service_that_keeps_failing_is_left_alone(stub: Stub, geocoder: Geocoder) -> None:
    stub.answer = send(b"", status=503)

    for n in range(FOUTEN_MAX + 5):
        geocoder.find(f"straat {n}")

    assert len(stub.asked) == FOUTEN_MAX


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1"])
def test_off_or_gone_it_knows_nothing(url: str) -> None:
    assert Geocoder(url, "GM1960", 0.4).find("kerkstraat") == ()


VANDAAG = date(2027, 4, 21)
KEUZES = Keuzes(kernen=[("tricht", "Tricht", (5, 51, 6, 52))], soorten={}, kader=None)


@pytest.mark.parametrize(
    ("vraag", "plek", "keus"),
    [
        (Vraag(q="Kerkstraat Tricht"), "Kerkstraat, Tricht", 0),
        (Vraag(q="kerkstr"), None, 2),
        (Vraag(q="Kerkstraat", kern="tricht"), "Kerkstraat, Tricht", 0),
        (Vraag(q="boekenmarkt"), None, 0),
    ],
)
def test_words_are_a_place_only_when_they_name_it(
    stub: Stub, geocoder: Geocoder, vraag: Vraag, plek: str | None, keus: int
) -> None:
    stub.answer = docs(doc("Kerkstraat, Tricht"), doc("Kerkstraat, Beesd", x=X + 9_000))

    gezocht = understand(vraag, KEUZES, geocoder, VANDAAG, "GM1960")

    assert (gezocht.plek.naam if gezocht.plek else None) == plek
    assert len(gezocht.plekken) == keus
    assert (gezocht.keuze.tekst == "") == (plek is not None)


KERNEN = Keuzes(
    kernen=[
        ("tricht", "Tricht", (5, 51, 6, 52)),
        ("geldermalsen", "Geldermalsen", (5, 51, 6, 52)),
        ("gellicum", "Gellicum", (5, 51, 6, 52)),
    ],
    soorten={},
    kader=None,
)


@pytest.mark.parametrize(
    ("q", "kern", "gekozen", "tekst"),
    [
        ("tricht", "", "tricht", ""),
        ("Gelde", "", "geldermalsen", ""),
        ("Geld", "", "geldermalsen", ""),
        ("Gel", "", None, "Gel"),
        ("Kerkstraat, Tricht", "", "tricht", "Kerkstraat"),
        ("Kerkstraat tricht", "tricht", "tricht", "Kerkstraat"),
        ("Kerkstraat Tricht", "gellicum", "gellicum", "Kerkstraat Tricht"),
        ("Maastricht", "", None, "Maastricht"),
        ("Kerkstraat", "bestaat-niet", "bestaat-niet", "Kerkstraat"),
    ],
)
def test_without_a_geocoder_the_own_kernen_are_known(
    q: str, kern: str, gekozen: str | None, tekst: str
) -> None:
    gezocht = understand(Vraag(q=q, kern=kern), KERNEN, Geocoder("", "GM1", 1), VANDAAG, "GM1")

    assert gezocht.keuze.kern == gekozen
    assert gezocht.keuze.tekst == tekst


def test_works_around_an_address_are_told_with_their_distance(
    stub: Stub, geocoder: Geocoder, app: Flask, client: ClientFactory, session: Session
) -> None:
    make_kern(session)
    dag = date.today()  # noqa: DTZ011
    for titel, x in (("Dichtbij", X + 150), ("Te ver", X + 251)):
        make_werkzaamheid(
            session,
            titel=titel,
            geom=Point(x, Y),
            eerste_dag=dag,
            laatste_dag=dag.replace(year=dag.year + 1),
        )
    stub.answer = docs(doc("Kerkstraat 5, Tricht", type="adres"))
    dienst = app.extensions["kernenkaart.kaart"]
    dienst.geocoder, oud = geocoder, dienst.geocoder

    page = client().get("/?q=Kerkstraat+5").text
    leeg = client().get("/kaart/plekken?q=Kerkstraat+5").get_json()
    dienst.geocoder = oud

    assert "Kerkstraat 5, Tricht: morgen" in page
    assert "150 meter verderop" in page
    assert "Te ver" not in page
    assert [plek["naam"] for plek in leeg] == ["Kerkstraat 5, Tricht"]
