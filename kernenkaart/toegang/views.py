"""Logging in and out, the second step, and setting a password by a link."""

import uuid

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.actor import Actor
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.taken.services import defer
from kernenkaart.toegang.cookies import PENDING
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.forms import CodeForm, LoginForm, NieuwWachtwoordForm, VergetenForm
from kernenkaart.toegang.guards import public
from kernenkaart.toegang.links import Ondertekenaar
from kernenkaart.toegang.login import lacks_second_step, log_in, log_out, wait_for_second_step
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.toegang.pogingen import (
    PER_ACCOUNT,
    PER_CODE,
    PER_NETWERK,
    Grens,
    Teller,
    count_try,
    forget_all,
    forget_tries,
    network_of,
)
from kernenkaart.toegang.services import authenticate, pass_second_step, set_wachtwoord
from kernenkaart.toegang.sessies import LONG
from kernenkaart.toegang.terugweg import safe_next
from kernenkaart.web.forms import show_error

bp = Blueprint("security", __name__)

REDENEN = {
    "uitgelogd": "Je bent uitgelogd.",
    "wachtwoord": "Je wachtwoord is bewaard. Log ermee in.",
    "verlopen": "Je deed een tijd niets. Log opnieuw in.",
}


@bp.route("/inloggen", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Address and password; then the second step, or back to where one came from."""
    terug = safe_next(request.args.get("next"))
    if current_actor().is_ingelogd:
        return redirect(terug)
    form = LoginForm()
    if form.validate_on_submit():
        gebruiker = _try_password(form.email.data, form.wachtwoord.data)
        if gebruiker is not None:
            return _go_on(gebruiker, terug, onthoud=bool(form.onthoud.data))
        form.form_errors.append(
            "Het e-mailadres of het wachtwoord klopt niet. Probeer het nog eens."
        )
    melding = REDENEN.get(request.args.get("reden", ""), "")
    page = render_template("security/inloggen.html", form=form, melding=melding)
    return page, 422 if form.errors else 200


def _try_password(email: str, wachtwoord: str) -> Gebruiker | None:
    database = db.session()
    account = teller(PER_ACCOUNT, email)
    tries = count_try(database, [account, teller(PER_NETWERK, network_of(request.remote_addr))])
    database.commit()  # counted before it is judged, whatever happens next
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    gebruiker = authenticate(database, email, wachtwoord, demo=settings.demo)
    if gebruiker is not None:
        forget_tries(database, tries)
        forget_all(database, account)
        database.commit()
    return gebruiker


def _go_on(gebruiker: Gebruiker, terug: str, *, onthoud: bool) -> ResponseReturnValue:
    if gebruiker.totp_secret is not None:
        wait_for_second_step(gebruiker, onthoud=onthoud)
        return redirect(url_for(".code", next=terug))
    if lacks_second_step(gebruiker):
        wait_for_second_step(gebruiker, onthoud=onthoud)
        return redirect(url_for(".tweede_stap", next=terug))
    log_in(gebruiker, onthoud=onthoud)
    return redirect(terug)


def teller(grens: Grens, waarde: str) -> Teller:
    """A counter of this installation."""
    return Teller(grens, waarde, str(current_app.secret_key))


@bp.route("/inloggen/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """The second step of logging in."""
    terug = safe_next(request.args.get("next"))
    if PENDING not in session:
        return redirect(url_for(".login", next=terug))
    form = CodeForm()
    if form.validate_on_submit():
        database = db.session()
        gebruiker_id, onthoud = int(session[PENDING]), bool(session.get(LONG))
        account = teller(PER_CODE, str(gebruiker_id))
        count_try(database, [account])
        database.commit()
        gebruiker = pass_second_step(database, gebruiker_id, form.code.data)
        if gebruiker is not None:
            forget_all(database, account)
            database.commit()
            log_in(gebruiker, onthoud=onthoud)
            return redirect(terug)
        form.code.errors = ["Deze code klopt niet of is al gebruikt. Wacht op de volgende code."]
    page = render_template("security/code.html", form=form)
    return page, 422 if form.errors else 200


@bp.post("/uitloggen")
@public
def logout() -> ResponseReturnValue:
    """End the session of this browser, at once."""
    log_out()
    return redirect(url_for(".login", reden="uitgelogd"))


@bp.route("/wachtwoord-vergeten", methods=["GET", "POST"])
@public
def vergeten() -> ResponseReturnValue:
    """Ask for a link to set a new password; the same answer whether the address is known."""
    form = VergetenForm()
    if form.validate_on_submit():
        database = db.session()
        net = network_of(request.remote_addr)
        count_try(database, [teller(PER_NETWERK, f"vergeten {net}")])
        email = form.email.data
        defer(database, "toegang.herstel", email=email, sleutel=str(uuid.uuid4()))
        database.commit()
        return render_template("security/vergeten_klaar.html", email=email)
    page = render_template("security/vergeten.html", form=form)
    return page, 422 if form.errors else 200


@bp.route("/wachtwoord/<token>", methods=["GET", "POST"])
@public
def wachtwoord(token: str) -> ResponseReturnValue:
    """Set a password with a link from a mail. Only the POST uses the link up."""
    database = db.session()
    gebruiker = Ondertekenaar(str(current_app.secret_key)).read(database, token)
    if gebruiker is None:
        return render_template("security/link_verlopen.html"), 410
    form = NieuwWachtwoordForm()
    if form.validate_on_submit():
        try:
            sign(database, Actor(gebruiker_id=gebruiker.id))
            set_wachtwoord(database, gebruiker, form.wachtwoord.data)
        except Invalid as error:
            show_error(form, error)
        else:
            database.commit()
            return redirect(url_for(".login", reden="wachtwoord"))
    page = render_template("security/wachtwoord.html", form=form, gebruiker=gebruiker)
    return page, 422 if form.errors else 200
