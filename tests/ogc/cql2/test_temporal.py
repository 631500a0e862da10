"""Each temporal function at its edges: of a work from 10 to 20 March, beside other periods."""

from datetime import date

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from kernenkaart.lezen import Lezer, to_text
from kernenkaart.ogc.cql2.nodes import TEMPORAL
from kernenkaart.ogc.cql2.sql import to_sql
from kernenkaart.ogc.cql2.text import parse_text
from kernenkaart.werkzaamheden.laag import LAAG
from tests.conftest import driver_of
from tests.factories import make_werkzaamheid

# function: periods (days of March) for which it is true, and for which it is not
RANDEN: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {
    "t_after": ([(1, 9)], [(1, 10), (21, 25)]),
    "t_before": ([(21, 25)], [(20, 25), (1, 9)]),
    "t_contains": ([(11, 19)], [(10, 19), (11, 20)]),
    "t_disjoint": ([(1, 9), (21, 22)], [(1, 10), (20, 22)]),
    "t_during": ([(9, 21)], [(10, 21), (9, 20)]),
    "t_equals": ([(10, 20)], [(10, 21), (9, 20)]),
    "t_finishedby": ([(11, 20)], [(10, 20), (11, 21)]),
    "t_finishes": ([(9, 20)], [(10, 20), (9, 21)]),
    "t_intersects": ([(1, 10), (20, 22)], [(1, 9), (21, 22)]),
    "t_meets": ([(20, 25)], [(21, 25), (19, 25)]),
    "t_metby": ([(1, 10)], [(1, 9), (1, 11)]),
    "t_overlappedby": ([(5, 15)], [(10, 15), (5, 10), (5, 20)]),
    "t_overlaps": ([(15, 25)], [(10, 25), (20, 25), (15, 20)]),
    "t_startedby": ([(10, 19)], [(10, 20), (11, 19)]),
    "t_starts": ([(10, 21)], [(10, 20), (9, 21)]),
}


@pytest.mark.parametrize("functie", TEMPORAL)
def test_a_temporal_function_at_its_edges(
    functie: str, session: Session, connection: Connection
) -> None:
    make_werkzaamheid(session, eerste_dag=date(2027, 3, 10), laatste_dag=date(2027, 3, 20))
    lezer = Lezer(lambda: driver_of(connection))

    def holds(van: int, tot: int) -> bool:
        periode = f"INTERVAL('2027-03-{van:02}', '2027-03-{tot:02}')"
        condition, params = to_sql(
            parse_text(f"{functie}(INTERVAL(eersteDag, laatsteDag), {periode})"), LAAG
        )
        statement = to_text(select(LAAG.id).select_from(LAAG.bron).where(condition))
        return bool(lezer.rows(statement, params, eenmalig=True))

    wel, niet = RANDEN[functie]
    assert [periode for periode in [*wel, *niet] if holds(*periode)] == wel
