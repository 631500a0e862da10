"""Which works lie within a distance of a kern or a drawn area, in a period: page, CSV, GeoJSON."""

import json
from collections.abc import Sequence
from typing import Any

import shapely
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, cast, func, select
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.actor import Actor
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.geo.invoer import parse_vorm
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.queries import find_makelaars, get_kern
from kernenkaart.labels.templating import word
from kernenkaart.platforms.queries import find_groepen
from kernenkaart.tijd import Periode, kwartaal_of, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import public
from kernenkaart.web.dingen import hinder_merkje
from kernenkaart.web.errors import wants_data
from kernenkaart.web.forms import show_error
from kernenkaart.web.tabel import csv_response
from kernenkaart.werkzaamheden import queries
from kernenkaart.werkzaamheden.laag import LAAG
from kernenkaart.werkzaamheden.models import Werkzaamheid
from kernenkaart.werkzaamheden.nabij_forms import NabijForm
from kernenkaart.werkzaamheden.queries import Nabij, find_near, is_stale

bp = Blueprint("nabij", __name__, url_prefix="/werkzaamheden/nabij")

KWARTALEN = 8  # this quarter and the next ones to choose from
GEBIED_PUNTEN_MAX = 1_000  # anybody may ask, so the question stays cheap
ZEEF_M = 1.0  # a distance line is drawn this coarse


@bp.route("")
@public
def kies() -> ResponseReturnValue:
    """The question without a kern: to the kern that was chosen in the form."""
    args: dict[str, Any] = request.args.to_dict()
    kern = args.pop("kern", "")
    if kern:
        return redirect(url_for(".kern", slug=kern, **args))
    return redirect(url_for(".gebied", **args))


@bp.route("/<slug>")
@public
def kern(slug: str) -> ResponseReturnValue:
    """Works near a kern."""
    found = get_kern(db.session(), slug)
    return _answer(found.grens, kern=found)


@bp.route("/gebied")
@public
def gebied() -> ResponseReturnValue:
    """Works near a drawn or pasted area."""
    tekst = request.args.get("vorm", "")
    if not tekst:
        return _answer(None)
    try:
        getekend = parse_vorm(tekst)
        if shapely.get_num_coordinates(getekend) > GEBIED_PUNTEN_MAX:
            raise Invalid(
                f"Dit gebied heeft meer dan {GEBIED_PUNTEN_MAX} punten. Teken het eenvoudiger.",
                veld="vorm",
            )
        return _answer(getekend)
    except Invalid as error:
        if wants_data():
            raise
        return _answer(None, fout=error)


