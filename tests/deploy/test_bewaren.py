"""What the shipped nginx keeps, how long and for whom, before the real application."""

import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest
import urllib3

from kernenkaart.demo.inlog import DOMEIN, WACHTWOORD
from tests.deploy.conftest import Voorkant, how

PAGINA_S = 2.4  # nginx counts whole seconds; the application keeps a page for a fifth of one
MINUUT_S = 62
PAGINAS = (
    "/", "/landelijk", "/kernen", "/kernen/tricht", "/activiteiten", "/werkzaamheden/nabij/tricht",
    "/over", "/open-data",
)  # fmt: skip
GEGEVENS = (
    "/open-data/kernen.geojson", "/open-data/kernen.gpkg", "/open-data/catalogus.ttl",
    "/tegels/alles/8/131/84.mvt", "/tegels/kernen.json", "/api/v1", "/api/v1/collections",
    "/api/v1/collections/kernen/items?limit=5",
)  # fmt: skip


def nieuw() -> str:
    """An Accept header that nobody sent before: what was kept for others does not fit it."""
    return f"*/*, proef/{uuid.uuid4().hex}"


def log_in(voorkant: Voorkant, rol: str, **headers: str) -> str:
    """The cookie of a demo account, after logging in through the page."""
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', voorkant.get("/inloggen").data)
    assert token
    form = {"email": f"{rol}@{DOMEIN}", "wachtwoord": WACHTWOORD, "csrf_token": token[1].decode()}
    answer = voorkant.get(
        "/inloggen", "POST", urlencode(form), Sec_Fetch_Site="same-origin",
        Content_Type="application/x-www-form-urlencoded", **headers,
    )  # fmt: skip
    assert answer.status == 302
    return answer.headers["Set-Cookie"].split(";", 1)[0]


def sql(voorkant: Voorkant, statement: str, **values: Any) -> Any:
    """Run a statement as the owner of the tables; the first value of its answer, if any."""
    url = voorkant.app.environ["KERNENKAART_BEHEER_URL"].replace("+psycopg", "", 1)
    with psycopg.connect(url) as connection:
        result = connection.execute(statement, values)
        row = result.fetchone() if result.description else None
    return row[0] if row else None


@pytest.mark.parametrize("path", [*PAGINAS, *GEGEVENS])
def test_who_comes_next_is_answered_from_the_cache(voorkant: Voorkant, path: str) -> None:
    accept = nieuw()

    first = voorkant.get(path, Accept=accept)
    later = [voorkant.get(path, Accept=accept) for _ in range(10)]

    kept = [answer for answer in later if how(answer) == "HIT"]
    assert (first.status, how(first)) == (200, "MISS")
    assert kept
    if path in GEGEVENS:
        assert {answer.data for answer in kept} == {first.data}
    else:
        assert b'name="csrf_token"' not in first.data
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Strict-Transport-Security"):
        assert kept[0].headers[name]


def test_what_has_its_version_in_the_address_is_kept(voorkant: Voorkant) -> None:
    css = re.search(rb"/static/\w+/css/stijl\.css", voorkant.get("/").data)
    assert css
    path = css[0].decode()

    answers = [voorkant.get(path, Accept="text/css") for _ in range(2)]

    assert [how(answer) for answer in answers] == ["MISS", "HIT"]
    assert answers[1].headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/open-data/initiatieven.csv", "/tegels/projecten/9/263/169.mvt"])
def test_of_twenty_who_ask_at_once_one_goes_to_the_application(
    voorkant: Voorkant, path: str
) -> None:
    accept = nieuw()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: voorkant.get(path, Accept=accept), range(20)))

    assert sorted(how(answer) for answer in answers) == ["HIT"] * 19 + ["MISS"]
    assert len({answer.data for answer in answers}) == 1
    assert voorkant.asked(path) == 1


@pytest.mark.parametrize("path", ["/kernen/tricht", "/mijn", "/api/v1/collections"])
def test_what_somebody_sees_who_is_logged_in_is_for_nobody_else(
    voorkant: Voorkant, path: str
) -> None:
    cookie, accept = log_in(voorkant, "medewerker"), nieuw()

    own = [voorkant.get(path, Accept=accept, Cookie=f"x=1; {cookie}") for _ in range(2)]
    others = voorkant.get(path, Accept=accept)
    own_again = voorkant.get(path, Accept=accept, Cookie=cookie)

    assert {answer.status for answer in own} == {200}
    assert {how(answer) for answer in (*own, own_again)} <= {"BYPASS", ""}
    assert how(others) in {"MISS", ""}
    if not path.startswith("/api"):
        assert b"Uitloggen" in own_again.data
        assert b"Uitloggen" not in others.data


