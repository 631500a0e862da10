"""Writing through the API: works of the own organisation (OGC API Features part 4).

Changing happens at the addresses of the open collection. Reading back happens below ``/mijn``,
because what is open must be the same for everyone (``docs/besluiten/schrijven-via-api.md``).
"""

import uuid
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.errors import Conflict, Invalid, NotFound
from kernenkaart.journaal.services import sign
from kernenkaart.ogc.crs import CRS84, Crs, parse_crs
from kernenkaart.ogc.schrijven_vraag import (
    FEATURE,
    PATCH,
    check_version,
    etag_of,
    idempotency_key,
    read_vraag,
)
from kernenkaart.ogc.werkfeature import read_feature, to_feature, to_fout, with_period
from kernenkaart.tijd import now
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.drager import sleutel_required
from kernenkaart.toegang.herhaling import claim, keep
from kernenkaart.toegang.models import Recht
from kernenkaart.web.api import (
    API,
    DICHT,
    GEOJSON,
    BadInput,
    api_root,
    check_params,
    dump_json,
    problem,
    read_params,
)
from kernenkaart.web.json_invoer import merge_patch, read_json
from kernenkaart.werkzaamheden import queries, services
from kernenkaart.werkzaamheden.models import Werkzaamheid
from kernenkaart.werkzaamheden.policy import may_change
from kernenkaart.werkzaamheden.services import WerkGegevens

bp = Blueprint("schrijven", __name__, url_prefix=API)

WEG = "Dit werk bestaat niet (meer), of je mag het niet veranderen."
ITEMS = "/collections/werkzaamheden/items"
MIJN = "/mijn/werkzaamheden"
LIMIET, LIMIET_MAX = 100, 1_000


@bp.post(ITEMS)
@sleutel_required(Recht.WERK_SCHRIJVEN)
def nieuw() -> Response:
    """Post a work; the same request sent twice makes one (``Idempotency-Key``)."""
    session, actor = db.session(), current_actor()
    sleutel = idempotency_key()
    vraag = read_vraag(FEATURE)
    sign(session, actor)
    gebruiker_id = actor.gebruiker_id or 0
    if sleutel is not None and (eerder := _earlier(session, gebruiker_id, sleutel, vraag.ruw)):
        return _answer(eerder, 201)
    gegevens = read_feature(session, actor, vraag.document, vraag.crs)
    try:
        werk = services.post_werkzaamheid(
            session,
            actor,
            gegevens,
            sleutel=uuid.uuid4(),
            marge_m=_marge_m(),
            startcheck=_startcheck(),
        )
    except Invalid as error:
        raise BadInput([to_fout(error)]) from error
    gemaakt = _document(_again(session, werk.id), vraag.crs)
    if sleutel is not None:
        keep(session, gebruiker_id, sleutel, gemaakt)
    session.commit()
    return _answer(gemaakt, 201)


@bp.put(f"{ITEMS}/<ding_id>")
@sleutel_required(Recht.WERK_SCHRIJVEN)
def vervang(ding_id: str) -> Response:
    """Replace a work by what is sent; what is left out becomes empty."""
    vraag = read_vraag(FEATURE)
    werk = _hold(ding_id)
    gegevens = read_feature(db.session(), current_actor(), vraag.document, vraag.crs, werk)
    return _change(werk, gegevens, vraag.crs)


@bp.patch(f"{ITEMS}/<ding_id>")
@sleutel_required(Recht.WERK_SCHRIJVEN)
def wijzig(ding_id: str) -> Response:
    """Change of a work what is sent (JSON Merge Patch, RFC 7396)."""
    vraag = read_vraag(PATCH)
    werk = _hold(ding_id)
    patch = with_period(vraag.document)
    gelezen = read_json(dump_json(to_feature(werk, vraag.crs)))  # as a program would have read it
    gegevens = read_feature(
        db.session(),
        current_actor(),
        merge_patch(gelezen, patch),
        vraag.crs,
        werk,
        houd_vorm=isinstance(patch, dict) and "geometry" not in patch,
    )
    return _change(werk, gegevens, vraag.crs)


@bp.delete(f"{ITEMS}/<ding_id>")
@sleutel_required(Recht.WERK_SCHRIJVEN)
def trek_in(ding_id: str) -> Response:
    """Say that a work does not go on (200); throw a draft away (204)."""
    check_params(request.args, ())
    werk = _hold(ding_id)
    session = db.session()
    gebleven = services.withdraw(session, current_actor(), werk.id)
    if gebleven is None:
        session.commit()
        return Response(status=204, headers={"Cache-Control": DICHT})
    return _saved(werk.id, CRS84)


