"""Forms come from our own pages: one check at the door, for visitors without a cookie too.

Every unsafe request needs a token that we signed in the last day. The token of somebody with a
session cookie is bound to that cookie. The token of a visitor is bound to nothing, because a
visitor has no cookie to be misused; it still has to come from our own page, and browsers say where
a request comes from (``Sec-Fetch-Site``, ``Origin``). That proof also lets a form through that was
opened before logging in again, so that nothing that was typed is lost.
"""

import hmac
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer
from wtforms.csrf.core import CSRF

from kernenkaart.web.errors import answer

View = TypeVar("View", bound=Callable[..., Any])

MAX_AGE_S = 24 * 3600
FIELD = "csrf_token"


class VanElders(CSRFError):  # type: ignore[misc]
    """The request comes from another site."""

    code = 403
    description = "Dit formulier komt niet van deze site. Open de pagina hier opnieuw."


class TokenVerlopen(CSRFError):  # type: ignore[misc]
    """The page was open too long, or the token is missing."""

    description = "Deze pagina stond te lang open. Open hem opnieuw en probeer het nog een keer."


class TokenCsrf(CSRF):
    """The token as a field of a form. The door has checked it before the form is filled."""

    def generate_csrf_token(self, csrf_token_field: Any) -> str:  # noqa: ARG002
        """The token of this request."""
        return csrf_token()

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        """Nothing left to check here."""


class Deur(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's protection of all unsafe methods, with tokens that need no session."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse an unsafe request that does not come from our own page.

        Raises:
            VanElders: if the browser says that another site sent it.
            TokenVerlopen: if the token is missing, forged, too old or of another session.
        """
        if request.method not in current_app.config["WTF_CSRF_METHODS"]:
            return
        if apply_exemptions and (not request.endpoint or self._is_exempt()):
            return
        own = comes_from_here()
        if own is False:
            raise VanElders
        if not _is_valid(self._get_csrf_token() or "", proven=own is True):
            raise TokenVerlopen
        g.csrf_valid = True

    def _is_exempt(self) -> bool:
        """Only what a key in a header or a secret in the address opens, and a cookie never."""
        view = current_app.view_functions.get(request.endpoint or "")
        return getattr(view, "guard", "") == "sleutel_required" or hasattr(view, "one_click")


def one_click(view: View) -> View:
    """Let a mail program post here without a token of ours (RFC 8058).

    For a view that a secret in its address opens, and that does nothing in the name of a cookie.
    """
    view.one_click = True  # type: ignore[attr-defined]
    return view


def comes_from_here() -> bool | None:
    """Whether the browser says that our own page sent this request; None if it does not say."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return None
    return urlsplit(origin).netloc.lower() == request.host.lower()


def csrf_token() -> str:
    """The token for the forms of this page."""
    if "csrf_token_text" not in g:
        g.csrf_token_text = _serializer().dumps(_binding())
    token: str = g.csrf_token_text
    return token


def _is_valid(token: str, *, proven: bool) -> bool:
    try:
        bound_to = _serializer().loads(token, max_age=MAX_AGE_S)
    except (SignatureExpired, BadData):
        return False
    return proven or hmac.compare_digest(str(bound_to), _binding())


def _binding() -> str:
    # reads the cookie only: no question to the database
    return str(getattr(session, "binding", ""))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="kernenkaart-csrf")


def init_csrf(app: Flask, too_late: Callable[[], ResponseReturnValue]) -> None:
    """Guard every unsafe method of the application.

    Args:
        too_late: the answer to a form of ours whose token is no longer good.
    """
    Deur(app)

    @app.errorhandler(TokenVerlopen)
    def no_token(error: TokenVerlopen) -> ResponseReturnValue:
        return too_late() if comes_from_here() else answer(400, error.description or "")

    @app.errorhandler(VanElders)
    def from_elsewhere(error: VanElders) -> ResponseReturnValue:
        return answer(403, error.description or "")

    app.jinja_env.globals["csrf_token"] = csrf_token
    app.context_processor(lambda: {"csrf_token": csrf_token})
