"""A work: its page, and what one does with it in one click."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.errors import NotFound
from kernenkaart.journaal.services import sign
from kernenkaart.tijd import Periode, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import planner_required, public
from kernenkaart.werkzaamheden import queries, services
from kernenkaart.werkzaamheden.balk import make_balk
from kernenkaart.werkzaamheden.beeld import Beeld, make_beeld
from kernenkaart.werkzaamheden.herkomst import get_with_herkomst
from kernenkaart.werkzaamheden.hinder_laag import VOORBIJ
from kernenkaart.werkzaamheden.models import Hinder, Status, Werkzaamheid
from kernenkaart.werkzaamheden.policy import may_change
from kernenkaart.werkzaamheden.services import HinderVormen
from kernenkaart.werkzaamheden.startcheck import StartcheckNodig

bp = Blueprint("werkzaamheden", __name__, url_prefix="/werkzaamheden")

BUURT_M = 500.0
BUURT_MAX = 5

HANDELINGEN: dict[str, tuple[Status | None, str]] = {
    "begonnen": (Status.BEZIG, "Het werk staat nu als begonnen op de kaart."),
    "klaar": (Status.KLAAR, "Het werk staat nu als klaar op de kaart."),
    "uitstellen": (Status.UITGESTELD, "Het werk staat nu als uitgesteld op de kaart."),
    "vervallen": (Status.VERVALLEN, "Het werk staat nu als vervallen op de kaart."),
    "publiceren": (None, "Het werk staat nu op de kaart."),
}


@bp.route("/<int:werkzaamheid_id>")
@public
def toon(werkzaamheid_id: int) -> ResponseReturnValue:
    """One work: who cannot pass and when, where, how sure, of whom, what changed."""
    session, actor = db.session(), current_actor()
    werk, herkomst = get_with_herkomst(session, actor, werkzaamheid_id)
    buurt = queries.find_near(
        session,
        actor,
        gebied=werk.geom,  # type: ignore[arg-type]  # a work always has one
        afstand_m=BUURT_M,
        periode=Periode(today(), None),
        behalve=werk.id,
    )
    return render_template(
        "werkzaamheden/toon.html",
        werk=werk,
        beeld=_beeld(werk),
        herkomst=herkomst,
        balk=make_balk(werk),
        buurt=buurt[:BUURT_MAX],
        veranderd=queries.find_veranderd(session, werkzaamheid_id),
        mag_wijzigen=may_change(actor, werk),
        Hinder=Hinder,
        Status=Status,
    )


def _beeld(werk: Werkzaamheid) -> Beeld:
    """What is on its map; of a work that is over nothing but its place."""
    voorbij = werk.status in VOORBIJ
    ding = {
        "ding": "werkzaamheid",
        "titel": werk.titel,
        "geom": werk.geom,
        "punt": werk.punt,
        "hinder": (Hinder.GEEN if voorbij else werk.hinder).value,
        "sleutel": f"werkzaamheid-{werk.id}",
    }
    if voorbij:
        return make_beeld(ding, HinderVormen(), ())
    return make_beeld(ding, HinderVormen(werk.hinder_geom, werk.omleiding_geom), werk.fasen)


@bp.post("/<int:werkzaamheid_id>/bevestig")
@planner_required
def bevestig(werkzaamheid_id: int) -> ResponseReturnValue:
    """Say that it still is as it stands."""
    session, actor = db.session(), current_actor()
    sign(session, actor)
    try:
        werk = services.confirm(session, actor, werkzaamheid_id, startcheck=_startcheck())
    except StartcheckNodig as error:
        return _to_startcheck(werkzaamheid_id, error)
    session.commit()
    flash(f"{werk.titel} is vandaag bevestigd.", "goed")
    return redirect(url_for(".toon", werkzaamheid_id=werkzaamheid_id))


@bp.post("/<int:werkzaamheid_id>/zet/<handeling>")
@planner_required
def zet(werkzaamheid_id: int, handeling: str) -> ResponseReturnValue:
    """Begin, finish, put off, drop or publish."""
    if handeling not in HANDELINGEN:
        raise NotFound
    status, gedaan = HANDELINGEN[handeling]
    session, actor = db.session(), current_actor()
    sign(session, actor)
    try:
        if status is Status.VERVALLEN:
            werk = services.withdraw(session, actor, werkzaamheid_id)
        else:
            werk = services.set_status(
                session, actor, werkzaamheid_id, status, startcheck=_startcheck()
            )
    except StartcheckNodig as error:
        return _to_startcheck(werkzaamheid_id, error)
    session.commit()
    if werk is None:
        flash("Het concept is weggegooid.", "goed")
        return redirect(url_for("mijn.start"))
    flash(gedaan, "goed")
    return redirect(url_for(".toon", werkzaamheid_id=werkzaamheid_id))


def _startcheck() -> bool:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.startcheck_verplicht


def _to_startcheck(werkzaamheid_id: int, error: StartcheckNodig) -> ResponseReturnValue:
    """To where the startcheck of a work is done, and why."""
    db.session().rollback()
    flash(error.melding, "letop")
    return redirect(f"/afstemming/startcheck?werk={werkzaamheid_id}")
