"""The plan that the database keeps for a tile takes the index that was made for it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from kernenkaart.embedded import Cluster
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import KERNEN, LAGEN
from kernenkaart.tegels.banden import Band, Vorm, tile_text
from kernenkaart.tegels.raster import RDNEW, WEB, Raster
from tests import factories as make
from tests.conftest import driver_of


@pytest.fixture
def session(cluster: Cluster, gemigreerd: str) -> Iterator[Session]:
    """A database without a past: what other tests took back still weighs on a plan."""
    cluster.create_database("plannen", template=gemigreerd)
    engine = create_engine(cluster.url("kernenkaart_app", "plannen"))
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()
    cluster.drop_database("plannen")


MANY = """
INSERT INTO activiteit (platform_id, gemeente_id, kern_id, soort_id, titel, begint_op, eindigt_op,
                        status, geom)
SELECT platform_id, gemeente_id, kern_id, soort_id, titel, begint_op + n * interval '1 hour',
    eindigt_op + n * interval '1 hour', status,
    ST_SetSRID(ST_MakePoint(20000 + n * 7919 % 250000, 320000 + n * 104729 % 280000), 28992)
FROM activiteit, generate_series(1, 2000) n WHERE id = :id
"""
KINDS = (
    dict.fromkeys(("west", "zuid", "oost", "noord", "cel"), "float8")
    | dict.fromkeys(("x", "y", "niveau", "grof"), "integer")
    | dict.fromkeys(("txs", "tys"), "integer[]")
    | {"soorten": "text[]", "van": "date", "tot": "date"}
)


def generic_plan(session: Session, vorm: Vorm) -> Any:
    """The plan for any values of the parameters, as PostgreSQL would keep it."""
    statement = tile_text(vorm)
    used = [name for name in KINDS if f"%({name})s" in statement]
    for number, name in enumerate(used, 1):
        statement = statement.replace(f"%({name})s", f"${number}")
    kinds = ", ".join(KINDS[name] for name in used)
    nulls = ", ".join("NULL" for _ in used)
    driver = driver_of(session.connection())
    driver.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    driver.execute(f"PREPARE tegel ({kinds}) AS {statement.replace('%%', '%')}".encode())
    row = driver.execute(f"EXPLAIN (FORMAT JSON) EXECUTE tegel ({nulls})".encode()).fetchone()
    driver.execute("DEALLOCATE tegel")
    return row[0] if row else None


def scans(plan: Any) -> Iterator[tuple[str, str]]:
    """Each table and index that is read: (kind of node, its name)."""
    if isinstance(plan, list):
        for part in plan:
            yield from scans(part)
    elif isinstance(plan, dict):
        if name := plan.get("Index Name") or plan.get("Relation Name"):
            yield plan["Node Type"], name
        for part in plan.values():
            yield from scans(part)


def fill(session: Session) -> None:
    """Enough rows for an index to be worth it."""
    first = make.make_activiteit(session)
    session.execute(text(MANY), {"id": first.id})
    session.execute(text("ANALYZE activiteit"))


def test_things_are_found_by_where_they_are(session: Session) -> None:
    fill(session)
    activiteiten = LAGEN[0]

    for raster in (WEB, RDNEW):
        for band in (Band.VOL, Band.KAAL, Band.PUNT, Band.CEL):
            for filters in (0, 1, 2, 3):
                vorm = Vorm(
                    raster,
                    ((activiteiten, band),),
                    grof=False,
                    deel=False,
                    soort=bool(filters & 1),
                    periode=bool(filters & 2),
                )
                found = set(scans(generic_plan(session, vorm)))

                (used,) = (name for _node, name in found if name.startswith("ix_activiteit_"))
                assert used.startswith(place_index(raster, band)), vorm


def test_no_index_on_days_alone_can_be_taken_for_a_period() -> None:
    """With a million rows the planner would, and read half of them."""
    for laag in LAGEN:
        vorm = Vorm(WEB, ((laag, Band.VOL),), grof=False, deel=False, soort=False, periode=True)

        text_of_tile = tile_text(vorm)

        assert text_of_tile.count("range(") == 2 * text_of_tile.count(") IS true")


def place_index(raster: Raster, band: Band) -> str:
    if band in {Band.PUNT, Band.CEL}:
        return "ix_activiteit_punt"
    return "ix_activiteit_geom_3857" if raster is WEB else "ix_activiteit_geom_periode"


@pytest.mark.parametrize("laag", LAGEN, ids=lambda laag: laag.naam)
def test_counted_cells_are_found_by_their_tile(session: Session, laag: OpenLaag) -> None:
    session.execute(text("SET LOCAL enable_seqscan = off"))  # the table is empty
    for soort in (False, True):
        vorm = Vorm(WEB, ((laag, Band.VOORRAAD),), grof=True, deel=False, soort=soort, periode=True)

        found = {name for _node, name in scans(generic_plan(session, vorm))}

        assert "pk_tegel_cel" in found


def test_coarse_kernen_are_found_by_where_they_are(session: Session) -> None:
    session.execute(text("SET LOCAL enable_seqscan = off"))  # the table is empty
    vorm = Vorm(WEB, ((KERNEN, Band.VOL),), grof=True, deel=False, soort=False, periode=False)

    found = {name for _node, name in scans(generic_plan(session, vorm))}

    assert "ix_tegel_kern_geom_3857" in found
