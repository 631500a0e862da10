"""What the OpenAPI document says about writing, in the dialect of OpenAPI 3.0 and in Dutch."""

from typing import Any

from kernenkaart.ogc.crs import ALLE
from kernenkaart.ogc.eigenschappen import ALLEEN_LEZEN, EIGENSCHAPPEN
from kernenkaart.ogc.schemas import ref
from kernenkaart.ogc.schrijven import ITEMS, LIMIET, LIMIET_MAX, MIJN
from kernenkaart.ogc.schrijven_vraag import BODY_MAX, FEATURE, MERGE_PATCH, PATCH
from kernenkaart.periode import Nauwkeurigheid
from kernenkaart.toegang.models import Recht
from kernenkaart.web.api import GEOJSON, PROBLEM, ApiDeel
from kernenkaart.werkzaamheden.laag import LAAG

Doc = dict[str, Any]

SLEUTEL = "sleutel"
CRS_SCHEMA: Doc = {
    "type": "string",
    "format": "uri",
    "enum": [crs.uri for crs in ALLE],
    "default": ALLE[0].uri,
}
# part 4 as the OGC adopted it. Not its optimistic-locking-etags: the open address of a work must
# answer the same to everyone, so the strong ETag is given below /mijn and with every answer here
CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/{naam}"
    for naam in ("create-replace-delete", "update", "features")
)
FOUTEN = {
    "400": "Wat je stuurt klopt niet. In 'errors' staat elke fout, met de plek ervan.",
    "401": "De sleutel ontbreekt of werkt niet (meer).",
    "403": "De sleutel of jouw organisatie mag dit niet.",
    "404": "Dit werk is er niet (meer), of niet voor jou.",
    "409": "Deze Idempotency-Key is al gebruikt voor iets anders.",
    "412": "Iemand anders heeft het werk intussen veranderd. Lees het opnieuw.",
    "413": f"Dit is meer dan {BODY_MAX} bytes.",
    "415": "Dit mediatype of coördinatenstelsel kan niet.",
    "428": "Stuur in If-Match de ETag van het werk zoals je het kent.",
    "429": "Er kwamen te veel sleutels die niet klopten.",
    "500": "Er ging iets mis bij ons.",
    "503": "De kernenkaart is even niet bereikbaar.",
}
# a work needs its days, or a period
WANNEER: list[Doc] = [{"required": ["eersteDag", "laatsteDag"]}, {"required": ["periode"]}]
LEZEN = ("400", "401", "403", "429", "500", "503")
SCHRIJVEN = ("400", "401", "403", "413", "415", "429", "500", "503")
BESTAAND = ("404", "412", "428")


def _header(naam: str, uitleg: str, schema: Doc, *, verplicht: bool = False) -> Doc:
    return {
        "name": naam, "in": "header", "required": verplicht, "description": uitleg,
        "schema": schema,
    }  # fmt: skip


_NUMMER = {
    "name": "featureId", "in": "path", "required": True, "description": "Nummer van het werk.",
    "schema": {"type": "string"},
}  # fmt: skip
_CONTENT_CRS = _header(
    "Content-Crs", "Het coördinatenstelsel van wat je stuurt, als URI.", CRS_SCHEMA
)
_IF_MATCH = _header(
    "If-Match",
    "De ETag die je bij het lezen of schrijven kreeg. Zo overschrijf je nooit ongezien het werk "
    "van een ander.",
    {"type": "string", "example": '"v3"'},
    verplicht=True,
)
_SAMEN = _header(
    "Idempotency-Key",
    "Een UUID die je zelf kiest. Stuur je hetzelfde nog eens met dezelfde UUID, dan krijg je "
    "hetzelfde antwoord en komt er geen tweede werk. We onthouden hem een dag.",
    {"type": "string", "format": "uuid"},
)
_CRS: Doc = {
    "name": "crs", "in": "query", "required": False, "schema": CRS_SCHEMA,
    "description": "Het coördinatenstelsel van het antwoord.",
}  # fmt: skip


