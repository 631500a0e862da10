"""What the shipped nginx passes on, and what it does with any answer that might come back."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
import urllib3

from kernenkaart.app import MB, TEKST_MAX
from kernenkaart.config import Settings
from tests.deploy.conftest import Voorkant, how
from tests.deploy.test_bewaren import log_in, nieuw, sql
from tests.nginx import NAAM, Nginx, nginx

KWAAD = "kwaad.example"
VERVALST = {
    "X-Forwarded-Host": KWAAD, "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "81", "X-Forwarded-Prefix": "/kwaad", "X-Real-IP": "203.0.113.7",
    "Forwarded": f"for=203.0.113.7;host={KWAAD};proto=http",
}  # fmt: skip


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers it was sent, and with the status and headers its address names."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        """Any method: ``?status=…`` and other parameters as headers."""
        asked = dict(parse_qsl(urlsplit(self.path).query))
        length = int(self.headers.get("Content-Length", 0))
        sent = {"headers": dict(self.headers.items()), "lengte": len(self.rfile.read(length))}
        body = json.dumps(sent).encode()
        self.send_response(int(asked.pop("status", "200")))
        for name, value in asked.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = answer  # noqa: N815  # the names that the class looks for

    def log_message(self, *_args: object) -> None:
        """Keep the output of the tests clean."""


@contextmanager
def echoing() -> Iterator[str]:
    """Serve ``Echo``; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """The shipped nginx before a server that says what reached it."""
    with echoing() as url, nginx(url, tmp_path_factory.mktemp("echo")) as running:
        yield running


