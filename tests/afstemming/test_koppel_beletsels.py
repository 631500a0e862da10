"""What stands in the way of two works is what the botsingswacht would say, wherever they go."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from shapely.affinity import translate
from shapely.geometry import Point
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Actor, Rol
from kernenkaart.afstemming.botsing_models import Botsing
from kernenkaart.afstemming.botsing_regels import botsing_regels
from kernenkaart.afstemming.koppel_beletsels import find_beletsels, find_best
from kernenkaart.afstemming.koppel_models import Kant
from kernenkaart.afstemming.koppel_regels import Werk
from kernenkaart.afstemming.koppel_venster import Beletsel
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import at, today
from kernenkaart.werkzaamheden.models import Hinder, Werkzaamheid, WerkzaamheidFase
from tests.afstemming.koppels import LIJN, MEDEWERKER, only, plan
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_platform
from tests.formulieren import counted, hidden

VANDAAG = today()
STRAKS = VANDAAG + timedelta(days=60)  # the fair; the works are planned over it
if not 3 <= STRAKS.isocalendar().week <= 50:
    STRAKS += timedelta(days=35)  # a year of weeks and one of days are the same there
REGELS = botsing_regels()


@pytest.fixture(autouse=True)
def luistert(app: Flask) -> None:
    """Pairs and clashes are looked for at each commit."""


def make_feest(
    session: Session, platform: Platform, dag: date = STRAKS, *, noord_m: float = 0, **values: Any
) -> Activiteit:
    """A fair of three days beside the middle of the street."""
    return make_activiteit(
        session,
        platform=platform,
        begint_op=at(dag, time(10)),
        eindigt_op=at(dag + timedelta(days=2), time(23)),
        **{"titel": "Kermis", "geom": Point(LIJN.centroid.x, LIJN.centroid.y + noord_m)} | values,
    )


def make_paar(session: Session, **values: Any) -> tuple[Werkzaamheid, Werkzaamheid]:
    """Two works of ten days over the fair, that can be six weeks earlier."""
    dagen = {
        "eerste_dag": STRAKS - timedelta(days=2),
        "laatste_dag": STRAKS + timedelta(days=7),
        "vroegst": STRAKS - timedelta(days=42),
    }
    riool = plan(session, "riool", titel="Nieuw riool", **dagen | values)
    return riool, plan(session, "bestrating", titel="Nieuwe klinkers", **dagen)


def found(session: Session, actor: Actor = MEDEWERKER) -> list[Beletsel]:
    werken = {kant: Werk.from_json(only(session).invoer[kant]) for kant in Kant}
    return find_beletsels(session, actor, werken, REGELS, VANDAAG)


def test_both_work_round_the_fair_and_once_they_moved_nothing_clashes(session: Session) -> None:
    werken = make_paar(session)
    make_feest(session, make_platform(session))
    beste = find_best(session, MEDEWERKER, only(session), VANDAAG)
    assert session.query(Botsing).count() == 2

    assert beste
    for werk, kant in zip(werken, Kant, strict=True):
        gaat = beste.verplaatsing[kant]
        werk.eerste_dag, werk.laatste_dag = gaat.eerste, gaat.laatste
    session.commit()

    assert beste.laatste == STRAKS - timedelta(days=REGELS.andere_tijd_dagen + 2)
    assert [een.titel for een in beste.eromheen] == ["Kermis"]
    assert session.query(Botsing).count() == 0
    na = find_best(session, MEDEWERKER, only(session), VANDAAG)
    assert na
    assert [een.schuift_dagen for een in na.verplaatsing.values()] == [0, 0]


@pytest.mark.parametrize(
    ("noord_m", "anders", "zelfde_plek"),
    [
        (25, {}, True),
        (26, {}, False),
        (250, {}, False),
        (251, {}, None),
        (0, {"status": ActiviteitStatus.AFGELAST}, None),
        (0, {"status": ActiviteitStatus.CONCEPT}, None),  # seen by its own group only
    ],
)
def test_what_is_near_as_the_botsingswacht_measures_it_counts_for_each_work(
    session: Session, noord_m: float, anders: dict[str, Any], zelfde_plek: bool | None
) -> None:
    make_paar(session)
    make_feest(session, make_platform(session), noord_m=noord_m, **anders)

    beletsels = found(session)

    kanten = [(een.kant, een.zelfde_plek) for een in beletsels]
    verwacht = [] if zelfde_plek is None else [(kant, zelfde_plek) for kant in Kant]
    assert sorted(kanten) == verwacht


def test_a_work_without_hinder_is_in_nobodys_way_and_a_phase_closes_its_own_place(
    session: Session,
) -> None:
    riool, klinkers = make_paar(session, hinder=Hinder.GEEN, hinder_kort=None)
    fase = WerkzaamheidFase(
        werkzaamheid_id=klinkers.id, volgorde=1, naam="Kruising",
        eerste_dag=klinkers.eerste_dag + timedelta(days=3),
        laatste_dag=klinkers.eerste_dag + timedelta(days=4),
        geom=translate(LIJN, 0, 200),
    )  # fmt: skip
    session.add(fase)
    make_feest(session, make_platform(session), noord_m=-100)
    session.flush()
    assert found(session) == []

    fase.geom = None

    assert [(een.kant, een.deel) for een in found(session)] == [(Kant.B, (3, 4))]
    assert riool.id < klinkers.id


def test_what_was_there_every_year_counts_until_somebody_enters_it(session: Session) -> None:
    groep = make_platform(session)
    week = STRAKS.isocalendar()
    for jaar in range(1, 4):
        dag = date.fromisocalendar(week.year - jaar, week.week, week.weekday)
        make_feest(session, groep, dag, titel=f"Kermis {dag.year}")
    make_paar(session)

    usual = found(session)
    make_feest(session, groep, STRAKS, noord_m=2_000)  # elsewhere this year

    assert {(een.kant, een.zeker) for een in usual} == {(Kant.A, False), (Kant.B, False)}
    assert {een.dagen.eerste for een in usual} == {
        date.fromisocalendar(week.year, week.week, week.weekday)
    }
    assert found(session) == []


def test_the_page_tells_the_best_days_and_fills_them_in(
    client: ClientFactory, session: Session
) -> None:
    make_paar(session)
    make_feest(session, make_platform(session))
    kans = only(session)
    plan(session, "gas", geom=translate(LIJN, 0, 40), eerste_dag=STRAKS, laatste_dag=STRAKS)
    session.commit()
    beste = find_best(session, MEDEWERKER, kans, VANDAAG)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    with counted(session) as statements:
        page = browser.get(f"/afstemming/koppelkans/{kans.id}").text

    assert beste
    assert "Samen kan van " in page
    assert "valt daar dan buiten." in page
    assert f'value="{beste.eerste:%d-%m-%Y}"' in page
    assert f'value="{beste.laatste:%d-%m-%Y}"' in page
    assert "Dit hangt ermee samen" in page
    assert len(statements) <= 8
    velden = {
        "gezien": hidden(page, "gezien"), "keuze": "na_elkaar", "reden": "Dat past beter.",
        "venster_van": f"{beste.eerste:%d-%m-%Y}", "venster_tot": f"{beste.laatste:%d-%m-%Y}",
    }  # fmt: skip
    url = f"/afstemming/koppelkans/{kans.id}"
    assert "Na elkaar duurt het 20 dagen." in browser.post(url, data=velden).text
    assert browser.post(url, data=velden | {"keuze": "niet"}).status_code == 302
    assert "Afgesproken:" not in browser.get(url).text
