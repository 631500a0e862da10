"""Rounds: each change is told exactly once, whatever happens to clocks and workers (R7, R12)."""

import re
import threading
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from shapely.geometry import Point
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Status
from kernenkaart.activiteiten.regel import Frequentie, Regel, Weekdag
from kernenkaart.embedded import Cluster
from kernenkaart.geo.crs import to_wgs84
from kernenkaart.periode import Nauwkeurigheid
from kernenkaart.tijd import AMSTERDAM, now
from kernenkaart.volgen.bundelen import Ronde, bundle_some
from kernenkaart.volgen.models import Gemeld, Ritme
from kernenkaart.volgen.services import last_round
from tests.factories import make_activiteit, make_kern, make_platform, make_werkzaamheid, moment
from tests.feeds.test_ical import make_reeks, times_of
from tests.formulieren import counted
from tests.volgen.helpers import GEMEENTE, UUR, follow, run_round
from tests.wachtrij import waiting

VOOR = datetime(2027, 4, 20, 12, 0, tzinfo=AMSTERDAM)  # a Tuesday
DAG = timedelta(days=1)
UUR_LANG = timedelta(hours=1)


def on(dagen: int, uur: int = 7) -> datetime:
    """So many days after ``VOOR``, on the clock of Amsterdam."""
    return datetime.combine(VOOR.date() + dagen * DAG, time(uur), AMSTERDAM)


def news(session: Session) -> list[tuple[str, str]]:
    """Heading and title of everything that waits to be mailed, in order."""
    return [
        (deel["kop"], ding["titel"])
        for args in waiting(session, "volgen.mail")
        for blok in args["blokken"]  # type: ignore[attr-defined]
        for deel in blok["delen"]
        for ding in deel["dingen"]
    ]


def post(session: Session, titel: str, dagen: int = 10, **values: object) -> Activiteit:
    return make_activiteit(
        session, titel=titel, begint_op=on(dagen, 10), eindigt_op=on(dagen, 16), **values
    )


def soort_id(session: Session, code: str) -> int:
    return session.scalars(select(ActiviteitSoort.id).where(ActiviteitSoort.code == code)).one()


@pytest.mark.parametrize(
    ("moment", "dag", "week"),
    [
        ("2027-04-21T06:59", "2027-04-20", "2027-04-15"),
        ("2027-04-21T07:00", "2027-04-21", "2027-04-15"),
        ("2027-04-22T06:59", "2027-04-21", "2027-04-15"),
        ("2027-04-22T07:00", "2027-04-22", "2027-04-22"),
        ("2027-03-28T06:59", "2027-03-27", "2027-03-25"),  # the night without 2.30
        ("2027-03-28T07:00", "2027-03-28", "2027-03-25"),
        ("2027-10-31T06:59", "2027-10-30", "2027-10-28"),  # the night with it twice
        ("2027-10-31T07:00", "2027-10-31", "2027-10-28"),
    ],
)
def test_a_round_is_of_a_day_and_begins_at_seven(moment: str, dag: str, week: str) -> None:
    hier = datetime.fromisoformat(moment).replace(tzinfo=AMSTERDAM)

    assert last_round(Ritme.DAG, hier, 7) == date.fromisoformat(dag)
    assert last_round(Ritme.WEEK, hier, 7) == date.fromisoformat(week)


def test_who_begins_to_follow_hears_only_what_is_new(session: Session) -> None:
    platform = make_platform(session)
    post(session, "Was er al", platform=platform)
    follow(session, VOOR)
    post(session, "Boekenmarkt", platform=platform)
    post(session, "Nog ver weg", 62, platform=platform)
    post(session, "Concept", platform=platform, status=Status.CONCEPT)
    make_werkzaamheid(session, titel="Intern", openbaar=False)

    run_round(session, on(0, 23))
    assert news(session) == []  # the round of today was before it was confirmed
    run_round(session, on(1))

    assert news(session) == [("Nieuw", "Boekenmarkt")]
    run_round(session, on(2))
    assert news(session)[1:] == [("Nieuw", "Nog ver weg")]  # it has come near enough


def test_moved_called_off_and_taken_away_are_told_of_what_was_told(session: Session) -> None:
    platform = make_platform(session)
    rows = [post(session, titel, platform=platform) for titel in ("Uur later", "Af", "Weg")]
    follow(session, VOOR)
    rows[0].begint_op += UUR_LANG
    rows[1].status = Status.AFGELAST
    rows[2].status = Status.INGETROKKEN
    session.flush()

    run_round(session, on(1))

    assert news(session) == [
        ("Gaat niet door", "Af"),
        ("Weggehaald van de kaart", "Weg"),
        ("Verplaatst", "Uur later"),
    ]
    [args] = waiting(session, "volgen.mail")
    assert "Was: vr 30 april, 10.00 - 16.00" in str(args)
    run_round(session, on(2))
    assert len(waiting(session, "volgen.mail")) == 1


