"""Close by a tile tells of each thing: in the right tiles, with what is public and no more."""

from datetime import date
from typing import Any

import pytest
from shapely import transform
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box, shape
from shapely.ops import unary_union
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.lagen import KERNEN, LAGEN, OPEN_LAGEN
from kernenkaart.tegels.banden import KAAL, MARGE
from kernenkaart.werkzaamheden.models import Status as WerkzaamheidStatus
from tests import factories as make
from tests.conftest import ClientFactory
from tests.tegels.wereld import Ding, all_tiles, count_all, decode, fetch, scatter, web_tile

EXTENT = 4096


def things(client: Any, address: str) -> dict[tuple[str, int], Any]:
    """The features of a tile by layer and id."""
    return {
        (naam, feature["id"]): feature
        for naam, laag in fetch(client, address).items()
        for feature in laag["features"]
    }


def inside(dingen: list[Ding]) -> set[tuple[str, int]]:
    return {(ding.laag, ding.id) for ding in dingen if ding.openbaar}


def without_kernen(found: Any) -> set[tuple[str, int]]:
    return {key for key in found if key[0] != "kernen"}


@pytest.mark.parametrize("z", [11, 12, 14, 16])
def test_each_visible_thing_is_in_the_tile_of_its_marker_and_nothing_hidden_in_any(
    client: ClientFactory, session: Session, z: int
) -> None:
    dingen = scatter(session, seed=z, aantal=25)
    browser = client()

    found: dict[tuple[int, int], set[tuple[str, int]]] = {
        (x, y): {
            key for key in things(browser, f"/tegels/alles/{z}/{x}/{y}.mvt") if key[0] != "kernen"
        }
        for x, y in all_tiles(dingen, z)
    }

    for ding in dingen:
        if ding.openbaar:
            assert (ding.laag, ding.id) in found[web_tile(ding.punt, z)]
    assert set().union(*found.values()) == inside(dingen)


@pytest.mark.parametrize("z", [6, 7, 9])
def test_tiles_in_rd_have_the_same_things(client: ClientFactory, session: Session, z: int) -> None:
    dingen = scatter(session, seed=z, aantal=20)
    browser = client()

    found = set()
    for x, y in all_tiles(dingen, z, rd=True):
        found |= things(browser, f"/api/v1/tiles/NetherlandsRDNewQuad/{z}/{y}/{x}").keys()

    assert without_kernen(found) == inside(dingen)


def test_a_tile_in_rd_has_metres_of_rd(client: ClientFactory, session: Session) -> None:
    """Worked out from the definition: origin (-285401.92, 903401.92), 3440.64 m a cell."""
    side = 3440.64 * 256 / 2**10
    col, row = 480, 550
    plek = Point(-285401.92 + (col + 0.25) * side, 903401.92 - (row + 0.75) * side)
    activiteit = make.make_activiteit(session, geom=plek)

    found = things(
        client(), f"/api/v1/collections/activiteiten/tiles/NetherlandsRDNewQuad/10/{row}/{col}"
    )

    assert found["activiteiten", activiteit.id]["geometry"]["coordinates"] == [1024, 3072]


@pytest.mark.parametrize(
    ("units", "there"), [(-MARGE + 1, True), (MARGE - 1, True), (MARGE + 2, False)]
)
def test_a_tile_reaches_a_margin_over_its_edge(
    client: ClientFactory, session: Session, units: int, there: bool
) -> None:
    """The edge between two tiles in RD, where distances are metres."""
    z, col, row = 9, 240, 275
    side = 3440.64 * 256 / 2**z
    plek = Point(-285401.92 + col * side - units * side / EXTENT, 903401.92 - (row + 0.5) * side)
    activiteit = make.make_activiteit(session, geom=plek)

    found = things(client(), f"/api/v1/tiles/NetherlandsRDNewQuad/{z}/{row}/{col}")

    assert (("activiteiten", activiteit.id) in found) is there


def test_nothing_reaches_over_the_margin(client: ClientFactory, session: Session) -> None:
    make.make_werkzaamheid(session, geom=LineString([(100_000, 400_000), (180_000, 470_000)]))
    make.make_project(session, geom=box(120_000, 420_000, 160_000, 460_000))
    browser = client()

    seen = 0
    for punt in (Point(140_000, 435_000), Point(120_000, 440_000), Point(160_000, 460_000)):
        x, y = web_tile(punt, 12)
        for feature in things(browser, f"/tegels/alles/12/{x}/{y}.mvt").values():
            seen += 1
            west, north, east, south = shape(feature["geometry"]).bounds
            assert min(west, north) >= -MARGE
            assert max(east, south) <= EXTENT + MARGE
    assert seen >= 4


