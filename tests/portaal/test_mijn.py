from datetime import date, time, timedelta

import pytest
from shapely.geometry import LineString
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Rol
from kernenkaart.kernen.models import Spreekuur
from kernenkaart.portaal.veranderd import tell
from kernenkaart.samenhang.models import Wijzigingsverzoek
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Status
from tests.conftest import ClientFactory
from tests.factories import (
    add,
    make_activiteit,
    make_gebruiker,
    make_initiatief,
    make_kern,
    make_organisatie,
    make_platform,
    make_werkzaamheid,
    moment,
)
from tests.formulieren import counted


def work_in(session: Session, kern, **values):
    x, y = kern.hart.x, kern.hart.y
    return make_werkzaamheid(session, geom=LineString([(x, y), (x + 50, y)]), **values)


def make_makelaar(session: Session, *kernen):
    return make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=kernen)


def test_a_visitor_logs_in_first(client: ClientFactory) -> None:
    page = client().get("/mijn")

    assert page.status_code == 302
    assert "/inloggen" in page.headers["Location"]


@pytest.mark.parametrize(("dagen", "wacht"), [(89, False), (90, False), (91, True), (400, True)])
def test_a_work_waits_when_it_was_confirmed_more_than_90_days_ago(
    client: ClientFactory, session: Session, dagen: int, wacht: bool
) -> None:
    kern = make_kern(session)
    werk = work_in(session, kern, bevestigd_op=today() - timedelta(days=dagen))

    page = client(make_makelaar(session, kern)).get("/mijn").text

    assert (f"{werk.titel}, {kern.naam}: lang niet bevestigd" in page) is wacht


@pytest.mark.parametrize(
    ("laatste", "status", "wacht"),
    [
        (-1, Status.BEZIG, True),
        (-1, Status.BEVESTIGD, True),
        (0, Status.BEZIG, False),
        (-1, Status.KLAAR, False),
        (-1, Status.VERVALLEN, False),
    ],
)
def test_a_work_past_its_last_day_waits_until_it_is_said_to_be_done(
    client: ClientFactory, session: Session, laatste: int, status: Status, wacht: bool
) -> None:
    kern = make_kern(session)
    werk = work_in(
        session,
        kern,
        eerste_dag=today() - timedelta(days=9),
        laatste_dag=today() + timedelta(days=laatste),
        status=status,
    )

    page = client(make_makelaar(session, kern)).get("/mijn").text

    assert (f"{werk.titel}, {kern.naam}: voorbij" in page) is wacht


def test_a_gebiedsmakelaar_sees_the_own_kernen_only(
    client: ClientFactory, session: Session
) -> None:
    eigen, ander = make_kern(session), make_kern(session)
    oud = today() - timedelta(days=200)
    work_in(session, eigen, titel="Riool hier", bevestigd_op=oud)
    work_in(session, ander, titel="Riool daar", bevestigd_op=oud)

    page = client(make_makelaar(session, eigen)).get("/mijn").text

    assert "Riool hier" in page
    assert "Riool daar" not in page
    assert eigen.naam in page
    assert ander.naam not in page


