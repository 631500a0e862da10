"""Sources to test with: files written as their owners write them, read as the worker reads them."""

import json
from dataclasses import asdict
from typing import Any

from flask import Flask
from pyproj import CRS
from shapely.geometry import LineString, MultiPolygon, box, mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.geo.bestand.geojson import parse
from kernenkaart.geo.bestand.kind import to_rd
from kernenkaart.geo.bestand.waarden import Feature, Limieten
from kernenkaart.geo.crs import to_wgs84
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.tijd import now
from kernenkaart.werkbronnen import services
from kernenkaart.werkbronnen.koppeling import Kolom, guess
from kernenkaart.werkbronnen.lezen import Verzameld
from kernenkaart.werkbronnen.models import Ritme, Stand, Werkbron, Werkbronitem, WerkbronRij
from kernenkaart.werkbronnen.overnemen import forget_rows
from kernenkaart.werkbronnen.queries import find_soorten
from kernenkaart.werkzaamheden.models import Werkzaamheid
from tests.factories import X, Y, add, make_kern, make_organisatie
from tests.wachtrij import work

GRENS = MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)])
LIJN = LineString([(X + 100, Y + 100), (X + 200, Y + 100)])


def feature(geom: BaseGeometry | None = LIJN, **velden: Any) -> dict[str, Any]:
    """A feature of a planning: a work of next year, unless said otherwise."""
    properties = {
        "id": "W1",
        "titel": "Nieuw riool",
        "omschrijving": "We vervangen het riool.",
        "startdatum": "01-03-2027",
        "einddatum": "30-04-2027",
    } | velden
    vorm = None if geom is None else mapping(to_wgs84(geom))
    return {"type": "Feature", "properties": properties, "geometry": vorm}


def geojson(*features: dict[str, Any]) -> bytes:
    """A file of these features."""
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def make_werkbron(session: Session, organisatie: Organisatie, **values: Any) -> Werkbron:
    """A source with a file that was taken over, with a guessed mapping."""
    kolommen = [Kolom("id", ("W1",)), Kolom("titel", ("Riool",)), Kolom("startdatum", ("2027",))]
    soorten = {code: key for key, code, _ in find_soorten(session)}
    defaults = {
        "organisatie_id": organisatie.id,
        "naam": "Planning kabels",
        "bestandsnaam": "planning.geojson",
        "ritme": Ritme.HAND,
        "stand": Stand.LOOPT,
        "koppeling": guess(kolommen, soorten, anders=soorten["anders"]).to_json(),
        "kolommen": [asdict(kolom) for kolom in kolommen],
    }
    return add(session, Werkbron(**(defaults | values)))


def planner(organisatie: Organisatie) -> Actor:
    """Somebody who plans for this organisation."""
    return Actor(naam="Planner", rol=Rol.KETENPARTNER, organisatie_id=organisatie.id)


def add_file(
    app: Flask, session: Session, inhoud: bytes, *, naam: str = "planning.geojson"
) -> Werkbron:
    """A new source of this file, read and weighed, to be looked at."""
    make_kern(session, grens=GRENS)
    organisatie = make_organisatie(session)
    gegevens = services.BronGegevens(organisatie.id, "Planning", "", Ritme.HAND)
    bron = services.add_bron(
        session, planner(organisatie), gegevens, services.Bestand(naam, inhoud)
    )
    return settle(app, session, bron)

    return MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)])


def add_here(app: Flask, session: Session, inhoud: bytes) -> Werkbron:
    """As ``add_file`` for GeoJSON, read in this process: half a second sooner."""
    make_kern(session, grens=GRENS)
    bron = make_werkbron(session, make_organisatie(session), koppeling=None, stand=Stand.LEZEN)
    return next_here(app, session, bron, inhoud)


def next_here(app: Flask, session: Session, bron: Werkbron, inhoud: bytes) -> Werkbron:
    """As ``next_file`` for GeoJSON, read in this process."""
    forget_rows(session, bron.id, alles=True)
    verzameld = Verzameld()
    ruw = parse(inhoud.decode(), max_features=1_000).features
    to_rd(ruw, CRS.from_epsg(4326), Limieten())
    for nummer, one in enumerate(ruw, start=1):
        found = Feature("x", nummer, one.velden, one.geom, one.reden, tuple(one.hersteld))
        row = verzameld.to_rij(found) | {"bron_id": bron.id}
        session.execute(insert(WerkbronRij), [row])
    services.keep_read(
        session, bron, verzameld.kolommen(), opmerkingen=[], totaal=verzameld.aantal, nu=now()
    )
    return settle(app, session, bron)


def settle(app: Flask, session: Session, bron: Werkbron) -> Werkbron:
    """Let the worker do all that waits."""
    session.flush()
    while work(app, session):
        pass
    session.expire_all()
    return session.get_one(Werkbron, bron.id)


def take(app: Flask, session: Session, bron: Werkbron) -> Werkbron:
    """Take over what is looked at."""
    assert bron.stand is Stand.BEKIJKEN, bron.melding
    services.begin_take_over(session, planner(bron.organisatie), bron.id)
    return settle(app, session, bron)


def next_file(app: Flask, session: Session, bron: Werkbron, inhoud: bytes) -> Werkbron:
    """A newer file of a source, read and weighed."""
    bestand = services.Bestand("planning.geojson", inhoud)
    services.read_again(session, planner(bron.organisatie), bron.id, bestand)
    return settle(app, session, bron)


def came_of(session: Session, bron: Werkbron) -> list[Werkzaamheid]:
    """The works that came of a source, in the order in which they came."""
    session.expire_all()
    return list(
        session.scalars(
            select(Werkzaamheid)
            .join(Werkbronitem, Werkbronitem.werkzaamheid_id == Werkzaamheid.id)
            .where(Werkbronitem.bron_id == bron.id)
            .order_by(Werkzaamheid.id)
        )
    )
