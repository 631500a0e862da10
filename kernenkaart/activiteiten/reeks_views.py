"""Change a time of a series and all after it, or the whole series."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.activiteiten import queries, reeksen
from kernenkaart.activiteiten.invoer_views import Bewaard, offer, walk
from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.policy import may_change
from kernenkaart.activiteiten.reeks_forms import ReeksForm, reeks_waarden
from kernenkaart.activiteiten.reeks_queries import find_first_beside
from kernenkaart.actor import Actor
from kernenkaart.errors import NotAllowed, NotFound
from kernenkaart.kernen.forms import marge_m
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required

bp = Blueprint("activiteiten_reeks", __name__, url_prefix="/activiteiten")


@bp.route("/<int:activiteit_id>/reeks/<any(volgende, hele):deel>/wijzig", methods=["GET", "POST"])
@login_required
def wijzig(activiteit_id: int, deel: str) -> ResponseReturnValue:
    """The form of a series, from this time on or from the first that is not over."""
    session, actor = db.session(), current_actor()
    first = None
    if deel == "hele" and request.method == "GET":
        first = find_first_beside(session, actor, activiteit_id)
        if first and first.id != activiteit_id:
            args: dict[str, Any] = request.args.to_dict()
            return redirect(url_for(".wijzig", activiteit_id=first.id, deel=deel, **args))
    activiteit, reeks = _own(actor, first or _get(actor, activiteit_id))
    form = ReeksForm()
    eigen = offer(form, reeks.platform_id, reeks)
    dag = activiteit.reeks_dag or reeks.eerste_dag
    form.keep(reeksen.rest_of(reeks, dag), dag)
    if request.method == "GET":
        form.start_from(reeks_waarden(reeks, dag), reeks.versie)

    def save(plaats: bool) -> Bewaard:
        change = reeksen.change_from if deel == "volgende" else reeksen.change_reeks
        draft = activiteit.status is Status.CONCEPT
        changed = change(
            session,
            actor,
            activiteit_id,
            form.to_reeks(),
            versie=form.versie.data,
            marge_m=marge_m(),
        )
        first = reeksen.get_first(session, changed.reeks)
        if plaats and draft:
            reeksen.publish_reeks(session, actor, first.id)
        return Bewaard(first, changed.los)

    def stored() -> tuple[dict[str, Any], int]:
        keer, nu = _own(actor, _get(actor, activiteit_id))
        return reeks_waarden(nu, keer.reeks_dag or nu.eerste_dag), nu.versie

    return walk(
        form,
        save,
        platform=activiteit.platform,
        eigen=eigen,
        concept=f"reeks-{activiteit_id}-{deel}-{actor.gebruiker_id}",
        adres=url_for(".wijzig", activiteit_id=activiteit_id, deel=deel),
        activiteit=activiteit,
        stored=stored,
        versie=reeks.versie,
        deel=deel,
    )


def _get(actor: Actor, activiteit_id: int) -> Activiteit:
    return queries.get_activiteit(db.session(), actor, activiteit_id)


def _own(actor: Actor, activiteit: Activiteit) -> tuple[Activiteit, Reeks]:
    if not may_change(actor, activiteit):
        raise NotAllowed("Je verandert alleen activiteiten van je eigen groep.")
    if activiteit.reeks is None:
        raise NotFound("Deze activiteit hoort niet (meer) bij een reeks.")
    return activiteit, activiteit.reeks
