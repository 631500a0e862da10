"""Programs say how sure the days of a work are, how far they can move, and in which steps."""

from typing import Any

import pytest
from shapely.geometry import Point, box
from sqlalchemy.orm import Session

from kernenkaart.werkzaamheden.models import Diepte, WerkzaamheidFase
from tests.conftest import ClientFactory
from tests.factories import X, Y
from tests.ogc.schrijver import (
    ITEMS,
    Programma,
    feature,
    make_gebied,
    make_programma,
    pointers,
    werken,
)

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

    assert found.items() >= gezegd.items()
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


def test_what_only_people_can_say_stays_when_a_program_changes_the_work(
    programma: Programma, session: Session
) -> None:
    posted = programma.ask("POST", ITEMS, feature(fasen=STAPPEN))
    werk = werken(session)[0]
    werk.interne_notitie = "Niet voor buiten."
    werk.hinder_geom = box(X, Y, X + 50, Y + 50)
    werk.fasen[0].geom = Point(X + 10, Y + 10)
    session.commit()
    id_ = posted.get_json()["id"]
    etag = programma.ask("GET", f"/api/v1/mijn/werkzaamheden/{id_}").headers["ETag"]

    answer = programma.ask("PUT", f"{ITEMS}/{id_}", feature(fasen=STAPPEN), If_Match=etag)

    werk = werken(session)[0]
    assert answer.status_code == 200
    assert "Niet voor buiten" not in answer.text
    assert (werk.interne_notitie, werk.hinder_geom is None) == ("Niet voor buiten.", False)
    assert session.get_one(WerkzaamheidFase, (werk.id, 0)).geom is not None


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
    ],
)
def test_what_does_not_fit_is_pointed_at(
    programma: Programma, velden: dict[str, Any], waar: str
) -> None:
    response = programma.ask("POST", ITEMS, feature(**velden))

    assert response.status_code == 400
    assert f"/properties/{waar}" in str(pointers(response))
