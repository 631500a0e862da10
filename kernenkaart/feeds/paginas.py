"""The page on how to follow the calendar of a kern, and what other pages show of feeds."""

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.exceptions import BadRequest

from kernenkaart import db
from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.activiteiten.policy import OPENBAAR
from kernenkaart.actor import BEZOEKER
from kernenkaart.config import Settings
from kernenkaart.feeds.bewaren import Versiebewaring
from kernenkaart.feeds.evenement import event_of, find_eerder_begin
from kernenkaart.feeds.vraag import read_vraag
from kernenkaart.feeds.zetten import Zetten, to_webcal, ways_for, ways_to_follow
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.queries import get_kern
from kernenkaart.platforms.queries import find_groepen
from kernenkaart.tijd import now
from kernenkaart.toegang.guards import public
from kernenkaart.web.api import BadInput
from kernenkaart.web.links import full_url

bp = Blueprint("agenda", __name__)

OMGEVING_KM = 3


@bp.record_once
def init(state: BlueprintSetupState) -> None:
    """Give the app what feeds keep, and templates what they show of them."""
    state.app.extensions["kernenkaart.feeds"] = Versiebewaring()
    state.app.jinja_env.globals.update(evenement=evenement, zet_in_agenda=zet_in_agenda)


@bp.get("/kernen/<slug>/agenda")
@public
def kern(slug: str) -> str:
    """How to put the calendar of a kern in one's own: on a phone, on a computer."""
    session = db.session()
    found = get_kern(session, slug)
    groepen = [
        (f"Alleen {groep.naam}", full_url("feeds.platform_ics", platform_id=groep.id))
        for groep in find_groepen(session, BEZOEKER, found.id)
    ]
    omgeving = f"{found.naam} en de kernen binnen {OMGEVING_KM} kilometer"
    return _page(
        found.naam,
        full_url("feeds.kern_ics", slug=slug),
        [(omgeving, full_url("feeds.ics", nabij=slug, afstand=1000 * OMGEVING_KM)), *groepen],
        kern=found,
    )


@bp.get("/agenda")
@public
def keuze() -> str:
    """The same for what somebody chose in the calendar of all kernen: the address says what."""
    try:
        read_vraag(request.args, kalender=True).check(db.session())
    except BadInput as error:
        raise BadRequest(error.melding) from error  # a page, for people
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    adres = full_url("feeds.ics", **request.args.to_dict(flat=False))
    alles = [(f"Alles in {settings.gemeente_naam}", full_url("feeds.ics"))] if request.args else []
    return _page("jouw keuze" if request.args else settings.gemeente_naam, adres, alles, kern=None)


def _page(naam: str, adres: str, anders: list[tuple[str, str]], kern: Kern | None) -> str:
    """The page.

    Args:
        adres: of the calendar.
        anders: names and addresses of other calendars.
        kern: whose calendar it is.
    """
    return render_template(
        "feeds/agenda.html",
        naam=naam,
        kern=kern,
        wegen=ways_to_follow(adres, naam),
        anders=[(wat, to_webcal(ander)) for wat, ander in anders],
        nieuws=url_for("feeds.kern_feed", slug=kern.slug, vorm="atom")
        if kern
        else url_for("feeds.feed", vorm="atom"),
    )


def evenement(activiteit: Activiteit) -> dict[str, Any] | None:
    """The schema.org Event of an activity, for its page; None while not everyone may see it."""
    if activiteit.status not in OPENBAAR:
        return None
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    beeld = activiteit.beeld
    return event_of(
        activiteit,
        url=full_url("activiteiten.toon", activiteit_id=activiteit.id),
        gemeente=settings.gemeente_naam,
        beeld=full_url("beelden.toon", publiek_id=beeld.publiek_id)
        if beeld and beeld.openbaar
        else "",
        eerder=find_eerder_begin(db.session(), activiteit),
    )


def zet_in_agenda(activiteit: Activiteit) -> Zetten | None:
    """The ways to take an activity along; None when there is nothing to go to any more."""
    gaat_door = activiteit.status in (Status.VERWACHT, Status.GEPUBLICEERD)
    if not gaat_door or activiteit.eindigt_op <= now():
        return None
    return ways_for(
        activiteit,
        bestand=url_for("feeds.activiteit_ics", activiteit_id=activiteit.id),
        url=full_url("activiteiten.toon", activiteit_id=activiteit.id),
    )
