"""Many random things over the country, and what must be in a tile of them: worked out in Python."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import mapbox_vector_tile
from flask.testing import FlaskClient
from pyproj import Transformer
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.initiatieven.models import Initiatief, InitiatiefSoort
from kernenkaart.initiatieven.models import Status as InitiatiefStatus
from kernenkaart.projecten.models import Project, ProjectSoort
from kernenkaart.projecten.models import Status as ProjectStatus
from kernenkaart.tegels.services import catch_up
from kernenkaart.tijd import AMSTERDAM
from kernenkaart.werkzaamheden.models import Status as WerkzaamheidStatus
from kernenkaart.werkzaamheden.models import Werkzaamheid, WerkzaamheidSoort
from tests import factories as make

WERELD = 20037508.342789244
_to_web = Transformer.from_crs(28992, 3857, always_xy=True)
NUL = date(2026, 1, 1)

OPENBAAR = {ActiviteitStatus.VERWACHT, ActiviteitStatus.GEPUBLICEERD, ActiviteitStatus.AFGELAST}


@dataclass(frozen=True)
class Worp:
    """Where and when something is; ``laatste`` is included."""

    plek: Point
    dag: date
    laatste: date


@dataclass(frozen=True)
class Ding:
    """What is known of a thing without asking the database."""

    laag: str
    id: int
    soort: str
    punt: Point
    eerste: date | None
    laatste: date | None
    openbaar: bool

    def goes_on(self, van: date | None, tot: date | None) -> bool:
        """Whether it shares a day with the period."""
        return (self.eerste is None or tot is None or self.eerste <= tot) and (
            self.laatste is None or van is None or self.laatste >= van
        )


def decode(data: bytes) -> dict[str, Any]:
    """The layers of a tile by name, rows counted from the north as in the tile itself."""
    found: dict[str, Any] = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})
    return found


def fetch(client: FlaskClient, address: str) -> dict[str, Any]:
    """The layers of the tile at an address; empty when there is nothing in it."""
    response = client.get(address)
    assert response.status_code in {200, 204}, response.text
    return decode(response.data)


def web_tile(punt: Point, z: int) -> tuple[int, int]:
    """Column and row of the tile of Web Mercator in which an RD point lies."""
    x, y = _to_web.transform(punt.x, punt.y)
    side = 2 * WERELD / 2**z
    return math.floor((x + WERELD) / side), math.floor((WERELD - y) / side)


def rd_tile(punt: Point, z: int) -> tuple[int, int]:
    """Column and row of the tile of NetherlandsRDNewQuad in which an RD point lies."""
    side = 3440.64 * 256 / 2**z
    return math.floor((punt.x + 285401.92) / side), math.floor((903401.92 - punt.y) / side)


def to_web(geom: BaseGeometry) -> list[tuple[float, float]]:
    """The corners of a geometry in Web Mercator."""
    return [_to_web.transform(x, y) for x, y in geom.coords]


def count_all(session: Session) -> None:
    """Count every cell in which something changed."""
    session.flush()
    while catch_up(session):
        pass


def scatter(session: Session, seed: int, aantal: int = 60) -> list[Ding]:
    """Random things of all four layers: clustered, with and without days, and hidden ones."""
    rng = random.Random(seed)
    platform = make.make_platform(session)
    organisatie = make.make_organisatie(session)
    harten = [(rng.uniform(20_000, 270_000), rng.uniform(320_000, 600_000)) for _ in range(8)]
    found = []
    for _ in range(aantal):
        x, y = rng.choice(harten)
        dag = NUL + timedelta(days=rng.randrange(400))
        worp = Worp(
            plek=Point(rng.gauss(x, 2_000), rng.gauss(y, 2_000)),
            dag=dag,
            laatste=dag + timedelta(days=rng.randrange(40)),
        )
        found.append(_activiteit(session, rng, platform, worp))
        found.append(_werk(session, rng, organisatie, worp))
        found.append(_project(session, rng, organisatie, worp))
        found.append(_initiatief(session, rng, platform, worp))
    count_all(session)
    return found


def _soort(session: Session, rng: random.Random, model: Any) -> Any:
    return rng.choice(session.scalars(select(model).order_by(model.id)).all()[:4])


def _ding(session: Session, laag: str, row: Any, soort: Any, days: Any, *, openbaar: bool) -> Ding:
    tabel = type(row).__tablename__
    x, y = session.execute(
        text(f"SELECT ST_X(punt), ST_Y(punt) FROM {tabel} WHERE id = :id"), {"id": row.id}
    ).one()
    return Ding(laag, row.id, soort.code, Point(x, y), *days, openbaar)


def _activiteit(session: Session, rng: random.Random, platform: Any, worp: Worp) -> Ding:
    status = rng.choice(list(ActiviteitStatus))
    soort = _soort(session, rng, ActiviteitSoort)
    midnight = datetime.combine(worp.dag, time(), AMSTERDAM)
    # ending at midnight is not going on the next day
    eindigt = midnight + timedelta(days=rng.choice([1, 1, 2]), hours=rng.choice([0, 0, 3]))
    row: Activiteit = make.make_activiteit(
        session, platform=platform, status=status, soort_id=soort.id, geom=worp.plek,
        begint_op=midnight + timedelta(hours=rng.randrange(24)), eindigt_op=eindigt,
    )  # fmt: skip
    days = (worp.dag, (eindigt - timedelta(microseconds=1)).date())
    openbaar = status in OPENBAAR
    return _ding(session, "activiteiten", row, soort, days, openbaar=openbaar)


def _werk(session: Session, rng: random.Random, organisatie: Any, worp: Worp) -> Ding:
    status = rng.choice([WerkzaamheidStatus.CONCEPT, *[WerkzaamheidStatus.BEVESTIGD] * 3])
    open_ = rng.random() < 0.8
    soort = _soort(session, rng, WerkzaamheidSoort)
    line = LineString([worp.plek, (worp.plek.x + rng.uniform(1, 900), worp.plek.y + 300)])
    row: Werkzaamheid = make.make_werkzaamheid(
        session, organisatie=organisatie, status=status, openbaar=open_, soort_id=soort.id,
        geom=line, eerste_dag=worp.dag, laatste_dag=worp.laatste,
    )  # fmt: skip
    days = (worp.dag, worp.laatste)
    openbaar = open_ and status is not WerkzaamheidStatus.CONCEPT
    return _ding(session, "werkzaamheden", row, soort, days, openbaar=openbaar)


def _project(session: Session, rng: random.Random, organisatie: Any, worp: Worp) -> Ding:
    status = rng.choice([ProjectStatus.CONCEPT, *[ProjectStatus.UITVOERING] * 3])
    soort = _soort(session, rng, ProjectSoort)
    eerste = worp.dag if rng.random() < 0.7 else None
    laatste = worp.laatste if rng.random() < 0.7 else None
    x, y = worp.plek.x, worp.plek.y
    row: Project = make.make_project(
        session, organisatie=organisatie, status=status, soort_id=soort.id,
        geom=box(x, y, x + 150, y + 90), eerste_dag=eerste, laatste_dag=laatste,
    )  # fmt: skip
    openbaar = status is not ProjectStatus.CONCEPT
    return _ding(session, "projecten", row, soort, (eerste, laatste), openbaar=openbaar)


def _initiatief(session: Session, rng: random.Random, platform: Any, worp: Worp) -> Ding:
    status = rng.choice(list(InitiatiefStatus))
    soort = _soort(session, rng, InitiatiefSoort)
    row: Initiatief = make.make_initiatief(
        session, platform=platform, status=status, soort_id=soort.id, geom=worp.plek
    )
    openbaar = status not in {InitiatiefStatus.CONCEPT, InitiatiefStatus.INGETROKKEN}
    return _ding(session, "initiatieven", row, soort, (None, None), openbaar=openbaar)


def all_tiles(dingen: list[Ding], z: int, *, rd: bool = False) -> Iterator[tuple[int, int]]:
    """Every tile in which one of them lies, and those around it."""
    tile = rd_tile if rd else web_tile
    found = {
        (x + dx, y + dy)
        for x, y in (tile(ding.punt, z) for ding in dingen)
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
    }
    return iter(sorted((x, y) for x, y in found if 0 <= x < 2**z and 0 <= y < 2**z))
