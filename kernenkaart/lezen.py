"""Answers for everyone, straight from the database: one statement, bytes straight through.

Tiles, the API and downloads are always those of an anonymous visitor. They need no session, no
transaction and no objects, so they get none: a statement is compiled to text once, prepared by
the database, and answered on a connection of the thread's own. ``KERNENKAART_LEES_URL`` may name a
replica.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg
from flask import current_app
from psycopg.rows import TupleRow
from sqlalchemy import BindParameter, ClauseElement
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg, PGDialect_psycopg
from sqlalchemy.engine import make_url

from kernenkaart.config import Settings
from kernenkaart.db import connect_args

TRAAG_S = 600  # so long one who takes a whole layer along may pause
STROOM_RIJEN = 2000

Connect = Callable[[], psycopg.Connection[TupleRow]]


class _Compiler(PGCompiler_psycopg):
    """Constants become part of the text, so that the plan knows them; what is asked stays bound."""

    def visit_bindparam(self, bindparam: BindParameter[Any], **kw: Any) -> Any:  # type: ignore[override]
        kw["literal_binds"] = not bindparam.required
        return super().visit_bindparam(bindparam, **kw)  # type: ignore[no-untyped-call]


class _Dialect(PGDialect_psycopg):
    statement_compiler = _Compiler


_DIALECT = _Dialect()  # type: ignore[no-untyped-call]


def to_text(statement: ClauseElement) -> str:
    """An SQLAlchemy statement as text for ``Lezer``; keep it, for making it takes milliseconds.

    ``bindparam("naam", type_=…)`` without a value is asked at each call as ``%(naam)s``; everything
    else is written into the text by SQLAlchemy's own literal rules. Never build one from what a
    visitor sent: bind that.
    """
    return str(statement.compile(dialect=_DIALECT))


class _OfThread(psycopg.Connection[TupleRow]):
    """A connection that goes when the thread that asks goes; nobody else has it to close."""

    def __del__(self, *_rest: object) -> None:
        if hasattr(self, "pgconn"):
            self.pgconn.finish()


class Lezer:
    """Runs statements on one connection per thread; connects again when it was lost.

    Args:
        connect: makes a connection.
    """

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._local = threading.local()

    def row(
        self, statement: str, params: Mapping[str, Any], *, eenmalig: bool = False
    ) -> TupleRow | None:
        """The first row of the answer; None when there is none.

        Args:
            eenmalig: do not prepare it; for a statement of a shape that a visitor chose, which
                would push those of every day out of the connection.

        Raises:
            psycopg.Error: if the database cannot be reached or refuses the statement.
        """
        return self._execute(statement, params, eenmalig).fetchone()

    def rows(
        self, statement: str, params: Mapping[str, Any], *, eenmalig: bool = False
    ) -> list[TupleRow]:
        """All rows of the answer; as ``row``."""
        return self._execute(statement, params, eenmalig).fetchall()

    def stream(self, statement: str) -> Iterator[TupleRow]:
        """All rows, fetched as they are asked for, on a connection of their own.

        For a whole layer: it costs no more memory than a few rows, and who asks may be slow.
        """
        connection = self._connect()
        try:
            with connection.transaction(), connection.cursor("stroom") as cursor:
                connection.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{TRAAG_S}s'")
                cursor.itersize = STROOM_RIJEN
                yield from cursor.execute(statement.encode(), {})
        finally:
            if connection is not self._open():
                connection.close()

    def _execute(
        self, statement: str, params: Mapping[str, Any], eenmalig: bool
    ) -> psycopg.Cursor[TupleRow]:
        query = statement.encode()  # bytes: a text that is not a literal, made by ``to_text``
        prepare = False if eenmalig else None
        try:
            return self._open().execute(query, params, prepare=prepare)
        except psycopg.OperationalError:
            if not self._open().closed:
                raise  # the statement took too long
            return self._open(fresh=True).execute(query, params, prepare=prepare)

    def _open(self, *, fresh: bool = False) -> psycopg.Connection[TupleRow]:
        found: psycopg.Connection[TupleRow] | None = getattr(self._local, "connection", None)
        if found is None or fresh:
            found = self._local.connection = self._connect()
        return found


def make_lezer(settings: Settings) -> Lezer:
    """The reader of the running app; it connects at the first question."""
    url = make_url(settings.lees_url or settings.database_url).set(drivername="postgresql")
    conninfo = url.render_as_string(hide_password=False)
    options = connect_args(settings)

    def connect() -> psycopg.Connection[TupleRow]:
        return _OfThread.connect(
            conninfo, autocommit=True, prepare_threshold=0 if settings.voorbereid else None,
            **options,
        )  # fmt: skip

    return Lezer(connect)


def lezer() -> Lezer:
    """The reader of the running app."""
    found: Lezer = current_app.extensions["kernenkaart.lezer"]
    return found
