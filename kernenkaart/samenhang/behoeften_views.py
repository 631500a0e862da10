"""Choose which works a project takes in."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy import RowMapping

from kernenkaart import db
from kernenkaart.errors import NotAllowed
from kernenkaart.journaal.services import sign
from kernenkaart.periode import format_periode
from kernenkaart.projecten.models import Project
from kernenkaart.projecten.policy import may_change
from kernenkaart.projecten.queries import get_project
from kernenkaart.samenhang.behoeften import (
    find_behoeften,
    find_kandidaten,
    find_projecten,
    find_taken_in,
    take_in,
)
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import planner_required
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import VinkjesVeld
from kernenkaart.werkzaamheden.models import Werkzaamheid

bp = Blueprint("behoeften", __name__, url_prefix="/projecten")


@bp.record_once
def init_behoeften(state: BlueprintSetupState) -> None:
    """Let the pages of works and projects show each other."""
    state.app.jinja_env.globals.update(
        find_behoeften_bij=find_behoeften_bij, find_projecten_bij=find_projecten_bij
    )


def find_behoeften_bij(project: Project) -> Sequence[RowMapping]:
    """The works that a project takes in, for the reader; one statement."""
    return find_behoeften(db.session(), current_actor(), project.id)


def find_projecten_bij(werk: Werkzaamheid) -> Sequence[RowMapping]:
    """The projects that a work is part of, for the reader; one statement."""
    return find_projecten(db.session(), current_actor(), werk)


class BehoeftenForm(Formulier):
    """Works of others that a project takes in."""

    werken = VinkjesVeld("Welk werk hoort ook bij dit project?")


@bp.route("/<int:project_id>/werk", methods=["GET", "POST"])
@planner_required
def kies(project_id: int) -> ResponseReturnValue:
    """Tick the works near a project that it takes in."""
    session, actor = db.session(), current_actor()
    project = get_project(session, actor, project_id)
    if not may_change(actor, project):
        raise NotAllowed("Je verandert alleen projecten van je eigen organisatie.")
    form = BehoeftenForm()
    werken = find_kandidaten(session, actor, project)
    form.werken.choices = [
        (werk.id, f"{nummer}. {werk.titel}, {_when(werk)}") for nummer, werk in enumerate(werken, 1)
    ]
    if request.method == "GET":
        form.werken.data = sorted(find_taken_in(session, project_id))
    if form.validate_on_submit():
        sign(session, actor)
        take_in(session, actor, project_id, form.werken.data or ())
        session.commit()
        flash("Het werk bij dit project is bewaard.", "goed")
        return redirect(f"/projecten/{project_id}")
    status = 422 if form.errors else 200
    page = render_template(
        "samenhang/behoeften.html", form=form, project=project, dingen=_on_map(project, werken)
    )
    return page, status


def _on_map(project: Project, werken: Sequence[Werkzaamheid]) -> list[dict[str, Any]]:
    """The project, and the works with the numbers of their ticks, for ``kaart``."""
    return [
        {"ding": "project", "titel": project.titel, "geom": project.geom},
        *(
            {
                "ding": "werkzaamheid",
                "titel": werk.titel,
                "geom": werk.geom,
                "punt": werk.punt,
                "hinder": werk.hinder.value,
                "nummer": nummer,
                "url": f"/werkzaamheden/{werk.id}",
            }
            for nummer, werk in enumerate(werken, 1)
        ),
    ]


def _when(werk: Werkzaamheid) -> str:
    return format_periode(werk.eerste_dag, werk.laatste_dag, werk.nauwkeurigheid)
