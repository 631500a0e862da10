"""What must stay inside: columns that are not in the allow-list, and what is not published (T1)."""

import json
from datetime import date

from shapely.geometry import LineString
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.initiatieven.models import Status as InitiatiefStatus
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.projecten.models import Status as ProjectStatus
from kernenkaart.werkzaamheden.models import Hinderplek, WerkzaamheidFase
from kernenkaart.werkzaamheden.models import Status as WerkzaamheidStatus
from tests.conftest import ClientFactory
from tests.factories import (
    X,
    Y,
    make_activiteit,
    make_gebruiker,
    make_initiatief,
    make_platform,
    make_project,
    make_werkzaamheid,
)
from tests.ogc.conftest import Ask, Wereld, ids

GEHEIM = "Geheim9731"
DAG = date(2031, 5, 5)
LIJN = LineString([(X + 100, Y + 100), (X + 200, Y + 100)])


def make_hidden(session: Session) -> dict[str, list[int]]:
    """One thing of each kind that visitors may not see, each with ``GEHEIM`` in its texts."""
    tekst = {"titel": GEHEIM, "omschrijving": GEHEIM, "plek_naam": GEHEIM}
    platform = make_platform(session)
    werk = {"eerste_dag": DAG, "laatste_dag": DAG, **tekst}
    werken = [
        make_werkzaamheid(
            session, **status, **werk, hinder_geom=LIJN.buffer(9), omleiding_geom=LIJN,
            fasen=[WerkzaamheidFase(
                volgorde=0, naam=GEHEIM, eerste_dag=DAG, laatste_dag=DAG, geom=LIJN.centroid
            )],
        ).id
        for status in ({"status": WerkzaamheidStatus.CONCEPT}, {"openbaar": False})
    ]  # fmt: skip
    plekken = session.scalars(
        select(Hinderplek.id).where(Hinderplek.werkzaamheid_id.in_(werken))
    ).all()
    assert len(plekken) == 6
    return {
        "activiteiten": [
            make_activiteit(session, platform=platform, status=status, **tekst).id
            for status in (ActiviteitStatus.CONCEPT, ActiviteitStatus.INGETROKKEN)
        ],
        "werkzaamheden": werken,
        "hinder": list(plekken),
        "projecten": [
            make_project(session, status=ProjectStatus.CONCEPT, **tekst).id,
            make_project(session, openbaar=False, **tekst).id,
        ],
        "initiatieven": [
            make_initiatief(session, platform=platform, status=status, **tekst).id
            for status in (InitiatiefStatus.CONCEPT, InitiatiefStatus.INGETROKKEN)
        ],
    }


VRAGEN: tuple[dict[str, str], ...] = (
    {}, {"f": "html"}, {"bbox": "-180,-90,180,90"}, {"bbox": "3,50,8,54"}, {"titel": GEHEIM},
    {"filter": f"titel = '{GEHEIM}'"}, {"filter": "titel IS NOT NULL OR TRUE = TRUE"},
    {"datetime": "2031-05-05"}, {"nabij": "tricht", "afstand": "50000"}, {"limit": "10000"},
    {"filter": f"NOT (titel <> '{GEHEIM}')"}, {"plek": GEHEIM},
)  # fmt: skip


def test_nothing_unpublished_is_in_any_answer(ask: Ask, session: Session, wereld: Wereld) -> None:
    for laag, verborgen in make_hidden(session).items():
        pad = f"/collections/{laag}/items"
        for vraag in VRAGEN:
            response = ask(pad, **vraag)
            zonder_vraag = response.text.replace(f"={GEHEIM}", "").replace(f"%27{GEHEIM}%27", "")
            assert GEHEIM not in zonder_vraag, (laag, vraag)
            if response.is_json and response.status_code == 200:
                assert not set(verborgen) & set(ids(response)), (laag, vraag)
        for sleutel in verborgen:
            for formaat in ("json", "html"):
                response = ask(f"{pad}/{sleutel}", f=formaat)
                assert response.status_code == 404
                assert GEHEIM not in response.text
            assert ids(ask(pad, id=sleutel)) == []


def test_who_is_logged_in_gets_no_more_than_a_visitor(
    client: ClientFactory, ask: Ask, session: Session, wereld: Wereld
) -> None:
    make_hidden(session)
    medewerker = client(make_gebruiker(session, rol="beheerder"))

    for laag in OPEN_LAGEN:
        pad = f"/collections/{laag.naam}/items"

        eigen = medewerker.get(f"/api/v1{pad}?limit=1000")

        assert eigen.json["features"] == ask(pad, limit=1000).json["features"]


def test_only_fields_of_the_allow_list_are_told(ask: Ask, wereld: Wereld) -> None:
    for laag in OPEN_LAGEN:
        document = ask(f"/collections/{laag.naam}/items").json
        assert set(document) == {"type", "timeStamp", "numberReturned", "links", "features"}
        assert document["features"]
        for ding in document["features"]:
            assert set(ding) == {"type", "id", "geometry", "properties"}
            assert list(ding["properties"]) == list(laag.velden)


def test_a_column_that_is_not_open_cannot_be_asked_either(ask: Ask, wereld: Wereld) -> None:
    pad = "/collections/werkzaamheden/items"
    for naam in ("openbaar", "gemaakt_door_id", "contact_telefoon", "organisatie_id", "versie"):
        for vraag in ({naam: "1"}, {"filter": f"{naam} = 1"}, {"filter": f"{naam} IS NULL"}):
            response = ask(pad, **vraag)
            assert response.status_code == 400, (naam, vraag)
            assert "column" not in json.dumps(response.json)
