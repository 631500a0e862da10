"""OGC API Tiles: the grids, the tilesets and the tiles, of one layer and of all together."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, request

from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.tegels import documents
from kernenkaart.tegels.antwoord import tile_answer
from kernenkaart.tegels.queries import TegelVraag
from kernenkaart.tegels.vraag import (
    PARAMS,
    asked_periode,
    get_laag,
    get_place,
    get_raster,
    parse_datetime,
)
from kernenkaart.toegang.guards import public
from kernenkaart.web.api import (
    API,
    api_answer,
    api_root,
    dump_json,
    make_etag,
    printable,
    read_params,
)

bp = Blueprint("tegels_ogc", __name__, url_prefix=API)


def _one_of(naam: str, *waarden: str) -> Any:
    def parse(text: str) -> str:
        if text not in waarden:
            raise ValueError(f"Geef bij '{naam}' {' of '.join(waarden)}.")
        return text

    return parse


def _parse_lagen(text: str) -> tuple[OpenLaag, ...]:
    namen = set(text.split(","))
    if unknown := namen - {laag.naam for laag in OPEN_LAGEN}:
        raise ValueError(f"Deze laag bestaat niet: '{printable(min(unknown))}'.")
    return tuple(laag for laag in OPEN_LAGEN if laag.naam in namen)


_JSON = {"f": _one_of("f", "json")}
_TEGEL = {**PARAMS, "datetime": parse_datetime, "f": _one_of("f", "mvt")}


@bp.get("/tileMatrixSets")
@public
def schemas() -> Response:
    """The grids there are."""
    return _document(documents.tile_matrix_sets(api_root()))


@bp.get("/tileMatrixSets/<raster>")
@public
def schema(raster: str) -> Response:
    """One grid."""
    return _document(documents.tile_matrix_set(get_raster(raster)))


@bp.get("/tiles")
@public
def sets() -> Response:
    """The tilesets of all layers together."""
    root = api_root()
    return _document(documents.tilesets(f"{root}/tiles", root, documents.titel_of(OPEN_LAGEN)))


@bp.get("/tiles/<raster>")
@public
def set_(raster: str) -> Response:
    """The tileset of all layers together in one grid."""
    return _tileset("/tiles", raster, OPEN_LAGEN)


@bp.get("/tiles/<raster>/<z>/<row>/<col>")
@public
def tegel(raster: str, z: str, row: str, col: str) -> Response:
    """A tile of all layers together, or of some (``collections``)."""
    values = read_params(request.args, {**_TEGEL, "collections": _parse_lagen})
    return _tile(values.get("collections", OPEN_LAGEN), raster, (z, col, row), values)


@bp.get("/collections/<laag>/tiles")
@public
def sets_van_laag(laag: str) -> Response:
    """The tilesets of a layer."""
    found = get_laag(laag)
    root = api_root()
    return _document(documents.tilesets(f"{root}/collections/{laag}/tiles", root, found.label))


@bp.get("/collections/<laag>/tiles/<raster>")
@public
def set_van_laag(laag: str, raster: str) -> Response:
    """The tileset of a layer in one grid."""
    return _tileset(f"/collections/{laag}/tiles", raster, (get_laag(laag),))


@bp.get("/collections/<laag>/tiles/<raster>/<z>/<row>/<col>")
@public
def tegel_van_laag(laag: str, raster: str, z: str, row: str, col: str) -> Response:
    """A tile of a layer."""
    found = get_laag(laag)
    return _tile((found,), raster, (z, col, row), read_params(request.args, _TEGEL))


def _tile(
    lagen: tuple[OpenLaag, ...], raster: str, zxy: tuple[str, str, str], values: Mapping[str, Any]
) -> Response:
    grid = get_raster(raster)
    place = get_place(grid, *zxy)
    vraag = TegelVraag(lagen, grid, *place, values.get("soort", ()), asked_periode(values))
    return tile_answer(vraag, values.get("v", ""))


def _tileset(pad: str, raster: str, lagen: tuple[OpenLaag, ...]) -> Response:
    settings = current_app.extensions["kernenkaart.settings"]
    root = api_root()
    return _document(documents.tileset(root + pad, root, get_raster(raster), lagen, settings))


def _document(document: documents.Doc) -> Response:
    read_params(request.args, _JSON)
    body = dump_json(document)
    return api_answer(body, etag=make_etag(body))
