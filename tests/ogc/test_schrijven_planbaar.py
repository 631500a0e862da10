"""Programs say how sure the days of a work are, how far they can move, and in which steps."""

from typing import Any

import pytest
from shapely.geometry import LineString, Point, box, mapping, shape
from sqlalchemy.orm import Session

from kernenkaart.werkzaamheden.models import Diepte, WerkzaamheidFase
from tests.conftest import ClientFactory
from tests.factories import X, Y
from tests.ogc.schrijver import (
    ITEMS,
    LIJN,
    Programma,
    feature,
    make_gebied,
    make_programma,
    pointers,
    werken,
)

RD_URI = "http://www.opengis.net/def/crs/EPSG/0/28992"
VLAK = mapping(box(X, Y, X + 50, Y + 50))
OMWEG = mapping(LineString([(X, Y), (X, Y + 80), (X + 90, Y + 80)]))
PUNT = mapping(Point(X + 10, Y + 10))
STAPPEN = [
    {"naam": "Kruising", "eersteDag": "2027-06-07", "laatsteDag": "2027-06-11"},
    {"naam": "De straat", "eersteDag": "2027-06-14", "laatsteDag": "2027-07-02"},
]


@pytest.fixture
def programma(client: ClientFactory, session: Session) -> Programma:
    make_gebied(session)
    return make_programma(client, session)


def test_a_period_takes_the_place_of_days(programma: Programma) -> None:
    sent = feature(eersteDag=None, laatsteDag=None, periode="Q3 2027", duurDagen=21)

    found = programma.ask("POST", ITEMS, sent).get_json()["properties"]

    assert (found["eersteDag"], found["laatsteDag"]) == ("2027-07-01", "2027-09-30")
    assert (found["periode"], found["nauwkeurigheid"]) == ("3e kwartaal 2027", "kwartaal")
    assert found["duurDagen"] == 21


def test_slack_layer_and_steps_are_read_back(programma: Programma, session: Session) -> None:
    gezegd = {
        "vroegst": "2027-05-01", "laatst": "2027-08-01", "diepte": "groen", "fasen": STAPPEN,
    }  # fmt: skip

    found = programma.ask("POST", ITEMS, feature(**gezegd)).get_json()["properties"]

    met_plek = {"fasen": [stap | {"vorm": None} for stap in STAPPEN]}
    assert found.items() >= (gezegd | met_plek).items()
    assert werken(session)[0].diepte is Diepte.GROEN


def change(programma: Programma, sent: dict[str, Any], **patch: Any) -> dict[str, Any]:
    """A work posted and then changed: its properties after that, or the whole refusal."""
    posted = programma.ask("POST", ITEMS, sent)
    response = programma.ask(
        "PATCH",
        f"{ITEMS}/{posted.get_json()['id']}",
        {"properties": patch},
        If_Match=posted.headers["ETag"],
    )
    found: dict[str, Any] = response.get_json()
    return found["properties"] if response.status_code == 200 else found


def test_a_patch_makes_days_of_a_period_and_the_other_way_round(programma: Programma) -> None:
    ruim = feature(eersteDag=None, laatsteDag=None, periode="voorjaar 2028")

    exact = change(programma, ruim, eersteDag="2028-04-03", laatsteDag="2028-04-14")
    weer_ruim = change(programma, feature(), periode="zomer 2027")
    anders = change(programma, ruim, titel="Anders")

    assert (exact["periode"], exact["nauwkeurigheid"]) == (None, "dag")
    assert (weer_ruim["eersteDag"], weer_ruim["laatsteDag"]) == ("2027-06-01", "2027-08-31")
    assert (anders["titel"], anders["periode"]) == ("Anders", "voorjaar 2028")


