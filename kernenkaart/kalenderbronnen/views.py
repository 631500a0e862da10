"""The calendars of a platform: add one, look at what it brings, take it over, stop."""

from contextlib import suppress

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.activiteiten.queries import find_soorten
from kernenkaart.errors import Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.kalenderbronnen import queries, services
from kernenkaart.kalenderbronnen.forms import BestandForm, BronForm, WijzigBronForm, bron_waarden
from kernenkaart.kalenderbronnen.items import Inhoud
from kernenkaart.kalenderbronnen.kind import make_blad
from kernenkaart.kalenderbronnen.models import Kalenderbron, Keuze, Stand
from kernenkaart.kalenderbronnen.policy import may_manage
from kernenkaart.kalenderbronnen.tabel import SJABLOON
from kernenkaart.kalenderbronnen.vergelijken import compare
from kernenkaart.kalenderbronnen.verslag import Verslag, group
from kernenkaart.platforms.posten import find_kernen, get_own
from kernenkaart.tijd import now, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required
from kernenkaart.web.forms import Formulier, Verschil, show_error
from kernenkaart.web.tabel import csv_response

bp = Blueprint("kalenderbronnen", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOON = 100  # so many lines of each kind; of the rest the number


@bp.route("/platforms/<int:platform_id>/bronnen", methods=["GET", "POST"])
@login_required
def lijst(platform_id: int) -> ResponseReturnValue:
    """The calendars of a platform, and the form to add one."""
    session, actor = db.session(), current_actor()
    platform = get_own(session, platform_id, mag=may_manage(actor, platform_id))
    form = BronForm()
    kernen = find_kernen(session, platform_id)
    form.kern.offer((kern.id, kern.naam) for kern in kernen)
    form.soort.offer(find_soorten(session))
    eigen = [kern for kern in kernen if kern.eigen]
    if request.method == "GET" and len(eigen) == 1:
        form.kern.data = eigen[0].id
    if form.validate_on_submit():
        try:
            inhoud = form.to_inhoud() if form.has_file() else None
            sign(session, actor)
            bron = services.add_bron(
                session, actor, platform_id, form.to_gegevens(), inhoud=inhoud, nu=now()
            )
        except Invalid as error:
            show_error(form, error)
        else:
            session.commit()
            return redirect(url_for(".toon", bron_id=bron.id))
    page = render_template(
        "kalenderbronnen/lijst.html",
        form=form,
        platform=platform,
        bronnen=queries.find_bronnen(session, platform_id),
        Stand=Stand,
    )
    return page, 422 if form.errors else 200


@bp.route("/bronnen/<int:bron_id>")
@login_required
def toon(bron_id: int) -> ResponseReturnValue:
    """One calendar: being read, to look at, being taken over, or running."""
    session, actor = db.session(), current_actor()
    bron = queries.get_bron(session, actor, bron_id)
    if bron.stand is Stand.BEKIJKEN and bron.gelezen is not None:
        return _bekijk(bron, Inhoud.from_json(bron.gelezen))
    if bron.stand is not Stand.LOOPT:
        return render_template("kalenderbronnen/wacht.html", bron=bron, Stand=Stand)
    return render_template(
        "kalenderbronnen/toon.html",
        bron=bron,
        verslag=Verslag.from_json(bron.verslag) if bron.verslag else None,
        vragen=queries.find_vragen(session, bron_id),
        eigen=queries.find_eigen(session, bron_id),
        klaar="klaar" in request.args,
    )


def _bekijk(bron: Kalenderbron, inhoud: Inhoud) -> ResponseReturnValue:
    found = compare(db.session(), bron, inhoud, now())
    return render_template(
        "kalenderbronnen/bekijk.html",
        bron=bron,
        inhoud=inhoud,
        gevonden=found,
        opmerkingen=group(inhoud.klachten),
        eerste_keer=bron.verslag is None,
        toon=TOON,
    )


@bp.post("/bronnen/<int:bron_id>/neem-over")
@login_required
def neem_over(bron_id: int) -> ResponseReturnValue:
    """Take over what was looked at, with what was chosen of what is doubtful."""
    session, actor = db.session(), current_actor()
    keuzes = {}
    for naam, waarde in request.form.items():
        if naam.startswith("keuze-"):
            with suppress(ValueError):
                keuzes[naam.removeprefix("keuze-")] = Keuze(waarde)
    sign(session, actor)
    services.begin_take_over(session, actor, bron_id, keuzes)
    session.commit()
    return redirect(url_for(".toon", bron_id=bron_id, klaar=1))


@bp.post("/bronnen/<int:bron_id>/lees")
@login_required
def lees(bron_id: int) -> ResponseReturnValue:
    """Read a calendar again, to look at what it brings now."""
    session, actor = db.session(), current_actor()
    sign(session, actor)
    services.read_again(session, actor, bron_id)
    session.commit()
    return redirect(url_for(".toon", bron_id=bron_id))


@bp.route("/bronnen/<int:bron_id>/bestand", methods=["GET", "POST"])
@login_required
def bestand(bron_id: int) -> ResponseReturnValue:
    """Send a newer file of a calendar."""
    session, actor = db.session(), current_actor()
    bron = queries.get_bron(session, actor, bron_id)
    form = BestandForm()
    if form.validate_on_submit():
        try:
            inhoud = form.to_inhoud()
        except Invalid as error:
            show_error(form, error)
        else:
            sign(session, actor)
            services.file_again(session, actor, bron_id, inhoud, now())
            session.commit()
            return redirect(url_for(".toon", bron_id=bron_id))
    page = render_template("kalenderbronnen/bestand.html", form=form, bron=bron)
    return page, 422 if form.errors else 200


@bp.route("/bronnen/<int:bron_id>/wijzig", methods=["GET", "POST"])
@login_required
def wijzig(bron_id: int) -> ResponseReturnValue:
    """Change the name, address, kern or kind of a calendar."""
    session, actor = db.session(), current_actor()
    bron = queries.get_bron(session, actor, bron_id)
    form = WijzigBronForm()
    kernen = find_kernen(session, bron.platform_id)
    form.kern.offer((kern.id, kern.naam) for kern in kernen)
    form.soort.offer(find_soorten(session, bron.soort_id))
    verschillen: list[Verschil] = []
    if not form.is_submitted():
        form.start_from(bron_waarden(bron), bron.versie)
    elif form.validate():
        # reading it raises its version too: only what somebody changed is told
        if form.versie.data != bron.versie:
            verschillen = form.differences(bron_waarden(bron), bron.versie)
        if not verschillen and _change(bron_id, form):
            return redirect(url_for(".toon", bron_id=bron_id))
    page = render_template(
        "kalenderbronnen/wijzig.html", form=form, bron=bron, verschillen=verschillen
    )
    return page, 409 if verschillen else 422 if form.errors else 200


def _change(bron_id: int, form: WijzigBronForm) -> bool:
    """Whether it was changed; commits. What is wrong stands in the form then."""
    session, actor = db.session(), current_actor()
    sign(session, actor)
    try:
        bron = services.change_bron(
            session, actor, bron_id, form.to_gegevens(), versie=form.versie.data
        )
    except Invalid as error:
        session.rollback()
        show_error(form, error)
        return False
    session.commit()
    flash(f"{bron.naam} is bewaard.", "goed")
    return True


@bp.route("/bronnen/<int:bron_id>/stop", methods=["GET", "POST"])
@login_required
def stop(bron_id: int) -> ResponseReturnValue:
    """Ask what to do with what came of a calendar, then stop with it."""
    session, actor = db.session(), current_actor()
    bron = queries.get_bron(session, actor, bron_id)
    platform_id, naam = bron.platform_id, bron.naam
    form = Formulier()
    if form.validate_on_submit():
        sign(session, actor)
        intrekken = request.form.get("wat") == "intrekken"
        weg = services.remove_bron(session, actor, bron_id, intrekken=intrekken, nu=now())
        session.commit()
        flash(f"Gestopt met {naam}." + (f" Ingetrokken: {weg}." if intrekken else ""), "goed")
        return redirect(url_for(".lijst", platform_id=platform_id))
    page = render_template(
        "kalenderbronnen/stop.html",
        form=form,
        bron=bron,
        aantal=queries.count_taken(session, bron_id, now()),
    )
    return page, 422 if form.errors else 200


@bp.post("/bronnen/<int:bron_id>/kies/<int:item_id>")
@login_required
def kies(bron_id: int, item_id: int) -> ResponseReturnValue:
    """Choose what to do with one thing that may be a double."""
    session, actor = db.session(), current_actor()
    keuze = Keuze.NEEM if request.form.get("keuze") == Keuze.NEEM else Keuze.SLA_OVER
    sign(session, actor)
    services.choose(session, actor, bron_id, item_id, keuze, nu=now())
    session.commit()
    flash(
        "We nemen het over. Dat duurt even." if keuze is Keuze.NEEM else "We slaan het over.",
        "goed",
    )
    return redirect(url_for(".toon", bron_id=bron_id))


@bp.post("/bronnen/<int:bron_id>/volg/<int:activiteit_id>")
@login_required
def volg(bron_id: int, activiteit_id: int) -> ResponseReturnValue:
    """Let an activity that was changed here follow its calendar again."""
    session, actor = db.session(), current_actor()
    sign(session, actor)
    services.follow_again(session, actor, bron_id, activiteit_id, nu=now())
    session.commit()
    flash("Deze activiteit volgt de agenda weer.", "goed")
    return redirect(url_for(".toon", bron_id=bron_id))


@bp.route("/bronnen/sjabloon.<any(csv, xlsx):formaat>")
@login_required
def sjabloon(formaat: str) -> ResponseReturnValue:
    """The empty table, for who has no calendar."""
    if formaat == "csv":
        return csv_response("activiteiten", SJABLOON[0], SJABLOON[1:])
    response = Response(make_blad(SJABLOON, today()), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="activiteiten.xlsx"'
    return response
