"""An initiative: its page, and taking it away."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.errors import NotAllowed
from kernenkaart.initiatieven import queries, services
from kernenkaart.initiatieven.policy import may_change
from kernenkaart.journaal.services import sign
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required, public
from kernenkaart.web.forms import Formulier

bp = Blueprint("initiatieven", __name__, url_prefix="/initiatieven")


@bp.route("/<int:initiatief_id>")
@public
def toon(initiatief_id: int) -> ResponseReturnValue:
    """One initiative: how far it is, of whom, and how to join."""
    session, actor = db.session(), current_actor()
    initiatief = queries.get_initiatief(session, actor, initiatief_id)
    return render_template(
        "initiatieven/toon.html",
        initiatief=initiatief,
        veranderd=queries.find_veranderd(session, initiatief_id),
        mag_wijzigen=may_change(actor, initiatief),
    )


@dataclass(frozen=True)
class Handeling:
    """Something one does with an initiative after a question.

    Attributes:
        doe: the service.
        vraag: the question, with ``{titel}``.
        uitleg: what will happen.
        knop: the words on the button.
    """

    doe: Any
    vraag: str
    uitleg: str
    knop: str


HANDELINGEN = {
    "intrekken": Handeling(
        services.withdraw,
        "{titel} intrekken?",
        "Bezoekers zien het initiatief dan niet meer. Je kunt het later terugzetten.",
        "Intrekken",
    ),
    "terugzetten": Handeling(
        services.restore,
        "{titel} terugzetten?",
        "Het initiatief wordt weer zoals voor het intrekken.",
        "Terugzetten",
    ),
}


@bp.route(
    f"/<int:initiatief_id>/<any({', '.join(HANDELINGEN)}):handeling>", methods=["GET", "POST"]
)
@login_required
def verander(initiatief_id: int, handeling: str) -> ResponseReturnValue:
    """Ask first, then withdraw or put back."""
    session, actor = db.session(), current_actor()
    initiatief = queries.get_initiatief(session, actor, initiatief_id)
    if not may_change(actor, initiatief):
        raise NotAllowed("Je verandert alleen initiatieven van je eigen groep.")
    form = Formulier()
    if form.validate_on_submit():
        sign(session, actor)
        HANDELINGEN[handeling].doe(session, actor, initiatief_id)
        session.commit()
        return redirect(url_for(".toon", initiatief_id=initiatief_id, net=handeling))
    return render_template(
        "initiatieven/verander.html",
        form=form,
        initiatief=initiatief,
        handeling=HANDELINGEN[handeling],
    )
