"""What can be asked of the things of a layer, as documents for programs and for people (Part 3)."""

from collections.abc import Iterable, Mapping
from typing import Any

from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.ogc.cql2.queryables import Kind, Queryable, queryables
from kernenkaart.ogc.schemas import ref
from kernenkaart.web.api import ApiDeel, Verwijzing

SCHEMA = "application/schema+json"
REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
CONFORMANCE = (
    *(
        _FEATURES + naam
        for naam in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        _CQL2 + naam
        for naam in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
        )
    ),
)
_TYPES: dict[Kind, dict[str, str]] = {
    Kind.TEXT: {"type": "string"},
    Kind.NUMBER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DAY: {"type": "string", "format": "date"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
}


def schema_of(queryable: Queryable) -> dict[str, Any]:
    """The JSON Schema of one queryable; also that of the parameter of the same name."""
    schema: dict[str, Any] = {"title": queryable.name, "description": queryable.description}
    if queryable.kind is Kind.SHAPE:
        vorm = {"GEOMETRY": "any"}.get(queryable.geometry, queryable.geometry.lower())
        return schema | {"format": f"geometry-{vorm}", "x-ogc-role": "primary-geometry"}
    schema |= _TYPES[queryable.kind]
    if queryable.codes:
        schema["enum"] = list(queryable.codes)
    if queryable.name == "id":
        schema["x-ogc-role"] = "id"
    return schema


def shared_by_all() -> Mapping[str, Queryable]:
    """What can be asked of every layer, in the same sense."""
    eerste, *rest = (queryables(laag) for laag in OPEN_LAGEN)
    return {
        name: found
        for name, found in eerste.items()
        if all(name in other and other[name].description == found.description for other in rest)
    }


def document(
    address: str, title: str, description: str, found: Iterable[Queryable]
) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what can be asked.

    Args:
        address: of this document, without parameters.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": title,
        "description": description,
        "properties": {queryable.name: schema_of(queryable) for queryable in found},
        "additionalProperties": False,
    }


def _path(operation: str, summary: str, *parameters: str) -> dict[str, Any]:
    answer = {
        "description": "Een JSON Schema: de namen, wat ze betekenen en welke waarden er zijn.",
        "headers": {naam: ref("headers", naam) for naam in ("API-Version", "ETag")},
        "content": {
            SCHEMA: {"schema": {"type": "object"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }
    fouten = {"400": "Fout", "404": "NietGevonden", "500": "Storing", "503": "Onbereikbaar"}
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "description": f"{summary}. Gebruik de namen in een filter, of als parameter.",
            "tags": ["Over de API"],
            "parameters": [ref("parameters", naam) for naam in (*parameters, "f")],
            "responses": {
                "200": answer,
                "304": ref("responses", "NietVeranderd"),
                **{code: ref("responses", naam) for code, naam in fouten.items()},
            },
        }
    }


DEEL = ApiDeel(
    conformance=CONFORMANCE,
    landing=(Verwijzing(REL, "/queryables", SCHEMA, "Wat je van elke laag kunt vragen"),),
    collectie=(
        Verwijzing(REL, "/collections/{laag}/queryables", SCHEMA, "Wat je hiervan kunt vragen"),
    ),
    paths={
        "/queryables": _path("getQueryables", "Wat je van elke laag kunt vragen"),
        "/collections/{collectionId}/queryables": _path(
            "getCollectionQueryables", "Wat je van een laag kunt vragen", "collectionId"
        ),
    },
)
