"""What a remark is about, who gets it, and which are still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import NotFound
from kernenkaart.geo.laag import Laag
from kernenkaart.kernen.makelaars import find_makelaar_addresses
from kernenkaart.kernen.models import Kern
from kernenkaart.lagen import LAGEN
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.platforms.models import Platform
from kernenkaart.samenhang.models import Aard, Wijzigingsverzoek
from kernenkaart.samenhang.policy import EIGENAAR, addressed_to

OP_NAAM = {laag.naam: laag for laag in LAGEN}


@dataclass(frozen=True)
class Onderwerp:
    """The thing a remark is about."""

    laag: str
    id: int
    titel: str
    wie: str
    kern_id: int | None
    url: str


@dataclass(frozen=True)
class OpenVerzoek:
    """A remark that nobody has dealt with yet."""

    id: int
    aard: Aard
    tekst: str
    antwoord_email: str | None
    created_at: datetime
    titel: str
    url: str
    kern_id: int | None
    kern_naam: str | None


def get_onderwerp(session: Session, actor: Actor, laag: str, ding_id: int) -> Onderwerp:
    """What ``/<laag>/<ding_id>`` is.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    row = session.execute(_thing(laag).where(OP_NAAM[laag].visible_to(actor), _is(laag, ding_id)))
    found: Row[Any] | None = row.one_or_none()
    if found is None:
        raise NotFound
    return Onderwerp(laag, ding_id, found.titel, found.wie, found.kern_id, f"/{laag}/{ding_id}")


def _thing(laag: str) -> Select[Any]:
    if laag not in OP_NAAM:
        raise NotFound
    kolommen = OP_NAAM[laag].kolommen
    columns: tuple[ColumnElement[Any], ...] = (
        kolommen.titel.label("titel"),
        kolommen.wie.label("wie"),
        kolommen.kern_id.label("kern_id"),
    )
    return select(*columns).select_from(OP_NAAM[laag].bron)


def _is(laag: str, ding_id: int) -> Any:
    return OP_NAAM[laag].id == ding_id


def find_addresses(session: Session, onderwerp: Onderwerp, dag: date) -> Sequence[str]:
    """Where a remark goes: the owner's contact, else the gebiedsmakelaar, else the beheerders."""
    laag = OP_NAAM[onderwerp.laag]
    model = Platform if EIGENAAR[laag.naam] == "platform_id" else Organisatie
    eigenaar_id = laag.bron.c[f"{laag.ding}_{EIGENAAR[laag.naam]}"]
    eigenaar = session.scalar(
        select(model.contact_email).where(
            model.id == select(eigenaar_id).where(_is(laag.naam, onderwerp.id)).scalar_subquery(),
            model.actief,
        )
    )
    if eigenaar:
        return [eigenaar]
    return find_makelaar_addresses(session, onderwerp.kern_id, dag)


def find_open_verzoeken(
    session: Session, actor: Actor, verzoek_id: int | None = None
) -> list[OpenVerzoek]:
    """The open remarks that ``actor`` answers, oldest first; one statement.

    Args:
        verzoek_id: only this one.
    """
    if not actor.is_ingelogd:
        return []
    arms = union_all(*(_open(actor, laag) for laag in LAGEN)).subquery()
    statement = (
        select(arms, Kern.naam.label("kern_naam"))
        .outerjoin(Kern, Kern.id == arms.c.kern_id)
        .order_by(arms.c.created_at, arms.c.id)
    )
    if verzoek_id is not None:
        statement = statement.where(arms.c.id == verzoek_id)
    return [OpenVerzoek(**row) for row in session.execute(statement).mappings()]


def _open(actor: Actor, laag: Laag) -> Select[Any]:
    kolommen = laag.kolommen
    columns: tuple[Any, ...] = (
        Wijzigingsverzoek.id,
        Wijzigingsverzoek.aard,
        Wijzigingsverzoek.tekst,
        Wijzigingsverzoek.antwoord_email,
        Wijzigingsverzoek.created_at,
        kolommen.titel.label("titel"),
        func.concat(literal(f"/{laag.naam}/"), laag.id).label("url"),
        kolommen.kern_id.label("kern_id"),
    )
    return (
        select(*columns)
        .select_from(
            laag.bron.join(
                Wijzigingsverzoek.__table__,
                and_(Wijzigingsverzoek.laag == laag.naam, Wijzigingsverzoek.ding_id == laag.id),
            )
        )
        .where(Wijzigingsverzoek.afgehandeld_op.is_(None), addressed_to(actor, laag))
    )
