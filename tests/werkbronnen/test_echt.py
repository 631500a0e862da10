"""Real plannings: what is in them, what is refused and why, what was put right."""

import json
from datetime import date

import pytest
from flask import Flask
from shapely.geometry import MultiPolygon, box, shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.geo.crs import to_rd
from kernenkaart.werkbronnen import services
from kernenkaart.werkbronnen.koppeling import Koppeling
from kernenkaart.werkbronnen.models import WerkbronRij
from kernenkaart.werkbronnen.queries import count_oordelen
from kernenkaart.werkzaamheden.models import Hinder, Status
from tests.conftest import ClientFactory, needs_shared
from tests.factories import make_kern
from tests.werkbronnen.bronnen import add_file, came_of, next_file, planner, settle, take

NEDERLAND = MultiPolygon([box(10_000, 305_000, 280_000, 620_000)])


@pytest.fixture(autouse=True)
def jobs(client: ClientFactory, session: Session) -> None:
    """The jobs work in the transaction of the test; a kern as large as the country."""
    make_kern(session, grens=NEDERLAND)


def test_the_wior_of_amsterdam_comes_in_whole_and_twice_changes_nothing(
    app: Flask, session: Session
) -> None:
    pad = needs_shared("geodata/werkzaamheden/amsterdam_wior_projecten_2020.geojson")
    inhoud = pad.read_bytes()
    features = json.loads(inhoud)["features"]
    kapot = sum(not shape(one["geometry"]).is_valid for one in features)

    bron = take(app, session, add_file(app, session, inhoud))

    assert bron.verslag is not None
    assert kapot == 24
    assert len(features) == 1_206
    assert (bron.verslag["nieuw"], bron.verslag["geweigerd"]) == (1_204, 2)
    assert [r["reden"][:34] for r in bron.verslag["redenen"]] == [
        "Dit duurt langer dan tien jaar. Ma"
    ]
    hersteld = dict(bron.verslag["hersteld"])
    assert hersteld["een vorm die niet klopte is hersteld"] == kapot
    werken = came_of(session, bron)
    assert all(werk.geom.is_valid for werk in werken)
    een = next(w for w in werken if w.titel.startswith("Plaatsen ondergrondse afvalcontainers"))
    assert (een.eerste_dag, een.laatste_dag) == (date(2020, 7, 1), date(2020, 9, 14))
    assert een.plek_naam is not None
    assert een.plek_naam.startswith("CHOPINSTRAAT 31")
    assert een.status is Status.KLAAR

    bron = next_file(app, session, bron, inhoud)
    telling = {k: n for k, n in count_oordelen(session, bron.id).items() if n}
    assert telling == {"gelijk": 1_204, "geweigerd": 2}


def test_the_website_has_no_days_until_somebody_says_which(app: Flask, session: Session) -> None:
    pad = needs_shared("geodata/werkzaamheden/amsterdam_website_werkzaamheden_2020.geojson")
    bron = add_file(app, session, pad.read_bytes())
    assert count_oordelen(session, bron.id)["geweigerd"] == 34
    assert bron.koppeling is not None
    koppeling = Koppeling.from_json(bron.koppeling | {"zonder_dag": "2028"})

    services.set_koppeling(session, planner(bron.organisatie), bron.id, koppeling)
    bron = take(app, session, settle(app, session, bron))

    werken = came_of(session, bron)
    assert len(werken) == 34
    assert not any("<" in werk.omschrijving for werk in werken)
    assert werken[0].titel == "Piet Heintunnel: sluitingsdata"
    assert str(werken[0].nauwkeurigheid) == "jaar"


def test_a_situation_of_a_gemeente_is_one_work_with_its_hinder(
    app: Flask, session: Session
) -> None:
    pad = needs_shared("geodata/werkzaamheden/ndw_gemeentelijk_3situaties.xml")
    bron = add_file(app, session, pad.read_bytes(), naam="ndw.xml")
    redenen = [r.reden for r in session.scalars(select(WerkbronRij)) if r.reden]
    assert redenen == ["Dit is een evenement, geen werk."]

    breda, almelo = came_of(session, take(app, session, bron))

    assert breda.hinder is Hinder.AFGESLOTEN
    assert breda.hinder_kort == "Afgesloten voor verkeer"
    assert breda.status is Status.BEZIG
    assert (breda.eerste_dag, breda.laatste_dag) == (date(2026, 6, 12), date(2027, 6, 12))
    assert breda.omschrijving == "Voetpad. verboden voor motorvoertuigen."
    assert almelo.titel == "Asfaltering / wegverharding"
    assert almelo.soort.code == "asfalt"
    assert almelo.hinder_kort == "Afgesloten voor fietsers"
    assert "KOA" not in almelo.omschrijving  # an internalNote
    assert almelo.geom.geom_type == "LineString"
    assert (
        almelo.geom.distance(to_rd(shape({"type": "Point", "coordinates": [6.6187, 52.356]}))) < 5
    )


def test_the_national_feed_is_read(app: Flask, session: Session) -> None:
    pad = needs_shared("geodata/werkzaamheden/ndw_actueel_beeld_2026-07-24_2situaties.xml")

    bron = take(app, session, add_file(app, session, pad.read_bytes(), naam="ndw.xml"))

    werken = came_of(session, bron)
    assert [w.hinder for w in werken] == [Hinder.BEPERKT, Hinder.AFGESLOTEN]
    assert [w.omleiding for w in werken] == [None, "Volg route A. Volg route B"]
    assert werken[0].omleiding_geom is None
    om = werken[1].omleiding_geom
    assert om is not None
    assert om.length > 5_000
    assert om.distance(werken[1].geom) < 500
    assert [w.laatste_dag for w in werken] == [date(2026, 12, 1), date(2026, 7, 25)]
