"""Links by mail that let somebody set a password: signed, for some days, worth one use.

Nothing is stored: the link carries a fingerprint of the password it may replace, so setting one
makes every earlier link void. Opening a link uses nothing up, because mail scanners do that too.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.toegang.models import Gebruiker
from kernenkaart.web.links import full_url


class Soort(StrEnum):
    """What a link is for."""

    UITNODIGING = "uitnodiging"
    HERSTEL = "herstel"


GELDIG = {Soort.UITNODIGING: timedelta(days=7), Soort.HERSTEL: timedelta(hours=2)}


@dataclass(frozen=True)
class Ondertekenaar:
    """Makes and reads links with the secret key of the installation."""

    geheim: str

    def make(self, gebruiker: Gebruiker, soort: Soort) -> str:
        """The part of the link that says who may set a password."""
        return self._serializer(soort).dumps([gebruiker.publiek_id.hex, _fingerprint(gebruiker)])

    def read(self, session: Session, token: str) -> Gebruiker | None:
        """The account that may set its password with this; None if it is void, forged or old."""
        for soort, geldig in GELDIG.items():
            try:
                publiek_id, fingerprint = self._serializer(soort).loads(
                    token, max_age=int(geldig.total_seconds())
                )
            except (BadData, ValueError):
                continue
            gebruiker: Gebruiker | None = session.scalar(
                select(Gebruiker).where(
                    Gebruiker.publiek_id == uuid.UUID(publiek_id), Gebruiker.active
                )
            )
            if gebruiker is not None and fingerprint == _fingerprint(gebruiker):
                return gebruiker
        return None

    def _serializer(self, soort: Soort) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.geheim, salt=f"kernenkaart-{soort}")


def link_for(gebruiker: Gebruiker, soort: Soort) -> str:
    """The address with which ``gebruiker`` may set a password."""
    token = Ondertekenaar(str(current_app.secret_key)).make(gebruiker, soort)
    return full_url("security.wachtwoord", token=token)


def _fingerprint(gebruiker: Gebruiker) -> str:
    bron = f"{gebruiker.email}\n{gebruiker.password or ''}"
    return hashlib.sha256(bron.encode()).hexdigest()[:24]
