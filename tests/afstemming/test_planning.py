"""What stands in a planning: who sees what, in which months, where."""

import re
from datetime import date, timedelta

import pytest
from shapely.geometry import LineString, Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Actor, Rol
from kernenkaart.afstemming import planning_queries
from kernenkaart.afstemming.botsing_kijken import watch
from kernenkaart.afstemming.botsing_models import Botsing
from kernenkaart.afstemming.koppel_models import Koppelkans
from kernenkaart.afstemming.koppel_zoek import look
from kernenkaart.afstemming.planning_paren import find_paren
from kernenkaart.afstemming.planning_queries import find_banden, find_rijen
from kernenkaart.afstemming.planning_vraag import PlanVraag
from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Diepte, Hinder, Status, WerkzaamheidSoort
from tests.conftest import ClientFactory
from tests.factories import (
    X,
    Y,
    add,
    make_activiteit,
    make_gebruiker,
    make_gemeente,
    make_organisatie,
    make_platform,
    make_project,
    make_verwacht,
    make_werkzaamheid,
    make_zaal,
    moment,
    numbers,
)

GEMEENTE = "GM1960"
STAF = Actor(gebruiker_id=1, rol=Rol.MEDEWERKER)
VAN = date(2027, 4, 1)
VRAAG = PlanVraag(VAN, maanden=14)


def titels(session: Session, vraag: PlanVraag = VRAAG, actor: Actor = STAF) -> list[str]:
    return [rij["titel"] for rij in find_rijen(session, actor, vraag, GEMEENTE).rijen]


