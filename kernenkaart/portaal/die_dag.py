"""Works that go on, on the day and at the place of an activity."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from shapely.geometry import Point

from kernenkaart import db
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import find_dingen
from kernenkaart.tijd import Periode, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.web.dingen import Rij, to_rij

bp = Blueprint("die_dag", __name__)

DICHTBIJ_M = 250.0
HOOGSTENS = 3
VAN_DE_BAAN = "vervallen"


@bp.record_once
def init_die_dag(state: BlueprintSetupState) -> None:
    """Make ``find_werk`` known to templates: the form of an activity tells about works too."""
    state.app.jinja_env.globals.update(find_werk=find_werk)


def find_werk(punt: Point | None, dag: date) -> Sequence[Rij]:
    """Works that the reader may see within 250 metres of ``punt`` on ``dag``; at most three.

    One statement; none without a point.

    Args:
        punt: RD; None is not known.
    """
    if punt is None:
        return []
    keuze = DingFilter(
        lagen=("werkzaamheden",), plek=punt, plek_m=DICHTBIJ_M, periode=Periode(dag, dag)
    )
    dingen = find_dingen(db.session(), current_actor(), keuze, limiet=HOOGSTENS + 5)
    rijen = [to_rij(dict(ding), today()) for ding in dingen if ding["status"] != VAN_DE_BAAN]
    return rijen[:HOOGSTENS]
