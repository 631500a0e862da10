"""``flask tegels``: make again what tiles of whole regions are made from."""

import time

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import text

from kernenkaart.config import Settings
from kernenkaart.db import beheer_session, make_beheer_engine
from kernenkaart.tegels.services import rebuild

tegels = AppGroup("tegels", help="Kaarttegels: de voorraad getelde cellen.")


@tegels.command("herbouw")
def herbouw() -> None:
    """Tel alles opnieuw; doe dit na het terugzetten van een reservekopie."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    start = time.monotonic()
    with beheer_session(settings) as session:
        for laag in rebuild(session):
            click.echo(f"[{time.monotonic() - start:5.1f} s] {laag} …", err=True)
        session.commit()
    owner = make_beheer_engine(settings)
    with owner.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(
            text("VACUUM ANALYZE tegel_cel, tegel_kern, tegel_vuil")
        )
    owner.dispose()
    click.echo(f"De tegels zijn opnieuw geteld in {time.monotonic() - start:.1f} s.")
