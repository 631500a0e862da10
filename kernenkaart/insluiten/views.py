"""Frames for other websites, the page that hands out their code, and oEmbed (T25).

A frame runs no script, sets no cookie and is always what everybody may see. Only the websites of
our own groups, and those in the settings, may show it.
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from kernenkaart import db
from kernenkaart.actor import BEZOEKER
from kernenkaart.config import ROOT, Settings
from kernenkaart.errors import Invalid, NotFound
from kernenkaart.insluiten.kaartje import draw
from kernenkaart.insluiten.queries import find_eerste, find_websites, get_omtrek, origin_of
from kernenkaart.insluiten.vraag import LAGEN, VORMEN, InsluitVraag, parse_kleur
from kernenkaart.journaal.queries import data_version
from kernenkaart.kalender.indeling import Dag, to_days, to_weeks, whole_weeks
from kernenkaart.kalender.queries import Kiezing, find_per_dag
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.queries import get_kern
from kernenkaart.tijd import MAANDEN, Periode, today
from kernenkaart.toegang.guards import public
from kernenkaart.web.api import is_known, make_etag, site_root
from kernenkaart.web.dingen import to_rij
from kernenkaart.web.security import CSP as CSP_PAGINA
from kernenkaart.web.security import csp_nonce

bp = Blueprint("insluiten", __name__)

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self' {websites}"
)
CACHE = "public, max-age=60, stale-while-revalidate=600"
BESTANDEN = {  # at an address that stays, for who has put it in a website
    "kernen-kaart.js": (ROOT / "static/js/insluiten/kernen-kaart.js", "text/javascript"),
    "insluiten.css": (ROOT / "static/css/insluiten.css", "text/css"),
}
VOORUIT = timedelta(days=366)
PER_DAG = 50
BREED_PX, BREED_MIN_PX, HOOG_MIN_PX = 480, 240, 240
EEN_DAG_S = 86_400


def _settings() -> Settings:
    found: Settings = current_app.extensions["kernenkaart.settings"]
    return found


@bp.get("/insluiten/<slug>")
@public
def toon(slug: str) -> Response:
    """What goes on in a kern, as a page in a frame; ``deel=1`` only its content, for a script."""
    kern, deel = get_kern(db.session(), slug), request.args.get("deel") == "1"
    try:
        vraag = InsluitVraag.from_args(request.args, today())
    except Invalid as error:  # told in the frame itself: another page may not stand there
        page = render_template("insluiten/fout.html", kern=kern, melding=error.melding)
        response = Response(page, 422, content_type="text/html; charset=utf-8")
        return _open(response) if deel else _framed(response)
    etag = make_etag("insluiten", request.full_path, data_version(db.session()), today())
    if deel and is_known(etag):
        return _open(Response(status=304, headers={"ETag": etag}))
    page = render_template(
        "insluiten/deel.html" if deel else "insluiten/pagina.html",
        kern=kern,
        vraag=vraag,
        basis=site_root(),
        **_content(kern, vraag),
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    if deel:
        response.headers["ETag"] = etag
        return _open(response)
    return _framed(response)


@bp.get("/insluiten/kernen-kaart.js", defaults={"naam": "kernen-kaart.js"})
@bp.get("/insluiten/insluiten.css", defaults={"naam": "insluiten.css"})
@public
def bestand(naam: str) -> Response:
    """The web component ``<kernen-kaart>``, and how it looks."""
    pad, soort = BESTANDEN[naam]
    body = pad.read_bytes()
    etag = make_etag(body)
    response = Response(body, content_type=f"{soort}; charset=utf-8")
    if is_known(etag):
        response = Response(status=304)
    response.headers["ETag"] = etag
    return _open(response)


@bp.get("/insluiten/kleur-<kleur>.css")
@public
def kleur_css(kleur: str) -> Response:
    """A colour of one's own, as a style sheet: so the policy need allow nothing within a page."""
    try:
        gekozen = parse_kleur(kleur)
    except Invalid as error:
        raise NotFound("Deze kleur kan niet.") from error
    if not gekozen:
        raise NotFound("Deze kleur kan niet.")
    css = f":root {{ --ki-kleur: {gekozen}; }}\n"
    return _open(Response(css, content_type="text/css; charset=utf-8"))


@bp.get("/kernen/<slug>/insluiten")
@public
def uitleg(slug: str) -> ResponseReturnValue:
    """How a village shows its calendar on its own website: choose, look, copy."""
    session = db.session()
    kern = get_kern(session, slug)
    fouten: dict[str, str] = {}
    gekozen = {naam: request.args.get(naam, "").strip() for naam in ("vorm", "lagen", "kleur")}
    try:
        vraag = InsluitVraag.from_args({n: w for n, w in gekozen.items() if w}, today())
    except Invalid as error:
        fouten[error.veld or "vorm"] = error.melding
        vraag = InsluitVraag.from_args({}, today())
    adres = f"{site_root()}/insluiten/{kern.slug}?{urlencode(vraag.to_args())}"
    page = render_template(
        "insluiten/uitleg.html",
        kern=kern,
        vraag=vraag,
        gekozen=gekozen,
        fouten=fouten,
        vormen=VORMEN,
        lagen=LAGEN,
        adres=adres,
        iframe=_iframe(kern, adres, "100%", vraag.hoogte_px),
        basis=site_root(),
        websites=find_websites(session, kern),
    )
    response = Response(page, 422 if fouten else 200, content_type="text/html; charset=utf-8")
    policy = CSP_PAGINA.format(nonce=csp_nonce()).replace("frame-src 'none'", "frame-src 'self'")
    response.headers["Content-Security-Policy"] = policy  # an example stands in it
    return response


