"""Open data over HTTP: the page, the files, the catalogue."""

from collections.abc import Iterator
from threading import BoundedSemaphore

from flask import Blueprint, Response, abort, current_app, render_template, send_file
from flask.typing import ResponseReturnValue

from kernenkaart.config import Settings
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.lagen.versie import data_version_of
from kernenkaart.lezen import lezer
from kernenkaart.toegang.guards import public
from kernenkaart.uitvoer.bestanden import NogBezig, find_file
from kernenkaart.uitvoer.catalogus import FORMATEN, make_catalogue, to_jsonld, to_turtle
from kernenkaart.uitvoer.queries import csv_kop, csv_statement, geojson_lines
from kernenkaart.web.api import OPEN_CACHE, is_known, make_etag, site_root
from kernenkaart.web.tabel import CSV, csv_lines

bp = Blueprint("uitvoer", __name__)

LAGEN = {laag.naam: laag for laag in OPEN_LAGEN}
TYPES = {formaat.code: formaat.media_type for formaat in FORMATEN} | {"csv": CSV}
TEGELIJK = 4  # whole layers that one process sends at a time; each holds a connection
OPNIEUW_S = 15

_plaatsen = BoundedSemaphore(TEGELIJK)


def _settings() -> Settings:
    found: Settings = current_app.extensions["kernenkaart.settings"]
    return found


@bp.get("/open-data")
@public
def open_data() -> ResponseReturnValue:
    """What can be taken along as data, how, and under which licence."""
    return render_template(
        "uitvoer/open-data.html", lagen=OPEN_LAGEN, formaten=FORMATEN, adres=site_root()
    )


@bp.get("/open-data/catalogus.<vorm>")
@public
def catalogus(vorm: str) -> Response:
    """The catalogue as Turtle or JSON-LD."""
    writers = {"ttl": (to_turtle, "text/turtle"), "jsonld": (to_jsonld, "application/ld+json")}
    if vorm not in writers:
        abort(404)
    write, media_type = writers[vorm]
    body = write(make_catalogue(_settings(), site_root(), OPEN_LAGEN))
    return _open(Response(body, content_type=f"{media_type}; charset=utf-8"), make_etag(body))


@bp.get("/open-data/<naam>.<formaat>")
@public
def bestand(naam: str, formaat: str) -> ResponseReturnValue:
    """A whole layer as a file."""
    if naam not in LAGEN or formaat not in TYPES:
        abort(404)
    laag = LAGEN[naam]
    versie = data_version_of(lezer(), laag)
    etag = make_etag("bestand", naam, formaat, versie)
    if is_known(etag):
        return _open(Response(status=304), etag)
    if formaat in {"gpkg", "fgb"}:
        try:
            pad = find_file(_settings(), naam, formaat, versie)
        except NogBezig:
            page = render_template("uitvoer/bezig.html", laag=laag, wacht_s=OPNIEUW_S)
            return page, 503, {"Retry-After": str(OPNIEUW_S), "Cache-Control": "no-store"}
        response = send_file(pad, mimetype=TYPES[formaat], conditional=True, etag=False)
    else:
        lines = _lines(laag, formaat)
        response = Response(_one_of_few(lines), content_type=TYPES[formaat])
    response.headers["Content-Disposition"] = f'attachment; filename="{naam}.{formaat}"'
    return _open(response, etag)


def _lines(laag: OpenLaag, formaat: str) -> Iterator[bytes]:
    if formaat == "geojson":
        return geojson_lines(lezer(), laag)
    return csv_lines(csv_kop(laag), lezer().stream(csv_statement(laag)))


def _one_of_few(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Take a place as long as the file is sent; 503 when all are taken."""
    if not _plaatsen.acquire(blocking=False):
        abort(503)

    def send() -> Iterator[bytes]:
        try:
            yield from lines
        finally:
            _plaatsen.release()

    return send()


def _open(response: Response, etag: str) -> Response:
    response.headers["Cache-Control"] = OPEN_CACHE
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["ETag"] = etag
    return response
