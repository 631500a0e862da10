"""The watcher on a real database: what it finds, that both see it, and that it lets go."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from shapely.affinity import translate
from shapely.geometry import LineString, Point, box
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.afstemming.botsing_kijken import watch
from kernenkaart.afstemming.botsing_models import Botsing, Klasse
from kernenkaart.afstemming.botsing_regels import botsing_regels, classify, days_of
from kernenkaart.afstemming.botsing_toegang import SAMEN_MAX
from kernenkaart.tijd import AMSTERDAM, Periode, today
from kernenkaart.wegen.dicht import closed_area
from kernenkaart.wegen.knopen import Lijn, tie
from kernenkaart.wegen.models import Wegvak
from kernenkaart.werkzaamheden.models import Hinder, Status, Werkzaamheid, WerkzaamheidFase
from tests.factories import X, Y, add, make_activiteit, make_platform, make_werkzaamheid, moment

pytestmark = pytest.mark.usefixtures("app")  # which has changes looked at

STRAAT = LineString([(X + 100, Y + 100), (X + 200, Y + 100)])


def lijn(*punten: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in punten])


def make_werk(session: Session, van: int = 10, tot: int = 20, **values: Any) -> Werkzaamheid:
    defaults = {
        "geom": STRAAT,
        "hinder": Hinder.AFGESLOTEN,
        "hinder_kort": "Afgesloten voor auto's",
        "eerste_dag": today() + timedelta(days=van),
        "laatste_dag": today() + timedelta(days=tot),
    }
    return make_werkzaamheid(session, **(defaults | values))


def make_feest(session: Session, dag: int = 12, **values: Any) -> Activiteit:
    defaults = {
        "begint_op": moment(dag, 10),
        "eindigt_op": moment(dag, 16),
        "geom": Point(X + 150, Y + 100),
    }
    return make_activiteit(session, **(defaults | values))


def make_wegen(session: Session, *lijnen: LineString) -> None:
    for een in tie([Lijn("", lijn) for lijn in lijnen], 1.0):
        add(
            session,
            Wegvak(
                van_knoop=een.van_knoop,
                naar_knoop=een.naar_knoop,
                lengte_m=een.geom.length,
                geom=een.geom,
            ),
        )


def find(session: Session) -> list[tuple[int, int, Klasse]]:
    session.expire_all()
    rows = session.scalars(select(Botsing).where(Botsing.actueel).order_by(Botsing.id))
    return [(een.werkzaamheid_id, een.activiteit_id, een.klasse) for een in rows]


@pytest.mark.parametrize("werk_eerst", [True, False])
def test_it_does_not_matter_which_side_was_saved(session: Session, werk_eerst: bool) -> None:
    werk, feest = make_werk(session), make_feest(session)

    watch(session, [werk.id] if werk_eerst else [], [] if werk_eerst else [feest.id])

    assert find(session) == [(werk.id, feest.id, Klasse.ZELFDE_PLEK_EN_TIJD)]


def test_saving_is_seen_by_both_in_the_same_transaction(session: Session) -> None:
    werk = make_werk(session)
    feest = make_feest(session)

    session.commit()

    assert find(session) == [(werk.id, feest.id, Klasse.ZELFDE_PLEK_EN_TIJD)]


def test_looking_twice_changes_nothing(session: Session) -> None:
    werk, feest = make_werk(session), make_feest(session)
    watch(session, [werk.id], [feest.id])
    eerste = session.scalars(select(Botsing.id)).all()

    watch(session, [werk.id], [feest.id])

    assert session.scalars(select(Botsing.id)).all() == eerste


@pytest.mark.parametrize(
    ("kant", "veld", "waarde"),
    [
        ("werk", "status", Status.VERVALLEN),
        ("werk", "status", Status.KLAAR),
        ("werk", "status", Status.UITGESTELD),
        ("werk", "hinder", Hinder.GEEN),
        ("werk", "geom", translate(STRAAT, 0, 5000)),
        ("werk", "laatste_dag", today() + timedelta(days=1)),
        ("feest", "status", ActiviteitStatus.AFGELAST),
        ("feest", "status", ActiviteitStatus.INGETROKKEN),
        ("feest", "geom", Point(X, Y + 5000)),
        ("feest", "begint_op", moment(60)),
    ],
)
def test_a_side_that_is_cancelled_or_moved_clears_it(
    session: Session, kant: str, veld: str, waarde: object
) -> None:
    werk, feest = make_werk(session), make_feest(session)
    session.commit()
    assert find(session)

    if veld == "laatste_dag":
        werk.eerste_dag = today() + timedelta(days=1)
    if veld == "begint_op":
        feest.eindigt_op = moment(60, 16)
    setattr(werk if kant == "werk" else feest, veld, waarde)
    session.commit()

    assert find(session) == []


def test_works_without_hinder_and_activities_far_away_do_not_clash(session: Session) -> None:
    make_werk(session, hinder=Hinder.GEEN)
    make_werk(session)
    make_feest(session, geom=Point(X + 150, Y + 351))

    session.commit()

    assert find(session) == []


def test_the_place_of_the_hinder_counts_and_not_that_of_the_work(session: Session) -> None:
    werk = make_werk(session, hinder_geom=translate(STRAAT, 0, 1000))
    feest = make_feest(session, geom=Point(X + 150, Y + 1100))
    make_feest(session)

    watch(session, [], [feest.id])
    watch(session, [werk.id], [])

    assert find(session) == [(werk.id, feest.id, Klasse.ZELFDE_PLEK_EN_TIJD)]


def test_a_phase_closes_its_own_place_on_its_own_days(session: Session) -> None:
    werk = make_werk(session)
    for nummer, (dag, dx) in enumerate(((10, 0), (15, 600))):
        add(
            session,
            WerkzaamheidFase(
                werkzaamheid_id=werk.id,
                volgorde=nummer,
                naam=f"Fase {nummer}",
                eerste_dag=today() + timedelta(days=dag),
                laatste_dag=today() + timedelta(days=dag + 4),
                geom=translate(STRAAT, dx, 0),
            ),
        )
    vroeg = make_feest(session, geom=Point(X + 750, Y + 100))
    laat = make_feest(session, dag=16, geom=Point(X + 750, Y + 100))

    watch(session, [werk.id], [vroeg.id, laat.id])

    assert find(session) == [
        (werk.id, vroeg.id, Klasse.ZELFDE_PLEK),
        (werk.id, laat.id, Klasse.ZELFDE_PLEK_EN_TIJD),
    ]


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


RING = lijn((0, 0), (500, 0), (500, 500), (0, 500), (0, 0))
LAAN = lijn((250, 500), (250, 1500))
ACHTEROM = lijn((250, 1490), (900, 1490), (900, 250), (500, 250))
UIT = lijn((0, 0), (-5000, 0))  # to the rest of the world
OP_DE_LAAN, OP_ACHTEROM = lijn((250, 700), (250, 760)), lijn((900, 700), (900, 760))


def make_two_ways(session: Session, *erbij: LineString) -> Activiteit:
    """A meadow with two ways to it."""
    make_wegen(session, RING, LAAN, ACHTEROM, UIT, *erbij)
    return make_feest(session, geom=Point(X + 260, Y + 1400))


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


def weeks_ago(jaren: int, dag: date) -> datetime:
    toen = dag.isocalendar()
    zelfde = date.fromisocalendar(toen.year - jaren, min(toen.week, 52), toen.weekday)
    return datetime(zelfde.year, zelfde.month, zelfde.day, 10, tzinfo=AMSTERDAM)


def make_earlier(session: Session, jaren: tuple[int, ...], dag: date, titel: str) -> list[int]:
    platform = make_platform(session)
    return [
        make_feest(
            session,
            platform=platform,
            titel=f"{titel} {weeks_ago(jaar, dag).year}",
            begint_op=weeks_ago(jaar, dag),
            eindigt_op=weeks_ago(jaar, dag) + timedelta(hours=6),
        ).id
        for jaar in jaren
    ]


def test_what_was_there_in_three_years_is_warned_for_and_from_one_year_not(
    session: Session,
) -> None:
    dag = today() + timedelta(days=100)
    kermis = make_earlier(session, (1, 2, 3), dag, "Kermis")
    make_earlier(session, (1,), dag, "Braderie")

    werk = make_werk(session, van=93, tot=107)
    watch(session, [werk.id], [])

    assert find(session) == [(werk.id, kermis[0], Klasse.ZELFDE_PLEK_EN_TIJD)]
    botsing = session.scalars(select(Botsing)).one()
    assert botsing.gebruikelijk
    assert abs((botsing.eerste_dag - dag).days) <= 7


def test_what_is_entered_takes_the_place_of_what_was_usual(session: Session) -> None:
    dag = today() + timedelta(days=100)
    kermis = make_earlier(session, (1, 2, 3), dag, "Kermis")
    werk = make_werk(session, van=93, tot=107)
    watch(session, [werk.id], [])
    platform = session.get_one(Activiteit, kermis[0]).platform

    nu = make_feest(session, dag=100, platform=platform, titel="Kermis!")
    watch(session, [], [nu.id])

    assert find(session) == [(werk.id, nu.id, Klasse.ZELFDE_PLEK_EN_TIJD)]


@pytest.mark.volledig
@pytest.mark.parametrize("zaad", range(20))
def test_it_equals_trying_every_pair(session: Session, zaad: int) -> None:
    _compare_with_every_pair(session, zaad)


def test_it_equals_trying_every_pair_in_a_sample(session: Session) -> None:
    _compare_with_every_pair(session, 1)


def _compare_with_every_pair(session: Session, zaad: int) -> None:
    import random

    kans = random.Random(zaad)
    platform = make_platform(session)
    werken = [
        make_werk(
            session,
            van := kans.randrange(0, 30),
            van + kans.randrange(0, 20),
            geom=translate(STRAAT, kans.randrange(-400, 400), kans.randrange(-400, 400)),
            hinder=kans.choice([Hinder.BEPERKT, Hinder.AFGESLOTEN]),
        )
        for _ in range(25)
    ]
    feesten = [
        make_feest(
            session,
            dag=kans.randrange(1, 50),
            platform=platform,
            geom=Point(X + kans.randrange(-300, 600), Y + kans.randrange(-300, 500)),
        )
        for _ in range(25)
    ]
    helft = [werk.id for werk in werken[:12]]

    watch(session, helft, [])
    watch(session, [], [feest.id for feest in feesten])

    verwacht = {}
    for werk in werken:
        for feest in feesten:
            found = classify(
                werk.geom.distance(feest.geom),
                Periode(werk.eerste_dag, werk.laatste_dag),
                days_of(feest.begint_op, feest.eindigt_op),
                botsing_regels(),
            )
            if found:
                verwacht[werk.id, feest.id] = found.klasse
    assert {(werk, feest): klasse for werk, feest, klasse in find(session)} == verwacht
    assert session.scalar(select(func.count()).select_from(Botsing)) == len(verwacht) > 5
