"""The one mapping from what the domain says to what HTTP says.

Pages get a Dutch page, data (``.json``, ``/api``, ``formaat=``) gets ``application/problem+json``
(RFC 9457).
"""

import json
import logging
import secrets

from flask import Flask, Response, render_template, request
from psycopg import OperationalError as DriverError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from kernenkaart.errors import (
    Conflict,
    Invalid,
    KernenkaartError,
    NotAllowed,
    NotFound,
    TooOften,
)
from kernenkaart.tijd import format_dag, format_tijd, now

log = logging.getLogger(__name__)

STATUS: dict[type[KernenkaartError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Invalid: 422,
    Conflict: 409,
    TooOften: 429,
}
TITELS = {
    400: "Deze vraag klopt niet",
    401: "Log eerst in",
    403: "Dit mag je niet",
    404: "Deze pagina bestaat niet (meer)",
    405: "Dit kan hier niet",
    409: "Iemand anders was je voor",
    412: "Dit is intussen veranderd",
    413: "Dit is te groot",
    415: "Dit soort inhoud kan hier niet",
    422: "Er klopt iets nog niet",
    428: "Zeg eerst welke versie je hebt",
    429: "Even rustig aan",
    500: "Er ging iets mis",
    503: "De kernenkaart is even niet bereikbaar",
}
PAGINAS = frozenset({400, 403, 404, 413, 422, 429, 500, 503})


def wants_data() -> bool:
    """Whether this request asks for data and not for a page."""
    return (
        request.path.startswith("/api/")
        or request.path.endswith((".json", ".geojson", ".mvt"))
        or request.args.get("formaat") in {"geojson", "csv", "json"}
        or request.accept_mimetypes.best in {"application/json", "application/problem+json"}
    )


def answer(code: int, melding: str = "", fout_id: str = "") -> Response:
    """A page or a problem document for this status."""
    titel = TITELS.get(code, "Er ging iets mis")
    if wants_data():
        # RFC 9457; a value that is not understood in a request for data is 400, not 422
        status = 400 if code == 422 else code
        body = {"type": "about:blank", "status": status, "title": titel, "detail": melding or titel}
        if fout_id:
            body["instance"] = f"urn:fout:{fout_id}"
        return Response(json.dumps(body), status, content_type="application/problem+json")
    sjabloon = code if code in PAGINAS else (500 if code >= 500 else 400)
    moment = now()
    page = render_template(
        f"errors/{sjabloon}.html",
        code=code,
        titel=titel,
        melding=melding,
        fout_id=fout_id,
        nu=f"{format_dag(moment.date(), moment.date())}, {format_tijd(moment)} uur",
    )
    return Response(page, code, content_type="text/html; charset=utf-8")


def init_errors(app: Flask) -> None:
    """Answer every error the same way everywhere."""

    @app.errorhandler(KernenkaartError)
    def domain(error: KernenkaartError) -> Response:
        response = answer(STATUS.get(type(error), 400), error.melding)
        if isinstance(error, TooOften):
            response.headers["Retry-After"] = str(error.wacht_s)
        return response

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        code = error.code or 500
        if isinstance(error, InternalServerError) and error.original_exception:
            log_as = error.original_exception
            return unexpected(log_as if isinstance(log_as, Exception) else error)
        if code < 400:
            response = error.get_response()
            assert isinstance(response, Response)  # noqa: S101  # a redirect is one of ours
            return response
        response = answer(code)
        for name, value in error.get_headers():
            if name.lower() in {"allow", "retry-after"}:
                response.headers[name] = value
        return response

    @app.errorhandler(OperationalError)
    @app.errorhandler(DriverError)
    @app.errorhandler(PoolTimeout)
    def unreachable(error: Exception) -> Response:
        fout_id = secrets.token_hex(4)
        log.error("database unreachable, %s: %s", fout_id, error)
        response = answer(503, fout_id=fout_id)
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(DBAPIError)
    def database(error: DBAPIError) -> Response:
        return unreachable(error) if error.connection_invalidated else unexpected(error)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        fout_id = secrets.token_hex(4)
        log.error("unexpected error %s at %s", fout_id, request.path, exc_info=error)
        return answer(500, fout_id=fout_id)
