"""Headers that keep a page to itself: strict CSP, no framing, no sniffing, hosts we answer to."""

import secrets
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, g
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wsgi import get_host

from kernenkaart.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CSP = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; frame-src 'none'"
)

CSP_DATA = "default-src 'none'; frame-ancestors 'none'"  # runs nothing, so it needs no nonce


def csp_nonce() -> str:
    """The nonce of this answer, made on first use."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    nonce: str = g.csp_nonce
    return nonce


class OnlyOurHosts:
    """Refuse a request for another host before anything is made of it; no page can name it.

    Args:
        hosts: names we answer to; the port does not matter.
    """

    def __init__(self, inner: "WSGIApplication", hosts: Collection[str]) -> None:
        self.inner = inner
        self.hosts = frozenset(hosts)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer 400 in plain text, or pass the request on."""
        try:
            host = get_host(environ, self.hosts)
        except SecurityError:
            host = ""
        if host:
            return self.inner(environ, start_response)
        answer = Response("Op dit adres staat geen kernenkaart.\n", 400, mimetype="text/plain")
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer(environ, start_response)


def init_security(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer and trust proxies exactly as configured."""
    if settings.trusted_hosts:
        app.wsgi_app = OnlyOurHosts(app.wsgi_app, settings.trusted_hosts)  # type: ignore[method-assign]
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def secure(response: Response) -> Response:
        headers = response.headers
        if response.mimetype == "text/html":
            headers.setdefault("Content-Security-Policy", CSP.format(nonce=csp_nonce()))
        else:
            headers.setdefault("Content-Security-Policy", CSP_DATA)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
            headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
        if settings.veilige_cookies:
            headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        headers.setdefault("Cache-Control", "no-store" if "actor_ingelogd" in g else "no-cache")
        return response
