"""A calendar and ours: nothing twice, what moves is followed, what was changed by hand wins."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten import services as activiteiten
from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Status
from kernenkaart.kalenderbronnen.models import Bronitem, Keuze
from kernenkaart.kalenderbronnen.overnemen import take_over
from kernenkaart.kalenderbronnen.policy import actor_of
from kernenkaart.kalenderbronnen.vergelijken import compare
from kernenkaart.tijd import now, today
from kernenkaart.zalen.models import Zaal
from tests.factories import add, make_activiteit, make_kern, make_platform, moment
from tests.kalenderbronnen.bronnen import MARGE_M, came_of, follow, make_bron, read, vevent

DAG = f"{today() + timedelta(days=14):%Y%m%d}"
LATER = f"{today() + timedelta(days=15):%Y%m%d}"


def test_an_entry_becomes_an_activity_of_the_platform(session: Session) -> None:
    bron = make_bron(session)
    markt = session.scalars(select(ActiviteitSoort).where(ActiviteitSoort.naam == "Markt")).one()

    verslag = follow(session, bron, vevent(LOCATION="Dorpshuis", CATEGORIES="Leuk,markt"))

    [activiteit] = came_of(session, bron)
    assert verslag.nieuw == 1
    assert activiteit.status is Status.GEPUBLICEERD
    assert (activiteit.platform_id, activiteit.kern_id) == (bron.platform_id, bron.kern_id)
    assert (activiteit.plek_naam, activiteit.soort_id) == ("Dorpshuis", markt.id)


def test_a_place_is_where_the_calendar_says_else_where_the_group_was_before(
    session: Session,
) -> None:
    bron = make_bron(session)
    eerder = make_activiteit(
        session, platform=bron.platform, plek_naam="Dorpshuis", begint_op=moment(-40),
        eindigt_op=moment(-40, 12),
    )  # fmt: skip
    kern = make_kern(session)

    follow(
        session, bron,
        vevent("hier", LOCATION="dorpshuis"),
        vevent("ver", DTSTART=f"{DAG}T100000", DTEND="", GEO="52.9;4.1"),
    )  # fmt: skip

    hier, ver = came_of(session, bron)
    assert hier.geom == eerder.geom
    assert ver.kern_id == bron.kern_id != kern.id


def test_a_place_with_the_name_of_a_hall_is_in_that_hall(session: Session) -> None:
    bron = make_bron(session)
    hart = bron.kern.grens.centroid
    zaal = add(session, Zaal(kern_id=bron.kern_id, naam="De Linge", geom=hart))

    follow(session, bron, vevent(LOCATION="de linge"))
    verslag = follow(session, bron, vevent(LOCATION="de linge"))

    [activiteit] = came_of(session, bron)
    assert (activiteit.zaal_id, activiteit.geom) == (zaal.id, hart)
    assert verslag.gelijk == 1


def test_the_same_calendar_twice_gives_nothing_new_and_changes_nothing(session: Session) -> None:
    bron = make_bron(session)
    events = [
        vevent("een"),
        vevent("reeks", DTSTART=f"{DAG}T200000", DTEND="", RRULE="FREQ=WEEKLY;COUNT=10"),
        vevent("", SUMMARY="Zonder kenmerk"),
        vevent("vol", DTSTART=DAG, DTEND="", STATUS="TENTATIVE"),
    ]
    follow(session, bron, *events)
    before = [(a.id, a.versie, a.status) for a in came_of(session, bron)]

    verslag = follow(session, bron, *events)

    assert (verslag.nieuw, verslag.veranderd, verslag.weg, verslag.eigen) == (0, 0, 0, 0)
    assert verslag.gelijk == 13
    assert [(a.id, a.versie, a.status) for a in came_of(session, bron)] == before


def test_a_calendar_that_makes_up_its_keys_anew_each_time_gives_nothing_new(
    session: Session,
) -> None:
    bron = make_bron(session)
    follow(session, bron, vevent("1", SUMMARY="Markt"), vevent("2", SUMMARY="Bingo"))

    verslag = follow(session, bron, vevent("8", SUMMARY="Markt"), vevent("9", SUMMARY="Bingo"))

    assert (verslag.nieuw, verslag.veranderd, verslag.weg, verslag.gelijk) == (0, 0, 0, 2)


def test_what_moves_stays_the_same_activity(session: Session) -> None:
    bron = make_bron(session)
    follow(session, bron, vevent(DTSTART=f"{DAG}T190000", DTEND=f"{DAG}T210000"))
    [before] = came_of(session, bron)
    key, uid = before.id, before.uid

    verslag = follow(
        session, bron, vevent(DTSTART=f"{LATER}T190000", DTEND=f"{LATER}T220000", SUMMARY="Anders")
    )

    [after] = came_of(session, bron)
    assert (verslag.nieuw, verslag.veranderd, verslag.weg) == (0, 1, 0)
    assert (after.id, after.uid, after.titel) == (key, uid, "Anders")
    assert after.begint_op.astimezone().date() == today() + timedelta(days=15)


def test_a_series_that_moves_to_another_day_keeps_its_activities(session: Session) -> None:
    bron = make_bron(session)
    regel = "FREQ=WEEKLY;COUNT=6"
    follow(session, bron, vevent(DTSTART=f"{DAG}T200000", DTEND="", RRULE=regel))
    before = [a.id for a in came_of(session, bron)]

    verslag = follow(session, bron, vevent(DTSTART=f"{LATER}T200000", DTEND="", RRULE=regel))

    assert (verslag.nieuw, verslag.veranderd, verslag.weg) == (0, 6, 0)
    assert [a.id for a in came_of(session, bron)] == before


@pytest.mark.parametrize(
    ("status", "daarna"),
    [("CANCELLED", Status.AFGELAST), ("TENTATIVE", Status.VERWACHT)],
)
def test_a_status_is_followed_there_and_back(session: Session, status: str, daarna: Status) -> None:
    bron = make_bron(session)
    follow(session, bron, vevent())

    follow(session, bron, vevent(STATUS=status))
    assert [a.status for a in came_of(session, bron)] == [daarna]
    follow(session, bron, vevent())

    assert [a.status for a in came_of(session, bron)] == [Status.GEPUBLICEERD]


def test_what_was_cancelled_before_it_came_is_left_out(session: Session) -> None:
    bron = make_bron(session)

    verslag = follow(session, bron, vevent(STATUS="CANCELLED"))

    assert (verslag.nieuw, came_of(session, bron)) == (0, [])


def test_what_is_gone_is_withdrawn_and_comes_back_with_its_address(session: Session) -> None:
    bron = make_bron(session)
    follow(session, bron, vevent("een"), vevent("twee", SUMMARY="Twee"))
    key = next(a.id for a in came_of(session, bron) if a.titel == "Twee")

    verslag = follow(session, bron, vevent("een"))
    assert verslag.weg == 1
    assert session.get_one(Activiteit, key).status is Status.INGETROKKEN
    verslag = follow(session, bron, vevent("een"), vevent("twee", SUMMARY="Twee"))

    assert (verslag.nieuw, verslag.veranderd) == (0, 1)
    assert session.get_one(Activiteit, key).status is Status.GEPUBLICEERD


def test_what_is_over_stays_when_its_calendar_forgets_it(session: Session) -> None:
    bron = make_bron(session)
    gisteren = f"{today() - timedelta(days=1):%Y%m%d}"
    follow(session, bron, vevent("oud", DTSTART=f"{gisteren}T100000", DTEND=""), vevent("nu"))

    verslag = follow(session, bron, vevent("nu"))

    assert verslag.weg == 0
    assert {a.status for a in came_of(session, bron)} == {Status.GEPUBLICEERD}


@pytest.mark.parametrize(
    "dan",
    [
        (vevent("een"), vevent("twee", RRULE="FREQ=SOMS")),
        (vevent("een"), vevent("twee").replace("\r\nEND:VEVENT", "")),
    ],
)
def test_what_cannot_be_read_now_has_not_gone(session: Session, dan: tuple[str, ...]) -> None:
    bron = make_bron(session)
    follow(session, bron, vevent("een"), vevent("twee"))

    verslag = follow(session, bron, *dan)

    assert verslag.weg == 0
    assert verslag.opmerkingen != ()
    assert {a.status for a in came_of(session, bron)} == {Status.GEPUBLICEERD}


@pytest.mark.parametrize(
    "dan", [(vevent(SUMMARY="De agenda"),), (vevent(STATUS="CANCELLED"),), (vevent("ander"),)]
)
def test_what_was_changed_by_hand_wins_and_is_told(session: Session, dan: tuple[str, ...]) -> None:
    bron = make_bron(session)
    follow(session, bron, vevent())
    [activiteit] = came_of(session, bron)
    activiteit.titel = "Met de hand"
    session.flush()

    verslag = follow(session, bron, *dan)

    assert verslag.eigen == 1
    kept = session.get_one(Activiteit, activiteit.id)
    assert (kept.titel, kept.status) == ("Met de hand", Status.GEPUBLICEERD)


def test_what_was_withdrawn_by_hand_does_not_come_back(session: Session) -> None:
    bron = make_bron(session)
    follow(session, bron, vevent())
    [activiteit] = came_of(session, bron)
    activiteiten.withdraw(session, actor_of(bron), activiteit.id)

    follow(session, bron, vevent(SUMMARY="Anders"))

    assert [a.status for a in came_of(session, bron)] == [Status.INGETROKKEN]


@pytest.mark.parametrize(
    ("titel", "uren", "lijkt"),
    [
        ("Boekenmarkt", 0, True),
        ("boekenmarkt Tricht", 3, True),
        ("Boekenmarkt!", 0, True),
        ("Klaverjassen", 0, False),
        ("Boekenmarkt", 24, False),
    ],
)
def test_what_looks_like_something_in_the_calendar_is_asked(
    session: Session, titel: str, uren: int, lijkt: bool
) -> None:
    bron = make_bron(session)
    make_activiteit(
        session, platform=make_platform(session, kernen=bron.platform.kernen),
        titel="Boekenmarkt", begint_op=moment(14, 12), eindigt_op=moment(14, 13),
    )  # fmt: skip
    begin = moment(14, 12) + timedelta(hours=uren)

    verslag = follow(
        session, bron, vevent(SUMMARY=titel, DTSTART=f"{begin:%Y%m%dT%H%M%S}", DTEND="")
    )

    assert (verslag.twijfel, verslag.nieuw) == (int(lijkt), int(not lijkt))


def test_a_choice_about_something_doubtful_holds(session: Session) -> None:
    bron = make_bron(session)
    make_activiteit(session, platform=bron.platform, titel="Ding een", begint_op=moment(7, 8))
    inhoud = read(vevent("een"))
    [twijfel] = compare(session, bron, inhoud, now()).twijfel
    key = twijfel.item.sleutel

    def with_choice(keuze: Keuze | None = None) -> tuple[int, int, int]:
        chosen = {key: keuze} if keuze else {}
        done = take_over(session, bron, inhoud, now(), marge_m=MARGE_M, keuzes=chosen)
        return done.nieuw, done.twijfel, done.overgeslagen

    assert with_choice() == (0, 1, 0)
    assert with_choice() == (0, 1, 0)
    assert with_choice(Keuze.SLA_OVER) == (0, 0, 1)
    assert with_choice() == (0, 0, 1)
    session.scalars(select(Bronitem)).one().keuze = Keuze.NEEM
    assert with_choice() == (1, 0, 0)
    assert len(came_of(session, bron)) == 1


def test_a_thousand_entries_come_in_within_five_seconds(session: Session) -> None:
    bron = make_bron(session)
    begin = now()
    events = [
        vevent(str(n), DTSTART=f"{today() + timedelta(days=1 + n % 300):%Y%m%d}T{n % 24:02}0000",
               DTEND="")
        for n in range(1_000)
    ]  # fmt: skip

    verslag = follow(session, bron, *events)

    assert verslag.nieuw == 1_000
    assert (now() - begin).total_seconds() < 10  # on a busy machine; see docs/metingen.md
