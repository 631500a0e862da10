"""``flask gebruiker``: accounts from the command line: the first beheerder, and emergencies."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.actor import Actor, Rol
from kernenkaart.config import Settings
from kernenkaart.db import Model
from kernenkaart.errors import KernenkaartError, NotFound
from kernenkaart.toegang import beheer
from kernenkaart.toegang.links import Soort, link_for
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.toegang.queries import find_gebruiker

ROLLEN = [rol.value for rol in Rol if rol not in {Rol.BEZOEKER, Rol.INWONER}]
COMMANDO = Actor(naam="commando", rol=Rol.BEHEERDER)  # who can start this owns the machine


gebruiker = AppGroup("gebruiker", help="Accounts: uitnodigen, sluiten, helpen.")


@gebruiker.command("nodig-uit")
@click.argument("email")
@click.option("--naam", required=True)
@click.option("--rol", type=click.Choice(ROLLEN), required=True)
@click.option("--functie")
@click.option("--platform", "platforms", multiple=True, help="Naam; mag vaker.")
@click.option("--organisatie", help="Naam; nodig voor een ketenpartner.")
@click.option("--kern", "kernen", multiple=True, help="Naam; voor een gebiedsmakelaar; mag vaker.")
def nodig_uit(
    *,
    email: str,
    naam: str,
    rol: str,
    functie: str | None,
    platforms: tuple[str, ...],
    organisatie: str | None,
    kernen: tuple[str, ...],
) -> None:
    """Maak een account voor EMAIL en stuur een link om een wachtwoord te kiezen."""
    session = db.session()
    try:
        nieuw = beheer.invite(
            session,
            COMMANDO,
            beheer.GebruikerGegevens(
                naam=naam,
                email=email,
                rol=Rol(rol),
                functie=functie,
                organisatie_id=_id_of(session, "organisatie", organisatie) if organisatie else None,
                platform_ids=frozenset(_id_of(session, "platform", name) for name in platforms),
                kern_ids=frozenset(_id_of(session, "kern", name) for name in kernen),
            ),
        )
    except KernenkaartError as error:
        raise click.ClickException(error.melding) from error
    session.commit()
    _say_how(nieuw, Soort.UITNODIGING)


@gebruiker.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Druk een link af waarmee EMAIL een nieuw wachtwoord kiest (2 uur geldig)."""
    click.echo(link_for(_get(email), Soort.HERSTEL))


@gebruiker.command("sluit")
@click.argument("email")
def sluit(email: str) -> None:
    """Sluit het account van EMAIL; wie ermee is ingelogd is dat meteen niet meer."""
    beheer.set_active(db.session(), COMMANDO, _get(email), active=False)
    db.session().commit()
    click.echo(f"Het account van {email} is gesloten.")


@gebruiker.command("open")
@click.argument("email")
def open_(email: str) -> None:
    """Open een gesloten account weer."""
    beheer.set_active(db.session(), COMMANDO, _get(email), active=True)
    db.session().commit()
    click.echo(f"Het account van {email} is weer open.")


@gebruiker.command("zonder-tweede-stap")
@click.argument("email")
def zonder_tweede_stap(email: str) -> None:
    """Help EMAIL, die telefoon en herstelcodes kwijt is."""
    beheer.drop_second_step(db.session(), COMMANDO, _get(email))
    db.session().commit()
    click.echo(f"{email} logt voorlopig in met alleen het wachtwoord.")


def _get(email: str) -> Gebruiker:
    found = find_gebruiker(db.session(), email)
    if found is None:
        raise click.ClickException(f"Er is geen account met het adres {email}.")
    return found


def _say_how(account: Gebruiker, soort: Soort) -> None:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    if settings.mail_server:
        click.echo(f"{account.email} krijgt een mail met een link.")
    else:
        click.echo("Er is geen mailserver ingesteld. Geef deze link zelf door:")
        click.echo(link_for(account, soort))


def _id_of(session: Session, tabel: str, naam: str) -> int:
    table = Model.metadata.tables[tabel]
    found = session.scalar(select(table.c.id).where(func.lower(table.c.naam) == naam.lower()))
    if found is None:
        raise NotFound(f"Er is geen {tabel} met de naam {naam}.")
    return int(found)
