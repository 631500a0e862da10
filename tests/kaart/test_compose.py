"""folium composes from constants only: nothing from the database reaches a skeleton."""

import html
import json
import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernenkaart.kaart import compose
from kernenkaart.kaart.compose import ASSETS, SOORTEN, Bouwsteen, KernMap, skelet
from kernenkaart.kaart.insluiten import json_block
from kernenkaart.web.assets import files
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_kern, make_platform

VIJANDIG = (
    "{{7*7}}",
    "{% raise %}",
    "{# weg #}",
    "${1+1}",
    "`tik`",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "\u2028'\"\\",
)


@pytest.mark.parametrize("soort", SOORTEN)
def test_a_skeleton_loads_nothing_from_elsewhere(soort: str) -> None:
    found = skelet(soort)

    assert re.findall(r"https?://|//\w", found.html + found.script) == []
    assert {*found.js, *found.css} <= set(files())
    assert f'id="map_{soort}"' in found.html


def test_a_skeleton_is_the_same_whatever_is_in_the_database(
    client: ClientFactory, session: Session
) -> None:
    before = [skelet(soort) for soort in SOORTEN]
    skelet.cache_clear()
    for titel in VIJANDIG:
        make_kern(session, naam=titel)
    client().get("/")

    assert [skelet(soort) for soort in SOORTEN] == before


def test_a_part_that_asks_for_an_outside_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bouwsteen, "default_js", [("jquery", "https://example.org/jquery.js")])
    skelet.cache_clear()

    with pytest.raises(KeyError, match="jquery"):
        skelet("klein")
    monkeypatch.undo()
    assert ASSETS["leaflet"] in skelet("klein").js


def test_the_own_map_brings_no_jquery_or_bootstrap() -> None:
    assert [naam for naam, _ in KernMap.default_js] == ["leaflet"]
    with pytest.raises(KeyError):
        compose.skelet("onbekend")


@pytest.mark.parametrize("titel", VIJANDIG)
def test_hostile_titles_come_out_literally(
    client: ClientFactory, session: Session, titel: str
) -> None:
    kern = make_kern(session, naam=titel)
    platform = make_platform(session, kernen=[kern], naam=titel)
    activiteit = make_activiteit(session, titel=titel, platform=platform, plek_naam=titel)

    page = client().get(f"/?wanneer=alles&gekozen=activiteit-{activiteit.id}").text

    data = json.loads(re.findall(r'id="kaartgegevens">(.*?)</script>', page)[0])
    assert [ding["titel"] for ding in data["dingen"]] == [titel]
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    shown = re.findall(r'kk-rij__titel"><a [^>]*>(.*?)</a></h3>', page)[0]
    assert html.unescape(shown) == titel
    kernen = client().get("/kaart/kernen-0.json", follow_redirects=True).get_json()
    assert [kern["naam"] for kern in kernen["kernen"]] == [titel]


@pytest.mark.parametrize("titel", VIJANDIG)
def test_a_block_of_json_stays_within_its_script(titel: str) -> None:
    block = json_block({titel: titel})

    assert json.loads(block) == {titel: titel}
    assert not set("<>&\u2028\u2029") & set(block)


def test_the_small_map_carries_its_things_as_data(app: Flask, session: Session) -> None:
    activiteit = make_activiteit(session)
    with app.test_request_context():
        html = app.jinja_env.globals["kaart"](
            "klein",
            dingen=[
                {"ding": "activiteit", "geom": activiteit.geom, "titel": "</script>"},
                {"ding": "activiteit", "geom": None},
            ],
        )

    data = json.loads(re.findall(r'id="kaartgegevens">(.*?)</script>', html)[0])
    assert [ding["titel"] for ding in data["dingen"]] == ["</script>"]