def ask(
    running: Nginx, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> urllib3.BaseHTTPResponse:
    """An answer over a new connection."""
    with running.pool() as pool:
        return pool.request(method, path, body, headers=dict(pool.headers) | headers)


@pytest.mark.parametrize("path", ["/", "/inloggen", "/api/v1", "/static/x", "/open-data/x.csv"])
def test_what_a_visitor_says_about_himself_does_not_count(echo: Nginx, path: str) -> None:
    seen = ask(echo, path, **VERVALST).json()["headers"]

    assert seen["Host"] == seen["X-Forwarded-Host"] == f"{NAAM}:{echo.https}"
    assert (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"]) == ("127.0.0.1", "https")
    assert "203.0.113.7" not in str(seen)
    assert KWAAD not in str(seen)
    assert seen.keys() & VERVALST.keys() == {
        "X-Forwarded-Host", "X-Forwarded-For", "X-Forwarded-Proto"
    }  # fmt: skip


def test_what_a_client_needs_to_write_is_passed_on(echo: Nginx) -> None:
    sent = {
        "If-Match": 'W/"7"', "Idempotency-Key": "k", "Authorization": "Bearer x",
        "Content-Crs": "<http://www.opengis.net/def/crs/EPSG/0/28992>", "Sec-Fetch-Site": "none",
    }  # fmt: skip

    seen = ask(echo, "/api/v1/collections/x/items/1", "PUT", b"{}", **sent).json()["headers"]

    assert {name: seen[name] for name in sent} == sent


NOOIT = (
    "Cache-Control=public,max-age=60&Set-Cookie=x=1",
    "Cache-Control=no-store",
    "Cache-Control=private,max-age=60",
    "Cache-Control=public,max-age=60&Vary=Accept-Language",
    "Cache-Control=public,max-age=60&Vary=*",
    "Cache-Control=public,max-age=60&status=404",
    "Cache-Control=public,max-age=60&status=429",
    "Cache-Control=public,max-age=60&status=500",
)


@pytest.mark.parametrize("path", ["/kernen", "/api/v1", "/tegels/x", "/open-data/x.csv"])
@pytest.mark.parametrize("query", NOOIT)
def test_what_is_not_for_everybody_is_not_kept(echo: Nginx, path: str, query: str) -> None:
    answers = [ask(echo, f"{path}?{query}") for _ in range(3)]

    assert {how(answer) for answer in answers} == {"MISS"}


@pytest.mark.parametrize("vary", ["Accept-Encoding", "Accept, Accept-Crs", "Cookie,Accept"])
def test_what_depends_on_what_is_in_the_key_is_kept(echo: Nginx, vary: str) -> None:
    path = f"/api/v1?Cache-Control=public,max-age=60&Vary={vary.replace(' ', '%20')}"

    answers = [ask(echo, path) for _ in range(2)]

    assert [how(answer) for answer in answers] == ["MISS", "HIT"]


EIGEN = (
    {"Cookie": "sessie=x"},
    {"Cookie": "a=1; __Host-sessie=x"},
    {"Cookie": "a=1;sessie="},
    {"Authorization": "Bearer x"},
    {"Authorization": "0"},
)


@pytest.mark.parametrize("path", ["/kernen", "/api/v1", "/tegels/x", "/open-data/x.csv"])
@pytest.mark.parametrize("own", EIGEN, ids=str)
def test_who_says_who_he_is_gets_nothing_kept_and_leaves_nothing_behind(
    echo: Nginx, path: str, own: dict[str, str]
) -> None:
    path = f"{path}?Cache-Control=public,max-age=60&X-Proef={quote(str(own))}"

    answers = [ask(echo, path, **headers) for headers in (own, {}, own)]

    assert [how(answer) for answer in answers] == ["BYPASS", "MISS", "BYPASS"]
    assert own.items() <= answers[2].json()["headers"].items()


@pytest.mark.parametrize("cookie", ["a=1", "nietsessie=x", "a=sessie=x"])
def test_another_cookie_is_no_session(echo: Nginx, cookie: str) -> None:
    path = f"/api/v1?Cache-Control=public,max-age=60&X-Proef={cookie.replace('=', '-')}"
    ask(echo, path)

    assert how(ask(echo, path, Cookie=cookie)) == "HIT"


def test_the_body_limit_is_that_of_the_application(echo: Nginx) -> None:
    largest = Settings().upload_max_mb * MB + TEKST_MAX

    within = ask(echo, "/werkzaamheden/nieuw", "POST", b"x" * largest)
    page = ask(echo, "/werkzaamheden/nieuw", "POST", b"x" * (largest + 2 * MB))
    data = ask(echo, "/api/v1/collections/x/items", "POST", b"x" * (largest + 2 * MB))

    assert (within.status, within.json()["lengte"]) == (200, largest)
    assert (page.status, page.headers["Content-Type"]) == (413, "text/html")
    assert "Wat je stuurt is te groot" in page.data.decode()
    assert (data.status, data.headers["Content-Type"]) == (413, "application/problem+json")
    assert data.json()["status"] == 413


def test_a_filter_of_4_kb_fits_in_an_address(echo: Nginx) -> None:
    filter_ = "%28" * 4000

    answer = ask(echo, f"/api/v1/collections/x/items?Link={filter_}")

    assert (answer.status, len(answer.headers["Link"])) == (200, 4000)


def test_another_name_gets_nothing(echo: Nginx) -> None:
    with echo.pool() as pool:
        wrong_host = pool.request("GET", "/", headers={"Host": KWAAD})
    with (
        socket.create_connection(("127.0.0.1", echo.https)) as line,
        pytest.raises(ssl.SSLError, match=r"(?i)unrecognized"),
    ):
        ssl.create_default_context().wrap_socket(line, server_hostname=KWAAD)

    assert wrong_host.status == 400


def test_who_comes_without_tls_is_sent_on(echo: Nginx) -> None:
    with urllib3.HTTPConnectionPool("127.0.0.1", echo.http) as pool:
        ours = pool.request("GET", "/kernen?x=1", headers={"Host": NAAM}, redirect=False)
        other = pool.request("GET", "/", headers={"Host": KWAAD}, redirect=False)

    assert (ours.status, ours.headers["Location"]) == (301, f"https://{NAAM}/kernen?x=1")
    assert other.status == 400


def test_forged_headers_reach_no_link_and_nobody_else(voorkant: Voorkant) -> None:
    accept = nieuw()
    forged = {name.replace("-", "_"): value for name, value in VERVALST.items()}

    answers = [
        voorkant.get("/api/v1", Accept=accept, **forged),
        voorkant.get("/api/v1", Accept=accept),
        voorkant.get("/open-data", Accept=accept, **forged),
        voorkant.get("/open-data", Accept=accept),
    ]

    for answer in answers:
        assert f"https://{NAAM}:{voorkant.nginx.https}/" in answer.data.decode()
        assert KWAAD not in answer.data.decode()
        assert "203.0.113.7" not in answer.data.decode()


def test_tries_to_log_in_are_counted_for_the_address_that_made_them(voorkant: Voorkant) -> None:
    for n in range(2):
        with pytest.raises(AssertionError):
            log_in(voorkant, f"niemand-{n}", X_Forwarded_For=f"203.0.113.{n}", Forwarded=f"for={n}")

    counted = sql(
        voorkant,
        "SELECT count(DISTINCT sleutel) FROM poging WHERE soort = 'netwerk'",
    )
    assert counted == 1


def test_no_search_and_no_link_for_a_new_password_stands_in_a_log(tmp_path: Path) -> None:
    with nginx("http://127.0.0.1:1", tmp_path) as running:
        ask(running, "/wachtwoord/geheim-token")
        ask(running, "/kernen?q=geheim-zoekwoord", Referer=f"https://{NAAM}/wachtwoord/geheim")
    logged = (tmp_path / "kernenkaart.log").read_text(encoding="utf-8")

    assert {line.split('"')[1] for line in logged.splitlines()} == {
        "GET /wachtwoord/",
        "GET /kernen",
    }
    assert "geheim" not in logged
    assert "geheim-token" not in running.errors()
