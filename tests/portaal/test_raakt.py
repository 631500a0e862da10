"""While drawing, a planner sees which kernen it touches and what else is there in those days."""

from datetime import timedelta

import pytest
from shapely.geometry import MultiPolygon, Point, box
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import today
from tests.conftest import ClientFactory
from tests.factories import (
    X,
    Y,
    make_activiteit,
    make_gebruiker,
    make_kern,
    make_platform,
    make_project,
    make_werkzaamheid,
)

LIJN = f"LINESTRING({X + 100} {Y + 500},{X + 200} {Y + 500})"


@pytest.fixture
def kern(session: Session) -> Kern:
    return make_kern(session, grens=MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)]), naam="Proef")


def vraag(**values: str) -> dict[str, str]:
    dagen = {"eerste_dag": today(), "laatste_dag": today() + timedelta(days=60)}
    return {"vorm": LIJN, **{k: f"{d:%d-%m-%Y}" for k, d in dagen.items()}} | values


def test_it_names_the_kern_and_things_of_every_layer_within_100_m(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    platform = make_platform(session, kernen=[kern])
    make_activiteit(session, platform=platform, titel="Kermis", geom=Point(X + 150, Y + 600))
    make_activiteit(session, platform=platform, titel="Te ver", geom=Point(X + 150, Y + 601))
    make_werkzaamheid(session, titel="Gasleiding", geom=Point(X + 100, Y + 500))
    make_project(session, titel="Woningen", geom=box(X + 150, Y + 510, X + 160, Y + 520))
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    page = browser.post("/kaart/raakt", data=vraag()).text

    assert "Dit raakt <b>Proef</b>" in page
    assert all(titel in page for titel in ("Kermis", "Gasleiding", "Woningen"))
    assert "Te ver" not in page


def test_what_is_drawn_itself_is_not_named(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    werk = make_werkzaamheid(session, titel="Zelf", geom=Point(X + 100, Y + 500))
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    page = browser.post(f"/kaart/raakt?behalve=werkzaamheid-{werk.id}", data=vraag()).text

    assert "Zelf" not in page
    assert "niets anders" in page


@pytest.mark.parametrize("vorm", ["", "onzin", "POINT(51.87 5.29)", "POINT(nan nan)"])
def test_what_cannot_be_read_says_nothing_yet(
    client: ClientFactory, session: Session, kern: Kern, vorm: str
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    response = browser.post("/kaart/raakt", data=vraag(vorm=vorm))

    assert (response.status_code, response.text.strip()) == (200, "")
