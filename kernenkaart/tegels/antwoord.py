"""The answer to a question for a tile: bytes, and how long they may be kept."""

from flask import Response, request

from kernenkaart.lezen import lezer
from kernenkaart.tegels.queries import TegelVraag, find_tile, find_version
from kernenkaart.web.api import OPEN_CACHE, is_known

MVT = "application/vnd.mapbox-vector-tile"
EEUWIG = "public, max-age=31536000, immutable"


def tile_answer(vraag: TegelVraag, v: str) -> Response:
    """The tile; 204 when there is nothing in it, 304 when the asker has it.

    Only an address with the version of this very answer may be kept for good: one with a version
    that is still to come would keep what is old by then.

    Args:
        v: the version in the address; empty without.
    """
    if "If-None-Match" in request.headers:
        etag = _etag(find_version(lezer(), vraag.lagen))
        if is_known(etag):
            return Response(status=304, headers={"ETag": etag, "Cache-Control": OPEN_CACHE})
    versie, mvt = find_tile(lezer(), vraag)
    response = Response(mvt, 200 if mvt else 204, content_type=MVT)
    response.headers["ETag"] = _etag(versie)
    response.headers["Cache-Control"] = EEUWIG if v == versie else OPEN_CACHE
    return response


def _etag(versie: str) -> str:
    return f'W/"{versie}"'
