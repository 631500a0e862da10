"""The sources of works: add one, say which column is what, look at it, take it over, stop."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.errors import Conflict, Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.tijd import now
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import planner_required
from kernenkaart.web.forms import Formulier, show_error
from kernenkaart.werkbronnen import queries, services
from kernenkaart.werkbronnen.adressen import LATER
from kernenkaart.werkbronnen.beeld import WEG, find_beeld
from kernenkaart.werkbronnen.forms import ACCEPT, BestandForm, BronForm, KoppelForm, RitmeForm
from kernenkaart.werkbronnen.kaartje import TEKENS, beeld_van, to_vak
from kernenkaart.werkbronnen.koppeling import Koppeling
from kernenkaart.werkbronnen.models import Ritme, Stand, Werkbron
from kernenkaart.werkbronnen.omzetten import Werk

bp = Blueprint("werkbronnen", __name__, url_prefix="/werkbronnen")

TOON = 50  # so many rows of each outcome; of the rest the number


def _mb() -> int:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.upload_max_mb


@bp.route("", methods=["GET", "POST"])
@planner_required
def lijst() -> ResponseReturnValue:
    """The sources that one may manage, and the form to add one."""
    session, actor = db.session(), current_actor()
    form = BronForm()
    form.offer(session, actor)
    if form.validate_on_submit():
        try:
            bestand = form.to_bestand(_mb()) if form.has_file() else None
            sign(session, actor)
            bron = services.add_bron(session, actor, form.to_gegevens(), bestand)
        except Invalid as error:
            show_error(form, error)
        else:
            session.commit()
            return redirect(url_for(".toon", werkbron_id=bron.id))
    page = render_template(
        "werkbronnen/lijst.html",
        form=form,
        bronnen=queries.find_bronnen(session, actor),
        accept=ACCEPT,
    )
    return page, 422 if form.errors else 200


@bp.route("/<int:werkbron_id>")
@planner_required
def toon(werkbron_id: int) -> ResponseReturnValue:
    """One source: being read, to look at, being taken over, or running."""
    session, actor = db.session(), current_actor()
    bron = queries.get_bron(session, actor, werkbron_id)
    if bron.stand is Stand.BEKIJKEN:
        return _bekijk(bron)
    if bron.stand is not Stand.LOOPT:
        return render_template("werkbronnen/wacht.html", bron=bron)
    form = RitmeForm(data={"ritme": bron.ritme.value})
    form.offer()
    return render_template(
        "werkbronnen/toon.html",
        bron=bron,
        form=form,
        eigen=queries.find_eigen(session, werkbron_id),
    )


def _bekijk(bron: Werkbron) -> ResponseReturnValue:
    session = db.session()
    rijen = queries.find_rijen(session, bron.id, elk=TOON)
    kader = request.args.get("kader", "")
    beeld = find_beeld(session, bron.id, to_vak(kader))
    opgevallen = queries.find_opgevallen(session, bron.id)
    weg = beeld.telling[WEG]
    return render_template(
        "werkbronnen/bekijk.html",
        bron=bron,
        telling=beeld.telling,
        rijen=rijen,
        werken={
            rij.nummer: Werk.from_json(rij.waarden)
            for rows in rijen.values()
            for rij in rows
            if rij.waarden
        },
        beeld=beeld,
        beeld_van=beeld_van(beeld, url_for(".toon", werkbron_id=bron.id)),
        ingezoomd=bool(kader),
        tekens=TEKENS,
        weg=weg,
        weg_werken=queries.find_weg(session, bron.id, hoogstens=TOON) if weg else [],
        opgevallen=opgevallen,
        later=any(een["reden"] == LATER for een in opgevallen.redenen),
    )


@bp.route("/<int:werkbron_id>/kolommen", methods=["GET", "POST"])
@planner_required
def kolommen(werkbron_id: int) -> ResponseReturnValue:
    """Say which column of a source is what, and what its values mean."""
    session, actor = db.session(), current_actor()
    bron = queries.get_bron(session, actor, werkbron_id)
    if bron.koppeling is None:
        raise Conflict(services.BEZIG)
    form = KoppelForm()
    form.offer(session, actor, bron)
    koppeling = Koppeling.from_json(bron.koppeling)
    if request.method == "GET":
        form.start_from(koppeling)
    elif form.validate_on_submit():
        gekozen = form.to_koppeling(request.form)
        nieuw = gekozen.kolommen != koppeling.kolommen
        try:
            sign(session, actor)
            services.set_koppeling(session, actor, werkbron_id, gekozen)
        except Invalid as error:
            form.refuse(error)
            koppeling = gekozen
        else:
            session.commit()
            if nieuw and any(gekozen.kolommen.get(veld) != koppeling.kolommen.get(veld)
                             for veld in form.betekenissen):  # fmt: skip
                flash("Kijk nog wat de waarden van de nieuwe kolom betekenen.", "info")
                return redirect(url_for(".kolommen", werkbron_id=werkbron_id))
            return redirect(url_for(".toon", werkbron_id=werkbron_id))
    page = render_template(
        "werkbronnen/kolommen.html", bron=bron, form=form, velden=form.columns_for(koppeling)
    )
    return page, 422 if form.errors else 200


@bp.post("/<int:werkbron_id>/neem-over")
@planner_required
def neem_over(werkbron_id: int) -> ResponseReturnValue:
    """Take over what was looked at."""
    session, actor = db.session(), current_actor()
    sign(session, actor)
    services.begin_take_over(session, actor, werkbron_id)
    session.commit()
    return redirect(url_for(".toon", werkbron_id=werkbron_id))


@bp.post("/<int:werkbron_id>/opnieuw")
@planner_required
def opnieuw(werkbron_id: int) -> ResponseReturnValue:
    """Have what the worker could not do tried again."""
    session, actor = db.session(), current_actor()
    sign(session, actor)
    services.try_again(session, actor, werkbron_id)
    session.commit()
    return redirect(url_for(".toon", werkbron_id=werkbron_id))


@bp.route("/<int:werkbron_id>/lees", methods=["GET", "POST"])
@planner_required
def lees(werkbron_id: int) -> ResponseReturnValue:
    """Read a source again, its address or a newer file; it is looked at first."""
    session, actor = db.session(), current_actor()
    bron = queries.get_bron(session, actor, werkbron_id)
    form = BestandForm()
    if form.validate_on_submit():
        try:
            bestand = None if bron.adres else form.to_bestand(_mb())
            sign(session, actor)
            services.read_again(session, actor, werkbron_id, bestand)
        except Invalid as error:
            show_error(form, error)
        else:
            session.commit()
            return redirect(url_for(".toon", werkbron_id=werkbron_id))
    page = render_template("werkbronnen/lees.html", form=form, bron=bron, accept=ACCEPT)
    return page, 422 if form.errors else 200


@bp.post("/<int:werkbron_id>/ritme")
@planner_required
def ritme(werkbron_id: int) -> ResponseReturnValue:
    """Choose how often an address is read."""
    session, actor = db.session(), current_actor()
    queries.get_bron(session, actor, werkbron_id)
    form = RitmeForm()
    form.offer()
    if not form.validate_on_submit():
        raise Invalid("Kies hoe vaak we het adres lezen.")
    sign(session, actor)
    services.set_ritme(session, actor, werkbron_id, Ritme(form.ritme.data), now())
    session.commit()
    flash("Bewaard.", "goed")
    return redirect(url_for(".toon", werkbron_id=werkbron_id))


@bp.post("/<int:werkbron_id>/volg/<int:werkzaamheid_id>")
@planner_required
def volg(werkbron_id: int, werkzaamheid_id: int) -> ResponseReturnValue:
    """Let a work that was changed here follow its source again."""
    session, actor = db.session(), current_actor()
    sign(session, actor)
    services.follow_again(session, actor, werkbron_id, werkzaamheid_id)
    session.commit()
    flash("Dit werk volgt de bron weer, vanaf de volgende keer dat we die lezen.", "goed")
    return redirect(url_for(".toon", werkbron_id=werkbron_id))


@bp.route("/<int:werkbron_id>/stop", methods=["GET", "POST"])
@planner_required
def stop(werkbron_id: int) -> ResponseReturnValue:
    """Ask, then stop with a source; its works stay."""
    session, actor = db.session(), current_actor()
    bron = queries.get_bron(session, actor, werkbron_id)
    naam = bron.naam
    form = Formulier()
    if form.validate_on_submit():
        sign(session, actor)
        services.remove_bron(session, actor, werkbron_id)
        session.commit()
        flash(f"Gestopt met {naam}. Het werk dat eruit kwam staat er nog.", "goed")
        return redirect(url_for(".lijst"))
    return render_template("werkbronnen/stop.html", form=form, bron=bron)