@bp.get(MIJN)
@sleutel_required(Recht.WERK_LEZEN)
def mijn() -> Response:
    """The works that the key may change, drafts too, a page at a time."""
    vraag = read_params(request.args, {"limit": _limit, "na": _na, "crs": parse_crs})
    crs, limiet = vraag.get("crs", CRS84), vraag.get("limit", LIMIET)
    werken = queries.find_changeable(
        db.session(), current_actor(), na=vraag.get("na", 0), hoogstens=limiet + 1
    )
    links = [_link("self", request.full_path.removeprefix(API).rstrip("?"), "Deze bladzijde")]
    if len(werken) > limiet:
        werken = werken[:limiet]
        verder = f"{MIJN}?limit={limiet}&na={werken[-1].id}&crs={crs.uri}"
        links.append(_link("next", verder, "De volgende bladzijde"))
    document = {
        "type": "FeatureCollection",
        "timeStamp": now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberReturned": len(werken),
        "links": links,
        "features": [to_feature(werk, crs) for werk in werken],
    }
    return _answer({"body": dump_json(document).decode(), "koppen": _crs_header(crs)}, 200)


@bp.get(f"{MIJN}/<ding_id>")
@sleutel_required(Recht.WERK_LEZEN)
def mijn_werk(ding_id: str) -> Response:
    """One work that the key may change, with the ETag that changing it asks for."""
    crs = read_params(request.args, {"crs": parse_crs}).get("crs", CRS84)
    actor = current_actor()
    werk = queries.get_werkzaamheid(db.session(), actor, _key(ding_id))
    if not may_change(actor, werk):
        raise NotFound(WEG)
    return _answer(_document(werk, crs), 200)


@bp.after_request
def say_what_is_taken(response: Response) -> Response:
    """Tell who asks with OPTIONS which media types may be sent."""
    if request.method == "OPTIONS":
        if "POST" in response.allow:
            response.headers["Accept-Post"] = ", ".join(FEATURE)
        if "PATCH" in response.allow:
            response.headers["Accept-Patch"] = ", ".join(PATCH)
    return response


def _hold(ding_id: str) -> Werkzaamheid:
    """The work to change, locked, if the asker may and knows how it is now."""
    session, actor = db.session(), current_actor()
    sign(session, actor)
    werk = services.lock(session, actor, _key(ding_id))
    check_version(werk.versie)
    return werk


def _change(werk: Werkzaamheid, gegevens: WerkGegevens, crs: Crs) -> Response:
    try:
        services.change_werkzaamheid(
            db.session(),
            current_actor(),
            werk.id,
            gegevens,
            versie=werk.versie,
            marge_m=_marge_m(),
            startcheck=_startcheck(),
        )
    except Invalid as error:
        raise BadInput([to_fout(error)]) from error
    return _saved(werk.id, crs)


def _saved(werkzaamheid_id: int, crs: Crs) -> Response:
    session = db.session()
    document = _document(_again(session, werkzaamheid_id), crs)
    session.commit()
    return _answer(document, 200)


def _again(session: Session, werkzaamheid_id: int) -> Werkzaamheid:
    """A work as it now is, with what the database derived."""
    session.expire_all()
    return queries.get_werkzaamheid(session, current_actor(), werkzaamheid_id)


def _earlier(
    session: Session, gebruiker_id: int, sleutel: uuid.UUID, ruw: bytes
) -> dict[str, Any] | None:
    try:
        return claim(session, gebruiker_id, sleutel, ruw)
    except Conflict as error:
        abort(problem(409, "Deze Idempotency-Key is al gebruikt", error.melding))


def _document(werk: Werkzaamheid, crs: Crs) -> dict[str, Any]:
    """The answer that holds one work: its body and its headers."""
    links = [
        _link("self", f"{MIJN}/{werk.id}", "Dit werk, zoals jij het ziet"),
        _link("edit", f"{ITEMS}/{werk.id}", "Hier verander je het"),
    ]
    koppen = _crs_header(crs) | {
        "ETag": etag_of(werk.versie),
        "Location": f"{api_root()}{ITEMS}/{werk.id}",
    }
    return {
        "body": dump_json(to_feature(werk, crs) | {"links": links}).decode(),
        "koppen": koppen,
    }


def _answer(document: Mapping[str, Any], status: int) -> Response:
    response = Response(document["body"], status, document["koppen"], content_type=GEOJSON)
    response.headers["Cache-Control"] = DICHT
    if status != 201:
        del response.headers["Location"]
    return response


def _crs_header(crs: Crs) -> dict[str, str]:
    return {"Content-Crs": f"<{crs.uri}>"}


def _link(rel: str, pad: str, titel: str) -> dict[str, str]:
    return {"rel": rel, "href": f"{api_root()}{pad}", "type": GEOJSON, "title": titel}


def _key(ding_id: str) -> int:
    if not (ding_id.isascii() and ding_id.isdecimal() and len(ding_id) < 10):
        raise NotFound(WEG)
    return int(ding_id)


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= LIMIET_MAX):
        raise ValueError(f"Geef bij 'limit' een heel getal van 1 tot en met {LIMIET_MAX}.")
    return int(text)


def _na(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ValueError("Volg de link 'next': 'na' is het laatste nummer dat je hebt.")
    return int(text)


def _marge_m() -> float:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.marge_m


def _startcheck() -> bool:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.startcheck_verplicht
