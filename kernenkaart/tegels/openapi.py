"""What tiles add to the documents of the API: conformance, links, OpenAPI."""

from typing import Any

from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.tegels.antwoord import MVT
from kernenkaart.tegels.documents import TILESETS, TILING_SCHEME
from kernenkaart.tegels.raster import RASTERS
from kernenkaart.web.api import JSON, ApiDeel, Verwijzing

_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
CONFORMANCE = (
    f"{_TILES}/core",
    f"{_TILES}/tileset",
    f"{_TILES}/tilesets-list",
    f"{_TILES}/dataset-tilesets",
    f"{_TILES}/geodata-tilesets",
    f"{_TILES}/collections-selection",
    f"{_TILES}/datetime",
    f"{_TILES}/oas30",
    f"{_TILES}/mvt",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
)


def _parameter(name: str, text: str, schema: dict[str, Any], place: str = "query") -> Any:
    return {
        "name": name,
        "in": place,
        "description": text,
        "required": place == "path",
        "schema": schema,
        "style": "simple" if place == "path" else "form",
        "explode": False,
    }


_CODES = {"type": "array", "items": {"type": "string"}}
_DAG = {"type": "string", "format": "date"}
_GETAL = {"type": "integer", "minimum": 0}
_RASTER = _parameter(
    "tileMatrixSetId", "Het tegelschema.", {"type": "string", "enum": list(RASTERS)}, "path"
)
_LAAG = _parameter(
    "collectionId",
    "De laag.",
    {"type": "string", "enum": [laag.naam for laag in OPEN_LAGEN]},
    "path",
)
_PLEK = [
    _parameter("tileMatrix", "Het zoomniveau.", _GETAL, "path"),
    _parameter("tileRow", "De rij, van noord naar zuid.", _GETAL, "path"),
    _parameter("tileCol", "De kolom, van west naar oost.", _GETAL, "path"),
]
_VRAAG = [
    _parameter("soort", "Alleen deze soorten: codes met komma's ertussen.", _CODES),
    _parameter("van", "Wat op of na deze dag nog bezig is of komt.", _DAG),
    _parameter("tot", "Wat op of voor deze dag begint.", _DAG),
    _parameter("datetime", "Een moment of een periode; telt per dag.", {"type": "string"}),
    _parameter("v", "De versie van de gegevens, uit de TileJSON.", {"type": "string"}),
    _parameter("f", "De vorm.", {"type": "string", "enum": ["mvt"]}),
]
_LAGEN = _parameter("collections", "Alleen deze lagen.", _CODES)
_F = _parameter("f", "De vorm.", {"type": "string", "enum": ["json"]})


def _get(operation: str, summary: str, parameters: list[Any], media_type: str = JSON) -> Any:
    binary = media_type == MVT
    answers = {
        "200": {
            "description": "Een vector tile." if binary else "Het document.",
            "headers": {
                name: {"$ref": f"#/components/headers/{name}"} for name in ("API-Version", "ETag")
            },
            "content": {
                media_type: {
                    "schema": {"type": "string", "format": "binary"}
                    if binary
                    else {"type": "object"}
                }
            },
        },
        "304": {"$ref": "#/components/responses/NietVeranderd"},
    }
    if binary:
        answers["204"] = {"description": "In deze tegel is niets."}
    for code, name in {
        "400": "Fout", "404": "NietGevonden", "500": "Storing", "503": "Onbereikbaar",
    }.items():  # fmt: skip
        answers[code] = {"$ref": f"#/components/responses/{name}"}
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "description": f"{summary}, volgens OGC API Tiles.",
            "tags": ["Over de API"],
            "parameters": parameters,
            "responses": answers,
        }
    }


def _paths() -> dict[str, Any]:
    paths = {
        "/tileMatrixSets": _get("getTileMatrixSets", "De tegelschema's", [_F]),
        "/tileMatrixSets/{tileMatrixSetId}": _get(
            "getTileMatrixSet", "Een tegelschema", [_RASTER, _F]
        ),
    }
    for prefix, name, what, own, more in (
        ("", "Dataset", "van alle lagen", [], [_LAGEN]),
        ("/collections/{collectionId}", "Collection", "van een laag", [_LAAG], []),
    ):
        sets = f"{prefix}/tiles"
        one = f"{sets}/{{tileMatrixSetId}}"
        paths[sets] = _get(f"get{name}Tilesets", f"De tegelsets {what}", [*own, _F])
        paths[one] = _get(f"get{name}Tileset", f"Een tegelset {what}", [*own, _RASTER, _F])
        paths[f"{one}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"] = _get(
            f"get{name}Tile", f"Een tegel {what}", [*own, _RASTER, *_PLEK, *_VRAAG, *more], MVT
        )
    return paths


DEEL = ApiDeel(
    conformance=CONFORMANCE,
    landing=(
        Verwijzing(TILESETS, "/tiles", JSON, "Vector tiles van alle lagen"),
        Verwijzing(f"{TILING_SCHEME}s", "/tileMatrixSets", JSON, "De tegelschema's"),
    ),
    collectie=(Verwijzing(TILESETS, "/collections/{laag}/tiles", JSON, "Vector tiles hiervan"),),
    paths=_paths(),
)
