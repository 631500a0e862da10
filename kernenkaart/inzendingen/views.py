"""Residents send something in without an account, and follow it by the link in their mail."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from kernenkaart import db
from kernenkaart.activiteiten.queries import find_keuzes
from kernenkaart.actor import BEZOEKER
from kernenkaart.beelden.models import Beeld
from kernenkaart.beelden.views import picture
from kernenkaart.config import Settings
from kernenkaart.errors import Conflict, Invalid, NotFound, TooOften
from kernenkaart.inzendingen import services
from kernenkaart.inzendingen.forms import (
    AntwoordForm,
    InstuurForm,
    InzendForm,
    waarden_of_inzending,
)
from kernenkaart.inzendingen.links import read_token
from kernenkaart.inzendingen.models import DICHT, Inzending, Status
from kernenkaart.inzendingen.queries import find_plekken, get_ingestuurd, is_past
from kernenkaart.inzendingen.spam import PER_FOTO, make_opgave, read_bewijs, stamp, tellers
from kernenkaart.journaal.services import sign
from kernenkaart.kernen.forms import marge_m
from kernenkaart.tijd import now
from kernenkaart.toegang.guards import public
from kernenkaart.toegang.pogingen import Teller, count_try, network_of
from kernenkaart.web.forms import show_error

bp = Blueprint("inzendingen", __name__)

GRATIE = timedelta(seconds=30)  # pressing the button twice is no mistake


def _settings() -> Settings:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings


@bp.route("/activiteiten/insturen", methods=["GET", "POST"])
@public
def insturen() -> ResponseReturnValue:
    """The form with which anybody sends in an activity."""
    geheim = _settings().secret_key
    form = InstuurForm()
    slug = _offer(form, request.args.get("kern", ""))
    status, actie = 200, request.form.get("actie")
    if request.method == "GET":
        form.geopend.data = stamp(geheim)
    elif form.is_robot:
        return _checkmail()
    elif actie != "terug" and form.validate():
        try:
            if actie == "bekijk":
                return _bekijk(form)
            _send_in(form)
        except Invalid as error:
            show_error(form, error)
        except TooOften as error:  # what was typed stays on the page
            form.form_errors.append(error.melding)
            status = 429
        else:
            return _checkmail()
    status = 422 if status == 200 and form.errors else status
    if actie != "bekijk" and (again := _bekijk_again(form, status)):
        return again
    page = render_template(
        "inzendingen/formulier.html",
        form=form,
        inzending=None,
        plek_kern=slug,
        opgave=make_opgave(geheim),
    )
    return page, status


def _bekijk(
    form: InzendForm, status: int = 200, inzending: Inzending | None = None, token: str = ""
) -> tuple[str, int]:
    """How it will look, and the photo to send along.

    Args:
        inzending: what is changed; None for something new.
        token: that of its link.

    Raises:
        Invalid: if it would be refused when it is sent.
    """
    proef = services.preview(db.session(), form.to_gegevens(), marge_m=marge_m(), was=inzending)
    return render_template(
        "inzendingen/bekijk.html", form=form, proef=proef, inzending=inzending, token=token
    ), status


def _bekijk_again(
    form: InzendForm, status: int, inzending: Inzending | None = None, token: str = ""
) -> tuple[str, int] | None:
    """The preview with what is wrong, if that is the photo; None when the form is to be mended."""
    if not form.errors or not form.only_foto_wrong or status == 409:
        return None
    try:
        return _bekijk(form, status, inzending, token)
    except Invalid as error:
        show_error(form, error)
        return None


@bp.get("/activiteiten/insturen/mail")
@public
def verstuurd() -> ResponseReturnValue:
    """Look in your mail."""
    return render_template("inzendingen/verstuurd.html")


def _checkmail() -> ResponseReturnValue:
    return redirect(url_for(".verstuurd"))


def _send_in(form: InstuurForm) -> None:
    """Count, then keep what was filled in; commits both.

    Raises:
        Invalid: if something does not fit.
        TooOften: if a limit is reached; nothing is kept.
    """
    session, geheim = db.session(), _settings().secret_key
    form.check_pace()
    gegevens, email, foto = form.to_gegevens(), form.to_email(), _read_foto(form)
    bewijs = read_bewijs(form.altcha.data or "", geheim)
    count_try(session, tellers(network_of(request.remote_addr), email, bewijs, geheim))
    session.commit()
    sign(session, BEZOEKER)
    services.send_in(
        session,
        gegevens,
        email,
        sleutel=uuid.UUID(form.sleutel.data),
        marge_m=marge_m(),
        foto=foto,
    )
    session.commit()


@bp.route("/ingestuurd/<token>", methods=["GET"])
@public
def ingestuurd(token: str) -> ResponseReturnValue:
    """How it is with what was sent in. Opening the link changes nothing: mail scanners do too."""
    return _page(token, _find(token), AntwoordForm())


@bp.post("/ingestuurd/<token>/bevestig")
@public
def bevestig(token: str) -> ResponseReturnValue:
    """The button of the mail: this address is mine, and I sent it in."""
    session, inzending = db.session(), _find(token)
    sign(session, BEZOEKER)
    first = services.confirm(session, inzending.id)
    session.commit()
    late = inzending.bevestigd_op and now() - inzending.bevestigd_op > GRATIE
    return _back(token, "al" if late and not first else "bevestigd")


@bp.post("/ingestuurd/<token>/antwoord")
@public
def antwoord(token: str) -> ResponseReturnValue:
    """Answer the question of a moderator."""
    inzending, form = _find(token), AntwoordForm()
    if not form.validate():
        return _page(token, inzending, form, 422)
    return _act(
        token,
        lambda versie: services.answer(
            db.session(), inzending.id, form.antwoord.data or "", versie=versie
        ),
        "antwoord",
    )


@bp.route("/ingestuurd/<token>/intrekken", methods=["GET", "POST"])
@public
def intrekken(token: str) -> ResponseReturnValue:
    """Ask first, then withdraw it."""
    inzending = _find(token)
    if request.method == "POST":
        return _act(
            token,
            lambda versie: services.withdraw(db.session(), inzending.id, versie=versie),
            "ingetrokken",
        )
    _still_open(inzending)
    return _private(render_template("inzendingen/intrekken.html", inzending=inzending, token=token))


@bp.route("/ingestuurd/<token>/wijzig", methods=["GET", "POST"])
@public
def wijzig(token: str) -> ResponseReturnValue:
    """Change what was sent in; a moderator looks at it again."""
    session, inzending = db.session(), _find(token)
    _still_open(inzending)
    form = InzendForm()
    _offer(form, inzending.kern.slug, inzending)
    status, actie = 200, request.form.get("actie")
    if request.method == "GET":
        form.start_from(waarden_of_inzending(inzending), inzending.versie)
    elif actie != "terug" and form.validate():
        try:
            if actie == "bekijk":
                return _private(*_bekijk(form, 200, inzending, token))
            _change(inzending.id, form)
        except (Invalid, Conflict, TooOften) as error:
            session.rollback()
            status = {Conflict: 409, TooOften: 429}.get(type(error), 422)
            show_error(form, error if isinstance(error, Invalid) else Invalid(error.melding))
        else:
            return _back(token, "bewaard")
    status = 422 if status == 200 and form.errors else status
    if actie != "bekijk" and (again := _bekijk_again(form, status, inzending, token)):
        return _private(*again)
    page = render_template(
        "inzendingen/formulier.html",
        form=form,
        inzending=inzending,
        token=token,
        plek_kern=inzending.kern.slug,
        opgave=None,
    )
    return _private(page, status)


def _change(inzending_id: int, form: InzendForm) -> None:
    """Keep what was changed; commits.

    Raises:
        Invalid, Conflict: as in ``services.change``.
        TooOften: if too many photos came from this network.
    """
    session, foto = db.session(), _read_foto(form)
    sign(session, BEZOEKER)
    services.change(
        session,
        inzending_id,
        form.to_gegevens(),
        versie=form.versie.data or 0,
        marge_m=marge_m(),
        foto=foto,
    )
    session.commit()


def _read_foto(form: InzendForm) -> services.NieuweFoto | None:
    """The photo of a form; one that has to be opened is counted first, for good."""
    if form.has_foto and form.alt.data:
        session = db.session()
        netwerk = network_of(request.remote_addr)
        count_try(session, [Teller(PER_FOTO, netwerk, _settings().secret_key)])
        session.commit()
    return form.to_foto()


@bp.get("/ingestuurd/<token>/foto.webp")
@public
def foto(token: str) -> Response:
    """The photo that was sent in, for its sender alone."""
    return show_foto(_find(token))


def show_foto(inzending: Inzending) -> Response:
    """The photo of a submission, kept by no cache.

    Raises:
        NotFound: if there is none.
    """
    inhoud = db.session().scalar(select(Beeld.inhoud).where(Beeld.id == inzending.beeld_id))
    if inhoud is None:
        raise NotFound("Deze foto is er niet (meer).")
    response = picture(inhoud)
    response.headers["Cache-Control"] = "no-store"
    return response


def _find(token: str) -> Inzending:
    return get_ingestuurd(db.session(), read_token(token, _settings().secret_key))


def _still_open(inzending: Inzending) -> None:
    if not _may_change(inzending):
        raise NotFound("Hieraan kun je niets meer veranderen.")


def _may_change(inzending: Inzending) -> bool:
    over = inzending.status in {*DICHT, Status.ONBEVESTIGD}
    return not over and not is_past(inzending)


def _act(token: str, act: Callable[[int], Inzending], net: str) -> ResponseReturnValue:
    session = db.session()
    sign(session, BEZOEKER)
    try:
        act(request.form.get("versie", 0, type=int))
    except Conflict:
        session.rollback()
        return _back(token, "anders")
    session.commit()
    return _back(token, net)


def _back(token: str, net: str) -> ResponseReturnValue:
    """To the page that says how it is; ``net`` says what just happened: visitors have no cookie."""
    return redirect(url_for(".ingestuurd", token=token, net=net))


def _page(
    token: str, inzending: Inzending, form: AntwoordForm, status: int = 200
) -> ResponseReturnValue:
    return _private(
        render_template(
            "inzendingen/ingestuurd.html",
            inzending=inzending,
            form=form,
            token=token,
            mag_wijzigen=_may_change(inzending),
        ),
        status,
    )


def _private(page: Any, status: int = 200) -> Response:
    """A page behind a secret address: kept by no cache."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _offer(form: InzendForm, slug: str, nu: Inzending | None = None) -> str | None:
    """Fill the lists to choose from, the kern of ``slug`` chosen; its slug, if there is one.

    What ``nu`` has is among them, also when it is no longer in use.
    """
    session, zaal_id = db.session(), nu.zaal_id if nu else None
    kernen, zalen = find_plekken(session, _settings().gemeente_code, zaal_id)
    soorten, doelgroepen = find_keuzes(
        session, nu.soort_id if nu else None, nu.doelgroep_id if nu else None
    )
    form.soort.offer(soorten)
    form.doelgroep.offer(doelgroepen)
    form.offer_zalen(zalen)
    form.kern.offer((key, naam) for key, naam, _slug in kernen)
    known = {kern_slug: key for key, _naam, kern_slug in kernen}
    if slug not in known:
        return None
    if request.method == "GET":
        form.kern.data = known[slug]
    return slug
