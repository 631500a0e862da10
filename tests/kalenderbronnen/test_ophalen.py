"""No address leads to our own network (T9); what is public is fetched within limits."""

import socket
from collections.abc import Collection, Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from kernenkaart.kalenderbronnen.ophalen import NietOpgehaald, Ophaler
from kernenkaart.web import ophalen
from kernenkaart.web.ophalen import is_public, resolve
from tests.kaart.stubs import Stub, drip, hang, send, serve
from tests.kalenderbronnen.bronnen import ics, vevent


@pytest.fixture(scope="module")
def kanarie() -> Iterator[Stub]:
    """A server in our own network; nobody may ever ask it anything, in no test."""
    with serve() as stub:
        stub.answer = send(ics(vevent()), kind="text/calendar")
        yield stub


def port_of(stub: Stub) -> str:
    return stub.url.rsplit(":", 1)[1]


VORMEN = (
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1"),
    *("017700000001", "127.0.0.1.", "127.255.255.254", "0", "0.0.0.0", "[::1]", "[::]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]"),
    *("[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[2001:0:7f00:1::80ff:fffe]", "localhost"),
    *("LOCALHOST", "localhost.", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd00::1]", "100.64.0.1", "192.0.2.1"),
    *("198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[ff02::1]", "[2001:db8::1]"),
    *("１２７.０.０.１", "①②⑦.0.0.1", "127。0。0。1", "[::ffff:10.0.0.1]", "[fec0::1]"),
    *("127.0.0.1%00.example", "example@127.0.0.1", "example:x@127.0.0.1", "127.0.0.1#@x.example"),
    *("127.0.0.1\\@x.example", "127.0.0.1?x.example", " 127.0.0.1", "127.0.0.1\t"),
    *("127.0.0.1\r\nX", "", ".", "[", "[::1", "x" * 3_000),
)  # fmt: skip


@pytest.mark.parametrize("host", VORMEN)
@pytest.mark.parametrize("schema", ["http://{host}:{port}/a.ics", "{host}:{port}"])
def test_no_form_of_an_address_reaches_our_own_network(
    kanarie: Stub, host: str, schema: str
) -> None:
    with pytest.raises(NietOpgehaald):
        Ophaler().fetch(schema.format(host=host, port=port_of(kanarie)))

    assert kanarie.asked == []


@pytest.mark.parametrize(
    "schema", ["ftp", "file", "gopher", "data", "javascript", "unix", "jar", "ldap", ""]
)
def test_no_other_kind_of_address_is_fetched(kanarie: Stub, schema: str) -> None:
    with pytest.raises(NietOpgehaald):
        Ophaler().fetch(f"{schema}://127.0.0.1:{port_of(kanarie)}/")

    assert kanarie.asked == []


def test_a_name_with_one_address_of_ours_is_refused(kanarie: Stub) -> None:
    ophaler = Ophaler(resolve=lambda _host, _port: ["8.8.8.8", "127.0.0.1"])

    with pytest.raises(NietOpgehaald):
        ophaler.fetch("http://agenda.example/")


def test_a_name_that_points_elsewhere_a_moment_later_is_asked_once(
    kanarie: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: what was checked is what is connected to."""
    answers = iter([["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1"]])
    connected: list[object] = []

    def refuse(address: object, *_: object, **__: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("urllib3.util.connection.create_connection", refuse)

    with pytest.raises(NietOpgehaald):
        Ophaler(resolve=lambda _host, _port: next(answers)).fetch("http://agenda.example/")

    assert connected == [("93.184.215.14", 80)]
    assert kanarie.asked == []


@pytest.mark.parametrize("naar", ["http://localhost:{port}/", "//127.0.0.1:{port}/", "file:///x"])
def test_a_redirect_goes_under_the_same_rules(kanarie: Stub, naar: str) -> None:
    with serve() as deur:
        deur.answer = send(b"", 302, location=naar.format(port=port_of(kanarie)))
        ophaler = Ophaler({deur.url.removeprefix("http://")})

        with pytest.raises(NietOpgehaald):
            ophaler.fetch(f"{deur.url}/agenda.ics")

    assert deur.asked == ["/agenda.ics"]
    assert kanarie.asked == []


def test_three_redirects_are_followed_and_no_more() -> None:
    with serve() as stub:
        ophaler = Ophaler({stub.url.removeprefix("http://")})

        def step(request: BaseHTTPRequestHandler) -> None:
            number = int(request.path.strip("/"))
            done = send(b"klaar") if number == 0 else send(b"", 302, location=f"/{number - 1}")
            done(request)

        stub.answer = step

        assert ophaler.fetch(f"{stub.url}/3").inhoud == b"klaar"
        with pytest.raises(NietOpgehaald, match="te vaak"):
            ophaler.fetch(f"{stub.url}/4")


@pytest.mark.parametrize(("status", "zin"), [(404, "geen agenda"), (403, "niet openbaar"),
                                             (500, "een fout")])  # fmt: skip
def test_an_answer_that_is_none_is_told(status: int, zin: str) -> None:
    with serve() as stub:
        stub.answer = send(b"", status)

        with pytest.raises(NietOpgehaald, match=zin):
            Ophaler({stub.url.removeprefix("http://")}).fetch(stub.url)


@pytest.mark.parametrize("answer", [hang, drip])
def test_a_slow_answer_is_left(answer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ophalen, "TIJD_S", 0.5)
    with serve() as stub:
        stub.answer = answer  # type: ignore[assignment]

        with pytest.raises(NietOpgehaald, match=r"antwoord"):
            Ophaler({stub.url.removeprefix("http://")}).fetch(stub.url)


def test_an_answer_that_is_too_large_is_left() -> None:
    with serve() as stub:
        stub.answer = send(b"x" * 10_000_001)

        with pytest.raises(NietOpgehaald, match="10 MB"):
            Ophaler({stub.url.removeprefix("http://")}).fetch(stub.url)


@pytest.mark.parametrize(
    ("adres", "openbaar"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::10.0.0.1", False),
        ("::ffff:169.254.169.254", False),
    ],
)
def test_what_is_public_is_known(adres: str, openbaar: bool) -> None:
    assert is_public(adres) is openbaar


def test_a_host_is_looked_up_once_for_each_request() -> None:
    asked: list[str] = []

    def count(host: str, poort: int) -> Collection[str]:
        asked.append(host)
        return resolve("127.0.0.1", poort)

    with serve() as stub:
        poort = port_of(stub)
        Ophaler({f"agenda.example:{poort}"}, resolve=count).fetch(f"http://agenda.example:{poort}")

    assert asked == ["agenda.example"]
