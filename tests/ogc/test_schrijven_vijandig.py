"""What programs send wrong, by accident or on purpose: explained, never a 500 (T8, S3, S4)."""

import json
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.ogc.eigenschappen import BY_NAAM, EIGENSCHAPPEN
from kernenkaart.ogc.schrijven_vraag import BODY_MAX
from kernenkaart.web.json_invoer import merge_patch, read_json
from kernenkaart.werkzaamheden.models import Werkzaamheid
from tests.conftest import ClientFactory
from tests.factories import X, Y
from tests.formulieren import SCHERP
from tests.ogc.schrijver import ITEMS, MIJN, Programma, feature, make_gebied, make_programma

RD_URI = "http://www.opengis.net/def/crs/EPSG/0/28992"
GOED = json.dumps(feature()).encode()
NESTEN = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def programma(client: ClientFactory, session: Session) -> Programma:
    make_gebied(session)
    return make_programma(client, session)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Werkzaamheid)) or 0


BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"Feature"',
    "a number": b"1",
    "NaN": GOED.replace(b"5.", b"NaN", 1),
    "NaN alone": b"NaN",
    "infinity": b'{"type":"Feature","geometry":{"type":"Point","coordinates":[Infinity,1]}}',
    "1e999": b'{"type":"Feature","geometry":{"type":"Point","coordinates":[1e999,1]}}',
    "endless digits": b'{"id":' + b"9" * 5_000 + b"}",
    "latin-1": '{"type":"Feature","x":"é"}'.encode("latin-1"),
    "utf-16": '{"type":"Feature"}'.encode("utf-16"),
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "open texts": b'"\\"' * 100_000,
    "the same name twice": GOED.replace(b'"type":', b'"type": "Feature", "type":', 1),
    "a collection": b'{"type":"FeatureCollection","features":[]}',
    "no properties": b'{"type":"Feature","geometry":null}',
    "properties that are a list": b'{"type":"Feature","properties":[]}',
    "zero byte": json.dumps(feature(soort="\0", organisatie="\0")).encode(),
    "half a pair": b'{"type":"Feature","properties":{"soort":"\\ud800","\\ud800":"x"}}',
    "many names": json.dumps(feature(**{f"p{n}": n for n in range(50_000)})).encode(),
}  # fmt: skip


@pytest.mark.parametrize("naam", BODIES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_body_that_is_no_work_is_explained(
    programma: Programma, session: Session, naam: str, method: str
) -> None:
    pad = ITEMS
    etag = ""
    if method != "POST":
        gemaakt = programma.ask("POST", ITEMS, feature())
        pad, etag = f"{ITEMS}/{gemaakt.get_json()['id']}", gemaakt.headers["ETag"]
    voor = count(session)

    response = programma.ask(method, pad, BODIES[naam], If_Match=etag)

    if method == "PATCH" and naam == "no properties":
        return  # a patch need not name any
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert response.get_json()["errors"]
    assert len(response.data) < 20_000
    assert count(session) == voor


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        {"type": "Point"},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["5.1", "51.8"]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": [5.1]},
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Point", "coordinates": [51.8, 5.1]},
        {"type": "Point", "coordinates": [1e300, 1e300]},
        {"type": "Point", "coordinates": {"x": 5.1, "y": 51.8}},
        {"type": "Punt", "coordinates": [5.1, 51.8]},
        {"type": ["Point"], "coordinates": [5.1, 51.8]},
        {"type": "LineString", "coordinates": [[5.1, 51.8], [5.1, 51.8]]},
        {"type": "LineString", "coordinates": [[5.1, 51.8]]},
        {"type": "LineString", "coordinates": [[5.1 + n / 1e6, 51.8] for n in range(10_001)]},
        {"type": "Polygon", "coordinates": [[[5.1, 51.8], [5.2, 51.9], [5.2, 51.8], [5.1, 51.9]]]},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection"}]},
        [],
        "POINT(5 51)",
        7,
    ],
)
def test_a_geometry_that_cannot_be_is_explained_at_its_place(
    programma: Programma, geometry: Any
) -> None:
    stap = {"naam": "x", "eersteDag": "2027-06-07", "laatsteDag": "2027-06-08", "vorm": geometry}
    document = feature(geometry, hinderVorm=geometry, omleidingVorm=geometry, fasen=[stap])

    response = programma.ask("POST", ITEMS, document)

    assert response.status_code == 400
    assert {fout["location"]["pointer"] for fout in response.get_json()["errors"]} == {
        "/geometry", "/properties/hinderVorm", "/properties/omleidingVorm", "/properties/fasen",
    }  # fmt: skip


