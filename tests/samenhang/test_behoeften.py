"""A project takes in the needs of several organisations; a work names one project as its own."""

from datetime import timedelta

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.samenhang.behoeften import find_behoeften, take_in
from kernenkaart.samenhang.models import ProjectWerk
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Status
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker, make_organisatie, make_project, make_werkzaamheid


def taken(session: Session) -> set[tuple[int, int]]:
    rows = session.execute(select(ProjectWerk.project_id, ProjectWerk.werkzaamheid_id))
    return {(row[0], row[1]) for row in rows}


def test_a_work_is_in_its_own_project_and_in_others(
    client: ClientFactory, session: Session
) -> None:
    eigen, ander = make_project(session, titel="Riool"), make_project(session, titel="Samen")
    werk = make_werkzaamheid(session, titel="Buizen", project_id=eigen.id)
    planner = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    response = planner.post(f"/projecten/{ander.id}/werk", data={"werken": [werk.id]})

    assert response.status_code == 302
    assert taken(session) == {(ander.id, werk.id)}
    for project in (eigen, ander):
        assert f'href="/werkzaamheden/{werk.id}"' in client().get(f"/projecten/{project.id}").text
    page = client().get(f"/werkzaamheden/{werk.id}").text
    assert page.index("Riool") < page.index("Samen")  # its own first


def test_what_is_no_longer_ticked_is_out_and_what_is_not_offered_stays(
    client: ClientFactory, session: Session
) -> None:
    project = make_project(session)
    weg, over = make_werkzaamheid(session), make_werkzaamheid(session)
    session.add_all([ProjectWerk(project_id=project.id, werkzaamheid_id=w.id) for w in (weg, over)])
    session.flush()
    planner = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    planner.post(f"/projecten/{project.id}/werk", data={"werken": [over.id]})

    assert taken(session) == {(project.id, over.id)}


def test_only_works_nearby_that_are_not_over_are_offered(
    client: ClientFactory, session: Session
) -> None:
    project = make_project(session)
    make_werkzaamheid(session, titel="Dichtbij")
    make_werkzaamheid(session, titel="Genoemd", project_id=project.id)
    make_werkzaamheid(session, titel="Gedaan", status=Status.KLAAR)
    make_werkzaamheid(session, titel="Ver", geom=Point(X + 5_000, Y))
    planner = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    page = planner.get(f"/projecten/{project.id}/werk").text

    assert [naam for naam in ("Dichtbij", "Genoemd", "Gedaan", "Ver") if naam in page] == [
        "Dichtbij"
    ]


def test_a_partner_takes_works_into_own_projects_only(
    client: ClientFactory, session: Session
) -> None:
    eigen = make_organisatie(session)
    mijn, ander = make_project(session, organisatie=eigen), make_project(session)
    werk = make_werkzaamheid(session)
    partner = client(make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=eigen.id))

    statuses = [
        partner.post(f"/projecten/{p.id}/werk", data={"werken": [werk.id]}).status_code
        for p in (mijn, ander)
    ]

    assert statuses == [302, 403]
    assert taken(session) == {(mijn.id, werk.id)}


def test_what_a_partner_cannot_see_is_not_taken_in_nor_thrown_out(session: Session) -> None:
    eigen = make_organisatie(session)
    partner = Actor(rol=Rol.KETENPARTNER, organisatie_id=eigen.id)
    project = make_project(session, organisatie=eigen)
    binnen, buiten = (make_werkzaamheid(session, status=Status.CONCEPT) for _ in "ab")
    session.add(ProjectWerk(project_id=project.id, werkzaamheid_id=binnen.id))
    session.flush()

    take_in(session, partner, project.id, [buiten.id])

    assert taken(session) == {(project.id, binnen.id)}
    assert find_behoeften(session, partner, project.id) == []


def test_visitors_see_no_work_that_is_not_public(client: ClientFactory, session: Session) -> None:
    project = make_project(session)
    for velden in ({"openbaar": False}, {"status": Status.CONCEPT}):
        werk = make_werkzaamheid(
            session, titel="Geheim", eerste_dag=today(), laatste_dag=today() + timedelta(days=1),
            **velden,
        )  # fmt: skip
        session.add(ProjectWerk(project_id=project.id, werkzaamheid_id=werk.id))
    session.flush()

    assert "Geheim" not in client().get(f"/projecten/{project.id}").text
