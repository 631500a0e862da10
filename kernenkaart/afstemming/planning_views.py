"""The planning over HTTP: works in time under the map, and the same as an Excel file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.afstemming.planning_beeld import (
    KOPPEN,
    Planning,
    make_planning,
    map_data,
    to_cells,
)
from kernenkaart.afstemming.planning_blad import XLSX, make_blad
from kernenkaart.afstemming.planning_paren import Paren, find_paren
from kernenkaart.afstemming.planning_queries import (
    Gevonden,
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


@dataclass(frozen=True)
class _Gelezen:
    """What one address finds."""

    gevonden: Gevonden
    banden: Sequence[RowMapping]
    paren: Paren
    plan: Planning


def _read(session: Session, vraag: PlanVraag, *, vormen: bool) -> _Gelezen:
    actor = current_actor()
    gevonden = find_rijen(session, actor, vraag, _gemeente(), vormen=vormen)
    werken = [rij["id"] for rij in gevonden.rijen if rij["ding"] == "werkzaamheid"]
    paren = find_paren(session, actor, werken, today())
    botsen = {bots.activiteit_id for bots in paren.botsen}
    banden = find_banden(session, actor, vraag, _gemeente(), botsen)
    return _Gelezen(gevonden, banden, paren, make_planning(gevonden, banden, vraag, today(), paren))


@bp.get("/planning")
@planner_required
def planning() -> ResponseReturnValue:
    """Works, projects and activities as bars in time, the same on a map and in a table."""
    session = db.session()
    vraag, fouten = PlanVraag.from_args(request.args, today())
    keuzes = find_keuzes(session, _gemeente())
    if vraag.waar and keuzes.naam_of(vraag.waar) is None:
        fouten["waar"] = "Deze kern of dit gebied bestaat niet. Kies uit de lijst."
    gelezen = _read(session, vraag, vormen=True)
    page = render_template(
        "afstemming/planning.html",
        vraag=vraag,
        fouten=fouten,
        keuzes=keuzes,
        naam=keuzes.naam_of(vraag.waar),
        plan=gelezen.plan,
        kaartdata=map_data(gelezen.gevonden.rijen, gelezen.banden, vraag, gelezen.paren),
        periodes=_periods(vraag),
        statussen=[(status.value, word(status, "werkzaamheid.status")) for status in STATUSSEN],
        soorten=[*keuzes.soorten, (PROJECTEN, "Projecten")],
        adres=_address_of(vraag),
    )
    return page, 422 if fouten else 200


@bp.get("/planning.xlsx")
@planner_required
def blad() -> Response:
    """The same selection as an Excel file."""
    vraag, fouten = PlanVraag.from_args(request.args, today())
    if fouten:
        raise Invalid(" ".join(fouten.values()))
    plan = _read(db.session(), vraag, vormen=False).plan
    basis = site_root().rstrip("/")
    rijen = [
        to_cells(rij, plan.bij.get(rij.sleutel, ()), basis)
        for rij in (*plan.rijen, *plan.activiteiten)
    ]
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
