"""Post and change projects. The caller commits."""

import uuid
from dataclasses import dataclass
from datetime import date

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.kernen.vlak import find_gemeente_near
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.projecten.models import (
    Participatie,
    Project,
    ProjectFase,
    ProjectSoort,
    Status,
)
from kernenkaart.projecten.policy import may_change, may_post, visible_to


@dataclass(frozen=True)
class Fase:
    """One step: what, and when in words as precisely as is known."""

    naam: str
    periode: str | None


@dataclass(frozen=True)
class ProjectGegevens:
    """What somebody fills in about a project; texts are cleaned, empty ones None.

    Attributes:
        status_straks: of a draft, what it becomes when it is placed; else None.
        geom: RD geometry (metres); None leaves the stored one as it is.
    """

    organisatie_id: int
    titel: str
    soort_id: int
    omschrijving: str
    eerste_dag: date | None
    laatste_dag: date | None
    status: Status
    status_straks: Status | None
    openbaar: bool
    participatie: Participatie
    participatie_uitleg: str
    fasen: tuple[Fase, ...]
    plek_naam: str | None
    geom: BaseGeometry | None
    contact_rol: str | None
    contact_telefoon: str | None
    website: str | None


def post_project(
    session: Session, actor: Actor, gegevens: ProjectGegevens, *, sleutel: uuid.UUID, marge_m: float
) -> Project:
    """Put a project on the map. Posting again with the same key gives the first one.

    Args:
        sleutel: made with the empty form; the same form sent twice makes one.
        marge_m: how far it may lie outside every kern, metres.

    Raises:
        NotAllowed: if ``actor`` does not post for that organisation.
        Invalid: if something does not fit together or lies too far away.
    """
    if not may_post(actor, gegevens.organisatie_id):
        raise NotAllowed("Je plaatst alleen projecten van je eigen organisatie.")
    if eerder := find_posted(session, sleutel):
        return eerder
    project = Project(sleutel=sleutel, gemaakt_door_id=actor.gebruiker_id)
    _fill(session, project, gegevens, marge_m)
    try:
        with session.begin_nested():
            session.add(project)
            session.flush()
    except IntegrityError:
        # somebody sent the same form at the same moment: the unique key has the last word
        eerder = find_posted(session, sleutel)
        if eerder is None:
            raise
        return eerder
    return project


def find_posted(session: Session, sleutel: uuid.UUID) -> Project | None:
    """What was posted before with this key."""
    return session.scalar(select(Project).where(Project.sleutel == sleutel))


def change_project(
    session: Session,
    actor: Actor,
    project_id: int,
    gegevens: ProjectGegevens,
    *,
    versie: int | None,
    marge_m: float,
) -> Project:
    """Change a project.

    Args:
        versie: the version the editor started from.

    Raises:
        NotFound: if it does not exist for ``actor``.
        NotAllowed: if it is of another organisation, or would be.
        Conflict: if somebody else changed it meanwhile.
        Invalid: as in ``post_project``.
    """
    project = session.scalar(
        select(Project)
        .where(Project.id == project_id, visible_to(actor))
        .with_for_update(of=Project)
        .execution_options(populate_existing=True)
    )
    if project is None:
        raise NotFound
    if not (may_change(actor, project) and may_post(actor, gegevens.organisatie_id)):
        raise NotAllowed("Je verandert alleen projecten van je eigen organisatie.")
    if project.versie != versie:
        raise Conflict
    _fill(session, project, gegevens, marge_m)
    session.flush()
    return project


def _fill(session: Session, project: Project, gegevens: ProjectGegevens, marge_m: float) -> None:
    _check(session, project, gegevens)
    for veld in (
        "organisatie_id", "titel", "soort_id", "omschrijving", "eerste_dag", "laatste_dag",
        "status", "status_straks", "openbaar", "participatie", "participatie_uitleg", "plek_naam",
        "contact_rol", "contact_telefoon", "website",
    ):  # fmt: skip
        setattr(project, veld, getattr(gegevens, veld))
    if gegevens.geom is not None:
        gemeente_id = find_gemeente_near(session, gegevens.geom, marge_m)
        if gemeente_id is None:
            raise Invalid("Dit ligt te ver buiten de gemeente. Teken het opnieuw.", veld="vorm")
        project.geom, project.gemeente_id = gegevens.geom, gemeente_id
    elif project.geom is None:
        raise Invalid("Teken op de kaart waar het project is.", veld="vorm")
    for nummer, fase in enumerate(gegevens.fasen):
        if nummer < len(project.fasen):
            project.fasen[nummer].naam = fase.naam
            project.fasen[nummer].periode = fase.periode
        else:
            project.fasen.append(ProjectFase(volgorde=nummer, naam=fase.naam, periode=fase.periode))
    del project.fasen[len(gegevens.fasen) :]


def _check(session: Session, project: Project, gegevens: ProjectGegevens) -> None:
    if not gegevens.titel:
        raise Invalid("Vul een naam in. Bijvoorbeeld: 24 woningen aan de laan.", veld="titel")
    eerste, laatste = gegevens.eerste_dag, gegevens.laatste_dag
    if eerste and laatste and laatste < eerste:
        raise Invalid("De laatste dag ligt vóór de eerste dag.", veld="laatste_dag")
    organisatie = session.get(Organisatie, gegevens.organisatie_id)
    if organisatie is None or not (organisatie.actief or organisatie.id == project.organisatie_id):
        raise Invalid("Kies een organisatie uit de lijst.", veld="organisatie")
    soort = session.get(ProjectSoort, gegevens.soort_id)
    if soort is None or not (soort.actief or soort.id == project.soort_id):
        raise Invalid("Kies een soort uit de lijst.", veld="soort")
