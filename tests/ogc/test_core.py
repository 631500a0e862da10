"""OGC API Features Part 1: the abstract tests of its conformance classes, and our own rules."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.tijd import AMSTERDAM
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_project, make_werkzaamheid, moment
from tests.formulieren import counted
from tests.ogc.conftest import Ask, Wereld, follow, ids

LAGEN = [laag.naam for laag in OPEN_LAGEN]
DOCUMENTEN = ("", "/conformance", "/collections", "/collections/kernen", "/changelog")
CONF = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"


def rels(response: object) -> dict[str, str]:
    """The links of a document: type by relation."""
    return {link["rel"]: link["type"] for link in response.json["links"]}  # type: ignore[attr-defined]


def test_the_landing_page_leads_everywhere(ask: Ask) -> None:
    found = rels(ask())

    assert found["service-desc"] == "application/vnd.oai.openapi+json;version=3.0"
    assert found["service-doc"] == "text/html"
    assert {"self", "alternate", "conformance", "data", "changelog"} <= set(found)


def test_every_link_of_the_documents_leads_somewhere(
    ask: Ask, client: ClientFactory, wereld: Wereld
) -> None:
    for document in DOCUMENTEN:
        for link in ask(document).json["links"]:
            if link.get("templated") or "/tiles" in link["href"] or "tileMatrix" in link["href"]:
                continue
            adres = "/" + link["href"].split("/", 3)[3]

            response = client().get(adres, headers={"Accept": link["type"]})

            assert response.status_code == 200, link
            assert response.mimetype == link["type"].split(";")[0], link


def test_it_says_which_standards_it_keeps(ask: Ask) -> None:
    found = ask("/conformance").json["conformsTo"]

    assert {CONF + naam for naam in ("core", "geojson", "html", "oas30")} <= set(found)
    assert len(found) == len(set(found))


def test_every_open_layer_is_a_collection(ask: Ask, wereld: Wereld) -> None:
    found = ask("/collections").json

    assert [laag["id"] for laag in found["collections"]] == LAGEN
    for laag in found["collections"]:
        assert ask(f"/collections/{laag['id']}").json == laag
        west, zuid, oost, noord = laag["extent"]["spatial"]["bbox"][0]
        assert 3 < west <= oost < 8
        assert 50 < zuid <= noord < 54
        assert any(link["rel"] == "items" for link in laag["links"])


def test_the_reach_of_a_layer_is_that_of_what_everyone_may_see(
    ask: Ask, session: Session, wereld: Wereld
) -> None:
    voor = ask("/collections/werkzaamheden").json["extent"]
    make_werkzaamheid(session, openbaar=False, eerste_dag=date(2020, 1, 1))
    assert ask("/collections/werkzaamheden").json["extent"] == voor

    make_werkzaamheid(session, eerste_dag=date(2021, 1, 1))

    begin = ask("/collections/werkzaamheden").json["extent"]["temporal"]["interval"][0][0]
    assert begin == "2020-12-31T23:00:00Z"  # midnight in Amsterdam


@pytest.mark.parametrize("laag", LAGEN)
def test_items_are_a_feature_collection(ask: Ask, wereld: Wereld, laag: str) -> None:
    response = ask(f"/collections/{laag}/items")

    document = response.json
    assert response.mimetype == "application/geo+json"
    assert document["type"] == "FeatureCollection"
    assert document["numberReturned"] == len(document["features"]) > 0
    assert abs(datetime.now(UTC) - datetime.fromisoformat(document["timeStamp"])) < timedelta(
        minutes=1
    )
    assert "numberMatched" not in document
    assert {"self", "alternate", "collection"} == set(rels(response))


@pytest.mark.parametrize("laag", LAGEN)
def test_one_thing_is_the_same_as_in_the_list(ask: Ask, wereld: Wereld, laag: str) -> None:
    eerste = ask(f"/collections/{laag}/items", limit=1).json["features"][0]

    response = ask(f"/collections/{laag}/items/{eerste['id']}")

    document = response.json
    assert response.mimetype == "application/geo+json"
    assert set(rels(response)) == {"self", "alternate", "collection"}
    del document["links"]
    assert document == eerste


@pytest.mark.parametrize(
    "sleutel", ["0", "-1", "99999999999", "2147483648", "1.0", "abc", "%D9%A3", "%00"]
)
def test_what_is_not_there_is_404(ask: Ask, wereld: Wereld, sleutel: str) -> None:
    response = ask(f"/collections/kernen/items/{sleutel}")

    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize(("limiet", "aantal"), [(1, 1), (3, 3), (8, 8), (10_000, 8)])
def test_limit_is_the_most_there_is_on_a_page(
    ask: Ask, wereld: Wereld, limiet: int, aantal: int
) -> None:
    response = ask("/collections/werkzaamheden/items", limit=limiet)

    assert response.json["numberReturned"] == len(ids(response)) == aantal
    assert ("next" in rels(response)) == (limiet < 8)


def test_a_page_without_a_limit_has_between_10_and_50_things(
    ask: Ask, session: Session, wereld: Wereld
) -> None:
    for _ in range(50):
        make_werkzaamheid(session)

    assert 10 <= len(ids(ask("/collections/werkzaamheden/items"))) <= 50


def test_next_leads_past_every_thing_once_with_the_same_question(ask: Ask, wereld: Wereld) -> None:
    page = ask("/collections/werkzaamheden/items", limit=3, nabij="tricht", afstand=650)
    found = ids(page)
    while page := follow(ask, page):  # type: ignore[assignment]
        found += ids(page)

    assert found == list(wereld.werken[:7])


@pytest.mark.parametrize("meters", [0, 99, 100, 101, 500, 501])
def test_near_a_kern_is_within_that_many_metres_of_its_edge(
    ask: Ask, wereld: Wereld, meters: int
) -> None:
    response = ask("/collections/werkzaamheden/items", nabij="tricht", afstand=meters)

    assert ids(response) == list(wereld.werken[: meters // 100 + 1])


def test_near_a_kern_is_within_500_metres_unless_said_otherwise(ask: Ask, wereld: Wereld) -> None:
    response = ask("/collections/werkzaamheden/items", nabij="tricht")

    assert ids(response) == list(wereld.werken[:6])


def test_a_property_is_asked_by_its_name(ask: Ask, session: Session, wereld: Wereld) -> None:
    soort = ask("/collections/werkzaamheden/items", limit=1).json["features"][0]["properties"]
    dicht = make_werkzaamheid(session, hinder="afgesloten", titel="Brug dicht")
    pad = "/collections/werkzaamheden/items"

    assert ids(ask(pad, hinder="afgesloten")) == [dicht.id]
    assert ids(ask(pad, hinder="afgesloten", titel="Brug dicht")) == [dicht.id]
    assert ids(ask(pad, hinder="afgesloten", titel="brug dicht")) == []
    assert len(ids(ask(pad, soort=soort["soort"]))) == 9
    assert ids(ask(pad, eersteDag=str(dicht.eerste_dag), hinder="afgesloten")) == [dicht.id]
    assert ids(ask(pad, id=dicht.id)) == [dicht.id]


def test_a_filter_in_cql2_is_one_more_condition(ask: Ask, wereld: Wereld) -> None:
    pad = "/collections/werkzaamheden/items"

    assert ids(ask(pad, filter=f"id = {wereld.werken[2]}")) == [wereld.werken[2]]
    assert ids(ask(pad, filter=f"id > {wereld.werken[2]}", nabij="tricht", afstand=400)) == list(
        wereld.werken[3:5]
    )
    als_json = json.dumps({"op": "=", "args": [{"property": "id"}, wereld.werken[3]]})
    assert ids(ask(pad, filter=als_json, filter_lang="cql2-json")) == [wereld.werken[3]]


BEGIN, EINDE = moment(7, 10).astimezone(UTC), moment(7, 16).astimezone(UTC)


def z(dt: datetime) -> str:
    """A moment as RFC 3339 in UTC."""
    return f"{dt.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("datetime_", "gevonden"),
    [
        (z(BEGIN), True),
        (z(BEGIN - timedelta(seconds=1)), False),
        (z(EINDE - timedelta(seconds=1)), True),
        (z(EINDE), False),  # it is over then
        (f"{z(BEGIN - timedelta(hours=1))}/{z(BEGIN)}", True),
        (f"{z(BEGIN - timedelta(hours=2))}/{z(BEGIN - timedelta(seconds=1))}", False),
        (f"{z(EINDE - timedelta(seconds=1))}/..", True),
        (f"{z(EINDE)}/..", False),
        (f"../{z(BEGIN)}", True),
        (f"/{z(BEGIN - timedelta(seconds=1))}", False),
        (f"{z(BEGIN)}/", True),
        (f"{BEGIN.astimezone(AMSTERDAM).date()}", True),
        (f"{BEGIN.astimezone(AMSTERDAM).date() + timedelta(days=1)}", False),
        (f"{BEGIN.astimezone(AMSTERDAM).isoformat()}", True),
    ],
)
def test_datetime_finds_what_goes_on_then(
    ask: Ask, session: Session, datetime_: str, gevonden: bool
) -> None:
    activiteit = make_activiteit(session)

    found = ids(ask("/collections/activiteiten/items", datetime=datetime_))

    assert found == ([activiteit.id] if gevonden else [])


GEEN_TIJD = (
    "", "/", "../..", "gisteren", "2027", "2027-06", "2027-02-30", "2027-06-12T10:00:00",
    "2027-06-12T10:00Z", "2027-06-12T25:00:00Z", "2027-06-12 10:00:00Z", "9999-12-31T23:30:00Z",
    "0001-01-01T00:00:00Z", "0000-01-01", "9999-12-31", "2027-06-12/2027-06-11", "a/b/c",
    "2027-06-12T10:00:00+99:00", "2027-06-12T10:00:00Z/2027-06-12T09:59:59Z", "../",
    "٢٠٢٧-06-12", "2027-06-12\n",
)  # fmt: skip


@pytest.mark.parametrize("tekst", GEEN_TIJD)
def test_what_is_no_moment_or_period_is_400(ask: Ask, wereld: Wereld, tekst: str) -> None:
    for laag in LAGEN:
        response = ask(f"/collections/{laag}/items", datetime=tekst)

        assert response.status_code == 400
        assert [fout["location"]["name"] for fout in response.json["errors"]] == ["datetime"]


def test_days_count_in_amsterdam_and_the_last_one_too(ask: Ask, session: Session) -> None:
    dag = date(2027, 6, 12)
    werk = make_werkzaamheid(session, eerste_dag=dag, laatste_dag=dag)
    pad = "/collections/werkzaamheden/items"

    assert ids(ask(pad, datetime="2027-06-11T22:00:00Z")) == [werk.id]
    assert ids(ask(pad, datetime="2027-06-11T21:59:59Z")) == []
    assert ids(ask(pad, datetime="2027-06-12T21:59:59Z")) == [werk.id]
    assert ids(ask(pad, datetime="2027-06-12T22:00:00Z")) == []
    assert ids(ask(pad, datetime="2027-06-12")) == [werk.id]
    assert ids(ask(pad, datetime="2027-06-13/..")) == []
    assert ids(ask(pad, datetime="2027-06-12T/..")) == [werk.id]  # as GDAL writes a day


def test_what_has_no_dates_is_always_there(ask: Ask, session: Session, wereld: Wereld) -> None:
    project = make_project(session, eerste_dag=None, laatste_dag=None)

    assert project.id in ids(ask("/collections/projecten/items", datetime="1999-01-01"))
    assert len(ids(ask("/collections/initiatieven/items", datetime="1999-01-01"))) == 1
    assert ids(ask("/collections/kernen/items", datetime="1999-01-01")) == [wereld.kern.id]


def test_what_has_no_place_has_no_geometry_and_lies_in_no_box(
    ask: Ask, session: Session, wereld: Wereld
) -> None:
    los = make_activiteit(session, geom=None, kern_id=wereld.kern.id)
    pad = "/collections/activiteiten/items"

    assert ask(f"{pad}/{los.id}").json["geometry"] is None
    assert los.id in ids(ask(pad))
    assert los.id not in ids(ask(pad, bbox="-180,-90,180,90"))
    assert los.id not in ids(ask(pad, nabij="tricht", afstand=50_000))


@pytest.mark.parametrize("pad", [*DOCUMENTEN, "/uitleg", "/collections/kernen/items"])
def test_every_document_is_a_dutch_page_too(ask: Ask, wereld: Wereld, pad: str) -> None:
    for response in (ask(pad, f="html"), ask(pad, headers={"Accept": "text/html,*/*;q=0.8"})):
        assert response.status_code == 200
        assert response.mimetype == "text/html"
        assert '<html lang="nl">' in response.text
        assert "Cookie" not in response.headers.get("Vary", "")


def test_a_thing_is_a_page_too_and_what_it_says_is_text(
    ask: Ask, session: Session, wereld: Wereld
) -> None:
    werk = make_werkzaamheid(session, titel="<script>alert(1)</script>{{7*7}}")

    lijst = ask("/collections/werkzaamheden/items", f="html").text
    page = ask(f"/collections/werkzaamheden/items/{werk.id}", f="html").text

    for tekst in (lijst, page):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in tekst
        assert "<script>alert(1)" not in tekst


def test_json_is_what_one_gets_who_does_not_choose(ask: Ask, wereld: Wereld) -> None:
    for accept in ("*/*", "application/geo+json", "text/html;q=0.1,application/json"):
        assert ask("/collections", headers={"Accept": accept}).mimetype == "application/json"
    assert ask("/collections", f="json", headers={"Accept": "text/html"}).is_json


@pytest.mark.parametrize("pad", [*DOCUMENTEN, "/openapi.json", "/collections/werkzaamheden/items"])
def test_no_answer_asks_more_than_three_questions(
    ask: Ask, session: Session, wereld: Wereld, pad: str
) -> None:
    for vraag in ({}, {"f": "html"}) if pad != "/openapi.json" else ({},):
        with counted(session) as statements:
            ask(pad, **vraag)
        assert len(statements) <= 3, statements


def test_a_page_of_things_and_one_thing_are_one_question_each(
    ask: Ask, session: Session, wereld: Wereld
) -> None:
    with counted(session) as statements:
        ask("/collections/werkzaamheden/items", nabij="tricht", bbox="5,51,6,52", hinder="geen")
        ask(f"/collections/werkzaamheden/items/{wereld.werken[0]}")

    assert len(statements) == 2
