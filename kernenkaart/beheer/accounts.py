"""Pages for accounts: who may log in, as what, and in whose name; no key stands in an address."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.beheer.blad import asked_number, asked_text, bp
from kernenkaart.beheer.forms import GebruikerForm, gebruiker_waarden
from kernenkaart.beheer.queries import find_gebruikers
from kernenkaart.errors import Conflict, Invalid, NotFound
from kernenkaart.journaal.services import sign
from kernenkaart.tijd import now
from kernenkaart.toegang.beheer import (
    change_gebruiker,
    drop_second_step,
    invite,
    send_invitation,
    set_active,
)
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import beheerder_required
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.toegang.queries import actor_of
from kernenkaart.toegang.sleutels import count_active
from kernenkaart.web.forms import Verschil, show_error


@bp.get("/gebruikers")
@beheerder_required
def gebruikers() -> ResponseReturnValue:
    """The accounts, by name or e-mail; some more at a time."""
    tekst, aantal = asked_text(), asked_number()
    rows, totaal = find_gebruikers(db.session(), tekst=tekst, limiet=aantal)
    return render_template(
        "beheer/gebruikers.html", gebruikers=rows, totaal=totaal, tekst=tekst, aantal=aantal
    )


@bp.route("/gebruikers/nieuw", methods=["GET", "POST"])
@beheerder_required
def gebruiker_nieuw() -> ResponseReturnValue:
    """The form of an invitation."""
    session = db.session()
    form = GebruikerForm()
    form.offer(session)
    if form.validate_on_submit():
        try:
            sign(session, current_actor())
            gebruiker = invite(session, current_actor(), form.to_gegevens())
        except Invalid as error:
            session.rollback()
            show_error(form, error)
        else:
            session.commit()
            flash(f"{gebruiker.naam} krijgt een e-mail om een wachtwoord te kiezen.", "goed")
            return redirect(url_for(".gebruikers"))
    page = render_template("beheer/gebruiker.html", form=form, gebruiker=None, verschillen=[])
    return page, 422 if form.errors else 200


@bp.route("/gebruikers/<uuid:publiek_id>", methods=["GET", "POST"])
@beheerder_required
def gebruiker(publiek_id: uuid.UUID) -> ResponseReturnValue:
    """The form of one account."""
    session = db.session()
    gebruiker = _get(session, publiek_id)
    form = GebruikerForm()
    form.offer(session)
    verschillen: list[Verschil] = []
    if not form.is_submitted():
        waarden = gebruiker_waarden(gebruiker, actor_of(session, gebruiker))
        form.start_from(waarden, gebruiker.versie)
    elif form.validate_on_submit():
        try:
            sign(session, current_actor())
            versie = form.versie.data or 0
            change_gebruiker(session, current_actor(), gebruiker, form.to_gegevens(), versie)
        except Invalid as error:
            session.rollback()
            show_error(form, error)
        except Conflict:
            waarden = gebruiker_waarden(gebruiker, actor_of(session, gebruiker))
            verschillen = form.differences(waarden, gebruiker.versie)
        else:
            session.commit()
            flash(f"{gebruiker.naam} is bewaard.", "goed")
            return redirect(url_for(".gebruikers"))
    page = render_template(
        "beheer/gebruiker.html",
        form=form,
        gebruiker=gebruiker,
        verschillen=verschillen,
        sleutels=count_active(session, gebruiker.id, now()),
    )
    return page, 409 if verschillen else 422 if form.errors else 200


@bp.post("/gebruikers/<uuid:publiek_id>/<doe>")
@beheerder_required
def gebruiker_doe(publiek_id: uuid.UUID, doe: str) -> ResponseReturnValue:
    """Invite again, close, open, or take the second step away."""
    session, actor = db.session(), current_actor()
    gebruiker = _get(session, publiek_id)
    sign(session, actor)
    try:
        match doe:
            case "uitnodigen":
                send_invitation(session, actor, gebruiker)
                gedaan = "De uitnodiging is opnieuw gestuurd."
            case "sluiten":
                set_active(session, actor, gebruiker, active=False)
                gedaan = f"Het account van {gebruiker.naam} is gesloten."
            case "openen":
                set_active(session, actor, gebruiker, active=True)
                gedaan = f"Het account van {gebruiker.naam} is weer open."
            case "tweede-stap-weg":
                drop_second_step(session, actor, gebruiker)
                gedaan = "De tweede stap is weg. Bij het inloggen kan een nieuwe worden ingesteld."
            case _:
                raise NotFound
    except Invalid as error:
        flash(error.melding, "fout")
    else:
        session.commit()
        flash(gedaan, "goed")
    return redirect(url_for(".gebruiker", publiek_id=publiek_id))


def _get(session: Session, publiek_id: uuid.UUID) -> Gebruiker:
    found: Gebruiker | None = session.scalar(
        select(Gebruiker).where(Gebruiker.publiek_id == publiek_id)
    )
    if found is None:
        raise NotFound("Deze gebruiker bestaat niet (meer).")
    return found
