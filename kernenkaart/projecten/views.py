"""A project: its page, and the form that posts and changes it."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.errors import NotAllowed
from kernenkaart.journaal.services import sign
from kernenkaart.labels.templating import words
from kernenkaart.organisaties.posten import find_own
from kernenkaart.projecten import queries, services
from kernenkaart.projecten.forms import ProjectForm, waarden_of
from kernenkaart.projecten.models import Project, Status
from kernenkaart.projecten.policy import may_change
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import planner_required, public
from kernenkaart.web.invoer import walk_through

bp = Blueprint("projecten", __name__, url_prefix="/projecten")


@bp.route("/<int:project_id>")
@public
def toon(project_id: int) -> ResponseReturnValue:
    """One project: its steps, what residents can say about it, its works."""
    session, actor = db.session(), current_actor()
    project = queries.get_project(session, actor, project_id)
    return render_template(
        "projecten/toon.html",
        project=project,
        veranderd=queries.find_veranderd(session, project_id),
        mag_wijzigen=may_change(actor, project),
    )


@bp.route("/nieuw", methods=["GET", "POST"])
@planner_required
def nieuw() -> ResponseReturnValue:
    """The form with which somebody posts a project."""
    session, actor = db.session(), current_actor()
    form = ProjectForm()
    _offer(form)
    if request.method == "GET":
        form.status.process(None, Status.VERKENNING.value)
        if actor.organisatie_id:
            form.organisatie.process(None, actor.organisatie_id)
    sleutel = uuid.UUID(form.sleutel.data)
    if request.form.get("actie") in ("concept", "plaats") and (
        eerder := services.find_posted(session, sleutel)
    ):
        return redirect(url_for(".toon", project_id=eerder.id))

    def save(plaats: bool) -> Project:
        gegevens = form.to_gegevens(concept=not plaats)
        return services.post_project(session, actor, gegevens, sleutel=sleutel, marge_m=_marge_m())

    return _walk(form, save, concept=f"project-nieuw-{actor.gebruiker_id}")


@bp.route("/<int:project_id>/wijzig", methods=["GET", "POST"])
@planner_required
def wijzig(project_id: int) -> ResponseReturnValue:
    """The form with which somebody changes a project."""
    session, actor = db.session(), current_actor()
    project = queries.get_project(session, actor, project_id)
    if not may_change(actor, project):
        raise NotAllowed("Je verandert alleen projecten van je eigen organisatie.")
    form = ProjectForm()
    _offer(form, project.soort_id)
    if request.method == "GET":
        form.start_from(waarden_of(project), project.versie)

    def save(plaats: bool) -> Project:
        return services.change_project(
            session,
            actor,
            project_id,
            form.to_gegevens(project, concept=not plaats),
            versie=form.versie.data,
            marge_m=_marge_m(),
        )

    return _walk(form, save, concept=f"project-{project_id}-{actor.gebruiker_id}", project=project)


def _walk(
    form: ProjectForm,
    save: Callable[[bool], Project],
    *,
    concept: str,
    project: Project | None = None,
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()

    def preview() -> dict[str, Any]:
        return {"gegevens": form.to_gegevens(), "geom": form.geom}

    def signed(plaats: bool) -> Project:
        sign(session, actor)
        return save(plaats)

    def done(saved: Project) -> ResponseReturnValue:
        session.commit()
        net = "concept" if saved.status is Status.CONCEPT else "bewaard" if project else "geplaatst"
        return redirect(url_for(".toon", project_id=saved.id, net=net, concept=concept))

    def stored() -> tuple[dict[str, Any], int]:
        nu = queries.get_project(session, actor, project.id if project else 0)
        return waarden_of(nu), nu.versie

    return walk_through(
        form,
        sjablonen="projecten",
        context={"project": project, "concept": concept},
        preview=preview,
        save=signed,
        done=done,
        stored=stored if project else None,
        versie=project.versie if project else None,
    )


def _offer(form: ProjectForm, soort_id: int | None = None) -> None:
    session = db.session()
    form.soort.offer(queries.find_soorten(session, soort_id))
    form.organisatie.offer((o.id, o.naam) for o in find_own(session, current_actor()))
    status = words("project.status")
    form.status.offer((code, tekst) for code, tekst in status.items() if code != Status.CONCEPT)
    form.participatie.offer(words("project.participatie").items())


def _marge_m() -> float:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.marge_m
