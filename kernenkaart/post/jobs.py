"""The worker's side of mail: render, hand over, and never twice."""

import hmac
import logging
import smtplib
import ssl
import uuid
from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.post.bericht import make_bericht, render
from kernenkaart.post.models import Verzending
from kernenkaart.taken.register import Straks, Vergeefs, taak
from kernenkaart.tijd import now

log = logging.getLogger(__name__)

SMTP_TIMEOUT_S = 20
PER_UUR = 5
UUR = timedelta(hours=1)


@taak("post.verstuur", pogingen=40)  # with pauses up to 6 hours: a week
def verstuur(
    sleutel: str, aan: str, onderwerp: str, sjabloon: str, gegevens: dict[str, Any]
) -> None:
    """Send one mail from its template."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    tekst = render(sjabloon, gegevens, settings)
    deliver(db.session(), settings, uuid.UUID(sleutel), aan=aan, onderwerp=onderwerp, tekst=tekst)


def deliver(
    session: Session,
    settings: Settings,
    sleutel: uuid.UUID,
    *,
    aan: str,
    onderwerp: str,
    tekst: str,
    koppen: Mapping[str, str] | None = None,
) -> None:
    """Hand a mail to the server, at most once for each ``sleutel``; commits.

    A mark is left before and after. Somebody killed in between leaves the first one only: then
    nobody knows whether the mail went, and it is not sent again.

    Args:
        koppen: more headers, whose values are ours.

    Raises:
        Vergeefs: if the address is refused, or if an earlier try ended in between.
        Straks: if the address has had its ``PER_UUR`` mails in this hour.
    """
    if not settings.mail_server:
        log.warning("no mail server is set: %r was not sent", onderwerp)
        return
    try:
        bericht = make_bericht(
            settings, sleutel=sleutel, aan=aan, onderwerp=onderwerp, tekst=tekst, koppen=koppen
        )
    except (Invalid, ValueError) as error:  # ValueError: the mail library's own refusals
        raise Vergeefs(f"this cannot be a mail: {error}") from error
    adres = hmac.digest(settings.secret_key.encode(), str(bericht["To"]).encode(), "sha256")
    if not _begin(session, sleutel, adres):
        return
    try:
        _hand_over(settings, bericht)
    except (OSError, smtplib.SMTPException) as error:
        session.execute(delete(Verzending).where(Verzending.sleutel == sleutel))
        session.commit()
        if _is_final(error):
            raise Vergeefs(f"the mail server refuses it: {error}") from error
        raise
    session.execute(update(Verzending).where(Verzending.sleutel == sleutel).values(klaar_op=now()))
    session.commit()


def _begin(session: Session, sleutel: uuid.UUID, adres: bytes) -> bool:
    """Leave the first mark; False if this mail has gone already."""
    # one at a time for each address, so that two workers do not both send the last of this hour
    number = int.from_bytes(adres[:8], signed=True)
    session.execute(select(func.pg_advisory_xact_lock(number)))
    earlier = session.get(Verzending, sleutel)
    if earlier is None:
        _within_limit(session, adres)
        session.add(Verzending(sleutel=sleutel, adres=adres, begonnen_op=now()))
    session.commit()
    if earlier is not None and earlier.klaar_op is None:
        raise Vergeefs("an earlier try was cut off; whether the mail went is not known")
    return earlier is None


def _within_limit(session: Session, adres: bytes) -> None:
    """Let nobody's mailbox be bombed, by whatever in the kernenkaart sends mail."""
    recent = session.scalars(
        select(Verzending.begonnen_op)
        .where(Verzending.adres == adres, Verzending.begonnen_op > now() - UUR)
        .order_by(Verzending.begonnen_op)
    ).all()
    if len(recent) >= PER_UUR:
        free_at = recent[-PER_UUR] + UUR
        session.rollback()
        raise Straks(int((free_at - now()).total_seconds()) + 1)


@taak("post.opruimen", cron="43 3 * * *")
def opruimen() -> None:
    """Forget mails that went so long ago that no try of them is left."""
    session = db.session()
    session.execute(delete(Verzending).where(Verzending.begonnen_op < now() - timedelta(days=30)))
    session.commit()


def _hand_over(settings: Settings, bericht: EmailMessage) -> None:
    with smtplib.SMTP(settings.mail_server, settings.mail_poort, timeout=SMTP_TIMEOUT_S) as server:
        if settings.mail_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_gebruiker:
            server.login(settings.mail_gebruiker, settings.mail_wachtwoord)
        server.send_message(bericht)


def _is_final(error: Exception) -> bool:
    """Whether the server said no for good (5xx), and not that it could not just now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError) and (
        error.smtp_code >= 500
    )
