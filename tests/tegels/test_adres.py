"""What an address may ask, how long an answer may be kept, and what hostile ones get."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import factories as make
from tests.conftest import ClientFactory
from tests.tegels.wereld import count_all, web_tile

EEUWIG = "public, max-age=31536000, immutable"


def version_of(browser: Any, lagen: str = "alles") -> str:
    """The version in the address of tiles that TileJSON gives."""
    address = browser.get(f"/tegels/{lagen}.json").json["tiles"][0]
    return str(address.split("v=")[1].split("&")[0])


@pytest.mark.parametrize(
    "place",
    [
        "0/0/1", "0/1/0", "3/8/0", "3/0/8", "21/0/0", "99/0/0", "-1/0/0", "1/-1/0", "1/0/-0",
        "01/0/0", "1/00/0", "1.0/0/0", "1e1/0/0", "٣/0/0", "1/0x1/0", "a/b/c", "%00/0/0",
        f"1/{'9' * 5000}/0", "16/99999999/1", "{z}/{x}/{y}", "1/ 1/1", "1/+1/1", "null/NaN/inf",
    ],
)  # fmt: skip
def test_a_tile_that_is_not_in_the_grid_does_not_exist(client: ClientFactory, place: str) -> None:
    answer = client().get(f"/tegels/alles/{place}.mvt")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "place", ["0/1/0", "0/0/1", "17/0/0", "5/32/0", "x/0/0", f"{'1' * 5000}/0/0"]
)
def test_a_tile_that_is_not_in_the_grid_of_rd_does_not_exist(
    client: ClientFactory, place: str
) -> None:
    answer = client().get(f"/api/v1/tiles/NetherlandsRDNewQuad/{place}")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.headers["API-Version"]


@pytest.mark.parametrize(
    "lagen",
    [
        "bestaat-niet",
        "gebruikers",
        "alles,kernen",
        "kernen,kernen",
        "projecten,werkzaamheden",
        "kernen,",
        "",
    ],
)
def test_only_layers_in_the_order_of_the_legend_exist(client: ClientFactory, lagen: str) -> None:
    assert client().get(f"/tegels/{lagen}/0/0/0.mvt").status_code == 404


def test_some_layers_can_be_asked_together(client: ClientFactory, session: Session) -> None:
    assert client().get("/tegels/kernen,activiteiten/0/0/0.mvt").status_code in {200, 204}


@pytest.mark.parametrize(
    "vraag",
    [
        "onbekend=1", "v=", "v=1", "v=deadbeef-1; DROP", "v=00000000-123456789012345678901",
        "soort=", "soort=a,,b", "soort=Riool", "soort='", "soort=%00", "soort=a&soort=b",
        "soort=" + ",".join(["a"] * 31), "soort=" + "a" * 41, "van=gisteren", "van=2026-02-30",
        "van=2026-1-1", "van=10000-01-01", "van=2026-01-02&tot=2026-01-01", "tot=",
        "tot=0000-01-01",        "van=2026-01-01T00:00:00Z", "bbox=1,2,3,4", "__proto__=1",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said(client: ClientFactory, vraag: str) -> None:
    answer = client().get(f"/tegels/alles/5/16/10.mvt?{vraag}")

    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.json["errors"]
    assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "datetime",
    ["2026-05-01", "2026-05-01T10:00:00Z", "2026-05-01/2026-06-01", "../2026-06-01",
     "2026-05-01/..", "../..", "/", "2026-05-01T00:00:00.5+02:00/..", "0001-01-01/9999-12-31"],
)  # fmt: skip
def test_a_period_may_be_written_as_ogc_does(client: ClientFactory, datetime: str) -> None:
    address = "/api/v1/collections/activiteiten/tiles/WebMercatorQuad/5/10/16"

    answer = client().get(address, query_string={"datetime": datetime})

    assert answer.status_code in {200, 204}


@pytest.mark.parametrize(
    "datetime",
    ["", "..", "nu", "2026-05-01/2026-04-01", "2026-05-01T10:00:00", "2026-13-01", "1/2/3",
     "20260501", "9999-12-31T23:59:59-12:00", "2026-05-01/2026-06-01/"],
)  # fmt: skip
def test_what_is_no_period_is_said(client: ClientFactory, datetime: str) -> None:
    address = "/api/v1/collections/activiteiten/tiles/WebMercatorQuad/5/10/16"

    answer = client().get(address, query_string={"datetime": datetime})

    assert answer.status_code == 400


def test_ogc_writes_the_row_before_the_column(client: ClientFactory, session: Session) -> None:
    kern = make.make_kern(session)
    x, y = web_tile(kern.hart, 12)
    browser = client()

    ogc = browser.get(f"/api/v1/collections/kernen/tiles/WebMercatorQuad/12/{y}/{x}")

    assert ogc.data == browser.get(f"/tegels/kernen/12/{x}/{y}.mvt").data != b""


def test_some_collections_can_be_chosen(client: ClientFactory, session: Session) -> None:
    kern = make.make_kern(session)
    x, y = web_tile(kern.hart, 12)
    browser = client()

    some = browser.get(f"/api/v1/tiles/WebMercatorQuad/12/{y}/{x}?collections=projecten,kernen")

    assert some.data == browser.get(f"/tegels/kernen,projecten/12/{x}/{y}.mvt").data
    none = browser.get(f"/api/v1/tiles/WebMercatorQuad/12/{y}/{x}?collections=bestaat-niet")
    assert none.status_code == 400


def test_what_is_elsewhere_in_the_world_is_empty_without_asking_for_things(
    client: ClientFactory,
) -> None:
    for place in ("12/0/0", "20/1048575/1048575", "1/1/1", "8/200/30", "10/0/512"):
        answer = client().get(f"/tegels/alles/{place}.mvt")

        assert answer.status_code == 204
        assert answer.data == b""


def test_the_address_with_the_version_of_now_may_be_kept_for_good(
    client: ClientFactory, session: Session
) -> None:
    make.make_kern(session)
    browser = client()
    now = version_of(browser)

    assert browser.get(f"/tegels/alles/7/66/42.mvt?v={now}").headers["Cache-Control"] == EEUWIG


@pytest.mark.parametrize("shift", [-1, 1, 10**9])
def test_an_older_or_a_coming_version_may_not(
    client: ClientFactory, session: Session, shift: int
) -> None:
    """Who asks for a version before it is there would else keep what is old by then."""
    browser = client()
    stamp, number = version_of(browser).split("-")

    answer = browser.get(f"/tegels/alles/7/66/42.mvt?v={stamp}-{int(number) + shift}")

    assert answer.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"


def test_another_change_of_the_code_is_another_version(client: ClientFactory) -> None:
    browser = client()
    stamp, number = version_of(browser).split("-")
    other = f"{int(stamp, 16) ^ 1:08x}"

    answer = browser.get(f"/tegels/alles/7/66/42.mvt?v={other}-{number}")

    assert "immutable" not in answer.headers["Cache-Control"]


def test_each_change_of_a_layer_is_another_version(client: ClientFactory, session: Session) -> None:
    browser = client()
    werk = make.make_werkzaamheid(session)
    count_all(session)
    versions = [version_of(browser, "werkzaamheden")]

    for change in (
        f"UPDATE werkzaamheid SET titel = 'Anders' WHERE id = {werk.id}",
        f"UPDATE werkzaamheid_soort SET naam = naam || '!' WHERE id = {werk.soort_id}",
        f"UPDATE organisatie SET naam = 'Anders' WHERE id = {werk.organisatie_id}",
    ):
        session.execute(text(change))
        versions.append(version_of(browser, "werkzaamheden"))
    count_all(session)
    versions.append(version_of(browser, "werkzaamheden"))

    assert len(set(versions)) == len(versions)
    assert versions == sorted(versions)


def test_a_change_of_another_layer_is_not(client: ClientFactory, session: Session) -> None:
    browser = client()
    before = version_of(browser, "initiatieven")

    session.execute(text("UPDATE werkzaamheid_soort SET naam = naam || '!'"))

    assert version_of(browser, "initiatieven") == before


def test_who_has_the_tile_is_told_so(client: ClientFactory, session: Session) -> None:
    make.make_kern(session)
    browser = client()
    address = "/tegels/kernen/0/0/0.mvt"
    first = browser.get(address)
    known = {"If-None-Match": first.headers["ETag"]}

    again = browser.get(address, headers=known)

    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "immutable" not in again.headers["Cache-Control"]
    make.make_kern(session)
    changed = browser.get(address, headers=known)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_map_on_any_site_may_use_them(client: ClientFactory) -> None:
    for address in (
        "/tegels/alles/5/16/10.mvt",
        "/tegels/alles.json",
        "/tegels/alles/5/16/99.mvt",
        "/api/v1/tiles/WebMercatorQuad/5/10/16",
        "/api/v1/tileMatrixSets",
    ):
        assert client().get(address).headers["Access-Control-Allow-Origin"] == "*"