@pytest.mark.parametrize("path", ["/open-data/projecten.csv", "/api/v1/collections", "/kernen"])
def test_an_answer_to_somebody_with_a_key_is_for_nobody_else(voorkant: Voorkant, path: str) -> None:
    accept = nieuw()

    answers = [
        voorkant.get(path, Accept=accept, **headers)
        for headers in ({"Authorization": "Bearer x"}, {}, {"Authorization": "Bearer x"})
    ]

    assert [how(answer) for answer in answers] == ["BYPASS", "MISS", "BYPASS"]


@pytest.mark.parametrize(
    "path",
    [
        "/inloggen", "/wachtwoord-vergeten", "/wachtwoord/niet-echt", "/contact/makelaar/tricht",
        "/kaart/plekken?q=Dorpsstraat", "/mijn", "/healthz", "/readyz",
    ],
)  # fmt: skip
def test_forms_searches_and_checks_are_not_kept(voorkant: Voorkant, path: str) -> None:
    answers = [voorkant.get(path) for _ in range(3)]

    assert [how(answer) for answer in answers] == ["", "", ""]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/kernen/bestaat-niet", 404),
        ("/activiteiten?van=geen-dag", 422),
        ("/activiteiten/nieuw", 302),
        ("/open-data/bestaat-niet.csv", 404),
        ("/tegels/alles/1/9/9.mvt", 404),
        ("/api/v1/collections/kernen/items?onzin=1", 400),
        ("/api/v1/collections/bestaat-niet", 404),
        ("/static/oud/css/stijl.css", 200),
        ("/kaart/kernen-0.json", 302),
    ],
)
def test_errors_and_detours_are_not_kept(voorkant: Voorkant, path: str, status: int) -> None:
    answers = [voorkant.get(path) for _ in range(3)]

    assert {(answer.status, how(answer)) for answer in answers} == {(status, "MISS")}


def test_a_changed_page_is_seen_within_two_seconds_or_so(voorkant: Voorkant) -> None:
    path, zin = "/kernen/beesd", f"Net veranderd: {uuid.uuid4().hex}."
    while how(voorkant.get(path)) != "HIT":
        pass

    sql(voorkant, "UPDATE kern SET omschrijving = %(zin)s WHERE slug = 'beesd'", zin=zin)
    time.sleep(PAGINA_S)

    assert zin in voorkant.get(path).data.decode()


def tile_path(voorkant: Voorkant, slug: str) -> str:
    """The tile at level 12 around the heart of a kern."""
    plek = "ST_Transform(hart, 3857)"
    deel = "floor((20037508.342789244 {} {}({})) / 40075016.685578488 * 4096)::integer"
    x, y = (deel.format(sign, f, plek) for sign, f in (("+", "ST_X"), ("-", "ST_Y")))
    statement = f"SELECT '/tegels/kernen/12/' || {x} || '/' || {y} || '.mvt'"
    return str(sql(voorkant, f"{statement} FROM kern WHERE slug = %(slug)s", slug=slug))


def version(voorkant: Voorkant) -> str:
    """The query that the TileJSON puts behind the address of a tile now."""
    found = voorkant.get("/tegels/kernen.json", Accept=nieuw()).json()
    return urlsplit(found["tiles"][0]).query


def test_a_tile_with_a_version_never_changes_and_the_next_version_is_there_at_once(
    voorkant: Voorkant,
) -> None:
    path, naam = tile_path(voorkant, "deil"), f"Proefdorp {uuid.uuid4().hex[:8]}"
    old = f"{path}?{version(voorkant)}"
    voorkant.get(old)

    sql(voorkant, "UPDATE kern SET naam = %(naam)s WHERE slug = 'deil'", naam=naam)
    kept, new = voorkant.get(old), voorkant.get(f"{path}?{version(voorkant)}")

    assert (how(kept), naam.encode() in kept.data) == ("HIT", False)
    assert (how(new), naam.encode() in new.data) == ("MISS", True)
    assert "immutable" in kept.headers["Cache-Control"]
    assert "immutable" in new.headers["Cache-Control"]


