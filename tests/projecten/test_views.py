"""Projects: posted by who plans them, seen as the policy says, never overwritten silently."""

import uuid

import pytest
from shapely.geometry import MultiPolygon, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.projecten.models import Project, ProjectFase, Status
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker, make_kern, make_organisatie, make_project
from tests.formulieren import chosen, hidden

VLAK = f"POLYGON(({X} {Y},{X + 100} {Y},{X + 100} {Y + 100},{X} {Y}))"


def ingevuld(session: Session, **values: object) -> dict[str, object]:
    make_kern(session, grens=MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)]))
    return {
        "actie": "plaats",
        "sleutel": str(uuid.uuid4()),
        "titel": "24 woningen",
        "organisatie": make_organisatie(session).id,
        "soort": session.scalars(select(Project.soort.property.mapper.class_.id)).first(),
        "status": "voorbereiding",
        "participatie": "raadplegen",
        "participatie_uitleg": "Je kunt meedenken over de speelplek.",
        "fasen-naam": ["Plan klaar", "Bouw"],
        "fasen-periode": ["najaar 2027", ""],
        "vorm": VLAK,
        "openbaar": "y",
    } | values


def test_a_medewerker_posts_a_project_with_its_steps(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    response = browser.post("/projecten/nieuw", data=ingevuld(session))

    project = session.scalars(select(Project)).one()
    assert response.status_code == 302
    assert project.status is Status.VOORBEREIDING
    assert [f.naam for f in session.scalars(select(ProjectFase))] == ["Plan klaar", "Bouw"]
    assert "Je kunt meedenken over de speelplek." in browser.get(f"/projecten/{project.id}").text


def test_the_preview_shows_everything_that_was_filled_in(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    filled = {
        "eerste_dag": "01-03-2027", "laatste_dag": "20-12-2027", "plek": "Bij de molen",
        "contact_rol": "projectleider", "contact_telefoon": "0345 000 000",
        "website": "www.voorbeeld.nl",
    }  # fmt: skip

    page = browser.post("/projecten/nieuw", data=ingevuld(session, actie="bekijk", **filled)).text

    feiten = page.partition('<dl class="kk-feiten">')[2].partition("</dl>")[0]
    for tekst in ("ma 1 maart 2027", "ma 20 december 2027", "Bij de molen", "projectleider",
                  "0345 000 000", "https://www.voorbeeld.nl"):  # fmt: skip
        assert tekst in feiten


def test_a_draft_remembers_the_status_that_was_chosen(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = ingevuld(session, actie="concept", status="uitvoering")
    browser.post("/projecten/nieuw", data=data)
    project = session.scalars(select(Project)).one()
    assert project.status is Status.CONCEPT

    page = browser.get(f"/projecten/{project.id}/wijzig").text

    assert chosen(page, "status") == "uitvoering"
    placed = data | {"actie": "plaats", "versie": hidden(page, "versie")}
    assert browser.post(f"/projecten/{project.id}/wijzig", data=placed).status_code == 302
    session.refresh(project)
    assert (project.status, project.status_straks) == (Status.UITVOERING, None)


@pytest.mark.parametrize("veld", ["titel", "soort", "organisatie", "status", "vorm"])
def test_a_form_that_lacks_a_field_is_explained(
    client: ClientFactory, session: Session, veld: str
) -> None:
    data = ingevuld(session)
    del data[veld]

    response = client(make_gebruiker(session, rol=Rol.MEDEWERKER)).post(
        "/projecten/nieuw", data=data
    )

    assert response.status_code == 422
    assert session.scalars(select(Project)).all() == []


def test_the_same_form_sent_twice_makes_one(client: ClientFactory, session: Session) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = ingevuld(session)

    for _ in range(2):
        assert browser.post("/projecten/nieuw", data=data).status_code == 302

    assert len(session.scalars(select(Project)).all()) == 1


@pytest.mark.parametrize(
    ("veld", "waarde", "zin"),
    [
        ("titel", "", "Vul een naam in."),
        ("vorm", "", "Teken op de kaart"),
        ("vorm", "POINT(51.87 5.29)", "De getallen staan omgewisseld."),
        ("website", "javascript:alert(1)", "Dit is geen webadres."),
        ("laatste_dag", "01-01-2026", "De laatste dag ligt vóór de eerste dag."),
        ("fasen-naam", ["", "Bouw"], "Stap 1: vul in wat er gebeurt."),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    client: ClientFactory, session: Session, veld: str, waarde: object, zin: str
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    data = ingevuld(session, eerste_dag="01-02-2026", omschrijving="Mijn lange uitleg.")
    response = browser.post("/projecten/nieuw", data=data | {veld: waarde})

    assert response.status_code == 422
    assert zin in response.text
    assert "Mijn lange uitleg." in response.text
    assert session.scalars(select(Project)).all() == []


@pytest.mark.parametrize("rol", [Rol.PLATFORMLID, None], ids=["platformlid", "visitor"])
def test_who_does_not_plan_posts_no_project(
    client: ClientFactory, session: Session, rol: Rol | None
) -> None:
    browser = client(make_gebruiker(session, rol=rol) if rol else None)

    response = browser.post("/projecten/nieuw", data=ingevuld(session))

    assert response.status_code in (401, 403)
    assert session.scalars(select(Project)).all() == []


def test_a_partner_posts_only_for_the_own_organisation(
    client: ClientFactory, session: Session
) -> None:
    eigen = make_organisatie(session)
    browser = client(make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=eigen.id))

    vreemd = browser.post("/projecten/nieuw", data=ingevuld(session))
    goed = browser.post("/projecten/nieuw", data=ingevuld(session, organisatie=eigen.id))

    assert (vreemd.status_code, goed.status_code) == (422, 302)
    assert session.scalars(select(Project.organisatie_id)).all() == [eigen.id]


@pytest.mark.parametrize(
    ("status", "openbaar", "te_zien"),
    [
        (Status.VERKENNING, True, True),
        (Status.GESTOPT, True, True),
        (Status.CONCEPT, True, False),
        (Status.UITVOERING, False, False),
    ],
)
def test_list_and_page_show_visitors_the_same(
    client: ClientFactory, session: Session, status: Status, openbaar: bool, te_zien: bool
) -> None:
    project = make_project(session, status=status, openbaar=openbaar)
    bezoeker = client()

    assert bezoeker.get(f"/projecten/{project.id}").status_code == (200 if te_zien else 404)
    assert (project.titel in bezoeker.get("/projecten").text) is te_zien


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(
    client: ClientFactory, session: Session
) -> None:
    project = make_project(session, titel="Eerst")
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = ingevuld(session, titel="Tweede", versie=project.versie)
    project.omschrijving = "Door een ander veranderd"
    session.flush()

    response = browser.post(f"/projecten/{project.id}/wijzig", data=data)

    assert response.status_code == 409
    assert "Tweede" in response.text
    session.refresh(project)
    assert project.titel == "Eerst"


def test_a_geometry_that_was_not_touched_stays_to_the_last_decimal(
    client: ClientFactory, session: Session
) -> None:
    project = make_project(session)
    was = project.geom
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    page = browser.get(f"/projecten/{project.id}/wijzig").text
    vorm = page.split('name="vorm"')[1].split(">", 1)[1].split("</textarea>")[0].strip()

    browser.post(
        f"/projecten/{project.id}/wijzig",
        data=ingevuld(session, versie=project.versie, vorm=vorm.replace("&#34;", '"')),
    )

    session.refresh(project)
    assert project.titel == "24 woningen"
    assert project.geom is not None
    assert project.geom.equals_exact(was, 0)
