"""Calendars and feeds over HTTP. What they tell is the same for everyone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Row, and_

from kernenkaart import db
from kernenkaart.activiteiten.laag import LAAG
from kernenkaart.activiteiten.models import Activiteit, Reeks
from kernenkaart.actor import BEZOEKER
from kernenkaart.config import Settings
from kernenkaart.errors import NotFound
from kernenkaart.feeds.atom import ATOM, RSS, Feedkop, to_atom, to_items, to_rss
from kernenkaart.feeds.bewaren import Versiebewaring
from kernenkaart.feeds.ical import ICAL, Adressen, Kop, to_ical, wrap
from kernenkaart.feeds.queries import (
    find_kalender,
    find_nieuws,
    fits,
    in_kern,
    next_of,
)
from kernenkaart.feeds.vraag import key_of, read_vraag, venster
from kernenkaart.feeds.werk import find_werk, to_events
from kernenkaart.kernen.queries import get_kern
from kernenkaart.lagen.filter import ALLE_DAGEN, DingFilter
from kernenkaart.lezen import lezer
from kernenkaart.platforms.queries import get_platform
from kernenkaart.tijd import now, today
from kernenkaart.toegang.guards import public
from kernenkaart.web.api import OPEN_CACHE, api_answer, check_params, is_known, make_etag
from kernenkaart.web.links import full_url

bp = Blueprint("feeds", __name__)


@dataclass(frozen=True)
class Wat:
    """What somebody follows, in words.

    Attributes:
        naam: of the kern, the group or the gemeente.
        url: the page where the same can be read.
    """

    naam: str
    url: str


@bp.after_request
def for_all_sites(response: Response) -> Response:
    """A program on any site may read them."""
    if response.mimetype != "text/html":
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.get("/kernen/<slug>/kalender.ics")
@public
def kern_ics(slug: str) -> Response:
    """The calendar of a kern."""
    check_params(request.args, ())
    dag = today()

    def build() -> bytes:
        kern = get_kern(db.session(), slug)
        wat = Wat(f"{kern.naam}: wat er te doen is", full_url("kernen.toon", slug=slug))
        return _calendar(wat, in_kern(slug, venster(dag).begin or now()))

    return _answer(ICAL, build, venster(dag), bestand=f"{slug}.ics")


@bp.get("/kernen/<slug>/werkzaamheden.ics")
@public
def kern_werk_ics(slug: str) -> Response:
    """The works of a kern."""
    check_params(request.args, ())
    dag = today()

    def build() -> bytes:
        kern = get_kern(db.session(), slug)
        wat = Wat(f"{kern.naam}: werk aan de weg", full_url("kernen.toon", slug=slug))
        werken = find_werk(db.session(), kern.id, venster(dag).eerste)
        return wrap(_kop(wat), to_events(werken, _settings().basis_url.rstrip("/")))

    return _answer(ICAL, build, venster(dag), bestand=f"werk-{slug}.ics")


@bp.get("/platforms/<int:platform_id>/kalender.ics")
@public
def platform_ics(platform_id: int) -> Response:
    """What a group puts in the calendar."""
    check_params(request.args, ())
    dag = today()

    def build() -> bytes:
        platform = get_platform(db.session(), BEZOEKER, platform_id)
        wat = Wat(platform.naam, full_url("lijsten.lijst", naam=LAAG.naam))
        welke = and_(Activiteit.platform_id == platform_id, LAAG.tijdens(venster(dag)))
        return _calendar(wat, welke)

    return _answer(ICAL, build, venster(dag), bestand=f"groep-{platform_id}.ics")


@bp.get("/kalender.ics")
@public
def ics() -> Response:
    """The calendar of all kernen, or of what the address asks for."""
    vraag, dag = read_vraag(request.args, kalender=True), today()

    def build() -> bytes:
        keuze = vraag.to_filter(db.session(), _settings().gemeente_code, venster(dag), dag)
        return _calendar(_all(), fits(keuze), per_keer=vraag.met_periode)

    return _answer(ICAL, build, key_of(vraag, dag), bestand="kalender.ics")


@bp.get("/activiteiten/<int:activiteit_id>.ics")
@public
def activiteit_ics(activiteit_id: int) -> Response:
    """One activity, to put in a calendar of one's own."""
    check_params(request.args, ())

    def build() -> bytes:
        url = full_url("activiteiten.toon", activiteit_id=activiteit_id)
        return _calendar(_all(url), Activiteit.id == activiteit_id, per_keer=True, leeg_mag=False)

    return _answer(ICAL, build, None, bestand=f"activiteit-{activiteit_id}.ics")


