"""The kernen: all of them, and the page of each."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, render_template, request
from flask.sansio.blueprints import BlueprintSetupState

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.journaal.queries import data_version
from kernenkaart.portaal.kernpagina import get_kernpagina
from kernenkaart.portaal.queries import count_per_kern
from kernenkaart.tijd import now
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import public
from kernenkaart.web.bewaren import Paginas
from kernenkaart.web.security import csp_nonce

bp = Blueprint("kernen", __name__)

VERS_S = 300  # what is over may still stand there so long


@bp.record_once
def init(state: BlueprintSetupState) -> None:
    """Give the app a place to keep these pages."""
    state.app.extensions["kernenkaart.kernpaginas"] = Paginas()


@bp.get("/kernen")
@public
def lijst() -> Response:
    """All kernen of the municipality, with what goes on in each."""
    return _kept(_render_lijst)


@bp.get("/kernen/<slug>")
@public
def toon(slug: str) -> Response:
    """The home page of a kern."""
    return _kept(lambda: _render_kern(slug))


def _render_lijst() -> str:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    kernen = count_per_kern(
        db.session(), current_actor(), gemeente=settings.gemeente_code, vandaag=now().date()
    )
    return render_template("portaal/kernen.html", kernen=kernen)


def _render_kern(slug: str) -> str:
    pagina = get_kernpagina(db.session(), current_actor(), slug, now().date())
    return render_template("portaal/kern.html", pagina=pagina, kern=pagina.kern)


def _kept(render: Callable[[], str]) -> Response:
    """The page; for visitors as it was kept, as long as no data changed."""
    paginas: Paginas = current_app.extensions["kernenkaart.kernpaginas"]
    if current_actor().is_ingelogd:
        return Response(render(), content_type="text/html; charset=utf-8")
    moment = now()
    versie = data_version(db.session())
    # the whole address: it stands in the footer of the printed page
    key = (request.url, versie, moment.date(), int(moment.timestamp() // VERS_S))
    kept = paginas.get(key, csp_nonce())
    if kept is None:
        kept = (200, render().encode())
        paginas.put(key, csp_nonce(), *kept)
    return Response(kept[1], kept[0], content_type="text/html; charset=utf-8")
