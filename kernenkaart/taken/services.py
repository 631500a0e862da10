"""Put a job in the queue, in the same transaction as what it is about."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

_DEFER = text(
    """
    SELECT (procrastinate_defer_jobs_v1(ARRAY[ROW(
        'kernenkaart', :naam, 0, NULL, NULL, CAST(:args AS jsonb), CAST(:op AS timestamptz)
    )::procrastinate_job_to_defer_v1]))[1]
    """
)


def defer(session: Session, naam: str, *, op: datetime | None = None, **args: Any) -> int:
    """Ask the worker to run the task ``naam``, once the caller commits.

    Args:
        op: not before this moment; None is at once.
        args: what JSON can hold.

    Returns:
        The number of the job.
    """
    values = {"naam": naam, "args": json.dumps(args), "op": op}
    return int(session.execute(_DEFER, values).scalar_one())
