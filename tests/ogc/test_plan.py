"""Statements stay fast: the generic plan asks the right index, and not every question is kept."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from psycopg.rows import TupleRow
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from kernenkaart.embedded import Cluster
from kernenkaart.ogc import queries
from kernenkaart.ogc.queries import Vorm, item_text, items_text
from tests.factories import make_activiteit, make_werkzaamheid
from tests.ogc.conftest import CRS84, Ask, Wereld, ids

WAARDEN: dict[str, Any] = {
    "na": 0,
    "limiet": 100,
    "vak": "MULTIPOLYGON(((5 51,6 51,6 52,5 52,5 51)))",
    "nabij": "tricht",
    "afstand": 500.0,
    "begin": datetime(2027, 4, 1, tzinfo=UTC),
    "einde": datetime(2027, 7, 1, tzinfo=UTC),
    "eerste": date(2027, 4, 1),
    "laatste": date(2027, 6, 30),
    "id": 1,
}


@pytest.fixture(scope="module")
def ruim(cluster: Cluster, gemigreerd: str) -> Iterator[psycopg.Connection[TupleRow]]:
    """A database with five thousand activities and works, all over the Netherlands and the year."""
    cluster.create_database("plan", template=gemigreerd)
    engine = create_engine(cluster.url("kernenkaart_beheer", "plan"))
    with Session(engine) as session:
        make_activiteit(session, hele_dag=False)
        make_werkzaamheid(session)
        session.commit()
    engine.dispose()
    with cluster.connect("plan") as driver:
        driver.execute("SET session_replication_role = replica")  # no triggers
        driver.execute(
            "INSERT INTO activiteit (gemeente_id, geom, soort_id, titel, status, hele_dag, "
            "platform_id, begint_op, eindigt_op) "
            "SELECT gemeente_id, ST_Translate(geom, n * 7 % 50000, n * 13 % 50000), soort_id, "
            "titel, status, hele_dag, platform_id, begint_op + n * interval '1 hour', "
            "eindigt_op + n * interval '1 hour' FROM activiteit, generate_series(1, 5000) n"
        )
        driver.execute(
            "INSERT INTO werkzaamheid (gemeente_id, geom, soort_id, titel, status, hinder, "
            "organisatie_id, eerste_dag, laatste_dag) "
            "SELECT gemeente_id, ST_Translate(geom, n * 7 % 50000, n * 13 % 50000), soort_id, "
            "titel, status, hinder, organisatie_id, eerste_dag + n % 365, laatste_dag + n % 365 "
            "FROM werkzaamheid, generate_series(1, 5000) n"
        )
        driver.execute("ANALYZE")
        yield driver
    cluster.drop_database("plan")


def generic_plan(driver: psycopg.Connection[TupleRow], statement: str) -> str:
    """The plan that the database keeps for a statement whose values it does not know."""
    namen = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    for number, naam in enumerate(namen, start=1):
        statement = statement.replace(f"%({naam})s", f"${number}")
    driver.execute("SET plan_cache_mode = force_generic_plan")
    driver.execute(f"PREPARE vraag AS {statement}".encode())
    lijst = ", ".join(f"%({naam})s" for naam in namen)
    cursor = psycopg.ClientCursor(driver)  # writes the values into the text: EXECUTE binds none
    rows = cursor.execute(f"EXPLAIN EXECUTE vraag({lijst})".encode(), WAARDEN).fetchall()
    driver.execute("DEALLOCATE vraag")
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("plek", [{"vak_srid": 4258}, {"vak_srid": 28992}, {"nabij": True}])
@pytest.mark.parametrize(
    ("laag", "index"),
    [
        ("activiteiten", "ix_activiteit_geom_periode"),
        ("werkzaamheden", "ix_werkzaamheid_geom_periode"),
    ],
)
def test_place_and_period_are_asked_of_one_index(
    ruim: psycopg.Connection[TupleRow], plek: dict[str, Any], laag: str, index: str
) -> None:
    plan = generic_plan(ruim, items_text(Vorm(laag, CRS84, tijd=True, **plek)))

    scans = [regel for regel in plan.splitlines() if "Scan using ix_" in regel]
    assert [index in regel for regel in scans] == [True], plan
    conditie = plan[plan.index(index) :].split("Index Cond:", 1)[1].splitlines()[0]
    assert re.search(r"geom && .*range\(.*\) && ", conditie)


def test_without_a_place_a_page_is_found_along_the_key(
    ruim: psycopg.Connection[TupleRow],
) -> None:
    plan = generic_plan(ruim, items_text(Vorm("werkzaamheden", CRS84)))

    assert re.search(r"Scan using pk_werkzaamheid on werkzaamheid .*\n\s+Index Cond: \(id > ", plan)


def test_one_thing_is_found_by_its_key(ruim: psycopg.Connection[TupleRow]) -> None:
    plan = generic_plan(ruim, item_text("werkzaamheden", CRS84))

    assert re.search(r"Scan using pk_werkzaamheid .*\n\s+Index Cond: \(id = ", plan)


def test_a_page_is_the_same_whether_few_or_many_lie_in_the_box(
    ask: Ask, wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    pad, vragen = "/collections/werkzaamheden/items", (
        {"bbox": "4,51,7.3,53"}, {"bbox": "4,51,7.3,53", "limit": 3}, {"nabij": "tricht"},
        {"nabij": "tricht", "datetime": "2020-01-01/..", "limit": 2},
    )  # fmt: skip
    weinig = [ids(ask(pad, **v)) for v in vragen]

    for ruim in (1, 4, 6, 8):
        monkeypatch.setattr(queries, "RUIM", ruim)
        items_text.cache_clear()
        assert [ids(ask(pad, **v)) for v in vragen] == weinig
    items_text.cache_clear()


def test_statements_that_are_kept_are_few(ask: Ask, wereld: Wereld) -> None:
    """T8: who varies parameters without end fills no memory."""
    for kept in (items_text, item_text):
        assert 0 < (kept.cache_info().maxsize or 0) <= 512
    items_text.cache_clear()

    for number in range(12):
        ask("/collections/werkzaamheden/items", limit=number + 1, titel=f"Werk {number}")

    assert items_text.cache_info().currsize == 1


def test_a_filter_is_not_kept(ask: Ask, wereld: Wereld) -> None:
    items_text.cache_clear()

    for number in range(5):
        ask("/collections/werkzaamheden/items", filter=f"id = {number}")

    assert items_text.cache_info().currsize == 0
