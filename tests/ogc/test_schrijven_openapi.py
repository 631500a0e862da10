"""What the OpenAPI document says about writing is what writing does."""

from typing import Any

import jsonschema
import pytest
from sqlalchemy.orm import Session
from wtforms.validators import Length

from kernenkaart.ogc.eigenschappen import ALLEEN_LEZEN, EIGENSCHAPPEN
from kernenkaart.ogc.schrijven_openapi import CONFORMANCE
from kernenkaart.werkzaamheden.forms import WerkForm
from kernenkaart.werkzaamheden.laag import LAAG
from tests.conftest import ClientFactory
from tests.ogc.schrijver import ITEMS, MIJN, Programma, feature, make_gebied, make_programma

# drawn or written by people, kept when a program changes the work
ALLEEN_OP_DE_PAGINA = {"interne_notitie"}


@pytest.fixture
def programma(client: ClientFactory, session: Session) -> Programma:
    make_gebied(session)
    return make_programma(client, session)


def openapi(programma: Programma) -> dict[str, Any]:
    found: dict[str, Any] = programma.ask("GET", "/api/v1/openapi.json").get_json()
    return found


def validator(document: dict[str, Any], schema: dict[str, Any]) -> jsonschema.Draft4Validator:
    """For a schema of OpenAPI 3.0, in which ``nullable`` adds a type."""

    def convert(node: Any) -> Any:
        if isinstance(node, list):
            return [convert(child) for child in node]
        if not isinstance(node, dict):
            return node
        found = {key: convert(child) for key, child in node.items() if key != "nullable"}
        return {"anyOf": [{"type": "null"}, found]} if node.get("nullable") is True else found

    whole = convert({**schema, "components": document["components"]})
    return jsonschema.Draft4Validator(whole)


def answer_of(document: dict[str, Any], pad: str, method: str, status: str) -> dict[str, Any]:
    antwoord = document["paths"][pad][method]["responses"][status]
    schema: dict[str, Any] = next(iter(antwoord["content"].values()))["schema"]
    return schema


def test_every_answer_is_as_described(programma: Programma) -> None:
    document = openapi(programma)
    items, mijn = ITEMS.removeprefix("/api/v1"), MIJN.removeprefix("/api/v1")
    ding = f"{items}/{{featureId}}"
    gemaakt = programma.ask("POST", ITEMS, feature(status="concept", hinder="geen"))
    pad = f"{ITEMS}/{gemaakt.get_json()['id']}"
    etag = {"If_Match": gemaakt.headers["ETag"]}

    for response, adres, method in (
        (gemaakt, items, "post"),
        (programma.ask("POST", ITEMS, {}), items, "post"),
        (programma.ask("PUT", pad, feature()), ding, "put"),
        (programma.ask("PATCH", pad, {}, **etag), ding, "patch"),
        (programma.ask("PATCH", pad, {}, If_Match='"x"'), ding, "patch"),
        (programma.ask("GET", MIJN), mijn, "get"),
        (programma.ask("GET", pad.replace(ITEMS, MIJN)), f"{mijn}/{{featureId}}", "get"),
    ):
        schema = answer_of(document, adres, method, str(response.status_code))
        validator(document, schema).validate(response.get_json())


def test_what_the_schema_takes_is_taken_and_what_it_wants_is_wanted(programma: Programma) -> None:
    document = openapi(programma)
    schema = document["components"]["schemas"]["werkInvoer"]

    validator(document, schema).validate(feature())
    for eigenschap in EIGENSCHAPPEN:
        zonder = feature()
        zonder["properties"].pop(eigenschap.naam, None)
        klopt = validator(document, schema).is_valid(zonder)
        assert klopt is (programma.ask("POST", ITEMS, zonder).status_code == 201), eigenschap.naam


def test_the_lengths_are_those_of_the_form(client: ClientFactory) -> None:
    with client().application.test_request_context():
        form = WerkForm(formdata=None)
    lengtes = {
        field.short_name: validator.max
        for field in form
        for validator in field.validators
        if isinstance(validator, Length) and field.short_name not in ALLEEN_OP_DE_PAGINA
    }

    assert {e.veld: e.hoogstens for e in EIGENSCHAPPEN if e.hoogstens} == lengtes


def test_every_field_of_the_form_and_of_the_open_layer_has_a_property(
    client: ClientFactory,
) -> None:
    with client().application.test_request_context():
        velden = {field.short_name for field in WerkForm(formdata=None)}

    elders = {"csrf_token", "sleutel", "versie", "was", "vorm", "bestand"} | ALLEEN_OP_DE_PAGINA
    assert {e.veld for e in EIGENSCHAPPEN} - {"status_straks"} == velden - elders
    assert set(LAAG.velden) <= {e.naam for e in EIGENSCHAPPEN} | set(ALLEEN_LEZEN)


def test_it_is_said_what_is_kept_to_and_that_a_key_is_needed(programma: Programma) -> None:
    document = openapi(programma)
    klassen = programma.ask("GET", "/api/v1/conformance").get_json()["conformsTo"]

    assert set(CONFORMANCE) <= set(klassen)
    assert document["components"]["securitySchemes"]["sleutel"]["scheme"] == "bearer"
    for pad, item in document["paths"].items():
        for method, operatie in item.items():
            dicht = method != "get" or pad.startswith("/mijn")
            assert ("security" in operatie) is dicht, (method, pad)
