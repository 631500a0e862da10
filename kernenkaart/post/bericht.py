"""A mail as the mail server gets it: plain text, headers that nobody can add to."""

import re
import uuid
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from flask import render_template

from kernenkaart.config import Settings
from kernenkaart.tijd import now
from kernenkaart.web.links import full_url

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def one_line(text: str, most: int = 200) -> str:
    """``text`` fit for a header: no line ends or controls, at most ``most`` characters."""
    return " ".join(_CONTROL.sub(" ", text).split())[:most]


def render(template: str, gegevens: dict[str, Any], settings: Settings) -> str:
    """The text of a mail from ``templates/post/<template>.txt``."""
    return render_template(
        f"post/{template}.txt", full_url=full_url, instelling=settings, **gegevens
    )


def make_bericht(
    settings: Settings, *, sleutel: uuid.UUID, aan: str, onderwerp: str, tekst: str
) -> EmailMessage:
    """The message to hand to the server.

    Args:
        sleutel: makes the Message-ID, the same at every try.

    Raises:
        ValueError: if ``aan`` is no address.
    """
    bericht = EmailMessage(policy=SMTP)
    bericht["From"] = Address(one_line(settings.titel), addr_spec=settings.mail_afzender)
    bericht["To"] = Address(addr_spec=aan)
    bericht["Subject"] = one_line(onderwerp)
    bericht["Date"] = format_datetime(now())
    bericht["Message-ID"] = f"<{sleutel}@{urlsplit(settings.basis_url).hostname or 'localhost'}>"
    bericht["Auto-Submitted"] = "auto-generated"
    bericht.set_content(tekst.strip() + "\n", cte="quoted-printable")
    return bericht
