"""Which kernen a startcheck touches, who has to know and when, and what is kept of it."""

from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.afstemming.regels import sections
from kernenkaart.afstemming.startcheck_queries import find_geraakt, find_uitkomst
from kernenkaart.afstemming.startcheck_regels import (
    GroepInKern,
    InformeerRegel,
    StartcheckRegels,
    deadline,
    startcheck_regels,
    who_to_inform,
)
from kernenkaart.platforms.models import Platform, PlatformSoort
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Hinder
from tests.afstemming.startchecks import grid, make_vraag, medewerker, moved
from tests.factories import (
    X,
    Y,
    make_platform,
)

PUNT = st.tuples(st.integers(-5, 35), st.integers(-5, 15))


def regel(weken: int, **values: object) -> InformeerRegel:
    leeg = {"hoe": "Bel.", "hinder": frozenset(), "soorten": frozenset(), "groepen": frozenset()}
    return InformeerRegel(weken=weken, **({"wie": ""} | leeg | values))


@pytest.mark.parametrize(
    ("vorm", "raakt"),
    [
        (Point(500, 500), [0]),
        (Point(1_000, 500), [0, 1]),  # just on the border of two
        (box(900, 400, 1_200, 600), [1, 0]),
        (LineString([(500, 500), (2_500, 500)]), [1, 0, 2]),
        (box(1_000, 1_000, 1_400, 1_200), [0, 1]),  # only its edge touches
        (Point(500, 2_000), []),
        (box(-100, -100, 3_100, 4_100), [0, 1, 2, 3]),
    ],
)
def test_the_kernen_are_those_that_are_touched_the_largest_share_first(
    session: Session, vorm: BaseGeometry, raakt: list[int]
) -> None:
    kernen = grid(session)
    vraag = make_vraag(session, moved(vorm))

    geraakt = find_geraakt(session, vraag)

    assert [kern.id for kern in geraakt] == [kernen[nummer].id for nummer in raakt]


def test_kernen_and_groups_equal_the_oracle_for_any_polygon(session: Session) -> None:
    kernen = grid(session)
    actor = medewerker(session)
    soorten = {s.code: s.id for s in session.scalars(select(PlatformSoort))}
    leden = [([0], "dorpsraad"), ([0, 1], "dorpstafel"), ([2], "vereniging"), ([3], "dorpsraad")]
    for nummers, soort in leden:
        make_platform(session, kernen=[kernen[n] for n in nummers], soort_id=soorten[soort])
    platforms = session.scalars(select(Platform)).all()

    @hypothesis_settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(PUNT, min_size=3, max_size=6, unique=True), st.sampled_from(Hinder))
    def same(punten: list[tuple[int, int]], hinder: Hinder) -> None:
        ruw = Polygon([(X + 100 * x, Y + 100 * y) for x, y in punten]).convex_hull
        uitkomst = find_uitkomst(session, actor, make_vraag(session, ruw, hinder=hinder), today())

        geraakt = {kern.id for kern in kernen if kern.grens.intersects(ruw)}
        verwacht = set()
        for platform, kern in product(platforms, kernen):
            if kern.id in geraakt and kern in platform.kernen:
                weken = [
                    r.weken
                    for r in startcheck_regels().regels
                    if platform.soort.code in r.groepen and (not r.hinder or hinder in r.hinder)
                ]
                verwacht |= {(kern.id, platform.id, max(weken))} if weken else set()
        assert {kern.id for kern in uitkomst.kernen} == geraakt
        assert {
            (een.kern_id, een.platform_id, een.weken)
            for een in uitkomst.te_informeren
            if een.platform_id is not None
        } == verwacht

    same()


def test_a_named_kern_is_the_only_one_although_its_neighbours_share_its_border(
    session: Session,
) -> None:
    kern = grid(session)[1]

    geraakt = find_geraakt(session, make_vraag(session, kern.grens, kern_id=kern.id))

    assert [(k.id, k.aandeel) for k in geraakt] == [(kern.id, 1.0)]


def test_what_is_closed_and_the_detour_touch_their_kernen_too(session: Session) -> None:
    kernen = grid(session)
    vormen = [moved(Point(500, 500)), moved(Point(1_500, 500)), moved(Point(2_500, 500))]

    geraakt = find_geraakt(session, make_vraag(session, *vormen))

    assert [kern.id for kern in geraakt] == [kern.id for kern in kernen[:3]]


@pytest.mark.parametrize(
    ("hinder", "soort", "verwacht"),
    [
        (Hinder.AFGESLOTEN, "asfalt", [("Dorpsraad A", 6), ("Omwonenden", 6)]),
        (Hinder.BEPERKT, "asfalt", [("Dorpsraad A", 2)]),
        (Hinder.GEEN, "gas", [("Omwonenden", 3), ("Dorpsraad A", 2)]),
    ],
)
def test_the_earliest_rule_that_fits_kind_and_hinder_counts(
    hinder: Hinder, soort: str, verwacht: list[tuple[str, int]]
) -> None:
    regels = [
        regel(2, groepen=frozenset({"dorpsraad"})),
        regel(6, groepen=frozenset({"dorpsraad"}), hinder=frozenset({Hinder.AFGESLOTEN})),
        regel(6, wie="Omwonenden", hinder=frozenset({Hinder.AFGESLOTEN})),
        regel(3, wie="Omwonenden", soorten=frozenset({"gas"})),
    ]
    groepen = [
        GroepInKern(1, 7, "Dorpsraad A", "dorpsraad"),
        GroepInKern(1, 8, "Voetbalclub", "vereniging"),
        GroepInKern(2, 9, "Dorpsraad B", "dorpsraad"),  # of a kern that is not touched
    ]

    wie = who_to_inform(regels, soort=soort, hinder=hinder, kern_ids=[1], groepen=groepen)

    assert [(een.wie, een.weken) for een in wie] == verwacht


def test_six_weeks_ahead_is_42_days_before_the_first_day() -> None:
    assert deadline(date(2027, 6, 7), 6) == date(2027, 4, 26)
    assert deadline(date(2027, 6, 7), 0) == date(2027, 6, 7)


@pytest.mark.parametrize(
    "fout",
    [
        {"weken": 6},
        {"weken": 6, "wie": "Omwonenden", "groepen": ["dorpsraad"]},
        {"weken": -1, "wie": "Omwonenden"},
        {"weken": 6, "wie": "Omwonenden", "hinder": ["erg"]},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(fout: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        StartcheckRegels.from_section({"buurt_m": 500, "regel": [fout]})


def test_the_rules_that_come_with_it_can_be_read_and_name_kinds_that_exist(
    session: Session,
) -> None:
    regels = StartcheckRegels.from_section(sections()["startcheck"])

    soorten = set(session.scalars(select(PlatformSoort.code)))
    assert regels.regels
    assert all(regel.groepen <= soorten for regel in regels.regels)
