"""Fill in, look at it, place it: the walk through every form that puts something in the map.

One address, three buttons: ``bekijk`` shows how it will look, ``concept`` keeps a draft, ``plaats``
places it. Any other button (``terug``) shows the form again as it was sent. An error or somebody
else's change shows the form with everything that was typed. ``straks`` shows what ``bekijk`` does
and also what comes of saving it; while one types a script asks for that, so it is no error yet when
not all is filled in.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.errors import Conflict, Invalid
from kernenkaart.web.forms import Invoer, show_error

T = TypeVar("T")
KIJK = ("bekijk", "straks")
ACTIES = (*KIJK, "concept", "plaats")


def walk_through(
    form: Invoer,
    *,
    sjablonen: str,
    context: Mapping[str, Any],
    preview: Callable[[], Mapping[str, Any]],
    save: Callable[[bool], T],
    done: Callable[[T], ResponseReturnValue],
    stored: Callable[[], tuple[Mapping[str, Any], int]] | None = None,
    versie: int | None = None,
) -> ResponseReturnValue:
    """Answer one step of the walk.

    Args:
        form: filled from the request or, the first time, by the view.
        sjablonen: folder with ``formulier.html`` and ``bekijk.html``.
        context: what both templates need besides ``form`` and ``verschillen``.
        preview: what ``bekijk.html`` needs besides; only asked of a form that validates. It also
            gets ``probeer``: None, or of ``straks`` what saves it, for who undoes it.
        save: changes the database; True places, False keeps a draft. Raises Invalid or Conflict.
        done: commits and answers what was saved.
        stored: values of the form and version as they are now stored; None for something new.
        versie: the version that the view read; None for something new.

    Returns:
        200 for the form and the preview, 422 for an error, 409 for a conflict, else ``done``.
    """

    actie = request.form.get("actie")

    def page(status: int, **more: Any) -> ResponseReturnValue:
        html = render_template(
            f"{sjablonen}/formulier.html", form=form, **{"verschillen": None, **context, **more}
        )
        return html, 200 if actie == "straks" else status

    if actie not in ACTIES:
        return page(200)
    if not form.validate():
        return page(422)
    try:
        if stored and form.versie.data != versie:
            raise Conflict
        if actie in KIJK:
            probeer = (lambda: save(True)) if actie == "straks" else None
            gezien = {**context, **preview(), "probeer": probeer}
            return render_template(f"{sjablonen}/bekijk.html", form=form, **gezien)
        saved = save(actie == "plaats")
    except Invalid as error:
        show_error(form, error)
        return page(422)
    except Conflict as error:
        if stored is None:
            raise
        db.session().rollback()
        eerder = form.versie.data is None
        verschillen = form.differences(*stored())
        return page(409, verschillen=verschillen, conflict=error.melding, eerder=eerder)
    return done(saved)
