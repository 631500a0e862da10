"""Pictures that everyone may see, under an address of their own that never changes."""

import uuid

from flask import Blueprint, Response
from sqlalchemy import select

from kernenkaart import db
from kernenkaart.beelden.models import Beeld
from kernenkaart.errors import NotFound
from kernenkaart.toegang.guards import public

bp = Blueprint("beelden", __name__)

CSP = "default-src 'none'; sandbox"


@bp.get("/beelden/<uuid:publiek_id>.webp")
@public
def toon(publiek_id: uuid.UUID) -> Response:
    """One picture."""
    inhoud = db.session().scalar(
        select(Beeld.inhoud).where(Beeld.publiek_id == publiek_id, Beeld.openbaar)
    )
    if inhoud is None:
        raise NotFound("Deze foto is er niet (meer).")
    response = picture(inhoud)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def picture(inhoud: bytes) -> Response:
    """An answer that is a picture and nothing else, whatever a browser makes of it (T4)."""
    response = Response(inhoud, mimetype="image/webp")
    response.headers["Content-Security-Policy"] = CSP
    response.headers["Content-Disposition"] = "inline"
    return response
