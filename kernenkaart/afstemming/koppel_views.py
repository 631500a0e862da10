"""Works that could be one, over HTTP: the overview, the page of each pair, the decision."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.afstemming import koppel_queries as queries
from kernenkaart.afstemming import koppel_zoek
from kernenkaart.afstemming.bij_werk import BijWerk, find_bij_werk
from kernenkaart.afstemming.koppel_beeld import KOPPEN, make_tijdlijn, to_cells
from kernenkaart.afstemming.koppel_beletsels import find_best
from kernenkaart.afstemming.koppel_forms import BesluitForm
from kernenkaart.afstemming.koppel_models import Kant
from kernenkaart.afstemming.koppel_policy import may_decide
from kernenkaart.afstemming.koppel_services import decide, seen_of
from kernenkaart.afstemming.koppel_woorden import (
    KEUZES,
    VORMEN,
    sentences,
    sum_of,
    summary,
    tell_venster,
    weeks,
)
from kernenkaart.afstemming.planning_blad import XLSX, make_blad
from kernenkaart.afstemming.planning_queries import find_keuzes
from kernenkaart.afstemming.vuil import register
from kernenkaart.config import Settings
from kernenkaart.errors import Conflict, Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.tijd import today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import planner_required
from kernenkaart.toegang.terugweg import safe_next
from kernenkaart.web.api import site_root
from kernenkaart.web.forms import show_error

bp = Blueprint("koppelkansen", __name__, url_prefix="/afstemming")


@bp.record_once
def init_koppelkansen(state: BlueprintSetupState) -> None:
    """Have changes looked at, and let the pages of works and kernen show what came of it."""
    register(koppel_zoek.look)
    state.app.jinja_env.globals.update(
        find_afstemming_bij=afstemming_bij,
        koppel_woorden={
            "keuzes": KEUZES,
            "vormen": VORMEN,
            "sentences": sentences,
            "summary": summary,
            "sum_of": sum_of,
            "weeks": weeks,
        },
    )


def afstemming_bij(werk_id: int) -> BijWerk:
    """What the page of a work says about others, to the reader; one statement."""
    return find_bij_werk(db.session(), current_actor(), werk_id, today())


def _gemeente() -> str:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.gemeente_code


@bp.get("")
@planner_required
def overzicht() -> ResponseReturnValue:
    """Pairs by score, and who moves first."""
    session, actor, dag = db.session(), current_actor(), today()
    vraag = queries.Vraag.from_args(request.args)
    kansen, totaal = queries.find_kansen(session, actor, vraag, _gemeente(), dag)
    keuzes = find_keuzes(session, _gemeente())

    def adres(pad: str = "/afstemming", **anders: Any) -> str:
        args = urlencode(replace(vraag, **anders).to_args())
        return f"{pad}?{args}" if args else pad

    return render_template(
        "afstemming/koppelkansen.html",
        vraag=vraag,
        kansen=kansen,
        totaal=totaal,
        schuivers=queries.count_movers(
            session, actor, replace(vraag, schuift=None), _gemeente(), dag
        ),
        keuzes=keuzes,
        standen=queries.STANDEN,
        ketens=queries.chains_of(kansen),
        adres=adres,
        Kant=Kant,
    )


@bp.get("/koppelkansen.xlsx")
@planner_required
def blad() -> Response:
    """The same selection as an Excel file."""
    vraag = queries.Vraag.from_args(request.args)
    kansen, _ = queries.find_kansen(db.session(), current_actor(), vraag, _gemeente(), today())
    rijen = [to_cells(kans, site_root().rstrip("/")) for kans in kansen]
    response = Response(make_blad("Koppelkansen", [KOPPEN, *rijen]), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="koppelkansen.xlsx"'
    return response


@bp.get("/koppelkans/<int:koppelkans_id>")
@planner_required
def toon(koppelkans_id: int) -> ResponseReturnValue:
    """One pair: both works on a map and in time, why, what was decided."""
    return _page(koppelkans_id), 200


@bp.post("/koppelkans/<int:koppelkans_id>")
@planner_required
def besluit(koppelkans_id: int) -> ResponseReturnValue:
    """Record a decision; from there one goes back to where the form stood (``terug``)."""
    session, actor = db.session(), current_actor()
    form = BesluitForm()
    if not form.validate():
        return _page(koppelkans_id, form), 422
    sign(session, actor)
    try:
        beslissing = form.to_beslissing()
        vast = decide(session, actor, koppelkans_id, beslissing, gezien=form.gezien.data or "")
    except Invalid as error:
        show_error(form, error)
        return _page(koppelkans_id, form), 422
    except Conflict as error:
        session.rollback()
        form.form_errors.append(error.melding)
        return _page(koppelkans_id, form, opnieuw=True), 409
    werken = " en ".join(vast.stand["titels"].values())
    session.commit()
    flash(f"Besloten: {KEUZES[beslissing.keuze].lower()}. {werken}.", "goed")
    hier = f"/afstemming/koppelkans/{koppelkans_id}"
    return redirect(safe_next(request.form.get("terug") or hier))


def _page(koppelkans_id: int, form: BesluitForm | None = None, *, opnieuw: bool = False) -> str:
    """The page of a pair.

    Args:
        form: as it was filled in; None proposes the best days.
        opnieuw: who decides saw something else; from now on what stands on this page counts.
    """
    session, actor, dag = db.session(), current_actor(), today()
    kans = queries.get_kans(session, actor, koppelkans_id)
    beste = find_best(session, actor, kans, dag)
    if form is None:
        dagen = (beste.eerste, beste.laatste) if beste else (None, None)
        form = BesluitForm(formdata=None, venster_van=dagen[0], venster_tot=dagen[1])
    if opnieuw or not form.gezien.data:
        form.gezien.data = seen_of(kans)
    werken = [(kant, getattr(kans, kant.value)) for kant in Kant]
    return render_template(
        "afstemming/koppelkans.html",
        kans=kans,
        werken=werken,
        beste=beste and tell_venster(beste, {kant: werk.titel for kant, werk in werken if werk}),
        tijdlijn=make_tijdlijn(kans, beste, dag),
        besluiten=queries.find_besluiten(session, kans.id),
        keten=queries.find_keten(session, actor, kans),
        mag_beslissen=may_decide(actor, kans),
        form=form,
        Kant=Kant,
    )
