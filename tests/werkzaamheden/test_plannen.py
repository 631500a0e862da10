"""A work that can be planned: how sure, how movable, in which steps, and where it is in the way."""

from datetime import date
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kernenkaart.actor import Rol
from kernenkaart.periode import Nauwkeurigheid
from kernenkaart.werkzaamheden.models import Diepte, Werkzaamheid
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker, make_organisatie, make_werkzaamheid
from tests.formulieren import filled_werk

VLAK = f"POLYGON(({X} {Y},{X + 100} {Y},{X + 100} {Y + 50},{X} {Y + 50},{X} {Y}))"
OM = f"LINESTRING({X} {Y + 200},{X + 300} {Y + 200})"
STAPPEN = {
    "fasen-naam": ["Kruising", "De straat", ""],
    "fasen-eerste_dag": ["07-06-2027", "14-06-2027", ""],
    "fasen-laatste_dag": ["11-06-2027", "02-07-2027", ""],
    "fasen-vorm": [f"POINT({X + 10} {Y + 10})", "", ""],
}


def post(client: ClientFactory, session: Session, **velden: Any) -> tuple[int, str]:
    """The answer to a filled-in form, followed to the page of the work."""
    planner = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    response = planner.post(
        "/werkzaamheden/nieuw", data=filled_werk(session, **velden), follow_redirects=True
    )
    return response.status_code, response.text


def stored(session: Session) -> Werkzaamheid:
    session.expire_all()
    return session.scalars(select(Werkzaamheid)).one()


def test_a_season_is_enough_and_is_told_as_a_season(
    client: ClientFactory, session: Session
) -> None:
    status, page = post(
        client, session, eerste_dag="", laatste_dag="", periode="voorjaar 2028", duur="3 weken"
    )

    werk = stored(session)
    assert status == 200
    assert (werk.eerste_dag, werk.laatste_dag) == (date(2028, 3, 1), date(2028, 5, 31))
    assert (werk.nauwkeurigheid, werk.duur_dagen) == (Nauwkeurigheid.SEIZOEN, 21)
    assert "voorjaar 2028" in page
    assert "3 weken" in page
    assert "1 maart" not in page


def test_a_list_tells_it_as_the_page_does(client: ClientFactory, session: Session) -> None:
    make_werkzaamheid(
        session, eerste_dag=date(2028, 3, 1), laatste_dag=date(2028, 5, 31),
        nauwkeurigheid=Nauwkeurigheid.SEIZOEN,
    )  # fmt: skip

    page = client().get("/werkzaamheden?wanneer=alles").text

    assert "voorjaar 2028" in page
    assert "1 maart" not in page


def test_days_that_can_move_a_layer_and_steps_are_kept(
    client: ClientFactory, session: Session
) -> None:
    status, page = post(
        client, session, vroegst="01-05-2027", laatst="30-07-2027", diepte="riool", **STAPPEN
    )

    werk = stored(session)
    assert status == 200
    assert (werk.vroegst, werk.laatst) == (date(2027, 5, 1), date(2027, 7, 30))
    assert werk.diepte is Diepte.RIOOL
    assert [(f.naam, f.geom is not None) for f in werk.fasen] == [
        ("Kruising", True), ("De straat", False),
    ]  # fmt: skip
    assert "ma 7 t/m vr 11 juni" in page


def test_hinder_has_its_own_place_and_a_way_around(client: ClientFactory, session: Session) -> None:
    status, page = post(client, session, hinder_vorm=VLAK, omleiding_vorm=OM)

    werk = stored(session)
    assert status == 200
    assert werk.hinder_geom is not None
    assert werk.hinder_geom.geom_type == "Polygon"
    assert werk.omleiding_geom is not None
    assert '"klasse":"k-hinder"' in page
    assert '"klasse":"k-omleiding"' in page


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"eerste_dag": "", "laatste_dag": ""}, "Vul de eerste dag in."),
        ({"periode": "ooit"}, "Schrijf bijvoorbeeld: voorjaar 2028"),
        ({"periode": "voorjaar 2028"}, "De dagen liggen niet in deze periode."),
        ({"duur": "10 weken"}, "maar plaats voor 26 dagen"),
        ({"duur": "lang"}, "Schrijf bijvoorbeeld: 3 weken"),
        ({"vroegst": "08-06-2027"}, "Dit ligt na de eerste dag."),
        ({"laatst": "01-07-2027"}, "Dit ligt vóór de laatste dag."),
        ({"laatst": "01-07-2190"}, "Dit is te ver weg."),
        ({"omleiding_vorm": VLAK}, "Teken de omleiding als een lijn."),
        ({"hinder_vorm": "LINESTRING(1"}, 'id="hinder_vorm-fout"'),
        (STAPPEN | {"fasen-naam": ["", "De straat", ""]}, "Stap 1: vul in wat er gebeurt"),
        (STAPPEN | {"fasen-laatste_dag": ["1-6-2027", "2-7-2027", ""]}, "Stap 1: de laatste dag"),
        (STAPPEN | {"fasen-vorm": ["", "niks", ""]}, "Stap 2: "),
    ],
)
def test_what_does_not_fit_together_is_told(
    client: ClientFactory, session: Session, velden: dict[str, Any], zin: str
) -> None:
    status, page = post(client, session, **velden)

    assert status == 422
    assert zin in page
    assert session.scalars(select(Werkzaamheid)).all() == []


def test_looking_and_saving_again_changes_nothing(client: ClientFactory, session: Session) -> None:
    velden = {"hinder_vorm": VLAK, "omleiding_vorm": OM, "duur": "3 weken", **STAPPEN}
    post(client, session, **velden)
    werk = stored(session)
    versie, nu = werk.versie, (werk.hinder_geom, werk.omleiding_geom, werk.fasen[0].geom)
    planner = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    pad = f"/werkzaamheden/{werk.id}/wijzig"

    fields = html.document_fromstring(planner.get(pad).text).xpath("//form[@data-concept]")[0]
    saved = planner.post(pad, data=MultiDict([*fields.form_values(), ("actie", "plaats")]))

    werk = stored(session)
    assert saved.status_code == 302
    assert (werk.hinder_geom, werk.omleiding_geom, werk.fasen[0].geom) == nu
    assert werk.versie == versie


def test_a_note_is_for_who_plans_and_is_not_copied(client: ClientFactory, session: Session) -> None:
    eigen, ander = make_organisatie(session), make_organisatie(session)
    werk = make_werkzaamheid(session, organisatie=eigen, interne_notitie="Aannemer is traag.")
    seen = {}

    for naam, organisatie in (("eigen", eigen), ("ander", ander)):
        wie = make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=organisatie.id)
        seen[naam] = "Aannemer" in client(wie).get(f"/werkzaamheden/{werk.id}").text
        assert "Aannemer" not in client(wie).get(f"/werkzaamheden/nieuw?over={werk.id}").text

    assert seen == {"eigen": True, "ander": False}
    assert "Aannemer" not in client().get(f"/werkzaamheden/{werk.id}").text
