"""The calendar over HTTP: of one kern or of all, and a year of a kern on paper."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.actor import BEZOEKER, Actor
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid, NotFound
from kernenkaart.journaal.queries import data_version
from kernenkaart.kalender.indeling import (
    Maand,
    join_words,
    to_days,
    to_months,
    to_weeks,
    whole_weeks,
)
from kernenkaart.kalender.papier import PAPIEREN, Stap, find_pdf, set_months, steps_for
from kernenkaart.kalender.queries import (
    Kiezing,
    find_houder,
    find_kernen,
    find_keuzes,
    find_per_dag,
    find_per_maand,
)
from kernenkaart.kalender.vraag import EERSTE_JAAR, LAATSTE_JAAR, VORMEN, KalenderVraag
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.queries import get_kern
from kernenkaart.tijd import WEEKDAGEN, WEEKDAGEN_VOLUIT, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import public
from kernenkaart.web.api import is_known, make_etag, site_root
from kernenkaart.web.pdf import NogBezig, qr_svg

bp = Blueprint("kalender", __name__)
bp.add_app_template_filter(lambda dag: f"{WEEKDAGEN[dag.weekday()]} {dag.day}", "dagkort")
bp.add_app_template_filter(lambda dag: WEEKDAGEN_VOLUIT[dag.weekday()], "weekdag")
bp.add_app_template_filter(join_words, "opsomming")

# how many lines at most: of a day in a month, a week, a list, alone; of a month in a year
PER_DAG = {"maand": 4, "week": 12, "lijst": 10}
DEZE_DAG = 300
PER_MAAND, PER_MAAND_ALLE = 60, 15
JAREN_TERUG, JAREN_VOORUIT = 1, 2
OPNIEUW_S = 15


@dataclass(frozen=True)
class Plaats:
    """Whose calendar it is: of ``kern``, or of the whole gemeente when that is None."""

    naam: str
    kern: Kern | None = None

    @property
    def pad(self) -> str:
        """The path of its calendar."""
        return f"/kernen/{self.kern.slug}/kalender" if self.kern else "/kalender"

    def adres(self, vraag: KalenderVraag | None) -> str:
        """The address of a state of its calendar; empty of none."""
        if vraag is None:
            return ""
        args = urlencode(vraag.to_args(), doseq=True)
        return f"{self.pad}?{args}" if args else self.pad


def _settings() -> Settings:
    found: Settings = current_app.extensions["kernenkaart.settings"]
    return found


@bp.get("/kalender")
@public
def alle() -> ResponseReturnValue:
    """The calendar of all kernen; ``?kern=`` leads to that of one."""
    if slug := request.args.get("kern", "").strip():
        found = get_kern(db.session(), slug)
        vraag, _fouten = KalenderVraag.from_args(request.args, today())
        return redirect(Plaats(found.naam, found).adres(vraag))
    return _show(Plaats(_settings().gemeente_naam))


@bp.get("/kernen/<slug>/kalender")
@public
def kern(slug: str) -> ResponseReturnValue:
    """The calendar of one kern, its neighbours in grey."""
    found = get_kern(db.session(), slug)
    return _show(Plaats(found.naam, found))


def _show(plaats: Plaats) -> ResponseReturnValue:
    session, actor, dag, settings = db.session(), current_actor(), today(), _settings()
    vraag, fouten = KalenderVraag.from_args(request.args, dag)
    soorten, doelgroepen = find_keuzes(session)
    page = render_template(
        f"kalender/{vraag.vorm}.html",
        plaats=plaats,
        vraag=vraag,
        fouten=fouten,
        vormen=VORMEN,
        kernen=find_kernen(session, settings.gemeente_code),
        soorten=soorten,
        doelgroepen=doelgroepen,
        jaren=[(jaar, str(jaar)) for jaar in _years(dag, vraag.dag.year)],
        printbaar=vraag.dag.year in _years(dag, dag.year),
        houder=find_houder(session, plaats.kern.id) if plaats.kern else None,
        dag=dag,
        vandaag_vraag=replace(vraag, dag=dag),
        **_content(session, actor, plaats, vraag, dag),
    )
    return page, 422 if fouten else 200


def _content(
    session: Session, actor: Actor, plaats: Plaats, vraag: KalenderVraag, dag: date
) -> dict[str, Any]:
    """What the template of a form prints."""
    keuze = _choice(plaats, vraag)
    met_kern = plaats.kern is None
    regio = None if vraag.gefilterd else _settings().vakantieregio
    if vraag.vorm == "jaar":
        limiet = PER_MAAND if plaats.kern else PER_MAAND_ALLE
        rows = find_per_maand(session, actor, keuze, vraag.periode, limiet=limiet)
        maanden = to_months(rows, vraag.dag.year, met_kern=met_kern, regio=regio)
        voorbij = sum(
            (maand.eerste.year, maand.eerste.month) < (dag.year, dag.month) for maand in maanden
        )
        if voorbij == len(maanden):  # of a year that is over everything is shown
            voorbij = 0
        return {"voorbij": maanden[:voorbij], "maanden": maanden[voorbij:], "leeg": not any(
            maand.activiteiten for maand in maanden
        )}  # fmt: skip
    periode = whole_weeks(vraag.periode) if vraag.vorm == "maand" else vraag.periode
    limiet = DEZE_DAG if vraag.een_dag else PER_DAG[vraag.vorm]
    rows = find_per_dag(session, actor, keuze, periode, limiet=limiet)
    dagen = to_days(rows, periode, met_kern=met_kern, regio=regio)
    return {
        "dagen": [d for d in dagen if d.dag in vraag.periode],
        "weken": to_weeks(dagen) if vraag.vorm in ("maand", "week") else [],
        "leeg": not any(row["dag"] in vraag.periode for row in rows),
    }


def _choice(plaats: Plaats, vraag: KalenderVraag) -> Kiezing:
    settings = _settings()
    return Kiezing(
        gemeente=settings.gemeente_code,
        kern_id=plaats.kern.id if plaats.kern else None,
        buren_m=settings.kalender_buren_m if vraag.buren else 0.0,
        werk=vraag.werk,
        soort=vraag.soort,
        doelgroep=vraag.doelgroep,
        tekst=vraag.q,
    )


def _years(vandaag: date, gekozen: int) -> list[int]:
    around = range(vandaag.year - JAREN_TERUG, vandaag.year + JAREN_VOORUIT + 1)
    return sorted({*around, min(max(gekozen, EERSTE_JAAR), LAATSTE_JAAR)})


@bp.get("/kernen/<slug>/kalender.pdf")
@public
def papier(slug: str) -> ResponseReturnValue:
    """The year of a kern on one page; always as everybody may see it."""
    session, dag = db.session(), today()
    soort = request.args.get("papier", "a4").lower()
    jaar = request.args.get("jaar", dag.year, type=int)
    if soort not in PAPIEREN:
        raise Invalid("Dit papier kennen we niet. Kies a4 of a3.")
    if jaar not in _years(dag, dag.year):
        raise NotFound("Van dit jaar kun je geen kalender printen.")
    found = get_kern(session, slug)
    vraag = KalenderVraag("jaar", date(jaar, 1, 1), buren=False)
    adres = f"{site_root()}{Plaats(found.naam, found).pad}?jaar={jaar}"
    # it says on which day it was known, so tomorrow it is another
    etag = make_etag("kalender", adres, soort, data_version(session), dag)
    if is_known(etag):
        return "", 304, {"ETag": etag, "Cache-Control": "no-cache"}
    try:
        pad = find_pdf(
            _settings(),
            f"{found.slug}-{jaar}-{soort}",
            etag.split('"')[1],
            _to_print(session, found, vraag, soort, adres),
        )
    except NogBezig:
        page = render_template("kalender/bezig.html", kern=found, wacht_s=OPNIEUW_S)
        return page, 503, {"Retry-After": str(OPNIEUW_S), "Cache-Control": "no-store"}
    response = Response(pad.read_bytes(), content_type="application/pdf")
    naam = f"kalender-{found.slug}-{jaar}-{soort}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{naam}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    return response


def _to_print(
    session: Session, kern: Kern, vraag: KalenderVraag, papier: str, adres: str
) -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        keuze = _choice(Plaats(kern.naam, kern), vraag)
        rows = find_per_maand(session, BEZOEKER, keuze, vraag.periode, limiet=PER_MAAND)
        maanden = to_months(rows, vraag.dag.year, met_kern=False, regio=_settings().vakantieregio)
        houder = find_houder(session, kern.id)

        def attempt(stap: Stap) -> dict[str, str]:
            return _set(stap, maanden, kern=kern, jaar=vraag.dag.year, adres=adres,
                        houder=houder, papier=papier)  # fmt: skip

        pogingen = [attempt(stap) for stap in steps_for(papier, maanden)]
        return {"pogingen": pogingen, "qr": qr_svg(adres)}

    return make


def _set(stap: Stap, maanden: list[Maand], *, papier: str, **rest: Any) -> dict[str, str]:
    gezet, weg = set_months(maanden, stap)
    html = render_template(
        "kalender/papier.html", maanden=gezet, weg=weg, stap=stap, papier=papier, **rest
    )
    hoogte = PAPIEREN[papier]
    css = render_template(
        "kalender/papier.css",
        stap=stap,
        papier=papier.upper(),
        hoogte=hoogte,
        schaal=hoogte / PAPIEREN["a4"],  # of what stands above and below the months
    )
    return {"html": html, "css": css}
