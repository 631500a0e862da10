"""Pasted geometry: read in either system, or refused with a sentence; never anything else."""

import json

import pytest
import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box

from kernenkaart.errors import Invalid
from kernenkaart.geo.invoer import PUNTEN_MAX, TEKENS_MAX, combine, parse_vorm

# a point of the Kadaster, in RD and in degrees (RDNAPTRANS2018 validation service)
AMERSFOORT_RD = Point(155_000, 463_000)
AMERSFOORT = "5.38720621 52.15517440"
VAK = box(140_000, 430_000, 140_100, 430_100)
RD_CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}


def geojson(type_: str, coordinates: object, **meer: object) -> str:
    return json.dumps({"type": type_, "coordinates": coordinates} | meer)


@pytest.mark.parametrize(
    "text",
    [
        "POINT(155000 463000)",
        "point z (155000 463000 3)",
        "SRID=28992;POINT(155000 463000)",
        f"POINT({AMERSFOORT})",
        f"SRID=4326;POINT({AMERSFOORT})",
        geojson("Point", [155_000, 463_000]),
        geojson("Point", [155_000, 463_000, 7.0]),
        geojson("Point", [155_000, 463_000], crs=RD_CRS),
        geojson("Point", [5.38720621, 52.15517440]),
        '{"type": "Feature", "properties": null, "geometry": '
        '{"type": "Point", "coordinates": [155000, 463000]}}',
        "GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(155000 463000)))",
    ],
)
def test_the_same_place_is_read_in_every_notation(text: str) -> None:
    assert parse_vorm(text).distance(AMERSFOORT_RD) < 0.5


@pytest.mark.parametrize(
    ("text", "soort"),
    [
        ("LINESTRING(140000 430000,140100 430000)", "LineString"),
        ("LINEARRING(140000 430000,140100 430000,140100 430100,140000 430000)", "LineString"),
        ("MULTIPOINT(140000 430000,140001 430000)", "MultiPoint"),
        ("MULTILINESTRING((140000 430000,140001 430000),(140005 430000,140006 430000))",
         "MultiLineString"),
        (VAK.wkt, "Polygon"),
        ("GEOMETRYCOLLECTION(POINT(140000 430000),POINT(140009 430000))", "MultiPoint"),
    ],
)  # fmt: skip
def test_each_kind_becomes_what_the_database_knows(text: str, soort: str) -> None:
    assert parse_vorm(text).geom_type == soort


@pytest.mark.parametrize(
    ("text", "zin"),
    [
        ("", "Teken op de kaart waar het werk is."),
        ("hier", "Dit is geen GeoJSON en geen WKT."),
        ("POINT(1", "Dit is geen GeoJSON en geen WKT."),
        ("POINT(140000,5 430000,5)", "Dit is geen GeoJSON en geen WKT."),
        ("POINT EMPTY", "Vorm 1 is leeg."),
        ("POINT(430000 140000)", "Zet eerst x en dan y."),
        ("POINT(51.87 5.29)", "Zet eerst de lengte (5,…) en dan de breedte (51,…)."),
        ("SRID=4326;POINT(51.87 5.29)", "de lengte komt eerst"),
        ("SRID=4326;POINT(140000 430000)", "dit zijn RD-meters, maar het bestand noemt graden"),
        ("POINT(nan nan)", "Deze getallen zijn geen RD-meters"),
        ("SRID=28992;POINT(nan nan)", "buiten het bereik van RD"),
        ("POINT(inf 430000)", "Deze getallen zijn geen RD-meters"),
        ("POINT(1e308 1e308)", "Deze getallen zijn geen RD-meters"),
        ("SRID=5709;POINT(140000 430000)", "buiten het bereik van RD"),
        ("SRID=99999;POINT(140000 430000)", "is onbekend"),
        ("CIRCULARSTRING(140000 430000,140100 430000,140100 430100)", "Bogen kunnen niet."),
        ("LINESTRING(140000 430000,140000 430000)", "twee verschillende punten"),
        ("POLYGON((140000 430000,140100 430100,140100 430000,140000 430100,140000 430000))",
         "Het vlak kruist zichzelf (bij x 140050, y 430050)."),
        ("GEOMETRYCOLLECTION(POINT(140000 430000),LINESTRING(140000 430000,140001 430000))",
         "Gebruik alleen punten, alleen lijnen of alleen vlakken"),
        (geojson("Point", [float("nan"), 430_000]), "geen getal is"),
        (geojson("Kubus", [140_000, 430_000]), "Dit is JSON, maar geen GeoJSON."),
        (geojson("Point", [140_000]), "geen paar getallen"),
        ('{"type": "FeatureCollection", "features": []}', "Er is geen vorm gevonden."),
        ("[" * 1_000, "Dit is geen GeoJSON en geen WKT."),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_is_refused_with_the_reason(text: str, zin: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_vorm(text)

    assert zin in caught.value.melding
    assert caught.value.veld == "vorm"


@pytest.mark.parametrize(
    "text",
    [
        "GEOMETRYCOLLECTION(" * 50_000,
        "GEOMETRYCOLLECTION(" * 20_000 + "POINT(140000 430000)" + ")" * 20_000,
        '{"type":"GeometryCollection","geometries":[' * 20_000,
        '{"type":"Point","coordinates":' + "[" * 900_000,
        "POINT(140000 430000)" + " " * TEKENS_MAX,
    ],
)
def test_nesting_and_length_have_an_end(text: str) -> None:
    with pytest.raises(Invalid):
        parse_vorm(text)


def test_a_shape_has_ten_thousand_points_and_no_more() -> None:
    line = [(140_000 + number / 10, 430_000) for number in range(PUNTEN_MAX + 1)]

    assert shapely.get_num_coordinates(parse_vorm(LineString(line[:-1]).wkt)) == PUNTEN_MAX
    with pytest.raises(Invalid, match="meer dan 10000"):
        parse_vorm(LineString(line).wkt)


def comb(teeth: int, *, upright: bool) -> Polygon:
    """A comb of 4 points a tooth; two of them crosswise cross teeth² times."""
    xs = [140_000 + 2 * number for number in range(teeth)]
    rand = [p for x in xs for p in ((x, 430_000), (x, 431_000), (x + 1, 431_000), (x + 1, 430_000))]
    punten = [(140_000, 429_999), *rand, (140_000 + 2 * teeth, 429_999)]
    swapped = [(y - 290_000, x + 290_000) for x, y in punten]
    return Polygon(punten if upright else swapped)


def test_neighbours_and_overlapping_areas_become_one() -> None:
    buur = box(140_100, 430_000, 140_200, 430_100)
    over = box(140_050, 430_000, 140_150, 430_100)

    assert combine([VAK, buur]).equals(box(140_000, 430_000, 140_200, 430_100))
    assert combine([VAK, over]).equals(box(140_000, 430_000, 140_150, 430_100))


def test_joining_areas_takes_no_more_work_than_a_request_may() -> None:
    with pytest.raises(Invalid, match="liggen over elkaar heen"):
        combine([comb(1_000, upright=True), comb(1_000, upright=False)])


def test_empty_parts_are_left_out() -> None:
    assert combine([MultiPoint([(140_000, 430_000)]), Point()]) == Point(140_000, 430_000)
