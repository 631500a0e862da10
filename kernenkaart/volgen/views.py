"""Follow by e-mail over HTTP: ask, confirm, see what one follows, stop. No account, no cookie.

Everything after asking is opened by a link from a mail. Looking at a page changes nothing, because
mail scanners look too.
"""

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid, NotFound, TooOften
from kernenkaart.lagen.keuzes import find_keuzes
from kernenkaart.tijd import now, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import public
from kernenkaart.toegang.pogingen import count_try, network_of
from kernenkaart.volgen import services
from kernenkaart.volgen.forms import VolgForm
from kernenkaart.volgen.links import (
    Doel,
    find_abonnement,
    find_volger,
    read_token,
    token_of,
)
from kernenkaart.volgen.models import Abonnement, Ritme, Volger
from kernenkaart.volgen.onderwerp import Onderwerp
from kernenkaart.volgen.queries import find_abonnementen, get_bij
from kernenkaart.web.csrf import one_click
from kernenkaart.web.forms import show_error

bp = Blueprint("volgen", __name__, url_prefix="/volgen")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings


@bp.route("", methods=["GET", "POST"])
@public
def vraag() -> ResponseReturnValue:
    """Ask to follow what the address names, or something else."""
    session = db.session()
    form = VolgForm()
    form.offer(find_keuzes(session, _settings().gemeente_code))
    if request.method == "GET":
        form.start_from(_asked())
    status = 422
    if form.validate_on_submit():
        if form.is_robot:
            return redirect(url_for(".gevraagd"))
        try:
            _ask(form.to_wens())
        except Invalid as error:
            show_error(form, error)
        except TooOften as error:  # what was typed stays on the page
            form.form_errors.append(error.melding)
            status = 429
        else:
            session.commit()
            return redirect(url_for(".gevraagd"))
    page = render_template("volgen/vraag.html", form=form)
    return page, status if form.errors else 200


def _asked() -> Onderwerp:
    onderwerp = Onderwerp.from_args(request.args)
    if sleutel := request.args.get("ding", ""):
        return Onderwerp(onderwerp.vraag, get_bij(db.session(), current_actor(), sleutel))
    return onderwerp


def _ask(wens: services.Wens) -> None:
    session, settings = db.session(), _settings()
    netwerk = network_of(request.remote_addr)
    count_try(session, services.limits(wens.email, netwerk, settings.secret_key))
    session.commit()  # counted for good, also when what follows fails
    services.ask_to_follow(session, wens, vandaag=today(), gemeente=settings.gemeente_code)


@bp.get("/gevraagd")
@public
def gevraagd() -> ResponseReturnValue:
    """What comes now; the same for every address."""
    return render_template("volgen/gevraagd.html")


@bp.route("/bevestig/<token>", methods=["GET", "POST"])
@public
def bevestig(token: str) -> ResponseReturnValue:
    """Confirm with the link from the mail; only the POST does."""
    session, settings = db.session(), _settings()
    abonnement = find_abonnement(session, token)
    if abonnement is None:
        return _gone()
    melding = ""
    if request.method == "POST":
        try:
            services.confirm(
                session,
                abonnement,
                moment=now(),
                uur=settings.volgen_uur,
                gemeente=settings.gemeente_code,
            )
        except Invalid as error:
            melding = error.melding
        else:
            session.commit()
            return redirect(
                url_for(".mijn", token=token_of(Doel.MIJN, abonnement.volger.publiek_id), net=1)
            )
    page = render_template(
        "volgen/bevestig.html", wat=_words([abonnement])[abonnement.id], melding=melding
    )
    return page, 422 if melding else 200


@bp.get("/mijn/<token>")
@public
def mijn(token: str) -> ResponseReturnValue:
    """What a follower follows."""
    session = db.session()
    volger = find_volger(session, Doel.MIJN, token)
    if volger is None:
        return _gone()
    abonnementen = find_abonnementen(session, volger.id)
    return render_template(
        "volgen/mijn.html",
        volger=volger,
        token=token,
        abonnementen=abonnementen,
        namen=_words(abonnementen),
        stop=url_for(".stop", token=token_of(Doel.STOP, volger.publiek_id)),
        net="net" in request.args,
    )


@bp.post("/mijn/<token>/<int:abonnement_id>/<any(dag, week, stop):doe>")
@public
def verander(token: str, abonnement_id: int, doe: str) -> ResponseReturnValue:
    """Follow one thing in another rhythm, or no longer."""
    session = db.session()
    volger = find_volger(session, Doel.MIJN, token)
    if volger is None:
        return _gone()
    abonnement = _own(volger, abonnement_id)
    if doe == "stop":
        services.stop(session, abonnement)
    else:
        services.set_ritme(session, abonnement, Ritme(doe))
    session.commit()
    if doe == "stop" and not find_abonnementen(session, volger.id):
        return render_template("volgen/gestopt.html")
    flash("Daar stop je mee." if doe == "stop" else "Bewaard.", "goed")
    return redirect(url_for(".mijn", token=token))


def _own(volger: Volger, abonnement_id: int) -> Abonnement:
    found = db.session().get(Abonnement, abonnement_id)
    if found is None or found.volger_id != volger.id or found.bevestigd_op is None:
        raise NotFound("Dit volg je niet meer.")
    return found


@bp.route("/stop/<token>", methods=["GET", "POST"])
@one_click
@public
def stop(token: str) -> ResponseReturnValue:
    """Stop with everything and erase the address; also what the button of a mail program sends."""
    session = db.session()
    if read_token(Doel.STOP, token) is None:
        return _gone()
    volger = find_volger(session, Doel.STOP, token)
    if request.method == "GET" and volger is not None:
        return render_template("volgen/stop.html")
    if volger is not None:
        services.erase(session, volger)
        session.commit()
    return render_template("volgen/gestopt.html")


def _words(abonnementen: Sequence[Abonnement]) -> dict[int, str]:
    """What each of them is about, by key."""
    keuzes = find_keuzes(db.session(), _settings().gemeente_code)
    return {een.id: Onderwerp.from_text(een.vraag).words(keuzes) for een in abonnementen}


def _gone() -> ResponseReturnValue:
    return render_template("volgen/weg.html"), 410
