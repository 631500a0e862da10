"""A work whose geometry comes from a file: taken over, or refused beside its field."""

import io
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.werkzaamheden.models import Werkzaamheid
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker
from tests.formulieren import filled_werk


def test_an_uploaded_geojson_becomes_the_geometry(client: ClientFactory, session: Session) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    body = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        "features": [
            {"type": "Feature", "properties": {}, "geometry": {
                "type": "LineString", "coordinates": [[X + 10, Y + 10], [X + 90, Y + 10]]}}
        ],
    }  # fmt: skip
    data = filled_werk(session, vorm="")
    data["bestand"] = (io.BytesIO(json.dumps(body).encode()), "werk.geojson")

    response = browser.post("/werkzaamheden/nieuw", data=data, content_type="multipart/form-data")

    assert response.status_code == 302, response.text[-2000:]
    werk = session.scalars(select(Werkzaamheid)).one()
    assert werk.geom is not None
    assert werk.geom.length == pytest.approx(80, abs=0.01)


@pytest.mark.parametrize(
    ("naam", "inhoud"),
    [
        ("werk.geojson", b"<OGRVRTDataSource/>"),
        ("werk.vrt", b"<OGRVRTDataSource/>"),
        ("werk.gpkg", b"not a database"),
        ("werk.zip", b"PK\x03\x04 broken"),
        ("werk.geojson", b""),
    ],
)
def test_a_hostile_or_broken_file_is_refused_beside_its_field(
    client: ClientFactory, session: Session, naam: str, inhoud: bytes
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = filled_werk(session, vorm="")
    data["bestand"] = (io.BytesIO(inhoud), naam)

    response = browser.post("/werkzaamheden/nieuw", data=data, content_type="multipart/form-data")

    assert response.status_code == 422
    assert 'id="bestand-fout"' in response.text
    assert session.scalars(select(Werkzaamheid)).all() == []
