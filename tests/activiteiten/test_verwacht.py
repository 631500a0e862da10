"""What is expected says so in every way out, and can be made sure from its own page."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Status
from tests.activiteiten.test_weer_dit_jaar import pad
from tests.conftest import ClientFactory
from tests.factories import (
    make_gebruiker,
    make_platform,
    make_verwacht,
    moment,
)
from tests.formulieren import chosen, counted, hidden, posted
from tests.tegels.wereld import fetch, web_tile


def test_one_that_is_far_ahead_can_be_answered_from_its_own_page(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    ver = make_verwacht(session, 300, platform=platform)
    browser = client(make_gebruiker(session, platform))
    page = browser.get(f"/activiteiten/{ver.id}").text

    link = re.findall(r'href="(/activiteiten/weer-dit-jaar/[^"]+)"', page)[0]
    all_of_it = browser.get(pad(platform)).text
    browser.post(link, data={f"v{ver.id}-antwoord": "ja"})

    assert ver.titel not in all_of_it
    session.expire_all()
    assert ver.status is Status.GEPUBLICEERD


def test_saving_it_with_another_day_says_that_it_goes_on(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_verwacht(session, platform=platform)
    browser = client(make_gebruiker(session, platform))
    page = browser.get(f"/activiteiten/{activiteit.id}/wijzig?keer=deze").text
    namen = ("datum", "van", "tot", "lon", "lat", "versie", "was", "titel")
    velden = {naam: hidden(page, naam) for naam in namen} | {
        naam: chosen(page, naam) for naam in ("soort", "kern")
    }

    browser.post(
        f"/activiteiten/{activiteit.id}/wijzig", data=velden | {"tot": "17.00", "actie": "plaats"}
    )

    [na] = posted(session, Activiteit)
    assert na.status is Status.GEPUBLICEERD
    assert na.eindigt_op == moment(30, 17)


def test_my_page_says_what_waits_and_stays_quick(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session, naam="Dorpsraad Hier")
    make_verwacht(session, 20, platform=platform, titel="Kermis")
    make_verwacht(session, 30, platform=platform, titel="Avondvierdaagse")
    make_verwacht(session, 20, platform=make_platform(session), titel="Van een ander")
    browser = client(make_gebruiker(session, platform))

    with counted(session) as statements:
        page = browser.get("/mijn").text

    assert "Weer dit jaar? Kermis en nog 1" in page
    assert pad(platform) in page
    assert "Van een ander" not in page
    assert len(statements) <= 8


def _in_tile(browser: FlaskClient, activiteit: Activiteit) -> str:
    x, y = web_tile(activiteit.punt, 14)
    tile = fetch(browser, f"/tegels/activiteiten/14/{x}/{y}.mvt")
    [feature] = tile["activiteiten"]["features"]
    return f"{feature['properties']['titel']} {feature['properties']['status']}"


def _in_csv(browser: FlaskClient, _activiteit: Activiteit) -> str:
    return browser.get("/open-data/activiteiten.csv").text


def _in_api(browser: FlaskClient, activiteit: Activiteit) -> str:
    address = f"/api/v1/collections/activiteiten/items/{activiteit.id}?f=json"
    properties = browser.get(address).get_json()["properties"]
    return f"{properties['titel']} {properties['status']}"


def _badge_on(path: str) -> Callable[[FlaskClient, Activiteit], str]:
    def look(browser: FlaskClient, activiteit: Activiteit) -> str:
        kern = activiteit.kern.slug if activiteit.kern else ""
        page = browser.get(path.format(id=activiteit.id, kern=kern)).text
        badges = re.findall(r'kk-merkje--verwacht">([^<]*)<', page)
        return f"{activiteit.titel if activiteit.titel in page else ''} {badges}"

    return look


UITVOER: dict[str, Callable[[FlaskClient, Activiteit], str]] = {
    "home": _badge_on("/"),
    "map card": _badge_on("/?gekozen=activiteit-{id}"),
    "list": _badge_on("/activiteiten"),
    "kern": _badge_on("/kernen/{kern}"),
    "page": _badge_on("/activiteiten/{id}"),
    "map file": _badge_on("/kernen/{kern}/kaart.html"),
    "tile": _in_tile,
    "csv": _in_csv,
    "api": _in_api,
}


@pytest.mark.parametrize("uitvoer", UITVOER)
def test_until_it_is_sure_every_way_out_says_that_it_is_expected(
    client: ClientFactory, session: Session, uitvoer: str
) -> None:
    activiteit = make_verwacht(session, 5, platform=make_platform(session), titel="Kermis")
    session.refresh(activiteit)

    told = UITVOER[uitvoer](client(), activiteit)

    assert "Kermis" in told
    assert "verwacht" in told.lower()
