"""Programs of others on a served copy of the open API: GDAL, OWSLib and schemathesis."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from owslib.ogcapi.features import Features

from kernenkaart.lagen import OPEN_LAGEN
from tests.served import Served

LAGEN = [laag.naam for laag in OPEN_LAGEN]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


def get(served: Served, pad: str) -> Any:
    """What the API says at an address."""
    with urllib.request.urlopen(f"{served.url}/api/v1{pad}", timeout=30) as answer:
        return json.load(answer)


def all_of(served: Served, laag: str, crs: str = CRS84) -> list[dict[str, Any]]:
    """All things of a layer; the demo has fewer than fit on a page."""
    document = get(served, f"/collections/{laag}/items?limit=10000&crs={crs}")
    assert not [link for link in document["links"] if link["rel"] == "next"]
    found: list[dict[str, Any]] = document["features"]
    return found


def test_gdal_finds_every_layer(served: Served) -> None:
    found = pyogrio.list_layers(f"OAPIF:{served.url}/api/v1")

    assert {naam for naam, _soort in found} == set(LAGEN)


@pytest.mark.parametrize("laag", LAGEN)
def test_gdal_reads_all_things_of_a_layer(served: Served, laag: str) -> None:
    verwacht = all_of(served, laag)

    meta, _fids, vormen, waarden = pyogrio.raw.read(
        f"OAPIF:{served.url}/api/v1", layer=laag, PAGE_SIZE=7
    )

    velden = dict(zip(meta["fields"], waarden, strict=True))
    eerste = "naam" if laag == "kernen" else "titel"
    assert sorted(velden[eerste]) == sorted(ding["properties"][eerste] for ding in verwacht)
    met_plek = [ding for ding in verwacht if ding["geometry"]]
    assert sum(vorm is not None for vorm in vormen) == len(met_plek)


def test_gdal_asks_only_what_lies_in_a_box(served: Served) -> None:
    kern = get(served, f"/collections/kernen/items?limit=1&crs={RD}")["features"][0]
    kader = shapely.geometry.shape(kern["geometry"]).bounds

    _meta, _fids, vormen, _waarden = pyogrio.raw.read(
        f"OAPIF:{served.url}/api/v1", layer="werkzaamheden", bbox=kader, CRS=RD
    )

    vak = shapely.box(*kader)
    binnen = [
        ding for ding in all_of(served, "werkzaamheden", crs=RD)
        if shapely.geometry.shape(ding["geometry"]).intersects(vak)
    ]  # fmt: skip
    assert len(vormen) == len(binnen) > 0


def test_gdal_reads_rd_as_rd(served: Served) -> None:
    meta, _fids, vormen, _waarden = pyogrio.raw.read(
        f"OAPIF:{served.url}/api/v1", layer="kernen", CRS=RD
    )

    assert meta["crs"] == "EPSG:28992"
    west, zuid, oost, noord = shapely.total_bounds(shapely.from_wkb(vormen))
    assert 100_000 < west < oost < 200_000
    assert 400_000 < zuid < noord < 460_000


def test_owslib_reads_what_there_is(served: Served) -> None:
    api = Features(f"{served.url}/api/v1/")

    assert set(api.feature_collections()) == set(LAGEN)
    assert any(uri.endswith("/conf/core") for uri in api.conformance()["conformsTo"])
    assert api.collection("kernen")["storageCrs"] == RD
    page = api.collection_items("werkzaamheden", limit=3, bbox=[4, 51, 7, 53])
    assert page["numberReturned"] == 3
    ding = api.collection_item("werkzaamheden", str(page["features"][0]["id"]))
    assert ding["properties"] == page["features"][0]["properties"]
    assert api.api()["openapi"] == "3.0.3"


CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)


@pytest.mark.parametrize(
    ("fasen", "aantal"),
    [
        ("fuzzing", 2),
        pytest.param("examples,coverage,fuzzing", 60, marks=pytest.mark.volledig),
    ],
    ids=["kort", "lang"],
)
def test_schemathesis_finds_no_answer_that_is_not_described(
    served: Served, tmp_path: Path, fasen: str, aantal: int
) -> None:
    ran = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")), "run",
            f"{served.url}/api/v1/openapi.json", "--checks", CHECKS, "--max-examples", str(aantal),
            "--seed", "20", "--include-method", "GET", "--phases", fasen,
            "--mode", "all", "--generation-database", "none", "--no-color",
            "--request-timeout", "20",
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=600,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout[-6000:]
