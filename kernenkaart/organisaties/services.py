"""Change organisations."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.organisaties.models import Organisatie, OrganisatieSoort


@dataclass(frozen=True)
class OrganisatieGegevens:
    """What a beheerder fills in about an organisation; texts are cleaned, empty ones None."""

    naam: str
    soort_id: int
    telefoon: str | None
    website: str | None
    contact_email: str | None
    actief: bool


def save_organisatie(
    session: Session,
    actor: Actor,
    gegevens: OrganisatieGegevens,
    *,
    organisatie: Organisatie | None = None,
    versie: int | None = None,
) -> Organisatie:
    """Make an organisation, or change the given one. The caller commits.

    Args:
        versie: the version the editor started from.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
        Invalid: if the name is missing or taken, or the kind does not exist.
        Conflict: if somebody else changed it meanwhile.
    """
    if not actor.is_beheerder:
        raise NotAllowed
    if organisatie is not None and versie != organisatie.versie:
        raise Conflict
    if not gegevens.naam:
        raise Invalid("Vul een naam in. Bijvoorbeeld: Waterschap Rivierenland.", veld="naam")
    twin = session.scalar(
        select(Organisatie.id).where(func.lower(Organisatie.naam) == gegevens.naam.lower())
    )
    if twin is not None and (organisatie is None or twin != organisatie.id):
        raise Invalid("Er is al een organisatie met deze naam.", veld="naam")
    if session.get(OrganisatieSoort, gegevens.soort_id) is None:
        raise Invalid("Kies een soort uit de lijst.", veld="soort")
    organisatie = organisatie or Organisatie()
    for veld in ("naam", "soort_id", "telefoon", "website", "contact_email", "actief"):
        setattr(organisatie, veld, getattr(gegevens, veld))
    session.add(organisatie)
    session.flush()
    return organisatie


def get_organisatie(session: Session, organisatie_id: int) -> Organisatie:
    """The organisation with this id.

    Raises:
        NotFound: if there is none.
    """
    organisatie = session.get(Organisatie, organisatie_id)
    if organisatie is None:
        raise NotFound("Deze organisatie bestaat niet (meer).")
    return organisatie
