"""Who somebody is: the account behind a session, and what that account speaks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.tijd import today
from kernenkaart.toegang.models import (
    Gebruiker,
    Lidmaatschap,
    Sessie,
    Toegangssleutel,
    Toewijzing,
)


@dataclass(frozen=True)
class Aanmelding:
    """A session that is good now; without account while the second step is to come."""

    sleutel: bytes
    gegevens: dict[str, Any]
    begonnen_op: datetime
    gezien_op: datetime
    gebruiker: Gebruiker | None
    actor: Actor | None


def find_aanmelding(session: Session, sleutel: bytes, moment: datetime) -> Aanmelding | None:
    """The session with this key, its account and what that speaks for: one statement.

    Returns:
        None if there is none, if it has expired, or if its account was deactivated.
    """
    row = session.execute(
        select(
            Sessie.gegevens,
            Sessie.begonnen_op,
            Sessie.gezien_op,
            Gebruiker,
            _ids(Lidmaatschap),
            _ids(Toewijzing),
        )
        .join_from(Sessie, Gebruiker, Sessie.gebruiker_id == Gebruiker.id, isouter=True)
        .where(
            Sessie.id == sleutel,
            Sessie.verloopt_op > moment,
            or_(Sessie.gebruiker_id.is_(None), Gebruiker.active),
        )
    ).one_or_none()
    if row is None:
        return None
    gegevens, begonnen_op, gezien_op, gebruiker, platform_ids, kern_ids = row
    actor = None if gebruiker is None else _actor(gebruiker, platform_ids, kern_ids)
    return Aanmelding(sleutel, gegevens, begonnen_op, gezien_op, gebruiker, actor)


@dataclass(frozen=True)
class Drager:
    """A key that is good now, and whose program carries it."""

    sleutel: Toegangssleutel
    gebruiker: Gebruiker
    actor: Actor


def find_drager(
    session: Session, begin: str, moment: datetime, mits: ColumnElement[bool]
) -> Drager | None:
    """The key with this public part, its account and what that speaks for: one statement.

    Args:
        mits: what must hold besides.

    Returns:
        None if there is none, if it was revoked or has expired, or if its account was deactivated.
        Whether the secret fits is for the caller to see.
    """
    row = session.execute(
        select(Toegangssleutel, Gebruiker, _ids(Lidmaatschap), _ids(Toewijzing))
        .join_from(Toegangssleutel, Gebruiker)
        .where(
            Toegangssleutel.begin == begin,
            Toegangssleutel.ingetrokken_op.is_(None),
            Toegangssleutel.verloopt_op > moment,
            Gebruiker.active,
            mits,
        )
    ).one_or_none()
    if row is None:
        return None
    sleutel, gebruiker, platform_ids, kern_ids = row
    return Drager(sleutel, gebruiker, _actor(gebruiker, platform_ids, kern_ids))


def actor_of(session: Session, gebruiker: Gebruiker) -> Actor:
    """The actor behind an account, with its memberships and kernen of today; one statement."""
    platform_ids, kern_ids = session.execute(
        select(_ids(Lidmaatschap), _ids(Toewijzing)).where(Gebruiker.id == gebruiker.id)
    ).one()
    return _actor(gebruiker, platform_ids, kern_ids)


def find_gebruiker(session: Session, email: str) -> Gebruiker | None:
    """The account with this address, active or not; capitals and spaces around do not matter."""
    return session.scalar(select(Gebruiker).where(Gebruiker.email == email.strip().lower()))


def find_leden(session: Session, platform_id: int, dag: date) -> Sequence[Row[str, str]]:
    """Who speaks for a platform on ``dag`` and may log in: ``naam`` and ``email``, by e-mail."""
    return session.execute(
        select(Gebruiker.naam, Gebruiker.email)
        .join(Lidmaatschap, Lidmaatschap.gebruiker_id == Gebruiker.id)
        .where(
            Lidmaatschap.platform_id == platform_id,
            Lidmaatschap.van <= dag,
            or_(Lidmaatschap.tot.is_(None), Lidmaatschap.tot >= dag),
            Gebruiker.active,
        )
        .order_by(Gebruiker.email)
        .distinct()
    ).all()


def find_sessies(session: Session, gebruiker_id: int, moment: datetime) -> Sequence[Sessie]:
    """Where this account is logged in now, last seen first."""
    return session.scalars(
        select(Sessie)
        .where(Sessie.gebruiker_id == gebruiker_id, Sessie.verloopt_op > moment)
        .order_by(Sessie.gezien_op.desc())
    ).all()


def _ids(model: type[Lidmaatschap] | type[Toewijzing]) -> ScalarSelect[Any]:
    dag = today()
    column = Lidmaatschap.platform_id if model is Lidmaatschap else Toewijzing.kern_id
    geldt: ColumnElement[bool] = and_(
        model.gebruiker_id == Gebruiker.id,
        model.van <= dag,
        or_(model.tot.is_(None), model.tot >= dag),
    )
    return (
        select(func.array_agg(column.distinct()))
        .where(geldt)
        .correlate(Gebruiker)
        .scalar_subquery()
    )


def _actor(
    gebruiker: Gebruiker, platform_ids: list[int] | None, kern_ids: list[int] | None
) -> Actor:
    return Actor(
        gebruiker_id=gebruiker.id,
        naam=gebruiker.naam,
        rol=gebruiker.rol,
        platform_ids=frozenset(platform_ids or ()),
        organisatie_id=gebruiker.organisatie_id,
        kern_ids=frozenset(kern_ids or ()),
    )
