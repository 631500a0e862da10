"""Clashes over HTTP: which there are, and the page on which both sides settle one."""

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.afstemming import botsing_queries as queries
from kernenkaart.afstemming import botsing_services as services
from kernenkaart.afstemming.botsing_forms import KANTEN, AntwoordForm, VoorstelForm
from kernenkaart.afstemming.botsing_kijken import watch
from kernenkaart.afstemming.botsing_models import Kant, VoorstelStatus
from kernenkaart.afstemming.botsing_policy import sides_of
from kernenkaart.afstemming.botsing_straks import find_straks
from kernenkaart.afstemming.botsing_woorden import tell_voorstel
from kernenkaart.afstemming.vuil import register
from kernenkaart.errors import Conflict, Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.tijd import today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required
from kernenkaart.web.forms import show_error
from kernenkaart.werkzaamheden.models import Werkzaamheid

bp = Blueprint("botsingen", __name__, url_prefix="/afstemming/botsingen")


@bp.record_once
def init_botsingen(state: BlueprintSetupState) -> None:
    """Have changes looked at, and let the pages of works and activities show their clashes."""
    register(watch)
    state.app.jinja_env.globals.update(
        find_botsingen_bij=find_botsingen_bij,
        find_botsingen_straks=find_botsingen_straks,
        tell_voorstel=tell_voorstel,
    )


def find_botsingen_bij(werk_id: int | None = None, activiteit_id: int | None = None) -> queries.Bij:
    """What to say of clashes on the page of one work or activity; one statement."""
    session = db.session()
    return queries.find_bij(session, current_actor(), werk_id=werk_id, activiteit_id=activiteit_id)


def find_botsingen_straks(
    save: Callable[[], object], werk_id: int | None = None, activiteit_id: int | None = None
) -> Sequence[queries.Rij]:
    """What that which is filled in would clash with; see ``botsing_straks``. For previews."""
    return find_straks(
        db.session(), current_actor(), save, werk_id=werk_id, activiteit_id=activiteit_id
    )


@bp.get("")
@login_required
def lijst() -> ResponseReturnValue:
    """The clashes of whoever asks: first those to settle."""
    alles = "alles" in request.args
    rijen = queries.find_botsingen(db.session(), current_actor(), eigen=not alles, vanaf=today())
    return render_template(
        "afstemming/botsingen.html",
        open=[rij for rij in rijen if rij.is_open],
        klaar=[rij for rij in rijen if not rij.is_open],
        alles=alles,
    )


@bp.get("/<int:botsing_id>")
@login_required
def toon(botsing_id: int) -> ResponseReturnValue:
    """One clash: both sides, why, and what was said."""
    return _page(botsing_id, VoorstelForm(formdata=None), AntwoordForm(formdata=None))


@bp.post("/<int:botsing_id>/voorstel")
@login_required
def voorstel(botsing_id: int) -> ResponseReturnValue:
    """Propose something to the other side."""
    session, actor = db.session(), current_actor()
    form = VoorstelForm()
    form.offer(frozenset(Kant))  # the service knows for whom one speaks
    if form.validate_on_submit():
        try:
            sign(session, actor)
            services.propose(session, actor, botsing_id, form.to_nieuw())
        except Invalid as error:
            show_error(form, error)
        except Conflict as error:
            form.form_errors.append(error.melding)
        else:
            session.commit()
            flash("Het voorstel is verstuurd. De ander krijgt een mail.", "goed")
            return redirect(url_for(".toon", botsing_id=botsing_id))
    session.rollback()
    return _page(botsing_id, form, AntwoordForm(formdata=None)), 422


@bp.post("/voorstel/<int:voorstel_id>/<any(aanvaarden, afwijzen, intrekken):handeling>")
@login_required
def antwoord(voorstel_id: int, handeling: str) -> ResponseReturnValue:
    """Accept, decline or take back a proposal."""
    session, actor = db.session(), current_actor()
    form = AntwoordForm()
    sign(session, actor)
    if handeling == "intrekken":
        gedaan = services.withdraw(session, actor, voorstel_id)
    else:
        gedaan = services.answer(
            session,
            actor,
            voorstel_id,
            aanvaard=handeling == "aanvaarden",
            antwoord=form.antwoord.data or "",
        )
    session.commit()
    flash(
        {
            "aanvaarden": "Afgesproken. De ander krijgt een mail.",
            "afwijzen": "Je hebt nee gezegd. De ander krijgt een mail.",
            "intrekken": "Het voorstel is ingetrokken.",
        }[handeling],
        "goed",
    )
    return redirect(url_for(".toon", botsing_id=gedaan.botsing_id))


def _page(botsing_id: int, form: VoorstelForm, antwoord_form: AntwoordForm) -> str:
    session, actor = db.session(), current_actor()
    rij = queries.get_botsing(session, actor, botsing_id)
    werk = session.get_one(Werkzaamheid, rij.werk.id)
    activiteit = session.get_one(Activiteit, rij.activiteit.id)
    kanten = sides_of(actor, werk, activiteit)
    gezegd = queries.find_voorstellen(session, botsing_id)
    form.offer(kanten)
    wacht = next((een for een in gezegd if een.status is VoorstelStatus.OPEN), None)
    return render_template(
        "afstemming/botsing.html",
        rij=rij,
        werk=werk,
        activiteit=activiteit,
        kanten=kanten,
        KANTEN=KANTEN,
        gezegd=gezegd,
        wacht=wacht,
        mag_antwoorden=wacht is not None
        and wacht.door_id != actor.gebruiker_id
        and bool(kanten - {wacht.kant}),
        mag_voorstellen=bool(kanten) and (wacht is None or wacht.kant in kanten),
        form=form,
        antwoord_form=antwoord_form,
    )
