"""By which address who serves a kern is reached; never shown, only written to."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.toegang.models import Gebruiker, Toewijzing


def find_makelaar_addresses(session: Session, kern_id: int | None, dag: date) -> Sequence[str]:
    """The addresses of who serves a kern on ``dag``; those of the beheerders when nobody does."""
    makelaars = session.scalars(
        select(Gebruiker.email)
        .join(Toewijzing, Toewijzing.gebruiker_id == Gebruiker.id)
        .where(
            Toewijzing.kern_id == kern_id,
            Toewijzing.van <= dag,
            or_(Toewijzing.tot.is_(None), Toewijzing.tot >= dag),
            Gebruiker.active,
        )
        .order_by(Gebruiker.email)
        .distinct()
    ).all()
    if makelaars:
        return makelaars
    return session.scalars(
        select(Gebruiker.email)
        .where(Gebruiker.rol == Rol.BEHEERDER, Gebruiker.active)
        .order_by(Gebruiker.email)
    ).all()
