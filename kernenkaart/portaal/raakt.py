"""While somebody draws: which kernen it touches, and what else is there in those days."""

from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.kernen.vlak import find_touched
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import find_dingen
from kernenkaart.tijd import Periode, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import planner_required
from kernenkaart.web.dingen import to_rij
from kernenkaart.web.velden import DagVeld
from kernenkaart.web.vorm import VormVelden

bp = Blueprint("raakt", __name__)

DICHTBIJ_M = 100.0
HOOGSTENS = 20


class RaaktForm(VormVelden):
    """A drawing, and perhaps its days."""

    eerste_dag = DagVeld("Eerste dag")
    laatste_dag = DagVeld("Laatste dag")


@bp.post("/kaart/raakt")
@planner_required
def raakt() -> ResponseReturnValue:
    """A piece of a page; empty as long as nothing can be read of the drawing.

    With both days it also names what there is then within 100 metres, of every layer. ``behalve``
    in the address (``werkzaamheid-12``) is the thing that is drawn itself.
    """
    session, actor, dag = db.session(), current_actor(), today()
    form = RaaktForm()
    geom = form.peek_vorm()
    eerste, laatste = form.eerste_dag.data, form.laatste_dag.data
    ook = None
    if geom is not None and eerste and laatste and laatste >= eerste:
        keuze = DingFilter(gebied=geom, afstand_m=DICHTBIJ_M)
        dingen = find_dingen(
            session, actor, replace(keuze, periode=Periode(eerste, laatste)), limiet=HOOGSTENS + 1
        )
        rijen = [to_rij(dict(ding), dag) for ding in dingen if ding["op_kaart"]]
        ook = [rij for rij in rijen if rij.sleutel != request.args.get("behalve")][:HOOGSTENS]
    return render_template(
        "portaal/_raakt.html",
        raakt=find_touched(session, geom) if geom is not None else None,
        ook=ook,
    )
