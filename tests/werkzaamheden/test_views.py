"""Works: posted by who plans them, with hinder first, never seen too early, never overwritten."""

import pytest
from shapely.geometry import box
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Hinderregel, Status, Werkzaamheid
from tests.conftest import ClientFactory
from tests.factories import (
    X,
    Y,
    make_gebruiker,
    make_organisatie,
    make_project,
    make_vrijstelling,
    make_werkzaamheid,
)
from tests.formulieren import chosen, filled_werk, hidden

HOSTIEL = ["{{7*7}}", "{% raw %}", "{#", "${1+1}", "`", "</script><script>alert(1)</script>", "<b>"]


def test_a_medewerker_posts_a_work_with_its_hinder(client: ClientFactory, session: Session) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    response = browser.post("/werkzaamheden/nieuw", data=filled_werk(session))

    werk = session.scalars(select(Werkzaamheid)).one()
    page = browser.get(response.location).text
    assert [r.wie for r in session.scalars(select(Hinderregel))] == ["Auto's", "Fietsers"]
    assert werk.kern is not None
    assert werk.kern.naam == "Proefdorp"
    assert page.index("Wie kan er niet langs") < page.index("Van wie is dit werk")
    assert "Soms even afstappen." in page


def test_the_preview_tells_which_kernen_it_touches_and_what_else_is_there(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = filled_werk(session, actie="bekijk", eerste_dag="01-06-2027")
    make_werkzaamheid(session, titel="Gasleiding", geom=box(X, Y, X + 50, Y + 50),
                      eerste_dag=today().replace(year=2027, month=6, day=1),
                      laatste_dag=today().replace(year=2027, month=6, day=2))  # fmt: skip

    page = browser.post("/werkzaamheden/nieuw", data=data).text

    assert "Proefdorp" in page
    assert "Gasleiding" in page
    assert session.scalars(select(Werkzaamheid.titel)).all() == ["Gasleiding"]


def test_what_was_previewed_can_be_placed_with_all_its_lines(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    preview = browser.post("/werkzaamheden/nieuw", data=filled_werk(session, actie="bekijk")).text
    carried: dict[str, str] = {}
    for part in preview.split('type="hidden" name="')[1:]:
        naam, rest = part.split('"', 1)
        waarde = rest.split('value="', 1)[1].split('"', 1)[0]
        carried[naam] = waarde.replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")

    response = browser.post("/werkzaamheden/nieuw", data=carried | {"actie": "plaats"})

    assert response.status_code == 302
    assert [r.wie for r in session.scalars(select(Hinderregel))] == ["Auto's", "Fietsers"]


def test_the_same_form_sent_twice_makes_one(client: ClientFactory, session: Session) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = filled_werk(session)

    answers = [browser.post("/werkzaamheden/nieuw", data=data) for _ in range(3)]

    assert len({answer.location.split("?")[0] for answer in answers}) == 1
    assert len(session.scalars(select(Werkzaamheid)).all()) == 1


@pytest.mark.parametrize(
    ("veld", "waarde", "zin"),
    [
        ("titel", "", "Vul een naam in."),
        ("eerste_dag", "", "Vul de eerste dag in."),
        ("eerste_dag", "31-02-2027", ""),
        ("laatste_dag", "01-06-2027", "De laatste dag ligt vóór de eerste dag."),
        ("laatste_dag", "01-06-2047", "langer dan tien jaar"),
        ("organisatie", "999999", "Kies een van de mogelijkheden"),
        ("soort", "", "Kies een soort uit de lijst."),
        ("vorm", "", "Teken op de kaart waar het werk is."),
        ("vorm", "onzin", "Dit is geen GeoJSON en geen WKT."),
        ("vorm", "POINT(51.87 5.29)", "De getallen staan omgewisseld."),
        ("vorm", "POINT(nan nan)", ""),
        ("vorm", '{"type":"Point","coordinates":[NaN,1]}', ""),
        ("vorm", "POINT(10000 600000)", "te ver buiten de gemeente"),
        ("vorm", "POLYGON((0 0,1 1,1 0,0 1,0 0))", ""),
        ("hinder_kort", "", "Vul in wie er niet langs kan."),
        ("hinderregels-wie", ["", "", ""], "Regel 1: vul in wie"),
        ("hinderregels-niveau", ["x", "x", "x"], "Regel 1: kies"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    client: ClientFactory, session: Session, veld: str, waarde: object, zin: str
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    response = browser.post(
        "/werkzaamheden/nieuw",
        data=filled_werk(session, omschrijving="Mijn lange uitleg.") | {veld: waarde},
    )

    assert response.status_code == 422
    assert zin in response.text
    assert "Mijn lange uitleg." in response.text
    assert "kk-foutoverzicht" in response.text
    assert session.scalars(select(Werkzaamheid)).all() == []


@pytest.mark.parametrize("rol", [Rol.PLATFORMLID, None], ids=["platformlid", "visitor"])
def test_who_does_not_plan_posts_no_work(
    client: ClientFactory, session: Session, rol: Rol | None
) -> None:
    browser = client(make_gebruiker(session, rol=rol) if rol else None)

    assert browser.post("/werkzaamheden/nieuw", data=filled_werk(session)).status_code in (401, 403)
    assert session.scalars(select(Werkzaamheid)).all() == []


def test_a_partner_changes_only_works_of_the_own_organisation(
    client: ClientFactory, session: Session
) -> None:
    eigen = make_organisatie(session)
    browser = client(make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=eigen.id))
    van_ons = make_werkzaamheid(session, organisatie=eigen)
    vreemd = make_werkzaamheid(session)

    assert browser.get(f"/werkzaamheden/{van_ons.id}/wijzig").status_code == 200
    assert browser.get(f"/werkzaamheden/{vreemd.id}/wijzig").status_code == 403
    assert browser.post(f"/werkzaamheden/{vreemd.id}/bevestig").status_code == 403
    assert browser.post(f"/werkzaamheden/{vreemd.id}/zet/klaar").status_code == 403
    assert browser.post(f"/werkzaamheden/{van_ons.id}/zet/klaar").status_code == 302


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("openbaar", [True, False], ids=["public", "internal"])
def test_list_and_page_show_visitors_the_same(
    client: ClientFactory, session: Session, status: Status, openbaar: bool
) -> None:
    werk = make_werkzaamheid(session, status=status, openbaar=openbaar)
    te_zien = openbaar and status is not Status.CONCEPT
    bezoeker = client()

    assert bezoeker.get(f"/werkzaamheden/{werk.id}").status_code == (200 if te_zien else 404)
    assert (werk.titel in bezoeker.get("/werkzaamheden").text) is te_zien


def test_confirming_makes_what_was_expected_certain_today(
    client: ClientFactory, session: Session
) -> None:
    werk = make_werkzaamheid(session, status=Status.VERWACHT, bevestigd_op=None)
    make_vrijstelling(session, werk)

    client(make_gebruiker(session, rol=Rol.MEDEWERKER)).post(f"/werkzaamheden/{werk.id}/bevestig")

    session.refresh(werk)
    assert (werk.status, werk.bevestigd_op) == (Status.BEVESTIGD, today())


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(
    client: ClientFactory, session: Session
) -> None:
    werk = make_werkzaamheid(session, titel="Eerst")
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = filled_werk(session, titel="Tweede", versie=werk.versie)
    werk.omschrijving = "Door een ander veranderd"
    session.flush()

    response = browser.post(f"/werkzaamheden/{werk.id}/wijzig", data=data)

    assert response.status_code == 409
    assert "Tweede" in response.text
    session.refresh(werk)
    assert werk.titel == "Eerst"


@pytest.mark.parametrize("veld", ["titel", "soort", "organisatie", "status", "hinder", "vorm"])
def test_a_form_that_lacks_a_field_is_explained(
    client: ClientFactory, session: Session, veld: str
) -> None:
    data = filled_werk(session)
    del data[veld]

    response = client(make_gebruiker(session, rol=Rol.MEDEWERKER)).post(
        "/werkzaamheden/nieuw", data=data
    )

    assert response.status_code == 422
    assert session.scalars(select(Werkzaamheid)).all() == []


def test_somebody_who_changed_only_the_hinder_lines_is_not_overwritten(
    client: ClientFactory, session: Session
) -> None:
    werk = make_werkzaamheid(session)
    browser, path = client(make_gebruiker(session, rol=Rol.MEDEWERKER)), f"/werkzaamheden/{werk.id}"
    data = filled_werk(session, organisatie=werk.organisatie_id)
    browser.post(f"{path}/wijzig", data=data | {"versie": werk.versie})
    session.refresh(werk)
    regel = {"hinderregels-wie": ["Fietsers"], "hinderregels-niveau": ["geen"]}

    codes = [
        browser.post(
            f"{path}/wijzig",
            data=data | regel | {"hinderregels-tekst": [tekst], "versie": werk.versie},
        ).status_code
        for tekst in ("Altijd.", "Nooit.")
    ]

    session.expire_all()
    assert codes == [302, 409]
    assert [rij.tekst for rij in werk.hinderregels] == ["Altijd."]


def test_a_draft_that_does_not_go_on_is_thrown_away_and_a_known_work_is_not(
    client: ClientFactory, session: Session
) -> None:
    medewerker = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    concept = make_werkzaamheid(session, status=Status.CONCEPT)
    bekend = make_werkzaamheid(session)

    answers = [
        medewerker.post(f"/werkzaamheden/{werk.id}/zet/vervallen") for werk in (concept, bekend)
    ]

    session.expire_all()
    assert [answer.location for answer in answers] == ["/mijn", f"/werkzaamheden/{bekend.id}"]
    assert session.scalars(select(Werkzaamheid)).all() == [bekend]
    assert bekend.status is Status.VERVALLEN


@pytest.mark.parametrize("tekst", HOSTIEL)
def test_hostile_texts_come_out_literally(
    client: ClientFactory, session: Session, tekst: str
) -> None:
    werk = make_werkzaamheid(session, titel=tekst, omschrijving=tekst, plek_naam=tekst)

    page = client().get(f"/werkzaamheden/{werk.id}").text

    shown = (
        tekst.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
    )
    assert f"{shown}</h1>" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize(
    ("status", "zin"),
    [(Status.KLAAR, "Je kunt er weer langs."), (Status.VERVALLEN, "Het werk gaat niet door.")],
)
def test_nobody_is_told_of_hinder_that_is_over(
    client: ClientFactory, session: Session, status: Status, zin: str
) -> None:
    werk = make_werkzaamheid(
        session, status=status, hinder="afgesloten", hinder_kort="Afgesloten voor auto's",
        omleiding="Via de dijk.",
    )  # fmt: skip
    session.add(Hinderregel(werkzaamheid_id=werk.id, volgorde=0, wie="Auto's", niveau="afgesloten",
                            tekst="Dag en nacht."))  # fmt: skip

    page = client().get(f"/werkzaamheden/{werk.id}").text

    assert zin in page
    assert "Wie kan er niet langs" not in page
    assert "Dag en nacht." not in page
    assert "Via de dijk." not in page


@pytest.mark.parametrize("via", ["formulier", "knop"])
def test_a_draft_is_placed_with_the_status_that_was_chosen(
    client: ClientFactory, session: Session, via: str
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = filled_werk(session, actie="concept", status="bevestigd", vrijstelling="Spoed")
    browser.post("/werkzaamheden/nieuw", data=data)
    werk = session.scalars(select(Werkzaamheid)).one()
    assert (werk.status, werk.bevestigd_op) == (Status.CONCEPT, None)
    page = browser.get(f"/werkzaamheden/{werk.id}/wijzig").text
    assert chosen(page, "status") == "bevestigd"

    if via == "formulier":
        placed = data | {"actie": "plaats", "versie": hidden(page, "versie")}
        browser.post(f"/werkzaamheden/{werk.id}/wijzig", data=placed)
    else:
        browser.post(f"/werkzaamheden/{werk.id}/zet/publiceren")

    session.refresh(werk)
    assert (werk.status, werk.status_straks) == (Status.BEVESTIGD, None)
    assert werk.bevestigd_op == today()


@pytest.mark.parametrize("status", [Status.CONCEPT, Status.KLAAR, Status.VERVALLEN])
def test_without_a_choice_a_work_is_put_on_the_map_as_expected(
    client: ClientFactory, session: Session, status: Status
) -> None:
    werk = make_werkzaamheid(session, status=status)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    browser.post(f"/werkzaamheden/{werk.id}/zet/publiceren")

    session.refresh(werk)
    assert werk.status is Status.VERWACHT


def test_a_work_is_put_under_a_running_project(client: ClientFactory, session: Session) -> None:
    project = make_project(session, titel="Veilig fietsen")
    klaar = make_project(session, status="klaar")
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    data = filled_werk(session)

    te_laat = browser.post("/werkzaamheden/nieuw", data=data | {"project": klaar.id})
    response = browser.post("/werkzaamheden/nieuw", data=data | {"project": project.id})

    assert f'href="/projecten/{project.id}"' in browser.get(response.location).text
    assert te_laat.status_code == 422


def test_a_partner_puts_no_work_under_the_project_of_others(
    client: ClientFactory, session: Session
) -> None:
    eigen = make_organisatie(session)
    project = make_project(session)
    browser = client(make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=eigen.id))

    response = browser.post(
        "/werkzaamheden/nieuw", data=filled_werk(session, organisatie=eigen.id, project=project.id)
    )

    assert response.status_code == 422
    assert session.scalars(select(Werkzaamheid)).all() == []
