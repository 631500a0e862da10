"""The map over HTTP: home, its parts, the base map, the background."""

import json
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import date

from flask import Blueprint, Response, current_app, g, redirect, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.actor import Actor
from kernenkaart.config import Settings
from kernenkaart.geo.geojson import to_lonlat
from kernenkaart.kaart.achtergrond import Achtergrond, image_type, make_achtergronden
from kernenkaart.kaart.geocoder import Geocoder
from kernenkaart.kaart.insluiten import init_kaart, kernen_url, versies
from kernenkaart.kaart.kernlaag import kernen_json
from kernenkaart.kaart.los import file_headers, make_los
from kernenkaart.kaart.queries import Versies
from kernenkaart.kaart.thuis import make_thuis
from kernenkaart.kaart.venster import Venster
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import Vraag
from kernenkaart.lagen.keuzes import Keuzes, find_keuzes
from kernenkaart.lezen import lezer
from kernenkaart.tijd import PERIODEN, now
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import public
from kernenkaart.web.bewaren import Paginas
from kernenkaart.web.security import csp_nonce

bp = Blueprint("kaart", __name__)

VERS_S = 300  # what goes on "now" may be so old
VERSIE_S = 0.2  # a visitor may see data so old; under load it saves a question per page


@dataclass
class Kaartdienst:
    """What the map keeps for the life of the process."""

    settings: Settings
    geocoder: Geocoder
    achtergronden: dict[str, Achtergrond]
    paginas: Paginas = field(default_factory=Paginas)
    keuzes: OrderedDict[tuple[str | None, int], Keuzes] = field(default_factory=OrderedDict)
    versie: tuple[float, Versies] | None = None
    versie_s: float = VERSIE_S

    def recent_versies(self) -> Versies:
        """The versions of the data, at most ``versie_s`` old; a request remembers its own."""
        moment = time.monotonic()
        if self.versie is None or moment - self.versie[0] >= self.versie_s:
            self.versie = (moment, versies())
        g.kaart_versies = self.versie[1]
        return self.versie[1]

    def forget(self) -> None:
        """Keep nothing: for tests, whose data is rolled back."""
        self.paginas, self.versie = Paginas(), None
        self.keuzes.clear()

    def keuzes_of(self, gemeente: str | None, versie: int) -> Keuzes:
        """What the filters offer in a gemeente (None: all) at this version of the data."""
        found = self.keuzes.get((gemeente, versie))
        if found is None:
            found = find_keuzes(db.session(), gemeente)
            self.keuzes[gemeente, versie] = found
            while len(self.keuzes) > 2:
                self.keuzes.popitem(last=False)
        return found


@bp.record_once
def init(state: BlueprintSetupState) -> None:
    """Give the app its map, its backgrounds and its geocoder."""
    settings: Settings = state.app.extensions["kernenkaart.settings"]
    state.app.extensions["kernenkaart.kaart"] = Kaartdienst(
        settings, Geocoder.from_settings(settings), make_achtergronden(settings)
    )
    init_kaart(state.app)


def _dienst() -> Kaartdienst:
    dienst: Kaartdienst = current_app.extensions["kernenkaart.kaart"]
    return dienst


@bp.get("/")
@public
def thuis() -> Response:
    """The home page: the list and, beside it, the same on the map."""
    return _answer("kaart/thuis.html")


@bp.get("/kaart/deel")
@public
def deel() -> Response:
    """The parts of the home page that change when one filters, pans or chooses."""
    return _answer("kaart/deel.html")


@bp.get("/landelijk")
@public
def landelijk() -> Response:
    """The same page for all gemeenten together."""
    return _answer("kaart/thuis.html", landelijk=True)


@bp.get("/landelijk/deel")
@public
def landelijk_deel() -> Response:
    """The changing parts of the page for all gemeenten."""
    return _answer("kaart/deel.html", landelijk=True)


def _answer(template: str, *, landelijk: bool = False) -> Response:
    """Rendered, or as kept for anonymous visitors as long as nothing changed."""
    dienst, actor, moment = _dienst(), current_actor(), now()
    versie = versies() if actor.is_ingelogd else dienst.recent_versies()
    # the whole address: it stands at the foot of the printed page
    key = (request.url, versie.alles, int(moment.timestamp() // VERS_S), moment.date())
    kept = None if actor.is_ingelogd else dienst.paginas.get(key, csp_nonce())
    if kept is None:
        kept = _render(template, dienst, actor, versie, moment.date(), landelijk=landelijk)
        if not actor.is_ingelogd:
            dienst.paginas.put(key, csp_nonce(), *kept)
    return Response(kept[1], kept[0], content_type="text/html; charset=utf-8")


def _render(
    template: str,
    dienst: Kaartdienst,
    actor: Actor,
    versie: Versies,
    vandaag: date,
    *,
    landelijk: bool,
) -> tuple[int, bytes]:
    """Status and content of the page that the address asks for."""
    vraag, fouten = Vraag.from_args(request.args)
    gemeente = None if landelijk else dienst.settings.gemeente_code
    keuzes = dienst.keuzes_of(gemeente, versie.keuzes)
    if vraag.kern and vraag.kern not in keuzes.harten:
        fouten["kern"] = "Deze kern bestaat niet. Kies een kern uit de lijst."
        vraag = replace(vraag, kern="")
    pagina = make_thuis(
        db.session(),
        actor,
        vraag=replace(vraag, landelijk=landelijk),
        fouten=fouten,
        # a day stays as it was typed, right or wrong
        getypt={naam: request.args.get(naam, "")[:40] for naam in ("van", "tot")},
        venster=Venster.from_args(request.args),
        keuzes=keuzes,
        geocoder=dienst.geocoder,
        gemeente=gemeente,
        vandaag=vandaag,
        lezer=lezer(),
    )
    page = render_template(template, pagina=pagina, lagen=LAGEN, perioden=PERIODEN)
    return 422 if fouten else 200, page.encode()


@bp.get("/kaart/plekken")
@public
def plekken() -> Response:
    """Streets and addresses for ``?q=``: name, ``[lon, lat]`` and kind; empty when unknown."""
    found = _dienst().geocoder.find(request.args.get("q", "")[:100])
    body = [{"naam": plek.naam, "l": to_lonlat(plek.punt), "soort": plek.soort} for plek in found]
    return Response(json.dumps(body, ensure_ascii=False), content_type="application/json")


@bp.get("/kaart/kernen-<int:versie>.json")
@public
def kernen(versie: int) -> ResponseReturnValue:
    """The base map. An address of another version leads to the newest."""
    url = kernen_url()
    if url != f"/kaart/kernen-{versie}.json":
        return redirect(url)
    body = kernen_json(db.session(), _dienst().settings.gemeente_code)
    response = Response(body, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@bp.get("/kernen/<slug>/kaart.html")
@public
def los(slug: str) -> Response:
    """The stand-alone map file of a kern, as an attachment."""
    bestand = make_los(db.session(), slug, now().date())
    response = Response(bestand.html, content_type="text/html; charset=utf-8")
    response.headers.update(file_headers(bestand, slug))
    return response


@bp.get("/achtergrond/<soort>/<int:z>/<int:x>/<int:y>")
@public
def tegel(soort: str, z: int, x: int, y: int) -> Response:
    """A tile of the background; 404 when there is none, and the map does without."""
    achtergronden = _dienst().achtergronden
    body = achtergronden[soort].tile(z, x, y) if soort in achtergronden else None
    if body is None:
        return Response(status=404)
    response = Response(body, content_type=image_type(body))
    response.headers["Cache-Control"] = "public, max-age=604800"
    return response
