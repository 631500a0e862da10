"""Commands of the whole: each feature brings its own, this file hangs them on ``flask``."""

import click
from flask import Flask, current_app

from kernenkaart.demo.cli import demo
from kernenkaart.kernen.cli import gemeenten_group, kernen_group
from kernenkaart.migrations.commands import upgrade
from kernenkaart.taken.cli import taken
from kernenkaart.tegels.cli import tegels
from kernenkaart.toegang.cli import gebruiker

COMMANDS: tuple[click.Command, ...] = (
    kernen_group,
    gemeenten_group,
    demo,
    gebruiker,
    taken,
    tegels,
)

JOBS = (
    "kernenkaart.post.jobs",
    "kernenkaart.toegang.jobs",
    "kernenkaart.volgen.jobs",
    "kernenkaart.tegels.jobs",
    "kernenkaart.inzendingen.jobs",
    "kernenkaart.kalenderbronnen.jobs",
    "kernenkaart.activiteiten.jobs",
)


@click.command("migreer")
def migreer() -> None:
    """Breng de database bij tot de nieuwste versie."""
    settings = current_app.extensions["kernenkaart.settings"]
    upgrade(settings.beheer_url or settings.database_url)
    click.echo("De database is bij.")


def init_commands(app: Flask) -> None:
    """Hang every command on ``flask``, and say where the worker finds its tasks."""
    app.extensions["kernenkaart.jobs"] = JOBS
    for command in (migreer, *COMMANDS):
        app.cli.add_command(command)
