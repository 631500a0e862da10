"""The open API: OGC API Features for people and programs. Always the answers of a visitor."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from kernenkaart.errors import NotFound
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.lezen import lezer
from kernenkaart.ogc import documents
from kernenkaart.ogc.bereik import Bereik, Bereiken
from kernenkaart.ogc.crs import CRS84, Crs, parse_crs
from kernenkaart.ogc.openapi import make_openapi
from kernenkaart.ogc.params import to_cursor
from kernenkaart.ogc.queries import LAAG_VAN, filtered_text, item_text, items_text
from kernenkaart.ogc.vraag import Vraag, parse_formaat, read_vraag
from kernenkaart.toegang.guards import public
from kernenkaart.web.api import (
    API,
    GEOJSON,
    HTML,
    JSON,
    BadInput,
    Fout,
    api_answer,
    api_delen,
    api_root,
    dump_json,
    make_etag,
    read_params,
    site_root,
)

bp = Blueprint("ogc", __name__, url_prefix=API)

SETTINGS = "kernenkaart.settings"
_F = {"f": parse_formaat}
_F_CRS = {"f": parse_formaat, "crs": parse_crs}
_SLEUTEL = re.compile(r"[0-9]{1,10}")
_bereiken = Bereiken()


@bp.get("/", strict_slashes=False)  # with and without: a server and the path "/" make both
@public
def landing() -> Response:
    """The landing page."""
    read_params(request.args, _F)
    document = documents.landing(api_root(), current_app.extensions[SETTINGS], api_delen())
    return _document("landing", document, lagen=OPEN_LAGEN)


@bp.get("/conformance")
@public
def conformance() -> Response:
    """Which standards it keeps to."""
    read_params(request.args, _F)
    return _document("conformance", documents.conformance(api_root(), api_delen()))


@bp.get("/collections")
@public
def collections() -> Response:
    """All layers."""
    read_params(request.args, _F)
    document = documents.collections(api_root(), api_delen(), _reach(OPEN_LAGEN), site_root())
    return _document("collections", document)


@bp.get("/collections/<laag_naam>")
@public
def collection(laag_naam: str) -> Response:
    """One layer."""
    laag = _laag(laag_naam)
    read_params(request.args, _F)
    bereik = _reach((laag,))[laag.naam]
    document = documents.collection(api_root(), laag, api_delen(), bereik, site_root())
    return _document("collection", document, laag=laag)


@bp.get("/collections/<laag_naam>/items")
@public
def items(laag_naam: str) -> Response:
    """A page of things."""
    laag = _laag(laag_naam)
    vraag = read_vraag(laag, request.args, _preferred_crs())
    versie, aantal, volgende, tekst, kern_bestaat = _ask(vraag)
    if not kern_bestaat:
        raise BadInput([Fout("query", "nabij", "Deze kern bestaat niet.")])
    formaat = _formaat()
    links = _items_links(laag, formaat, volgende)
    if formaat == "html":
        dingen = json.loads(f"[{tekst or ''}]")
        return _html("items", dingen, laag=laag, links=links, crs=vraag.crs)
    etag = make_etag(versie, vraag.crs.uri, api_root(), request.full_path)
    kop = (
        f'{{"type":"FeatureCollection","timeStamp":"{_timestamp()}",'
        f'"numberReturned":{aantal},"links":'
    )
    body = b"".join(
        (kop.encode(), dump_json(links), b',"features":[', (tekst or "").encode(), b"]}")
    )
    return api_answer(body, GEOJSON, etag=etag, headers=_crs_header(vraag.crs))


@bp.get("/collections/<laag_naam>/items/<ding_id>")
@public
def item(laag_naam: str, ding_id: str) -> Response:
    """One thing."""
    laag = _laag(laag_naam)
    gelezen = read_params(request.args, _F_CRS)
    crs: Crs = gelezen.get("crs", _preferred_crs())
    sleutel = int(ding_id) if _SLEUTEL.fullmatch(ding_id) else 0
    row = lezer().row(item_text(laag.naam, crs.uri), {"id": sleutel}) if sleutel < 2**31 else None
    if row is None or row[1] is None:
        raise NotFound(f"In {laag.naam} staat niets (meer) met dit nummer.")
    versie, tekst = row
    formaat = _formaat()
    links = _item_links(laag, sleutel, formaat)
    if formaat == "html":
        return _html("item", json.loads(tekst), laag=laag, links=links, crs=crs)
    body = tekst[:-1].encode() + b',"links":' + dump_json(links) + b"}"
    etag = make_etag(versie, crs.uri, api_root(), request.full_path)
    return api_answer(body, GEOJSON, etag=etag, headers=_crs_header(crs))


@bp.get("/openapi.json")
@public
def openapi() -> Response:
    """The description of the API for programs."""
    read_params(request.args, {})
    body = dump_json(make_openapi(api_root(), current_app.extensions[SETTINGS], api_delen()))
    return api_answer(body, documents.OPENAPI_TYPE, etag=make_etag(body))


@bp.get("/uitleg")
@public
def uitleg() -> Response:
    """The same description, for people."""
    read_params(request.args, _F)
    document = make_openapi(api_root(), current_app.extensions[SETTINGS], api_delen())
    return _html("uitleg", document)


@bp.get("/changelog")
@public
def changelog() -> Response:
    """What changed in each version."""
    read_params(request.args, _F)
    return _document("changelog", documents.changelog(api_root()))


def _laag(naam: str) -> OpenLaag:
    laag = LAAG_VAN.get(naam)
    if laag is None:
        raise NotFound(f"Deze laag bestaat niet. Kies uit: {', '.join(LAAG_VAN)}.")
    return laag


def _reach(lagen: tuple[OpenLaag, ...]) -> dict[str, Bereik]:
    return _bereiken.of(lezer(), lagen)


def _ask(vraag: Vraag) -> tuple[Any, ...]:
    if vraag.filter_ is None:
        row = lezer().row(items_text(vraag.vorm), vraag.waarden)
    else:
        text = filtered_text(vraag.vorm, vraag.filter_)
        row = lezer().row(text, vraag.waarden, eenmalig=True)
    if row is None:
        raise NotFound
    return row


def _formaat() -> str:
    """``json`` or ``html``: as asked in ``f``, else what the asker would rather have."""
    if gevraagd := request.args.get("f"):
        return gevraagd
    wil = request.accept_mimetypes
    return "html" if wil["text/html"] > max(wil[JSON], wil[GEOJSON]) else "json"


def _document(sjabloon: str, document: dict[str, Any], **meer: Any) -> Response:
    if _formaat() == "html":
        return _html(sjabloon, document, **meer)
    body = dump_json(document)
    return api_answer(body, JSON, etag=make_etag(body))


def _html(sjabloon: str, document: Any, **meer: Any) -> Response:
    page = render_template(
        f"ogc/{sjabloon}.html", kaal=True, document=document, root=api_root(), api=API, **meer
    )
    return api_answer(page.encode(), HTML)


def _items_links(laag: OpenLaag, formaat: str, volgende: int | None) -> list[dict[str, Any]]:
    pad = f"/collections/{laag.naam}"
    vraag = request.args.to_dict()
    links = _self_links(f"{pad}/items", formaat)
    if volgende:
        verder = vraag | {"cursor": to_cursor(volgende)}
        soort = HTML if formaat == "html" else GEOJSON
        links.append(_link("next", f"{pad}/items?{_query(verder)}", soort, "Volgende bladzijde"))
    links.append(_link("collection", pad, JSON, laag.label))
    return links


def _item_links(laag: OpenLaag, sleutel: int, formaat: str) -> list[dict[str, Any]]:
    pad = f"/collections/{laag.naam}"
    return [
        *_self_links(f"{pad}/items/{sleutel}", formaat),
        _link("collection", pad, JSON, laag.label),
    ]


def _self_links(pad: str, formaat: str) -> list[dict[str, Any]]:
    vraag = request.args.to_dict()
    zonder_f = {naam: waarde for naam, waarde in vraag.items() if naam != "f"}
    ander, soort, ander_soort = (
        ("json", HTML, GEOJSON) if formaat == "html" else ("html", GEOJSON, HTML)
    )
    zelf = f"{pad}?{_query(vraag)}" if vraag else pad
    anders = f"{pad}?{_query(zonder_f | {'f': ander})}"
    return [
        _link("self", zelf, soort, "Deze bladzijde"),
        _link("alternate", anders, ander_soort, f"Hetzelfde als {ander.upper()}"),
    ]


def _link(rel: str, pad: str, soort: str, titel: str) -> dict[str, Any]:
    return documents.make_link(api_root(), rel, pad, soort, titel)


def _query(vraag: dict[str, str]) -> str:
    return urlencode(vraag, safe=",:/")


def _preferred_crs() -> Crs:
    """What ``Accept-Crs`` says, as older versions of the Dutch rules have it; else CRS84."""
    kop = request.headers.get("Accept-Crs")
    if kop is None:
        return CRS84
    try:
        return parse_crs(kop.removeprefix("<").removesuffix(">"))
    except ValueError as error:
        raise BadInput([Fout("header", "Accept-Crs", str(error))]) from error


def _crs_header(crs: Crs) -> dict[str, str]:
    return {"Content-Crs": f"<{crs.uri}>", "Vary": "Accept, Accept-Crs"}


def _timestamp() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
