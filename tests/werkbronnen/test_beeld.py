"""All that a source would do stands on the map before it is taken over, or is counted there."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely.geometry import LineString, box
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.werkbronnen import beeld as rekenen
from kernenkaart.werkbronnen.beeld import find_beeld
from kernenkaart.werkbronnen.kaartje import to_vak
from kernenkaart.werkbronnen.models import Werkbron
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker
from tests.formulieren import counted
from tests.werkbronnen.bronnen import add_here, came_of, feature, geojson, next_here, take


def line(dx: float, dy: float = 100) -> LineString:
    return LineString([(X + dx, Y + dy), (X + dx + 20, Y + dy)])


def on_map(browser: FlaskClient, pad: str) -> dict[str, Any]:
    page = browser.get(pad).text
    found = re.search(r'id="kaartgegevens">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.fixture
def bron(client: ClientFactory, app: Flask, session: Session) -> Werkbron:
    """One of each: new, changed, gone, changed here, the same, and refused for its day."""
    client()
    ids = ("veranderd", "weg", "eigen", "gelijk")
    eerst = [feature(line(50 * n), id=naam, titel=naam) for n, naam in enumerate(ids)]
    bron = take(app, session, add_here(app, session, geojson(*eerst)))
    eigen = next(werk for werk in came_of(session, bron) if werk.titel == "eigen")
    eigen.omschrijving = "met de hand"
    session.flush()
    nu = [
        feature(line(0), id="veranderd", titel="anders"), *eerst[2:],
        feature(line(300), id="nieuw", titel="nieuw"),
        feature(line(400), id="fout", startdatum="gauw"),
    ]  # fmt: skip
    return next_here(app, session, bron, geojson(*nu))


def test_each_thing_stands_on_the_map_with_a_sign_of_what_would_happen(
    client: ClientFactory, session: Session, bron: Werkbron
) -> None:
    browser = client(
        make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=bron.organisatie_id)
    )
    browser.get(f"/werkbronnen/{bron.id}")  # labels are remembered

    with counted(session) as statements:
        data = on_map(browser, f"/werkbronnen/{bron.id}")
    assert len(statements) <= 8, statements

    assert {(ding["nummer"], ding["titel"]) for ding in data["dingen"]} == {
        ("+", "Nieuw: nieuw (regel 4)"),
        ("≠", "Veranderd: anders (regel 1)"),
        ("×", "Niet meer in de bron: weg"),
        ("=", "Hier zelf veranderd, blijft zo: eigen (regel 2)"),
        ("!", "Geweigerd: De datum 'gauw' kunnen we niet lezen. (regel 5)"),
    }
    assert len({vorm["klasse"] for vorm in data["vormen"]}) == 5


def test_too_many_to_draw_are_counted_and_none_is_left_out(
    client: ClientFactory, session: Session, bron: Werkbron, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rekenen, "LOS_MAX", 2)
    browser = client(
        make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=bron.organisatie_id)
    )

    data = on_map(browser, f"/werkbronnen/{bron.id}")
    assert sum(groep["n"] for groep in data["groepen"]) == 5
    assert data["dingen"] == []
    dichterbij = [on_map(browser, groep["url"]) for groep in data["groepen"]]

    assert sorted(d["titel"] for closer in dichterbij for d in closer["dingen"])[:1] == [
        "Geweigerd: De datum 'gauw' kunnen we niet lezen. (regel 5)"
    ]
    assert sum(len(closer["dingen"]) for closer in dichterbij) >= 5


def test_what_lies_on_one_spot_with_too_many_is_told(
    session: Session, bron: Werkbron, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rekenen, "LOS_MAX", 2)
    monkeypatch.setattr(rekenen, "KLEIN_M", 10_000)

    beeld = find_beeld(session, bron.id, box(X - 100, Y - 100, X + 1_000, Y + 1_000).bounds)

    assert len(beeld.dingen) == 2
    assert beeld.rest == 3


@pytest.mark.parametrize("tekst", ["", "1,2,3", "a,b,c,d", "5,52,4,53", "nan,1,2,3", "inf,1,2,3"])
def test_an_address_without_a_frame_shows_everything(tekst: str) -> None:
    assert to_vak(tekst) is None