def test_many_steps_are_refused_before_their_places_are_read(programma: Programma) -> None:
    vorm = {"type": "Point", "coordinates": [X, Y]}
    stap = {"naam": "x", "eersteDag": "2027-06-07", "laatsteDag": "2027-06-08", "vorm": vorm}
    stappen = [stap] * (BODY_MAX // 200)

    begin = perf_counter()
    response = programma.ask("POST", ITEMS, feature(fasen=stappen), Content_Crs=RD_URI)

    assert response.status_code == 400
    assert perf_counter() - begin < 5  # reading each would take minutes


def test_heights_are_dropped_and_ten_thousand_points_are_taken(
    programma: Programma, session: Session
) -> None:
    lijn = [[X + n / 100, Y + 5 + n % 2, 3.0] for n in range(10_000)]
    vorm = {"type": "LineString", "coordinates": lijn}

    response = programma.ask("POST", ITEMS, feature(vorm), Content_Crs=RD_URI)

    assert response.status_code == 201
    werk = session.scalars(select(Werkzaamheid)).one()
    assert not werk.geom.has_z  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "waarde", [None, True, 5, 1.5, "", "x", [], {}, "\0", "\ud800", "x" * 9_999]
)
def test_no_value_of_a_property_breaks_anything(programma: Programma, waarde: Any) -> None:
    for eigenschap in EIGENSCHAPPEN:
        document = feature()
        document["properties"][eigenschap.naam] = waarde
        response = programma.ask("POST", ITEMS, json.dumps(document).encode())
        assert response.status_code in (201, 400), eigenschap.naam


@pytest.mark.parametrize("tekst", SCHERP)
def test_sharp_texts_are_kept_as_they_are(
    client: ClientFactory, programma: Programma, tekst: str
) -> None:
    response = programma.ask("POST", ITEMS, feature(titel=tekst, plek=tekst))

    id_ = response.get_json()["id"]
    assert response.get_json()["properties"]["titel"] == tekst
    assert f"<script>{tekst}" not in client().get(f"/werkzaamheden/{id_}").text
    assert tekst not in programma.ask("POST", ITEMS, feature(**{f"a{tekst}": 1})).headers.values()


@pytest.mark.parametrize(
    ("koppen", "status"),
    [
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Type": "multipart/form-data"}, 415),
        ({"Content_Type": "application/merge-patch+json"}, 415),
        ({"Content_Type": "application/geo+json; charset=utf-8"}, 201),
        ({"Content_Type": "application/json"}, 201),
        ({"Content_Encoding": "gzip"}, 415),
        ({"Content_Crs": "EPSG:99999"}, 415),
        ({"Content_Crs": "<" * 5_000}, 415),
        ({"Content_Crs": "/etc/passwd"}, 415),
        ({"Idempotency_Key": "x"}, 400),
        ({"Idempotency_Key": ""}, 400),
        ({"Idempotency_Key": "x" * 5_000}, 400),
    ],
)
def test_headers_say_what_can_and_cannot(
    programma: Programma, koppen: dict[str, str], status: int
) -> None:
    response = programma.ask("POST", ITEMS, GOED, **koppen)

    assert response.status_code == status
    assert (response.content_type == "application/problem+json") == (status != 201)


def test_without_a_media_type_nothing_is_read(programma: Programma) -> None:
    response = programma.browser.post(
        ITEMS, data=GOED, headers={"Authorization": f"Bearer {programma.token}"}
    )

    assert response.status_code == 400
    assert response.get_json()["errors"][0]["location"] == {"name": "Content-Type"}


def test_too_much_is_refused_before_it_is_read(programma: Programma) -> None:
    assert programma.ask("POST", ITEMS, b" " * (BODY_MAX + 1)).status_code == 413
    assert programma.ask("POST", ITEMS, GOED + b" " * (BODY_MAX - len(GOED))).status_code == 201