@bp.get("/activiteiten/reeks/<uuid:uid>.ics")
@public
def reeks_ics(uid: UUID) -> Response:
    """All times of one series."""
    check_params(request.args, ())

    def build() -> bytes:
        welke = Reeks.uid == uid
        return _calendar(_all(full_url("feeds.reeks", uid=uid)), welke, leeg_mag=False)

    return _answer(ICAL, build, None, bestand=f"reeks-{uid}.ics")


@bp.get("/activiteiten/reeks/<uuid:uid>")
@public
def reeks(uid: UUID) -> ResponseReturnValue:
    """The address of a series: leads to its next time, or else to its last."""
    activiteit_id = next_of(db.session(), uid, now())
    return redirect(url_for("activiteiten.toon", activiteit_id=activiteit_id))


@bp.get("/kernen/<slug>/feed.<any(atom, rss):vorm>")
@public
def kern_feed(slug: str, vorm: str) -> Response:
    """What is new and changed in a kern."""
    check_params(request.args, ())

    def build() -> bytes:
        kern = get_kern(db.session(), slug)
        wat = Wat(f"{kern.naam}: nieuw en veranderd", full_url("kernen.toon", slug=slug))
        return _news(wat, DingFilter(kern=slug), vorm)

    return _answer(ATOM if vorm == "atom" else RSS, build, None)


@bp.get("/feed.<any(atom, rss):vorm>")
@public
def feed(vorm: str) -> Response:
    """What is new and changed in all kernen, or in what the address asks for."""
    vraag, dag = read_vraag(request.args, kalender=False), today()

    def build() -> bytes:
        keuze = vraag.to_filter(db.session(), _settings().gemeente_code, ALLE_DAGEN, dag)
        wat = Wat(f"{_settings().titel}: nieuw en veranderd", full_url("kaart.thuis"))
        return _news(wat, keuze, vorm)

    return _answer(ATOM if vorm == "atom" else RSS, build, vraag.met_periode and dag)


def _settings() -> Settings:
    found: Settings = current_app.extensions["kernenkaart.settings"]
    return found


def _answer(
    media_type: str, build: Callable[[], bytes], key: object, *, bestand: str = ""
) -> Response:
    """The feed; to who has it already a 304, without asking the database.

    Args:
        key: what it depends on besides the address and the data.
        bestand: name of the file, where it is kept as one.
    """
    bewaring: Versiebewaring = current_app.extensions["kernenkaart.feeds"]
    etag = make_etag(request.full_path, bewaring.recent(lezer()), key)
    if is_known(etag):
        return Response(status=304, headers={"ETag": etag, "Cache-Control": OPEN_CACHE})
    headers = {"Content-Disposition": f'inline; filename="{bestand}"'} if bestand else {}
    return api_answer(build(), media_type, etag=etag, headers=headers)


def _bron() -> str:
    """The address that was asked, as somebody outside sees it."""
    values: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False)}
    return full_url(str(request.endpoint), **values)


def _all(url: str = "") -> Wat:
    settings = _settings()
    naam = f"{settings.titel} {settings.gemeente_naam}"
    return Wat(naam, url or full_url("lijsten.lijst", naam=LAAG.naam))


def _calendar(
    wat: Wat, welke: ColumnElement[bool], *, per_keer: bool = False, leeg_mag: bool = True
) -> bytes:
    """A calendar of these activities.

    Raises:
        NotFound: if there are none, and that may not be.
    """
    kalender = find_kalender(db.session(), welke, per_keer=per_keer)
    if not (leeg_mag or kalender.losse or kalender.reeksen):
        raise NotFound("Deze activiteit bestaat niet (meer). Misschien is hij al voorbij.")
    return to_ical(_kop(wat), kalender, _adressen())


def _kop(wat: Wat) -> Kop:
    settings = _settings()
    return Kop(
        naam=wat.naam,
        omschrijving=f"Uit de kernenkaart van {settings.gemeente_naam}.",
        bron=_bron(),
        url=wat.url,
        maker=f"{settings.titel} {settings.gemeente_naam}",
    )


def _adressen() -> Adressen:
    basis = _settings().basis_url.rstrip("/")

    def activiteit(keer: Row[Any]) -> str:
        return f"{basis}/activiteiten/{keer.id}"

    def reeks(rij: Row[Any]) -> str:
        return f"{basis}/activiteiten/reeks/{rij.uid}"

    return Adressen(activiteit, reeks)


def _news(wat: Wat, keuze: DingFilter, vorm: str) -> bytes:
    settings = _settings()
    kop = Feedkop(
        titel=wat.naam,
        omschrijving=f"Uit de kernenkaart van {settings.gemeente_naam}.",
        bron=_bron(),
        url=wat.url,
        wie=f"Gemeente {settings.gemeente_naam}",
        leeg_op=venster(today()).begin or now(),
    )
    items = to_items(find_nieuws(db.session(), keuze), settings.basis_url.rstrip("/"))
    return to_atom(kop, items) if vorm == "atom" else to_rss(kop, items)
