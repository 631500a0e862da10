"""The list of one layer: everything in it, with its filters, without a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, cast
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kernenkaart import db
from kernenkaart.actor import Actor
from kernenkaart.config import Settings
from kernenkaart.db import Model
from kernenkaart.geo.laag import Laag
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import ALLE_DAGEN, ZELF, Args, DingFilter, Vraag
from kernenkaart.lagen.queries import count_dingen, find_dingen
from kernenkaart.tijd import AMSTERDAM, MAANDEN, PERIODEN, Periode, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import public
from kernenkaart.web.dingen import Rij, to_rij

bp = Blueprint("lijsten", __name__)

STAP = 10
HOOGSTENS = 500
GROEPEN = {
    "nu": "Nu bezig",
    "week": "Deze week",
    "later": "Later",
    "altijd": "",
    "geweest": "Geweest",
}
MET_DATUM = frozenset({"activiteiten", "werkzaamheden"})


@dataclass(frozen=True)
class Groep:
    """Rows under one heading."""

    kop: str
    rijen: tuple[Rij, ...]


@bp.route("/activiteiten", defaults={"naam": "activiteiten"})
@bp.route("/werkzaamheden", defaults={"naam": "werkzaamheden"})
@bp.route("/projecten", defaults={"naam": "projecten"})
@bp.route("/initiatieven", defaults={"naam": "initiatieven"})
@public
def lijst(naam: str) -> ResponseReturnValue:
    """Things of one layer, in the order of list and map, ten more at a time."""
    session, actor, dag = db.session(), current_actor(), today()
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    laag = next(laag for laag in LAGEN if laag.naam == naam)
    kernen = find_kernen(session, settings.gemeente_code)
    vraag, fouten = _read(laag, dict(kernen))
    keuze = replace(vraag.to_filter(dag, settings.gemeente_code), lagen=(naam,), tekst=vraag.q)
    aantal = min(max(request.args.get("aantal", STAP, type=int), STAP), HOOGSTENS)
    dingen = find_dingen(session, actor, keuze, limiet=aantal)
    telling = count_dingen(session, actor, keuze)
    page = render_template(
        "portaal/lijst.html",
        laag=laag,
        vraag=vraag,
        soort=vraag.soort.partition(".")[2],
        fouten=fouten,
        groepen=group(dingen, laag, dag),
        telling=telling,
        op_kaart="" if vraag.q else _map_of(vraag, naam),
        uitwegen=() if telling.gevonden else find_uitwegen(session, actor, keuze, dag),
        aantal=aantal,
        kernen=kernen,
        kern_naam=dict(kernen).get(vraag.kern, ""),
        soorten=find_soorten(session, laag),
        perioden=PERIODEN,
        met_datum=naam in MET_DATUM,
        args={key: value for key, value in request.args.items() if key != "aantal"},
        mag_plaatsen=bool(actor.platform_ids) or actor.is_beheerder,
    )
    return page, 422 if fouten else 200


def _read(laag: Laag, kernen: Mapping[str, str]) -> tuple[Vraag, dict[str, str]]:
    args: MultiDict[str, str] = MultiDict(request.args)
    if args.get("soort"):
        args["soort"] = f"{laag.naam}.{args['soort']}"
    if args.get("van") or args.get("tot"):
        args["wanneer"] = ZELF
    if not args.get("wanneer"):
        args["wanneer"] = "alles" if laag.naam in MET_DATUM else ZELF  # without days: everything
    args.setlist("laag", [])
    args.setlist("kader", [])
    vraag, fouten = Vraag.from_args(cast(Args, args))
    if vraag.kern and vraag.kern not in kernen:
        fouten["kern"] = "Deze kern bestaat niet. Kies een kern uit de lijst."
        vraag = replace(vraag, kern="")
    return vraag, fouten


def _map_of(vraag: Vraag, naam: str) -> str:
    """The address of the map with the same things on it."""
    return url_for("kaart.thuis", **replace(vraag, soort=vraag.soort or naam).to_args())


def find_uitwegen(
    session: Session, actor: Actor, keuze: DingFilter, vandaag: date
) -> list[tuple[str, str, int]]:
    """Where a question that found nothing does find something: address, kind of way, how many.

    A way is ``kern``: everything in the same kern, or ``tekst``: the same words in all kernen.
    At most two statements.
    """
    basis = f"/{keuze.lagen[0]}"
    periode = Periode.named("alles", vandaag) if keuze.lagen[0] in MET_DATUM else ALLE_DAGEN
    ruim = replace(keuze, soort=None, periode=periode, tekst="")
    ways = [(basis + (f"?kern={keuze.kern}" if keuze.kern else ""), "kern", ruim)]
    if keuze.tekst and keuze.kern:
        woorden = urlencode({"q": keuze.tekst})
        ways.append((f"{basis}?{woorden}", "tekst", replace(ruim, kern=None, tekst=keuze.tekst)))
    counted = ((url, soort, count_dingen(session, actor, way)) for url, soort, way in ways)
    return [(url, soort, telling.gevonden) for url, soort, telling in counted if telling.gevonden]


def group(dingen: Sequence[RowMapping], laag: Laag, vandaag: date) -> list[Groep]:
    """Rows under their headings; a calendar has one for every month to come."""

    def heading(ding: RowMapping) -> str:
        if laag.naam == "activiteiten" and ding["groep"] == "later":
            begin = ding["begint_op"].astimezone(AMSTERDAM)
            return f"{MAANDEN[begin.month - 1].capitalize()} {begin.year}"
        return GROEPEN[ding["groep"]]

    return [
        Groep(kop, tuple(to_rij(dict(ding), vandaag) for ding in rows))
        for kop, rows in groupby(dingen, heading)
    ]


def find_kernen(session: Session, gemeente: str) -> list[tuple[str, str]]:
    """Slug and name of every kern of the gemeente, by name."""
    rows = session.execute(
        select(Kern.slug, Kern.naam)
        .join(Gemeente)
        .where(Gemeente.code == gemeente)
        .order_by(Kern.naam)
    )
    return [(row.slug, row.naam) for row in rows]


def find_soorten(session: Session, laag: Laag) -> list[tuple[str, str]]:
    """Code and name of every kind of a layer."""
    soort: Any = Model.metadata.tables[f"{laag.ding}_soort"].c
    rows = session.execute(select(soort.code, soort.naam).order_by(soort.volgorde, soort.naam))
    return [(row.code, row.naam) for row in rows]
