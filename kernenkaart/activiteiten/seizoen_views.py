"""Paste a whole season: look at it row by row, mend it in place, then all of it or nothing."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from kernenkaart import db
from kernenkaart.activiteiten import queries, services
from kernenkaart.activiteiten.forms import ActiviteitForm
from kernenkaart.activiteiten.policy import may_post
from kernenkaart.activiteiten.seizoen import (
    HOOGSTENS,
    ONBEKEND,
    Lijst,
    Regel,
    read_rows,
    sleutel_of,
    to_velden,
)
from kernenkaart.activiteiten.services import ActiviteitGegevens
from kernenkaart.errors import Conflict, Invalid
from kernenkaart.journaal.services import sign
from kernenkaart.kernen.forms import marge_m
from kernenkaart.platforms.posten import find_kernen, get_own
from kernenkaart.tijd import today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required
from kernenkaart.web.forms import Formulier, plek_waarden, show_error
from kernenkaart.web.velden import KeuzeVeld, TekstvakVeld, Verplicht
from kernenkaart.zalen.queries import find_zalen_in

bp = Blueprint("activiteiten_seizoen", __name__, url_prefix="/activiteiten")

VELDEN = (
    "titel",
    "datum",
    "laatste_dag",
    "van",
    "tot",
    "hele_dag",
    "plek",
    "soort",
    "doelgroep",
    "omschrijving",
)
Keuzes = Sequence[tuple[int, str]]


class SeizoenForm(Formulier):
    """A pasted table, and what holds for rows that do not say it themselves."""

    op_de_pagina = ("kern", "soort", "doelgroep", "tabel")

    kern = KeuzeVeld("In welke kern?", [Verplicht("Kies een kern.")], leeg="Kies een kern")
    soort = KeuzeVeld("Wat voor activiteiten zijn het?", leeg="Staat in de tabel")
    doelgroep = KeuzeVeld("Voor wie is het?", leeg="Staat in de tabel, of zeg ik er niet bij")
    tabel = TekstvakVeld(
        "Plak hier de regels uit je tabel",
        description=f"Hoogstens {HOOGSTENS} regels. Je ziet eerst wat eruit komt.",
    )


@dataclass(frozen=True)
class Rij:
    """One row of the season.

    Attributes:
        nummer: counted from 1, as the visitor counts.
        form: its fields, with what is wrong beside them.
        gegevens: its values; None when something is wrong.
        sleutel: its key; None when something is wrong.
    """

    nummer: int
    form: ActiviteitForm
    gegevens: ActiviteitGegevens | None
    sleutel: uuid.UUID | None


@bp.route("/seizoen/<int:platform_id>", methods=["GET", "POST"])
@login_required
def seizoen(platform_id: int) -> ResponseReturnValue:
    """Paste, look, mend, place."""
    session, actor = db.session(), current_actor()
    platform = get_own(session, platform_id, mag=may_post(actor, platform_id))
    kernen = find_kernen(session, platform_id)
    soorten, doelgroepen = queries.find_keuzes(session)
    form = SeizoenForm()
    form.kern.offer((kern.id, kern.naam) for kern in kernen)
    form.soort.offer(soorten)
    form.doelgroep.offer(doelgroepen)
    eigen = [kern for kern in kernen if kern.eigen]
    if request.method == "GET" and len(eigen) == 1:
        form.kern.data = eigen[0].id
    context = {
        "form": form,
        "platform": platform,
        "nieuw": request.args.get("nieuw", type=int),
        "al": request.args.get("al", 0, type=int),
        "concept": f"seizoen-{platform_id}-{actor.gebruiker_id}",
    }
    velden = _read(form, soorten, doelgroepen) if request.method == "POST" else None
    if velden is None:
        page = render_template("activiteiten/seizoen.html", **context)
        return page, 422 if form.errors else 200
    rijen = _check(form, platform_id, velden, soorten, doelgroepen)
    goed = {rij.sleutel: rij.gegevens for rij in rijen if rij.sleutel and rij.gegevens}
    fout = [rij for rij in rijen if rij.gegevens is None]
    if request.form.get("actie") == "plaats" and not fout and goed:
        sign(session, actor)
        try:
            nieuw = services.post_seizoen(session, actor, platform_id, goed, marge_m=marge_m())
        except (Invalid, Conflict) as error:
            form.form_errors.append(error.melding)
        else:
            session.commit()
            return redirect(
                url_for(".seizoen", platform_id=platform_id, nieuw=nieuw, al=len(goed) - nieuw)
            )
    page = render_template(
        "activiteiten/seizoen_bekijk.html",
        **context,
        rijen=rijen,
        fout=fout,
        velden=json.dumps([[veld[naam] for naam in VELDEN] for veld in velden]),
        bekend=queries.find_bekende_sleutels(session, goed.keys()),
        aantal=len(goed),
        dubbel=len(rijen) - len(fout) - len(goed),
    )
    return page, 422 if fout or form.form_errors else 200


def _read(form: SeizoenForm, soorten: Keuzes, doelgroepen: Keuzes) -> list[Regel] | None:
    if not form.validate():
        return None
    if "velden" in request.form:
        return _carried()
    per_soort = Lijst({naam.lower(): key for key, naam in soorten}, form.soort.data)
    per_groep = Lijst({naam.lower(): key for key, naam in doelgroepen}, form.doelgroep.data)
    tekst = request.form.get("tabel", "")
    try:
        regels = read_rows(tekst, per_soort.keuzes.keys(), today(), per_groep.keuzes.keys())
    except Invalid as error:
        show_error(form, error)
        return None
    return [to_velden(regel, per_soort, per_groep) for regel in regels]


def _carried() -> list[Regel]:
    """The rows as the page carried them, with what was mended and without what was left out."""
    try:
        carried = json.loads(request.form["velden"])
        rows = [dict(zip(VELDEN, map(str, row), strict=True)) for row in carried[:HOOGSTENS]]
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("Deze tabel is niet meer te lezen. Plak hem opnieuw.") from error
    mended = []
    for nummer, row in enumerate(rows, start=1):
        if request.form.get(f"r{nummer}-weg"):
            continue
        for naam in VELDEN:
            row[naam] = request.form.get(f"r{nummer}-{naam}", row[naam])
        row["hele_dag"] = "" if row["van"] or row["tot"] else "y"
        mended.append(row)
    return mended


def _check(
    form: SeizoenForm,
    platform_id: int,
    velden: Sequence[Regel],
    soorten: Keuzes,
    doelgroepen: Keuzes,
) -> list[Rij]:
    plekken = queries.find_bekende_plekken(db.session(), platform_id)
    zalen = find_zalen_in(db.session(), form.kern.data)
    rijen = []
    for nummer, row in enumerate(velden, start=1):
        waarden = MultiDict({f"r{nummer}-{naam}": waarde for naam, waarde in row.items() if waarde})
        waarden[f"r{nummer}-kern"] = str(form.kern.data)
        punt = plekken.get(row["plek"].lower())
        if punt is not None:
            plek = plek_waarden(punt, None, None)
            waarden |= {f"r{nummer}-lon": str(plek["lon"]), f"r{nummer}-lat": str(plek["lat"])}
        zaal = zalen.get(row["plek"].lower())
        if zaal is not None:
            waarden[f"r{nummer}-zaal"] = str(zaal.id)
        regel = ActiviteitForm(formdata=waarden, prefix=f"r{nummer}-", meta={"csrf": False})
        regel.soort.offer(soorten)
        regel.doelgroep.offer(doelgroepen)
        regel.offer_zalen(zalen.values())
        regel.kern.offer([(form.kern.data, "")])
        gegevens = regel.to_gegevens() if regel.validate() else None
        for veld in (regel.soort, regel.doelgroep):
            lijst, naam = veld.short_name, row[veld.short_name]
            if naam.startswith(ONBEKEND):
                naam = naam.removeprefix(ONBEKEND)
                veld.errors = [f"De {lijst} “{naam}” staat niet in de lijst. Kies er een."]
        sleutel = sleutel_of(platform_id, gegevens) if gegevens else None
        rijen.append(Rij(nummer, regel, gegevens, sleutel))
    return rijen
