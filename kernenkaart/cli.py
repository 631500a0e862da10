"""Commands of the whole: each feature brings its own, this file hangs them on ``flask``."""

from importlib import import_module

import click
from flask import Flask, current_app
from flask.cli import AppGroup


class Later(AppGroup):
    """A group of commands of a feature, loaded when asked for: web processes never do."""

    def __init__(self, name: str, source: str, help: str) -> None:  # noqa: A002  # of click
        super().__init__(name, help=help)
        self._source = source

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in order."""
        return self._group.list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        return self._group.get_command(ctx, cmd_name)

    @property
    def _group(self) -> click.Group:
        module, name = self._source.split(":")
        group: click.Group = getattr(import_module(f"kernenkaart.{module}"), name)
        return group


GROUPS = (
    Later("kernen", "kernen.cli:kernen_group", "De kernen en hun grenzen."),
    Later("gemeenten", "kernen.cli:gemeenten_group", "De gemeenten en hun grenzen."),
    Later("wegen", "wegen.cli:wegen_group", "De wegen: wat is nog te bereiken?"),
    Later("demo", "demo.cli:demo", "Verzonnen voorbeeldgegevens, gemerkt als demo."),
    Later("gebruiker", "toegang.cli:gebruiker", "Accounts: uitnodigen, sluiten, helpen."),
    Later("taken", "taken.cli:taken", "Werk dat de server later doet: mail, opruimen."),
    Later("afstemming", "afstemming.cli:afstemming", "Werk en activiteiten afstemmen."),
    Later("tegels", "tegels.cli:tegels", "Kaarttegels: de voorraad getelde cellen."),
)

JOBS = (
    "kernenkaart.post.jobs",
    "kernenkaart.toegang.jobs",
    "kernenkaart.volgen.jobs",
    "kernenkaart.tegels.jobs",
    "kernenkaart.inzendingen.jobs",
    "kernenkaart.kalenderbronnen.jobs",
    "kernenkaart.werkbronnen.jobs",
    "kernenkaart.activiteiten.jobs",
    "kernenkaart.afstemming.jobs",
)


@click.command("migreer")
def migreer() -> None:
    """Breng de database bij tot de nieuwste versie."""
    from kernenkaart.migrations.commands import upgrade  # noqa: PLC0415  # not in web processes

    settings = current_app.extensions["kernenkaart.settings"]
    upgrade(settings.beheer_url or settings.database_url)
    click.echo("De database is bij.")


def init_commands(app: Flask) -> None:
    """Hang every command on ``flask``, and say where the worker finds its tasks."""
    app.extensions["kernenkaart.jobs"] = JOBS
    for command in (migreer, *GROUPS):
        app.cli.add_command(command)
