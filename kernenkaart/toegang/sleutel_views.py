"""The own keys for programs: which there are, a new one, revoke one."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.errors import Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.tijd import now
from kernenkaart.toegang.account import count_proof, me, proven
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.forms import RECHTEN, SleutelForm
from kernenkaart.toegang.guards import planner_required
from kernenkaart.toegang.services import check_own
from kernenkaart.toegang.sleutels import find_sleutels, get_sleutel, make_sleutel, revoke
from kernenkaart.web.forms import show_error

bp = Blueprint("sleutels", __name__, url_prefix="/account/sleutels")


@bp.get("")
@planner_required
def lijst() -> ResponseReturnValue:
    """The own keys: what for, what they may, when last used."""
    return render_template(
        "security/sleutels.html",
        sleutels=find_sleutels(db.session(), me().id),
        rechten=RECHTEN,
        nu=now(),
    )


@bp.route("/nieuw", methods=["GET", "POST"])
@planner_required
def nieuw() -> ResponseReturnValue:
    """Make a key; the answer shows it, once and nowhere else."""
    form = SleutelForm()
    if form.validate_on_submit():
        session, gebruiker = db.session(), me()
        try:
            count_proof(gebruiker)
            check_own(gebruiker, form.wachtwoord.data)
            sign(session, current_actor())
            sleutel, token = make_sleutel(
                session,
                current_actor(),
                naam=form.naam.data or "",
                rechten=form.rechten.data or (),
                dagen=form.dagen.data or 0,
            )
        except Invalid as error:
            show_error(form, error)
        else:
            proven(gebruiker)
            page = make_response(
                render_template("security/sleutel_gemaakt.html", sleutel=sleutel, token=token)
            )
            page.headers["Cache-Control"] = "no-store"
            return page
    return render_template("security/sleutel_nieuw.html", form=form), 422 if form.errors else 200


@bp.route("/<int:sleutel_id>/intrekken", methods=["GET", "POST"])
@planner_required
def intrekken(sleutel_id: int) -> ResponseReturnValue:
    """Ask whether the key may go, then let it."""
    session, actor = db.session(), current_actor()
    sleutel = get_sleutel(session, actor, sleutel_id)
    if request.method == "GET":
        return render_template("security/sleutel_intrekken.html", sleutel=sleutel)
    sign(session, actor)
    revoke(session, actor, sleutel_id)
    session.commit()
    flash(f"De sleutel voor {sleutel.naam} werkt niet meer.", "goed")
    return redirect(url_for(".lijst"))
