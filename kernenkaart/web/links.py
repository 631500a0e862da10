"""Full addresses of our own pages, for mails and feeds: from the settings, never from a request."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app


def full_url(endpoint: str, **values: Any) -> str:
    """The address of a page as somebody outside sees it, built on the setting ``basis_url``."""
    basis = urlsplit(current_app.extensions["kernenkaart.settings"].basis_url)
    adapter = current_app.url_map.bind(
        basis.netloc, script_name=basis.path or "/", url_scheme=basis.scheme
    )
    return adapter.build(endpoint, values, force_external=True)
