"""The only way in, closed by one work or by several together, on a real database."""

from datetime import timedelta

import pytest
from shapely.affinity import translate
from shapely.geometry import Point, box
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kernenkaart.afstemming.botsing_kijken import watch
from kernenkaart.afstemming.botsing_models import Botsing, Klasse
from kernenkaart.afstemming.botsing_toegang import SAMEN_MAX
from kernenkaart.tijd import today
from kernenkaart.wegen.dicht import closed_area
from kernenkaart.wegen.models import Wegvak
from kernenkaart.werkzaamheden.models import Hinder, Status
from tests.afstemming.botsingen import (
    ACHTEROM,
    LAAN,
    OP_ACHTEROM,
    OP_DE_LAAN,
    RING,
    UIT,
    find,
    lijn,
    make_feest,
    make_two_ways,
    make_wegen,
    make_werk,
)
from tests.factories import X, Y

pytestmark = pytest.mark.usefixtures("app")  # which has changes looked at


@pytest.mark.parametrize("werk_eerst", [True, False])
def test_the_only_way_in_is_closed_though_nothing_overlaps(
    session: Session, werk_eerst: bool
) -> None:
    ring = lijn((0, 0), (500, 0), (500, 500), (0, 500), (0, 0))
    make_wegen(session, ring, lijn((250, 500), (250, 1500)))
    werk = make_werk(session, geom=lijn((250, 700), (250, 760)))
    wei = make_feest(session, geom=box(X + 260, Y + 1400, X + 300, Y + 1480))
    dorp = make_feest(session, geom=Point(X + 10, Y + 10))

    watch(session, [werk.id] if werk_eerst else [], [] if werk_eerst else [wei.id, dorp.id])

    assert find(session) == [(werk.id, wei.id, Klasse.TOEGANG)]
    botsing = session.scalars(select(Botsing)).one()
    assert botsing.afstand_m > 600
    assert botsing.redenen[0] == {"code": "toegang"}
    assert not closed_area(werk.geom, 8).intersects(wei.geom)


def test_other_roads_are_looked_at_again(session: Session) -> None:
    werk = make_werk(session, geom=lijn((250, 700), (250, 760)))
    wei = make_feest(session, geom=Point(X + 260, Y + 1400))
    session.commit()
    assert find(session) == []

    ring = lijn((0, 0), (500, 0), (500, 500), (0, 500), (0, 0))
    make_wegen(session, ring, lijn((250, 500), (250, 1500)))
    session.commit()
    assert find(session) == [(werk.id, wei.id, Klasse.TOEGANG)]

    session.execute(delete(Wegvak))
    session.commit()
    assert find(session) == []


def test_a_partial_hinder_closes_no_way_in(session: Session) -> None:
    make_wegen(session, lijn((0, 0), (500, 0), (500, 500), (0, 0)), lijn((0, 0), (-900, 0)))
    werk = make_werk(session, geom=lijn((-300, 0), (-200, 0)), hinder=Hinder.BEPERKT)
    make_feest(session, geom=Point(X - 890, Y))

    watch(session, [werk.id], [])

    assert find(session) == []


@pytest.mark.parametrize("laatst", ["laan", "achterom", "wei"])
def test_two_works_that_close_the_last_way_together_are_told_whoever_was_saved_last(
    session: Session, laatst: str
) -> None:
    wei = make_two_ways(session)
    dorp = make_feest(session, geom=Point(X + 10, Y + 10))
    laan = make_werk(session, geom=OP_DE_LAAN)
    achterom = make_werk(session, 12, 12, geom=OP_ACHTEROM)

    ids = {"laan": ([laan.id], []), "achterom": ([achterom.id], []), "wei": ([], [wei.id])}
    watch(session, *ids[laatst])

    assert sorted(find(session)) == sorted(
        [(laan.id, wei.id, Klasse.TOEGANG), (achterom.id, wei.id, Klasse.TOEGANG)]
    )
    dag = (today() + timedelta(days=12)).isoformat()
    for botsing in session.scalars(select(Botsing)):
        ander = achterom.id if botsing.werkzaamheid_id == laan.id else laan.id
        assert botsing.samen_met == [ander]
        assert botsing.redenen[0] == {
            "code": "toegang_samen", "werken": [ander], "eerste": dag, "laatste": dag
        }  # fmt: skip
    assert dorp.id not in {activiteit for _, activiteit, _ in find(session)}


@pytest.mark.parametrize("hoe", ["dagen", "plek", "weg", "derde weg"])
def test_when_one_of_both_goes_both_are_rid_of_it(session: Session, hoe: str) -> None:
    make_two_ways(session)
    make_werk(session, geom=OP_DE_LAAN)
    achterom = make_werk(session, geom=OP_ACHTEROM)
    session.commit()
    assert len(find(session)) == 2

    if hoe == "dagen":
        achterom.eerste_dag = today() + timedelta(days=13)
    elif hoe == "plek":
        achterom.geom = translate(OP_ACHTEROM, 100, 0)
    elif hoe == "weg":
        session.delete(achterom)
    else:
        session.execute(delete(Wegvak))
        make_wegen(session, RING, LAAN, ACHTEROM, UIT, lijn((250, 1480), (-900, 1480), (-900, 0)))
    session.commit()

    assert find(session) == []


def test_three_ways_take_three_works_and_the_one_that_closes_nothing_is_not_named(
    session: Session,
) -> None:
    derde = lijn((250, 1480), (-900, 1480), (-900, 250), (0, 250))
    wei = make_two_ways(session, derde)
    werken = [
        make_werk(session, geom=geom)
        for geom in (OP_DE_LAAN, OP_ACHTEROM, lijn((-900, 700), (-900, 760)))
    ]
    make_werk(session, geom=lijn((100, 0), (160, 0)))

    watch(session, [werken[1].id], [])

    assert sorted(find(session)) == sorted((een.id, wei.id, Klasse.TOEGANG) for een in werken)


def test_a_draft_warns_its_owner_and_no_other(session: Session) -> None:
    wei = make_two_ways(session)
    laan = make_werk(session, geom=OP_DE_LAAN)
    concept = make_werk(session, geom=OP_ACHTEROM, status=Status.CONCEPT)

    watch(session, [laan.id, concept.id], [])

    assert find(session) == [(concept.id, wei.id, Klasse.TOEGANG)]
    laan.status = Status.CONCEPT  # of two drafts neither is told of the other
    watch(session, [laan.id], [])
    assert find(session) == []


def test_drafts_that_are_nearer_keep_no_other_work_out(session: Session) -> None:
    wei = make_two_ways(session)
    werken = [make_werk(session, geom=geom).id for geom in (OP_DE_LAAN, OP_ACHTEROM)]
    for x in range(SAMEN_MAX):
        make_werk(session, geom=Point(X + 400 + x, Y + 1400), status=Status.CONCEPT)

    watch(session, werken, [])

    assert [paar for *paar, klasse in find(session) if klasse is Klasse.TOEGANG] == [
        [werk_id, wei.id] for werk_id in werken
    ]
