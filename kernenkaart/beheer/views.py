"""The first page of beheer; importing this brings all of its pages."""

from flask import render_template
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.beheer import accounts, groepen, lijsten, zalen
from kernenkaart.beheer.blad import bp
from kernenkaart.beheer.queries import count_all
from kernenkaart.beheer.veranderd import find_recent
from kernenkaart.toegang.guards import beheerder_required

__all__ = ["accounts", "bp", "groepen", "lijsten", "zalen"]


@bp.get("")
@beheerder_required
def start() -> ResponseReturnValue:
    """What there is to manage, and what changed last."""
    session = db.session()
    return render_template(
        "beheer/start.html", aantallen=count_all(session), recent=find_recent(session)
    )