def make_soort(session: Session, moratorium_maanden: int) -> WerkzaamheidSoort:
    nummer = next(numbers)
    return add(
        session,
        WerkzaamheidSoort(
            code=f"proef{nummer}", naam=f"Proef {nummer}", volgorde=nummer,
            diepte=Diepte.VERHARDING, moratorium_maanden=moratorium_maanden,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("dagen", "staat_er"),
    [
        ((date(2027, 3, 1), date(2027, 3, 31)), False),
        ((date(2027, 3, 1), date(2027, 4, 1)), True),
        ((date(2028, 5, 31), date(2028, 6, 30)), True),
        ((date(2028, 6, 1), date(2028, 6, 30)), False),
    ],
)
def test_a_work_is_there_when_it_shares_a_day_with_the_period(
    session: Session, dagen: tuple[date, date], staat_er: bool
) -> None:
    soort_id = make_soort(session, 0).id
    make_werkzaamheid(
        session, titel="Riool", soort_id=soort_id, eerste_dag=dagen[0], laatste_dag=dagen[1]
    )

    assert titels(session) == (["Riool"] if staat_er else [])


def test_a_work_that_can_move_into_the_period_is_there(session: Session) -> None:
    dagen = {"eerste_dag": date(2028, 7, 1), "laatste_dag": date(2028, 8, 1)}
    make_werkzaamheid(session, titel="Schuift", vroegst=date(2028, 5, 31), **dagen)
    make_werkzaamheid(session, titel="Schuift niet", **dagen)

    assert titels(session) == ["Schuift"]


def test_what_is_finished_moves_no_more(session: Session) -> None:
    make_werkzaamheid(
        session, soort_id=make_soort(session, 0).id, status=Status.KLAAR, laatst=VAN,
        eerste_dag=date(2027, 1, 1), laatste_dag=date(2027, 2, 1),
    )  # fmt: skip

    assert titels(session) == []


def test_a_fresh_surface_is_there_as_long_as_one_had_better_not_dig(session: Session) -> None:
    dagen = {"eerste_dag": date(2024, 3, 1), "laatste_dag": date(2024, 4, 1)}
    soort = {maanden: make_soort(session, maanden).id for maanden in (0, 35, 36)}
    for maanden, soort_id in soort.items():
        make_werkzaamheid(
            session, titel=f"{maanden} maanden", soort_id=soort_id, status=Status.KLAAR, **dagen
        )
    make_werkzaamheid(
        session, titel="onzeker", soort_id=soort[36], status=Status.NOG_NIET_ZEKER, **dagen
    )

    [rij] = find_rijen(session, STAF, VRAAG, GEMEENTE).rijen
    assert (rij["titel"], rij["rust_tot"]) == ("36 maanden", date(2027, 4, 1))


def test_what_was_finished_before_stands_below_what_comes(session: Session) -> None:
    make_werkzaamheid(
        session, titel="Vers asfalt", soort_id=make_soort(session, 60).id,
        eerste_dag=date(2026, 1, 1), laatste_dag=date(2026, 2, 1), status=Status.KLAAR,
    )  # fmt: skip
    for titel, dag in (("Later", date(2027, 9, 1)), ("Eerst", date(2027, 6, 1))):
        make_werkzaamheid(session, titel=titel, eerste_dag=dag, laatste_dag=dag)

    assert titels(session) == ["Eerst", "Later", "Vers asfalt"]


def test_dropped_works_stopped_projects_and_projects_without_days_are_not_there(
    session: Session,
) -> None:
    make_werkzaamheid(
        session, status=Status.VERVALLEN, eerste_dag=VAN, laatste_dag=VAN + timedelta(days=3)
    )
    make_project(session, status="gestopt", eerste_dag=VAN)
    make_project(session)
    make_project(session, titel="Woningen", eerste_dag=date(2020, 1, 1))

    assert titels(session) == ["Woningen"]


def test_a_partner_sees_no_draft_of_another(session: Session) -> None:
    organisatie = make_organisatie(session)
    partner = Actor(gebruiker_id=2, rol=Rol.KETENPARTNER, organisatie_id=organisatie.id)
    dagen = {"eerste_dag": VAN, "laatste_dag": VAN, "status": Status.CONCEPT}
    make_werkzaamheid(session, titel="Eigen concept", organisatie=organisatie, **dagen)
    make_werkzaamheid(session, titel="Concept van een ander", **dagen)
    make_werkzaamheid(session, titel="Intern", openbaar=False, eerste_dag=VAN, laatste_dag=VAN)

    assert titels(session, actor=partner) == ["Eigen concept", "Intern"]


def test_bars_are_filtered_as_asked(session: Session, dorp: Kern) -> None:
    organisatie = make_organisatie(session)
    soort = make_soort(session, 0)
    dagen = {"eerste_dag": VAN, "laatste_dag": VAN}
    ver = LineString([(X - 5_000, Y), (X - 4_000, Y)])
    make_werkzaamheid(session, titel="Hier", **dagen)
    make_werkzaamheid(session, titel="Ver weg", geom=ver, **dagen)
    make_werkzaamheid(session, titel="Van ons", geom=ver, organisatie=organisatie, **dagen)
    make_werkzaamheid(session, titel="Proefwerk", geom=ver, soort_id=soort.id, **dagen)
    make_werkzaamheid(session, titel="Onzeker", geom=ver, status=Status.VERWACHT, **dagen)
    make_project(session, titel="Woningen", eerste_dag=VAN, laatste_dag=VAN)

    def found(**anders: object) -> set[str]:
        return set(titels(session, PlanVraag(VAN, **anders)))

    assert found(waar="kern.proefdorp") == {"Hier", "Woningen"}
    assert found(waar=f"gebied.{dorp.gebied_id}") == {"Hier", "Woningen"}
    assert found(organisatie=organisatie.id) == {"Van ons"}
    assert found(soort=soort.code) == {"Proefwerk"}
    assert found(soort="projecten") == {"Woningen"}
    assert found(status="verwacht") == {"Onzeker"}
    assert found(q="ver weg") == {"Ver weg"}
    assert found(waar="kern.bestaat-niet") == set()


def test_works_of_another_gemeente_are_not_there(session: Session) -> None:
    elders = make_gemeente(session, code="GM9999")
    make_werkzaamheid(session, gemeente_id=elders.id, eerste_dag=VAN, laatste_dag=VAN)

    assert titels(session) == []


def test_more_than_fit_are_counted(
    session: Session, client: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning_queries, "RIJEN_MAX", 2)
    for _ in range(3):
        make_werkzaamheid(session)

    page = client(make_gebruiker(session, rol=Rol.MEDEWERKER)).get("/afstemming/planning")

    assert "Hier staan de eerste 2 van 3" in page.text
    assert page.text.count("p-balk") == 2


def test_activities_outdoors_are_bands_and_those_in_a_hall_or_each_week_are_not(
    session: Session, dorp: Kern
) -> None:
    platform = make_platform(session, kernen=[dorp])
    vraag = PlanVraag(today().replace(day=1), waar="kern.proefdorp")
    make_activiteit(session, platform=platform, titel="Markt")
    make_activiteit(session, platform=platform, titel="Weg", status="afgelast")
    make_activiteit(session, platform=platform, titel="Zaal", zaal_id=make_zaal(session, dorp).id)
    kermis = make_verwacht(session, platform=platform, titel="Kermis")
    vaak = make_verwacht(session, platform=platform, titel="Vaak")
    for dagen in (40, 41, 42):
        make_activiteit(
            session, platform=platform, titel="Vaak", reeks_id=vaak.reeks_id,
            begint_op=moment(dagen, 10), eindigt_op=moment(dagen, 12),
            reeks_dag=moment(dagen, 10).date(),
        )  # fmt: skip

    found = find_banden(session, STAF, vraag, GEMEENTE)

    assert [rij["titel"] for rij in found] == ["Markt", "Kermis"]
    assert found[1]["id"] == kermis.id
    assert found[0]["punt"] is not None


def test_an_activity_that_clashes_is_there_wherever_it_is(session: Session, dorp: Kern) -> None:
    platform = make_platform(session, kernen=[dorp])
    zaal = make_zaal(session, dorp)
    feest = make_activiteit(session, platform=platform, zaal_id=zaal.id)
    make_activiteit(session, platform=platform)

    found = find_banden(session, STAF, PlanVraag(today().replace(day=1)), GEMEENTE, {feest.id})

    assert [rij["id"] for rij in found] == [feest.id]


def test_pairs_and_clashes_stand_in_the_picture_on_the_map_and_in_words(
    session: Session, client: ClientFactory, dorp: Kern
) -> None:
    dagen = {
        "eerste_dag": today() + timedelta(days=30),
        "laatste_dag": today() + timedelta(days=50),
    }
    een, ander = (make_werkzaamheid(session, hinder=Hinder.AFGESLOTEN, **dagen) for _ in "ab")
    make_werkzaamheid(session, titel="Ertussen", geom=Point(X + 900, Y + 900), **dagen)
    feest = make_activiteit(
        session, platform=make_platform(session, kernen=[dorp]), titel="Kermis",
        geom=Point(X + 150, Y + 100), begint_op=moment(35, 10), eindigt_op=moment(36, 20),
    )  # fmt: skip
    look(session, [een.id, ander.id], [])
    watch(session, [een.id], [feest.id])
    kans = session.scalars(select(Koppelkans)).one()
    botsing = session.scalars(select(Botsing).where(Botsing.werkzaamheid_id == een.id)).one()
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    text = browser.get("/afstemming/planning?waar=kern.proefdorp").text

    assert f'href="/afstemming/koppelkans/{kans.id}"' in text
    assert f'href="/afstemming/botsingen/{botsing.id}"' in text
    assert text.count('class="p-koppelkans" x=') == 2  # the frame, and its sign in the legend
    assert "Botsing met Kermis" in text
    assert f"Koppelkans met {ander.titel}" in text
    assert '"klasse":"k-bots"' in text
    rijen = re.findall(r'class="kk-plannaam [^"]*" data-sleutel="werkzaamheid-(\d+)"', text)
    assert abs(rijen.index(str(een.id)) - rijen.index(str(ander.id))) == 1


def test_what_stands_between_rows_is_for_who_has_a_part_in_it_and_may_see_both(
    session: Session,
) -> None:
    een, ander = (make_werkzaamheid(session, hinder=Hinder.AFGESLOTEN) for _ in "ab")
    hier = {"geom": Point(X + 150, Y + 100), "begint_op": moment(35), "eindigt_op": moment(36)}
    feest = make_activiteit(session, **hier)
    geheim = make_activiteit(session, status=ActiviteitStatus.CONCEPT, **hier)
    look(session, [een.id, ander.id], [])
    watch(session, [een.id, ander.id], [feest.id, geheim.id])

    def seen(organisatie_id: int) -> tuple[int, list[tuple[int, int]]]:
        partner = Actor(gebruiker_id=2, rol=Rol.KETENPARTNER, organisatie_id=organisatie_id)
        paren = find_paren(session, partner, [een.id, ander.id], today())
        return len(paren.kansen), [(bots.werk_id, bots.activiteit_id) for bots in paren.botsen]

    assert seen(een.organisatie_id) == (1, [(een.id, feest.id)])
    assert seen(make_organisatie(session).id) == (0, [])


def test_a_night_out_ends_on_the_day_it_ends(session: Session, dorp: Kern) -> None:
    platform = make_platform(session, kernen=[dorp])
    make_activiteit(
        session, platform=platform, hele_dag=True, begint_op=moment(8, 0), eindigt_op=moment(10, 0)
    )

    [rij] = find_banden(
        session, STAF, PlanVraag(today().replace(day=1), waar="kern.proefdorp"), GEMEENTE
    )

    assert rij["eerste"] == moment(8, 0).date()
    assert rij["laatste"] == moment(9, 0).date()
