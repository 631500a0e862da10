"""What every answer under ``/api/v1`` has in common: version, headers, parameters, errors.

The rules are those of the NLGov REST API Design Rules 2 (ADR): ``/core/version-header``,
``/core/publish-openapi`` (CORS), ``/core/error-handling/invalid-input``, ``/core/http-methods``.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.datastructures import MultiDict

from kernenkaart.config import Settings
from kernenkaart.errors import KernenkaartError

API = "/api/v1"
VERSIE = "1.0.0"  # semver; the first number stands in every address

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html; charset=utf-8"
PROBLEM = "application/problem+json"

VRAAG_MAX = 32_768  # bytes; the longest filter takes 12,288 when every byte is escaped

OPEN_CACHE = "public, max-age=60, stale-while-revalidate=600"
DICHT = "no-store"

_CORS_LEZEN = "API-Version, Content-Crs, Content-Disposition, ETag, Link, Location, Retry-After"
_CORS_STUREN = (
    "Accept, Accept-Crs, Authorization, Content-Crs, Content-Type, Idempotency-Key, If-Match, "
    "If-None-Match"
)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Verwijzing:
    """A link in a document of the API.

    Attributes:
        rel: relation type.
        pad: address below the root of the API, with ``/`` at its start; ``{laag}`` is filled in.
        type: media type of what is there.
        titel: in Dutch, for people.
        templated: whether it is a URI template with more to be filled in by the asker.
    """

    rel: str
    pad: str
    type: str
    titel: str
    templated: bool = False


@dataclass(frozen=True, kw_only=True)
class ApiDeel:
    """What one package adds to the documents of the API; ``app.py`` hands them all over.

    Attributes:
        conformance: URIs of conformance classes.
        landing: links for the landing page.
        collectie: links for each collection.
        paths: path items for the OpenAPI document (3.0), by path below the root of the API.
        schemas: what those refer to as ``#/components/schemas/…``.
        beveiliging: security schemes of the OpenAPI document, by name.
    """

    conformance: tuple[str, ...] = ()
    landing: tuple[Verwijzing, ...] = ()
    collectie: tuple[Verwijzing, ...] = ()
    paths: Mapping[str, Any] = field(default_factory=dict)
    schemas: Mapping[str, Any] = field(default_factory=dict)
    beveiliging: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fout:
    """One thing that is wrong in a request.

    Attributes:
        plaats: ``query``, ``header`` or ``body``.
        naam: the parameter, the header, or a JSON pointer into the body.
        detail: a Dutch sentence that says what is wrong and what would be right.
    """

    plaats: str
    naam: str
    detail: str

    def as_json(self) -> dict[str, Any]:
        """The object that ADR wants in ``errors``."""
        sleutel = "pointer" if self.plaats == "body" else "name"
        return {"in": self.plaats, "location": {sleutel: self.naam}, "detail": self.detail}


class BadInput(KernenkaartError):
    """A request to the API that is wrong; all its errors together. Answered as 400.

    Args:
        fouten: at least one.
    """

    def __init__(self, fouten: Iterable[Fout]) -> None:
        self.fouten = tuple(fouten)
        super().__init__(" ".join(fout.detail for fout in self.fouten))


Parser = Callable[[str], Any]


def read_params(
    args: MultiDict[str, str],
    parsers: Mapping[str, Parser],
    samen: Callable[[dict[str, Any]], Iterable[Fout]] = lambda _values: (),
) -> dict[str, Any]:
    """The query parameters as values.

    Args:
        args: as sent.
        parsers: for each parameter that is known what makes a value of its text, raising
            ValueError with a Dutch sentence.
        samen: looks at all that was understood, may add to it, and says what does not fit.

    Returns:
        A value for each parameter that was sent.

    Raises:
        BadInput: naming every parameter that is unknown, sent twice, or not understood.
    """
    values: dict[str, Any] = {}
    fouten: list[Fout] = []
    for naam, teksten in args.lists():
        try:
            values[naam] = _read_param(naam, teksten, parsers)
        except ValueError as error:
            fouten.append(Fout("query", printable(naam), str(error)))
    fouten += samen(values)
    if fouten:
        raise BadInput(fouten)
    return values


def _read_param(naam: str, teksten: list[str], parsers: Mapping[str, Parser]) -> Any:
    parser = parsers.get(naam)
    if parser is None:
        raise ValueError(f"De parameter '{printable(naam)}' bestaat hier niet.")
    if len(teksten) > 1:
        raise ValueError(f"Geef '{naam}' maar één keer.")
    if "\0" in teksten[0] or "\ufffd" in teksten[0]:  # the latter is what no UTF-8 becomes
        raise ValueError(f"In '{naam}' staan tekens die niet kunnen.")
    return parser(teksten[0])


def check_params(args: MultiDict[str, str], allowed: Collection[str]) -> dict[str, str]:
    """The query parameters as text, by name.

    Raises:
        BadInput: naming every parameter that is not in ``allowed`` or was sent twice.
    """
    return read_params(args, dict.fromkeys(allowed, str))


def printable(text: str) -> str:
    """What somebody sent, short and without controls: fit to be said back in an error."""
    return "".join(teken if teken.isprintable() else "?" for teken in text[:50])


def dump_json(document: Any) -> bytes:
    """A document as compact JSON."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def make_etag(*parts: object) -> str:
    """A weak validator of an answer, out of all that it depends on: the data version, the question.

    Returns:
        As it stands in the header, ``W/"…"``.
    """
    text = "\0".join(str(part) for part in (VERSIE, *parts))
    return f'W/"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


