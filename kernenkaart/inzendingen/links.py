"""The link that a sender gets by mail: signed, so that none of it waits in the database or queue.

It holds the random key of the submission. Opening it uses nothing up; it works as long as the
address it was sent to is kept.
"""

import uuid

from itsdangerous import BadData, URLSafeSerializer


def make_token(publiek_id: uuid.UUID, geheim: str) -> str:
    """The part of the link that says which submission it is.

    Args:
        geheim: the secret key of the installation.
    """
    return str(_serializer(geheim).dumps(publiek_id.hex))


def read_token(token: str, geheim: str) -> uuid.UUID | None:
    """Whose link this is; None when it was not made here."""
    try:
        return uuid.UUID(_serializer(geheim).loads(token))
    except (BadData, ValueError, AttributeError, TypeError):
        return None


def _serializer(geheim: str) -> URLSafeSerializer:
    return URLSafeSerializer(geheim, salt="kernenkaart-inzending")