def test_a_mail_says_as_precisely_as_is_known_when_a_work_is(session: Session) -> None:
    follow(session, VOOR)
    make_werkzaamheid(
        session, eerste_dag=date(2027, 6, 1), laatste_dag=date(2027, 8, 31),
        nauwkeurigheid=Nauwkeurigheid.SEIZOEN,
    )  # fmt: skip

    run_round(session, on(1))

    [args] = waiting(session, "volgen.mail")
    assert "zomer 2027" in str(args)
    assert "juni" not in str(args)


def test_nothing_new_is_no_mail(session: Session) -> None:
    post(session, "Blijft zo")
    follow(session, VOOR)

    for dagen in range(1, 15, 3):
        run_round(session, on(dagen))

    assert news(session) == []
    assert session.scalars(select(Gemeld)).all() == []  # what is over is not kept


def test_two_subjects_of_one_follower_are_one_mail_that_tells_a_thing_once(
    session: Session,
) -> None:
    kern = make_kern(session)
    follow(session, VOOR, {"kern": kern.slug})
    follow(session, VOOR, {"soort": "activiteiten"})
    platform = make_platform(session, kernen=[kern])
    post(session, "Boekenmarkt", platform=platform)
    make_activiteit(session, titel="Elders", begint_op=on(9, 10), eindigt_op=on(9, 12))

    run_round(session, on(1))

    [args] = waiting(session, "volgen.mail")
    assert args["onderwerp"] == "Nieuw: Boekenmarkt, en nog 1 bericht"
    assert sorted(news(session)) == [("Nieuw", "Boekenmarkt"), ("Nieuw", "Elders")]


def test_only_what_is_followed_is_told(session: Session) -> None:
    kern, ander = make_kern(session), make_kern(session)
    punt = to_wgs84(ander.hart)
    bij = {"bij": f"{punt.x:.5f},{punt.y:.5f}", "straal": "250", "soort": "activiteiten.markt"}
    follow(session, VOOR, {"kern": kern.slug, "laag": "werkzaamheden"}, email="a@example.org")
    follow(session, VOOR, {"kern": ander.slug, "q": "boeken"}, email="b@example.org")
    plek = follow(session, VOOR, bij, email="c@example.org")
    platform = make_platform(session, kernen=[ander])
    markt = soort_id(session, "markt")
    sport = soort_id(session, "sport")
    post(session, "Boekenmarkt", platform=platform, soort_id=sport)
    post(session, "Hier", platform=platform, soort_id=markt)
    verder = Point(ander.hart.x + 251, ander.hart.y)
    post(session, "Te ver", platform=platform, soort_id=markt, geom=verder)

    run_round(session, on(1))

    assert sorted(news(session)) == [("Nieuw", "Boekenmarkt"), ("Nieuw", "Hier")]
    assert plek.volger_id in [args["volger_id"] for args in waiting(session, "volgen.mail")]


def test_a_series_is_told_once_in_words_and_its_next_times_not_at_all(session: Session) -> None:
    platform = make_platform(session, kernen=[make_kern(session)])
    vanaf = now()
    follow(session, vanaf)
    begin = moment(3, 20)
    regel = Regel(Frequentie.WEEK, weekdagen=(Weekdag(begin.weekday()),))
    reeks = make_reeks(session, platform, regel, begin=begin)
    for dagen in range(1, 30, 4):
        run_round(session, vanaf + dagen * DAG)

    assert news(session) == [("Nieuw", "Klaverjassen")]
    [args] = waiting(session, "volgen.mail")
    assert re.search(r"Elke \w+dag\. Eerstvolgende keer: .*, 20\.00 - 22\.00", str(args))
    for keer in times_of(session, reeks):
        keer.plek_naam = "Kerk"
    session.flush()
    run_round(session, vanaf + 31 * DAG)
    assert news(session)[1:] == [("Verplaatst", "Klaverjassen")]
    assert re.search(r"en nog \d keren.*Was in: Dorpshuis", str(waiting(session, "volgen.mail")))


def test_a_week_is_told_on_thursday(session: Session) -> None:
    follow(session, VOOR, ritme=Ritme.WEEK)
    platform = make_platform(session)
    told = []
    for dagen in range(1, 11):
        post(session, f"Dag {dagen}", 30, platform=platform)
        before = len(news(session))
        run_round(session, on(dagen))
        told.append(len(news(session)) - before)

    assert told == [0, 2, 0, 0, 0, 0, 0, 0, 7, 0]  # the 22nd and the 29th


@pytest.mark.parametrize("jump", [-UUR_LANG, UUR_LANG])
def test_a_clock_that_jumps_an_hour_loses_no_round_and_makes_none_twice(
    session: Session, jump: timedelta
) -> None:
    follow(session, VOOR)
    platform = make_platform(session)
    for dagen in range(1, 4):
        post(session, f"Dag {dagen}", 20, platform=platform)
        for uur in (5, 6, 7, 8):
            run_round(session, on(dagen, uur))
            run_round(session, on(dagen, uur) + jump)

    assert news(session) == [("Nieuw", f"Dag {dagen}") for dagen in range(1, 4)]


