"""The description of the API: OpenAPI 3.0, whole offline, by the Dutch rules S1, S2, S5 and S8."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from kernenkaart.config import Settings
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.ogc.vraag import parsers_of
from kernenkaart.web.api import VERSIE
from tests.ogc.beschrijving import UITGEBRACHT, operations, resolve, summary
from tests.ogc.conftest import Ask, Wereld

GEEN_KAMEEL = {"bbox-crs", "filter-crs", "filter-lang"}  # OGC calls them so
NEDERLANDS = re.compile(
    r"\b(de|het|een|[eé]én|van|wat|en|of|die|in|hoe|welke|waar|wie|uitleg|alleen|deze|voor)\b", re.I
)


@pytest.fixture
def document(ask: Ask) -> dict[str, Any]:
    """The whole description."""
    found: dict[str, Any] = ask("/openapi.json").json
    return found


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document."""
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from walk(child)
    elif isinstance(node, list):
        for child in node:
            yield from walk(child)


def test_it_is_valid_openapi_3_0(document: dict[str, Any]) -> None:
    OpenAPIV30SpecValidator(document).validate()

    assert document["openapi"].startswith("3.0.")


def test_every_reference_is_inside_it(document: dict[str, Any]) -> None:
    references = [node["$ref"] for node in walk(document) if isinstance(node.get("$ref"), str)]

    assert references
    for reference in references:
        assert reference.startswith("#/")
        resolve(document, {"$ref": reference})


def test_version_contact_and_server_are_by_the_rules(
    document: dict[str, Any], settings: Settings
) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])
    assert document["info"]["version"] == VERSIE
    contact = document["info"]["contact"]
    assert contact["name"]
    assert contact["url"].startswith("http")
    assert contact["email"] == settings.mail_afzender
    for server in document["servers"]:
        assert server["url"].endswith(f"/v{VERSIE.split('.', maxsplit=1)[0]}")


