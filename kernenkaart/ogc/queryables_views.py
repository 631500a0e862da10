"""What can be asked of a layer, or of all of them, at an address."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from kernenkaart.errors import NotFound
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.ogc.cql2.nodes import FUNCTIONS
from kernenkaart.ogc.cql2.queryables import Kind, Queryable, queryables
from kernenkaart.ogc.queryables import SCHEMA, document, shared_by_all
from kernenkaart.ogc.vraag import parse_formaat
from kernenkaart.toegang.guards import public
from kernenkaart.web.api import (
    API,
    HTML,
    JSON,
    api_answer,
    api_root,
    dump_json,
    make_etag,
    read_params,
)

bp = Blueprint("queryables", __name__, url_prefix=API)


@bp.get("/queryables")
@public
def alle() -> Response:
    """What can be asked of every layer."""
    return _answer(
        "/queryables",
        "Wat je van elke laag kunt vragen",
        "Deze eigenschappen heeft alles op de kernenkaart.",
        shared_by_all(),
    )


@bp.get("/collections/<laag_naam>/queryables")
@public
def laag(laag_naam: str) -> Response:
    """What can be asked of one layer."""
    found = next((laag for laag in OPEN_LAGEN if laag.naam == laag_naam), None)
    if found is None:
        namen = ", ".join(laag.naam for laag in OPEN_LAGEN)
        raise NotFound(f"Deze laag bestaat niet. Kies uit: {namen}.")
    return _answer(
        f"/collections/{found.naam}/queryables",
        f"Wat je van {found.label.lower()} kunt vragen",
        found.omschrijving,
        queryables(found),
        items=f"{API}/collections/{found.naam}/items",
    )


def _answer(
    pad: str, title: str, description: str, found: Mapping[str, Queryable], items: str = ""
) -> Response:
    formaat = read_params(request.args, {"f": parse_formaat}).get("f")
    wil = request.accept_mimetypes
    if formaat == "html" or (not formaat and wil["text/html"] > max(wil[JSON], wil[SCHEMA])):
        page = render_template(
            "ogc/queryables.html",
            kaal=True,
            title=title,
            description=description,
            found=found.values(),
            functions=sorted(FUNCTIONS),
            examples=_examples(found, items) if items else (),
            address=f"{API}{pad}?f=json",
            api=API,
        )
        return api_answer(page.encode(), HTML)
    body = dump_json(document(api_root() + pad, title, description, found.values()))
    return api_answer(body, SCHEMA, etag=make_etag(body))


def _examples(found: Mapping[str, Queryable], items: str) -> Iterator[tuple[str, str]]:
    """Questions that work: as they are written, and their address."""
    for name, one in found.items():
        if one.codes:
            code = one.codes[len(one.codes) // 2]  # the first is often that of a draft
            yield f"{name}={code}", f"{items}?f=html&{name}={code}"
            break
    filters = {
        Kind.TEXT: "CASEI({}) LIKE CASEI('%dorp%')",
        Kind.DAY: "{} >= DATE('2027-01-01')",
        Kind.MOMENT: "{} > TIMESTAMP('2027-01-01T00:00:00Z')",
        Kind.SHAPE: "S_INTERSECTS({}, BBOX(5.0, 51.8, 5.5, 52.0))",
    }
    for kind, pattern in filters.items():
        wanted = next((name for name, one in found.items() if one.kind is kind), None)
        if wanted:
            text = pattern.format(wanted)
            yield f"filter={text}", f"{items}?f=html&filter={quote(text)}"
