"""Pages for the lists: kinds, and the words of fixed codes."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.beheer.blad import bp
from kernenkaart.beheer.forms import SoortForm, WerkSoortForm
from kernenkaart.beheer.soorten import (
    LIJSTEN,
    WOORDENLIJSTEN,
    Lijst,
    find_soorten,
    get_lijst,
    save_soort,
)
from kernenkaart.errors import Invalid, NotFound
from kernenkaart.journaal.services import sign
from kernenkaart.labels.queries import find_labels
from kernenkaart.labels.services import set_label
from kernenkaart.labels.standaard import STANDAARD
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import beheerder_required
from kernenkaart.web.forms import show_error
from kernenkaart.web.velden import clean

FORMULIEREN: dict[str, type[SoortForm]] = {"werkzaamheden": WerkSoortForm}


@bp.get("/soorten")
@beheerder_required
def lijsten() -> ResponseReturnValue:
    """Which lists there are."""
    return render_template("beheer/lijsten.html", lijsten=LIJSTEN.values(), woorden=WOORDENLIJSTEN)


@bp.route("/soorten/<naam>", methods=["GET", "POST"])
@beheerder_required
def soorten(naam: str) -> ResponseReturnValue:
    """One list of kinds, and the form that adds one."""
    lijst = get_lijst(naam)
    return _soort_pagina(lijst, None, "beheer/soorten.html")


@bp.route("/soorten/<naam>/<int:soort_id>", methods=["GET", "POST"])
@beheerder_required
def soort(naam: str, soort_id: int) -> ResponseReturnValue:
    """The form of one kind."""
    return _soort_pagina(get_lijst(naam), soort_id, "beheer/soort.html")


def _soort_pagina(lijst: Lijst, soort_id: int | None, sjabloon: str) -> ResponseReturnValue:
    session = db.session()
    stored = None if soort_id is None else session.get(lijst.model, soort_id)
    if soort_id is not None and stored is None:
        raise NotFound("Deze soort bestaat niet (meer).")
    form = FORMULIEREN.get(lijst.naam, SoortForm)(obj=stored)
    form.offer(session)
    if form.validate_on_submit():
        try:
            sign(session, current_actor())
            saved = save_soort(
                session,
                current_actor(),
                lijst,
                soort_id=soort_id,
                naam=form.naam.data or "",
                volgorde=form.to_volgorde(),
                actief=form.actief.data,
                eigen=form.to_eigen(),
            )
        except Invalid as error:
            show_error(form, error)
        else:
            session.commit()
            flash(f"{saved.naam} is bewaard.", "goed")
            return redirect(url_for(".soorten", naam=lijst.naam))
    page = render_template(
        sjabloon, lijst=lijst, form=form, soort=stored, soorten=find_soorten(session, lijst)
    )
    return page, 422 if form.errors else 200


@bp.route("/woorden/<lijst>", methods=["GET", "POST"])
@beheerder_required
def woorden(lijst: str) -> ResponseReturnValue:
    """The words of one list of codes; an emptied field brings the standard word back."""
    if lijst not in STANDAARD:
        raise NotFound("Deze lijst bestaat niet.")
    session = db.session()
    fouten: dict[str, str] = {}
    ingevuld = find_labels(session, lijst)
    if request.method == "POST":
        sign(session, current_actor())
        for code in STANDAARD[lijst]:
            ingevuld[code] = clean(request.form.get(code, ""))
            try:
                set_label(session, current_actor(), lijst, code, ingevuld[code])
            except Invalid as error:
                fouten[code] = error.melding
        if not fouten:
            session.commit()
            flash("De woorden zijn bewaard.", "goed")
            return redirect(url_for(".woorden", lijst=lijst))
        session.rollback()
    page = render_template(
        "beheer/woorden.html",
        lijst=lijst,
        titel=WOORDENLIJSTEN[lijst],
        standaard=STANDAARD[lijst],
        ingevuld=ingevuld,
        fouten=fouten,
    )
    return page, 422 if fouten else 200
