"""What of a work is not public leaves by no page, tile, feed, file, API, search, mail or log.

Its internal note never does; of a draft or an internal work neither does what it draws.
"""

import logging
from datetime import timedelta
from typing import Any

import pytest
from shapely.geometry import LineString
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.tijd import now
from kernenkaart.werkzaamheden.models import WerkzaamheidFase
from tests.architecture.routes import Wereld, read_matrix
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker, make_organisatie, make_werkzaamheid
from tests.formulieren import filled_werk
from tests.tegels.wereld import web_tile
from tests.volgen.helpers import follow, run_round

MERK = "zqxintern7"  # nothing else says this
ZICHTBAAR = "zqxopen7"
LAGEN = ("werkzaamheden", "hinder")
LIJN = LineString([(X + 100, Y + 100), (X + 200, Y + 100)])


def marked(wereld: Wereld, session: Session) -> None:
    """Give every work of the world a note."""
    for dingen in wereld.dingen.values():
        for naam, ding in dingen.items():
            if naam.startswith("werkzaamheid"):
                ding.interne_notitie = f"Let op: {MERK}."
    session.flush()


def addresses(wereld: Wereld) -> set[str]:
    """Every address that can be asked for things of another organisation, and files with works."""
    found = {
        wereld.path(regel, "ander")
        for regel in read_matrix()
        if regel.method == "GET" and "<path:" not in regel.rule
    }
    kern = wereld.dingen["ander"]["kern"].slug
    for z in (10, 14, 17):
        x, y = web_tile(LIJN.centroid, z)
        found |= {f"/tegels/{laag}/{z}/{x}/{y}.mvt" for laag in (*LAGEN, "alles")}
    for laag in LAGEN:
        found |= {f"/open-data/{laag}.{soort}" for soort in ("geojson", "csv", "gpkg", "json")}
        found |= {
            f"/api/v1/collections/{laag}/items?limit=1000&f={soort}" for soort in ("json", "html")
        }
    found |= {f"/werkzaamheden/nabij/{kern}?formaat={soort}" for soort in ("csv", "geojson")}
    return found


def draw(wereld: Wereld, session: Session, verborgen: str) -> None:
    """Let every work draw hinder, a detour and a step.

    Args:
        verborgen: stands in the names of works that visitors may not see and of their steps.
    """
    for dingen in wereld.dingen.values():
        for naam, ding in dingen.items():
            if not naam.startswith("werkzaamheid"):
                continue
            ding.hinder_geom, ding.omleiding_geom = LIJN.buffer(20), LIJN
            stap = ZICHTBAAR if naam == "werkzaamheid" else verborgen or "Kruising"
            ding.fasen = [
                WerkzaamheidFase(
                    volgorde=0, naam=stap, eerste_dag=ding.eerste_dag,
                    laatste_dag=ding.laatste_dag, geom=LIJN.centroid,
                )
            ]  # fmt: skip
            ding.titel = f"{ding.titel} {stap}"
    session.flush()


@pytest.mark.parametrize(
    "rol", [Rol.BEZOEKER, pytest.param(Rol.KETENPARTNER, marks=pytest.mark.volledig)]
)
def test_nothing_that_can_be_asked_tells_a_note_nor_what_a_hidden_work_draws(
    client: ClientFactory,
    session: Session,
    connection: Connection,
    caplog: pytest.LogCaptureFixture,
    rol: Rol,
) -> None:
    caplog.set_level(logging.DEBUG)
    wereld = Wereld(session)
    marked(wereld, session)
    draw(wereld, session, MERK if rol is Rol.BEZOEKER else "")
    browser = client(wereld.gebruikers[rol])
    telt = {"werk": 0, "getekend": 0}

    told = []
    for pad in sorted(addresses(wereld)):
        undo = connection.begin_nested()
        with browser.get(pad) as response:
            body = response.get_data()
        undo.rollback()
        telt["werk"] += b"Nieuw riool" in body
        telt["getekend"] += "hinder" in pad and ZICHTBAAR.encode() in body
        if MERK.encode() in body:
            told.append(pad)

    assert told == []
    assert telt["werk"] > 10  # the works themselves were there to be told of
    assert telt["getekend"] == 6  # two tiles, two files, two pages of items
    assert MERK not in caplog.text


def test_it_cannot_be_searched_for(client: ClientFactory, session: Session) -> None:
    make_werkzaamheid(session, titel="Gasleiding", interne_notitie=MERK)

    for pad in (f"/?q={MERK}", f"/werkzaamheden?q={MERK}", f"/kaart/deel?q={MERK}"):
        assert "Gasleiding" not in client().get(pad).text
    api = "/api/v1/collections/werkzaamheden/items?filter=interne_notitie%3D'x'"
    assert client().get(api).status_code == 400


def test_no_mail_and_no_log_has_it(
    client: ClientFactory, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    abonnement = follow(session, now() - timedelta(days=2))
    planner = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    eigenaar = make_organisatie(session, contact_email="werk@example.org")
    goed = filled_werk(session, organisatie=eigenaar.id, interne_notitie=MERK)

    posted = planner.post("/werkzaamheden/nieuw", data=goed)
    planner.post("/werkzaamheden/nieuw", data=goed | {"titel": "", "sleutel": ""})
    pad = posted.location.split("?")[0]
    client().post(f"/doorgeven{pad}", data={"aard": "wijziging", "tekst": "Het is al klaar."})
    run_round(session, now() + timedelta(days=1))

    jobs = session.scalars(text("SELECT args::text FROM procrastinate_jobs")).all()
    gemeld = session.scalars(text("SELECT stand::text FROM gemeld")).all()
    assert abonnement.id
    assert any("Nieuw riool" in one for one in (*jobs, *gemeld))
    assert not [one for one in (*jobs, *gemeld) if MERK in one]
    assert MERK not in caplog.text


def test_that_only_the_note_changed_is_told_to_nobody(
    client: ClientFactory, session: Session
) -> None:
    werk = make_werkzaamheid(session, organisatie=make_organisatie(session))
    session.commit()
    was: Any = client().get(f"/werkzaamheden/{werk.id}").text.count("<li")
    werk.interne_notitie = MERK
    session.commit()

    assert client().get(f"/werkzaamheden/{werk.id}").text.count("<li") == was
