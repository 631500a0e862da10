"""A form that came too late: the answer keeps what was typed, so that it can be sent again."""

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from kernenkaart.web.csrf import FIELD, comes_from_here
from kernenkaart.web.errors import answer, wants_data

_SECRET = frozenset({FIELD, "wachtwoord", "wachtwoord_nu"})


def resend_page(*, ingelogd: bool) -> ResponseReturnValue:
    """What to say to a form of somebody who is no longer logged in, or whose page was too old.

    The page holds the typed fields (no passwords, no files), ready to be sent again, unless
    another site may have typed them.

    Args:
        ingelogd: False adds the way to log in, and makes it a 401 instead of a 400.
    """
    status = 400 if ingelogd else 401
    if wants_data():
        return answer(status)
    own = comes_from_here() is True
    velden = [
        (naam, waarde) for naam, waarde in request.form.items(multi=True) if naam not in _SECRET
    ]
    response = make_response(
        render_template(
            "toegang/verlopen.html",
            ingelogd=ingelogd,
            velden=velden if own else [],
            bestanden=[bestand.filename for bestand in request.files.values() if bestand.filename],
            pad=request.full_path.rstrip("?"),
        ),
        status,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
