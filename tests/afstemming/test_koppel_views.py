"""The pages of works that could be one: who sees what, deciding, and what residents read."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.afstemming.koppel_models import Koppelbesluit, Koppelkans
from kernenkaart.afstemming.koppel_services import decide, seen_of
from kernenkaart.tijd import format_dag, format_dagen, today
from kernenkaart.werkzaamheden.models import Hinder, Werkzaamheid
from tests.afstemming.test_koppelkansen import LIJN, MEDEWERKER, SAMEN, only, plan
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker, make_kern, make_organisatie
from tests.formulieren import counted, hidden

STRAKS = {
    "eerste_dag": today() + timedelta(days=40),
    "laatste_dag": today() + timedelta(days=53),
}


def two(session: Session, **values: object) -> tuple[Werkzaamheid, Werkzaamheid, Koppelkans]:
    """A sewer and a pavement in one street next month, and the pair that they are."""
    a = plan(session, "riool", titel="Nieuw riool", plek_naam="Nieuwsteeg", **STRAKS)
    velden = {"titel": "Nieuwe klinkers", "plek_naam": "Nieuwsteeg"} | STRAKS | values
    b = plan(session, "bestrating", **velden)
    return a, b, only(session)


def staff(client: ClientFactory, session: Session) -> FlaskClient:
    return client(make_gebruiker(session, rol=Rol.MEDEWERKER))


def partner(client: ClientFactory, session: Session, organisatie_id: int) -> FlaskClient:
    gebruiker = make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=organisatie_id)
    return client(gebruiker)


def decision(kans: Koppelkans, **velden: str) -> dict[str, str]:
    return {
        "gezien": seen_of(kans),
        "keuze": "combineren",
        "vorm": "sleuf",
        "reden": "De aannemer is er toch al.",
    } | velden


def test_the_overview_shows_what_is_undecided_the_best_first(
    client: ClientFactory, session: Session
) -> None:
    _, _, kans = two(session)
    plan(session, "bomen-en-groen", titel="Snoeien", geom=translate(LIJN, 0, 24),
         hinder=Hinder.GEEN, hinder_kort=None, **STRAKS)  # fmt: skip
    session.commit()

    with counted(session) as statements:
        page = staff(client, session).get("/afstemming").text

    assert page.index("Nieuw riool en Nieuwe klinkers") < page.index("Snoeien")
    assert f"/afstemming/koppelkans/{kans.id}" in page
    assert "Zelfde straat" in page
    assert len(statements) <= 8


def test_the_overview_is_filtered_by_kern_organisation_and_who_moves_first(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session, grens=MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)]))
    later = {naam: dag + timedelta(days=20) for naam, dag in STRAKS.items()}
    _, b, _ = two(session, **later, vroegst=STRAKS["eerste_dag"])
    browser = staff(client, session)

    def found(**vraag: object) -> bool:
        return "Nieuwe klinkers" in browser.get("/afstemming", query_string=vraag).text

    assert found(waar=f"kern.{kern.slug}", organisatie=b.organisatie_id, schuift=b.organisatie_id)
    assert not found(waar=f"kern.{make_kern(session).slug}")
    assert not found(organisatie=make_organisatie(session).id)
    assert not found(schuift=make_organisatie(session).id)
    assert not found(stand="besloten")


def test_the_page_of_a_pair_tells_both_works_and_why(
    client: ClientFactory, session: Session
) -> None:
    _, _, kans = two(session)
    planner = staff(client, session)

    with counted(session) as statements:
        page = planner.get(f"/afstemming/koppelkans/{kans.id}").text

    assert "Zelfde straat: Nieuwsteeg." in page
    assert "Beste volgorde: eerst riool, dan bestrating." in page
    assert "Na elkaar: 2 weken en 2 weken hinder, bij elkaar 4 weken." in page
    assert "Dat scheelt 2 weken." in page
    assert len(statements) <= 8


def test_the_page_of_a_pair_with_days_in_between_tells_which(
    client: ClientFactory, session: Session
) -> None:
    later = {naam: dag + timedelta(days=20) for naam, dag in STRAKS.items()}
    _, _, kans = two(session, **later)

    page = staff(client, session).get(f"/afstemming/koppelkans/{kans.id}").text

    eind, begin = format_dag(STRAKS["laatste_dag"]), format_dag(later["eerste_dag"])
    assert f"uiterlijk {eind} klaar, het andere begint op zijn vroegst {begin}." in page
    assert hidden(page, "venster_van") == ""


def test_a_decision_is_recorded_and_told_to_everybody_but_not_why(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session, grens=MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)]))
    a, b, kans = two(session)
    url = f"/afstemming/koppelkans/{kans.id}"

    response = staff(client, session).post(url, data=decision(kans))

    assert response.status_code == 302
    besluit = session.scalars(select(Koppelbesluit)).one()
    assert (besluit.bespaard_dagen, besluit.nummer) == (14, 1)
    assert "De aannemer is er toch al." in staff(client, session).get(url).text
    for page in (
        client().get(f"/kernen/{kern.slug}").text,
        client().get(f"/werkzaamheden/{a.id}").text,
        client().get(f"/werkzaamheden/{b.id}").text,
    ):
        assert "elfde sleuf" in page
        assert "Dat scheelt 2 weken." in page
        assert "De aannemer is er toch al." not in page
        assert "/afstemming/" not in page


@pytest.mark.parametrize("verborgen", [{"openbaar": False}, {"status": "concept"}])
def test_what_is_combined_with_a_work_that_is_not_public_is_not_told(
    client: ClientFactory, session: Session, verborgen: dict[str, object]
) -> None:
    kern = make_kern(session, grens=MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)]))
    a, b, kans = two(session)
    decide(session, MEDEWERKER, kans.id, SAMEN, gezien=seen_of(kans))
    for naam, waarde in verborgen.items():
        setattr(b, naam, waarde)
    session.commit()

    assert "samen gaat" not in client().get(f"/kernen/{kern.slug}").text
    assert "Nieuwe klinkers" not in client().get(f"/werkzaamheden/{a.id}").text


def test_the_second_who_decides_is_told_and_keeps_what_was_typed(
    client: ClientFactory, session: Session
) -> None:
    _, _, kans = two(session)
    velden = decision(kans)
    url = f"/afstemming/koppelkans/{kans.id}"
    staff(client, session).post(url, data=velden)
    tweede = staff(client, session)

    response = tweede.post(url, data=velden | {"keuze": "niet", "reden": "Toch maar niet."})

    assert response.status_code == 409
    assert "Er is net iets veranderd" in response.text
    assert "Toch maar niet." in response.text
    assert len(session.scalars(select(Koppelbesluit)).all()) == 1
    kans = session.get_one(Koppelkans, kans.id, populate_existing=True)
    opnieuw = velden | {"gezien": seen_of(kans), "keuze": "niet"}
    assert tweede.post(url, data=opnieuw).status_code == 302


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"keuze": ""}, "Kies wat jullie afspreken"),
        ({"vorm": ""}, "Kies hoe jullie het werk combineren"),
        ({"reden": " "}, "Schrijf op waarom"),
        ({"venster_van": "12-06-2027"}, "Vul allebei de dagen in"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    client: ClientFactory, session: Session, velden: dict[str, str], zin: str
) -> None:
    _, _, kans = two(session)

    response = staff(client, session).post(
        f"/afstemming/koppelkans/{kans.id}", data=decision(kans, **velden)
    )

    assert response.status_code == 422
    assert zin in response.text
    assert session.scalars(select(Koppelbesluit)).all() == []


def test_a_partner_sees_the_pairs_of_own_works_only(
    client: ClientFactory, session: Session
) -> None:
    a, _, kans = two(session)
    url = f"/afstemming/koppelkans/{kans.id}"
    eigen = partner(client, session, a.organisatie_id)
    ander = partner(client, session, make_organisatie(session).id)

    assert eigen.get(url).status_code == 200
    assert eigen.post(url, data=decision(kans)).status_code == 302
    assert ander.get(url).status_code == 404
    assert ander.post(url, data=decision(kans)).status_code == 404
    assert "Nieuwe klinkers" not in ander.get("/afstemming?stand=besloten").text
    assert "Nieuwe klinkers" in eigen.get("/afstemming?stand=besloten").text


def test_the_page_of_a_work_shows_its_pairs_and_agreed_days_to_who_plans_only(
    client: ClientFactory, session: Session
) -> None:
    a, b, kans = two(session)
    venster = (STRAKS["eerste_dag"], STRAKS["laatste_dag"])
    decide(session, MEDEWERKER, kans.id, replace(SAMEN, venster=venster), gezien=seen_of(kans))
    b.laatste_dag += timedelta(days=1)
    session.commit()
    planner = staff(client, session)

    pages = [planner.get(f"/werkzaamheden/{werk.id}").text for werk in (a, b)]
    visitor = client().get(f"/werkzaamheden/{a.id}").text

    assert all(f"/afstemming/koppelkans/{kans.id}" in page for page in pages)
    assert all(f"Afgesproken dagen: {format_dagen(*venster)}." in page for page in pages)
    assert ["nog niet in" in page for page in pages] == [False, True]
    assert ["Opnieuw bekijken" in page for page in pages] == [True, True]
    assert "/afstemming/koppelkans/" not in visitor
    assert "Afgesproken" not in visitor


def test_the_sheet_holds_what_the_page_shows(client: ClientFactory, session: Session) -> None:
    two(session, titel="=1+1")

    response = staff(client, session).get("/afstemming/koppelkansen.xlsx")

    assert response.data.startswith(b"PK")
    from io import BytesIO

    from openpyxl import load_workbook

    kop, rij = load_workbook(BytesIO(response.data)).active.values
    assert rij[kop.index("Werk 2")] == "=1+1"
    assert rij[kop.index("Dagen minder hinder")] == 14


def test_works_that_hang_together_are_shown_beside_each_other(
    client: ClientFactory, session: Session
) -> None:
    _, _, kans = two(session)
    plan(session, "gas", titel="Gasleiding", geom=translate(LIJN, 0, 40), **STRAKS)
    session.commit()
    browser = staff(client, session)

    assert "Hangt samen met 3 werken" in browser.get("/afstemming").text
    assert "Gasleiding" in browser.get(f"/afstemming/koppelkans/{kans.id}").text
