"""What is kept, repaired and refused of boundaries, and why."""

from typing import Any

import pytest
import shapely
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
)
from shapely.geometry.base import BaseGeometry

from kernenkaart.kernen.grenzen import (
    Kandidaat,
    Uitkomst,
    given_heart,
    kept,
    merge_parts,
    middle,
    note_overlaps,
    refuse_double_names,
    refuse_far_away,
    repair,
)
from tests.kernen.bestanden import X, Y, vierkant

BOWTIE = Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
KM2 = 1_000_000


def kandidaat(naam: str = "Est", vorm: BaseGeometry | None = None, **values: Any) -> Kandidaat:
    """A repaired candidate of GM0001; its code is its name unless said otherwise."""
    defaults = {"code": naam, "gemeente": "GM0001", "gemeente_naam": "", "soort": None}
    one = Kandidaat("test", naam, vorm=vierkant() if vorm is None else vorm, **(defaults | values))
    repair(one)
    return one


def test_a_good_polygon_is_kept_as_it_is() -> None:
    one = kandidaat(vorm=vierkant().geoms[0])

    assert one.uitkomst is Uitkomst.BEHOUDEN
    assert one.grens == vierkant()
    assert (one.voor_m2, one.na_m2) == (KM2, KM2)


@pytest.mark.parametrize(
    ("vorm", "waarom", "na_m2"),
    [
        (BOWTIE, "hij kruist zichzelf", 5_000),
        (MultiPolygon([box(X, Y, X + 10, Y + 10)] * 2), "", 100),
        (
            Polygon(box(X, Y, X + 10, Y + 10).exterior, [box(X + 20, Y, X + 30, Y + 10).exterior]),
            "een gat ligt buiten het vlak",
            None,
        ),
        (
            Polygon(box(X, Y, X + 10, Y + 10).exterior, [[(X + 5, Y + 5)] * 4]),
            "een rand heeft te weinig punten",
            100,
        ),
        (
            GeometryCollection([box(X, Y, X + 10, Y + 10), Point(X, Y)]),
            "punten en lijnen zijn weggelaten",
            100,
        ),
    ],
)
def test_a_broken_ring_is_repaired_and_the_report_says_how(
    vorm: BaseGeometry, waarom: str, na_m2: float | None
) -> None:
    one = kandidaat(vorm=vorm)

    assert one.uitkomst is Uitkomst.HERSTELD
    assert waarom in "; ".join(one.hersteld)
    assert isinstance(one.grens, MultiPolygon)
    assert one.grens.is_valid
    if na_m2 is not None:
        assert one.na_m2 == pytest.approx(na_m2)


@pytest.mark.parametrize(
    ("vorm", "reden"),
    [
        (Point(X, Y), "is geen vlak, maar een punt of lijn"),
        (LineString([(X, Y), (X + 1, Y)]), "is geen vlak, maar een punt of lijn"),
        (MultiPoint([(X, Y), (X + 1, Y)]), "is geen vlak, maar een punt of lijn"),
        (Polygon([(X, Y), (X + 9, Y), (X + 18, Y)]), "heeft geen oppervlakte"),
        (box(X, Y, X + 0.5, Y + 0.5), "heeft geen oppervlakte"),
    ],
)
def test_what_is_no_area_is_refused(vorm: BaseGeometry, reden: str) -> None:
    one = kandidaat(vorm=vorm)

    assert one.uitkomst is Uitkomst.GEWEIGERD
    assert one.reden == reden
    assert one.grens is None


def test_what_could_not_be_read_keeps_its_reason() -> None:
    one = Kandidaat("x", "Est", "e", "GM0001", "", None, None, reden="heeft geen vorm")

    repair(one)

    assert one.reden == "heeft geen vorm"


def test_rows_with_the_same_code_and_name_are_parts_of_one_kern() -> None:
    rows = [kandidaat("Est", vierkant(0)), kandidaat("Est", vierkant(5)), kandidaat("Tuil")]

    merged = merge_parts(rows)

    assert [one.naam for one in merged] == ["Est", "Tuil"]
    assert merged[0].hersteld == ["2 vlakken met dezelfde code zijn samengevoegd"]
    assert merged[0].na_m2 == 2 * KM2


def test_rows_with_the_same_code_that_overlap_are_refused() -> None:
    merged = merge_parts([kandidaat("Est", vierkant(0)), kandidaat("Est", vierkant(0))])

    assert {one.reden for one in merged} == {
        "de code Est komt 2 keer voor, en de vlakken overlappen"
    }


def test_rows_with_the_same_code_and_other_names_are_refused() -> None:
    merged = merge_parts([kandidaat("Est", code="1"), kandidaat("Tuil", code="1")])

    assert {one.reden for one in merged} == {"de code 1 komt voor bij verschillende namen"}


def test_a_name_that_occurs_twice_in_one_gemeente_is_refused_both_times() -> None:
    rows = [
        kandidaat("Spijk", code="1"),
        kandidaat("SPIJK", code="2"),
        kandidaat("Spijk", code="3", gemeente="GM0002"),
    ]

    refuse_double_names(rows)

    assert [one.reden for one in rows] == [
        "de naam komt in GM0001 2 keer voor (ook bij code 2)",
        "de naam komt in GM0001 2 keer voor (ook bij code 1)",
        None,
    ]


