"""Change platforms, their kernen and how they relate."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.kernen.models import Kern
from kernenkaart.platforms.models import (
    Platform,
    PlatformRelatie,
    PlatformSoort,
    RelatieSoort,
    Zichtbaarheid,
)


@dataclass(frozen=True)
class PlatformGegevens:
    """What a beheerder fills in about a platform; texts are cleaned, empty ones None."""

    naam: str
    soort_id: int
    omschrijving: str | None
    website: str | None
    contact_rol: str | None
    contact_telefoon: str | None
    contact_email: str | None
    zichtbaarheid: Zichtbaarheid
    actief: bool
    kern_ids: frozenset[int]


def save_platform(
    session: Session,
    actor: Actor,
    gegevens: PlatformGegevens,
    *,
    platform: Platform | None = None,
    versie: int | None = None,
) -> Platform:
    """Make a platform, or change the given one. The caller commits.

    Args:
        versie: the version the editor started from.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
        Invalid: if the name is taken, the kind does not exist, or it has no kern.
        Conflict: if somebody else changed it meanwhile.
    """
    if not actor.is_beheerder:
        raise NotAllowed
    if platform is not None and versie != platform.versie:
        raise Conflict
    _check(session, gegevens, platform)
    platform = platform or Platform()
    for veld in (
        "naam", "soort_id", "omschrijving", "website", "contact_rol", "contact_telefoon",
        "contact_email", "zichtbaarheid", "actief",
    ):  # fmt: skip
        setattr(platform, veld, getattr(gegevens, veld))
    platform.kernen = list(session.scalars(select(Kern).where(Kern.id.in_(gegevens.kern_ids))))
    session.add(platform)
    session.flush()
    return platform


def _check(session: Session, gegevens: PlatformGegevens, platform: Platform | None) -> None:
    if not gegevens.naam:
        raise Invalid("Vul een naam in. Bijvoorbeeld: Dorpsraad Tricht.", veld="naam")
    twin = session.scalar(
        select(Platform.id).where(func.lower(Platform.naam) == gegevens.naam.lower())
    )
    if twin is not None and (platform is None or twin != platform.id):
        raise Invalid("Er is al een groep met deze naam. Kies een andere naam.", veld="naam")
    if session.get(PlatformSoort, gegevens.soort_id) is None:
        raise Invalid("Kies een soort uit de lijst.", veld="soort")
    if not gegevens.kern_ids:
        raise Invalid("Kies minstens één kern.", veld="kernen")


def add_relatie(
    session: Session, actor: Actor, van: Platform, naar_id: int, soort: RelatieSoort
) -> None:
    """Say how ``van`` stands to another platform; saying it twice does it once.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
        Invalid: if the other is the same one or does not exist.
    """
    if not actor.is_beheerder:
        raise NotAllowed
    if naar_id == van.id:
        raise Invalid("Kies een andere groep dan deze zelf.", veld="naar")
    if session.get(Platform, naar_id) is None:
        raise Invalid("Kies een groep uit de lijst.", veld="naar")
    if session.get(PlatformRelatie, (van.id, naar_id, soort)) is None:
        session.add(PlatformRelatie(van_id=van.id, naar_id=naar_id, soort=soort))
        session.flush()


def drop_relatie(
    session: Session, actor: Actor, van: Platform, naar_id: int, soort: RelatieSoort
) -> None:
    """Take a relation away; what is gone already stays gone.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
    """
    if not actor.is_beheerder:
        raise NotAllowed
    relatie = session.get(PlatformRelatie, (van.id, naar_id, soort))
    if relatie is not None:
        session.delete(relatie)
        session.flush()


def get_platform(session: Session, platform_id: int) -> Platform:
    """The platform with this id.

    Raises:
        NotFound: if there is none.
    """
    platform = session.get(Platform, platform_id)
    if platform is None:
        raise NotFound("Deze groep bestaat niet (meer).")
    return platform