@pytest.mark.parametrize(
    "nummer", ["0", "-1", "x", "1.0", "99999999999999999999", "%00", "1;drop", "２"]
)
def test_a_number_that_does_not_exist_is_not_found(programma: Programma, nummer: str) -> None:
    for method, body in (("PUT", feature()), ("PATCH", {}), ("DELETE", None)):
        assert programma.ask(method, f"{ITEMS}/{nummer}", body).status_code == 404
    assert programma.ask("GET", f"{MIJN}/{nummer}").status_code == 404


@pytest.mark.parametrize(
    ("method", "pad"),
    [
        ("POST", f"{ITEMS}?f=json"),
        ("PUT", f"{ITEMS}/1?onbekend=1"),
        ("DELETE", f"{ITEMS}/1?onbekend=1"),
        ("GET", f"{MIJN}?onbekend=1"),
        ("GET", f"{MIJN}?limit=0"),
        ("GET", f"{MIJN}?limit=1001"),
        ("GET", f"{MIJN}?limit=1&limit=2"),
        ("GET", f"{MIJN}?na=-1"),
        ("GET", f"{MIJN}?na=99999999999999999999"),
        ("GET", f"{MIJN}?crs=EPSG:31370"),
        ("GET", f"{MIJN}/1?limit=1"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused(
    programma: Programma, method: str, pad: str
) -> None:
    response = programma.ask(method, pad, feature() if method in ("POST", "PUT") else None)

    assert response.status_code == 400
    assert response.get_json()["errors"][0]["in"] == "query"


def test_methods_that_cannot_be_say_which_can(client: ClientFactory, programma: Programma) -> None:
    for pad, kan in (
        (ITEMS, {"GET", "HEAD", "OPTIONS", "POST"}),
        (f"{ITEMS}/1", {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}),
        (MIJN, {"GET", "HEAD", "OPTIONS"}),
    ):
        niet = programma.ask("TRACE", pad)
        vraag = client().options(pad, headers={"Origin": "https://elders.example"})
        assert niet.status_code == 405
        assert set(niet.headers["Allow"].split(", ")) == kan
        assert vraag.status_code == 200
        assert set(vraag.headers["Allow"].split(", ")) == kan
        assert "Authorization" in vraag.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in vraag.headers
    assert client().options(ITEMS).headers["Accept-Post"].startswith("application/geo+json")
    assert "merge-patch" in client().options(f"{ITEMS}/1").headers["Accept-Patch"]
    anders = client().post("/api/v1/collections/kernen/items", json={})
    assert anders.status_code == 405


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from([*BY_NAAM, "type", "id", "x"]) | st.text(max_size=9), inner),
    max_leaves=12,
)  # fmt: skip
GETAL = st.floats(min_value=-1e7, max_value=1e7) | st.sampled_from([X, Y, 5.1, 51.8, 0.0])
XY = st.lists(GETAL, min_size=0, max_size=4)
VORM = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]
        ),
        "coordinates": st.recursive(XY, lambda inner: st.lists(inner, max_size=5), max_leaves=12),
    }
)


@NESTEN
@given(document=JSON, eigenschappen=st.dictionaries(st.sampled_from(list(BY_NAAM)), JSON))
def test_whatever_is_sent_is_taken_or_explained(
    programma: Programma, document: Any, eigenschappen: dict[str, Any]
) -> None:
    for body in (document, {"type": "Feature", "geometry": None, "properties": eigenschappen}):
        response = programma.ask("POST", ITEMS, json.dumps(body).encode())
        assert response.status_code == 400
        assert response.get_json()["errors"]


@NESTEN
@given(vorm=VORM)
def test_whatever_geometry_is_sent_is_valid_or_explained(
    programma: Programma, session: Session, vorm: Any
) -> None:
    response = programma.ask("POST", ITEMS, feature(vorm), Content_Crs=RD_URI)

    if response.status_code == 201:
        werk = session.get_one(Werkzaamheid, response.get_json()["id"])
        assert werk.geom is not None
        assert werk.geom.is_valid
    else:
        assert response.status_code == 400
        assert response.get_json()["errors"][0]["location"] == {"pointer": "/geometry"}


@pytest.mark.parametrize(
    ("was", "patch", "wordt"),
    [  # the examples of RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_patch_does_what_the_rfc_says(was: Any, patch: Any, wordt: Any) -> None:
    assert merge_patch(was, patch) == wordt


def test_brackets_in_a_text_do_not_nest() -> None:
    assert read_json(json.dumps("[" * 100 + '\\"').encode()) == "[" * 100 + '\\"'
