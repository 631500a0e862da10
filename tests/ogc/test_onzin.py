"""Whatever is asked, the answer is a problem document or what was asked; never an error of ours."""

import json
import random
import string

import pytest
from flask import Flask

from kernenkaart.ogc.vraag import VAST
from kernenkaart.web.api import VERSIE
from tests.conftest import ClientFactory
from tests.ogc.conftest import Ask, Wereld

AANTAL = 500
VELDEN = ("titel", "status", "hinder", "eersteDag", "gewijzigdOp", "id", "kern", "openbaar", "x")
STUKKEN = (
    "", "0", "-1", "1", "10001", "1e9", "NaN", "null", "true", "..", "../..", "2027-13-01", "%",
    "2027-06-12T25:00:00Z", "0001-01-01", "9999-12-31", "5,51,6,52", "5,51,6", "1,2,3,4,5,6",
    "\0", "\ud7ff", "\ufffd", "'", "\"; DROP TABLE kern; --", "%s", "%(na)s", "{{7*7}}", "é", "٣",
    "http://www.opengis.net/def/crs/EPSG/0/28992", "CRS84", "html", "a" * 5000, "\n", "\r\nX: y",
    "{\"op\":\"=\"}", "titel = 'x'", "((((((((((", "status", "9" * 400, "2147483648", "Infinity",
)  # fmt: skip


def questions(kans: random.Random) -> list[tuple[str, bytes]]:
    """Methods and addresses, seeded: most of them wrong in one way or another."""
    found = []
    for _ in range(AANTAL):
        laag = kans.choice(("werkzaamheden", "activiteiten", "kernen", "projecten", "gebruiker"))
        eind = kans.choice(
            ("/items", "/items", "/items", "/items/1", "/items/x", "", "/queryables")
        )
        namen = kans.sample((*VAST, *VELDEN), kans.randint(0, 4))
        vraag = "&".join(f"{naam}={_quote(kans)}" for naam in namen)
        methode = kans.choices(("GET", "HEAD", "PUT", "TRACE", "POST"), (20, 2, 1, 1, 1))[0]
        if methode == "POST":
            laag = "kernen"  # what may be posted somewhere is tested where it may
        found.append((methode, f"/api/v1/collections/{laag}{eind}?{vraag}".encode()))
    return found


def _quote(kans: random.Random) -> str:
    text = kans.choice((*STUKKEN, "".join(kans.choices(string.printable, k=kans.randint(1, 12)))))
    return "".join(f"%{byte:02X}" for byte in text.encode(errors="replace"))


def test_nothing_that_is_asked_breaks_it_and_every_error_is_a_problem_document(
    client: ClientFactory, wereld: Wereld
) -> None:
    browser = client()
    codes = set()
    for methode, adres in questions(random.Random(3)):
        pad, _, query = adres.decode().partition("?")

        response = browser.open(pad, query_string=query, method=methode)

        codes.add(response.status_code)
        assert response.headers["API-Version"] == VERSIE, adres
        assert response.headers["Access-Control-Allow-Origin"] == "*", adres
        if response.status_code < 400:
            continue
        assert response.status_code in {400, 401, 403, 404, 405}, (methode, adres, response.text)
        assert response.mimetype == "application/problem+json", adres
        assert response.headers["Cache-Control"] == "no-store"
        if methode != "HEAD":
            body = json.loads(response.data)
            assert body["status"] == response.status_code
            assert body["title"]
            assert body["detail"]
    assert {200, 400, 404, 405} <= codes


def test_all_errors_are_told_together(ask: Ask, wereld: Wereld) -> None:
    response = ask(
        "/collections/werkzaamheden/items",
        limit=0, bbox="1,2", datetime="gisteren", onzin=1, hinder="veel", afstand=3, filter="(",
    )  # fmt: skip

    assert response.status_code == 400
    assert {fout["location"]["name"] for fout in response.json["errors"]} == {
        "limit", "bbox", "datetime", "onzin", "hinder", "afstand", "filter",
    }  # fmt: skip
    assert all(fout["in"] == "query" and fout["detail"] for fout in response.json["errors"])


@pytest.mark.parametrize(
    "pad", ["", "/conformance", "/collections", "/collections/kernen", "/openapi.json", "/uitleg"]
)
def test_a_parameter_that_it_does_not_know_is_400(ask: Ask, wereld: Wereld, pad: str) -> None:
    response = ask(pad, onbekend="1")

    assert response.status_code == 400
    assert response.json["errors"][0]["location"] == {"name": "onbekend"}


def test_a_parameter_given_twice_is_400(client: ClientFactory, wereld: Wereld) -> None:
    response = client().get("/api/v1/collections/kernen/items?limit=1&limit=2")

    assert response.status_code == 400


def test_a_kern_that_is_not_there_is_400(ask: Ask, wereld: Wereld) -> None:
    response = ask("/collections/werkzaamheden/items", nabij="nergens")

    assert response.status_code == 400
    assert response.json["errors"][0]["location"] == {"name": "nabij"}


@pytest.mark.parametrize("methode", ["POST", "PUT", "PATCH", "DELETE"])
def test_another_method_is_405_and_says_which_are_allowed(
    client: ClientFactory, methode: str
) -> None:
    response = client().open("/api/v1/collections", method=methode)

    assert response.status_code == 405
    assert response.mimetype == "application/problem+json"
    assert {"GET", "HEAD", "OPTIONS"} == {m.strip() for m in response.headers["Allow"].split(",")}


def test_head_says_what_get_says_without_its_body(client: ClientFactory, wereld: Wereld) -> None:
    pad = "/api/v1/collections/kernen"

    hoofd, heel = client().head(pad), client().get(pad)

    assert hoofd.status_code == 200
    assert hoofd.data == b""
    assert hoofd.headers["Content-Length"] == str(len(heel.data))
    assert hoofd.headers["ETag"] == heel.headers["ETag"]


def test_an_address_with_a_slash_at_its_end_is_404(client: ClientFactory, wereld: Wereld) -> None:
    for pad in ("/collections/", "/collections/kernen/", "/collections/kernen/items/"):
        assert client().get(f"/api/v1{pad}").status_code == 404


def test_another_site_may_ask_before_it_asks(client: ClientFactory) -> None:
    response = client().options(
        "/api/v1/collections",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"},
    )

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("pad", ["/collections/kernen/items", "/collections", "/bestaat-niet"])
def test_every_answer_has_the_headers_of_the_dutch_rules(
    ask: Ask, wereld: Wereld, pad: str
) -> None:
    headers = ask(pad).headers

    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "nonce" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["API-Version"] == VERSIE
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


def test_what_was_sent_already_is_304_until_something_changes(
    ask: Ask, wereld: Wereld, client: ClientFactory
) -> None:
    pad = "/collections/werkzaamheden/items"
    etag = ask(pad).headers["ETag"]

    again = ask(pad, headers={"If-None-Match": f'"x", {etag}'})
    other = ask(pad, headers={"If-None-Match": etag}, limit=1)

    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["Content-Crs"]
    assert other.status_code == 200


def test_a_failure_of_ours_tells_nothing_of_it(
    app: Flask, client: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kapot:
        def row(self, *_args: object, **_kwargs: object) -> None:
            raise RuntimeError("geheim detail")

    browser = client()
    monkeypatch.setitem(app.extensions, "kernenkaart.lezer", Kapot())

    response = browser.get("/api/v1/collections/kernen/items")

    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert response.headers["API-Version"] == VERSIE
    assert "geheim" not in response.text
