"""Do what waits in the queue, here and now, in the transaction of the test."""

import json

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernenkaart.taken.register import load, run


def waiting(session: Session, naam: str) -> list[dict[str, object]]:
    """The arguments of every job of this name."""
    rows = session.execute(
        text("SELECT args FROM procrastinate_jobs WHERE task_name = :naam ORDER BY id"),
        {"naam": naam},
    ).scalars()
    return [row if isinstance(row, dict) else json.loads(row) for row in rows]


def work(app: Flask, session: Session) -> int:
    """Run every waiting job as the worker does, and take it off the queue; how many there were."""
    load(app.extensions["kernenkaart.jobs"])
    rows = session.execute(
        text("DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING task_name, args")
    ).all()
    for naam, args in rows:
        with app.app_context():
            run(naam, args)
    return len(rows)
