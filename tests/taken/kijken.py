"""Look in the database of a worker until something is so."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, text


def scalar(database: Engine, statement: str) -> Any:
    with database.connect() as connection:
        return connection.execute(text(statement)).scalar()


def wait_for(what: Callable[[], object], limit_s: float = 20) -> None:
    deadline = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
