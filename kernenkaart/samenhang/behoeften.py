"""Which works a project takes in: the need of one organisation is a work, what they do together is
a project. A work names at most one project as its own; others can take it in too.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, RowMapping, bindparam, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import NotAllowed, NotFound
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.projecten.models import Project
from kernenkaart.projecten.policy import may_change
from kernenkaart.projecten.policy import visible_to as project_visible_to
from kernenkaart.samenhang.models import ProjectWerk
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid
from kernenkaart.werkzaamheden.policy import visible_to

DICHTBIJ_M = 250.0
LIJST_MAX = 100
VOORBIJ = (Status.KLAAR, Status.VERVALLEN, Status.CONCEPT)


def find_behoeften(session: Session, actor: Actor, project_id: int) -> Sequence[RowMapping]:
    """The works that a project takes in and ``actor`` may see, by first day.

    Returns:
        Mappings with ``id``, ``titel``, both days, ``nauwkeurigheid``, ``hinder``,
        ``hinder_kort``, ``organisatie`` and ``eigen``: whether the work names this project itself.
    """
    eigen = func.coalesce(Werkzaamheid.project_id == project_id, False)
    statement = (
        select(
            Werkzaamheid.id,
            Werkzaamheid.titel,
            Werkzaamheid.eerste_dag,
            Werkzaamheid.laatste_dag,
            Werkzaamheid.nauwkeurigheid,
            Werkzaamheid.hinder,
            Werkzaamheid.hinder_kort,
            Organisatie.naam.label("organisatie"),
            eigen.label("eigen"),
        )
        .join(Werkzaamheid.organisatie)
        .where(visible_to(actor), or_(Werkzaamheid.project_id == project_id, _taken_in(project_id)))
        .order_by(Werkzaamheid.eerste_dag, Werkzaamheid.titel, Werkzaamheid.id)
    )
    return session.execute(statement).mappings().all()


def find_projecten(session: Session, actor: Actor, werk: Werkzaamheid) -> Sequence[RowMapping]:
    """The projects that a work is part of and ``actor`` may see: its own first, then by title.

    Returns:
        Mappings with ``id`` and ``titel``.
    """
    ook = select(ProjectWerk.project_id).where(ProjectWerk.werkzaamheid_id == werk.id)
    return (
        session.execute(
            select(Project.id, Project.titel)
            .where(
                project_visible_to(actor),
                or_(Project.id == werk.project_id, Project.id.in_(ook)),
            )
            .order_by((Project.id == werk.project_id).desc().nulls_last(), Project.titel)
        )
        .mappings()
        .all()
    )


def find_kandidaten(session: Session, actor: Actor, project: Project) -> Sequence[Werkzaamheid]:
    """Works near a project that it could take in, and those it took in, by first day.

    Works that name the project themselves are in it already; those that are over stay out.
    """
    hier = bindparam(None, project.geom, type_=RDGeometry())
    dichtbij = func.ST_DWithin(Werkzaamheid.geom, hier, DICHTBIJ_M)
    return session.scalars(
        select(Werkzaamheid)
        .where(
            visible_to(actor),
            Werkzaamheid.project_id.is_distinct_from(project.id),
            or_(_taken_in(project.id), dichtbij & Werkzaamheid.status.not_in(VOORBIJ)),
        )
        .order_by(Werkzaamheid.eerste_dag, Werkzaamheid.titel, Werkzaamheid.id)
        .limit(LIJST_MAX)
    ).all()


def find_taken_in(session: Session, project_id: int) -> set[int]:
    """Keys of the works that a project took in, besides those that name it themselves."""
    return set(
        session.scalars(
            select(ProjectWerk.werkzaamheid_id).where(ProjectWerk.project_id == project_id)
        )
    )


def take_in(session: Session, actor: Actor, project_id: int, werk_ids: Collection[int]) -> None:
    """Let a project take in exactly these of the works that ``find_kandidaten`` offers.

    What ``actor`` cannot see stays as it is. The caller commits.

    Raises:
        NotFound: if there is no such project for ``actor``.
        NotAllowed: if it is of another organisation.
    """
    project = session.scalar(
        select(Project)
        .where(Project.id == project_id, project_visible_to(actor))
        .with_for_update(of=Project)
    )
    if project is None:
        raise NotFound
    if not may_change(actor, project):
        raise NotAllowed("Je verandert alleen projecten van je eigen organisatie.")
    offered = {werk.id for werk in find_kandidaten(session, actor, project)}
    erbij, weg = offered & set(werk_ids), offered - set(werk_ids)
    if erbij:
        rows = [{"project_id": project_id, "werkzaamheid_id": key} for key in sorted(erbij)]
        session.execute(insert(ProjectWerk).values(rows).on_conflict_do_nothing())
    session.execute(
        delete(ProjectWerk).where(
            ProjectWerk.project_id == project_id, ProjectWerk.werkzaamheid_id.in_(weg)
        )
    )


def _taken_in(project_id: int) -> ColumnElement[bool]:
    return exists().where(
        ProjectWerk.project_id == project_id, ProjectWerk.werkzaamheid_id == Werkzaamheid.id
    )
