"""What every answer of the API has in common: addresses nobody can forge, parameters, headers."""

from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from kernenkaart.config import Settings
from kernenkaart.web.api import (
    BadInput,
    Fout,
    api_answer,
    api_root,
    check_params,
    make_etag,
    printable,
    read_params,
    site_root,
)

EIGEN = "https://kaart.example.nl"


def root_for(app: Flask, settings: Settings, asked: str) -> str:
    """The address of the API in links, for who asks at ``asked``."""
    app.extensions["kernenkaart.settings"] = settings
    with app.test_request_context("/api/v1", base_url=asked):
        return api_root()


@pytest.mark.parametrize(
    ("basis", "hosts", "asked", "root"),
    [
        # our own address, unless the settings vouch for another
        (EIGEN, (), EIGEN, EIGEN),
        (EIGEN, (), "http://kwaad.example", EIGEN),
        (EIGEN, (), "http://127.0.0.1:8000", EIGEN),
        (EIGEN, ("ander.example.nl",), "https://ander.example.nl", "https://ander.example.nl"),
        # on a machine of one's own: whatever name it has there
        ("http://127.0.0.1:8000", (), "http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000", (), "http://[::1]:9000", "http://[::1]:9000"),
        ("http://127.0.0.1:8000", (), "http://kwaad.example", "http://127.0.0.1:8000"),
        ("http://127.0.0.1:8000/", (), "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_nobody_decides_where_our_links_lead_but_the_settings(
    settings: Settings, basis: str, hosts: tuple[str, ...], asked: str, root: str
) -> None:
    own = replace(settings, basis_url=basis, trusted_hosts=hosts)

    assert root_for(Flask("leeg"), own, asked) == f"{root}/api/v1"


def test_a_site_below_a_path_has_its_api_there_too(settings: Settings) -> None:
    app = Flask("leeg")
    app.extensions["kernenkaart.settings"] = replace(settings, basis_url=f"{EIGEN}/kaart/")

    with app.test_request_context("/"):
        assert site_root() == f"{EIGEN}/kaart"
        assert api_root() == f"{EIGEN}/kaart/api/v1"


def number(text: str) -> int:
    """A parser: only digits will do."""
    if not text.isdecimal():
        raise ValueError("Geef een getal.")
    return int(text)


@pytest.mark.parametrize(
    ("args", "wrong"),
    [
        ([("a", "1")], {}),
        ([("a", "x")], {"a": "Geef een getal."}),
        ([("b", "1")], {"b": "De parameter 'b' bestaat hier niet."}),
        ([("a", "1"), ("a", "2")], {"a": "Geef 'a' maar één keer."}),
        ([("a", "\0")], {"a": "In 'a' staan tekens die niet kunnen."}),
        ([("a", "\ufffd")], {"a": "In 'a' staan tekens die niet kunnen."}),
        ([("a", "x"), ("q", "1"), ("z", "")], {"a": "", "q": "", "z": ""}),
    ],
)
def test_all_that_is_wrong_with_parameters_is_said_at_once(
    args: list[tuple[str, str]], wrong: dict[str, str]
) -> None:
    found: dict[str, str] = {}
    try:
        values = read_params(MultiDict(args), {"a": number})
        assert values == {"a": 1}
    except BadInput as error:
        found = {fout.naam: fout.detail for fout in error.fouten}

    assert found.keys() == wrong.keys()
    assert all(wrong[naam] in detail for naam, detail in found.items())


def test_what_parameters_say_together_is_told_with_the_rest() -> None:
    samen = Fout("query", "a", "Zonder a gaat het niet.")

    with pytest.raises(BadInput) as caught:
        read_params(MultiDict([("b", "1")]), {"a": number}, lambda _values: [samen])

    assert [fout.naam for fout in caught.value.fouten] == ["b", "a"]


def test_names_that_somebody_sends_are_said_back_short_and_plain() -> None:
    assert printable("x" * 100) == "x" * 50
    assert printable("a\nb\x1b[31m") == "a?b?[31m"


def test_unknown_names_are_refused_without_parsers_too() -> None:
    assert check_params(MultiDict([("f", "json")]), {"f"}) == {"f": "json"}
    with pytest.raises(BadInput):
        check_params(MultiDict([("g", "1")]), {"f"})


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (None, 200), ("", 200), ('"iets anders"', 200), ("*", 304), ("ETAG", 304),
        ('"x", ETAG', 304), ("STERK", 304),
    ],
)  # fmt: skip
def test_a_validator_is_compared_weakly(sent: str | None, status: int) -> None:
    etag = make_etag(1, "x")
    headers = {}
    if sent is not None:
        headers["If-None-Match"] = sent.replace("ETAG", etag).replace("STERK", etag[2:])

    with Flask("leeg").test_request_context("/", headers=headers):
        response = api_answer(b"{}", etag=etag)

    assert response.status_code == status
    assert response.headers["ETag"] == etag
    assert response.data == (b"{}" if status == 200 else b"")


def test_a_validator_depends_on_every_part() -> None:
    assert len({make_etag(), make_etag(1), make_etag(1, 2), make_etag(12), make_etag("1", 2)}) == 4
