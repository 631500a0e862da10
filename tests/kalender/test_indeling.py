"""What stands on which day: the night, the clock, the turn of a month, of a year."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from shapely.geometry import MultiPolygon, box
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.actor import BEZOEKER
from kernenkaart.kalender.indeling import Maand, Vermelding, merge, to_days, to_months
from kernenkaart.kalender.queries import Kiezing, find_per_dag, find_per_maand
from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import AMSTERDAM, Periode
from tests.factories import (
    X,
    Y,
    make_activiteit,
    make_kern,
    make_platform,
    make_werkzaamheid,
)
from tests.formulieren import counted

JAAR = Periode(date(2027, 1, 1), date(2027, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def post(session: Session, begin: str, eind: str, **values: object) -> Activiteit:
    return make_activiteit(session, begint_op=at(begin), eindigt_op=at(eind), **values)


def days_of(session: Session, activiteit: Activiteit, periode: Periode) -> list[str]:
    kern_id = activiteit.platform.kernen[0].id
    keuze = Kiezing("GM1960", kern_id=kern_id)
    rows = find_per_dag(session, BEZOEKER, keuze, periode, limiet=9)
    return [f"{row['dag']}" for row in rows if row["id"] == activiteit.id]


@pytest.mark.parametrize(
    ("begin", "eind", "dagen"),
    [
        ("2027-04-10 10:00", "2027-04-10 12:00", ["2027-04-10"]),
        ("2027-04-10 22:00", "2027-04-11 03:00", ["2027-04-10"]),  # into the night
        ("2027-04-10 22:00", "2027-04-11 07:00", ["2027-04-10", "2027-04-11"]),
        ("2027-04-10 20:00", "2027-04-11 00:00", ["2027-04-10"]),  # until midnight
        ("2027-04-30 22:00", "2027-05-01 02:00", ["2027-04-30"]),  # into the night of a month
        ("2027-04-29 10:00", "2027-05-02 17:00",
         ["2027-04-29", "2027-04-30", "2027-05-01", "2027-05-02"]),
        ("2027-03-27 23:00", "2027-03-28 05:30", ["2027-03-27"]),  # an hour is skipped
        ("2027-10-30 22:00", "2027-10-31 05:30", ["2027-10-30"]),  # an hour comes twice
        ("2026-12-31 21:00", "2027-01-01 02:00", ["2026-12-31"]),
        ("2028-02-29 10:00", "2028-02-29 11:00", ["2028-02-29"]),
    ],
)  # fmt: skip
def test_a_thing_stands_on_the_days_that_people_would_say(
    session: Session, begin: str, eind: str, dagen: list[str]
) -> None:
    activiteit = post(session, begin, eind)
    rond = Periode(at(begin).date() - timedelta(days=9), at(eind).date() + timedelta(days=9))

    assert days_of(session, activiteit, rond) == dagen


def test_whole_days_stand_on_each_of_them_whatever_the_clock_does(session: Session) -> None:
    activiteit = post(session, "2027-03-27 00:00", "2027-03-30 00:00", hele_dag=True)

    dagen = days_of(session, activiteit, JAAR)

    assert dagen == ["2027-03-27", "2027-03-28", "2027-03-29"]


def test_only_the_days_that_are_asked_for_are_told(session: Session) -> None:
    activiteit = post(session, "2027-04-29 10:00", "2027-05-02 17:00")

    mei = days_of(session, activiteit, Periode(date(2027, 5, 1), date(2027, 5, 31)))
    nacht = post(session, "2027-04-30 22:00", "2027-05-01 02:00", platform=activiteit.platform)

    assert mei == ["2027-05-01", "2027-05-02"]
    assert days_of(session, nacht, Periode(date(2027, 5, 1), date(2027, 5, 31))) == []


def test_in_a_year_each_thing_stands_once_on_its_first_day(session: Session) -> None:
    platform = make_platform(session)
    oud = post(session, "2026-12-30 10:00", "2027-01-02 12:00", platform=platform)
    lang = post(session, "2027-04-29 10:00", "2027-05-02 17:00", platform=platform)

    maanden = year_of(session, platform.kernen[0])

    assert [(v.titel, v.klein) for v in maanden[0].vermeldingen if v.aard == "eigen"] == [
        (oud.titel, "sinds wo 30 december 2026, t/m za 2 januari")
    ]
    assert [v.klein for v in maanden[3].vermeldingen if v.titel == lang.titel] == ["t/m zo 2 mei"]
    assert [v for v in maanden[4].vermeldingen if v.titel == lang.titel] == []


def year_of(session: Session, kern: Kern, buren_m: float = 0.0) -> list[Maand]:
    keuze = Kiezing("GM1960", kern_id=kern.id, buren_m=buren_m)
    rows = find_per_maand(session, BEZOEKER, keuze, JAAR, limiet=60)
    return to_months(rows, 2027, met_kern=False, regio="midden")


def kern_at(session: Session, x: float) -> Kern:
    return make_kern(session, grens=MultiPolygon([box(x, Y, x + 1_000, Y + 1_000)]))


@pytest.mark.parametrize(("meter", "gezien"), [(2_999, True), (3_001, False)])
def test_a_neighbour_is_a_kern_of_which_the_boundary_is_near(
    session: Session, meter: int, gezien: bool
) -> None:
    zelf, buur = kern_at(session, X), kern_at(session, X + 1_000 + meter)
    platform = make_platform(session, kernen=[buur])
    van_buur = post(session, "2027-06-05 10:00", "2027-06-05 11:00", platform=platform)

    juni = year_of(session, zelf, 3_000.0)[5]

    lines = [(v.titel, v.aard, v.klein) for v in juni.vermeldingen]
    assert lines == ([(van_buur.titel, "buur", buur.naam)] if gezien else [])
    assert juni.activiteiten == 0  # those of a neighbour do not count


def test_a_kern_reads_how_sure_a_thing_is_in_words(app: Flask, session: Session) -> None:
    platform = make_platform(session)
    moment = ("2027-06-05 10:00", "2027-06-05 11:00")
    for status in (Status.VERWACHT, Status.AFGELAST, Status.INGETROKKEN, Status.CONCEPT):
        post(session, *moment, platform=platform, titel=status.value, status=status)

    with app.app_context():  # the words of a status are the municipality's own
        juni = year_of(session, platform.kernen[0])[5]

    assert {(v.titel, v.klein, v.onzeker, v.af) for v in juni.vermeldingen} == {
        ("verwacht", "verwacht", True, False),
        ("afgelast", "afgelast", False, True),
    }
    assert (juni.activiteiten, juni.gaan_door) == (2, 1)


def test_a_work_among_days_stands_on_its_first_and_then_on_mondays(session: Session) -> None:
    werk = make_werkzaamheid(session, eerste_dag=date(2027, 6, 2), laatste_dag=date(2027, 6, 15))
    keuze = Kiezing("GM1960")

    rows = find_per_dag(session, BEZOEKER, keuze, JAAR, limiet=9)
    dag = find_per_dag(
        session, BEZOEKER, keuze, Periode(date(2027, 6, 9), date(2027, 6, 9)), limiet=9
    )

    assert [row["dag"].day for row in rows if row["id"] == werk.id] == [2, 7, 14]
    assert [row["titel"] for row in dag] == [werk.titel]  # of one day all that goes on is told


def test_what_does_not_fit_is_counted_and_what_is_our_own_goes_first(session: Session) -> None:
    zelf, buur = kern_at(session, X), kern_at(session, X + 1_500)
    moment = ("2027-06-05 10:00", "2027-06-05 11:00")
    van_buur = make_platform(session, kernen=[buur])
    for _ in range(4):
        post(session, *moment, platform=van_buur)
    eigen = post(session, *moment, platform=make_platform(session, kernen=[zelf]))
    keuze = Kiezing("GM1960", kern_id=zelf.id, buren_m=3_000.0)
    dag = Periode(date(2027, 6, 5), date(2027, 6, 5))

    [found] = to_days(
        find_per_dag(session, BEZOEKER, keuze, dag, limiet=2), dag, met_kern=False, regio="midden"
    )

    assert found.vermeldingen[0].titel == eigen.titel
    assert (len(found.vermeldingen), found.meer) == (2, 3)


def test_the_days_of_a_month_cost_one_statement(session: Session) -> None:
    for _ in range(3):
        post(session, "2027-06-05 10:00", "2027-06-07 11:00")

    with counted(session) as statements:
        find_per_dag(session, BEZOEKER, Kiezing("GM1960"), JAAR, limiet=4)

    assert len(statements) == 1


def test_what_comes_back_in_a_month_is_told_once_with_its_days() -> None:
    koor = [Vermelding(date(2027, 6, dag), "eigen", "Koor") for dag in (1, 8, 15)]
    anders = Vermelding(date(2027, 6, 9), "eigen", "Koor", onzeker=True)

    lines = merge([koor[0], koor[1], anders, koor[2]])

    assert [(line.dag.day, [dag.day for dag in line.dagen]) for line in lines] == [
        (1, [8, 15]),
        (9, []),
    ]
