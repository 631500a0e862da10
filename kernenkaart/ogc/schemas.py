"""The schemas that the description of the API shares: links, problems, geometry, documents."""

from typing import Any


def ref(soort: str, naam: str) -> dict[str, Any]:
    """A reference to a component of the same document."""
    return {"$ref": f"#/components/{soort}/{naam}"}


def _object(uitleg: str, verplicht: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "description": uitleg, "properties": properties}
    return found | ({"required": list(verplicht)} if verplicht else {})


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEKST: dict[str, Any] = {"type": "string"}
_LINKS = _list(ref("schemas", "link"))
_MOMENT: dict[str, Any] = {"type": "string", "format": "date-time", "nullable": True}
_PUNT: dict[str, Any] = _list({"type": "number"}) | {"minItems": 2, "maxItems": 2}


def _geometry(soort: str, diepte: int) -> dict[str, Any]:
    coordinates: dict[str, Any] = _PUNT
    for _ in range(diepte):
        coordinates = _list(coordinates)
    return _object(
        f"GeoJSON {soort}.",
        ("type", "coordinates"),
        type={"type": "string", "enum": [soort]},
        coordinates=coordinates,
    )


_GEOMETRIES = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}

SCHEMAS: dict[str, Any] = {
    "link": _object(
        "Een verwijzing.",
        ("href", "rel"),
        href={"type": "string", "format": "uri"},
        rel=TEKST,
        type=TEKST,
        title=TEKST,
        hreflang=TEKST,
        templated={"type": "boolean"},
    ),
    "probleem": _object(
        "Wat er mis is (RFC 9457).",
        ("status", "title", "detail"),
        type=TEKST,
        status={"type": "integer"},
        title=TEKST,
        detail=TEKST,
        instance=TEKST,
        errors=_list(ref("schemas", "fout")),
    ),
    "fout": _object(
        "Eén fout in een vraag.",
        ("in", "location", "detail"),
        **{"in": {"type": "string", "enum": ["query", "header", "body"]}},
        location=_object("Waar de fout zit.", name=TEKST, pointer=TEKST),
        detail=TEKST,
    ),
    "meetkunde": {
        "description": "Waar het ligt, als GeoJSON; null zonder plek.",
        "nullable": True,
        "oneOf": [_geometry(soort, diepte) for soort, diepte in _GEOMETRIES.items()]
        + [
            _object(
                "GeoJSON GeometryCollection.",
                ("type", "geometries"),
                type={"type": "string", "enum": ["GeometryCollection"]},
                geometries=_list({"type": "object"}),
            )
        ],
    },
    "voordeur": _object(
        "De voordeur.", ("title", "links"), title=TEKST, description=TEKST, links=_LINKS
    ),
    "standaarden": _object(
        "De standaarden.", ("conformsTo",), conformsTo=_list(TEKST), links=_LINKS
    ),
    "lagen": _object(
        "De lagen.",
        ("links", "collections"),
        title=TEKST,
        crs=_list(TEKST),
        links=_LINKS,
        collections=_list(ref("schemas", "laag")),
    ),
    "laag": _object(
        "Eén laag.",
        ("id", "links", "crs", "storageCrs", "extent"),
        id=TEKST,
        title=TEKST,
        description=TEKST,
        itemType={"type": "string", "enum": ["feature"]},
        crs=_list(TEKST),
        storageCrs=TEKST,
        links=_LINKS,
        extent=_object(
            "Waar en wanneer.",
            spatial=_object(
                "Het vak waar alles in ligt.",
                ("bbox", "crs"),
                bbox=_list(_list({"type": "number"}) | {"minItems": 4, "maxItems": 4}),
                crs=TEKST,
            ),
            temporal=_object(
                "De periode waar alles in valt.",
                ("interval",),
                interval=_list(_list(_MOMENT) | {"minItems": 2, "maxItems": 2}),
                trs=TEKST,
            ),
        ),
    ),
    "wijzigingen": _object(
        "Wat er per versie verandert.",
        ("version", "versions"),
        version=TEKST,
        versions=_list(
            _object("Een versie.", version=TEKST, date=TEKST, changes=_list(TEKST)),
        ),
        links=_LINKS,
    ),
    "document": {"type": "object", "description": "Een document in JSON."},
    "pagina": {"type": "string", "description": "Hetzelfde als webpagina."},
}
