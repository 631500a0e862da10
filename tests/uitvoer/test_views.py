"""Whole layers to take along: all that is open, nothing that is not, for programs not ours."""

import csv
import io
import json
from datetime import date

import pytest
from shapely.geometry import LineString, shape
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.geo.crs import to_rd
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.werkzaamheden.models import Status
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_activiteit, make_kern, make_werkzaamheid

FORMATEN = ("geojson", "csv")


def test_a_geojson_file_holds_every_open_thing_with_its_public_fields_in_degrees(
    client: ClientFactory, session: Session
) -> None:
    make_kern(session)
    lijn = LineString([(X + 10, Y + 10), (X + 110, Y + 10)])
    werk = make_werkzaamheid(session, titel='Riool "A"\n\\n', geom=lijn)

    answer = client().get("/open-data/werkzaamheden.geojson")

    document = json.loads(answer.data)
    assert answer.content_type == "application/geo+json"
    assert document["type"] == "FeatureCollection"
    (feature,) = [one for one in document["features"] if one["id"] == werk.id]
    assert feature["properties"]["titel"] == 'Riool "A"\n\\n'
    assert set(feature["properties"]) == set(OPEN_LAGEN[2].velden)
    assert to_rd(shape(feature["geometry"])).hausdorff_distance(lijn) < 0.01


@pytest.mark.parametrize("formaat", FORMATEN)
def test_what_is_not_open_is_in_no_file(
    client: ClientFactory, session: Session, formaat: str
) -> None:
    make_werkzaamheid(session, titel="Geheim concept", status=Status.CONCEPT)
    make_werkzaamheid(session, titel="Geheim intern", openbaar=False)
    make_werkzaamheid(session, titel="Wel te zien", contact_telefoon="0345 999")
    make_activiteit(session, titel="Geheim feest", status=ActiviteitStatus.CONCEPT)
    browser = client()

    texts = [
        browser.get(f"/open-data/{laag.naam}.{formaat}").get_data(as_text=True)
        for laag in OPEN_LAGEN
    ]

    assert not any("Geheim" in text or "0345 999" in text for text in texts)
    assert any("Wel te zien" in text for text in texts)


def test_a_table_opens_in_excel_and_runs_nothing(client: ClientFactory, session: Session) -> None:
    werk = make_werkzaamheid(
        session, titel="=1+1;x", eerste_dag=date(2027, 3, 1), laatste_dag=date(2027, 3, 5)
    )

    answer = client().get("/open-data/werkzaamheden.csv")

    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    (row,) = [one for one in rows if one["id"] == str(werk.id)]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert row["titel"] == "'=1+1;x"
    assert (row["eersteDag"], row["laatsteDag"]) == ("2027-03-01", "2027-03-05")
    assert float(row["x_rd"]) == pytest.approx(werk.punt.x, abs=0.1)
    assert 3 < float(row["lengtegraad"]) < 8


def test_a_thing_without_a_place_is_in_the_file_with_none(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    ding = make_activiteit(session, geom=None, kern_id=kern.id)
    browser = client()

    document = json.loads(browser.get("/open-data/activiteiten.geojson").data)
    table = browser.get("/open-data/activiteiten.csv").get_data(as_text=True)

    (feature,) = [one for one in document["features"] if one["id"] == ding.id]
    assert feature["geometry"] is None
    assert feature["properties"]["kern"] == kern.naam
    assert f"\r\n{ding.id};" in table


def test_an_empty_layer_is_a_file_too(client: ClientFactory) -> None:
    browser = client()

    document = json.loads(browser.get("/open-data/initiatieven.geojson").data)

    assert document == {"type": "FeatureCollection", "features": []}
    assert browser.get("/open-data/initiatieven.csv").data.count(b"\r\n") == 1


def test_who_has_the_file_is_told_so_until_something_changes(
    client: ClientFactory, session: Session
) -> None:
    make_werkzaamheid(session)
    browser = client()
    etag = browser.get("/open-data/werkzaamheden.geojson").headers["ETag"]

    same = browser.get("/open-data/werkzaamheden.geojson", headers={"If-None-Match": etag})
    make_werkzaamheid(session)
    other = browser.get("/open-data/werkzaamheden.geojson", headers={"If-None-Match": etag})

    assert (same.status_code, other.status_code) == (304, 200)


@pytest.mark.parametrize("pad", ["gebruikers.csv", "activiteiten.xls", "catalogus.xml", "x.gpkg"])
def test_what_there_is_not_is_not_found(client: ClientFactory, pad: str) -> None:
    assert client().get(f"/open-data/{pad}").status_code == 404


def test_a_file_sets_no_cookie_and_may_be_read_by_any_site(client: ClientFactory) -> None:
    answer = client().get("/open-data/kernen.geojson")

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_page_names_every_layer_and_format(client: ClientFactory) -> None:
    page = client().get("/open-data").get_data(as_text=True)

    for laag in OPEN_LAGEN:
        for formaat in ("csv", "geojson", "gpkg", "fgb"):
            assert f'href="/open-data/{laag.naam}.{formaat}"' in page
