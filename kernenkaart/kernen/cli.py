"""``flask kernen`` and ``flask gemeenten``: boundaries from files."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from kernenkaart.config import Settings
from kernenkaart.db import beheer_session
from kernenkaart.errors import KernenkaartError
from kernenkaart.geo.bestand.lezen import read_geobestand
from kernenkaart.geo.bestand.waarden import Geobestand, Limieten
from kernenkaart.kernen.grenzen import kept
from kernenkaart.kernen.inlezen import Opdracht, Verslag, import_gemeenten, import_kernen
from kernenkaart.kernen.kolommen import normal_gemeente_code
from kernenkaart.kernen.verslag import lines, write_csv

SUFFIXES = {".gpkg", ".geojson", ".json", ".zip", ".gz", ".shp"}


kernen_group = AppGroup("kernen", help="De kernen en hun grenzen.")
gemeenten_group = AppGroup("gemeenten", help="De gemeenten en hun grenzen.")


def file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that reads boundaries."""
    options = (
        click.argument("bestand", type=click.Path(exists=True, path_type=Path)),
        click.option("--laag", help="Laag van een GeoPackage, of bestand in een zip."),
        click.option("--naam", help="Kolom met de naam; anders wordt die herkend."),
        click.option("--code", help="Kolom met de blijvende code; anders wordt die herkend."),
        click.option("--proef", is_flag=True, help="Toon wat er zou gebeuren, bewaar niets."),
        click.option("--alles", is_flag=True, help="Toon ook in een lang verslag elke regel."),
        click.option(
            "--verslag",
            "csv_pad",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Schrijf het hele verslag ook naar dit CSV-bestand.",
        ),
        click.option(
            "--max-mb", default=200, show_default=True, help="Grootste bestand dat gelezen wordt."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@kernen_group.command("importeer")
@file_options
@click.option("--gemeente", metavar="CODE", help="CBS-code van de gemeente, zoals GM1960.")
@click.option("--landelijk", is_flag=True, help="Lees de gemeente uit een kolom; maak nieuwe aan.")
@click.option("--marge", type=float, metavar="METERS", help="Zover mag een kern erbuiten liggen.")
@click.option("--op-naam", is_flag=True, help="Zelfde naam is zelfde kern, ook met andere code.")
def importeer_kernen(
    gemeente: str | None, landelijk: bool, marge: float | None, op_naam: bool, **options: Any
) -> None:
    """Lees grenzen van kernen uit BESTAND: GeoPackage, GeoJSON, shapefile in een zip, of een map.

    Elke vorm wordt behouden, hersteld of geweigerd, met de reden erbij. Nog een keer inlezen
    werkt bij op code.
    """
    if gemeente and landelijk:
        raise click.UsageError("Kies --gemeente of --landelijk, niet allebei.")
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    code = None if landelijk else normal_gemeente_code(gemeente or settings.gemeente_code)
    if code is None and not landelijk:
        raise click.UsageError("Geef de CBS-code van de gemeente, zoals GM1960.")
    opdracht = Opdracht(
        gemeente=code,
        gemeente_naam=settings.gemeente_naam if code == settings.gemeente_code else "",
        naam=options["naam"],
        code=options["code"],
        marge_m=settings.marge_m if marge is None else marge,
        op_naam=op_naam,
    )
    run(settings, options, partial(import_kernen, opdracht=opdracht, melder=_progress()))


@gemeenten_group.command("importeer")
@file_options
def importeer_gemeenten(**options: Any) -> None:
    """Lees grenzen en namen van gemeenten uit BESTAND; ze worden herkend aan hun CBS-code."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    opdracht = Opdracht(gemeente=None, naam=options["naam"], code=options["code"])
    run(settings, options, partial(import_gemeenten, opdracht=opdracht))


def run(
    settings: Settings, options: dict[str, Any], importer: Callable[[Session, Geobestand], Verslag]
) -> None:
    """Read, import, report; one transaction. Ends with status 1 when nothing could be used."""
    try:
        bestand = read_local(options["bestand"], options["laag"], options["max_mb"])
        with beheer_session(settings) as session:
            verslag = importer(session, bestand)
            if not options["proef"]:
                session.commit()
    except KernenkaartError as error:
        raise click.ClickException(error.melding) from error
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            "De database is niet bereikbaar of niet bij. Start de database en draai flask migreer."
        ) from error
    except IntegrityError as error:
        raise click.ClickException(
            f"De database weigert dit, er is niets bewaard: {error.orig}"
        ) from error
    for line in lines(verslag, alles=options["alles"]):
        click.echo(line)
    if options["csv_pad"]:
        write_csv(verslag, options["csv_pad"])
    if options["proef"]:
        click.echo("Dit was een proef: er is niets bewaard.")
    if not kept(verslag.kandidaten):
        raise click.ClickException("Er was niets bruikbaars bij.")


def read_local(path: Path, laag: str | None, max_mb: int) -> Geobestand:
    """The features of a file of the beheerder, or of all geo files in a folder.

    The limits are wider than for an upload, and grow with ``max_mb``.

    Raises:
        KernenkaartError: if there is nothing to read, or it is not opened.
    """
    files = [path]
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES)
        if not files:
            raise click.ClickException(f"In de map {path} staan geen geobestanden.")
    for file in files:
        if file.stat().st_size > max_mb * 1_000_000:
            raise click.ClickException(f"{file.name} is groter dan {max_mb} MB; geef --max-mb.")
    return read_geobestand(files, laag=laag, limieten=Limieten(punten=None).up_to(max_mb))


def _progress() -> Callable[[str], None]:
    """A reporter on standard error, so that a pipe gets the report alone."""
    start = time.monotonic()
    return lambda line: click.echo(f"[{time.monotonic() - start:5.1f} s] {line} …", err=True)
