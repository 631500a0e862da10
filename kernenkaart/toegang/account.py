"""The own account: password, second step, and where one is logged in."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.tijd import now
from kernenkaart.toegang.cookies import PENDING
from kernenkaart.toegang.current import current_aanmelding, current_actor
from kernenkaart.toegang.forms import (
    BewijsForm,
    InstelForm,
    InstelMetBewijsForm,
    WijzigWachtwoordForm,
)
from kernenkaart.toegang.guards import login_required, public
from kernenkaart.toegang.login import lacks_second_step, log_in, must_have_second_step
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.toegang.pogingen import PER_ACCOUNT, count_try, forget_all
from kernenkaart.toegang.queries import find_sessies
from kernenkaart.toegang.services import change_wachtwoord, check_own, end_one
from kernenkaart.toegang.sessies import LONG, device_name, end_sessies
from kernenkaart.toegang.terugweg import safe_next
from kernenkaart.toegang.tweede_stap import (
    make_secret,
    otpauth_uri,
    qr_code,
    renew_codes,
    set_up,
    stop,
)
from kernenkaart.toegang.views import bp, teller
from kernenkaart.web.forms import show_error

__all__ = ["bp"]

SHARED = "totp_nieuw"  # what the app and we will share, until the first code is right


@bp.get("/account")
@login_required
def account() -> ResponseReturnValue:
    """Who one is here, and where one is logged in."""
    gebruiker = me()
    deze = current_aanmelding()
    return render_template(
        "security/account.html",
        gebruiker=gebruiker,
        aanmeldingen=[
            (device_name(sessie.apparaat or ""), sessie)
            for sessie in find_sessies(db.session(), gebruiker.id, now())
        ],
        deze=deze.sleutel if deze else b"",
        tweede_stap_verplicht=must_have_second_step(gebruiker),
    )


@bp.post("/account/aanmeldingen")
@login_required
def aanmeldingen() -> ResponseReturnValue:
    """Log out on one other device (``sleutel``), or on all others."""
    database, gebruiker = db.session(), me()
    deze = current_aanmelding()
    sleutel = request.form.get("sleutel", "")
    if sleutel:
        end_one(database, gebruiker, sleutel)
    else:
        end_sessies(database, gebruiker.id, behalve=deze.sleutel if deze else b"")
    database.commit()
    flash("Uitgelogd op dat apparaat." if sleutel else "Uitgelogd op je andere apparaten.", "goed")
    return redirect(url_for(".account"))


@bp.route("/account/wachtwoord", methods=["GET", "POST"])
@login_required
def wachtwoord_wijzigen() -> ResponseReturnValue:
    """Another password; other devices are logged out."""
    form = WijzigWachtwoordForm()
    if form.validate_on_submit():
        database, gebruiker = db.session(), me()
        try:
            count_proof(gebruiker)
            sign(database, current_actor())
            change_wachtwoord(database, gebruiker, form.wachtwoord_nu.data, form.wachtwoord.data)
        except Invalid as error:
            show_error(form, error)
        else:
            proven(gebruiker)
            return _again(gebruiker, "Je wachtwoord is veranderd. Je bent overal opnieuw begonnen.")
    page = render_template("security/wachtwoord_wijzigen.html", form=form)
    return page, 422 if form.errors else 200


@bp.route("/account/tweede-stap", methods=["GET", "POST"])
@public
def tweede_stap() -> ResponseReturnValue:
    """Set up the second step: by choice, or because it must before one may go on."""
    terug = safe_next(request.args.get("next"), fallback="security.account")
    gebruiker = _who_sets_up()
    if gebruiker is None:
        return redirect(url_for(".login", next=url_for(".account")))
    if gebruiker.totp_secret is not None:
        return redirect(url_for(".account"))
    secret = session.get(SHARED)
    if secret is None:
        secret = session[SHARED] = make_secret()
    waiting = PENDING in session
    form = InstelForm() if waiting else InstelMetBewijsForm()
    if form.validate_on_submit():
        database, onthoud = db.session(), bool(session.get(LONG))
        try:
            count_proof(gebruiker)
            if isinstance(form, InstelMetBewijsForm):
                check_own(gebruiker, form.wachtwoord.data)
            sign(database, Actor(gebruiker_id=gebruiker.id))
            codes = set_up(gebruiker, secret, form.code.data)
        except Invalid as error:
            show_error(form, error)
        else:
            proven(gebruiker)
            log_in(gebruiker, onthoud=onthoud)
            return render_template("security/herstelcodes.html", codes=codes, terug=terug)
    titel = current_app.extensions["kernenkaart.settings"].titel
    uri = otpauth_uri(secret, gebruiker.email, titel)
    page = render_template(
        "security/tweede_stap.html", form=form, qr=qr_code(uri), secret=secret, verplicht=waiting
    )
    return page, 422 if form.errors else 200


@bp.route("/account/herstelcodes", methods=["GET", "POST"])
@login_required
def herstelcodes() -> ResponseReturnValue:
    """Ten new recovery codes; the old ones are void."""
    return _with_proof("herstelcodes")


@bp.route("/account/tweede-stap/uit", methods=["GET", "POST"])
@login_required
def tweede_stap_uit() -> ResponseReturnValue:
    """Log in with the password only, where that is allowed."""
    if must_have_second_step(me()):
        return redirect(url_for(".account"))
    return _with_proof("uit")


def _with_proof(wat: str) -> ResponseReturnValue:
    database, gebruiker = db.session(), me()
    if gebruiker.totp_secret is None:
        return redirect(url_for(".account"))
    form = BewijsForm()
    if form.validate_on_submit():
        try:
            count_proof(gebruiker)
            check_own(gebruiker, form.wachtwoord.data)
        except Invalid as error:
            show_error(form, error)
        else:
            sign(database, current_actor())
            if wat == "uit":
                stop(gebruiker)
                proven(gebruiker)
                return _again(gebruiker, "De tweede stap staat uit.")
            codes = renew_codes(gebruiker)
            proven(gebruiker)
            return render_template(
                "security/herstelcodes.html", codes=codes, terug=url_for(".account")
            )
    page = render_template("security/bewijs.html", form=form, wat=wat)
    return page, 422 if form.errors else 200


def count_proof(gebruiker: Gebruiker) -> None:
    """Count a try with the password of somebody who is logged in, before judging it."""
    count_try(db.session(), [teller(PER_ACCOUNT, gebruiker.email)])
    db.session().commit()


def proven(gebruiker: Gebruiker) -> None:
    """The password was right: keep what was changed, forget the tries."""
    forget_all(db.session(), teller(PER_ACCOUNT, gebruiker.email))
    db.session().commit()


def _again(gebruiker: Gebruiker, melding: str) -> ResponseReturnValue:
    """Go on under a new key, because every session of the account has ended."""
    log_in(gebruiker, onthoud=bool(session.get(LONG)))
    flash(melding, "goed")
    return redirect(url_for(".account"))


def me() -> Gebruiker:
    """The account of whoever is logged in."""
    aanmelding = current_aanmelding()
    if aanmelding is None or aanmelding.gebruiker is None:
        raise RuntimeError("a view without login_required asked who is logged in")
    return aanmelding.gebruiker


def _who_sets_up() -> Gebruiker | None:
    """Who is logged in, or whose password was right and who must set up the second step."""
    if current_actor().is_ingelogd:
        return me()
    gebruiker = db.session().get(Gebruiker, int(session.get(PENDING, 0)))
    if gebruiker is None or not gebruiker.active or not lacks_second_step(gebruiker):
        return None
    return gebruiker
