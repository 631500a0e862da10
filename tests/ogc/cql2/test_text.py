"""What CQL2 Text says, and what it cannot say: examples in the grammar of OGC 21-065r2."""

from datetime import UTC, date, datetime

import pytest
import shapely

from kernenkaart.errors import Invalid
from kernenkaart.ogc.cql2.nodes import Box, Interval, Items, Literal, Node, Property, Shape, call
from kernenkaart.ogc.cql2.text import parse_text

TITEL, DAG = Property("titel"), Property("eersteDag")
IS_RIOOL = call("=", TITEL, Literal("riool"))
LEEG = call("isnull", Property("plek"))

VOORBEELDEN: list[tuple[str, Node]] = [
    ("titel = 'riool'", IS_RIOOL),
    ("\"titel\"='riool'", IS_RIOOL),
    ("titel='dorp''s feest'", call("=", TITEL, Literal("dorp's feest"))),
    (r"titel='dorp\'s feest'", call("=", TITEL, Literal("dorp's feest"))),
    (r"titel='a\b'", call("=", TITEL, Literal("a\\b"))),
    ("titel=''", call("=", TITEL, Literal(""))),
    ("'riool' <> titel", call("<>", Literal("riool"), TITEL)),
    ("id >= -1.5e2", call(">=", Property("id"), Literal(-150.0))),
    ("id < .5", call("<", Property("id"), Literal(0.5))),
    ("heleDag = TRUE", call("=", Property("heleDag"), Literal(True))),
    ("false", Literal(False)),
    ("eersteDag > DATE('2027-05-31')", call(">", DAG, Literal(date(2027, 5, 31)))),
    (
        "begintOp <= timestamp('2027-05-31T20:00:00.25Z')",
        call(
            "<=",
            Property("begintOp"),
            Literal(datetime(2027, 5, 31, 20, 0, 0, 250_000, tzinfo=UTC)),
        ),
    ),
    ("plek IS NULL", LEEG),
    ("plek is not null", call("not", LEEG)),
    ("NOT plek IS NULL", call("not", LEEG)),
    ("(titel = 'riool') IS NULL", call("isnull", IS_RIOOL)),
    ("titel LIKE 'r_o%'", call("like", TITEL, Literal("r_o%"))),
    ("titel NOT LIKE 'r%'", call("not", call("like", TITEL, Literal("r%")))),
    (
        "CASEI(titel) LIKE casei('R%')",
        call("like", call("casei", TITEL), call("casei", Literal("R%"))),
    ),
    (
        "ACCENTI(CASEI(titel)) = ACCENTI('cafe')",
        call("=", call("accenti", call("casei", TITEL)), call("accenti", Literal("cafe"))),
    ),
    ("id BETWEEN 1 AND 2", call("between", Property("id"), Literal(1), Literal(2))),
    ("id NOT IN (1,2)", call("not", call("in", Property("id"), Items((Literal(1), Literal(2)))))),
    (
        "titel = 'riool' AND plek IS NULL OR NOT (titel = 'riool' OR plek IS NULL)",
        call("or", call("and", IS_RIOOL, LEEG), call("not", call("or", IS_RIOOL, LEEG))),
    ),
    (
        "S_INTERSECTS(geometry, POINT(5.29 51.87))",
        call("s_intersects", Property("geometry"), Shape(shapely.Point(5.29, 51.87))),
    ),
    (
        "s_within(geometry,BBOX(5, 51.5, -10, 6, 52.5, 99))",
        call("s_within", Property("geometry"), Box((5, 51.5, 6, 52.5))),
    ),
    (
        "T_AFTER(eersteDag, INTERVAL('..', DATE('2027-01-01')))",
        call("t_after", DAG, Interval(None, Literal(date(2027, 1, 1)))),
    ),
    (
        "T_DURING(INTERVAL(eersteDag, '..'), INTERVAL('2027-01-01', '2027-12-31'))",
        call(
            "t_during",
            Interval(DAG, None),
            Interval(Literal(date(2027, 1, 1)), Literal(date(2027, 12, 31))),
        ),
    ),
]


@pytest.mark.parametrize(("text", "node"), VOORBEELDEN)
def test_a_text_says_what_the_grammar_says(text: str, node: Node) -> None:
    assert parse_text(text) == node


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT Z (1 2 3)",
        "LINESTRING(1 2, 3 4)",
        "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))",
        "MULTIPOINT((1 2),(3 4))",
        "MULTIPOINT(1 2,3 4)",
        "MULTILINESTRING((1 2,3 4),(5 6,7 8))",
        "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((2 2,3 2,3 3,2 2)))",
        "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))",
    ],
)
def test_every_kind_of_shape_is_read_as_geos_reads_it(wkt: str) -> None:
    node = parse_text(f"S_EQUALS(geometry, {wkt})")

    assert node == call(
        "s_equals", Property("geometry"), Shape(shapely.force_2d(shapely.from_wkt(wkt)))
    )


