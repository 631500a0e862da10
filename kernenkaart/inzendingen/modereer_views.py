"""One screen for who looks at what residents sent in."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.errors import Conflict, Invalid, NotAllowed
from kernenkaart.inzendingen import modereren
from kernenkaart.inzendingen.forms import ModereerForm
from kernenkaart.inzendingen.models import OPEN
from kernenkaart.inzendingen.policy import is_moderator
from kernenkaart.inzendingen.queries import (
    find_dubbelen,
    find_spreekgroepen,
    find_wachtend,
    get_inzending,
)
from kernenkaart.inzendingen.views import show_foto
from kernenkaart.journaal.services import sign
from kernenkaart.kernen.forms import marge_m
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required
from kernenkaart.web.forms import show_error

bp = Blueprint("modereren", __name__, url_prefix="/moderatie")

GELUKT = {
    "plaats": "Het staat in de kalender. De inzender krijgt een mail.",
    "vraag": "Je vraag is verstuurd.",
    "weiger": "Het is niet geplaatst. De inzender krijgt een mail.",
    "samen": "Het is samengevoegd. De inzender krijgt een mail.",
}


@bp.get("")
@login_required
def lijst() -> ResponseReturnValue:
    """What waits for somebody to look at it."""
    actor = current_actor()
    if not is_moderator(actor):
        raise NotAllowed("Alleen wie voor een groep of kern spreekt, bekijkt inzendingen.")
    return render_template("inzendingen/lijst.html", wachtend=find_wachtend(db.session(), actor))


@bp.route("/<int:inzending_id>", methods=["GET", "POST"])
@login_required
def toon(inzending_id: int) -> ResponseReturnValue:
    """One submission: look at it, then publish, ask, refuse or join."""
    session, actor = db.session(), current_actor()
    inzending = get_inzending(session, actor, inzending_id)
    form = ModereerForm()
    groepen = find_spreekgroepen(session, actor, inzending.kern_id)
    form.platform.offer(groepen)
    status = 200
    actie = request.form.get("actie", "")
    if request.method == "POST" and actie in GELUKT and form.validate():
        sign(session, actor)
        try:
            _acts(inzending_id, form)[actie]()
        except Conflict as error:
            session.rollback()
            flash(error.melding, "letop")
            return redirect(url_for(".toon", inzending_id=inzending_id))
        except Invalid as error:
            session.rollback()
            show_error(form, error)
            status = 422
        else:
            session.commit()
            flash(GELUKT[actie], "goed")
            return redirect(url_for(".lijst"))
    elif request.method == "POST":
        status = 422
    page = render_template(
        "inzendingen/toon.html",
        inzending=get_inzending(session, actor, inzending_id),
        form=form,
        groepen=groepen,
        dubbelen=find_dubbelen(session, inzending) if inzending.activiteit_id is None else (),
        is_open=inzending.status in OPEN,
    )
    return page, status


def _acts(inzending_id: int, form: ModereerForm) -> dict[str, Callable[[], object]]:
    session, actor = db.session(), current_actor()
    versie = request.form.get("versie", 0, type=int)
    return {
        "plaats": lambda: modereren.publish(
            session,
            actor,
            inzending_id,
            versie=versie,
            platform_id=form.platform.data,
            marge_m=marge_m(),
        ),
        "vraag": lambda: modereren.ask(
            session, actor, inzending_id, form.vraag.data or "", versie=versie
        ),
        "weiger": lambda: modereren.refuse(
            session, actor, inzending_id, form.reden.data or "", versie=versie
        ),
        "samen": lambda: modereren.merge(
            session,
            actor,
            inzending_id,
            request.form.get("activiteit", 0, type=int),
            versie=versie,
        ),
    }


@bp.get("/<int:inzending_id>/foto.webp")
@login_required
def foto(inzending_id: int) -> Response:
    """The photo that was sent in, for who moderates it."""
    return show_foto(get_inzending(db.session(), current_actor(), inzending_id))
