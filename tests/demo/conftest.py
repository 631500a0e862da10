import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from shapely.geometry import MultiPolygon, Point, shape
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from kernenkaart.config import ROOT
from kernenkaart.demo.services import load_demo
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.namen import slugify
from kernenkaart.tijd import today
from tests.factories import add, make_gemeente


def load_kernen(session: Session) -> None:
    bron = json.loads(Path(ROOT, "geodata", "kernen.geojson").read_text("utf-8"))
    gemeente = make_gemeente(session)
    for feature in bron["features"]:
        wat = feature["properties"]
        grens = shape(feature["geometry"])
        add(
            session,
            Kern(
                gemeente_id=gemeente.id,
                code=wat["code"],
                naam=wat["naam"],
                slug=slugify(wat["naam"]),
                soort=wat["soort"],
                grens=grens if isinstance(grens, MultiPolygon) else MultiPolygon([grens]),
                hart=Point(wat["hart_x"], wat["hart_y"]),
            ),
        )


@pytest.fixture(scope="module")
def geladen(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction in which the demo is loaded, once for all tests of a file."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            load_kernen(session)
            load_demo(session, today(), "geen-echte-hash")
            session.commit()
        yield connection
        transaction.rollback()
