"""Links by mail: they say, signed, who follows or what is to be confirmed.

Nothing secret is stored and nobody can make such a link from the table. A link works until what it
is about is gone.
"""

import uuid
from enum import StrEnum

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.volgen.models import Abonnement, Volger
from kernenkaart.web.links import full_url


class Doel(StrEnum):
    """What a link opens; each is also the name of its page."""

    BEVESTIG = "bevestig"
    MIJN = "mijn"
    STOP = "stop"


def token_of(doel: Doel, publiek_id: uuid.UUID, geheim: str | None = None) -> str:
    """The part of a link that says whose it is.

    Args:
        geheim: the secret key of the installation; None is that of the running app.
    """
    return str(_signer(doel, geheim).dumps(publiek_id.hex))


def link_to(doel: Doel, publiek_id: uuid.UUID) -> str:
    """The whole address of a page, for a mail."""
    return full_url(f"volgen.{doel}", token=token_of(doel, publiek_id))


def read_token(doel: Doel, token: str) -> uuid.UUID | None:
    """Whose a link is; None if we did not make it."""
    try:
        return uuid.UUID(_signer(doel).loads(token))
    except (BadData, ValueError, TypeError, AttributeError):
        return None


def find_volger(session: Session, doel: Doel, token: str) -> Volger | None:
    """The follower a link belongs to; None if it is forged, or if the follower is gone."""
    publiek_id = read_token(doel, token)
    return session.scalar(select(Volger).where(Volger.publiek_id == publiek_id))


def find_abonnement(session: Session, token: str) -> Abonnement | None:
    """What a link confirms; None if it is forged, or if it is gone."""
    publiek_id = read_token(Doel.BEVESTIG, token)
    return session.scalar(select(Abonnement).where(Abonnement.publiek_id == publiek_id))


def _signer(doel: Doel, geheim: str | None = None) -> URLSafeSerializer:
    return URLSafeSerializer(
        geheim or str(current_app.secret_key), salt=f"kernenkaart-volgen-{doel}"
    )
