"""The startcheck as a page and on paper: asked, kept, told, and seen by who plans."""

import re
import uuid
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from shapely.geometry import MultiPolygon
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.afstemming.startcheck_models import Startcheck, StartcheckVrijstelling
from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import format_dag, today
from kernenkaart.werkzaamheden.models import Hinder, Status, WerkzaamheidSoort
from tests.afstemming.startchecks import PAD, check_of, dorp, keep, make_vraag, medewerker, rows_of
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_gebruiker,
    make_kern,
    make_organisatie,
    make_platform,
    make_project,
    make_werkzaamheid,
)
from tests.formulieren import SCHERP, chosen, counted, hidden


def vraag(session: Session, kern: Kern, **velden: Any) -> dict[str, Any]:
    """The form of the question, filled in."""
    soort = session.scalar(select(WerkzaamheidSoort.id).where(WerkzaamheidSoort.code == "asfalt"))
    eerste = today() + timedelta(weeks=10)
    return {
        "kern": kern.slug,
        "eerste_dag": f"{eerste:%d-%m-%Y}",
        "laatste_dag": f"{eerste + timedelta(days=11):%d-%m-%Y}",
        "soort": soort,
        "hinder": "afgesloten",
    } | velden


def werk_kern(werk: Any) -> Any:
    """A boundary around a work."""
    return MultiPolygon([werk.geom.buffer(300)])


def test_one_page_tells_who_what_and_by_when(client: ClientFactory, session: Session) -> None:
    kern = dorp(session)
    dag = today() + timedelta(weeks=10)
    make_werkzaamheid(session, titel="Gasleiding", geom=kern.hart, eerste_dag=dag,
                      laatste_dag=dag)  # fmt: skip
    make_project(session, titel="Woningen achter", geom=kern.hart)
    make_activiteit(session, titel="Te vroeg", geom=kern.hart)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    page = browser.get(PAD, query_string=vraag(session, kern)).text

    assert "Mees Makelaar" in page
    assert "do 9.00 - 11.00, Dorpshuis Proefdorp" in page
    assert "Dorpsraad Proefdorp" in page
    assert format_dag(dag - timedelta(weeks=6)) in page
    assert "Gasleiding" in page
    assert "Woningen achter" in page
    assert "Te vroeg" not in page
    assert session.scalars(select(Startcheck)).all() == []


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"kern": ""}, "Kies een kern, of teken een gebied."),
        ({"kern": "bestaat-niet"}, "Kies een van de mogelijkheden"),
        ({"eerste_dag": ""}, "Vul de eerste dag in."),
        ({"eerste_dag": "31-02-2027"}, ""),
        ({"laatste_dag": "01-01-2020"}, "De laatste dag ligt vóór de eerste dag."),
        ({"laatste_dag": "01-01-2090"}, "Dit duurt langer dan tien jaar."),
        ({"soort": ""}, "Kies een soort uit de lijst."),
        ({"hinder": "erg"}, "Kies een van de mogelijkheden"),
        ({"vorm": "onzin"}, "Dit is geen GeoJSON en geen WKT."),
        ({"vorm": "POINT(51.87 5.29)"}, "De getallen staan omgewisseld."),
        ({"titel": "x" * 201}, "Maak dit korter"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_question_that_is_not_right_gets_a_sentence(
    client: ClientFactory, session: Session, method: str, velden: dict[str, str], zin: str
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = vraag(session, make_kern(session)) | velden
    args = {"query_string": data} if method == "GET" else {"data": data}

    response = browser.open(PAD, method=method, **args)

    assert response.status_code == 422
    assert zin in response.text
    assert "kk-foutoverzicht" in response.text
    assert session.scalars(select(Startcheck)).all() == []


def test_from_question_to_told_without_a_script(client: ClientFactory, session: Session) -> None:
    kern = dorp(session)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    page = browser.get(PAD, query_string=vraag(session, kern)).text
    data = vraag(session, kern) | {"sleutel": hidden(page, "sleutel")}

    kept = [browser.post(PAD, data=data).location for _ in range(2)]
    page = browser.get(kept[0]).text
    [raad] = re.findall(r'value="(\d+)"[^>]*><span>Dorpsraad Proefdorp', page)
    told = browser.post(
        kept[0], data={"wie": raad, "dag": f"{today():%d-%m-%Y}", "hoe": "Brief aan huis"}
    )

    check = session.scalars(select(Startcheck)).one()
    assert kept == [f"{PAD}/{check.id}"] * 2
    assert check.titel == "Asfalt in Proefdorp"
    assert told.location == kept[0]
    page = browser.get(kept[0]).text
    assert "Brief aan huis" in page
    assert 'Toch niet<span class="vh">: Dorpsraad Proefdorp</span>' in page
    browser.post(f"{kept[0]}/ongedaan", data={"groep": raad})
    assert "Toch niet" not in browser.get(kept[0]).text


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"wie": ""}, "Kruis aan wie je hebt geïnformeerd."),
        ({"dag": ""}, "Vul de dag in."),
        ({"dag": "01-01-2199"}, "Deze dag moet nog komen."),
        ({"hoe": ""}, "Vul in hoe."),
    ],
)
def test_what_is_not_complete_is_not_written_down(
    client: ClientFactory, session: Session, velden: dict[str, str], zin: str
) -> None:
    kern = dorp(session)
    check_id = keep(session, medewerker(session), make_vraag(session, kern.hart))
    row = rows_of(session, check_id)[0]
    goed = {"wie": str(row.id), "dag": f"{today():%d-%m-%Y}", "hoe": "Brief"}
    data = {naam: waarde for naam, waarde in (goed | velden).items() if waarde}

    response = client(make_gebruiker(session, rol=Rol.MEDEWERKER)).post(
        f"{PAD}/{check_id}", data=data
    )

    assert response.status_code == 422
    assert zin in response.text
    assert all(rij.geinformeerd_op is None for rij in rows_of(session, check_id))


