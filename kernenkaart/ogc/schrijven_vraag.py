"""What a program sends along with a write: its body, and what the headers say of it."""

import uuid
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import Response, abort, request
from werkzeug.exceptions import RequestEntityTooLarge

from kernenkaart.ogc.crs import CRS84, Crs, parse_crs
from kernenkaart.web.api import GEOJSON, JSON, BadInput, Fout, check_params, problem
from kernenkaart.web.errors import TITELS
from kernenkaart.web.json_invoer import read_json

MERGE_PATCH = "application/merge-patch+json"
FEATURE = (GEOJSON, JSON)
PATCH = (MERGE_PATCH, JSON)
BODY_MAX = 1_000_000  # bytes: 10,000 points with all their decimals


@dataclass(frozen=True)
class Vraag:
    """The body of a write.

    Attributes:
        document: decoded.
        crs: which its coordinates are in.
        ruw: all that was sent, to recognise it by.
    """

    document: Any
    crs: Crs
    ruw: bytes


def read_vraag(soorten: tuple[str, ...]) -> Vraag:
    """The body of this request.

    Args:
        soorten: the media types that are taken.

    Raises:
        BadInput: if there is a parameter, no media type, or no JSON.
        HTTPException: 413 for too much, 415 for another type or coordinate system.
    """
    check_params(request.args, ())
    if "Content-Type" not in request.headers:
        raise BadInput([Fout("header", "Content-Type", f"Noem het type: {soorten[0]}.")])
    if request.mimetype not in soorten:
        refuse(415, f"Stuur {' of '.join(soorten)}.", _accept(soorten))
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        refuse(415, "Stuur de inhoud zonder Content-Encoding.")
    crs = _content_crs()
    request.max_content_length = BODY_MAX
    try:
        ruw = request.get_data(cache=False)
    except RequestEntityTooLarge:
        refuse(413, f"Stuur hoogstens {BODY_MAX} bytes.")
    try:
        document = read_json(ruw)
    except ValueError as error:
        raise BadInput([Fout("body", "", str(error))]) from error
    return Vraag(document, crs, crs.uri.encode() + b"\0" + ruw)


def _content_crs() -> Crs:
    text = request.headers.get("Content-Crs", "").strip()
    try:
        return parse_crs(text.removeprefix("<").removesuffix(">")) if text else CRS84
    except ValueError as error:
        refuse(415, str(error))


def _accept(soorten: tuple[str, ...]) -> dict[str, str]:
    naam = "Accept-Patch" if soorten is PATCH else "Accept-Post"
    return {naam: ", ".join(soorten)}


def idempotency_key() -> uuid.UUID | None:
    """The key that makes sending this twice one; None without.

    Raises:
        BadInput: if it is no UUID.
    """
    text = request.headers.get("Idempotency-Key")
    if text is None:
        return None
    try:
        return uuid.UUID(text.strip().strip('"'))
    except ValueError as error:
        detail = "Stuur een UUID, bijvoorbeeld 6f9619ff-8b86-4d01-b42d-00c04fc964ff."
        raise BadInput([Fout("header", "Idempotency-Key", detail)]) from error


def etag_of(versie: int) -> str:
    """The strong validator of a version, as it stands in the header."""
    return f'"v{versie}"'


def check_version(versie: int) -> None:
    """Go on only if the asker knows this version.

    Raises:
        HTTPException: 428 if the asker does not say which it knows, 412 if it is another.
    """
    sent = request.headers.get("If-Match", "").strip()
    if not sent or sent == "*":
        refuse(428, "Stuur in If-Match de ETag die je bij het lezen kreeg.")
    known = {tag.strip() for tag in sent.split(",")}
    if etag_of(versie) not in known:
        refuse(
            412,
            "Iemand anders heeft dit net veranderd. Lees het opnieuw, en kijk wat er anders is.",
            {"ETag": etag_of(versie)},
        )


def refuse(status: int, detail: str, headers: dict[str, str] | None = None) -> NoReturn:
    """Answer with a problem document, now.

    Raises:
        HTTPException: always.
    """
    response: Response = problem(status, TITELS[status], detail)
    response.headers.update(headers or {})
    abort(response)
