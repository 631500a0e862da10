"""Commands of the whole: each feature brings its own, this file hangs them on ``flask``."""

import click
from flask import Flask, current_app

from kernenkaart.demo.cli import demo
from kernenkaart.kernen.cli import gemeenten_group, kernen_group
from kernenkaart.migrations.commands import upgrade

COMMANDS: tuple[click.Command, ...] = (kernen_group, gemeenten_group, demo)


@click.command("migreer")
def migreer() -> None:
    """Breng de database bij tot de nieuwste versie."""
    settings = current_app.extensions["kernenkaart.settings"]
    upgrade(settings.beheer_url or settings.database_url)
    click.echo("De database is bij.")


def init_commands(app: Flask) -> None:
    """Hang every command on ``flask``."""
    for command in (migreer, *COMMANDS):
        app.cli.add_command(command)