def test_what_changed_is_told_in_plain_words(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    [kern] = platform.kernen
    activiteit = make_activiteit(session, platform=platform, titel="Lentefair")
    werk = work_in(session, kern, titel="Riool Stationsstraat")
    activiteit.status = ActiviteitStatus.AFGELAST
    werk.eerste_dag += timedelta(days=14)
    werk.laatste_dag += timedelta(days=14)
    session.flush()

    page = " ".join(client(make_makelaar(session, kern)).get("/mijn").text.split())

    assert "Lentefair</a> is afgelast." in page
    assert "Riool Stationsstraat</a> is twee weken later." in page


def test_what_changed_in_sql_is_told_too(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session)
    werk = work_in(session, kern, titel="Kabel")
    session.execute(
        text("UPDATE werkzaamheid SET status = 'bezig' WHERE id = :id"), {"id": werk.id}
    )

    page = client(make_makelaar(session, kern)).get("/mijn").text

    assert "Kabel</a> is begonnen." in page


@pytest.mark.parametrize(
    ("oud", "nieuw", "zin"),
    [
        ({"eerste_dag": "2027-06-07"}, {"eerste_dag": "2027-06-08"}, "is één dag later."),
        ({"eerste_dag": "2027-06-07"}, {"eerste_dag": "2027-05-31"}, "is één week eerder."),
        ({"eerste_dag": "2027-06-07"}, {"eerste_dag": "2027-06-10"}, "is drie dagen later."),
        ({"eerste_dag": "2027-06-07"}, {"eerste_dag": "2027-09-06"}, "is 13 weken later."),
        ({"laatste_dag": "2027-06-07"}, {"laatste_dag": "2027-06-10"}, "duurt nu tot en met"),
        (
            {"begint_op": "2027-06-12T08:00:00+00:00"},
            {"begint_op": "2027-06-12T09:00:00+00:00"},
            "heeft een andere tijd.",
        ),
        ({"status": "afgelast"}, {"status": "gepubliceerd"}, "gaat toch door."),
        ({"hinder": "geen"}, {"hinder": "afgesloten"}, "heeft andere hinder."),
        ({"omschrijving": "a"}, {"omschrijving": "b"}, "is aangepast."),
        ({"sleutel": None}, {"sleutel": "x"}, None),
    ],
)
def test_each_change_has_its_sentence(oud, nieuw, zin) -> None:
    told = tell("activiteit", oud, nieuw)

    assert told == zin or (zin and told and told.startswith(zin))


def test_something_new_is_told_once_it_is_no_concept() -> None:
    assert tell("activiteit", {}, {}, vers={"status": "gepubliceerd"}) == "is nieuw."
    assert tell("activiteit", {}, {}, vers={"status": "concept"}) is None


def test_a_platformlid_finds_the_own_entries_and_not_those_of_others(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    make_activiteit(session, platform=platform, titel="Straks van ons")
    make_activiteit(
        session, platform=platform, titel="Nog niet af", status=ActiviteitStatus.CONCEPT
    )
    make_activiteit(
        session,
        platform=platform,
        titel="Lang voorbij",
        begint_op=moment(-9, 10),
        eindigt_op=moment(-9, 11),
    )
    make_initiatief(session, platform=platform, titel="Ons voedselbos")
    make_activiteit(session, titel="Van een ander")

    page = client(make_gebruiker(session, platform)).get("/mijn").text

    places = [page.index(t) for t in ("Nog niet af", "Straks van ons", "Ons voedselbos")]
    assert places == sorted(places)
    assert "Lang voorbij" in page
    assert "Van een ander" not in page
    assert platform.naam in page


def test_who_plans_works_finds_those_of_the_own_organisation(
    client: ClientFactory, session: Session
) -> None:
    organisatie = make_organisatie(session)
    make_werkzaamheid(session, organisatie=organisatie, titel="Onze kabel")
    make_werkzaamheid(session, organisatie=organisatie, titel="Plan", status=Status.CONCEPT)
    oud = make_werkzaamheid(
        session,
        organisatie=organisatie,
        titel="Oude kabel",
        bevestigd_op=today() - timedelta(days=100),
    )
    make_werkzaamheid(session, titel="Andermans riool")
    partner = make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=organisatie.id)

    page = client(partner).get("/mijn").text

    assert "Onze kabel" in page
    assert "Plan" in page
    assert "Andermans riool" not in page
    assert f'action="/werkzaamheden/{oud.id}/bevestig"' in page


def test_a_beheerder_finds_the_way_to_beheer(client: ClientFactory, session: Session) -> None:
    page = client(make_gebruiker(session, rol=Rol.BEHEERDER)).get("/mijn").text

    assert 'href="/beheer/gebruikers"' in page


@pytest.mark.parametrize("rol", list(Rol)[2:])
def test_the_page_asks_at_most_eight_questions(
    client: ClientFactory, session: Session, rol: Rol
) -> None:
    platform = make_platform(session)
    organisatie = make_organisatie(session)
    [kern] = platform.kernen
    for _ in range(5):
        activiteit = make_activiteit(session, platform=platform)
        work_in(session, kern, organisatie=organisatie, bevestigd_op=date(2020, 1, 1))
        add(session, Wijzigingsverzoek(laag="activiteiten", ding_id=activiteit.id, tekst="Hoi"))
    wie = make_gebruiker(session, platform, rol=rol, organisatie_id=organisatie.id, kernen=[kern])
    browser = client(wie)

    with counted(session) as statements:
        assert browser.get("/mijn").status_code == 200

    assert len(statements) <= 8, statements


def test_a_gebiedsmakelaar_sets_the_weekly_hour(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session)
    makelaar = make_makelaar(session, kern)
    browser = client(makelaar)
    data = {"weekdag": "2", "van": "9.00", "tot": "11.30", "plek": "Dorpshuis", "kern_id": kern.id}

    assert browser.post("/mijn/spreekuur", data=data).status_code == 302
    uur = session.scalars(select(Spreekuur).where(Spreekuur.gebruiker_id == makelaar.id)).one()
    assert (uur.weekdag, uur.van, uur.tot) == (2, time(9), time(11, 30))

    fout = browser.post(f"/mijn/spreekuur/{uur.id}", data=data | {"tot": "8.00"})
    assert fout.status_code == 422
    assert "De eindtijd is vroeger dan de begintijd" in fout.text

    assert browser.post(f"/mijn/spreekuur/{uur.id}", data={"actie": "weg"}).status_code == 302
    assert session.scalars(select(Spreekuur)).all() == []


def test_nobody_changes_the_hour_of_another(client: ClientFactory, session: Session) -> None:
    ander = make_makelaar(session)
    uur = add(
        session,
        Spreekuur(gebruiker_id=ander.id, weekdag=1, van=time(9), tot=time(10), plek="Daar"),
    )

    for rol in (Rol.GEBIEDSMAKELAAR, Rol.MEDEWERKER, Rol.PLATFORMLID):
        browser = client(make_gebruiker(session, rol=rol))
        answer = browser.post(f"/mijn/spreekuur/{uur.id}", data={"actie": "weg"})
        assert answer.status_code == 404
    assert session.get(Spreekuur, uur.id) is not None


def test_only_a_gebiedsmakelaar_has_a_weekly_hour(client: ClientFactory, session: Session) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = {"weekdag": "2", "van": "9.00", "tot": "11.30", "plek": "Dorpshuis", "kern_id": ""}

    assert browser.get("/mijn/spreekuur").status_code == 403
    assert browser.post("/mijn/spreekuur", data=data).status_code == 403
