"""Who may ask at all: each view carries exactly one guard, and a test refuses one without.

A guard asks who someone is; what they may do, the service's policy asks.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart.actor import Actor
from kernenkaart.errors import NotAllowed
from kernenkaart.toegang.current import current_actor
from kernenkaart.web.errors import answer, wants_data
from kernenkaart.web.verlopen import resend_page

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def _guard(naam: str, allowed: Callable[[Actor], bool]) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            actor = current_actor()
            if not actor.is_ingelogd:
                return _log_in_first()
            if not allowed(actor):
                raise NotAllowed
            return view(*args, **kwargs)

        guarded.guard = naam  # type: ignore[attr-defined]
        return guarded

    return decorate


def _log_in_first() -> ResponseReturnValue:
    """To the login and back; a form that was sent is kept, data gets a plain 401."""
    if request.method not in {"GET", "HEAD"}:
        return resend_page(ingelogd=False)
    if wants_data():
        return answer(401)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def public(view: View[P]) -> View[P]:
    """Open to everyone."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


login_required = _guard("login_required", lambda _actor: True)
medewerker_required = _guard("medewerker_required", lambda actor: actor.is_medewerker)
planner_required = _guard(
    "planner_required", lambda actor: actor.is_medewerker or actor.is_ketenpartner
)
beheerder_required = _guard("beheerder_required", lambda actor: actor.is_beheerder)
