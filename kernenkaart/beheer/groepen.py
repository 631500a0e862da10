"""Pages for a beheerder: groups and organisations."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from kernenkaart import db
from kernenkaart.beheer.blad import asked_number, asked_text, bp
from kernenkaart.beheer.forms import (
    OrganisatieForm,
    PlatformForm,
    RelatieForm,
    organisatie_waarden,
    platform_waarden,
)
from kernenkaart.beheer.queries import find_groepen, find_kernen, find_relaties
from kernenkaart.errors import Conflict, Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.organisaties.services import get_organisatie, save_organisatie
from kernenkaart.platforms.models import Platform, RelatieSoort
from kernenkaart.platforms.services import (
    add_relatie,
    drop_relatie,
    get_platform,
    save_platform,
)
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import beheerder_required
from kernenkaart.web.forms import Verschil, show_error


@bp.get("/platforms")
@beheerder_required
def platforms() -> ResponseReturnValue:
    """The groups, by name and kern; some more at a time."""
    session, tekst, aantal = db.session(), asked_text(), asked_number()
    kern_id = request.args.get("kern", type=int)
    rows, totaal = find_groepen(session, tekst=tekst, kern_id=kern_id, limiet=aantal)
    return render_template(
        "beheer/platforms.html",
        platforms=rows,
        totaal=totaal,
        tekst=tekst,
        kern_id=kern_id,
        kernen=find_kernen(session),
        aantal=aantal,
    )


@bp.route("/platforms/nieuw", methods=["GET", "POST"])
@beheerder_required
def platform_nieuw() -> ResponseReturnValue:
    """The form for a new group."""
    return _platform_pagina(None)


@bp.route("/platforms/<int:platform_id>", methods=["GET", "POST"])
@beheerder_required
def platform(platform_id: int) -> ResponseReturnValue:
    """The form of one group."""
    return _platform_pagina(get_platform(db.session(), platform_id))


def _platform_pagina(platform: Platform | None) -> ResponseReturnValue:
    session = db.session()
    form = PlatformForm()
    form.offer(session, platform)
    verschillen: list[Verschil] = []
    if not form.is_submitted() and platform is not None:
        form.start_from(platform_waarden(platform), platform.versie)
    elif form.validate_on_submit():
        try:
            sign(session, current_actor())
            saved = save_platform(
                session,
                current_actor(),
                form.to_gegevens(),
                platform=platform,
                versie=form.versie.data,
            )
        except Invalid as error:
            show_error(form, error)
        except Conflict:
            assert platform is not None  # noqa: S101  # nothing new can conflict
            verschillen = form.differences(platform_waarden(platform), platform.versie)
        else:
            session.commit()
            flash(f"{saved.naam} is bewaard.", "goed")
            return redirect(url_for(".platform", platform_id=saved.id))
    relatie = RelatieForm(formdata=None)
    if platform is not None:
        relatie.offer(session, platform)
    page = render_template(
        "beheer/platform.html",
        form=form,
        platform=platform,
        verschillen=verschillen,
        relatie=relatie,
        relaties=find_relaties(session, platform) if platform else [],
    )
    return page, 409 if verschillen else 422 if form.errors else 200


@bp.post("/platforms/<int:platform_id>/relaties")
@beheerder_required
def relatie_erbij(platform_id: int) -> ResponseReturnValue:
    """Add a relation to another group."""
    session = db.session()
    platform = get_platform(session, platform_id)
    form = RelatieForm()
    form.offer(session, platform)
    if form.validate_on_submit() and form.naar.data:
        sign(session, current_actor())
        add_relatie(session, current_actor(), platform, form.naar.data, form.to_soort())
        session.commit()
        flash("De relatie is bewaard.", "goed")
    else:
        flash("Kies een groep en hoe die erbij hoort.", "fout")
    return redirect(url_for(".platform", platform_id=platform_id) + "#relaties")


@bp.post("/platforms/<int:platform_id>/relaties/<int:naar_id>/<soort>/weg")
@beheerder_required
def relatie_weg(platform_id: int, naar_id: int, soort: str) -> ResponseReturnValue:
    """Take a relation away."""
    session = db.session()
    if soort in set(RelatieSoort):
        sign(session, current_actor())
        drop_relatie(
            session,
            current_actor(),
            get_platform(session, platform_id),
            naar_id,
            RelatieSoort(soort),
        )
        session.commit()
        flash("De relatie is weggehaald.", "goed")
    return redirect(url_for(".platform", platform_id=platform_id) + "#relaties")


@bp.get("/organisaties")
@beheerder_required
def organisaties() -> ResponseReturnValue:
    """All organisations."""
    rows = db.session().scalars(select(Organisatie).order_by(Organisatie.naam)).all()
    return render_template("beheer/organisaties.html", organisaties=rows)


@bp.route("/organisaties/nieuw", methods=["GET", "POST"])
@beheerder_required
def organisatie_nieuw() -> ResponseReturnValue:
    """The form for a new organisation."""
    return _organisatie_pagina(None)


@bp.route("/organisaties/<int:organisatie_id>", methods=["GET", "POST"])
@beheerder_required
def organisatie(organisatie_id: int) -> ResponseReturnValue:
    """The form of one organisation."""
    return _organisatie_pagina(get_organisatie(db.session(), organisatie_id))


def _organisatie_pagina(organisatie: Organisatie | None) -> ResponseReturnValue:
    session = db.session()
    form = OrganisatieForm()
    form.offer(session, organisatie)
    verschillen: list[Verschil] = []
    if not form.is_submitted() and organisatie is not None:
        form.start_from(organisatie_waarden(organisatie), organisatie.versie)
    elif form.validate_on_submit():
        try:
            sign(session, current_actor())
            saved = save_organisatie(
                session,
                current_actor(),
                form.to_gegevens(),
                organisatie=organisatie,
                versie=form.versie.data,
            )
        except Invalid as error:
            show_error(form, error)
        except Conflict:
            assert organisatie is not None  # noqa: S101  # nothing new can conflict
            verschillen = form.differences(organisatie_waarden(organisatie), organisatie.versie)
        else:
            session.commit()
            flash(f"{saved.naam} is bewaard.", "goed")
            return redirect(url_for(".organisaties"))
    page = render_template(
        "beheer/organisatie.html", form=form, organisatie=organisatie, verschillen=verschillen
    )
    return page, 409 if verschillen else 422 if form.errors else 200
