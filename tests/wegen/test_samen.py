"""What closes a place off together: planted villages, and small networks against every set."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from kernenkaart.wegen.bereikbaar import Bereikbaar, Sluiting
from kernenkaart.wegen.dicht import closed_area
from kernenkaart.wegen.straten import find_parts
from tests.wegen.orakel import TOT_WEG_M, Netwerk, as_straten, find_cut_off
from tests.wegen.test_bereikbaar import LAAN, RING, STAPPEN, WEI, Stap, X, Y, netwerk

BREED_M = 8.0
ACHTEROM = [(50, 390), (300, 390), (300, 50), (100, 50)]
DERDE = [(50, 380), (-200, 380), (-200, 50), (0, 50)]
OP_DE_LAAN = LineString([(50, 180), (50, 220)])
OP_ACHTEROM = LineString([(300, 180), (300, 220)])
OP_DERDE = LineString([(-200, 180), (-200, 220)])


def together(
    *werken: LineString, lijnen: Sequence[Sequence[tuple[float, float]]], plek: Point = WEI
) -> list[set[int]]:
    gebieden = [closed_area(werk, BREED_M) for werk in werken]
    los = netwerk(*lijnen)
    uit = next(weg.van for weg in los.wegen if weg.geom.coords[0] == (0, 0))
    net = Netwerk(los.wegen, frozenset({uit}))
    return [set(een) for een in find_sets(net, gebieden, plek, range(len(werken)))]


def find_sets(
    net: Netwerk,
    gebieden: Sequence[BaseGeometry],
    plek: Point,
    dichtbij: Sequence[int],
    samen_max: int = 8,
    **rest: Any,
) -> list[Sluiting]:
    straten = as_straten(net, gebieden, [plek])
    bereikbaar = Bereikbaar(straten, straten.kader, range(len(straten.dicht)))
    found = bereikbaar.find_sets(0, dichtbij, samen_max=samen_max, **rest)
    if found:  # the quick look never leaves out what the exact one finds
        assert straten.may_lose([0], range(len(gebieden))) == [0]
    for een in {een for sluiting in found for een in sluiting}:  # nor what it takes part in
        raakt = set(straten.touched_by([een]))
        assert not straten.is_bypassed([een]) or not raakt.isdisjoint(straten.afslagen[0])
    return found


def test_two_works_on_the_only_two_ways_take_the_last_one_together() -> None:
    werken = (OP_DE_LAAN, OP_ACHTEROM)

    assert together(*werken, lijnen=(RING, LAAN, ACHTEROM)) == [{0, 1}]
    assert together(*werken, lijnen=(RING, LAAN, ACHTEROM), plek=Point(50, 0)) == []
    assert together(*werken, lijnen=(RING, LAAN, ACHTEROM, DERDE)) == []


def test_of_three_ways_three_works_are_needed_and_one_more_is_not_blamed() -> None:
    ernaast = LineString([(20, 0), (80, 0)])
    werken = (OP_DE_LAAN, OP_ACHTEROM, OP_DERDE, ernaast)

    assert together(*werken, lijnen=(RING, LAAN, ACHTEROM, DERDE)) == [{0, 1, 2}]


def test_what_one_work_takes_alone_is_not_taken_together() -> None:
    assert together(OP_DE_LAAN, OP_ACHTEROM, lijnen=(RING, LAAN)) == [{0}]


def test_sets_are_tried_of_the_nearest_only_and_each_alone_of_all() -> None:
    gebieden = [closed_area(werk, BREED_M) for werk in (OP_DERDE, OP_ACHTEROM, OP_DE_LAAN)]

    def found(*lijnen: Sequence[tuple[float, float]]) -> list[set[int]]:
        sets = find_sets(netwerk(*lijnen), gebieden, WEI, [1, 0, 2], samen_max=2)
        return [set(sluiting) for sluiting in sets]

    assert found(RING, LAAN, ACHTEROM) == []
    assert found(RING, LAAN) == [{2}]


def test_two_works_on_the_same_way_are_both_named_with_the_other_way() -> None:
    hoger = LineString([(50, 280), (50, 320)])

    assert together(OP_DE_LAAN, OP_ACHTEROM, hoger, lijnen=(RING, LAAN, ACHTEROM)) == [
        {0, 1},
        {1, 2},
    ]


def test_only_what_is_closed_at_once_is_tried() -> None:
    gebieden = [closed_area(werk, BREED_M) for werk in (OP_DE_LAAN, OP_ACHTEROM)]

    found = find_sets(
        netwerk(RING, LAAN, ACHTEROM), gebieden, WEI, range(2), samen=lambda een: len(een) < 2
    )

    assert found == []


@settings(max_examples=40, deadline=None)
@given(
    straten=st.sets(st.sampled_from(STAPPEN), min_size=12),
    werken=st.lists(
        st.lists(st.sampled_from(STAPPEN), min_size=1, max_size=5, unique=True),
        min_size=2,
        max_size=4,
    ),
    poort=st.integers(0, 40),
    plaats=st.integers(0, 40),
)
def test_it_finds_the_sets_that_trying_every_set_finds(
    straten: set[Stap], werken: list[list[Stap]], poort: int, plaats: int
) -> None:
    def line(stap: Stap) -> LineString:
        return LineString([(X + 100 * i, Y + 100 * j) for i, j in stap])

    gesorteerd = sorted(straten)
    los = netwerk(*(line(stap).coords for stap in gesorteerd))
    net = Netwerk(los.wegen, frozenset({los.wegen[poort % len(los.wegen)].van}))
    plek = line(gesorteerd[plaats % len(gesorteerd)]).interpolate(0.3, normalized=True)
    gebieden = [unary_union([closed_area(line(stap), BREED_M) for stap in werk]) for werk in werken]

    found = find_sets(net, gebieden, plek, range(len(werken)))

    def taken(sluiting: Sequence[int]) -> bool:
        dicht = unary_union([gebieden[een] for een in sluiting])
        return find_cut_off(net, dicht, [plek], tot_weg_m=TOT_WEG_M) == [True]

    alle = [set(s) for n in range(1, len(werken) + 1) for s in combinations(range(len(werken)), n)]
    sluit = [sluiting for sluiting in alle if taken(sorted(sluiting))]
    kleinst = [een for een in sluit if not any(ander < een for ander in sluit)]
    assert [set(een) for een in found] == kleinst


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30))
def test_nodes_are_of_one_part_when_a_walk_joins_them(stukken: list[tuple[int, int]]) -> None:
    van, naar = (np.array([stuk[n] for stuk in stukken], dtype=np.int64) for n in (0, 1))

    deel = find_parts(20, van, naar)

    bereikt = {een: {een} for een in range(20)}
    for _ in range(20):
        for een, ander in stukken:
            bereikt[een] |= bereikt[ander]
            bereikt[ander] |= bereikt[een]
    assert [[bool(deel[a] == deel[b]) for b in range(20)] for a in range(20)] == [
        [b in bereikt[a] for b in range(20)] for a in range(20)
    ]