@pytest.mark.parametrize("vast", [False, True], ids=["asked", "kept"])
def test_the_answer_on_paper_is_tagged_and_complete(
    client: ClientFactory, session: Session, vast: bool
) -> None:
    kern = dorp(session)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    if vast:
        check_id = keep(session, medewerker(session), make_vraag(session, kern.hart))
        response = browser.get(f"{PAD}/{check_id}.pdf")
    else:
        response = browser.get(f"{PAD}.pdf", query_string=vraag(session, kern))

    reader = PdfReader(BytesIO(response.data))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert response.content_type == "application/pdf"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    for wat in ("Startcheck: ", "Dorpsraad Proefdorp", "Mees Makelaar", "Dorpshuis", "Omwonenden"):
        assert wat in text


def test_a_question_that_is_not_right_is_not_printed(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    assert browser.get(f"{PAD}.pdf").status_code == 422


def test_a_work_asks_its_own_question_and_is_kept_with_it(
    client: ClientFactory, session: Session
) -> None:
    kern = dorp(session)
    werk = make_werkzaamheid(session, titel="Riool erin", geom=kern.hart, hinder=Hinder.AFGESLOTEN,
                             hinder_kort="Dicht")  # fmt: skip
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    page = browser.get(f"{PAD}?werk={werk.id}").text
    browser.post(PAD, data={"werk": werk.id, "sleutel": hidden(page, "sleutel")})

    check = session.scalars(select(Startcheck)).one()
    assert "Dorpsraad Proefdorp" in page
    assert (check.werkzaamheid_id, check.titel) == (werk.id, "Riool erin")


def test_planners_see_on_the_work_how_it_stands_and_residents_one_line(
    client: ClientFactory, session: Session
) -> None:
    kern = dorp(session)
    werk = make_werkzaamheid(session, geom=kern.hart)
    check_id = check_of(session, medewerker(session), werk)
    for rij in rows_of(session, check_id)[:1]:
        rij.geinformeerd_op, rij.hoe = today(), "Geheime manier"
    session.flush()

    planner = client(make_gebruiker(session, rol=Rol.MEDEWERKER)).get(f"/werkzaamheden/{werk.id}")
    bezoeker = client().get(f"/werkzaamheden/{werk.id}").text

    assert f"{PAD}/{check_id}" in planner.text
    assert "Nog te informeren" in planner.text
    assert f"Groepen geïnformeerd op {format_dag(today())}." in bezoeker
    for verborgen in (PAD, "Geheime manier", "Nog te informeren"):
        assert verborgen not in bezoeker


def test_an_exemption_needs_a_reason_and_says_who_gave_it(
    client: ClientFactory, session: Session
) -> None:
    werk = make_werkzaamheid(session, status=Status.VERWACHT)
    gebruiker = make_gebruiker(session, rol=Rol.MEDEWERKER, naam="Mo van Beheer")
    browser, pad = client(gebruiker), f"{PAD}/werk/{werk.id}/vrijstelling"
    make_kern(session, grens=werk_kern(werk))

    leeg = browser.post(pad, data={"vrijstelling": " "})
    goed = browser.post(pad, data={"vrijstelling": "Spoedreparatie na een breuk"})

    vrij = session.scalars(select(StartcheckVrijstelling)).one()
    assert leeg.status_code == 422
    assert "Vul in waarom een startcheck hier niet nodig is." in leeg.text
    assert goed.location == f"/werkzaamheden/{werk.id}"
    assert (vrij.reden, vrij.gebruiker_id) == ("Spoedreparatie na een breuk", gebruiker.id)
    page = browser.get(goed.location).text
    assert "Spoedreparatie na een breuk" in page
    assert "Mo van Beheer" in page
    assert "Spoedreparatie" not in client().get(goed.location).text


def test_a_partner_checks_only_works_of_the_own_organisation(
    client: ClientFactory, session: Session
) -> None:
    kern = dorp(session)
    eigen = make_organisatie(session)
    vreemd = make_werkzaamheid(session, geom=kern.hart)
    van_ons = make_werkzaamheid(session, geom=kern.hart, organisatie=eigen)
    browser = client(make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=eigen.id))
    check_id = check_of(session, medewerker(session), vreemd)

    def post(werk_id: int) -> int:
        return browser.post(PAD, data={"werk": werk_id, "sleutel": str(uuid.uuid4())}).status_code

    assert (post(van_ons.id), post(vreemd.id)) == (302, 403)
    assert browser.get(f"{PAD}/{check_id}").status_code == 404
    assert browser.get(f"{PAD}/{check_id}.pdf").status_code == 404
    assert browser.post(f"{PAD}/{check_id}/ongedaan").status_code == 404
    assert browser.post(f"{PAD}/werk/{vreemd.id}/vrijstelling",
                        data={"vrijstelling": "Zo maar"}).status_code == 403  # fmt: skip


