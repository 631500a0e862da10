"""Weer dit jaar? The page on which a platform says whether what comes back each year goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from kernenkaart import db
from kernenkaart.activiteiten import weer
from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.policy import may_post
from kernenkaart.activiteiten.weer import Antwoord
from kernenkaart.config import Settings
from kernenkaart.errors import Conflict, Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.platforms.posten import get_own
from kernenkaart.tijd import now
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import TekstVeld, hoogstens

bp = Blueprint("activiteiten_weer", __name__, url_prefix="/activiteiten")

KEUZES = (
    (Antwoord.JA.value, "Ja, het gaat door"),
    (Antwoord.NEE.value, "Nee, dit jaar niet"),
    (Antwoord.NOOIT.value, "Nee, en het komt ook niet meer terug"),
    ("", "Dat weten we nog niet"),
)


class VraagForm(Formulier):
    """What a platform says about one time; it belongs to a form with several."""

    antwoord = RadioField("Gaat het door?", choices=[], default="")
    reden = TekstVeld(
        "Waarom niet?",
        [hoogstens(300)],
        description="Iedereen kan dit lezen: het blijft staan als afgelast. "
        "Laat je het leeg, dan halen we het uit de kalender.",
    )


@dataclass(frozen=True)
class Vraag:
    """One time, and what is said about it."""

    activiteit: Activiteit
    form: VraagForm


@bp.route("/weer-dit-jaar/<int:platform_id>", methods=["GET", "POST"])
@login_required
def weer_dit_jaar(platform_id: int) -> ResponseReturnValue:
    """Everything that waits for an answer, or the one time that the address names."""
    session, actor = db.session(), current_actor()
    platform = get_own(session, platform_id, mag=may_post(actor, platform_id))
    form, vragen = Formulier(), _find(platform_id)
    status = 200
    if form.validate_on_submit():
        try:
            sign(session, actor)
            _answer(vragen)
        except Invalid as error:
            session.rollback()
            form.form_errors.append(error.melding)
            status = 422
        except Conflict as error:  # somebody else answered first
            session.rollback()
            form.form_errors.append(error.melding)
            status, vragen = 409, _find(platform_id)
        else:
            session.commit()
            flash("Dank je wel. Je antwoord staat in de kalender.", "goed")
            return redirect(url_for(".weer_dit_jaar", platform_id=platform_id))
    page = render_template(
        "activiteiten/weer_dit_jaar.html", platform=platform, form=form, vragen=vragen
    )
    return page, status


def _answer(vragen: Sequence[Vraag]) -> None:
    asked = {vraag.form.antwoord.name for vraag in vragen}
    if any(
        waarde and naam.endswith("-antwoord") and naam not in asked
        for naam, waarde in request.form.items()
    ):
        raise Conflict("Over een van deze activiteiten is al geantwoord. Kijk of het klopt.")
    if not all([vraag.form.validate() for vraag in vragen]):  # noqa: C419  # all of them at once
        raise Invalid("Er is nog niets bewaard.")
    gekozen = [vraag for vraag in vragen if vraag.form.antwoord.data]
    if not gekozen:
        raise Invalid("Kies bij minstens één activiteit een antwoord.")
    for vraag in gekozen:
        weer.answer(
            db.session(),
            current_actor(),
            vraag.activiteit.id,
            Antwoord(vraag.form.antwoord.data),
            vraag.form.reden.data or "",
        )


def _find(platform_id: int) -> Sequence[Vraag]:
    session = db.session()
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    een = request.args.get("activiteit", type=int)
    rows = (
        weer.find_vragen(session, platform_id, moment=now(), weken=settings.bevestig_weken)
        if een is None
        else weer.find_vraag(session, platform_id, een)
    )
    return [Vraag(row, _form_for(row)) for row in rows]


def _form_for(activiteit: Activiteit) -> VraagForm:
    form = VraagForm(prefix=f"v{activiteit.id}-", meta={"csrf": False})
    form.antwoord.choices = [
        keuze for keuze in KEUZES if activiteit.reeks_id or keuze[0] != Antwoord.NOOIT
    ]
    return form