def test_equal_subjects_of_many_followers_are_asked_once(session: Session) -> None:
    for number in range(12):
        follow(session, VOOR, {"laag": "activiteiten"}, email=f"{number}@example.org")
    post(session, "Boekenmarkt")
    ronde = Ronde.begin(session, moment=on(1), uur=UUR, gemeente=GEMEENTE)

    with counted(session) as statements:
        assert bundle_some(session, ronde) == 12

    assert len(waiting(session, "volgen.mail")) == 12
    assert len([one for one in statements if "procrastinate" not in one]) <= 8


@pytest.mark.parametrize("seed", range(2))
def test_every_change_is_told_exactly_once_whatever_workers_do(session: Session, seed: int) -> None:
    """A village that changes at random; workers that die, come back and run twice.

    The model knows of each thing only (what a follower was told, how it is now).
    """
    random = Random(seed)
    platform = make_platform(session)
    follow(session, VOOR)
    rows: list[Activiteit] = []
    known: dict[int, tuple[datetime, Status]] = {}
    expected: list[tuple[str, str]] = []
    for dagen in range(1, 19):
        for _change in range(random.randint(0, 4)):
            change(session, random, rows, platform, dagen)
        session.flush()
        uur = random.randint(9, 23)
        expected += model(rows, known, on(dagen, uur))
        if random.random() < 0.5:  # killed before it was done
            killed = session.begin_nested()
            run_round(session, on(dagen, random.randint(7, 9)))
            killed.rollback()
        for again in range(random.randint(1, 3)):
            run_round(session, on(dagen, uur) + again * UUR_LANG / 60)
        assert sorted(news(session)) == sorted(expected), dagen
    assert len(expected) > 8


def change(
    session: Session, random: Random, rows: list[Activiteit], platform: object, dagen: int
) -> None:
    """One thing that somebody does."""
    if not rows or random.random() < 0.4:
        rows.append(
            post(session, f"Ding {len(rows)}", dagen + random.randint(1, 50), platform=platform)
        )
        return
    row = random.choice(rows)
    if random.random() < 0.5:
        shift = timedelta(hours=random.choice([-1, 1, 24]))
        row.begint_op, row.eindigt_op = row.begint_op + shift, row.eindigt_op + shift
    else:
        row.status = random.choice([Status.GEPUBLICEERD, Status.AFGELAST, Status.INGETROKKEN])


def model(
    rows: list[Activiteit], known: dict[int, tuple[datetime, Status]], moment: datetime
) -> Iterator[tuple[str, str]]:
    """What a follower must hear in this round; ``known`` becomes what is known after it."""
    for row in rows:
        now, was = (row.begint_op, row.status), known.get(row.id)
        over = row.eindigt_op <= moment
        was_over = was is not None and was[0] + 6 * UUR_LANG <= moment
        if row.status is Status.INGETROKKEN:
            if was and not was_over and was[1] is Status.GEPUBLICEERD:
                yield "Weggehaald van de kaart", row.titel
            known.pop(row.id, None)
        elif was is None:
            if over:
                continue
            if row.status is Status.GEPUBLICEERD:
                yield "Nieuw", row.titel
            known[row.id] = now
        elif over and was_over:
            known.pop(row.id)
        else:
            if was[1] != row.status:
                off = row.status is Status.AFGELAST
                yield ("Gaat niet door" if off else "Gaat toch door"), row.titel
            elif was[0] != row.begint_op and row.status is Status.GEPUBLICEERD:
                yield "Verplaatst", row.titel
            known[row.id] = now


@pytest.fixture
def database(cluster: Cluster, gemigreerd: str) -> Iterator[Engine]:
    """A database of its own: workers commit for real."""
    cluster.create_database("volgen", template=gemigreerd)
    engine = create_engine(cluster.url("kernenkaart_app", "volgen"))
    yield engine
    engine.dispose()
    cluster.drop_database("volgen")


def test_two_workers_at_once_and_one_that_is_killed_mail_everybody_once(database: Engine) -> None:
    with Session(database) as session:
        for number in range(20):
            follow(session, VOOR, email=f"{number}@example.org")
        post(session, "Boekenmarkt")
        session.commit()

    with Session(database) as dies:  # does its part, and is cut off before it commits
        ronde = Ronde.begin(dies, moment=on(1), uur=UUR, gemeente=GEMEENTE)
        assert bundle_some(dies, ronde, most=5) == 5
        dies.connection().invalidate()

    def worker() -> None:
        with Session(database) as session:
            ronde = Ronde.begin(session, moment=on(1), uur=UUR, gemeente=GEMEENTE)
            while bundle_some(session, ronde, most=3):
                session.commit()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    with Session(database) as session:
        mails = [args["volger_id"] for args in waiting(session, "volgen.mail")]
        assert len(mails) == len(set(mails)) == 20
        assert session.scalar(text("SELECT count(*) FROM gemeld")) == 20