def _answers(goed: Doc, fouten: tuple[str, ...]) -> Doc:
    kop = {"API-Version": ref("headers", "API-Version")}
    probleem = {PROBLEM: {"schema": ref("schemas", "probleem")}}
    return goed | {
        code: {"description": FOUTEN[code], "headers": kop, "content": probleem}
        for code in sorted(fouten)
    }


def _good(uitleg: str, schema: str, *, versie: bool = True) -> Doc:
    koppen = ["API-Version", "Content-Crs", *(["ETag"] if versie else [])]
    return {
        "description": uitleg,
        "headers": {naam: ref("headers", naam) for naam in koppen},
        "content": {GEOJSON: {"schema": ref("schemas", schema)}},
    }


_WERK: Doc = {"200": _good("Het werk zoals het nu is.", "eigenWerk")}


def _operation(
    naam: str,
    titel: str,
    uitleg: str,
    *,
    parameters: list[Doc],
    answers: Doc,
    body: Doc | None = None,
) -> Doc:
    recht = Recht.WERK_LEZEN if naam.startswith("get") else Recht.WERK_SCHRIJVEN
    found: Doc = {
        "operationId": naam,
        "summary": titel,
        "description": f"{uitleg} Je hebt een sleutel nodig met het recht '{recht.value}'.",
        "tags": [LAAG.label],
        "security": [{SLEUTEL: []}],
        "parameters": parameters,
        "responses": answers,
    }
    return found | ({"requestBody": body} if body else {})


def _body(soorten: tuple[str, ...], schema: str) -> Doc:
    inhoud = {soort: {"schema": ref("schemas", schema)} for soort in soorten}
    return {"required": True, "content": inhoud}


def _paths() -> Doc:
    return {
        ITEMS: {"post": _create()},
        f"{ITEMS}/{{featureId}}": {
            "put": _change("replace", "Vervang een werk", "Wat je weglaat, wordt leeg.", FEATURE),
            "patch": _change(
                "update",
                "Verander een deel van een werk",
                "JSON Merge Patch (RFC 7396): stuur alleen wat verandert, en null om iets leeg te "
                "maken.",
                PATCH,
            ),
            "delete": _delete(),
        },
        MIJN: {
            "get": _operation(
                "getMijnWerkzaamheden",
                "Vraag je eigen werk op",
                "Ook concepten en wat niet openbaar is. Volg de link 'next'.",
                parameters=[_paging("limit", LIMIET, 1), _paging("na", 0, 0), _CRS],
                answers=_answers(
                    {"200": _good("Een bladzijde.", "eigenWerken", versie=False)}, LEZEN
                ),
            ),
        },
        f"{MIJN}/{{featureId}}": {
            "get": _operation(
                "getMijnWerkzaamheid",
                "Eén eigen werk, met zijn ETag",
                "De ETag stuur je in If-Match als je het verandert.",
                parameters=[_NUMMER, _CRS],
                answers=_answers(_WERK, (*LEZEN, "404")),
            ),
        },
    }


def _create() -> Doc:
    gemaakt = _good("Het werk is geplaatst.", "eigenWerk")
    gemaakt["headers"]["Location"] = {
        "description": "Het adres van het werk in de open laag.",
        "schema": {"type": "string", "format": "uri"},
    }
    return _operation(
        "createWerkzaamheid",
        "Plaats een werk",
        "Alleen van je eigen organisatie. De regels zijn die van het formulier.",
        parameters=[_CONTENT_CRS, _SAMEN],
        answers=_answers({"201": gemaakt}, (*SCHRIJVEN, "409")),
        body=_body(FEATURE, "werkInvoer"),
    )


def _change(werkwoord: str, titel: str, uitleg: str, soorten: tuple[str, ...]) -> Doc:
    return _operation(
        f"{werkwoord}Werkzaamheid",
        titel,
        uitleg,
        parameters=[_NUMMER, _IF_MATCH, _CONTENT_CRS],
        answers=_answers(_WERK, (*SCHRIJVEN, *BESTAAND)),
        body=_body(soorten, "werkPatch" if soorten is PATCH else "werkInvoer"),
    )


