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

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def _guard(naam: str, allowed: Callable[[Actor], bool]) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            actor = current_actor()
            if not actor.is_ingelogd:
                return redirect(url_for("security.login", next=_way_back()))
            if not allowed(actor):
                raise NotAllowed
            return view(*args, **kwargs)

        guarded.guard = naam  # type: ignore[attr-defined]
        return guarded

    return decorate


def _way_back() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


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
