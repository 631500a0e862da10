"""The description of the API for programs: OpenAPI 3.0.3, whole in itself, texts in Dutch."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Integer

from kernenkaart.config import Settings
from kernenkaart.geo.laag import OpenLaag, Veld
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.ogc import documents
from kernenkaart.ogc.crs import ALLE
from kernenkaart.ogc.params import AFSTAND_M, AFSTAND_MAX_M, LIMIET, LIMIET_MAX
from kernenkaart.ogc.schemas import SCHEMAS, ref
from kernenkaart.ogc.vraag import FORMATEN, TALEN, VAST
from kernenkaart.web.api import GEOJSON, JSON, PROBLEM, VERSIE, ApiDeel, site_root

Doc = dict[str, Any]

OVER = "Over de API"


def make_openapi(root: str, settings: Settings, delen: Iterable[ApiDeel]) -> Doc:
    """The whole document.

    Args:
        root: address of the API.
        delen: what other packages add to paths and schemas.
    """
    paths = _fixed_paths()
    schemas: Doc = dict(SCHEMAS)
    beveiliging: Doc = {}
    for laag in OPEN_LAGEN:
        paths |= _paths_of(laag)
        schemas |= _schemas_of(laag)
    for deel in delen:
        for pad, item in deel.paths.items():
            paths[pad] = paths.get(pad, {}) | {
                sleutel: _with_version(deel_) if "responses" in deel_ else deel_
                for sleutel, deel_ in item.items()
            }
        schemas |= deel.schemas
        beveiliging |= deel.beveiliging
    return {
        "openapi": "3.0.3",
        "info": {
            "title": documents.titel(settings),
            "description": documents.beschrijving(settings),
            "version": VERSIE,
            "contact": _contact(settings),
            "license": {
                "name": settings.open_data_licentie,
                "url": settings.open_data_licentie_url,
            },
        },
        "servers": [{"url": root, "description": "De open API, versie 1"}],
        "tags": [
            {"name": OVER, "description": "Wat er is en hoe het werkt."},
            *({"name": x.label, "description": x.omschrijving} for x in OPEN_LAGEN),
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": _parameters(),
            "responses": _responses(),
            "headers": _HEADERS,
            "securitySchemes": beveiliging,
        },
    }


def _with_version(operatie: Doc) -> Doc:
    """An operation of which each answer says that it tells the version."""
    kop = {"API-Version": ref("headers", "API-Version")}
    antwoorden = {
        code: wat if "$ref" in wat else wat | {"headers": kop | wat.get("headers", {})}
        for code, wat in operatie["responses"].items()
    }
    return operatie | {"responses": antwoorden}


def _contact(settings: Settings) -> Doc:
    return {
        "name": f"Gemeente {settings.gemeente_naam}",
        "url": settings.contact_url or f"{site_root()}/over",
        "email": settings.contact_email or settings.mail_afzender,
    }


_HEADERS: Doc = {
    "API-Version": {
        "description": "De versie van de API die dit antwoord gaf.",
        "schema": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$", "example": VERSIE},
    },
    "Content-Crs": {
        "description": "Het coördinatenstelsel van het antwoord, als URI tussen < en >.",
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "Kenmerk van dit antwoord, voor If-None-Match.",
        "schema": {"type": "string"},
    },
}
_FOUTEN = {"400": "Fout", "404": "NietGevonden", "500": "Storing", "503": "Onbereikbaar"}


def _responses() -> Doc:
    teksten = {
        "Fout": "De vraag klopt niet. In 'errors' staat elke fout apart.",
        "NietGevonden": "Dit is er niet (meer).",
        "Storing": "Er ging iets mis bij ons.",
        "Onbereikbaar": "De kernenkaart is even niet bereikbaar.",
        "NietVeranderd": "Je hebt dit antwoord al.",
    }
    kop = {"API-Version": ref("headers", "API-Version")}
    found: Doc = {
        naam: {
            "description": tekst,
            "headers": kop,
            "content": {PROBLEM: {"schema": ref("schemas", "probleem")}},
        }
        for naam, tekst in teksten.items()
    }
    del found["NietVeranderd"]["content"]
    return found


def _answer(beschrijving: str, *soorten: tuple[str, str], crs: bool = False) -> Doc:
    """A good answer: ``soorten`` are media types with the name of their schema."""
    namen = ["API-Version", "ETag", *(["Content-Crs"] if crs else [])]
    return {
        "description": beschrijving,
        "headers": {naam: ref("headers", naam) for naam in namen},
        "content": {soort: {"schema": ref("schemas", schema)} for soort, schema in soorten},
    }


def _get(
    sleutel: str,
    titel: str,
    goed: Doc,
    parameters: Iterable[Doc],
    *,
    tag: str = OVER,
    uitleg: str = "",
) -> Doc:
    fouten = {code: ref("responses", naam) for code, naam in _FOUTEN.items()}
    return {
        "operationId": sleutel,
        "summary": titel,
        "description": uitleg or titel + ".",
        "tags": [tag],
        "parameters": list(parameters),
        "responses": {"200": goed, "304": ref("responses", "NietVeranderd"), **fouten},
    }


def _fixed_paths() -> Doc:
    f = ref("parameters", "f")
    vast = (
        ("", "getLandingPage", "De voordeur van de API", "voordeur", [f]),
        ("/conformance", "getConformance", "Welke standaarden de API volgt", "standaarden", [f]),
        ("/collections", "getCollections", "Welke lagen er zijn", "lagen", [f]),
        (
            "/collections/{collectionId}", "getCollection", "Eén laag", "laag",
            [ref("parameters", "collectionId"), f],
        ),
        ("/changelog", "getChangelog", "Wat er per versie verandert", "wijzigingen", [f]),
    )  # fmt: skip
    paths: Doc = {
        pad or "/": {
            "get": _get(
                sleutel, titel,
                _answer(f"{titel}.", (JSON, schema), ("text/html", "pagina")), parameters,
            )
        }
        for pad, sleutel, titel, schema, parameters in vast
    }  # fmt: skip
    paths["/openapi.json"] = {
        "get": _get(
            "getOpenApi", "Deze beschrijving",
            _answer("De beschrijving.", (documents.OPENAPI_TYPE, "document")), [],
        )
    }  # fmt: skip
    paths["/uitleg"] = {
        "get": _get(
            "getUitleg", "Uitleg voor ontwikkelaars",
            _answer("De uitleg.", ("text/html", "pagina")), [f],
        )
    }  # fmt: skip
    return paths


def _paths_of(laag: OpenLaag) -> Doc:
    naam = laag.naam
    gedeeld = [ref("parameters", parameter) for parameter in VAST]
    eigen = [
        {
            "name": veld_naam,
            "in": "query",
            "required": False,
            "description": f"Alleen wat hier precies deze waarde heeft. {veld.omschrijving}",
            "style": "form",
            "explode": False,
            "schema": _without_null(_schema_of(veld)),
        }
        for veld_naam, veld in laag.velden.items()
    ]
    html = ("text/html", "pagina")
    label = laag.label.lower()
    items = _get(
        f"get{naam.capitalize()}", f"Vraag {label} op",
        _answer(f"Een bladzijde {label}.", (GEOJSON, f"{naam}Bladzijde"), html, crs=True),
        [*gedeeld, ref("parameters", "id"), *eigen],
        tag=laag.label,
        uitleg=f"{laag.omschrijving} Volg de link 'next' voor de volgende bladzijde: elk ding komt "
        "precies één keer langs, ook als er intussen dingen bij komen.",
    )  # fmt: skip
    item = _get(
        f"get{naam.capitalize()}Item", f"Eén ding uit {label}",
        _answer("Het ding.", (GEOJSON, f"{naam}Ding"), html, crs=True),
        [ref("parameters", "featureId"), ref("parameters", "f"), ref("parameters", "crs")],
        tag=laag.label,
    )  # fmt: skip
    return {
        f"/collections/{naam}/items": {"get": items},
        f"/collections/{naam}/items/{{featureId}}": {"get": item},
    }


def _schema_of(veld: Veld) -> Doc:
    soort = veld.kolom.type  # type: ignore[attr-defined]
    if isinstance(soort, Boolean):
        schema: Doc = {"type": "boolean"}
    elif isinstance(soort, DateTime):
        schema = {"type": "string", "format": "date-time"}
    elif isinstance(soort, Date):
        schema = {"type": "string", "format": "date"}
    elif isinstance(soort, Integer):
        schema = {"type": "integer"}
    else:
        schema = {"type": "string"}
    if veld.codes:
        schema["enum"] = [code.value for code in veld.codes]
    return schema | {"description": veld.omschrijving, "nullable": True}


def _without_null(schema: Doc) -> Doc:
    return {key: value for key, value in schema.items() if key not in {"nullable", "description"}}


def _schemas_of(laag: OpenLaag) -> Doc:
    eigenschappen = {
        "type": "object",
        "description": laag.omschrijving,
        "properties": {naam: _schema_of(veld) for naam, veld in laag.velden.items()},
        "required": list(laag.velden),
        "additionalProperties": False,
    }
    for schema in eigenschappen["properties"].values():  # type: ignore[attr-defined]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    ding: Doc = {
        "type": "object",
        "description": f"Eén ding uit {laag.label.lower()}.",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer", "description": "Het nummer binnen deze laag."},
            "geometry": ref("schemas", "meetkunde"),
            "properties": eigenschappen,
            "links": {"type": "array", "items": ref("schemas", "link")},
        },
    }
    bladzijde: Doc = {
        "type": "object",
        "description": f"Een bladzijde {laag.label.lower()}.",
        "required": ["type", "features", "links", "timeStamp", "numberReturned"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberReturned": {"type": "integer", "minimum": 0},
            "links": {"type": "array", "items": ref("schemas", "link")},
            "features": {"type": "array", "items": ref("schemas", f"{laag.naam}Ding")},
        },
    }
    return {f"{laag.naam}Ding": ding, f"{laag.naam}Bladzijde": bladzijde}


def _parameter(naam: str, uitleg: str, schema: Doc, **meer: Any) -> Doc:
    return {
        "name": naam, "in": "query", "required": False, "description": uitleg,
        "style": "form", "explode": False, "schema": schema, **meer,
    }  # fmt: skip


def _parameters() -> Doc:
    stelsels: Doc = {"type": "string", "format": "uri", "enum": [crs.uri for crs in ALLE]}
    crs84 = stelsels | {"default": ALLE[0].uri}
    tekst: Doc = {"type": "string"}
    getallen: Doc = {"type": "array", "items": {"type": "number"}}
    vak = getallen | {"oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)]}
    zoek = (
        ("f", "Vorm van het antwoord.", {"type": "string", "enum": list(FORMATEN)}),
        (
            "limit", "Hoeveel dingen er hooguit op een bladzijde staan.",
            {"type": "integer", "minimum": 1, "maximum": LIMIET_MAX, "default": LIMIET},
        ),
        ("cursor", "Waar de bladzijde begint. Neem hem over uit de link 'next'.", tekst),
        (
            "bbox",
            "Alleen wat dit vak raakt: de hoek linksonder en de hoek rechtsboven. Wat geen plek "
            "heeft, valt erbuiten.", vak,
        ),
        ("bbox-crs", "Het coördinatenstelsel van 'bbox'.", crs84),
        ("crs", "Het coördinatenstelsel van het antwoord.", crs84),
        (
            "datetime",
            "Alleen wat er op dit moment of in deze periode is (RFC 3339). Een open kant is '..'. "
            "Wat geen datums heeft, is er altijd.", tekst,
        ),
        ("nabij", "Alleen wat dicht bij deze kern ligt: de slug van de kern.", tekst),
        (
            "afstand", "Hoeveel meter 'nabij' hooguit is, vanaf de grens van de kern.",
            {"type": "number", "minimum": 0, "maximum": AFSTAND_MAX_M, "default": AFSTAND_M},
        ),
        ("filter", "Een filter in CQL2.", tekst),
        ("filter-lang", "Hoe het filter geschreven is.", {"type": "string", "enum": [*TALEN]}),
        ("filter-crs", "Het coördinatenstelsel van plekken in het filter.", crs84),
        ("id", "Alleen het ding met dit nummer.", {"type": "integer"}),
    )  # fmt: skip
    pad: Doc = {"in": "path", "required": True}
    lagen = {"type": "string", "enum": [laag.naam for laag in OPEN_LAGEN]}
    return {
        **{naam: _parameter(naam, uitleg, schema) for naam, uitleg, schema in zoek},
        "collectionId": {
            "name": "collectionId", "description": "Naam van de laag.", "schema": lagen, **pad,
        },
        "featureId": {
            "name": "featureId", "description": "Nummer van het ding.",
            "schema": {"type": "string"}, **pad,
        },
    }  # fmt: skip