@bp.get("/oembed")
@public
def oembed() -> Response:
    """The code for the page of a kern, for editors that ask for it (oEmbed 1.0)."""
    if request.args.get("format", "json") != "json":
        return _open(Response("Alleen format=json.", 501, content_type="text/plain"))
    kern = _kern_of(request.args.get("url", ""))
    vraag = InsluitVraag.from_args({}, today())
    breed = _at_most("maxwidth", BREED_PX, BREED_MIN_PX)
    hoog = _at_most("maxheight", vraag.hoogte_px, HOOG_MIN_PX)
    adres = f"{site_root()}/insluiten/{kern.slug}?{urlencode(vraag.to_args())}"
    settings = _settings()
    answer = json.dumps(
        {
            "version": "1.0",
            "type": "rich",
            "title": _title(kern),
            "provider_name": f"{settings.titel} {settings.gemeente_naam}",
            "provider_url": f"{site_root()}/",
            "cache_age": EEN_DAG_S,
            "html": _iframe(kern, adres, str(breed), hoog),
            "width": breed,
            "height": hoog,
        }
    )
    return _open(Response(answer, content_type="application/json; charset=utf-8"))


def _content(kern: Kern, vraag: InsluitVraag) -> dict[str, Any]:
    session, dag = db.session(), today()
    lagen = ("activiteiten", "werkzaamheden") if vraag.lagen == "alles" else (vraag.lagen,)
    if vraag.vorm == "maand":
        keuze = Kiezing(
            gemeente=_settings().gemeente_code,
            kern_id=kern.id,
            werk="werkzaamheden" in lagen,
        )
        maand = Periode(vraag.maand, _last_day(vraag.maand))
        rows = find_per_dag(session, BEZOEKER, keuze, whole_weeks(maand), limiet=PER_DAG)
        shown = [row for row in rows if row["laag"] in lagen]
        dagen = to_days(shown, whole_weeks(maand), met_kern=False, regio=_settings().vakantieregio)
        return {
            "weken": to_weeks([_once_a_week(dag) for dag in dagen]),
            "maand": maand,
            "naam": f"{MAANDEN[vraag.maand.month - 1]} {vraag.maand.year}",
        }
    rows = find_eerste(session, kern, lagen, Periode(dag, dag + VOORUIT), vraag.aantal)
    content: dict[str, Any] = {"rijen": [to_rij(row, dag) for row in rows]}
    if vraag.vorm == "kaart":
        content["kaartje"] = draw(get_omtrek(session, kern), rows)
    return content


def _once_a_week(dag: Dag) -> Dag:
    """A day without what goes on since a day before, but for a Monday: a frame is small."""
    if dag.dag.weekday() == 0:
        return dag
    return replace(dag, vermeldingen=tuple(v for v in dag.vermeldingen if not v.vervolg))


def _last_day(eerste: date) -> date:
    return (eerste.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _title(kern: Kern) -> str:
    return f"Wat er te doen is in {kern.naam}"


def _iframe(kern: Kern, adres: str, breed: str, hoog: int) -> str:
    return (
        f'<iframe src="{escape(adres)}" title="{escape(_title(kern))}" width="{breed}" '
        f'height="{hoog}" loading="lazy" style="border:0"></iframe>'
    )


def _kern_of(url: str) -> Kern:
    """The kern that an address of ours is about.

    Raises:
        NotFound: if it is no page of a kern here.
    """
    parts, own = urlsplit(url), urlsplit(site_root())
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        raise NotFound("Dit adres is niet van deze kernenkaart.")
    try:
        _endpoint, values = current_app.url_map.bind(own.netloc).match(parts.path, method="GET")
    except HTTPException:
        values = {}
    if not parts.path.startswith("/kernen/") or "slug" not in values:
        raise NotFound("Van dit adres hebben we geen code. Neem het adres van een kern.")
    return get_kern(db.session(), values["slug"])


def _at_most(naam: str, standaard: int, minstens: int) -> int:
    """A size in px, no larger than was asked for.

    Raises:
        Invalid: if what was asked for is no size.
    """
    text = request.args.get(naam, "")
    if text and not (text.isascii() and text.isdecimal()):
        raise Invalid(f"Schrijf {naam} als een getal, in pixels.", veld=naam)
    return max(min(standaard, int(text[:6])), minstens) if text else standaard


def _framed(response: Response) -> Response:
    """Let the websites of our groups show it."""
    door = [origin for website in _settings().insluiten_door if (origin := origin_of(website))]
    websites = " ".join(sorted({*find_websites(db.session()), *door}))
    policy = CSP.format(websites=websites).strip()
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = CACHE
    return response


def _open(response: Response) -> Response:
    """Readable by a script of any website; there is nothing in it that not everybody may see."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers.setdefault("Cache-Control", CACHE)
    return response
