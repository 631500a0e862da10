"""The watcher on a real database: what it finds, that both see it, and that it lets go."""

from datetime import timedelta

import pytest
from shapely.affinity import translate
from shapely.geometry import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.afstemming.botsing_kijken import watch
from kernenkaart.afstemming.botsing_models import Botsing, Klasse
from kernenkaart.afstemming.botsing_regels import botsing_regels, classify, days_of
from kernenkaart.tijd import Periode, today
from kernenkaart.werkzaamheden.models import Hinder, Status, WerkzaamheidFase
from tests.afstemming.botsingen import STRAAT, find, make_earlier, make_feest, make_werk
from tests.factories import X, Y, add, make_platform, moment

pytestmark = pytest.mark.usefixtures("app")  # which has changes looked at


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
