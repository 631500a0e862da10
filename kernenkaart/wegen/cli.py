"""``flask wegen``: the road network, from files."""

from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from kernenkaart.config import Settings
from kernenkaart.db import beheer_session
from kernenkaart.errors import KernenkaartError
from kernenkaart.geo.bestand.lezen import read_geobestand
from kernenkaart.geo.bestand.waarden import Limieten
from kernenkaart.wegen.inlezen import Verslag, import_wegen

REGELS_MAX = 20

wegen_group = AppGroup("wegen", help="De wegen, om te zien wat niet meer te bereiken is.")


@wegen_group.command("importeer")
@click.argument(
    "bestanden",
    metavar="BESTAND...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--laag", help="Laag van een GeoPackage, of bestand in een zip.")
@click.option("--naam", help="Kolom met de straatnaam; anders wordt die herkend.")
@click.option("--crs", help="Coördinatenstelsel, zoals EPSG:28992; anders wat het bestand zegt.")
@click.option("--max-mb", default=500, show_default=True, help="Grootste bestand.")
@click.option("--proef", is_flag=True, help="Toon wat er zou gebeuren, bewaar niets.")
def importeer(bestanden: tuple[Path, ...], naam: str | None, proef: bool, **options: Any) -> None:
    """Lees wegen uit BESTAND: GML, GeoPackage, GeoJSON of shapefile in een zip.

    De wegen in de bestanden komen in de plaats van alle wegen die er waren. Fiets- en voetpaden
    tellen niet mee.
    """
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    limieten = Limieten(punten=None, features=3_000_000).up_to(options["max_mb"])
    try:
        bestand = read_geobestand(
            bestanden, laag=options["laag"], limieten=limieten, crs=options["crs"]
        )
        with beheer_session(settings) as session:
            verslag = import_wegen(
                session, bestand, tolerantie_m=settings.weg_tolerantie_m, naam=naam
            )
            if not proef:
                session.commit()
    except KernenkaartError as error:
        raise click.ClickException(error.melding) from error
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            "De database is niet bereikbaar of niet bij. Start de database en draai flask migreer."
        ) from error
    _report(verslag)
    if proef:
        click.echo("Dit was een proef: er is niets bewaard.")


def _report(verslag: Verslag) -> None:
    click.echo(
        f"{verslag.vormen} vormen gelezen: {verslag.wegvakken} wegvakken tussen "
        f"{verslag.knopen} knopen; {verslag.geen_rijweg} fiets- en voetpaden overgeslagen, "
        f"{len(verslag.geweigerd)} geweigerd."
    )
    for regel in [*verslag.opmerkingen, *verslag.geweigerd[:REGELS_MAX]]:
        click.echo(f"  {regel}")
    if len(verslag.geweigerd) > REGELS_MAX:
        click.echo(f"  … en nog {len(verslag.geweigerd) - REGELS_MAX}")
