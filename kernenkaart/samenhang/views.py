"""*Wijziging doorgeven* and messages to groups and gebiedsmakelaars; open to everyone."""

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid, NotFound, TooOften
from kernenkaart.kernen.queries import get_kern
from kernenkaart.labels.queries import find_labels
from kernenkaart.platforms.queries import get_platform
from kernenkaart.samenhang.forms import BerichtForm, DoorgeefForm
from kernenkaart.samenhang.models import Aard
from kernenkaart.samenhang.queries import get_onderwerp
from kernenkaart.samenhang.services import (
    Bericht,
    limits,
    report_change,
    settle,
    write_to_makelaar,
    write_to_platform,
)
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required, public
from kernenkaart.toegang.pogingen import count_try, network_of
from kernenkaart.web.forms import show_error

bp = Blueprint("samenhang", __name__)


@bp.route("/doorgeven/<laag>/<int:ding_id>", methods=["GET", "POST"])
@public
def doorgeven(laag: str, ding_id: int) -> ResponseReturnValue:
    """Say what is wrong with something on the map."""
    session = db.session()
    onderwerp = get_onderwerp(session, current_actor(), laag, ding_id)
    return _answer(
        "samenhang/doorgeven.html",
        f"{laag}-{ding_id}",
        lambda bericht: report_change(session, onderwerp, bericht),
        url_for(".doorgeven", laag=laag, ding_id=ding_id, verzonden=1),
        form=_doorgeef_form(),
        onderwerp=onderwerp,
    )


@bp.route("/contact/platform/<int:platform_id>", methods=["GET", "POST"])
@public
def platform(platform_id: int) -> ResponseReturnValue:
    """Send a message to a group, without ever seeing its address."""
    session = db.session()
    groep = get_platform(session, current_actor(), platform_id)
    if not groep.contact_email:
        raise NotFound("Deze groep kun je hier geen bericht sturen.")
    naar = f"de {groep.contact_rol} van {groep.naam}" if groep.contact_rol else groep.naam
    return _answer(
        "samenhang/contact.html",
        f"platform-{platform_id}",
        lambda bericht: write_to_platform(session, groep, bericht),
        url_for(".platform", platform_id=platform_id, verzonden=1),
        naar=naar,
        terug=[(f"/kernen/{kern.slug}", kern.naam) for kern in groep.kernen],
    )


@bp.route("/contact/makelaar/<slug>", methods=["GET", "POST"])
@public
def makelaar(slug: str) -> ResponseReturnValue:
    """Send a message to the gebiedsmakelaar of a kern."""
    session = db.session()
    kern = get_kern(session, slug)
    return _answer(
        "samenhang/contact.html",
        f"kern-{kern.id}",
        lambda bericht: write_to_makelaar(session, kern, bericht),
        url_for(".makelaar", slug=slug, verzonden=1),
        naar=f"de gebiedsmakelaar van {kern.naam}",
        terug=[(f"/kernen/{kern.slug}", kern.naam)],
    )


@bp.post("/doorgeven/<int:verzoek_id>/afgehandeld")
@login_required
def afgehandeld(verzoek_id: int) -> ResponseReturnValue:
    """A remark has been dealt with."""
    session = db.session()
    settle(session, current_actor(), verzoek_id)
    session.commit()
    flash("Gemeld als afgehandeld.", "goed")
    return redirect("/mijn")


def _answer(
    sjabloon: str,
    ontvanger: str,
    write: Callable[[Bericht], object],
    klaar: str,
    *,
    form: BerichtForm | None = None,
    **context: object,
) -> ResponseReturnValue:
    """The form, what is wrong with it, or the way on after sending."""
    if "verzonden" in request.args and request.method == "GET":
        return render_template(sjabloon, form=None, **context)
    form = form or BerichtForm()
    status = 422
    if form.validate_on_submit():
        if form.is_robot:
            return redirect(klaar)
        session = db.session()
        try:
            bericht = form.to_bericht()
            _count(ontvanger)
            write(bericht)
        except Invalid as error:
            show_error(form, error)
        except TooOften as error:  # what was typed stays on the page
            form.form_errors.append(error.melding)
            status = 429
        else:
            session.commit()
            return redirect(klaar)
    return render_template(sjabloon, form=form, **context), status if form.errors else 200


def _doorgeef_form() -> DoorgeefForm:
    form = DoorgeefForm()
    form.aard.offer(find_labels(db.session(), "melding.aard").items())
    if not form.aard.raw_data:  # a question or an older page does not say what kind it is
        form.aard.data = Aard.WIJZIGING.value
    return form


def _count(ontvanger: str) -> None:
    """Count this message, for good: also when what follows fails."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    session = db.session()
    count_try(session, limits(network_of(request.remote_addr), ontvanger, settings.secret_key))
    session.commit()