def _delete() -> Doc:
    kop = {"API-Version": ref("headers", "API-Version")}
    weg = {"204": {"description": "Het concept is weg.", "headers": kop}}
    return _operation(
        "deleteWerkzaamheid",
        "Laat een werk vervallen",
        "Een concept gaat weg (204). Wat al bekend was, blijft op de kaart met de status "
        "'vervallen', zodat iedereen ziet dat het niet doorgaat (200).",
        parameters=[_NUMMER, _IF_MATCH],
        answers=_answers(_WERK | weg, (*LEZEN, *BESTAAND)),
    )


def _paging(naam: str, anders: int, minstens: int) -> Doc:
    uitleg = {
        "limit": "Hoeveel werken er hooguit op een bladzijde staan.",
        "na": "Het laatste nummer van de vorige bladzijde. Neem het over uit de link 'next'.",
    }
    hoogstens = LIMIET_MAX if naam == "limit" else 999_999_999
    schema = {"type": "integer", "minimum": minstens, "maximum": hoogstens, "default": anders}
    return {
        "name": naam, "in": "query", "required": False, "description": uitleg[naam],
        "schema": schema,
    }  # fmt: skip


def _schemas() -> Doc:
    verplicht = [eigenschap.naam for eigenschap in EIGENSCHAPPEN if eigenschap.verplicht]
    eigenschappen = ref("schemas", "werkEigenschappen")
    vorm = {"geometry": ref("schemas", "meetkunde")}
    feature = vorm | {"type": {"type": "string", "enum": ["Feature"]}}
    links = {"type": "array", "items": ref("schemas", "link")}
    eigen = {"id": {"type": "integer"}, "links": links, "properties": eigenschappen}
    return {
        "werkEigenschappen": _properties(),
        "werkInvoer": {
            "type": "object",
            "description": "Een werk als GeoJSON, met alles wat ertoe doet.",
            "required": ["type", "geometry", "properties"],
            "properties": feature
            | {"properties": {"allOf": [eigenschappen], "required": verplicht, "anyOf": WANNEER}},
        },
        "werkPatch": {
            "type": "object",
            "description": f"Wat er verandert ({MERGE_PATCH}).",
            "properties": vorm | {"properties": eigenschappen},
        },
        "eigenWerk": {
            "type": "object",
            "description": "Een werk zoals wie het mag veranderen het ziet.",
            "required": ["type", "id", "geometry", "properties"],
            "properties": feature | eigen,
        },
        "eigenWerken": {
            "type": "object",
            "required": ["type", "features"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "timeStamp": {"type": "string", "format": "date-time"},
                "numberReturned": {"type": "integer", "minimum": 0},
                "links": links,
                "features": {"type": "array", "items": ref("schemas", "eigenWerk")},
            },
        },
    }


def _properties() -> Doc:
    schrijfbaar = {eigenschap.naam: eigenschap.schema for eigenschap in EIGENSCHAPPEN}
    soorten: Doc = {
        "nauwkeurigheid": {"type": "string", "enum": list(Nauwkeurigheid)},
        "kern": {"type": "string"},
        "bevestigdOp": {"type": "string", "format": "date"},
        "gewijzigdOp": {"type": "string", "format": "date-time"},
    }
    vast = {
        naam: soorten[naam]
        | {"description": LAAG.velden[naam].omschrijving, "readOnly": True, "nullable": True}
        for naam in ALLEEN_LEZEN
    }
    return {"type": "object", "additionalProperties": False, "properties": schrijfbaar | vast}


DEEL = ApiDeel(
    conformance=CONFORMANCE,
    paths=_paths(),
    schemas=_schemas(),
    beveiliging={
        SLEUTEL: {
            "type": "http",
            "scheme": "bearer",
            "description": "Een persoonlijke sleutel. Medewerkers en ketenpartners maken die in "
            "hun account.",
        }
    },
)
