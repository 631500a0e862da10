"""Who is cut off: planted cases, and random networks against a search that knows no short cuts."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from kernenkaart.wegen.bereikbaar import Bereikbaar
from kernenkaart.wegen.dicht import closed_area
from kernenkaart.wegen.knopen import Lijn, tie
from tests.wegen.orakel import Netwerk, Weg, as_straten

X, Y = 140_000.0, 430_000.0


def netwerk(*lijnen: Sequence[tuple[float, float]], rand: frozenset[int] = frozenset()) -> Netwerk:
    stukken = tie([Lijn("", LineString(lijn)) for lijn in lijnen], 1.0)
    return Netwerk([Weg(een.van_knoop, een.naar_knoop, een.geom) for een in stukken], rand)


def lose(net: Netwerk, dicht: BaseGeometry, plekken: Sequence[Point]) -> list[bool]:
    """For each place whether this one closure takes its last way out."""
    straten = as_straten(net, [dicht], plekken)
    bereikbaar = Bereikbaar(straten, straten.kader, range(len(straten.dicht)))
    return [bool(bereikbaar.find_sets(plek, [0], samen_max=1)) for plek in range(len(plekken))]


# a ring of 400 m with a lane of 300 m to the north, at the end of which is a meadow
RING = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
LAAN = [(50, 100), (50, 400)]
WEI = Point(60, 395)


def cut_off(
    dicht: BaseGeometry, *plekken: Point, lijnen: Sequence[Any] = (RING, LAAN)
) -> list[bool]:
    return lose(netwerk(*lijnen), closed_area(dicht, 8.0), plekken)


def test_what_lies_behind_the_only_way_in_is_cut_off_though_nothing_overlaps() -> None:
    werk = LineString([(50, 180), (50, 220)])

    assert cut_off(werk, WEI, Point(50, 0), Point(45, 120)) == [True, False, False]
    assert werk.distance(WEI) > 150


def test_a_second_way_in_keeps_a_place_open() -> None:
    achterom = [(50, 390), (300, 390), (300, 50), (100, 50)]

    assert cut_off(LineString([(50, 180), (50, 220)]), WEI, lijnen=(RING, LAAN, achterom)) == [
        False
    ]


def test_a_closure_from_crossing_to_crossing_leaves_both_crossings_open() -> None:
    zijstraat = [(100, 0), (200, 0), (200, 100)]

    dicht = LineString([(0, 0), (100, 0)])

    assert cut_off(dicht, Point(200, 90), WEI, lijnen=(RING, LAAN, zijstraat)) == [False, False]
    assert cut_off(dicht, Point(50, 0)) == [True]


def test_work_beside_the_road_closes_nothing() -> None:
    assert cut_off(box(70, 150, 90, 200), WEI) == [False]
    assert cut_off(LineString([(70, 150), (70, 200)]), WEI) == [False]


def test_a_place_far_from_any_road_or_without_a_way_out_before_loses_nothing() -> None:
    eiland = [(900, 900), (950, 900)]
    dicht = box(-10, -10, 1000, 1000)

    assert cut_off(dicht, Point(5000, 5000), Point(920, 900), lijnen=(RING, LAAN, eiland)) == [
        False,
        False,
    ]


def test_a_node_at_the_edge_leads_out_however_short_the_road() -> None:
    lijnen = (RING, LAAN)
    los = netwerk(*lijnen)
    top = next(weg.naar for weg in los.wegen if weg.geom.coords[-1] == (50, 400))
    rand = Netwerk(los.wegen, frozenset({top}))
    dicht = closed_area(LineString([(50, 180), (50, 220)]), 8.0)

    assert lose(rand, dicht, [WEI, Point(0, 50)]) == [False, True]


def test_lines_meet_where_an_end_touches_and_not_where_a_bridge_crosses() -> None:
    dwars = Lijn("brug", LineString([(-50, 50), (150, 50)]))
    weg = Lijn("weg", LineString([(50, -50), (50, 150)]))
    zij = Lijn("zij", LineString([(50.4, 100), (150, 100)]))

    stukken = tie([dwars, weg, zij], 1.0)

    assert sorted(een.naam for een in stukken) == ["brug", "weg", "weg", "zij"]
    knopen = {een.naam: {een.van_knoop, een.naar_knoop} for een in stukken if een.naam != "weg"}
    assert all(
        bool(knopen["zij"] & {een.van_knoop, een.naar_knoop})
        for een in stukken
        if een.naam == "weg"
    )
    assert not knopen["brug"] & knopen["zij"]


# --- the oracle: a grid of streets, each step of 100 m; closed are whole steps ---

Knoop = tuple[int, int]
Stap = tuple[Knoop, Knoop]
N = 5
KNOPEN = [(i, j) for i in range(N) for j in range(N)]
STAPPEN = [
    ((i, j), (i + di, j + dj))
    for i, j in KNOPEN
    for di, dj in ((1, 0), (0, 1))
    if i + di < N and j + dj < N
]


def _flood(begin: tuple[int, int], stappen: Sequence[Stap]) -> set[tuple[int, int]]:
    gezien, wacht = {begin}, [begin]
    while wacht:
        hier = wacht.pop()
        for een, ander in stappen:
            for van, naar in ((een, ander), (ander, een)):
                if van == hier and naar not in gezien:
                    gezien.add(naar)
                    wacht.append(naar)
    return gezien


@settings(max_examples=50, deadline=None)
@given(
    straten=st.sets(st.sampled_from(STAPPEN), min_size=6),
    dicht=st.lists(st.sampled_from(STAPPEN), min_size=1, max_size=8, unique=True),
    poort=st.sampled_from(KNOPEN),
    schuif=st.tuples(st.integers(0, 50_000), st.integers(0, 50_000)),
)
def test_it_finds_what_a_search_from_the_gate_does_not_reach(
    straten: set[Stap],
    dicht: list[Stap],
    poort: tuple[int, int],
    schuif: tuple[int, int],
) -> None:
    dx, dy = X + schuif[0], Y + schuif[1]

    def line(stap: Stap) -> LineString:
        (a, b), (c, d) = stap
        return LineString([(dx + 100 * a, dy + 100 * b), (dx + 100 * c, dy + 100 * d)])

    stukken = tie([Lijn("", line(stap)) for stap in sorted(straten)], 1.0)
    plaats = (dx + 100 * poort[0], dy + 100 * poort[1])
    rand = frozenset(
        knoop
        for een in stukken
        for knoop, waar in (
            (een.van_knoop, een.geom.coords[0]),
            (een.naar_knoop, een.geom.coords[-1]),
        )
        if Point(waar).distance(Point(plaats)) < 1
    )
    if not rand:
        return
    net = Netwerk([Weg(een.van_knoop, een.naar_knoop, een.geom) for een in stukken], rand)
    # in the middle of a step one can only be if it is open; at a quarter, both ends count
    plekken = [line(stap).interpolate(0.5, normalized=True) for stap in sorted(straten)]
    gebied = closed_area(line(dicht[0]), 8.0)
    for stap in dicht[1:]:
        gebied = gebied.union(closed_area(line(stap), 8.0))

    found = lose(net, gebied, plekken)

    voor, na = _flood(poort, list(straten)), _flood(poort, list(straten - set(dicht)))
    expected = [
        een in voor and (stap in dicht or een not in na)
        for stap in sorted(straten)
        for een in [stap[0]]
    ]
    assert found == expected
