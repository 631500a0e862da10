"""Pages for the halls, kept by beheerders and, in its own kernen, by a gebiedsmakelaar."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.beheer.blad import bp
from kernenkaart.beheer.forms import ZaalForm, zaal_waarden
from kernenkaart.errors import Conflict, Invalid, NotAllowed
from kernenkaart.journaal.services import sign
from kernenkaart.kernen.forms import marge_m
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import medewerker_required
from kernenkaart.web.forms import Verschil, show_error
from kernenkaart.zalen.models import Zaal
from kernenkaart.zalen.policy import may_keep_some
from kernenkaart.zalen.queries import find_kept, get_kept
from kernenkaart.zalen.services import save_zaal


@bp.get("/zalen")
@medewerker_required
def zalen() -> ResponseReturnValue:
    """The halls that one keeps, also out of use."""
    actor = current_actor()
    if not may_keep_some(actor):
        raise NotAllowed
    return render_template("beheer/zalen.html", zalen=find_kept(db.session(), actor))


@bp.route("/zalen/nieuw", methods=["GET", "POST"])
@medewerker_required
def zaal_nieuw() -> ResponseReturnValue:
    """The form for a new hall."""
    if not may_keep_some(current_actor()):
        raise NotAllowed
    return _zaal_pagina(None)


@bp.route("/zalen/<int:zaal_id>", methods=["GET", "POST"])
@medewerker_required
def zaal(zaal_id: int) -> ResponseReturnValue:
    """The form of one hall."""
    return _zaal_pagina(get_kept(db.session(), current_actor(), zaal_id))


def _zaal_pagina(zaal: Zaal | None) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    form = ZaalForm()
    form.offer(session, actor)
    verschillen: list[Verschil] = []
    if not form.is_submitted() and zaal is not None:
        form.start_from(zaal_waarden(zaal), zaal.versie)
    elif form.validate_on_submit():
        try:
            sign(session, actor)
            saved = save_zaal(
                session,
                actor,
                form.to_gegevens(),
                marge_m=marge_m(),
                zaal=zaal,
                versie=form.versie.data,
            )
        except Invalid as error:
            show_error(form, error)
        except Conflict:
            assert zaal is not None  # noqa: S101  # nothing new can conflict
            verschillen = form.differences(zaal_waarden(zaal), zaal.versie)
        else:
            session.commit()
            flash(f"{saved.naam} is bewaard.", "goed")
            return redirect(url_for(".zalen"))
    page = render_template("beheer/zaal.html", form=form, zaal=zaal, verschillen=verschillen)
    return page, 409 if verschillen else 422 if form.errors else 200
