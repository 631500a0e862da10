"""The planning over HTTP: works in time under the map, and the same as an Excel file."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.afstemming.planning_beeld import KOPPEN, make_planning, map_data, to_cells
from kernenkaart.afstemming.planning_blad import XLSX, make_blad
from kernenkaart.afstemming.planning_indeling import RIJ_PX
from kernenkaart.afstemming.planning_queries import (
    find_banden,
    find_keuzes,
    find_rijen,
)
from kernenkaart.afstemming.planning_vraag import (
    DUREN,
    PROJECTEN,
    STATUSSEN,
    PlanVraag,
    add_months,
    format_months,
)
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.labels.templating import word
from kernenkaart.tijd import today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import planner_required
from kernenkaart.web.api import site_root

bp = Blueprint("planning", __name__, url_prefix="/afstemming")

PAD = "/afstemming/planning"


def _gemeente() -> str:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.gemeente_code


@bp.get("/planning")
@planner_required
def planning() -> ResponseReturnValue:
    """Works, projects and activities as bars in time, the same on a map and in a table."""
    session, actor, dag = db.session(), current_actor(), today()
    vraag, fouten = PlanVraag.from_args(request.args, dag)
    keuzes = find_keuzes(session, _gemeente())
    if vraag.waar and keuzes.naam_of(vraag.waar) is None:
        fouten["waar"] = "Deze kern of dit gebied bestaat niet. Kies uit de lijst."
    gevonden = find_rijen(session, actor, vraag, _gemeente())
    banden = find_banden(session, actor, vraag, _gemeente()) if vraag.waar else ()
    page = render_template(
        "afstemming/planning.html",
        vraag=vraag,
        fouten=fouten,
        keuzes=keuzes,
        naam=keuzes.naam_of(vraag.waar),
        plan=make_planning(gevonden, banden, vraag, dag),
        kaartdata=map_data(gevonden.rijen, banden, vraag),
        periodes=_periods(vraag),
        statussen=[(status.value, word(status, "werkzaamheid.status")) for status in STATUSSEN],
        soorten=[*keuzes.soorten, (PROJECTEN, "Projecten")],
        adres=_address_of(vraag),
        rij_px=RIJ_PX,
    )
    return page, 422 if fouten else 200


@bp.get("/planning.xlsx")
@planner_required
def blad() -> Response:
    """The same selection as an Excel file."""
    session, actor, dag = db.session(), current_actor(), today()
    vraag, fouten = PlanVraag.from_args(request.args, dag)
    if fouten:
        raise Invalid(" ".join(fouten.values()))
    gevonden = find_rijen(session, actor, vraag, _gemeente(), vormen=False)
    banden = find_banden(session, actor, vraag, _gemeente()) if vraag.waar else ()
    plan = make_planning(gevonden, banden, vraag, dag)
    rijen = [to_cells(rij, site_root().rstrip("/")) for rij in (*plan.rijen, *plan.activiteiten)]
    if plan.over:
        zin = f"Hier staan de eerste {len(plan.rijen)} van {plan.totaal}. Kies een kern of periode."
        rijen.append([zin, *[None] * (len(KOPPEN) - 1)])
    response = Response(make_blad("Planning", [KOPPEN, *rijen]), content_type=XLSX)
    naam = f"planning-{vraag.waar.replace('.', '-') or 'gemeente'}-{vraag.van:%Y-%m}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{naam}"'
    return response


def _address_of(vraag: PlanVraag) -> Callable[..., str]:
    """Makes addresses of the same question with other answers, for the template."""
    dag = today()

    def adres(pad: str = PAD, **anders: Any) -> str:
        args = urlencode(replace(vraag, **anders).to_args(dag))
        return f"{pad}?{args}" if args else pad

    return adres


def _periods(vraag: PlanVraag) -> list[tuple[int, str]]:
    """How long one may look from the first month of the question: number of months and words."""
    return [
        (maanden, format_months(vraag.van, add_months(vraag.van, maanden - 1))) for maanden in DUREN
    ]
