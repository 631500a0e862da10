"""While somebody draws: which kernen it touches, and what else is there in those days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row

from kernenkaart import db
from kernenkaart.kernen.vlak import find_touched
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import find_dingen
from kernenkaart.tijd import Periode, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import planner_required
from kernenkaart.web.dingen import Rij, to_rij
from kernenkaart.web.velden import DagVeld
from kernenkaart.web.vorm import VormVelden

bp = Blueprint("raakt", __name__)

DICHTBIJ_M = 100.0
HOOGSTENS = 20


@dataclass(frozen=True)
class Raakt:
    """What a drawing touches.

    Attributes:
        kernen: rows with ``id``, ``naam``, ``slug`` and ``aandeel`` (0 to 1), largest share first.
        ook: what else is there then, of every layer; None when no days were given.
        meer: whether there is more than ``ook`` names.
    """

    kernen: Sequence[Row[int, str, str, float]]
    ook: Sequence[Rij] | None
    meer: bool = False


@bp.record_once
def init_raakt(state: BlueprintSetupState) -> None:
    """Make ``find_raakt`` known to all templates: forms of every feature show it in a preview."""
    state.app.jinja_env.globals.update(find_raakt=find_raakt)


def find_raakt(
    geom: BaseGeometry,
    eerste_dag: date | None,
    laatste_dag: date | None,
    behalve: str | None = None,
) -> Raakt:
    """Which kernen ``geom`` touches, and what the reader may see within 100 metres of it then.

    Two statements; one without days.

    Args:
        geom: valid, in RD.
        eerste_dag: None is open-ended; when both are None nothing else is looked for.
        laatste_dag: as ``eerste_dag``; days in the wrong order are no days.
        behalve: the thing that is drawn itself, ``werkzaamheid-12``.
    """
    session = db.session()
    kernen = find_touched(session, geom)
    omgekeerd = eerste_dag and laatste_dag and laatste_dag < eerste_dag
    if omgekeerd or not (eerste_dag or laatste_dag):
        return Raakt(kernen, None)
    keuze = DingFilter(plek=geom, plek_m=DICHTBIJ_M, periode=Periode(eerste_dag, laatste_dag))
    # one more than is shown, and one that may be itself
    dingen = find_dingen(session, current_actor(), keuze, limiet=HOOGSTENS + 2)
    rijen = [to_rij(dict(ding), today()) for ding in dingen]
    ook = [rij for rij in rijen if rij.sleutel != behalve]
    return Raakt(kernen, ook[:HOOGSTENS], meer=len(ook) > HOOGSTENS)


class RaaktForm(VormVelden):
    """A drawing, and perhaps its days."""

    eerste_dag = DagVeld("Eerste dag")
    laatste_dag = DagVeld("Laatste dag")


@bp.post("/kaart/raakt")
@planner_required
def raakt() -> ResponseReturnValue:
    """``find_raakt`` as a piece of a page; empty as long as the drawing cannot be read.

    ``behalve`` in the address is the thing that is drawn itself.
    """
    form = RaaktForm()
    geom = form.peek_vorm()
    if geom is None:
        return ""
    dagen = form.eerste_dag.data, form.laatste_dag.data
    found = find_raakt(geom, *dagen, behalve=request.args.get("behalve"))
    return render_template("portaal/_raakt.html", raakt=found)