@pytest.mark.volledig
def test_without_a_version_a_change_is_seen_after_a_minute(voorkant: Voorkant) -> None:
    naam, accept = f"Proefdorp {uuid.uuid4().hex[:8]}", nieuw()
    paths = (tile_path(voorkant, "enspijk"), "/open-data/kernen.csv")
    for path in paths:
        voorkant.get(path, Accept=accept)

    sql(voorkant, "UPDATE kern SET naam = %(naam)s WHERE slug = 'enspijk'", naam=naam)
    at_once = [voorkant.get(path, Accept=accept) for path in paths]
    time.sleep(MINUUT_S)
    later = [voorkant.get(path, Accept=accept) for path in paths]

    assert [how(answer) for answer in at_once] == ["HIT", "HIT"]
    assert [naam.encode() in answer.data for answer in later] == [True, True]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0.0,br; q=0", None),
        ("identity", None),
    ],
)
def test_each_browser_gets_it_packed_as_it_can_unpack(
    voorkant: Voorkant, accepted: str, coding: str | None
) -> None:
    answer = voorkant.get("/kernen", Accept_Encoding=accepted)

    assert answer.headers.get("Content-Encoding") == coding
    assert b"<h1" in answer.data  # unpacked by the client


def test_browsers_that_can_unpack_the_same_share_what_is_kept(voorkant: Voorkant) -> None:
    accept = nieuw()

    answers = [
        voorkant.get("/api/v1/collections", Accept=accept, Accept_Encoding=coding)
        for coding in ("gzip, deflate, br, zstd", "gzip, deflate, br", "gzip")
    ]

    assert [how(answer) for answer in answers] == ["MISS", "HIT", "MISS"]


def test_a_whole_layer_is_kept_once_and_packed_on_its_way(voorkant: Voorkant) -> None:
    accept, path = nieuw(), "/open-data/activiteiten.geojson"

    answers = [
        voorkant.get(path, Accept=accept, Accept_Encoding=coding)
        for coding in ("identity", "gzip", "br, gzip")
    ]

    assert [how(answer) for answer in answers] == ["MISS", "HIT", "HIT"]
    assert [answer.headers.get("Content-Encoding") for answer in answers] == [None, "gzip", "gzip"]
    assert len({answer.data for answer in answers}) == 1


@pytest.mark.parametrize("coding", ["identity", "br", "gzip"])
@pytest.mark.parametrize("path", ["/api/v1/collections/kernen", "/tegels/alles/8/131/84.mvt"])
def test_who_has_it_already_hears_so_from_the_cache(
    voorkant: Voorkant, path: str, coding: str
) -> None:
    accept = nieuw()
    first = voorkant.get(path, Accept=accept, Accept_Encoding=coding)

    again = voorkant.get(
        path, Accept=accept, Accept_Encoding=coding, If_None_Match=first.headers["ETag"]
    )

    assert (again.status, how(again), again.data) == (304, "HIT", b"")


def test_head_is_answered_from_what_is_kept(voorkant: Voorkant) -> None:
    accept = nieuw()
    first = voorkant.get("/api/v1/collections", Accept=accept)

    head = voorkant.get("/api/v1/collections", "HEAD", Accept=accept)

    assert (head.status, how(head), head.data) == (200, "HIT", b"")
    assert head.headers["Content-Type"] == first.headers["Content-Type"]


def test_programs_and_people_each_get_their_own_from_one_address(voorkant: Voorkant) -> None:
    kinds: dict[str, set[str]] = {"application/json": set(), "text/html": set()}
    for accept in (*kinds, *kinds):
        answer: urllib3.BaseHTTPResponse = voorkant.get("/api/v1/collections", Accept=accept)
        kinds[accept].add(answer.headers["Content-Type"].split(";")[0])

    assert kinds == {kind: {kind} for kind in kinds}


def test_each_coordinate_system_is_kept_apart(voorkant: Voorkant) -> None:
    accept, path = nieuw(), "/api/v1/collections/kernen/items?limit=1"
    rd = "http://www.opengis.net/def/crs/EPSG/0/28992"

    answers = [
        voorkant.get(path, Accept=accept, **crs)
        for crs in ({}, {"Accept_Crs": f"<{rd}>"}, {}, {"Accept_Crs": f"<{rd}>"})
    ]

    assert [how(answer) for answer in answers] == ["MISS", "MISS", "HIT", "HIT"]
    assert [rd in answer.headers["Content-Crs"] for answer in answers] == [False, True] * 2
