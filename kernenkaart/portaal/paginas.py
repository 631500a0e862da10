"""Pages about the kernenkaart itself."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from kernenkaart.toegang.guards import public
from kernenkaart.web.thema import measure, read_colours

bp = Blueprint("paginas", __name__)


@bp.get("/toegankelijkheid")
@public
def toegankelijkheid() -> ResponseReturnValue:
    """How well it works for everyone, and where to say that it does not."""
    return render_template("portaal/toegankelijkheid.html")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Which personal data are kept, why and how long."""
    return render_template("portaal/privacy.html")


@bp.get("/over")
@public
def over() -> ResponseReturnValue:
    """What it is, who makes it, and its sources."""
    return render_template("portaal/over.html")


@bp.get("/stijlblad")
@public
def stijlblad() -> ResponseReturnValue:
    """The look: signs, colours with their contrast, letters, parts of a page."""
    colours = read_colours(current_app.extensions["kernenkaart.settings"].thema)
    return render_template("portaal/stijlblad.html", kleuren=colours, metingen=measure(colours))
