"""*Ga je aan de slag in een kern?* The question, the answer, what was kept of it, and on paper."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.afstemming import startcheck_services as services
from kernenkaart.afstemming.startcheck_cijfers import find_cijfers
from kernenkaart.afstemming.startcheck_forms import (
    InformeerForm,
    KoppelForm,
    VastlegForm,
    VraagForm,
    VrijstellingForm,
)
from kernenkaart.afstemming.startcheck_queries import (
    Vraag,
    find_ook,
    find_uitkomst,
    get_werk,
    vraag_of,
)
from kernenkaart.afstemming.startcheck_record import (
    Vastgelegd,
    find_record,
    find_startchecks,
    find_werken_for,
    get_werk_met_stand,
)
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.tijd import Periode, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import planner_required
from kernenkaart.web.api import site_root
from kernenkaart.web.dingen import Rij, to_rij
from kernenkaart.web.forms import show_error
from kernenkaart.web.pdf import NogBezig, print_once, qr_svg
from kernenkaart.werkzaamheden.policy import may_change

bp = Blueprint("startcheck", __name__)

BASIS = "/afstemming/startcheck"
LIJST_MAX = 50
QR_MAX = 400  # longer addresses make a code that no telephone reads
OPNIEUW_S = 15


def _settings() -> Settings:
    found: Settings = current_app.extensions["kernenkaart.settings"]
    return found


@bp.get(BASIS)
@planner_required
def start() -> ResponseReturnValue:
    """The question with the checks of before; with an answer when it is filled in."""
    werk_id = request.args.get("werk", type=int)
    if werk_id is not None:
        return _answer_werk(werk_id, VrijstellingForm())
    form = _form(request.args)
    if "eerste_dag" not in request.args or "wijzig" in request.args:
        return _question(form)
    if not form.validate():
        return _question(form)
    return _answer(form.to_vraag(db.session()))


@bp.get(f"{BASIS}.pdf")
@planner_required
def papier() -> ResponseReturnValue:
    """The answer on paper."""
    session, actor = db.session(), current_actor()
    werk_id = request.args.get("werk", type=int)
    if werk_id is not None:
        vraag = vraag_of(get_werk(session, actor, werk_id))
    else:
        form = _form(request.args)
        if not form.validate():
            return _question(form)
        vraag = form.to_vraag(session)
    uitkomst = find_uitkomst(session, actor, vraag, today())
    pad = request.full_path.replace(".pdf", "", 1).rstrip("?")
    return _print(pad, "startcheck", vraag=vraag, uitkomst=uitkomst, kernen=uitkomst.kernen,
                  lijnen=uitkomst.lijnen, ook=_rows(uitkomst.ook), vast=None,
                  titel=services.title_of(vraag, uitkomst))  # fmt: skip


@bp.post(BASIS)
@planner_required
def leg_vast() -> ResponseReturnValue:
    """Keep the answer as it is today."""
    session, actor = db.session(), current_actor()
    werk_id = request.form.get("werk", type=int)
    form = _form(request.form) if werk_id is None else None
    if form is not None and not form.validate():
        return _question(form)
    vastleg = VastlegForm()
    vraag = (
        vraag_of(get_werk(session, actor, werk_id or 0)) if form is None else form.to_vraag(session)
    )
    uitkomst = find_uitkomst(session, actor, vraag, today())
    sign(session, actor)
    try:
        check_id = services.keep_startcheck(
            session, actor, vraag, uitkomst, sleutel=vastleg.to_sleutel()
        )
    except Invalid as error:
        if form is None:
            raise
        show_error(form, error)
        return _question(form)
    session.commit()
    flash("De startcheck is vastgelegd. Noteer hieronder wie je hebt geïnformeerd.", "goed")
    return redirect(url_for(".toon", startcheck_id=check_id))


@bp.get(f"{BASIS}/<int:startcheck_id>")
@planner_required
def toon(startcheck_id: int) -> ResponseReturnValue:
    """A check that was kept: who has to know, and who was told."""
    return _record(startcheck_id, None)


@bp.post(f"{BASIS}/<int:startcheck_id>")
@planner_required
def informeer(startcheck_id: int) -> ResponseReturnValue:
    """Write down who was told, on which day and how."""
    session, actor = db.session(), current_actor()
    vast = find_record(session, actor, startcheck_id, today())
    form = _informeer_form(vast)
    if not form.validate():
        return _record(startcheck_id, form)
    sign(session, actor)
    services.record_informed(
        session, actor, startcheck_id,
        groep_ids=form.wie.data or [], dag=form.dag.data, hoe=form.hoe.data or "",
    )  # fmt: skip
    session.commit()
    flash("Genoteerd.", "goed")
    return redirect(url_for(".toon", startcheck_id=startcheck_id))


@bp.post(f"{BASIS}/<int:startcheck_id>/ongedaan")
@planner_required
def ongedaan(startcheck_id: int) -> ResponseReturnValue:
    """Take back that somebody was told."""
    session, actor = db.session(), current_actor()
    sign(session, actor)
    groep_id = request.form.get("groep", 0, type=int)
    services.undo_informed(session, actor, startcheck_id, groep_id)
    session.commit()
    return redirect(url_for(".toon", startcheck_id=startcheck_id))


@bp.post(f"{BASIS}/<int:startcheck_id>/werk")
@planner_required
def koppel(startcheck_id: int) -> ResponseReturnValue:
    """Say of which work a check is."""
    session, actor = db.session(), current_actor()
    vast = find_record(session, actor, startcheck_id, today())
    form = KoppelForm()
    form.werk.offer(find_werken_for(session, actor, vast.check))
    if not form.validate():
        return _record(startcheck_id, None, koppelform=form)
    sign(session, actor)
    services.link_werk(session, actor, startcheck_id, form.werk.data)
    session.commit()
    flash("De startcheck hoort nu bij dit werk.", "goed")
    return redirect(url_for(".toon", startcheck_id=startcheck_id))


@bp.get(f"{BASIS}/<int:startcheck_id>.pdf")
@planner_required
def record_papier(startcheck_id: int) -> ResponseReturnValue:
    """A check that was kept, on paper."""
    session, actor = db.session(), current_actor()
    vast = find_record(session, actor, startcheck_id, today())
    ook = find_ook(session, actor, vast.vraag, vast.kernen)
    return _print(f"{BASIS}/{startcheck_id}", f"startcheck-{startcheck_id}", vraag=vast.vraag,
                  uitkomst=None, kernen=vast.kernen, lijnen=vast.lijnen, ook=_rows(ook),
                  vast=vast, titel=vast.check.titel)  # fmt: skip


@bp.post(f"{BASIS}/werk/<int:werkzaamheid_id>/vrijstelling")
@planner_required
def stel_vrij(werkzaamheid_id: int) -> ResponseReturnValue:
    """Say why a work needs no startcheck."""
    session, actor = db.session(), current_actor()
    form = VrijstellingForm()
    if not form.validate():
        return _answer_werk(werkzaamheid_id, form)
    sign(session, actor)
    services.exempt(session, actor, werkzaamheid_id, form.vrijstelling.data or "")
    session.commit()
    flash("Vastgelegd waarom een startcheck niet nodig is. Je kunt het werk bevestigen.", "goed")
    return redirect(f"/werkzaamheden/{werkzaamheid_id}")


def _form(formdata: Any) -> VraagForm:
    """The question as it was sent; the kern of a link is chosen."""
    form = VraagForm(formdata=formdata)
    form.offer(db.session(), _settings().gemeente_code)
    if form.hinder.data is None:
        form.hinder.data = form.hinder.default
    return form


def _question(form: VraagForm) -> ResponseReturnValue:
    session, actor, dag = db.session(), current_actor(), today()
    jaar = Periode(dag.replace(month=1, day=1), dag.replace(month=12, day=31))
    page = render_template(
        "afstemming/startcheck.html",
        form=form,
        checks=find_startchecks(session, actor, limiet=LIJST_MAX),
        cijfers=find_cijfers(
            session, actor, gemeente=_settings().gemeente_code, periode=jaar, dag=dag
        ),
        jaar=dag.year,
    )
    return page, 422 if form.errors else 200


def _answer_werk(werkzaamheid_id: int, vrijstelling: VrijstellingForm) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    werk, stand = get_werk_met_stand(session, actor, werkzaamheid_id, today())
    page = _answer(
        vraag_of(werk),
        werk=werk,
        mag_wijzigen=may_change(actor, werk),
        stand=stand,
        vrijstelling=vrijstelling,
    )
    return page, 422 if vrijstelling.errors else 200


def _answer(vraag: Vraag, **context: Any) -> str:
    session, actor = db.session(), current_actor()
    uitkomst = find_uitkomst(session, actor, vraag, today())
    return render_template(
        "afstemming/startcheck_uitkomst.html",
        vraag=vraag,
        uitkomst=uitkomst,
        titel=services.title_of(vraag, uitkomst),
        ook=_rows(uitkomst.ook),
        vastleg=VastlegForm(),
        args=request.args,
        **({"werk": None, "mag_wijzigen": True, "stand": None} | context),
    )


def _record(
    startcheck_id: int, form: InformeerForm | None, *, koppelform: KoppelForm | None = None
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    vast = find_record(session, actor, startcheck_id, today())
    if koppelform is None and vast.check.werkzaamheid_id is None:
        koppelform = KoppelForm()
        koppelform.werk.offer(find_werken_for(session, actor, vast.check))
    fout = bool((form and form.errors) or (koppelform and koppelform.errors))
    page = render_template(
        "afstemming/startcheck_toon.html",
        vast=vast,
        form=form or _informeer_form(vast),
        koppelform=koppelform,
    )
    return page, 422 if fout else 200


def _informeer_form(vast: Vastgelegd) -> InformeerForm:
    form = InformeerForm()
    form.wie.choices = [
        (lijn.groep_id, f"{lijn.wie} ({', '.join(lijn.kernen)})")
        for lijn in vast.lijnen
        if lijn.geinformeerd_op is None
    ]
    if not form.is_submitted():
        form.dag.data = today()
    return form


def _rows(ook: Any) -> list[Rij]:
    return [to_rij(dict(ding), today()) for ding in ook]


def _print(pad: str, naam: str, **context: Any) -> ResponseReturnValue:
    adres = f"{site_root()}{pad}"
    qr = qr_svg(adres) if len(adres) <= QR_MAX else ""
    html = render_template("afstemming/startcheck_papier.html", adres=adres, qr=qr, **context)
    try:
        pdf = print_once(_settings(), html, render_template("afstemming/startcheck_papier.css"), qr)
    except NogBezig:
        page = render_template("afstemming/startcheck_bezig.html", terug=pad, wacht_s=OPNIEUW_S)
        return page, 503, {"Retry-After": str(OPNIEUW_S), "Cache-Control": "no-store"}
    response = Response(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{naam}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
