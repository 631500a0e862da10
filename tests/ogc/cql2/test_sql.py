"""What filters find in the database, what they may ask, and what no filter can reach."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import shapely
from shapely import LineString, Point
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.laag import LAAG as ACTIVITEITEN
from kernenkaart.actor import BEZOEKER
from kernenkaart.errors import Invalid
from kernenkaart.geo.crs import RD, to_wgs84, transform
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.lezen import Lezer, to_text
from kernenkaart.ogc.cql2.geometry import to_rd
from kernenkaart.ogc.cql2.literals import BYTES_MAX
from kernenkaart.ogc.cql2.nodes import Box, Literal, Node, Property, Shape, call
from kernenkaart.ogc.cql2.queryables import equals, parsers, queryables
from kernenkaart.ogc.cql2.sql import to_sql
from kernenkaart.ogc.cql2.text import parse_text
from kernenkaart.ogc.crs import BY_URI, CRS84, RD_NEW, Crs
from kernenkaart.projecten.laag import LAAG as PROJECTEN
from kernenkaart.werkzaamheden.laag import LAAG as WERKZAAMHEDEN
from kernenkaart.werkzaamheden.models import Status
from tests.conftest import driver_of
from tests.factories import X, Y, make_activiteit, make_project, make_werkzaamheid

Find = Callable[..., list[int]]

ETRS89 = BY_URI["http://www.opengis.net/def/crs/EPSG/0/4258"]
MERCATOR = BY_URI["http://www.opengis.net/def/crs/EPSG/0/3857"]


@pytest.fixture
def find(connection: Connection, session: Session) -> Find:
    """``find(laag, "titel = 'x'")``: keys of what a visitor finds."""

    def ask(laag: OpenLaag, vraag: str | Node, crs: Crs = CRS84) -> list[int]:
        session.flush()
        node = parse_text(vraag) if isinstance(vraag, str) else vraag
        condition, params = to_sql(node, laag, crs)
        statement = to_text(
            select(laag.id)
            .select_from(laag.bron)
            .where(laag.visible_to(BEZOEKER), condition)
            .order_by(laag.id)
        )
        lezer = Lezer(lambda: driver_of(connection))
        return [row[0] for row in lezer.rows(statement, params, eenmalig=True)]

    return ask


@pytest.mark.parametrize(
    ("vraag", "melding"),
    [
        ("geheim = 1", "'geheim' bestaat hier niet. Wel: id, geometry, titel"),
        ("contact_telefoon LIKE '0%'", "'contact_telefoon' bestaat hier niet"),
        ("openbaar = FALSE", "'openbaar' bestaat hier niet"),
        ("TITEL = 'a'", "'TITEL' bestaat hier niet"),
        ("eersteDag > 'morgen'", "eersteDag is een dag en 'morgen' is een tekst.*DATE"),
        ("titel = 3", "titel is een tekst en '3' is een getal"),
        ("id = '3'", "id is een getal en '3' is een tekst"),
        ("id = TRUE", "id is een getal en 'True' is een waar of onwaar"),
        ("1 = 1", "= gaat hier niet over een eigenschap"),
        ("titel = 'a' OR NOT 'a' = 'a'", "= gaat hier niet over een eigenschap"),
        ("'a' LIKE 'a'", "LIKE gaat hier niet over een eigenschap"),
        ("1 IN (1, 2)", "IN gaat hier niet over een eigenschap"),
        ("1 BETWEEN 0 AND 2", "BETWEEN gaat hier niet over een eigenschap"),
        ("1 IS NULL", "IS NULL gaat hier niet over een eigenschap"),
        ("S_WITHIN(POINT(1 2), BBOX(0,0,9,9))", "S_WITHIN gaat hier niet over een eigenschap"),
        ("T_AFTER(DATE('2027-01-01'), INTERVAL('..','..'))", "T_AFTER gaat hier niet over"),
        ("geometry = POINT(5 52)", "S_INTERSECTS of S_EQUALS"),
        ("S_WITHIN(geometry, titel)", "S_WITHIN vergelijkt vormen; titel is een tekst"),
        ("T_AFTER(titel, DATE('2027-01-01'))", "T_AFTER vergelijkt dagen.*titel is een tekst"),
        ("T_AFTER(eersteDag, INTERVAL(titel, '..'))", "titel is een tekst"),
        ("T_AFTER(eersteDag, INTERVAL('2027-02-01', '2027-01-01'))", "begint niet na zijn einde"),
        ("CASEI(id) = 'a'", "CASEI werkt op tekst; id is een getal"),
        ("id LIKE '1%'", "LIKE werkt op tekst; id is een getal"),
        ("titel LIKE titel", "Na LIKE hoort een tekst"),
        ("titel LIKE omschrijving", "Na LIKE hoort een tekst"),
        ("CASEI('a')", "geen voorwaarde"),
        ("INTERVAL(eersteDag,'..') IS NULL", "IS NULL vraag je van een eigenschap"),
        ("S_CROSSES(geometry, GEOMETRYCOLLECTION(POINT(5 52)))", "GEOMETRYCOLLECTION"),
        ("S_WITHIN(geometry, POINT(140000 430000))", "buiten hun stelsel.*filter-crs"),
        ("S_WITHIN(geometry, BBOX(5, 53, 6, 52))", "onderkant boven de bovenkant"),
    ],
)
def test_types_and_names_that_do_not_fit_are_refused(vraag: str, melding: str) -> None:
    with pytest.raises(Invalid, match=melding):
        to_sql(parse_text(vraag), WERKZAAMHEDEN)


def test_a_pattern_may_not_end_in_half_an_escape() -> None:
    with pytest.raises(Invalid, match="losse"):
        to_sql(call("like", Property("titel"), Literal("a\\")), WERKZAAMHEDEN)
    to_sql(call("like", Property("titel"), Literal("a\\\\")), WERKZAAMHEDEN)


def test_every_value_is_bound() -> None:
    condition, params = to_sql(
        parse_text(
            "titel = 'geheim1' AND plek LIKE 'geheim2' AND kern IN ('geheim3') AND id < 123456 "
            "AND S_WITHIN(geometry, BBOX(5,51,6,52)) AND eersteDag > DATE('2031-01-01')"
        ),
        WERKZAAMHEDEN,
    )

    text = to_text(condition)
    assert not any(waarde in text for waarde in ("geheim", "123456", "2031"))
    assert [*params] == ["cql1", "cql2", "cql3", "cql4", "cql5", "cql6"]
    assert params["cql1"] == "geheim1"
    assert params["cql6"] == date(2031, 1, 1)


@pytest.mark.parametrize("laag", OPEN_LAGEN, ids=lambda laag: laag.naam)
def test_everything_public_of_every_layer_can_be_asked(laag: OpenLaag, find: Find) -> None:
    assert [*queryables(laag)] == ["id", "geometry", *laag.velden]
    for name in queryables(laag):
        assert find(laag, f"{name} IS NULL AND {name} IS NOT NULL") == []


def test_what_is_no_visitor_s_business_is_never_found(session: Session, find: Find) -> None:
    openbaar = make_werkzaamheid(session, titel="Riool")
    make_werkzaamheid(session, titel="Riool", openbaar=False)
    make_werkzaamheid(session, titel="Riool", status=Status.CONCEPT)

    for vraag in (
        "TRUE",
        "titel = 'Riool'",
        "titel = 'Riool' OR TRUE",
        "NOT FALSE OR status = 'concept'",
        "status IN ('concept', 'bevestigd')",
    ):
        assert find(WERKZAAMHEDEN, vraag) == [openbaar.id]


def test_a_day_and_a_moment_are_compared_by_the_day_in_amsterdam(
    session: Session, find: Find
) -> None:
    laat = make_activiteit(
        session,
        begint_op=datetime(2027, 6, 1, 22, 30, tzinfo=UTC),  # half past midnight, the 2nd
        eindigt_op=datetime(2027, 6, 2, 1, tzinfo=UTC),
    )

    assert find(ACTIVITEITEN, "begintOp = DATE('2027-06-02')") == [laat.id]
    assert find(ACTIVITEITEN, "begintOp = DATE('2027-06-01')") == []
    assert find(ACTIVITEITEN, "T_INTERSECTS(begintOp, DATE('2027-06-02'))") == [laat.id]


def test_unknown_is_neither_true_nor_false(session: Session, find: Find) -> None:
    zonder = make_project(session, eerste_dag=None)

    assert find(PROJECTEN, "eersteDag > DATE('2027-01-01')") == []
    assert find(PROJECTEN, "NOT (eersteDag > DATE('2027-01-01'))") == []
    assert find(PROJECTEN, "(eersteDag > DATE('2027-01-01')) IS NULL") == [zonder.id]
    assert find(PROJECTEN, "eersteDag > DATE('2027-01-01') OR TRUE") == [zonder.id]


def test_text_is_compared_with_and_without_capitals_and_accents(
    session: Session, find: Find
) -> None:
    cafe = make_werkzaamheid(session, titel="Café De Één")

    assert find(WERKZAAMHEDEN, "titel = 'café de één'") == []
    assert find(WERKZAAMHEDEN, "CASEI(titel) = CASEI('CAFÉ de één')") == [cafe.id]
    assert find(WERKZAAMHEDEN, "ACCENTI(titel) = ACCENTI('Cafe De Een')") == [cafe.id]
    assert find(WERKZAAMHEDEN, "ACCENTI(CASEI(titel)) LIKE 'cafe%een'") == [cafe.id]


@pytest.mark.parametrize("crs", [CRS84, ETRS89, MERCATOR, RD_NEW], ids=lambda crs: crs.uri[-5:])
def test_a_place_is_the_same_in_every_system(crs: Crs, session: Session, find: Find) -> None:
    binnen = make_werkzaamheid(session, geom=LineString([(X + 10, Y + 10), (X + 90, Y + 90)]))
    make_werkzaamheid(session, geom=LineString([(X + 110, Y + 10), (X + 190, Y + 90)]))
    vlak = shapely.box(X, Y, X + 100, Y + 100)

    vraag = call("s_within", Property("geometry"), Shape(_in(vlak, crs)))
    assert find(WERKZAAMHEDEN, vraag, crs) == [binnen.id]


@pytest.mark.parametrize("crs", [CRS84, ETRS89, MERCATOR, RD_NEW], ids=lambda crs: crs.uri[-5:])
def test_a_point_as_the_api_gives_it_is_found_again(crs: Crs, session: Session, find: Find) -> None:
    ding = make_activiteit(session, geom=Point(X + 12.345, Y + 67.891))
    cijfers = 7 if crs.in_graden else 3
    x, y = (round(getal, cijfers) for getal in _in(ding.geom, crs).coords[0])

    make_activiteit(session, geom=Point(X + 12.345, Y + 67.911))  # two centimetres further

    for functie in ("S_INTERSECTS", "S_EQUALS", "S_WITHIN", "S_CONTAINS"):
        assert find(ACTIVITEITEN, f"{functie}(geometry, POINT({x!r} {y!r}))", crs) == [ding.id]
    assert ding.id not in find(ACTIVITEITEN, f"S_DISJOINT(geometry, POINT({x!r} {y!r}))", crs)


def _in(geom: shapely.Geometry, crs: Crs) -> shapely.Geometry:
    moved = geom if crs.srid == RD else transform(geom, RD, crs.srid)
    return shapely.transform(moved, lambda xy: xy[:, ::-1]) if crs.lat_lon else moved


def test_the_whole_world_holds_all_and_the_rest_of_it_nothing(session: Session, find: Find) -> None:
    ding = make_werkzaamheid(session)

    for overal in (
        "BBOX(-180,-90,180,90)",
        "BBOX(3,-90,-170,90)",  # over the date line
        "POLYGON((-170 -80,170 -80,170 80,-170 80,-170 -80))",
        "GEOMETRYCOLLECTION(POINT(100 10),POLYGON((-10 40,30 40,30 60,-10 60,-10 40)))",
    ):
        assert find(WERKZAAMHEDEN, f"S_INTERSECTS(geometry, {overal})") == [ding.id]
    assert find(WERKZAAMHEDEN, "S_WITHIN(geometry, BBOX(-180,-90,180,90))") == [ding.id]
    for elders in ("BBOX(100,10,120,20)", "POINT(0 0)", "LINESTRING(-179 0,-179 80)"):
        assert find(WERKZAAMHEDEN, f"S_INTERSECTS(geometry, {elders})") == []
        assert find(WERKZAAMHEDEN, f"S_CONTAINS(geometry, {elders})") == []
        assert find(WERKZAAMHEDEN, f"S_DISJOINT(geometry, {elders})") == [ding.id]


def test_a_long_edge_follows_its_own_system(session: Session, find: Find) -> None:
    parallel = 52.0  # between 4 and 6.5 degrees a straight line in RD runs 600 m off it
    midden = to_rd(Shape(Point(5.25, parallel - 0.001)), CRS84)
    ding = make_werkzaamheid(session, geom=LineString([midden, (midden.x + 1, midden.y)]))

    assert find(WERKZAAMHEDEN, f"S_WITHIN(geometry, BBOX(4,51,6.5,{parallel}))") == [ding.id]
    assert to_wgs84(midden).y == pytest.approx(parallel - 0.001, abs=1e-6)


def test_a_shape_stays_within_ten_thousand_points() -> None:
    for crs in (CRS84, MERCATOR, RD_NEW):
        west, south, east, north = crs.venster
        zigzag = [(west if n % 2 else east, south + (north - south) * n / 150) for n in range(150)]
        geom = to_rd(Shape(LineString(zigzag)), crs)

        assert shapely.get_num_coordinates(geom) <= 10_000
        assert shapely.get_num_coordinates(to_rd(Box(crs.grenzen), crs)) <= 10_000


def test_a_parameter_asks_for_just_this_value(session: Session, connection: Connection) -> None:
    dagen = {"eerste_dag": date(2027, 5, 1), "laatste_dag": date(2027, 5, 2)}
    ding = make_werkzaamheid(session, titel="Riool", **dagen)
    make_werkzaamheid(session, titel="Riolering", **dagen)
    lees = parsers(WERKZAAMHEDEN)
    gevraagd = {"titel": "Riool", "eersteDag": "2027-05-01", "status": "bevestigd"}

    condition = equals(WERKZAAMHEDEN, gevraagd)
    statement = to_text(select(WERKZAAMHEDEN.id).select_from(WERKZAAMHEDEN.bron).where(condition))
    params = {f"eq_{naam}": lees[naam](tekst) for naam, tekst in gevraagd.items()}
    rows = Lezer(lambda: driver_of(connection)).rows(statement, params)

    assert "geometry" not in lees
    assert rows == [(ding.id,)]


@pytest.mark.parametrize(
    ("laag", "naam", "tekst", "melding"),
    [
        (WERKZAAMHEDEN, "status", "weg", "Geef bij 'status' een van: .*bevestigd"),
        (WERKZAAMHEDEN, "eersteDag", "31-05-2027", "Bij 'eersteDag'.*geen dag"),
        (WERKZAAMHEDEN, "gewijzigdOp", "2027-05-31", "Bij 'gewijzigdOp'.*geen moment"),
        (WERKZAAMHEDEN, "titel", "\0", "Bij 'titel'"),
        (WERKZAAMHEDEN, "id", "1 OR 1=1", "Geef bij 'id' een heel getal"),
        (WERKZAAMHEDEN, "id", "9" * 30, "Geef bij 'id' een heel getal"),
        (WERKZAAMHEDEN, "id", "9" * 18, "Bij 'id'.*te groot"),
        (ACTIVITEITEN, "heleDag", "ja", "Geef bij 'heleDag' true of false"),
    ],
)
def test_a_parameter_that_is_no_such_value_is_refused(
    laag: OpenLaag, naam: str, tekst: str, melding: str
) -> None:
    with pytest.raises(ValueError, match=melding):
        parsers(laag)[naam](tekst)


def test_the_longest_and_deepest_filter_still_answers(session: Session, find: Find) -> None:
    ding = make_werkzaamheid(session)
    lang = "id>0" + " OR id=9" * ((BYTES_MAX - 4) // 8)
    diep = "NOT(TRUE AND id=0 OR " * 19 + "id=0" + ")" * 19

    begin = time.perf_counter()
    assert find(WERKZAAMHEDEN, lang) == [ding.id]
    assert find(WERKZAAMHEDEN, diep) == [ding.id]
    assert time.perf_counter() - begin < 2