def test_hinder_detour_and_steps_have_places_that_come_back_as_they_were_sent(
    programma: Programma, session: Session
) -> None:
    vormen = {"hinderVorm": VLAK, "omleidingVorm": OMWEG}
    stappen = [STAPPEN[0] | {"vorm": PUNT}, STAPPEN[1]]
    in_rd = {"Content_Crs": f"<{RD_URI}>"}

    posted = programma.ask("POST", ITEMS, feature(mapping(LIJN), fasen=stappen, **vormen), **in_rd)

    werk = werken(session)[0]
    assert posted.status_code == 201, posted.text
    gelezen = posted.get_json()["properties"]
    assert werk.hinder_geom is not None
    assert werk.hinder_geom.equals(shape(VLAK))
    assert werk.omleiding_geom == shape(OMWEG)
    assert session.get_one(WerkzaamheidFase, (werk.id, 0)).geom == shape(PUNT)
    assert {naam: shape(gelezen[naam]) for naam in vormen} == {
        "hinderVorm": werk.hinder_geom, "omleidingVorm": werk.omleiding_geom,
    }  # fmt: skip
    assert [stap["vorm"] and shape(stap["vorm"]) for stap in gelezen["fasen"]] == [
        shape(PUNT), None,
    ]  # fmt: skip


def test_a_patch_leaves_places_as_they_are_unless_it_names_them(
    programma: Programma, session: Session
) -> None:
    in_rd = {"Content_Crs": f"<{RD_URI}>"}
    alles = feature(mapping(LIJN), hinderVorm=VLAK, omleidingVorm=OMWEG)
    posted = programma.ask("POST", ITEMS, alles, **in_rd)
    werk = werken(session)[0]
    was = werk.hinder_geom, werk.omleiding_geom
    pad = f"{ITEMS}/{werk.id}"

    anders = programma.ask(
        "PATCH", pad, {"properties": {"titel": "Anders"}}, If_Match=posted.headers["ETag"]
    )
    assert anders.status_code == 200, anders.text
    werk = werken(session)[0]
    bleef = werk.hinder_geom, werk.omleiding_geom
    weg = programma.ask(
        "PATCH", pad, {"properties": {"hinderVorm": None}}, If_Match=anders.headers["ETag"]
    )

    werk = werken(session)[0]
    assert (anders.status_code, weg.status_code) == (200, 200)
    assert bleef == was
    assert (werk.hinder_geom, werk.omleiding_geom) == (None, was[1])


def test_a_program_can_neither_read_nor_change_the_internal_note(
    programma: Programma, session: Session
) -> None:
    posted = programma.ask("POST", ITEMS, feature())
    werk = werken(session)[0]
    werk.interne_notitie = "Niet voor buiten."
    session.commit()
    etag = programma.ask("GET", f"/api/v1/mijn/werkzaamheden/{werk.id}").headers["ETag"]

    answer = programma.ask("PUT", f"{ITEMS}/{posted.get_json()['id']}", feature(), If_Match=etag)

    assert answer.status_code == 200
    assert "Niet voor buiten" not in answer.text
    assert werken(session)[0].interne_notitie == "Niet voor buiten."


@pytest.mark.parametrize(
    ("velden", "waar"),
    [
        ({"periode": "ooit"}, "periode"),
        ({"periode": "voorjaar 2028"}, "periode"),
        ({"eersteDag": None, "laatsteDag": None}, "eersteDag"),
        ({"duurDagen": 0}, "duurDagen"),
        ({"duurDagen": "3 weken"}, "duurDagen"),
        ({"duurDagen": 27}, "duurDagen"),
        ({"vroegst": "2027-06-08"}, "vroegst"),
        ({"laatst": "2027-07-01"}, "laatst"),
        ({"diepte": "diep"}, "diepte"),
        ({"fasen": [{"naam": "x"}]}, "fasen"),
        ({"fasen": [STAPPEN[0] | {"laatsteDag": "2027-06-01"}]}, "fasen"),
        ({"nauwkeurigheid": "dag", "fasen": "x"}, "fasen"),
        ({"fasen": [STAPPEN[0] | {"vorm": {"type": "Point", "coordinates": [0, 0]}}]}, "fasen"),
        ({"hinderVorm": {"type": "Polygon", "coordinates": [[]]}}, "hinderVorm"),
        ({"hinderVorm": "POINT(1 1)"}, "hinderVorm"),
        ({"omleidingVorm": {"type": "Point", "coordinates": [5.3, 51.9]}}, "omleidingVorm"),
    ],
)
def test_what_does_not_fit_is_pointed_at(
    programma: Programma, velden: dict[str, Any], waar: str
) -> None:
    response = programma.ask("POST", ITEMS, feature(**velden))

    assert response.status_code == 400
    assert f"/properties/{waar}" in str(pointers(response))
