"""The way back after logging in: only to a page of ours, never to another site."""

import re

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

# what browsers turn into another host or another scheme: no backslash, control or second slash
_PLAIN = re.compile(r"/(?!/)[^\\\x00-\x20\x7f-\x9f]*")

# pages on the way in: coming back to them would go round
NOT_BACK = frozenset({f"security.{name}" for name in ("login", "code", "vergeten", "wachtwoord")})


def safe_next(path: str | None, fallback: str = "mijn.start") -> str:
    """``path`` if it is a page of ours that can be opened, else the page of ``fallback``.

    Args:
        path: what the visitor's browser sent as the way back.
        fallback: endpoint; the home page where it does not exist.
    """
    if path and len(path) <= 2000 and _PLAIN.fullmatch(path) and _leads_to_page(path):
        return path
    return url_for(fallback) if fallback in current_app.view_functions else "/"


def _leads_to_page(path: str) -> bool:
    bare = path.partition("#")[0].partition("?")[0]
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _values = adapter.match(bare, method="GET") if adapter else ("", {})
    except RequestRedirect:
        return False
    except HTTPException:
        return False
    return bool(endpoint) and endpoint not in NOT_BACK
