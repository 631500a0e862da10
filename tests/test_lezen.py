"""The reader of open answers: what it asks again is prepared, what it asks once is not."""

from collections.abc import Iterator

import psycopg
import pytest

from kernenkaart.config import Settings
from kernenkaart.lezen import Lezer, make_lezer


@pytest.fixture
def lezer(settings: Settings) -> Iterator[Lezer]:
    """On a connection of its own, as in the running app."""
    lezer = make_lezer(settings)
    yield lezer
    lezer._open().close()


def _prepared(lezer: Lezer) -> int:
    row = lezer.row("SELECT count(*) FROM pg_prepared_statements", {}, eenmalig=True)
    assert row is not None
    return int(row[0])


def test_a_statement_is_prepared_by_the_database(lezer: Lezer) -> None:
    assert lezer.row("SELECT %(x)s::int + 1", {"x": 1}) == (2,)
    assert lezer.row("SELECT %(x)s::int + 1", {"x": 2}) == (3,)

    assert _prepared(lezer) == 1


def test_a_statement_that_is_asked_once_leaves_nothing_behind(lezer: Lezer) -> None:
    for getal in range(150):
        assert lezer.rows(f"SELECT %(x)s::int + {getal}", {"x": 1}, eenmalig=True) == [(1 + getal,)]

    assert _prepared(lezer) == 0


def test_a_lost_connection_is_made_again(lezer: Lezer) -> None:
    lezer.row("SELECT 1", {})
    oud = lezer._open()
    with pytest.raises(psycopg.OperationalError):
        oud.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert lezer.row("SELECT 2", {}, eenmalig=True) == (2,)
    assert oud.closed
