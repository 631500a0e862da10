"""TileJSON 3.0.0 and the documents of OGC API Tiles say where tiles are and what is in them."""

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernenkaart.lagen import OPEN_LAGEN
from tests import factories as make
from tests.conftest import ClientFactory
from tests.tegels.wereld import decode, rd_tile, web_tile

RASTERS = ("WebMercatorQuad", "NetherlandsRDNewQuad")


def below(address: str) -> str:
    """The path and query of an address of ours."""
    return re.sub(r"^https?://[^/]+", "", address)


@pytest.mark.parametrize(
    "lagen", ["alles", "kernen,projecten", *(laag.naam for laag in OPEN_LAGEN)]
)
def test_tilejson_leads_to_the_tiles(client: ClientFactory, session: Session, lagen: str) -> None:
    kern = make.make_kern(session)
    make.make_project(session, geom=kern.hart.buffer(50))
    browser = client()
    document = browser.get(f"/tegels/{lagen}.json").json

    assert document["tilejson"] == "3.0.0"
    assert 0 <= document["minzoom"] < document["maxzoom"] <= 30
    west, south, east, north = document["bounds"]
    assert (west < 3.4, south < 50.8, east > 7.2, north > 53.5) == (True,) * 4
    x, y = web_tile(kern.hart, 14)
    address = below(document["tiles"][0]).format(z=14, x=x, y=y)
    tile = browser.get(address)
    assert "immutable" in tile.headers["Cache-Control"]
    told = {layer["id"]: layer["fields"] for layer in document["vector_layers"]}
    for naam, layer in decode(tile.data).items():
        for feature in layer["features"]:
            assert feature["properties"].keys() <= told[naam].keys()


def test_what_is_asked_stands_in_the_address_of_the_tiles(client: ClientFactory) -> None:
    vraag = "soort=riool,groen&van=2026-01-01&tot=2026-12-31"

    document = client().get(f"/tegels/werkzaamheden.json?{vraag}").json

    for part in ("soort=riool%2Cgroen", "van=2026-01-01", "tot=2026-12-31", "v="):
        assert part in document["tiles"][0]
    assert (
        client().get("/tegels/werkzaamheden.json?tot=2026-01-01&van=2026-02-01").status_code == 400
    )
    assert client().get("/tegels/werkzaamheden.json?v=1").status_code == 400


def test_the_grids_are_those_of_the_registers(client: ClientFactory) -> None:
    listed = client().get("/api/v1/tileMatrixSets").json["tileMatrixSets"]
    assert [one["id"] for one in listed] == list(RASTERS)
    web, rd = (client().get(below(one["links"][0]["href"])).json for one in listed)

    assert web["uri"].endswith("/WebMercatorQuad")
    assert web["tileMatrices"][0]["scaleDenominator"] == pytest.approx(559082264.0287178)
    assert web["tileMatrices"][0]["pointOfOrigin"] == pytest.approx(
        [-20037508.3427892, 20037508.3427892]
    )
    assert rd["crs"] == "http://www.opengis.net/def/crs/EPSG/0/28992"
    assert len(rd["tileMatrices"]) == 17
    for z, matrix in enumerate(rd["tileMatrices"]):
        assert matrix["id"] == str(z)
        assert matrix["pointOfOrigin"] == [-285401.92, 903401.92]
        assert matrix["cellSize"] == pytest.approx(3440.64 / 2**z)
        assert matrix["scaleDenominator"] == pytest.approx(12288000 / 2**z)
        assert matrix["matrixWidth"] == matrix["matrixHeight"] == 2**z
        assert matrix["tileWidth"] == matrix["tileHeight"] == 256


@pytest.mark.parametrize("pad", ["", *(f"/collections/{laag.naam}" for laag in OPEN_LAGEN)])
def test_from_the_list_of_tilesets_one_comes_to_a_tile(
    client: ClientFactory, session: Session, pad: str
) -> None:
    kern = make.make_kern(session)
    browser = client()
    listed = browser.get(f"/api/v1{pad}/tiles").json["tilesets"]

    assert [one["tileMatrixSetURI"].rpartition("/")[2] for one in listed] == list(RASTERS)
    for one, tile in zip(listed, (web_tile(kern.hart, 11), rd_tile(kern.hart, 11)), strict=True):
        assert one["dataType"] == "vector"
        href = {link["rel"]: link for link in one["links"]}
        tileset = browser.get(below(href["self"]["href"])).json
        assert tileset["crs"] == one["crs"]
        item = next(link for link in tileset["links"] if link["rel"] == "item")
        assert item["templated"] is True
        assert item["type"] == "application/vnd.mapbox-vector-tile"
        address = below(item["href"]).format(tileMatrix=11, tileRow=tile[1], tileCol=tile[0])
        assert browser.get(address).status_code in {200, 204}
        scheme = next(link for link in tileset["links"] if link["rel"].endswith("/tiling-scheme"))
        assert browser.get(below(scheme["href"])).json["uri"] == one["tileMatrixSetURI"]


def test_the_limits_of_a_tileset_hold_all_that_can_be_there(
    client: ClientFactory, session: Session
) -> None:
    kern = make.make_kern(session)
    for raster, tile in zip(RASTERS, (web_tile, rd_tile), strict=True):
        limits = client().get(f"/api/v1/tiles/{raster}").json["tileMatrixSetLimits"]

        for z, limit in enumerate(limits):
            x, y = tile(kern.hart, z)
            assert limit["minTileCol"] <= x <= limit["maxTileCol"] < 2**z
            assert limit["minTileRow"] <= y <= limit["maxTileRow"] < 2**z


@pytest.mark.parametrize(
    "address",
    ["/api/v1/tiles/Bestaat", "/api/v1/tileMatrixSets/x", "/api/v1/collections/x/tiles",
     "/api/v1/collections/x/tiles/WebMercatorQuad/0/0/0", "/tegels/x.json"],
)  # fmt: skip
def test_what_does_not_exist_is_a_problem(client: ClientFactory, address: str) -> None:
    answer = client().get(address)

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "address", ["/api/v1/tiles", "/api/v1/tileMatrixSets", "/tegels/alles.json"]
)
def test_an_unknown_parameter_of_a_document_is_said(client: ClientFactory, address: str) -> None:
    assert client().get(f"{address}?onzin=1").status_code == 400


def test_the_api_says_that_it_has_tiles(client: ClientFactory) -> None:
    browser = client()

    conforms: Any = browser.get("/api/v1/conformance").json["conformsTo"]
    for name in ("core", "tileset", "tilesets-list", "mvt"):
        assert f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}" in conforms
    links = browser.get("/api/v1", headers={"Accept": "application/json"}).json["links"]
    tilesets = next(one for one in links if one["rel"].endswith("/tilesets-vector"))
    assert browser.get(below(tilesets["href"])).json["tilesets"]
    paths = browser.get("/api/v1/openapi.json").json["paths"]
    assert "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}" in paths
