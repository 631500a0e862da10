"""What others build on in the description of the API, and the file that keeps it (S8).

``python -m tests.ogc.beschrijving`` writes that file anew, after something was added.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import current_app

from kernenkaart.app import create_app
from kernenkaart.config import Settings
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.ogc.openapi import make_openapi
from kernenkaart.web.api import api_delen, api_root

UITGEBRACHT = Path(__file__).with_name("openapi-1.json")


def resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """What a reference within the document refers to."""
    while "$ref" in node:
        found: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation."""
    for pad, item in document["paths"].items():
        for methode, operatie in item.items():
            if methode in {"get", "post", "put", "patch", "delete"}:
                yield pad, methode, operatie


def summary(document: dict[str, Any]) -> dict[str, Any]:
    """What others build on: operations, their parameters and answers, fields of the things."""
    return {
        f"{methode} {pad}": {
            "parameters": sorted(
                resolve(document, parameter)["name"] for parameter in operatie.get("parameters", ())
            ),
            "answers": sorted(operatie["responses"]),
        }
        for pad, methode, operatie in operations(document)
    } | {
        laag.naam: {"fields": sorted(fields_of(document, laag.naam))} for laag in OPEN_LAGEN
    }  # fmt: skip


def fields_of(document: dict[str, Any], laag: str) -> list[str]:
    """The public fields of the things of a layer."""
    return list(
        document["components"]["schemas"][f"{laag}Ding"]["properties"]["properties"]["properties"]
    )


if __name__ == "__main__":
    with create_app(Settings(database_url="postgresql+psycopg://")).test_request_context():
        settings = current_app.extensions["kernenkaart.settings"]
        vast = summary(make_openapi(api_root(), settings, api_delen()))
        UITGEBRACHT.write_text(json.dumps(vast, indent=1, sort_keys=True) + "\n", "utf-8")
