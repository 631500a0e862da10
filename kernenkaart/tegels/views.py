"""Tiles for maps, and the TileJSON that tells a map where they are. The same for everyone."""

from flask import Blueprint, Response, current_app, request

from kernenkaart.config import Settings
from kernenkaart.lezen import lezer
from kernenkaart.tegels.antwoord import tile_answer
from kernenkaart.tegels.documents import tilejson
from kernenkaart.tegels.queries import TegelVraag, find_version
from kernenkaart.tegels.raster import WEB
from kernenkaart.tegels.vraag import PARAMS, asked_periode, get_lagen, get_place
from kernenkaart.toegang.guards import public
from kernenkaart.web.api import api_answer, dump_json, make_etag, read_params, site_root

bp = Blueprint("tegels", __name__, url_prefix="/tegels")


@bp.after_request
def for_all_sites(response: Response) -> Response:
    """A map on any site may use them."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.get("/<lagen>/<z>/<x>/<y>.mvt")
@public
def tegel(lagen: str, z: str, x: str, y: str) -> Response:
    """A tile of one layer, of several (with commas) or of ``alles``."""
    found = get_lagen(lagen)
    place = get_place(WEB, z, x, y)
    values = read_params(request.args, PARAMS)
    vraag = TegelVraag(found, WEB, *place, values.get("soort", ()), asked_periode(values))
    return tile_answer(vraag, values.get("v", ""))


@bp.get("/<lagen>.json")
@public
def beschrijving(lagen: str) -> Response:
    """The TileJSON of these layers; what is asked for stands in its address of tiles too."""
    found = get_lagen(lagen)
    values = read_params(request.args, {name: PARAMS[name] for name in ("soort", "van", "tot")})
    asked_periode(values)
    versie = find_version(lezer(), found)
    asked = {"v": versie, **request.args.to_dict()}
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    body = dump_json(tilejson(found, f"{site_root()}/tegels/{lagen}", asked, settings))
    return api_answer(body, etag=make_etag(body))
