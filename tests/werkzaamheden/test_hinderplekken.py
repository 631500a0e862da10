"""What a work draws besides its own place: kept by the database, open while the work is not over.

That nobody else sees those of a draft or an internal work: ``tests/ogc/test_dicht.py`` and
``test_intern.py``.
"""

from datetime import timedelta

import pytest
from shapely.affinity import translate
from shapely.geometry import LineString
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import (
    Hinderplek,
    HinderplekSoort,
    Status,
    WerkzaamheidFase,
)
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_werkzaamheid
from tests.tegels.wereld import fetch, web_tile

LIJN = LineString([(X + 100, Y + 100), (X + 200, Y + 100)])
VLAK = LIJN.buffer(30)
OMWEG = translate(LIJN, 0, 200)
DAG = today() + timedelta(days=33)


def make_fase(volgorde: int = 0) -> WerkzaamheidFase:
    """A step of one day, at a place of its own."""
    return WerkzaamheidFase(
        volgorde=volgorde,
        naam="Kruising dicht",
        eerste_dag=DAG,
        laatste_dag=DAG,
        geom=LIJN.centroid,
    )


def plekken(session: Session) -> dict[tuple[HinderplekSoort, int], int]:
    """The keys of all stored places."""
    rows = session.execute(select(Hinderplek.soort, Hinderplek.volgorde, Hinderplek.id))
    return {(soort, volgorde): id_ for soort, volgorde, id_ in rows}


def test_every_way_to_change_a_drawing_changes_its_place_and_keeps_its_key(
    session: Session,
) -> None:
    werk = make_werkzaamheid(session, hinder_geom=VLAK)
    eerst = plekken(session)

    werk.omleiding_geom = OMWEG
    werk.fasen.append(make_fase())
    session.flush()
    session.execute(text("UPDATE werkzaamheid SET hinder_geom = ST_Buffer(geom, 50)"))
    erbij = plekken(session)
    vlak = session.scalar(select(Hinderplek.geom).where(Hinderplek.id == eerst["hinder", 0]))
    session.execute(text("UPDATE werkzaamheid_fase SET volgorde = 3"))
    session.execute(text("UPDATE werkzaamheid SET omleiding_geom = NULL"))
    eraf = plekken(session)
    session.execute(text("DELETE FROM werkzaamheid"))

    assert set(eerst) == {("hinder", 0)}
    assert set(erbij) == {("hinder", 0), ("omleiding", 0), ("stap", 0)}
    assert erbij["hinder", 0] == eerst["hinder", 0]
    assert vlak is not None
    assert vlak.area > VLAK.area
    assert set(eraf) == {("hinder", 0), ("stap", 3)}
    assert plekken(session) == {}


@pytest.mark.parametrize(
    ("status", "soorten"),
    [
        (Status.VERWACHT, {"hinder", "omleiding", "stap"}),
        (Status.BEZIG, {"hinder", "omleiding", "stap"}),
        (Status.KLAAR, set()),
        (Status.VERVALLEN, set()),
    ],
)
def test_tiles_and_items_have_it_as_long_as_the_work_is_not_over(
    client: ClientFactory, session: Session, status: Status, soorten: set[str]
) -> None:
    make_werkzaamheid(
        session, status=status, hinder_geom=VLAK, omleiding_geom=OMWEG, fasen=[make_fase()]
    )
    x, y = web_tile(LIJN.centroid, 14)

    tegel = fetch(client(), f"/tegels/hinder/14/{x}/{y}.mvt")
    items = client().get("/api/v1/collections/hinder/items").json["features"]

    in_tegel = {
        one["properties"]["soort"] for one in tegel.get("hinder", {"features": ()})["features"]
    }
    assert in_tegel == soorten
    assert {one["properties"]["soort"] for one in items} == soorten


def test_a_step_is_there_on_its_own_days_only(client: ClientFactory, session: Session) -> None:
    make_werkzaamheid(session, hinder_geom=VLAK, fasen=[make_fase()])

    def soorten(dag: str) -> set[str]:
        gevonden = client().get(f"/api/v1/collections/hinder/items?datetime={dag}").json
        return {one["properties"]["soort"] for one in gevonden["features"]}

    assert soorten(DAG.isoformat()) == {"hinder", "stap"}
    assert soorten((DAG + timedelta(days=1)).isoformat()) == {"hinder"}


def test_tiles_have_another_version_when_only_a_step_moved(
    client: ClientFactory, session: Session
) -> None:
    make_werkzaamheid(session, fasen=[make_fase()])
    eerst = client().get("/tegels/hinder.json").json["tiles"]

    session.execute(text("UPDATE werkzaamheid_fase SET geom = ST_Translate(geom, 5, 5)"))

    assert client().get("/tegels/hinder.json").json["tiles"] != eerst
