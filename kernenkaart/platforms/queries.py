"""Which groups there are in a kern, and how they relate."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import String, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from kernenkaart.actor import Actor
from kernenkaart.errors import NotFound
from kernenkaart.platforms.models import (
    Platform,
    PlatformKern,
    PlatformRelatie,
    PlatformSoort,
    Zichtbaarheid,
)
from kernenkaart.platforms.policy import visible_to


@dataclass(frozen=True)
class Groep:
    """A group as a kern shows it; its address is not among it.

    Attributes:
        soort: name of its kind.
        contact_rol: whom a message reaches: ``secretaris``; None is the group as a whole.
        bereikbaar: whether a message can be sent.
        relaties: (code of the relation, name of the other public group), by name.
    """

    id: int
    naam: str
    soort: str
    omschrijving: str | None
    website: str | None
    contact_rol: str | None
    contact_telefoon: str | None
    bereikbaar: bool
    openbaar: bool
    relaties: tuple[tuple[str, str], ...]


def find_groepen(session: Session, actor: Actor, kern_id: int) -> Sequence[Groep]:
    """The groups of a kern that ``actor`` may see, by kind and then by name; one statement."""
    ander = aliased(Platform)
    relaties = (
        select(
            func.array_agg(
                aggregate_order_by(
                    func.concat(cast(PlatformRelatie.soort, String), ":", ander.naam), ander.naam
                )
            )
        )
        .select_from(PlatformRelatie)
        .join(ander, ander.id == PlatformRelatie.naar_id)
        .where(
            PlatformRelatie.van_id == Platform.id,
            ander.zichtbaarheid == Zichtbaarheid.OPENBAAR,
            ander.actief,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Platform.id,
            Platform.naam,
            PlatformSoort.naam.label("soort"),
            Platform.omschrijving,
            Platform.website,
            Platform.contact_rol,
            Platform.contact_telefoon,
            Platform.contact_email.is_not(None).label("bereikbaar"),
            (Platform.zichtbaarheid == Zichtbaarheid.OPENBAAR).label("openbaar"),
            relaties.label("relaties"),
        )
        .join(PlatformSoort)
        .join(PlatformKern, PlatformKern.platform_id == Platform.id)
        .where(PlatformKern.kern_id == kern_id, Platform.actief, visible_to(actor))
        .order_by(PlatformSoort.volgorde, Platform.naam)
    ).mappings()
    return [
        Groep(**{**row, "relaties": tuple(_pair(regel) for regel in row["relaties"] or ())})
        for row in rows
    ]


def get_platform(session: Session, actor: Actor, platform_id: int) -> Platform:
    """One active group.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    platform = session.scalar(
        select(Platform).where(Platform.id == platform_id, Platform.actief, visible_to(actor))
    )
    if platform is None:
        raise NotFound("Deze groep bestaat niet (meer).")
    return platform


def _pair(regel: str) -> tuple[str, str]:
    soort, _, naam = regel.partition(":")
    return soort, naam
