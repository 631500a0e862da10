"""The kernen: all of them, and the page of each."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.portaal.kernpagina import get_kernpagina
from kernenkaart.portaal.queries import count_per_kern
from kernenkaart.tijd import today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import public

bp = Blueprint("kernen", __name__)


@bp.get("/kernen")
@public
def lijst() -> ResponseReturnValue:
    """All kernen of the municipality, with what goes on in each."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    kernen = count_per_kern(
        db.session(), current_actor(), gemeente=settings.gemeente_code, vandaag=today()
    )
    return render_template("portaal/kernen.html", kernen=kernen)


@bp.get("/kernen/<slug>")
@public
def toon(slug: str) -> ResponseReturnValue:
    """The home page of a kern."""
    pagina = get_kernpagina(db.session(), current_actor(), slug, today())
    return render_template("portaal/kern.html", pagina=pagina, kern=pagina.kern)
