"""Filters give the things that plain Python finds, in text and in JSON alike."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.laag import LAAG as ACTIVITEITEN
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lezen import Lezer, to_text
from kernenkaart.ogc.cql2 import sql
from kernenkaart.ogc.cql2.json_form import parse_json
from kernenkaart.ogc.cql2.nodes import Node
from kernenkaart.ogc.cql2.text import parse_text
from kernenkaart.ogc.crs import RD_NEW
from kernenkaart.projecten.laag import LAAG as PROJECTEN
from kernenkaart.projecten.models import Status as ProjectStatus
from tests.conftest import driver_of
from tests.factories import X, Y, make_activiteit, make_organisatie, make_platform, make_project
from tests.ogc.cql2 import orakel, schrijven
from tests.ogc.cql2.filters import DAGEN, MOMENTEN, RASTER_M, WOORDEN, conditions

EIGENSCHAPPEN: dict[str, dict[str, Any]] = {
    "activiteiten": {
        "id": int,
        "geometry": None,
        "titel": str,
        "plek": str,
        "status": str,
        "kern": str,
        "heleDag": bool,
        "begintOp": datetime,
        "eindigtOp": datetime,
    },
    "projecten": {
        "id": int,
        "geometry": None,
        "titel": str,
        "website": str,
        "status": str,
        "eersteDag": date,
        "laatsteDag": date,
        "gewijzigdOp": datetime,
    },
}
LAGEN: dict[str, OpenLaag] = {"activiteiten": ACTIVITEITEN, "projecten": PROJECTEN}


def _shape(rng: random.Random) -> Any:
    def at() -> tuple[float, float]:
        return X + RASTER_M * rng.randrange(7), Y + RASTER_M * rng.randrange(7)

    while True:
        (x, y), other = at(), at()
        geom = rng.choice(
            [
                shapely.Point(x, y),
                shapely.LineString([(x, y), other]),
                shapely.LineString([(x, y), other]).envelope,
                shapely.box(x, y, x + 2 * RASTER_M, y + RASTER_M),
                shapely.MultiPoint([(x, y), other]),
            ]
        )
        if shapely.is_valid(geom):
            return geom


@pytest.fixture
def rows(session: Session) -> dict[str, list[orakel.Row]]:
    """Forty things in two layers with values that come back often, as the database holds them."""
    rng = random.Random(20270328)
    platform, organisatie = make_platform(session), make_organisatie(session)
    for _ in range(40):
        begin = rng.choice(MOMENTEN)
        make_activiteit(
            session,
            platform=platform,
            titel=rng.choice(WOORDEN) or "x",
            plek_naam=rng.choice([None, *WOORDEN]),
            status=rng.choice(list(ActiviteitStatus)),
            hele_dag=rng.random() < 0.5,
            begint_op=begin,
            eindigt_op=begin + timedelta(hours=rng.choice([3, 6, 24])),
            **rng.choice(
                [{"geom": _shape(rng)}] * 4 + [{"geom": None, "kern_id": platform.kernen[0].id}]
            ),
        )
        eerste, laatste = sorted(rng.choices(DAGEN, k=2))
        make_project(
            session,
            organisatie=organisatie,
            titel=rng.choice(WOORDEN) or "x",
            website=rng.choice([None, "https://a.example", "https://B.example"]),
            status=rng.choice(list(ProjectStatus)),
            eerste_dag=rng.choice([eerste, eerste, None]),
            laatste_dag=rng.choice([laatste, laatste, None]),
            geom=_shape(rng),
            updated_at=rng.choice(MOMENTEN),
        )
    return {naam: _read(session, laag) for naam, laag in LAGEN.items()}


def _read(session: Session, laag: OpenLaag) -> list[orakel.Row]:
    kolommen = [veld.kolom.label(naam) for naam, veld in laag.velden.items()]
    found = session.execute(
        select(laag.id.label("id"), laag.geom.label("geometry"), *kolommen).select_from(laag.bron)
    ).mappings()
    soorten = EIGENSCHAPPEN[laag.naam].items()
    dagen = frozenset(naam for naam, soort in soorten if soort is date)
    return [orakel.Row(dict(row), dagen) for row in found]


def _found(connection: Connection, laag: OpenLaag, node: Node) -> set[int]:
    condition, params = sql.to_sql(node, laag, RD_NEW)
    statement = to_text(select(laag.id).select_from(laag.bron).where(condition))
    return {row[0] for row in Lezer(lambda: driver_of(connection)).rows(statement, params)}


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of a deep filter
@pytest.mark.parametrize("aantal", [100, pytest.param(5_000, marks=pytest.mark.volledig)])
def test_filters_find_what_plain_python_finds(
    rows: dict[str, list[orakel.Row]], connection: Connection, aantal: int
) -> None:
    gevallen = st.sampled_from(sorted(LAGEN)).flatmap(
        lambda naam: st.tuples(st.just(naam), conditions(EIGENSCHAPPEN[naam]))
    )
    uitkomsten: set[str] = set()

    @settings(
        max_examples=aantal,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(gevallen)
    def check(geval: tuple[str, Node]) -> None:
        naam, node = geval
        laag = LAGEN[naam]

        from_text = parse_text(schrijven.to_text(node))
        from_json = parse_json(schrijven.to_json(node))
        found = _found(connection, laag, from_text)

        assert from_text == node
        assert from_json == node
        verwacht = {row.values["id"] for row in rows[naam] if orakel.holds(node, row)}
        assert found == verwacht
        uitkomsten.add("geen" if not found else "alle" if len(found) == 40 else "een deel")

    check()
    assert uitkomsten == {"geen", "alle", "een deel"}
