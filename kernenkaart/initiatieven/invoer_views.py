"""Post and change an initiative: fill in, look at it, place it."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.errors import NotAllowed
from kernenkaart.initiatieven import queries, services
from kernenkaart.initiatieven.forms import InitiatiefForm, waarden_of
from kernenkaart.initiatieven.models import Initiatief, Status
from kernenkaart.initiatieven.policy import may_change, may_post
from kernenkaart.journaal.services import sign
from kernenkaart.kernen.forms import marge_m
from kernenkaart.kernen.plek import find_kern_of
from kernenkaart.platforms.models import Platform
from kernenkaart.platforms.posten import KernKeuze, find_kernen, find_own, get_own
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required
from kernenkaart.web.invoer import walk_through

bp = Blueprint("initiatieven_invoer", __name__, url_prefix="/initiatieven")


@bp.route("/nieuw")
@login_required
def kies() -> ResponseReturnValue:
    """In whose name? With one group there is nothing to choose."""
    platforms = find_own(db.session(), current_actor())
    if not platforms:
        raise NotAllowed(
            "Je hoort nog bij geen groep. Vraag de beheerder om je aan je groep te koppelen."
        )
    if len(platforms) == 1:
        return redirect(url_for(".nieuw", platform_id=platforms[0].id))
    return render_template("initiatieven/kies.html", platforms=platforms)


@bp.route("/nieuw/<int:platform_id>", methods=["GET", "POST"])
@login_required
def nieuw(platform_id: int) -> ResponseReturnValue:
    """The form with which a platform posts an initiative."""
    session, actor = db.session(), current_actor()
    platform = get_own(session, platform_id, mag=may_post(actor, platform_id))
    form = InitiatiefForm()
    eigen = _offer(form, platform_id)
    sleutel = uuid.UUID(form.sleutel.data)
    concept = f"initiatief-nieuw-{platform_id}-{actor.gebruiker_id}"
    if request.method == "GET":
        form.kern.data = eigen[0].id if len(eigen) == 1 else None
    elif _saves() and (eerder := services.find_posted(session, platform_id, sleutel)):
        # sent before: the same again changes nothing, something else is a change of it
        if form.same_as(waarden_of(eerder)):
            return redirect(_shown(eerder, "bewaard", concept))
        return redirect(url_for(".wijzig", initiatief_id=eerder.id), 307)

    def save(plaats: bool) -> Initiatief:
        return services.post_initiatief(
            session,
            actor,
            platform_id,
            form.to_gegevens(),
            sleutel=sleutel,
            plaats=plaats,
            marge_m=marge_m(),
        )

    return _walk(form, save, platform=platform, eigen=eigen, concept=concept)


@bp.route("/<int:initiatief_id>/wijzig", methods=["GET", "POST"])
@login_required
def wijzig(initiatief_id: int) -> ResponseReturnValue:
    """The form with which a platform changes an initiative of its own."""
    session, actor = db.session(), current_actor()
    initiatief = queries.get_initiatief(session, actor, initiatief_id)
    if not may_change(actor, initiatief):
        raise NotAllowed("Je verandert alleen initiatieven van je eigen groep.")
    form = InitiatiefForm()
    eigen = _offer(form, initiatief.platform_id, initiatief.soort_id)
    if request.method == "GET":
        form.start_from(waarden_of(initiatief), initiatief.versie)

    def save(plaats: bool) -> Initiatief:
        return services.change_initiatief(
            session,
            actor,
            initiatief_id,
            form.to_gegevens(),
            versie=form.versie.data,
            plaats=plaats,
            marge_m=marge_m(),
        )

    concept = f"initiatief-{initiatief_id}-{actor.gebruiker_id}"
    return _walk(
        form,
        save,
        platform=initiatief.platform,
        eigen=eigen,
        concept=concept,
        initiatief=initiatief,
    )


def _walk(
    form: InitiatiefForm,
    save: Callable[[bool], Initiatief],
    *,
    platform: Platform,
    eigen: list[KernKeuze],
    concept: str,
    initiatief: Initiatief | None = None,
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    initiatief_id = initiatief.id if initiatief else None
    first = initiatief is None or initiatief.status is Status.CONCEPT

    def preview() -> dict[str, Any]:
        gegevens = form.to_gegevens()
        kern = find_kern_of(session, gegevens.plek, marge_m=marge_m())
        return {"gegevens": gegevens, "kern": kern}

    def signed(plaats: bool) -> Initiatief:
        sign(session, actor)
        return save(plaats)

    def done(saved: Initiatief) -> ResponseReturnValue:
        session.commit()
        if saved.status is Status.CONCEPT:
            return redirect(
                url_for(".wijzig", initiatief_id=saved.id, net="concept", concept=concept)
            )
        return redirect(_shown(saved, "geplaatst" if first else "bewaard", concept))

    def stored() -> tuple[dict[str, Any], int]:
        nu = queries.get_initiatief(session, actor, initiatief_id or 0)
        return waarden_of(nu), nu.versie

    return walk_through(
        form,
        sjablonen="initiatieven",
        context={
            "platform": platform,
            "eigen": eigen,
            "plek_kern": eigen[0].slug if len(eigen) == 1 else None,
            "initiatief": initiatief,
            "concept": concept,
            "anders": len(actor.platform_ids) > 1 or actor.is_beheerder,
        },
        preview=preview,
        save=signed,
        done=done,
        stored=stored if initiatief else None,
        versie=initiatief.versie if initiatief else None,
    )


def _offer(form: InitiatiefForm, platform_id: int, soort_id: int | None = None) -> list[KernKeuze]:
    """Fill the lists to choose from; the kernen of the platform come first and are returned."""
    session = db.session()
    kernen = find_kernen(session, platform_id)
    form.soort.offer(queries.find_soorten(session, soort_id))
    form.status.offer(queries.find_statussen(session))
    form.kern.offer((kern.id, kern.naam) for kern in kernen)
    return [kern for kern in kernen if kern.eigen]


def _shown(initiatief: Initiatief, net: str, concept: str) -> str:
    return url_for("initiatieven.toon", initiatief_id=initiatief.id, net=net, concept=concept)


def _saves() -> bool:
    return request.form.get("actie") in {"concept", "plaats"}
