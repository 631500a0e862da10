"""Send a mail: put it in the queue, in the same transaction as what it is about."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from kernenkaart.taken.services import defer


def send_mail(session: Session, to: str, subject: str, template: str, **context: Any) -> None:
    """Send a mail once the caller commits; the worker tries for days if the server is away.

    Args:
        to: one address.
        subject: in plain words; line ends and controls are taken out.
        template: name in ``templates/post/``, without ``.txt``.
        context: what the template prints, as JSON can hold it. Nothing secret: it waits in the
            database. ``full_url(endpoint, …)`` is there for links.
    """
    defer(
        session,
        "post.verstuur",
        sleutel=str(uuid.uuid4()),
        aan=to,
        onderwerp=subject,
        sjabloon=template,
        gegevens=context,
    )
