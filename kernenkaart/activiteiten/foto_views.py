"""The photo of an activity: a page of its own, so that the form of the activity stays short."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.activiteiten.foto import put_foto, remove_foto
from kernenkaart.activiteiten.policy import may_change
from kernenkaart.activiteiten.queries import get_activiteit
from kernenkaart.beelden.forms import FotoVelden
from kernenkaart.errors import Invalid, NotAllowed
from kernenkaart.journaal.services import sign
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required
from kernenkaart.web.forms import show_error

bp = Blueprint("activiteiten_foto", __name__, url_prefix="/activiteiten")


@bp.route("/<int:activiteit_id>/foto", methods=["GET", "POST"])
@login_required
def foto(activiteit_id: int) -> ResponseReturnValue:
    """Add a photo, put another in its place, or take it away."""
    session, actor = db.session(), current_actor()
    activiteit = get_activiteit(session, actor, activiteit_id)
    if not may_change(actor, activiteit):
        raise NotAllowed("Je verandert alleen activiteiten van je eigen groep.")
    form = FotoVelden()
    shown = redirect(url_for("activiteiten.toon", activiteit_id=activiteit_id))
    if form.is_submitted() and request.form.get("actie") == "weg":
        sign(session, actor)
        remove_foto(session, actor, activiteit_id)
        session.commit()
        return shown
    if form.validate_on_submit():
        try:
            found = form.read_foto()
            if found is None:
                raise Invalid("Kies een foto.", veld="foto")
            sign(session, actor)
            put_foto(
                session, actor, activiteit_id, found,
                alt=form.alt.data or "", bron=form.bron.data or "",
            )  # fmt: skip
        except Invalid as error:
            show_error(form, error)
        else:
            session.commit()
            return shown
    page = render_template("activiteiten/foto.html", form=form, activiteit=activiteit)
    return page, 422 if form.errors else 200