@pytest.mark.parametrize(
    ("text", "melding", "teken"),
    [
        ("", "eigenschap of een waarde", 1),
        ("titel", "geen voorwaarde", 1),
        ("titel = ", "eigenschap of een waarde", 9),
        ("titel != 'a'", "Schrijf <>", 7),
        ("titel = 'a", "houdt niet op", 9),
        (r"titel = 'a\'", "houdt niet op", 9),
        ('"titel = 1', "houdt niet op", 1),
        ("titel = 'a' -- weg", "Rekenen", 13),
        ("titel = 'a'; DROP TABLE kern", "';'", 12),
        ("titel = 'a' /* x */", "Rekenen", 13),
        ("titel = $1", r"'\$'", 9),
        ("titel == 'a'", "eigenschap of een waarde", 8),
        ("titel = 'a' titel = 'b'", "AND, OR of het einde", 13),
        ("(titel = 'a'", r"'\)'", 13),
        ("titel = 'a')", "AND, OR of het einde", 12),
        ("NOT NOT TRUE", "eigenschap of een waarde", 5),
        ("id IN ()", "eigenschap of een waarde", 8),
        ("id NOT = 1", "LIKE, BETWEEN of IN", 8),
        ("id BETWEEN 1 OR 2", "'AND'", 14),
        ("id + 1 = 2", "Rekenen", 4),
        ("id = 1e999", "te groot", 6),
        ("id = 9999999999999999999", "te groot", 6),
        ("eersteDag = DATE('2027-02-30')", "geen dag", 18),
        ("eersteDag = DATE('2027-2-3')", "geen dag", 18),
        ("eersteDag = DATE(2027)", "aanhalingstekens", 18),
        ("begintOp = TIMESTAMP('2027-02-03')", "geen moment", 22),
        ("begintOp = TIMESTAMP('2027-02-03T25:00:00Z')", "geen moment", 22),
        ("begintOp = TIMESTAMP('0001-01-01T00:00:00+14:00')", "geen moment", 22),
        ("T_AFTER(INTERVAL('..', 3), eersteDag)", "INTERVAL is van dagen", 24),
        ("T_AFTER(INTERVAL('..'), eersteDag)", "begin en een einde", 9),
        ("S_WITHIN(geometry)", "2 waarden", 1),
        ("S_WITHIN(geometry, POINT(nan 1))", "getal", 26),
        (
            "S_WITHIN(geometry, POINT EMPTY)",
            "AND, OR of het einde|geen voorwaarde|hoort|eigenschap",
            26,
        ),
        ("S_WITHIN(geometry, BBOX(1,2,3))", "vier getallen", 20),
        ("S_WITHIN(geometry, POLYGON((0 0,1 1,1 0)))", "niet gesloten", 20),
        ("S_WITHIN(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "kruist zichzelf", 20),
        ("S_WITHIN(geometry, LINESTRING(0 0,0 0))", "kruist zichzelf of", 20),
        ("pg_sleep(5)", "'pg_sleep' bestaat hier niet", 1),
        ("A_CONTAINS(titel, ('a'))", "'A_CONTAINS' bestaat hier niet", 1),
    ],
)
def test_what_it_cannot_say_is_refused_with_the_place(text: str, melding: str, teken: int) -> None:
    with pytest.raises(Invalid, match=rf"{melding}(.|\n)*\(bij teken {teken}\)"):
        parse_text(text)


def test_brackets_go_twenty_deep() -> None:
    assert parse_text("(" * 20 + "true" + ")" * 20) == Literal(True)
    with pytest.raises(Invalid, match="te diep genest"):
        parse_text("(" * 21 + "true" + ")" * 21)


def test_brackets_within_a_text_do_not_count() -> None:
    assert parse_text(f"titel = '{'(' * 100}'") == call("=", TITEL, Literal("(" * 100))


def test_a_filter_holds_four_kilobytes_and_no_more() -> None:
    text = f"titel = '{'é' * 2043}'"

    assert len(text.encode()) == 4096
    assert parse_text(text) == call("=", TITEL, Literal("é" * 2043))
    with pytest.raises(Invalid, match="te lang"):
        parse_text(text + " ")