def is_known(etag: str) -> bool:
    """Whether the asker says to have the answer with this validator already."""
    sent = request.headers.get("If-None-Match")
    if sent is None:
        return False
    kern = etag.removeprefix("W/")
    return any(
        tag.strip().removeprefix("W/") in {kern, "*"} for tag in sent.split(",")
    )  # RFC 9110: compared weakly


def api_answer(
    body: bytes,
    media_type: str = JSON,
    *,
    etag: str = "",
    cache: str = OPEN_CACHE,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An open answer: 200, or 304 when the asker has it already.

    Args:
        body: whole.
        media_type: with its charset if it has one.
        etag: from ``make_etag``; empty without.
        cache: how long others may keep it.
        headers: any more.
    """
    bekend = bool(etag) and is_known(etag)
    response = Response(b"" if bekend else body, 304 if bekend else 200, content_type=media_type)
    response.headers["Cache-Control"] = cache
    response.headers["Vary"] = "Accept"
    if etag:
        response.headers["ETag"] = etag
    if headers:
        response.headers.update(headers)
    return response


def api_root() -> str:
    """The address of the API as the asker can reach it, without a slash at its end.

    The host that was asked counts only when the settings vouch for it: an invented one would end
    up in the links of an answer that others are given from a cache.
    """
    return site_root() + API


def site_root() -> str:
    """The address of the kernenkaart as the asker can reach it, without a slash at its end."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    basis = settings.basis_url.rstrip("/")
    if settings.trusted_hosts:
        return request.root_url.rstrip("/")
    if request.host != urlsplit(basis).netloc and urlsplit(basis).hostname in _LOOPBACK:
        asked = urlsplit(f"//{request.host}").hostname
        return request.root_url.rstrip("/") if asked in _LOOPBACK else basis
    return basis


def problem(status: int, titel: str, detail: str, fouten: Iterable[Fout] = ()) -> Response:
    """A problem document (RFC 9457), with one entry in ``errors`` for each thing that is wrong."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "status": status,
        "title": titel,
        "detail": detail,
    }
    if found := [fout.as_json() for fout in fouten]:
        body["errors"] = found
    return Response(dump_json(body), status, content_type=PROBLEM)


def api_delen() -> tuple[ApiDeel, ...]:
    """What the packages of the running app add to the documents of the API."""
    found: tuple[ApiDeel, ...] = current_app.extensions["kernenkaart.api"]
    return found


def init_api(app: Flask, delen: Iterable[ApiDeel]) -> None:
    """Give every answer under the API its headers, and say what was wrong with a request.

    Args:
        delen: what the packages on the floor of ``ogc`` add to its documents.
    """
    app.extensions["kernenkaart.api"] = tuple(delen)

    @app.before_request
    def refuse_long() -> Response | None:
        """Before anything reads it: taking apart a megabyte of parameters is work."""
        if len(request.query_string) <= VRAAG_MAX or not request.path.startswith(API):
            return None
        lang = (
            f"De vraag is te lang: hooguit {VRAAG_MAX} bytes. Maak bijvoorbeeld het filter korter."
        )
        return problem(400, "Deze vraag klopt niet", lang)

    @app.errorhandler(BadInput)
    def bad_input(error: BadInput) -> Response:
        return problem(400, "Deze vraag klopt niet", error.melding, error.fouten)

    @app.after_request
    def finish(response: Response) -> Response:
        if request.path.startswith(API):
            _finish(response)
        return response


def _finish(response: Response) -> None:
    headers = response.headers
    headers["API-Version"] = VERSIE
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = _CORS_LEZEN
    if response.status_code >= 400:
        headers["Cache-Control"] = DICHT
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = _CORS_STUREN
        headers["Access-Control-Max-Age"] = "86400"