def _answer(
    gebied: BaseGeometry | None, *, kern: Kern | None = None, fout: Invalid | None = None
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    form = NabijForm(formdata=request.args)
    form.organisatie.offer(queries.find_organisaties(session))
    form.validate()
    if fout is not None:
        show_error(form, fout)
    found: Sequence[Nabij] = ()
    periode = afstand_m = None
    try:
        afstand_m, periode = form.to_afstand_m(), form.to_periode()
    except Invalid as error:
        show_error(form, error)
    if form.errors and wants_data():
        raise Invalid(" ".join(zin for zinnen in form.errors.values() for zin in zinnen))
    if not form.errors and gebied is not None and periode is not None:
        found = find_near(
            session,
            actor,
            gebied=gebied,
            afstand_m=afstand_m or 0.0,
            periode=periode,
            organisatie_id=form.organisatie.data,
        )
    naam = f"werkzaamheden-nabij-{kern.slug if kern else 'gebied'}"
    match request.args.get("formaat"):
        case "csv":
            return csv_response(naam, KOLOMMEN, [_cells(one) for one in found])
        case "geojson":
            return _geojson(session, actor, found, naam)
        case None | "":
            page = _page(
                form, found, gebied=gebied, kern=kern, afstand_m=afstand_m, periode=periode
            )
            return page, 422 if form.errors else 200
        case _:
            raise Invalid("Dit formaat bestaat niet. Kies csv of geojson.", veld="formaat")


def _page(
    form: NabijForm,
    found: Sequence[Nabij],
    *,
    gebied: BaseGeometry | None,
    kern: Kern | None,
    afstand_m: float | None,
    periode: Periode | None,
) -> str:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    session, dag = db.session(), today()
    omtrek = shapely.simplify(kern.grens.buffer(afstand_m), ZEEF_M) if kern and afstand_m else None
    kernen = select(Kern.slug, Kern.naam).order_by(Kern.naam)
    if kern:
        kernen = kernen.where(Kern.gemeente_id == kern.gemeente_id)
    return render_template(
        "werkzaamheden/nabij.html",
        form=form,
        kern=kern,
        kernen=session.execute(kernen).all() if kern else (),
        groepen=find_groepen(session, current_actor(), kern.id) if kern else (),
        makelaars=find_makelaars(session, kern.id, dag) if kern else (),
        gebied=gebied,
        omtrek=omtrek,
        gevonden=found,
        periode=periode,
        kwartalen=_quarters(form.kwartaal.data),
        kwartaal=form.kwartaal.data or ("" if form.van.data or form.tot.data else kwartaal_of(dag)),
        merkjes={one.werk.id: hinder_merkje(one.werk.hinder) for one in found},
        oud={o.werk.id for o in found if is_stale(o.werk, dag, settings.lang_geleden_dagen)},
        args={key: value for key, value in request.args.items() if key != "formaat"},
    )


def _quarters(gekozen: str | None) -> list[tuple[str, str]]:
    """Code and name of the quarters to choose from, with the chosen one."""
    dag = today().replace(day=1)
    codes = []
    for _ in range(KWARTALEN):
        codes.append(kwartaal_of(dag))
        month = dag.month + 2
        dag = dag.replace(year=dag.year + month // 12, month=month % 12 + 1)
    if gekozen and gekozen not in codes:
        codes.insert(0, gekozen)
    return [(code, f"{code[-1]}e kwartaal {code[:4]}") for code in codes]


KOLOMMEN = (
    "werk", "plek", "kern", "organisatie", "soort", "eerste dag", "laatste dag", "zekerheid",
    "hinder", "hinder in het kort", "afstand (m)", "bevestigd op", "adres",
)  # fmt: skip


def _cells(one: Nabij) -> list[Any]:
    werk = one.werk
    return [
        werk.titel, werk.plek_naam, werk.kern.naam if werk.kern else "", werk.organisatie.naam,
        werk.soort.naam, werk.eerste_dag, werk.laatste_dag,
        word(werk.status, "werkzaamheid.status"), word(werk.hinder, "werkzaamheid.hinder"),
        werk.hinder_kort, round(one.afstand_m, 2), werk.bevestigd_op,
        url_for("werkzaamheden.toon", werkzaamheid_id=werk.id, _external=True),
    ]  # fmt: skip


def _geojson(session: Session, actor: Actor, found: Sequence[Nabij], naam: str) -> Response:
    """RFC 7946, made by the database out of the public fields of the layer and nothing else."""
    afstand = {one.werk.id: round(one.afstand_m, 2) for one in found}
    feature = func.json_build_object(
        "type", "Feature",
        "id", Werkzaamheid.id,
        "geometry", cast(func.ST_AsGeoJSON(func.ST_Transform(Werkzaamheid.geom, 4326), 7), JSON),
        "properties", func.json_build_object(*_pairs()),
    )  # fmt: skip
    rows = session.execute(
        select(Werkzaamheid.id, feature)
        .select_from(LAAG.bron)
        .where(LAAG.visible_to(actor), Werkzaamheid.id.in_(afstand))
    )
    by_id = {row[0]: row[1] for row in rows}
    features = []
    for one in found:
        value = by_id[one.werk.id]
        value["properties"]["afstand_m"] = afstand[one.werk.id]
        features.append(value)
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    response = Response(body, content_type="application/geo+json")
    response.headers["Content-Disposition"] = f'attachment; filename="{naam}.geojson"'
    return response


def _pairs() -> list[Any]:
    return [part for name, veld in LAAG.velden.items() for part in (name, veld.kolom)]