@pytest.mark.parametrize(("afstand_m", "goed"), [(0, True), (5_000, True), (5_001, False)])
def test_a_kern_may_lie_the_margin_outside_its_gemeente_and_no_metre_more(
    afstand_m: float, goed: bool
) -> None:
    gemeente = box(X, Y, X + 10_000, Y + 10_000)
    one = kandidaat(vorm=box(X + 9_000, Y, X + 10_000 + afstand_m, Y + 1_000))

    refuse_far_away([one], {"GM0001": gemeente}, {}, 5_000)

    assert (one.reden is None) is goed
    if not goed:
        assert one.reden == "ligt tot 5,0 km buiten GM0001; de marge is 5,0 km"


def test_what_sticks_out_within_the_margin_is_noted_with_its_area() -> None:
    gemeente = box(X, Y, X + 10_000, Y + 10_000)
    one = kandidaat(vorm=box(X + 9_000, Y, X + 12_000, Y + 1_000))

    refuse_far_away([one], {"GM0001": gemeente}, {}, 5_000)

    assert one.opmerkingen == ["2.000.000 m² ligt buiten de grens van GM0001"]


def test_without_a_known_boundary_most_kernen_together_decide() -> None:
    rows = [kandidaat(f"K{number}", vierkant(number)) for number in range(3)]
    stray = kandidaat("Ver", vierkant(80))

    refuse_far_away([*rows, stray], {}, {}, 5_000)

    assert kept([*rows, stray]) == rows
    assert stray.reden == "ligt tot 78,0 km buiten GM0001; de marge is 5,0 km"


def test_the_stored_kernen_decide_too() -> None:
    stored = [vierkant(number) for number in range(4)]
    rows = [kandidaat("Ver", vierkant(80)), kandidaat("Verder", vierkant(82))]

    refuse_far_away(rows, {}, {"GM0001": stored}, 5_000)

    assert kept(rows) == []


def test_what_lies_near_a_stored_kern_is_kept_even_apart_from_the_rest() -> None:
    stored = [vierkant(number) for number in (0, 1, 2, 3, 20)]
    again = kandidaat("Ver", vierkant(20))

    refuse_far_away([again], {}, {"GM0001": stored}, 5_000)

    assert again.reden is None


def test_without_a_majority_nothing_is_refused() -> None:
    rows = [kandidaat(f"K{number}", vierkant(number)) for number in (0, 1, 2, 20, 40, 60)]

    refuse_far_away(rows, {}, {}, 5_000)

    assert kept(rows) == rows


def test_two_kernen_far_apart_are_both_kept_when_nothing_else_is_known() -> None:
    rows = [kandidaat("A", vierkant(0)), kandidaat("B", vierkant(30))]

    refuse_far_away(rows, {}, {}, 5_000)

    assert kept(rows) == rows


def test_a_national_file_may_lack_kernen_in_between() -> None:
    rows = [kandidaat(f"K{number}", vierkant(number)) for number in (0, 1, 2, 3, 15)]

    refuse_far_away(rows, {}, {}, 5_000, met_gaten=True)

    assert kept(rows) == rows


@pytest.mark.parametrize(("over_m", "gemeld"), [(0.0, 0), (0.1, 0), (0.101, 1)])
def test_an_overlap_up_to_100_m2_is_tolerated_and_more_is_reported(
    over_m: float, gemeld: int
) -> None:
    west, east = kandidaat("West", vierkant(0, over=over_m)), kandidaat("Oost", vierkant(1))

    overlap = note_overlaps([west, east], [])

    assert len(overlap) == gemeld
    assert len(west.overlapt) == len(east.overlapt) == gemeld
    assert west.uitkomst is Uitkomst.BEHOUDEN
    assert west.grens == vierkant(0, over=over_m)


def test_an_overlap_with_a_stored_kern_is_reported_once() -> None:
    one = kandidaat("Nieuw")

    overlap = note_overlaps([one], [("Oud", vierkant()), ("Ver", vierkant(9))])

    assert [(found.naam, found.ander, found.m2) for found in overlap] == [("Nieuw", "Oud", KM2)]
    assert one.overlapt == ["overlapt 1.000.000 m² met Oud"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Point(X + 1, Y + 1), Point(X + 1, Y + 1)),
        (Point(X - 999, Y + 500), Point(X + 100, Y + 500)),
        (Point(X - 1_001, Y + 500), None),
        (None, None),
    ],
)
def test_a_given_heart_is_kept_moved_inside_or_dropped(
    given: Point | None, expected: Point | None
) -> None:
    assert given_heart(vierkant(), given) == expected


def test_a_kern_too_narrow_for_a_heart_well_inside_gets_its_middle() -> None:
    assert given_heart(MultiPolygon([box(X, Y, X + 150, Y + 900)]), Point(X - 5, Y)) is None


def test_the_middle_lies_inside_any_shape() -> None:
    hole = box(X + 2, Y + 2, X + 98, Y + 98).exterior
    ring = Polygon(box(X, Y, X + 100, Y + 100).exterior, [hole])
    sliver = Polygon([(X, Y), (X + 1000, Y + 1.5), (X + 1000, Y + 2)])
    crossed = shapely.get_parts(shapely.make_valid(BOWTIE))

    assert middle(vierkant()).distance(Point(X + 500, Y + 500)) < 15
    for parts in ([ring], [sliver], crossed, [box(X + 0.2, Y + 0.2, X + 1.7, Y + 1.7)]):
        grens = MultiPolygon(list(parts))
        assert shapely.intersects(grens, middle(grens))
