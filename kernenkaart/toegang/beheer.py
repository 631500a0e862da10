"""What a beheerder does with accounts: invite, change, close. Pages and commands call this."""

import uuid
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.taken.services import defer
from kernenkaart.tijd import today
from kernenkaart.toegang import tweede_stap
from kernenkaart.toegang.models import Gebruiker, Lidmaatschap, Toewijzing
from kernenkaart.toegang.queries import find_gebruiker
from kernenkaart.web.adres import clean_email


@dataclass(frozen=True)
class GebruikerGegevens:
    """What a beheerder fills in about an account; texts are cleaned, empty ones None.

    Attributes:
        platform_ids: platforms this person speaks for, from today on.
        kern_ids: kernen of a gebiedsmakelaar, from today on.
    """

    naam: str
    email: str
    rol: Rol
    functie: str | None = None
    telefoon: str | None = None
    organisatie_id: int | None = None
    platform_ids: frozenset[int] = field(default_factory=frozenset)
    kern_ids: frozenset[int] = field(default_factory=frozenset)


def get_gebruiker(session: Session, gebruiker_id: int) -> Gebruiker:
    """The account with this key.

    Raises:
        NotFound: if there is none.
    """
    gebruiker = session.get(Gebruiker, gebruiker_id)
    if gebruiker is None:
        raise NotFound("Deze gebruiker bestaat niet (meer).")
    return gebruiker


def invite(session: Session, actor: Actor, gegevens: GebruikerGegevens) -> Gebruiker:
    """Make an account and mail a link to set its password. The caller commits.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
        Invalid: if the address is taken or none, or something of the role is missing.
    """
    _only_beheerder(actor)
    gebruiker = Gebruiker(active=True)
    _fill(session, gebruiker, gegevens)
    session.add(gebruiker)
    session.flush()
    _speak_for(session, gebruiker, gegevens)
    send_invitation(session, actor, gebruiker)
    return gebruiker


def send_invitation(session: Session, actor: Actor, gebruiker: Gebruiker) -> None:
    """Mail the link (again), good for seven days. The caller commits.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
    """
    _only_beheerder(actor)
    defer(session, "toegang.uitnodiging", gebruiker_id=gebruiker.id, sleutel=str(uuid.uuid4()))


def change_gebruiker(
    session: Session, actor: Actor, gebruiker: Gebruiker, gegevens: GebruikerGegevens, versie: int
) -> None:
    """Change an account; another role or address logs it out. The caller commits.

    Args:
        versie: the version the editor started from.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
        Invalid: as ``invite``; or if a beheerder would take the own role away.
        Conflict: if somebody else changed it meanwhile.
    """
    _only_beheerder(actor)
    if gebruiker.versie != versie:
        raise Conflict
    if gebruiker.id == actor.gebruiker_id and gegevens.rol is not Rol.BEHEERDER:
        raise Invalid("Je kunt je eigen rol niet veranderen. Vraag een andere beheerder.", "rol")
    _fill(session, gebruiker, gegevens)
    session.flush()
    _speak_for(session, gebruiker, gegevens)


def set_active(session: Session, actor: Actor, gebruiker: Gebruiker, *, active: bool) -> None:
    """Close an account, which logs it out everywhere at once, or open it. The caller commits.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
        Invalid: if it is the own account.
    """
    _only_beheerder(actor)
    if gebruiker.id == actor.gebruiker_id:
        raise Invalid("Je kunt je eigen account niet sluiten. Vraag een andere beheerder.")
    gebruiker.active = active
    session.flush()  # a trigger ends the sessions


def drop_second_step(session: Session, actor: Actor, gebruiker: Gebruiker) -> None:
    """Help somebody who lost phone and recovery codes. The caller commits.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
    """
    _only_beheerder(actor)
    tweede_stap.stop(gebruiker)
    session.flush()


def _only_beheerder(actor: Actor) -> None:
    if not actor.is_beheerder:
        raise NotAllowed


def _fill(session: Session, gebruiker: Gebruiker, gegevens: GebruikerGegevens) -> None:
    email = clean_email(gegevens.email, "email")
    if not email:
        raise Invalid("Vul een e-mailadres in. Bijvoorbeeld: naam@voorbeeld.nl.", veld="email")
    if not gegevens.naam.strip():
        raise Invalid("Vul een naam in.", veld="naam")
    twin = find_gebruiker(session, email)
    if twin is not None and twin is not gebruiker:
        raise Invalid("Er is al een account met dit e-mailadres.", veld="email")
    if gegevens.rol in {Rol.BEZOEKER, Rol.INWONER}:
        raise Invalid("Kies een rol uit de lijst.", veld="rol")
    if gegevens.rol is Rol.KETENPARTNER and gegevens.organisatie_id is None:
        raise Invalid("Kies voor welke organisatie deze ketenpartner werkt.", veld="organisatie")
    if gegevens.rol is Rol.PLATFORMLID and not gegevens.platform_ids:
        raise Invalid("Kies minstens één groep.", veld="platforms")
    gebruiker.email = email
    gebruiker.naam = gegevens.naam.strip()
    gebruiker.rol = gegevens.rol
    gebruiker.functie = gegevens.functie
    gebruiker.telefoon = gegevens.telefoon
    gebruiker.organisatie_id = gegevens.organisatie_id


def _speak_for(session: Session, gebruiker: Gebruiker, gegevens: GebruikerGegevens) -> None:
    _align(session, gebruiker.id, Lidmaatschap, gegevens.platform_ids)
    kernen = gegevens.kern_ids if gegevens.rol is Rol.GEBIEDSMAKELAAR else frozenset()
    _align(session, gebruiker.id, Toewijzing, kernen)
    session.flush()


def _align(
    session: Session,
    gebruiker_id: int,
    model: Any,  # Lidmaatschap or Toewijzing: the same columns but for the other side
    wanted: Set[int],
) -> None:
    """Make what holds today and later exactly ``wanted``; what was stays on record."""
    name = "platform_id" if model is Lidmaatschap else "kern_id"
    dag = today()
    present: set[int] = set()
    for row in session.scalars(select(model).where(model.gebruiker_id == gebruiker_id)):
        other = getattr(row, name)
        if row.tot is not None and row.tot < dag:
            continue
        if other in wanted and other not in present:
            present.add(other)
        elif row.van >= dag:
            session.delete(row)
        else:
            row.tot = dag - timedelta(days=1)
    session.flush()
    for other in wanted - present:
        session.add(model(gebruiker_id=gebruiker_id, van=dag, **{name: other}))
