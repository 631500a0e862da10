"""A mail as the mail server gets it: plain text, headers that nobody can add to."""

import re
import uuid
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from flask import render_template

from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.tijd import now
from kernenkaart.web.adres import clean_email
from kernenkaart.web.links import full_url

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def one_line(text: str, most: int = 200) -> str:
    """``text`` fit for a header: no line ends or controls, at most ``most`` characters.

    What looks like an encoded word (RFC 2047) is taken apart, for it may hold what was taken out.
    """
    return " ".join(_CONTROL.sub(" ", text).replace("=?", "= ?").split())[:most]


def render(template: str, gegevens: dict[str, Any], settings: Settings) -> str:
    """The text of a mail from ``templates/post/<template>.txt``."""
    return render_template(
        f"post/{template}.txt", full_url=full_url, instelling=settings, **gegevens
    )


def make_bericht(
    settings: Settings,
    *,
    sleutel: uuid.UUID,
    aan: str,
    onderwerp: str,
    tekst: str,
    koppen: Mapping[str, str] | None = None,
) -> EmailMessage:
    """The message to hand to the server.

    Args:
        sleutel: makes the Message-ID, the same at every try.
        koppen: more headers, whose values are ours.

    Raises:
        Invalid: if ``aan`` is not one address.
    """
    adres = clean_email(aan, "aan")
    if adres is None:
        raise Invalid("Er is geen adres.")
    bericht = EmailMessage(policy=SMTP)
    bericht["From"] = Address(one_line(settings.titel), addr_spec=settings.mail_afzender)
    bericht["To"] = Address(addr_spec=adres)
    bericht["Subject"] = one_line(onderwerp)
    bericht["Date"] = format_datetime(now())
    bericht["Message-ID"] = f"<{sleutel}@{urlsplit(settings.basis_url).hostname or 'localhost'}>"
    bericht["Auto-Submitted"] = "auto-generated"
    for naam, waarde in (koppen or {}).items():
        bericht[naam] = waarde
    bericht.set_content(tekst.strip() + "\n", cte="quoted-printable")
    return bericht
