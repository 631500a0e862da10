"""The map over HTTP: home, its parts, the base map, the background."""

from flask import Blueprint, Response, abort, current_app, redirect
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.kaart.achtergrond import Achtergrond, image_type, make_achtergronden
from kernenkaart.kaart.geocoder import Geocoder
from kernenkaart.kaart.insluiten import init_kaart, kernen_url
from kernenkaart.kaart.kernlaag import kernen_json
from kernenkaart.toegang.guards import public

bp = Blueprint("kaart", __name__)


@bp.record_once
def init(state: BlueprintSetupState) -> None:
    """Give the app its map, its backgrounds and its geocoder."""
    settings: Settings = state.app.extensions["kernenkaart.settings"]
    state.app.extensions["kernenkaart.achtergronden"] = make_achtergronden(settings)
    state.app.extensions["kernenkaart.geocoder"] = Geocoder.from_settings(settings)
    init_kaart(state.app)


@bp.get("/kaart/kernen-<int:versie>.json")
@public
def kernen(versie: int) -> ResponseReturnValue:
    """The base map. An address of an older version leads to the newest."""
    url = kernen_url()
    if url != f"/kaart/kernen-{versie}.json":
        return redirect(url)
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    body = kernen_json(db.session(), settings.gemeente_code)
    response = Response(body, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@bp.get("/achtergrond/<soort>/<int:z>/<int:x>/<int:y>")
@public
def tegel(soort: str, z: int, x: int, y: int) -> Response:
    """A tile of the background; 404 when there is none, and the map does without."""
    achtergronden: dict[str, Achtergrond] = current_app.extensions["kernenkaart.achtergronden"]
    body = achtergronden[soort].tile(z, x, y) if soort in achtergronden else None
    if body is None:
        abort(404)
    response = Response(body, content_type=image_type(body))
    response.headers["Cache-Control"] = "public, max-age=604800"
    return response
