"""What CQL2 JSON says, and what it cannot say: examples in the schema of OGC 21-065r2."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely

from kernenkaart.errors import Invalid
from kernenkaart.ogc.cql2.json_form import parse_json
from kernenkaart.ogc.cql2.nodes import Box, Interval, Items, Literal, Node, Property, Shape, call

PUNT = {"type": "Point", "coordinates": [5.29, 51.87]}
GEOMETRY = {"property": "geometry"}


def is_(waarde: Any) -> dict[str, Any]:
    return {"op": "=", "args": [{"property": "titel"}, waarde]}


@pytest.mark.parametrize(
    ("document", "node"),
    [
        (is_("riool"), call("=", Property("titel"), Literal("riool"))),
        (True, Literal(True)),
        ({"op": "not", "args": [False]}, call("not", Literal(False))),
        (
            {"op": "and", "args": [True, False, is_(1.5)]},
            call("and", Literal(True), Literal(False), call("=", Property("titel"), Literal(1.5))),
        ),
        ({"op": "isNull", "args": [GEOMETRY]}, call("isnull", Property("geometry"))),
        (
            {"op": "in", "args": [{"property": "id"}, [1, 2]]},
            call("in", Property("id"), Items((Literal(1), Literal(2)))),
        ),
        (
            {"op": "between", "args": [{"property": "id"}, 1, 2]},
            call("between", Property("id"), Literal(1), Literal(2)),
        ),
        (
            {"op": "like", "args": [{"op": "casei", "args": [{"property": "titel"}]}, "r%"]},
            call("like", call("casei", Property("titel")), Literal("r%")),
        ),
        (
            {"op": "s_intersects", "args": [GEOMETRY, PUNT]},
            call("s_intersects", Property("geometry"), Shape(shapely.Point(5.29, 51.87))),
        ),
        (
            {"op": "s_within", "args": [GEOMETRY, {"bbox": [5, 51, 6, 52]}]},
            call("s_within", Property("geometry"), Box((5, 51, 6, 52))),
        ),
        (
            {"op": "=", "args": [{"property": "eersteDag"}, {"date": "2027-05-31"}]},
            call("=", Property("eersteDag"), Literal(date(2027, 5, 31))),
        ),
        (
            {
                "op": "t_finishedBy",
                "args": [
                    {"interval": [{"property": "begintOp"}, ".."]},
                    {"timestamp": "2027-05-31T20:00:00Z"},
                ],
            },
            call(
                "t_finishedby",
                Interval(Property("begintOp"), None),
                Literal(datetime(2027, 5, 31, 20, tzinfo=UTC)),
            ),
        ),
    ],
)
def test_a_document_says_what_the_schema_says(document: Any, node: Node) -> None:
    assert parse_json(json.dumps(document)) == node
    assert parse_json(json.dumps(document).encode()) == node


@pytest.mark.parametrize(
    ("text", "melding"),
    [
        ("", "geen geldige JSON"),
        ("{", "geen geldige JSON"),
        ('{"op":"=","args":[{"property":"id"},NaN]}', "geen geldige JSON"),
        ('{"op":"=","args":[{"property":"id"},-Infinity]}', "geen geldige JSON"),
        ('{"op":"=","args":[{"property":"id"},1e999]}', "te groot.*/args/1"),
        ('{"op":"=","args":[{"property":"id"},' + "9" * 4000 + "]}", "te groot.*/args/1"),
        ('{"op":"=","args":[{"property":"titel"},"\\u0000"]}', "teken dat niet kan.*/args/1"),
        ('{"op":"=","args":[{"property":"titel"},"\\ud800"]}', "teken dat niet kan.*/args/1"),
        ('{"op":"=","args":[{"property":"titel"},null]}', "een waarde.*/args/1"),
        ('{"op":"=","args":[{"property":1},2]}', "Dit object.*/args/0"),
        ('{"op":"=","args":[{"property":"id"}]}', "2 waarden"),
        ('{"op":"=","args":{"0":1}}', "een lijst"),
        ('{"op":["="],"args":[1,2]}', "een naam"),
        ('{"op":"in","args":[{"property":"id"},[]]}', "IN hoort een lijst.*/args/1"),
        ('{"op":"in","args":[{"property":"id"},1]}', "IN hoort een lijst.*/args/1"),
        ('{"op":"+","args":[1,2]}', "bestaat hier niet"),
        ('{"op":"pg_sleep","args":[5]}', "'pg_sleep' bestaat hier niet"),
        ('{"op":"s_within","args":[{"bbox":["1",2,3,4]},true]}', "getal.*/args/0/bbox"),
        ('{"op":"s_within","args":[{"bbox":[1,2,3]},true]}', "vier getallen.*/args/0"),
        ('{"type":"Point","coordinates":[1,1e999]}', "geen getal is"),
        ('{"type":"Point","coordinates":["1","2"]}', "geen getal is"),
        ('{"type":"Circle","coordinates":[1,2]}', "onbekend type"),
        ('{"interval":["2027-02-30",".."]}', "geen dag"),
        ('{"interval":[1,".."]}', "Een INTERVAL is van"),
        ('{"date":"2027-02-30"}', "geen dag"),
        ('{"geheim":1}', "Dit object"),
    ],
)
def test_what_it_cannot_say_is_refused_with_the_place(text: str, melding: str) -> None:
    with pytest.raises(Invalid, match=melding):
        parse_json(text)


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(Invalid, match="geen UTF-8"):
        parse_json(b'"\xff"')


def test_twenty_steps_deep_is_not_too_deep() -> None:
    document: Any = {"op": "s_within", "args": [GEOMETRY, PUNT]}
    for _ in range(19):
        document = {"op": "not", "args": [document]}

    assert parse_json(json.dumps(document))
    for diep in (21, 30, 150):
        with pytest.raises(Invalid, match="te diep genest"):
            parse_json('{"op":"not","args":[' * diep + "true" + "]}" * diep)
