"""The lists of kinds: which there are, and how one is changed."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import ActiviteitSoort, Doelgroep
from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid, NotAllowed, NotFound
from kernenkaart.initiatieven.models import InitiatiefSoort
from kernenkaart.organisaties.models import OrganisatieSoort
from kernenkaart.platforms.models import PlatformSoort
from kernenkaart.projecten.models import ProjectSoort
from kernenkaart.werkzaamheden.models import WerkzaamheidSoort


@dataclass(frozen=True)
class Lijst:
    """One list of kinds; ``model`` is its table."""

    naam: str
    titel: str
    model: Any


LIJSTEN = {
    lijst.naam: lijst
    for lijst in (
        Lijst("activiteiten", "Soorten activiteiten", ActiviteitSoort),
        Lijst("doelgroepen", "Voor wie een activiteit is", Doelgroep),
        Lijst("werkzaamheden", "Soorten werkzaamheden", WerkzaamheidSoort),
        Lijst("projecten", "Soorten projecten", ProjectSoort),
        Lijst("initiatieven", "Soorten initiatieven", InitiatiefSoort),
        Lijst("platforms", "Soorten groepen", PlatformSoort),
        Lijst("organisaties", "Soorten organisaties", OrganisatieSoort),
    )
}

WOORDENLIJSTEN = {  # what a page calls each list of labels.standaard
    "activiteit.status": "Status van een activiteit",
    "inzending.status": "Status van wat een inwoner instuurt",
    "melding.aard": "Wat een lezer meldt",
    "werkzaamheid.status": "Status van een werkzaamheid",
    "werkzaamheid.hinder": "Hinder van een werkzaamheid",
    "werkzaamheid.diepte": "Wat een werkzaamheid openmaakt",
    "project.status": "Status van een project",
    "project.participatie": "Meedoen met een project",
    "initiatief.status": "Status van een initiatief",
    "platform.relatie": "Hoe groepen bij elkaar horen",
    "platform.zichtbaarheid": "Wie een groep ziet",
    "gebruiker.rol": "Rollen van gebruikers",
}


def get_lijst(naam: str) -> Lijst:
    """The list with this name.

    Raises:
        NotFound: if there is none.
    """
    if naam not in LIJSTEN:
        raise NotFound("Deze lijst bestaat niet.")
    return LIJSTEN[naam]


def find_soorten(session: Session, lijst: Lijst) -> list[Any]:
    """All kinds of a list, in the order they are shown; also those no longer in use."""
    model = lijst.model
    return list(session.scalars(select(model).order_by(model.volgorde, model.naam)))


def save_soort(
    session: Session,
    actor: Actor,
    lijst: Lijst,
    *,
    soort_id: int | None,
    naam: str,
    volgorde: int,
    actief: bool,
    eigen: Mapping[str, Any],
) -> Any:
    """Make a kind (``soort_id`` None) or change one. Its code never changes. The caller commits.

    Args:
        eigen: values of the columns that only this list has.

    Raises:
        NotAllowed: if ``actor`` is no beheerder.
        NotFound: if there is no such kind.
        Invalid: if the name is missing, too long or taken.
    """
    if not actor.is_beheerder:
        raise NotAllowed
    model = lijst.model
    soort = model() if soort_id is None else session.get(model, soort_id)
    if soort is None:
        raise NotFound("Deze soort bestaat niet (meer).")
    if not 1 <= len(naam) <= 60:
        raise Invalid("Vul een naam in van 1 tot 60 tekens. Bijvoorbeeld: Markt.", veld="naam")
    twin = session.scalar(select(model.id).where(func.lower(model.naam) == naam.lower()))
    if twin is not None and twin != soort_id:
        raise Invalid("Deze soort staat al in de lijst.", veld="naam")
    if soort_id is None:
        soort.code = _free_code(session, model, naam)
    soort.naam, soort.volgorde, soort.actief = naam, volgorde, actief
    for kolom, waarde in eigen.items():
        setattr(soort, kolom, waarde)
    session.add(soort)
    session.flush()
    return soort


def _free_code(session: Session, model: Any, naam: str) -> str:
    plain = unicodedata.normalize("NFKD", naam).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:34] or "soort"
    taken = set(session.scalars(select(model.code).where(model.code.like(f"{base}%"))))
    return (
        base
        if base not in taken
        else next(code for number in range(2, 1000) if (code := f"{base}-{number}") not in taken)
    )
