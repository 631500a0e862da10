"""``flask demo``: invented content, on and off."""

import click
from flask import current_app
from flask.cli import AppGroup

from kernenkaart.config import Settings
from kernenkaart.db import beheer_session, make_beheer_engine
from kernenkaart.demo.inlog import WACHTWOORD
from kernenkaart.demo.inlog import logins as lines
from kernenkaart.demo.services import has_demo, load_demo, remove_demo
from kernenkaart.errors import KernenkaartError
from kernenkaart.tijd import today
from kernenkaart.toegang.wachtwoord import hash_wachtwoord


def _settings() -> Settings:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings


demo = AppGroup("demo", help="Verzonnen voorbeeldgegevens, gemerkt als demo.")


@demo.command("laad")
@click.option("--opnieuw", is_flag=True, help="Haal eerst weg wat er van de demo is.")
def laad(opnieuw: bool) -> None:
    """Vul alle kernen met verzonnen inhoud; doet niets als die er al is."""
    with beheer_session(_settings()) as session:
        if opnieuw:
            remove_demo(session)
        elif has_demo(session):
            click.echo("De demo staat er al. Met --opnieuw begint ze bij vandaag.")
            return
        try:
            aantal = load_demo(session, today(), hash_wachtwoord(WACHTWOORD))
        except KernenkaartError as error:
            raise click.ClickException(error.melding) from error
        session.commit()
    click.echo(
        f"Demo geladen: {aantal.activiteiten} activiteiten, {aantal.werkzaamheden} "
        f"werkzaamheden, {aantal.projecten} projecten, {aantal.initiatieven} initiatieven."
    )


@demo.command("genereer")
@click.option(
    "--maat",
    type=click.Choice(["S", "L"]),
    required=True,
    help="S: 5.000 activiteiten in de kernen die er zijn. L: heel Nederland, 1 miljoen.",
)
@click.option("--zaad", type=click.IntRange(min=0), default=1, show_default=True)
def genereer(maat: str, zaad: int) -> None:
    """Maak heel veel verzonnen inhoud, in plaats van wat eerder gegenereerd is.

    Hetzelfde zaad geeft op dezelfde dag hetzelfde. Er verandert niets aan andere inhoud.
    """
    settings = _settings()
    from kernenkaart.demo.genereren import MATEN, generate, tidy  # noqa: PLC0415  # heavy

    hoeveel = MATEN[maat]
    with (
        beheer_session(settings) as session,
        click.progressbar(length=hoeveel.rijen, label="Genereren") as balk,
    ):

        def meld(laag: str, rijen: int) -> None:
            balk.label = laag
            balk.update(rijen)

        try:
            generate(session, hoeveel, zaad=zaad, vandaag=today(), meld=meld)
        except KernenkaartError as error:
            raise click.ClickException(error.melding) from error
        session.commit()
    tidy(make_beheer_engine(settings))
    click.echo(
        f"Gegenereerd: {hoeveel.activiteiten} activiteiten, {hoeveel.werkzaamheden} "
        f"werkzaamheden, {hoeveel.initiatieven} initiatieven."
    )
    click.echo(
        "Koppelkansen en botsingen zijn nog niet gezocht. Dat doet flask afstemming herbereken; "
        "bij maat L duurt het lang."
    )


@demo.command("wis")
def wis() -> None:
    """Haal alle demo-inhoud weg, ook wat gegenereerd of namens demo-groepen geplaatst is."""
    from kernenkaart.demo.genereren import remove_generated  # noqa: PLC0415  # heavy

    with beheer_session(_settings()) as session:
        try:
            was = [remove_generated(session), remove_demo(session)]
        except KernenkaartError as error:
            raise click.ClickException(error.melding) from error
        session.commit()
    click.echo("De demo is weg." if any(was) else "Er was geen demo.")


@demo.command("logins")
def logins() -> None:
    """Toon waarmee je in de demo kunt inloggen; niets als de instelling demo uit staat."""
    settings = _settings()
    if not settings.demo:
        raise click.ClickException("De instelling KERNENKAART_DEMO staat uit.")
    with beheer_session(settings) as session:
        if not has_demo(session):
            raise click.ClickException("De demo is niet geladen: flask demo laad.")
    click.echo("\n".join(lines()))