def test_the_pieces_of_a_shape_in_all_tiles_together_are_the_shape(
    client: ClientFactory, session: Session
) -> None:
    ring = Polygon(
        [(138_000, 430_000), (146_000, 430_500), (147_000, 438_000), (139_000, 437_000)],
        [[(141_000, 432_000), (143_000, 432_000), (142_000, 434_000)]],
    )
    make.make_project(session, geom=ring)
    z, side = 10, 3440.64 * 256 / 2**10
    browser = client()

    pieces = []
    for col in range(int((138_000 + 285401.92) // side), int((147_000 + 285401.92) // side) + 1):
        for row in range(
            int((903401.92 - 438_000) // side), int((903401.92 - 430_000) // side) + 1
        ):
            address = f"/api/v1/collections/projecten/tiles/NetherlandsRDNewQuad/{z}/{row}/{col}"
            for feature in things(browser, address).values():
                west, north = -285401.92 + col * side, 903401.92 - row * side
                place = [west, north]
                pieces.append(
                    transform(
                        shape(feature["geometry"]).buffer(0),
                        lambda xy, at=place: xy * [side / EXTENT, -side / EXTENT] + at,
                    )
                )

    assert len(pieces) > 4
    assert unary_union(pieces).symmetric_difference(ring).area < ring.area * 0.001


def test_a_thing_too_small_for_a_shape_is_a_point(client: ClientFactory, session: Session) -> None:
    werk = make.make_werkzaamheid(
        session, geom=LineString([(140_000, 430_000), (140_000.02, 430_000.02)])
    )
    project = make.make_project(session, geom=box(140_000, 430_000, 140_000.1, 430_000.1))
    x, y = web_tile(Point(140_000, 430_000), 12)

    found = things(client(), f"/tegels/werkzaamheden,projecten/12/{x}/{y}.mvt")

    for key in (("werkzaamheden", werk.id), ("projecten", project.id)):
        assert found[key]["geometry"]["type"] == "Point"


@pytest.mark.parametrize("laag", OPEN_LAGEN, ids=lambda laag: laag.naam)
@pytest.mark.parametrize("z", [11, 13])
def test_only_what_the_layer_tells_in_short_is_told(
    client: ClientFactory, session: Session, laag: Any, z: int
) -> None:
    platform = make.make_platform(session)
    plek = platform.kernen[0].hart
    make.make_activiteit(session, platform=platform, omschrijving="GEHEIM", geom=plek)
    make.make_initiatief(session, platform=platform, omschrijving="GEHEIM", geom=plek)
    lijn = LineString([plek, (plek.x + 9, plek.y)])
    make.make_werkzaamheid(session, contact_telefoon="GEHEIM", geom=lijn, hinder_geom=lijn)
    make.make_project(session, contact_rol="GEHEIM", geom=plek.buffer(30))
    x, y = web_tile(plek, z)

    address = f"/tegels/{laag.naam}/{z}/{x}/{y}.mvt"
    found = things(client(), address)

    assert bool(found) is (z >= laag.vanaf_zoom)
    for (_laag, key), feature in found.items():
        assert feature["properties"]["id"] == key
        assert feature["properties"].keys() <= {"id", *laag.kort}
        assert "soort" in feature["properties"]
    assert b"GEHEIM" not in client().get(address).data


def test_moments_are_told_in_utc_and_days_as_days(client: ClientFactory, session: Session) -> None:
    activiteit = make.make_activiteit(
        session,
        geom=Point(140_000, 430_000),
        begint_op=make.moment(7, 10).replace(year=2027, month=6, day=1),
        eindigt_op=make.moment(7, 12).replace(year=2027, month=6, day=1),
    )
    werk = make.make_werkzaamheid(session)
    x, y = web_tile(Point(140_000, 430_000), 12)

    found = things(client(), f"/tegels/alles/12/{x}/{y}.mvt")

    assert found["activiteiten", activiteit.id]["properties"]["begintOp"] == "2027-06-01T08:00:00Z"
    assert found["werkzaamheden", werk.id]["properties"]["eersteDag"] == werk.eerste_dag.isoformat()


@pytest.mark.parametrize("z", [11, 12])
def test_kinds_and_days_choose_things_too(client: ClientFactory, session: Session, z: int) -> None:
    dingen = scatter(session, seed=40 + z, aantal=25)
    soort = next(ding.soort for ding in dingen if ding.openbaar and ding.laag == "werkzaamheden")
    van, tot = date(2026, 3, 1), date(2026, 6, 30)
    vraag = f"soort={soort}&van={van}&tot={tot}"
    browser = client()

    found = set()
    for x, y in all_tiles(dingen, z):
        found |= things(browser, f"/tegels/alles/{z}/{x}/{y}.mvt?{vraag}").keys()

    wanted = [ding for ding in dingen if ding.soort == soort and ding.goes_on(van, tot)]
    assert without_kernen(found) == inside(wanted)
    assert inside(wanted)


def test_a_thing_that_is_hidden_again_is_gone_at_once(
    client: ClientFactory, session: Session
) -> None:
    werk = make.make_werkzaamheid(session)
    activiteit = make.make_activiteit(session, geom=werk.geom.centroid)
    x, y = web_tile(Point(werk.geom.coords[0]), 13)
    address = f"/tegels/alles/13/{x}/{y}.mvt"
    assert {("werkzaamheden", werk.id), ("activiteiten", activiteit.id)} <= things(
        client(), address
    ).keys()

    werk.status = WerkzaamheidStatus.CONCEPT
    activiteit.status = ActiviteitStatus.INGETROKKEN
    session.flush()

    assert without_kernen(things(client(), address)) == set()


def test_nobody_gets_another_tile_by_being_logged_in(
    client: ClientFactory, session: Session
) -> None:
    werk = make.make_werkzaamheid(session, status=WerkzaamheidStatus.CONCEPT)
    beheerder = make.make_gebruiker(session, rol="beheerder")
    x, y = web_tile(Point(werk.geom.coords[0]), 13)

    found = client(beheerder).get(f"/tegels/werkzaamheden/13/{x}/{y}.mvt")

    assert found.status_code == 204
    assert "Set-Cookie" not in found.headers
    assert "Cookie" not in found.headers.get("Vary", "")


@pytest.mark.parametrize("z", range(0, 16, 3))
def test_kernen_are_shapes_at_every_level(client: ClientFactory, session: Session, z: int) -> None:
    kern = make.make_kern(session)
    x, y = web_tile(kern.hart, z)

    found = things(client(), f"/tegels/kernen/{z}/{x}/{y}.mvt")

    feature = found["kernen", kern.id]
    # the names of a whole country would be more than all the rest of a tile
    assert feature["properties"].keys() == {"id", *(KERNEN.kort if z >= 9 else KAAL)}
    assert feature["properties"].get("naam") == (kern.naam if z >= 9 else None)
    # 1 km is a shape from a level on, and one unit before it
    assert feature["geometry"]["type"] == ("Polygon" if z >= 3 else "Point")


def test_a_kern_with_another_boundary_is_drawn_so_at_once(
    client: ClientFactory, session: Session
) -> None:
    kern = make.make_kern(session)
    x, y = web_tile(kern.hart, 9)
    before = things(client(), f"/tegels/kernen/9/{x}/{y}.mvt")["kernen", kern.id]

    kern.grens = MultiPolygon([kern.grens.buffer(2_000)])
    session.flush()

    after = things(client(), f"/tegels/kernen/9/{x}/{y}.mvt")["kernen", kern.id]
    assert shape(after["geometry"]).area > 4 * shape(before["geometry"]).area


def test_all_public_layers_stand_in_one_tile_by_name(
    client: ClientFactory, session: Session
) -> None:
    platform = make.make_platform(session)
    plek = platform.kernen[0].hart
    make.make_activiteit(session, platform=platform)
    make.make_initiatief(session, platform=platform)
    make.make_werkzaamheid(session, geom=LineString([plek, (plek.x + 9, plek.y)]))
    make.make_project(session, geom=plek.buffer(30))
    count_all(session)

    for z in (0, 9, 11, 14):
        x, y = web_tile(plek, z)
        found = client().get(f"/tegels/alles/{z}/{x}/{y}.mvt")

        layers = decode(found.data)
        assert list(layers) == ["kernen", *(laag.naam for laag in LAGEN)]
        assert {layer["extent"] for layer in layers.values()} == {EXTENT}
        assert {layer["version"] for layer in layers.values()} == {2}
