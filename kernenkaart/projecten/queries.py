"""What is there: one project, what changed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kernenkaart.actor import Actor
from kernenkaart.errors import NotFound
from kernenkaart.journaal.queries import find_changes
from kernenkaart.journaal.verhaal import Mededeling, tell
from kernenkaart.projecten.models import Project, ProjectSoort, Status
from kernenkaart.projecten.policy import visible_to


def get_project(session: Session, actor: Actor, project_id: int) -> Project:
    """One project with its organisation, kind, kern and phases.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    project = session.scalar(
        select(Project)
        .where(Project.id == project_id, visible_to(actor))
        .options(
            joinedload(Project.organisatie),
            joinedload(Project.soort),
            joinedload(Project.kern),
            selectinload(Project.fasen),
        )
    )
    if project is None:
        raise NotFound("Dit project bestaat niet (meer). Misschien is het al klaar.")
    return project


def find_soorten(session: Session, ook: int | None = None) -> list[tuple[int, str]]:
    """The kinds to choose from, as key and name; ``ook`` is offered even when out of use."""
    rows = session.execute(
        select(ProjectSoort.id, ProjectSoort.naam)
        .where(or_(ProjectSoort.actief, ProjectSoort.id == ook))
        .order_by(ProjectSoort.volgorde, ProjectSoort.naam)
    )
    return [(row.id, row.naam) for row in rows]


def find_veranderd(session: Session, project_id: int) -> list[Mededeling]:
    """What changed since visitors could first see it, newest first, in plain words."""
    return tell(
        find_changes(session, "project", project_id),
        (_status_changed, _days_changed, _title_changed, _participation_changed),
        zichtbaar=lambda row: row.get("status") != Status.CONCEPT and bool(row.get("openbaar")),
        eerste="Voor het eerst op de kaart.",
    )


STATUS_ZIN = {
    Status.VERKENNING: "We onderzoeken wat er kan.",
    Status.VOORBEREIDING: "De voorbereiding is begonnen.",
    Status.UITVOERING: "De uitvoering is begonnen.",
    Status.KLAAR: "Het project is klaar.",
    Status.GESTOPT: "Het project is gestopt.",
}


def _status_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    return None if voor.get("status") == na.get("status") else STATUS_ZIN.get(na["status"])


def _days_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    same = all(voor.get(f) == na.get(f) for f in ("eerste_dag", "laatste_dag"))
    return None if same else "De planning is aangepast."


def _title_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    return None if voor.get("titel") == na.get("titel") else f"Nieuwe naam. Was: {voor['titel']}."


def _participation_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    same = all(voor.get(f) == na.get(f) for f in ("participatie", "participatie_uitleg"))
    return None if same else "Hoe je kunt meedoen is aangepast."
