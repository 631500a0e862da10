"""Addresses that people type: e-mail and websites."""

import re
from urllib.parse import urlsplit

from kernenkaart.errors import Invalid

# one @, a dot in the domain, no spaces or controls: the mail itself is the real test (RFC 5321)
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]\x00-\x1f]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")


def clean_email(text: str, veld: str) -> str | None:
    """The address in small letters; None when empty.

    Raises:
        Invalid: if it cannot be an address.
    """
    adres = text.strip().lower()
    if not adres:
        return None
    if len(adres) > 254 or not _EMAIL.fullmatch(adres):
        raise Invalid("Dit is geen e-mailadres. Bijvoorbeeld: info@voorbeeld.nl.", veld=veld)
    return adres


def clean_website(text: str, veld: str) -> str | None:
    """The address of a page with its scheme; None when empty.

    Raises:
        Invalid: if it is not an http(s) address.
    """
    adres = text.strip()
    if not adres:
        return None
    if "://" not in adres:
        adres = f"https://{adres}"
    try:
        delen = urlsplit(adres)
        host = delen.hostname or ""
    except ValueError:
        delen, host = urlsplit(""), ""
    if delen.scheme not in ("http", "https") or "." not in host or re.search(r"[\s\"<>]", adres):
        raise Invalid("Dit is geen webadres. Bijvoorbeeld: www.voorbeeld.nl.", veld=veld)
    return adres
