"""Whatever geometry is sent, a work is posted or the reason is told; the database agrees (T8)."""

import io
import json
import uuid
from dataclasses import replace
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely.geometry import MultiPolygon, box
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.app import create_app
from kernenkaart.config import Settings
from kernenkaart.geo.bestand.waarden import Limieten
from kernenkaart.werkzaamheden.models import Werkzaamheid, WerkzaamheidSoort
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker, make_kern, make_organisatie, make_werkzaamheid

ODD = ["nan", "inf", "-inf", "1e400", "1e308", "-0.0", "0", "5.29", "51.87", "140000", "1" * 400]
SRIDS = ["28992", "4326", "3857", "7415", "5709", "4978", "25831", "99999", "0"]
KINDS = {"POINT": 0, "MULTIPOINT": 1, "LINESTRING": 1, "MULTILINESTRING": 2, "POLYGON": 2,
         "MULTIPOLYGON": 3, "LINEARRING": 1, "CIRCULARSTRING": 1, "TRIANGLE": 2}  # fmt: skip
JSON_NAMES = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]

Post = tuple[FlaskClient, dict[str, object]]


class Maker:
    """Geometry as text, from good to absurd, always the same for a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def number(self, base: float) -> str:
        roll = self.random.random()
        if roll < 0.01:
            return self.random.choice(ODD)
        if roll < 0.03:
            return repr(self.random.uniform(-1e6, 1e6))
        return str(base + self.random.randint(0, 20))  # a small grid: crossings and doubles

    def position(self) -> list[str]:
        pair = [self.number(X), self.number(Y)]
        if self.random.random() < 0.01:
            pair.reverse()
        return pair + [self.number(0)] * (self.random.random() < 0.02)

    def nested(self, depth: int, kind: str) -> object:
        if depth == 0:
            return self.position()
        if depth == 1:
            row = [self.position() for _ in range(self.random.randint(0, 7))]
            return row + row[:1] * (("POLY" in kind.upper()) and self.random.random() < 0.95)
        return [self.nested(depth - 1, kind) for _ in range(self.random.randint(1, 3))]

    def text(self) -> str:
        kind = self.random.choice(list(KINDS))
        made = self.nested(KINDS[kind], kind)
        if self.random.random() < 0.5:
            return self.broken(self.json(kind, made))
        wkt = f"{kind}{self.wkt(made)}" if KINDS[kind] else f"POINT({' '.join(made)})"  # type: ignore[arg-type]
        if self.random.random() < 0.1:
            wkt = f"GEOMETRYCOLLECTION({wkt},{wkt})"
        if self.random.random() < 0.2:
            wkt = f"SRID={self.random.choice(SRIDS)};{wkt}"
        return self.broken(wkt)

    def wkt(self, made: object) -> str:
        assert isinstance(made, list)
        if made and isinstance(made[0], str):
            return " ".join(made)
        return "(" + ",".join(self.wkt(one) for one in made) + ")"

    def json(self, kind: str, made: object) -> str:
        name = next((n for n in JSON_NAMES if n.upper() == kind), "Kubus")
        coordinates = json.dumps(made).replace('"', "")  # numbers, and words that are none
        for odd, value in (("-inf", "-Infinity"), ("inf", "Infinity"), ("nan", "NaN")):
            coordinates = coordinates.replace(odd, value)
        return f'{{"type": "{name}", "coordinates": {coordinates}}}'

    def broken(self, whole: str) -> str:
        if self.random.random() < 0.05:
            return whole[: self.random.randint(0, len(whole))]
        return whole


@pytest.fixture
def post(client: ClientFactory, session: Session) -> Post:
    make_kern(session, grens=MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)]))
    fields = {
        "actie": "plaats",
        "titel": "Nieuw riool",
        "organisatie": make_organisatie(session).id,
        "soort": session.scalars(select(WerkzaamheidSoort.id)).first(),
        "eerste_dag": "07-06-2027",
        "laatste_dag": "02-07-2027",
        "status": "verwacht",
        "hinder": "geen",
    }
    return client(make_gebruiker(session, rol=Rol.MEDEWERKER)), fields


@pytest.mark.parametrize(
    "aantal", [100, pytest.param(600, marks=pytest.mark.volledig)], ids=["steekproef", "alles"]
)
def test_every_geometry_is_posted_or_explained(post: Post, session: Session, aantal: int) -> None:
    browser, fields = post
    maker = Maker(seed=8)
    answers: dict[int, int] = {}

    for _ in range(aantal):
        vorm = maker.text()
        data = fields | {"sleutel": str(uuid.uuid4()), "vorm": vorm}
        response = browser.post("/werkzaamheden/nieuw", data=data)

        assert response.status_code in (302, 422), vorm[:500]
        if response.status_code == 422:
            assert 'id="vorm-fout"' in response.text, vorm[:500]
        answers[response.status_code] = answers.get(response.status_code, 0) + 1
        # gone again: works on one spot are all compared with one another
        posted = session.execute(delete(Werkzaamheid).returning(Werkzaamheid.id)).all()
        assert len(posted) == (response.status_code == 302), vorm[:500]

    assert min(answers.values()) > aantal / 10  # good and bad ones were tried


@pytest.fixture
def post_two_mb(post: Post, app: Flask, settings: Settings) -> Post:
    """The same with ``KERNENKAART_UPLOAD_MAX_MB=2``."""
    browser, fields = post
    own = create_app(replace(settings, upload_max_mb=2))
    own.extensions["kernenkaart.engine"].dispose()
    own.extensions["kernenkaart.sessions"] = app.extensions["kernenkaart.sessions"]
    own.config.update(WTF_CSRF_ENABLED=False)
    other = own.test_client()
    cookie = browser.get_cookie("sessie")
    assert cookie is not None
    other.set_cookie("sessie", cookie.value)
    return other, fields


@pytest.mark.parametrize(
    ("size", "status", "zin"),
    [
        (2_000_000, 302, ""),
        (2_000_001, 422, "punt.geojson is groter dan 2 MB."),
        (4_000_001, 413, "Een bestand mag hoogstens 2 MB zijn."),
    ],
)
def test_a_file_is_as_large_as_the_setting_says(
    post_two_mb: Post, size: int, status: int, zin: str
) -> None:
    browser, fields = post_two_mb
    punt = json.dumps({"type": "Point", "coordinates": [X + 10, Y + 10]}).encode()
    bestand = (io.BytesIO(punt.ljust(size)), "punt.geojson")

    data = fields | {"sleutel": str(uuid.uuid4()), "bestand": bestand}
    response = browser.post("/werkzaamheden/nieuw", data=data)
    response.request.environ["wsgi.input"].close()  # the client keeps a large body in a file

    assert response.status_code == status
    assert zin in response.text
    assert "Nieuw riool" in response.text or status != 422


def test_a_larger_file_may_take_more_room_and_time() -> None:
    as_is, larger = Limieten(features=500).up_to(20), Limieten(features=500).up_to(400)

    assert as_is == Limieten(features=500)
    assert (larger.bestand_mb, larger.uitgepakt_mb, larger.features) == (400, 400, 500)
    assert (larger.geheugen_mb, larger.cpu_s) == (2_000, 200)


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT(nan nan)",
        "POINT EMPTY",
        "POINT(5.29 51.87)",
        f"POINT({Y} {X})",
        f"POLYGON(({X} {Y},{X + 9} {Y + 9},{X + 9} {Y},{X} {Y + 9},{X} {Y}))",
        "LINESTRING(" + ",".join(f"{X + n / 100} {Y}" for n in range(10_001)) + ")",
    ],
    ids=["nan", "leeg", "graden", "omgewisseld", "kruist zichzelf", "te veel punten"],
)
def test_the_database_refuses_bad_geometry_from_sql_too(session: Session, wkt: str) -> None:
    werk = make_werkzaamheid(session)

    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(
            text("UPDATE werkzaamheid SET geom = ST_GeomFromText(:wkt, 28992) WHERE id = :id"),
            {"wkt": wkt, "id": werk.id},
        )
