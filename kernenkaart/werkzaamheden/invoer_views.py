"""Post and change a work: fill in, look at it, place it."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.errors import NotAllowed
from kernenkaart.journaal.services import sign
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import planner_required
from kernenkaart.web.invoer import walk_through
from kernenkaart.werkzaamheden import queries, services
from kernenkaart.werkzaamheden.beeld import make_beeld
from kernenkaart.werkzaamheden.forms import WerkForm, waarden_of
from kernenkaart.werkzaamheden.models import Hinder, Status, Werkzaamheid
from kernenkaart.werkzaamheden.policy import may_change
from kernenkaart.werkzaamheden.services import HinderVormen

# what a work that is copied keeps for itself
EIGEN = {
    *("eerste_dag", "laatste_dag", "periode", "vroegst", "laatst", "fasen", "status"),
    "interne_notitie",
}

bp = Blueprint("werkzaamheden_invoer", __name__, url_prefix="/werkzaamheden")


@bp.route("/nieuw", methods=["GET", "POST"])
@planner_required
def nieuw() -> ResponseReturnValue:
    """The form with which somebody posts a work."""
    session, actor = db.session(), current_actor()
    form = WerkForm()
    form.offer(session, actor)
    over = request.args.get("over", type=int)
    if request.method == "GET":
        _start(form, over)
    sleutel = uuid.UUID(form.sleutel.data)
    if request.form.get("actie") in ("concept", "plaats") and (
        eerder := services.find_posted(session, sleutel)
    ):
        return redirect(url_for("werkzaamheden.toon", werkzaamheid_id=eerder.id))

    def save(plaats: bool) -> Werkzaamheid:
        gegevens = form.to_gegevens(concept=not plaats)
        return services.post_werkzaamheid(
            session, actor, gegevens, sleutel=sleutel, marge_m=_marge_m(), startcheck=_startcheck()
        )

    concept = f"werk-nieuw-{actor.gebruiker_id}" + (f"-{over}" if over else "")
    return _walk(form, save, concept=concept)


@bp.route("/<int:werkzaamheid_id>/wijzig", methods=["GET", "POST"])
@planner_required
def wijzig(werkzaamheid_id: int) -> ResponseReturnValue:
    """The form with which somebody changes a work."""
    session, actor = db.session(), current_actor()
    werk = queries.get_werkzaamheid(session, actor, werkzaamheid_id)
    if not may_change(actor, werk):
        raise NotAllowed("Je verandert alleen werk van je eigen organisatie.")
    form = WerkForm()
    form.offer(session, actor, werk)
    if request.method == "GET":
        form.start_from(waarden_of(werk), werk.versie)

    def save(plaats: bool) -> Werkzaamheid:
        gegevens = form.to_gegevens(werk, concept=not plaats)
        return services.change_werkzaamheid(
            session,
            actor,
            werkzaamheid_id,
            gegevens,
            versie=form.versie.data,
            marge_m=_marge_m(),
            startcheck=_startcheck(),
        )

    return _walk(form, save, concept=f"werk-{werkzaamheid_id}-{actor.gebruiker_id}", werk=werk)


def _walk(
    form: WerkForm,
    save: Callable[[bool], Werkzaamheid],
    *,
    concept: str,
    werk: Werkzaamheid | None = None,
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()

    def signed(plaats: bool) -> Werkzaamheid:
        sign(session, actor)
        return save(plaats)

    def done(saved: Werkzaamheid) -> ResponseReturnValue:
        session.commit()
        net = "concept" if saved.status is Status.CONCEPT else "bewaard" if werk else "geplaatst"
        return redirect(
            url_for("werkzaamheden.toon", werkzaamheid_id=saved.id, net=net, concept=concept)
        )

    def stored() -> tuple[dict[str, Any], int]:
        nu = queries.get_werkzaamheid(session, actor, werk.id if werk else 0)
        return waarden_of(nu), nu.versie

    return walk_through(
        form,
        sjablonen="werkzaamheden",
        context={"werk": werk, "concept": concept, "Hinder": Hinder},
        preview=lambda: _preview(form),
        save=signed,
        done=done,
        stored=stored if werk else None,
        versie=werk.versie if werk else None,
    )


def _preview(form: WerkForm) -> dict[str, Any]:
    gegevens = form.to_gegevens()
    ding = {
        "ding": "werkzaamheid",
        "titel": gegevens.titel,
        "geom": form.geom,
        "hinder": gegevens.hinder.value,
    }
    vormen, fasen = gegevens.hinder_vormen or HinderVormen(), gegevens.fasen or ()
    return {
        "gegevens": gegevens,
        "geom": form.geom,
        "beeld": make_beeld(ding, vormen, fasen),
    }


def _start(form: WerkForm, over: int | None) -> None:
    """An empty form, or one filled with an earlier work but for its days."""
    actor = current_actor()
    if over is not None:
        werk = queries.get_werkzaamheid(db.session(), actor, over)
        for naam, waarde in waarden_of(werk).items():
            if naam not in EIGEN:
                form[naam].process(None, waarde)
    elif actor.organisatie_id:
        form.organisatie.process(None, actor.organisatie_id)
    form.status.process(None, Status.VERWACHT.value)


def _marge_m() -> float:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.marge_m


def _startcheck() -> bool:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.startcheck_verplicht