def test_a_check_can_be_linked_to_a_work_later(client: ClientFactory, session: Session) -> None:
    kern = dorp(session)
    werk = make_werkzaamheid(session, titel="Riool erin", geom=kern.hart)
    ver = make_werkzaamheid(session, titel="Ver weg")
    check_id = keep(session, medewerker(session), make_vraag(session, kern.hart.buffer(50)))
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    page = browser.get(f"{PAD}/{check_id}").text

    codes = [
        browser.post(f"{PAD}/{check_id}/werk", data={"werk": een.id}).status_code
        for een in (ver, werk)
    ]

    assert ("Riool erin" in page, "Ver weg" in page) == (True, False)
    assert codes == [422, 302]
    assert session.scalars(select(Startcheck.werkzaamheid_id)).all() == [werk.id]


@pytest.mark.parametrize("tekst", SCHERP)
def test_sharp_texts_come_out_literally(
    client: ClientFactory, session: Session, tekst: str
) -> None:
    kern = dorp(session)
    check_id = keep(session, medewerker(session), make_vraag(session, kern.hart, titel=tekst))
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    shown = tekst.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    pages = [browser.get(pad).text for pad in (PAD, f"{PAD}/{check_id}")]

    assert all(shown.replace('"', "&#34;") in page for page in pages)
    assert not any("<script>alert(1)" in page or "<img src=x" in page for page in pages)


@pytest.mark.parametrize("pad", [PAD, f"{PAD}?werk={{werk}}", f"{PAD}/{{check}}"])
def test_a_page_asks_at_most_eight_questions_however_many_kernen(
    client: ClientFactory, session: Session, pad: str
) -> None:
    kernen = [make_kern(session) for _ in range(3)]
    make_platform(session, kernen=kernen)
    lijn = kernen[0].grens.union(kernen[-1].grens).convex_hull
    werk = make_werkzaamheid(session, geom=lijn)
    check_id = check_of(session, medewerker(session), werk)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    with counted(session) as statements:
        response = browser.get(pad.format(werk=werk.id, check=check_id))

    assert response.status_code == 200
    assert len(statements) <= 8, statements


def test_the_question_of_what_lies_near_leads_planners_to_the_check_of_that_kern(
    client: ClientFactory, session: Session
) -> None:
    kern = dorp(session)
    planner = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    pad = f"{PAD}?kern={kern.slug}"

    assert f'href="{pad}"' in planner.get(f"/werkzaamheden/nabij/{kern.slug}").text
    assert pad not in client().get(f"/werkzaamheden/nabij/{kern.slug}").text
    assert chosen(planner.get(pad).text, "kern") == kern.slug
