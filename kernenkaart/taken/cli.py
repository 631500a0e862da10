"""``flask taken``: the worker, and a look at the queue."""

import logging

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import text

from kernenkaart import db
from kernenkaart.taken.register import load

taken = AppGroup("taken", help="Werk dat de server later doet: mail, opruimen, herberekenen.")


@taken.command("werk")
@click.option("--eenmalig", is_flag=True, help="Stop als de wachtrij leeg is.")
def werk(eenmalig: bool) -> None:
    """Doe wat in de wachtrij staat, tot een TERM of Ctrl-C."""
    from kernenkaart.taken.werker import run_worker  # noqa: PLC0415  # not in web processes

    load(current_app.extensions["kernenkaart.jobs"])
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    run_worker(current_app._get_current_object(), wait=not eenmalig)  # type: ignore[attr-defined]


@taken.command("stand")
def stand() -> None:
    """Toon hoeveel taken er wachten, lopen en mislukten."""
    rows = db.session().execute(
        text(
            "SELECT task_name, status, count(*) FROM procrastinate_jobs "
            "GROUP BY task_name, status ORDER BY task_name, status"
        )
    )
    for naam, status, aantal in rows:
        click.echo(f"{aantal:6} {status:10} {naam}")
