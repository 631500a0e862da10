"""What changes about logging in: who proves to be who, passwords, links to set one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.errors import Invalid
from kernenkaart.tijd import now
from kernenkaart.toegang import tweede_stap
from kernenkaart.toegang.models import Gebruiker, Sessie
from kernenkaart.toegang.queries import find_gebruiker
from kernenkaart.toegang.wachtwoord import (
    check_wachtwoord,
    hash_wachtwoord,
    is_outdated,
    is_wachtwoord,
)


def authenticate(
    session: Session, email: str, wachtwoord: str, *, demo: bool = False
) -> Gebruiker | None:
    """The account with this address and password; None when one of them is wrong.

    It takes as long when there is no such account, so that nobody learns who has one.

    Args:
        demo: whether the accounts of the demo, whose password everybody knows, count.
    """
    gebruiker = find_gebruiker(session, email)
    known = gebruiker if gebruiker is not None and gebruiker.active else None
    if known is not None and known.demo and not demo:
        known = None
    if not is_wachtwoord(known.password if known else None, wachtwoord) or known is None:
        return None
    if known.password and is_outdated(known.password):
        known.password = hash_wachtwoord(wachtwoord)
        session.flush()
    return known


def set_wachtwoord(session: Session, gebruiker: Gebruiker, wachtwoord: str) -> None:
    """Give an account a password; every session of it ends. The caller commits.

    Raises:
        Invalid: if it is too easy to guess.
    """
    check_wachtwoord(wachtwoord, *gebruiker.naam.split(), gebruiker.email.split("@")[0])
    gebruiker.password = hash_wachtwoord(wachtwoord)
    session.flush()  # a trigger ends the sessions


def change_wachtwoord(session: Session, gebruiker: Gebruiker, oud: str, nieuw: str) -> None:
    """Change the own password; every session of it ends. The caller commits.

    Raises:
        Invalid: if ``oud`` is wrong, or ``nieuw`` is too easy to guess.
    """
    check_own(gebruiker, oud, veld="wachtwoord_nu")
    set_wachtwoord(session, gebruiker, nieuw)


def check_own(gebruiker: Gebruiker, wachtwoord: str, *, veld: str = "wachtwoord") -> None:
    """Make sure that it is still the owner who sits there.

    Raises:
        Invalid: beside ``veld``, if this is not the password of the account.
    """
    if not is_wachtwoord(gebruiker.password, wachtwoord):
        raise Invalid("Dit wachtwoord klopt niet. Typ het nog een keer.", veld=veld)


def pass_second_step(session: Session, gebruiker_id: int, code: str) -> Gebruiker | None:
    """The account if ``code`` is right for it; the code is used up. The caller commits."""
    gebruiker: Gebruiker | None = session.scalar(
        select(Gebruiker)
        .where(Gebruiker.id == gebruiker_id, Gebruiker.active)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if gebruiker is None or not tweede_stap.accept_code(gebruiker, code):
        return None
    session.flush()
    return gebruiker


def end_one(session: Session, gebruiker: Gebruiker, begin_van_sleutel: str) -> None:
    """Log one device out. The caller commits; what is gone already stays gone.

    Args:
        begin_van_sleutel: the first characters of the session's key, in hexadecimals.
    """
    for sessie in session.scalars(
        select(Sessie).where(Sessie.gebruiker_id == gebruiker.id, Sessie.verloopt_op > now())
    ):
        if sessie.id.hex()[:16] == begin_van_sleutel:
            session.delete(sessie)
    session.flush()
