"""The guard of what programs do: a key in the header ``Authorization: Bearer``, and nothing else.

A cookie or a parameter never opens it, so nothing that another site makes a browser send can; that
is why these requests need no CSRF token.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.tijd import now
from kernenkaart.toegang.login import lacks_second_step
from kernenkaart.toegang.models import Recht
from kernenkaart.toegang.pogingen import (
    PER_SLEUTEL,
    Teller,
    count_try,
    may_try,
    network_of,
)
from kernenkaart.toegang.queries import Drager
from kernenkaart.toegang.sleutels import may_hold, note_use, recognise
from kernenkaart.web.errors import answer

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def sleutel_required(recht: Recht) -> Callable[[View[P]], View[P]]:
    """Only with a key that has ``recht``; the actor of the request is then its owner.

    Args:
        recht: what the key must be good for; what its owner may, the service asks.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            refused = _let_in(recht)
            return view(*args, **kwargs) if refused is None else refused

        guarded.guard = "sleutel_required"  # type: ignore[attr-defined]
        return guarded

    return decorate


def _let_in(recht: Recht) -> Response | None:
    g.actor_ingelogd = True  # nothing behind this door is kept anywhere
    soort, _, token = request.headers.get("Authorization", "").partition(" ")
    if soort.lower() != "bearer" or not token.strip():
        return _refuse(401, "Stuur een sleutel mee in de kop Authorization: Bearer.")
    drager = _recognise(token.strip())
    if drager is None:
        return _refuse(
            401,
            "Deze sleutel werkt niet (meer). Maak een nieuwe in je account.",
            'error="invalid_token"',
        )
    if recht.value not in drager.sleutel.rechten:
        return _refuse(
            403,
            f"Deze sleutel is niet voor {recht.value}. Maak er een die dat wel is.",
            f'error="insufficient_scope", scope="{recht.value}"',
        )
    g.actor = drager.actor
    return None


def _recognise(token: str) -> Drager | None:
    session, moment = db.session(), now()
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    teller = Teller(PER_SLEUTEL, network_of(request.remote_addr), str(current_app.secret_key))
    drager = recognise(session, token, moment, may_try(teller))
    if drager is not None and (
        not may_hold(drager.actor)
        or lacks_second_step(drager.gebruiker)
        or (drager.gebruiker.demo and not settings.demo)
    ):
        drager = None
    if drager is None:
        count_try(session, [teller])
        session.commit()
    elif note_use(session, drager.sleutel, moment):
        session.commit()
    return drager


def _refuse(status: int, melding: str, waarom: str = "") -> Response:
    response = answer(status, melding)
    response.headers["WWW-Authenticate"] = ", ".join(
        filter(None, ('Bearer realm="kernenkaart"', waarom))
    )
    return response