def test_everybody_may_read_it(ask: Ask) -> None:
    response = ask("/openapi.json", headers={"Origin": "https://example.org"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.content_type == "application/vnd.oai.openapi+json;version=3.0"


def test_query_keys_are_camel_case_but_for_three_names(document: dict[str, Any]) -> None:
    keys = {
        resolve(document, parameter)["name"]
        for _pad, _methode, operatie in operations(document)
        for parameter in operatie.get("parameters", ())
        if resolve(document, parameter)["in"] == "query"
    }

    assert {key for key in keys if not re.fullmatch(r"[a-z][a-zA-Z0-9]*", key)} == GEEN_KAMEEL


def test_paths_are_kebab_case_without_a_slash_at_the_end(document: dict[str, Any]) -> None:
    for pad in document["paths"]:
        assert pad == "/" or not pad.endswith("/")
        for deel in pad.removeprefix("/").split("/"):
            # names of a standard: tileMatrixSets and what it holds
            assert re.fullmatch(r"[a-z0-9.-]*|\{[a-zA-Z]+\}|tileMatrixSets|\{.*\}", deel), pad


def test_every_operation_is_described_in_dutch_and_says_its_errors(
    document: dict[str, Any],
) -> None:
    sleutels = []
    for pad, methode, operatie in operations(document):
        sleutels.append(operatie["operationId"])
        assert NEDERLANDS.search(operatie["description"]), (pad, operatie["description"])
        assert any(code.startswith("2") for code in operatie["responses"])
        assert "400" in operatie["responses"]
        for code, verwijzing in operatie["responses"].items():
            antwoord = resolve(document, verwijzing)
            assert "API-Version" in antwoord["headers"], (pad, methode, code)
            if code >= "400":
                assert list(antwoord["content"]) == ["application/problem+json"]
        for parameter in operatie.get("parameters", ()):
            assert resolve(document, parameter)["description"], pad
    assert len(sleutels) == len(set(sleutels))


def test_the_parameters_of_items_are_those_that_are_understood(document: dict[str, Any]) -> None:
    for laag in OPEN_LAGEN:
        operatie = document["paths"][f"/collections/{laag.naam}/items"]["get"]
        namen = [resolve(document, parameter)["name"] for parameter in operatie["parameters"]]
        assert len(namen) == len(set(namen))
        assert set(namen) == set(parsers_of(laag.naam))


@pytest.mark.parametrize(
    ("naam", "schema"),
    [
        ("limit", {"type": "integer", "minimum": 1, "maximum": 10_000}),
        ("bbox", {"type": "array", "items": {"type": "number"}}),
        ("datetime", {"type": "string"}),
        ("crs", {"type": "string", "format": "uri"}),
        ("bbox-crs", {"type": "string", "format": "uri"}),
    ],
)
def test_the_parameters_of_the_standard_are_as_it_wants(
    document: dict[str, Any], naam: str, schema: dict[str, Any]
) -> None:
    parameter = document["components"]["parameters"][naam]

    assert parameter["in"] == "query"
    assert parameter["required"] is False
    assert parameter["style"] == "form"
    assert parameter["explode"] is False
    assert schema.items() <= parameter["schema"].items()


def test_answers_are_as_described(ask: Ask, document: dict[str, Any], wereld: Wereld) -> None:
    for pad, methode, operatie in operations(document):
        if methode != "get" or operatie.get("security") or "tile" in pad:
            continue  # what needs a key, and the tiles, are tried where they are made
        waarden = {"collectionId": "kernen", "featureId": str(wereld.kern.id)}
        if "{featureId}" in pad and "/kernen/" not in pad:
            laag = pad.split("/")[2]
            eerste = ask(f"/collections/{laag}/items", limit=1).json["features"][0]
            waarden["featureId"] = str(eerste["id"])
        adres = re.sub(r"\{(\w+)\}", lambda found: waarden[found[1]], pad)  # noqa: B023

        response = ask(adres if adres != "/" else "")

        soorten = operatie["responses"]["200"]["content"]
        beschreven = soorten.get(response.content_type) or soorten.get(response.mimetype)
        assert beschreven, (pad, response.content_type)
        if response.is_json:
            schema = to_json_schema(document, beschreven["schema"])
            jsonschema.Draft4Validator(schema).validate(response.json)


def to_json_schema(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of OpenAPI 3.0 as one that a JSON Schema validator understands: ``nullable``."""

    def convert(node: Any) -> Any:
        if isinstance(node, list):
            return [convert(child) for child in node]
        if not isinstance(node, dict):
            return node
        found = {key: convert(child) for key, child in node.items()}
        if found.pop("nullable", False):
            return {"anyOf": [{"type": "null"}, found]}
        return found

    whole: dict[str, Any] = convert({**schema, "components": document["components"]})
    return whole


def test_nothing_that_was_published_is_taken_away(document: dict[str, Any]) -> None:
    """S8: within a major version there is only more; see ``tests/ogc/beschrijving.py``."""
    oud = json.loads(UITGEBRACHT.read_text("utf-8"))

    assert missing(oud, summary(document)) == []


def missing(oud: dict[str, Any], nieuw: dict[str, Any]) -> list[str]:
    """What was there and is not any more."""
    found = [naam for naam in oud if naam not in nieuw]
    for naam in oud.keys() & nieuw.keys():
        for deel, namen in oud[naam].items():
            found += [f"{naam}: {deel} {n}" for n in namen if n not in nieuw[naam][deel]]
    return found


def test_taking_a_parameter_away_is_noticed() -> None:
    oud = {"get /x": {"parameters": ["a", "b"], "answers": ["200"]}}

    assert missing(oud, {"get /x": {"parameters": ["a"], "answers": ["200", "400"]}}) == [
        "get /x: parameters b"
    ]
    assert missing(oud, {}) == ["get /x"]
