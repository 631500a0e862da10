"""``/mijn``: what is mine to do, for whoever is logged in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.activiteiten.weer import Open, find_open
from kernenkaart.actor import Actor
from kernenkaart.afstemming.botsing_queries import Rij, find_botsingen
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid, NotAllowed
from kernenkaart.inzendingen.models import Status
from kernenkaart.inzendingen.queries import Wachtend, find_wachtend
from kernenkaart.journaal.services import sign
from kernenkaart.kernen.policy import may_keep_spreekuur
from kernenkaart.kernen.queries import Uur, find_kernen, find_spreekuren
from kernenkaart.kernen.spreekuren import get_spreekuur, remove_spreekuur, save_spreekuur
from kernenkaart.portaal.eigen import Eigen, find_eigen, find_mijn_platforms
from kernenkaart.portaal.forms import SpreekuurForm
from kernenkaart.portaal.queries import Aantallen, count_per_kern
from kernenkaart.portaal.veranderd import Verandering, find_veranderd
from kernenkaart.portaal.werk import Werk, find_own, find_waiting
from kernenkaart.samenhang.queries import OpenVerzoek, find_open_verzoeken
from kernenkaart.tijd import AMSTERDAM, now, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required
from kernenkaart.web.forms import show_error

bp = Blueprint("mijn", __name__, url_prefix="/mijn")

TAKEN_EERST = 6  # so many are shown before one asks for all


@dataclass(frozen=True)
class Mijn:
    """All that stands on the page; what does not concern this person is empty.

    Attributes:
        verzoeken: remarks that wait for an answer, oldest first.
        inzendingen: what residents sent in and nobody has looked at yet.
        botsingen: what of theirs is in the way of something, and not settled yet; worst first.
        weer: groups that have not said yet whether what comes back each year goes on.
        wacht: works that wait for somebody.
        werken: the other works of the own organisation.
        eigen: entries of the own groups, see ``eigen.find_eigen``.
    """

    titel: str
    verzoeken: Sequence[OpenVerzoek]
    inzendingen: Sequence[Wachtend] = ()
    botsingen: Sequence[Rij] = ()
    weer: Sequence[Open] = ()
    wacht: Sequence[Werk] = ()
    werken: Sequence[Werk] = ()
    kernen: Sequence[Aantallen] = ()
    veranderd: Sequence[Verandering] = ()
    spreekuren: Sequence[Uur] = ()
    platforms: Sequence[tuple[int, str]] = ()
    eigen: Mapping[str, list[Eigen]] = field(default_factory=dict)

    @property
    def taken(self) -> list[tuple[str, Wachtend | OpenVerzoek | Rij | Open | Werk]]:
        """What there is to do, and of which kind it is: ``inzending``, ``botsing``, ``werk`` …"""
        return [
            *(("inzending", inzending) for inzending in self.inzendingen),
            *(("verzoek", verzoek) for verzoek in self.verzoeken),
            *(("botsing", botsing) for botsing in self.botsingen),
            *(("weer", vraag) for vraag in self.weer),
            *(("werk", werk) for werk in self.wacht),
        ]

    def open_in(self, kern_id: int) -> int:
        """How many remarks there are about a kern."""
        return sum(verzoek.kern_id == kern_id for verzoek in self.verzoeken)


def get_mijn(session: Session, actor: Actor, vandaag: date, settings: Settings) -> Mijn:
    """Gather the page; at most eight statements."""
    wachtend = find_wachtend(session, actor)
    return replace(
        _of_rol(session, actor, vandaag, settings),
        inzendingen=[inzending for inzending in wachtend if inzending.status is Status.WACHT],
        botsingen=[
            botsing
            for botsing in find_botsingen(session, actor, eigen=True, vanaf=vandaag)
            if botsing.is_open
        ],
    )


def _of_rol(session: Session, actor: Actor, vandaag: date, settings: Settings) -> Mijn:
    verzoeken, lang_dagen = find_open_verzoeken(session, actor), settings.lang_geleden_dagen
    if actor.is_gebiedsmakelaar:
        return _of_makelaar(session, actor, vandaag, lang_dagen, verzoeken)
    weer = find_open(session, actor, moment=now(), weken=settings.bevestig_weken)
    if actor.is_medewerker or actor.is_ketenpartner:
        werken = find_own(session, actor, vandaag=vandaag, lang_dagen=lang_dagen)
        return Mijn(
            titel="Mijn werk",
            verzoeken=verzoeken,
            weer=weer,
            wacht=[werk for werk in werken if werk.reden in {"voorbij", "lang"}],
            werken=[werk for werk in werken if werk.reden not in {"voorbij", "lang"}],
            platforms=find_mijn_platforms(session, actor),
            eigen=find_eigen(session, actor, vandaag) if actor.platform_ids else {},
        )
    return Mijn(
        titel="Mijn groep",
        verzoeken=verzoeken,
        weer=weer,
        platforms=find_mijn_platforms(session, actor),
        eigen=find_eigen(session, actor, vandaag),
    )


def _of_makelaar(
    session: Session,
    actor: Actor,
    vandaag: date,
    lang_dagen: int,
    verzoeken: Sequence[OpenVerzoek],
) -> Mijn:
    kern_ids = sorted(actor.kern_ids)
    sinds = datetime.combine(vandaag - timedelta(days=7), time(), AMSTERDAM)
    return Mijn(
        titel="Mijn kernen",
        verzoeken=verzoeken,
        wacht=find_waiting(
            session, actor, kern_ids=kern_ids, vandaag=vandaag, lang_dagen=lang_dagen
        ),
        kernen=count_per_kern(session, actor, kern_ids=kern_ids, vandaag=vandaag),
        veranderd=find_veranderd(session, actor, kern_ids, sinds),
        spreekuren=find_spreekuren(session, actor.gebruiker_id or 0),
    )


@bp.get("")
@login_required
def start() -> ResponseReturnValue:
    """What is mine to do."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    actor = current_actor()
    mijn = get_mijn(db.session(), actor, today(), settings)
    return render_template(
        "portaal/mijn.html", mijn=mijn, eerst=None if "alles" in request.args else TAKEN_EERST
    )


@bp.route("/spreekuur", methods=["GET", "POST"], defaults={"spreekuur_id": None})
@bp.route("/spreekuur/<int:spreekuur_id>", methods=["GET", "POST"])
@login_required
def spreekuur(spreekuur_id: int | None) -> ResponseReturnValue:
    """Change the weekly hour, add one, or take it away."""
    session, actor = db.session(), current_actor()
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    bestaand = None if spreekuur_id is None else get_spreekuur(session, actor, spreekuur_id)
    if bestaand is None and not may_keep_spreekuur(actor):
        raise NotAllowed("Alleen een gebiedsmakelaar heeft een spreekuur.")
    if bestaand is not None and request.form.get("actie") == "weg":
        sign(session, actor)
        remove_spreekuur(session, actor, bestaand)
        session.commit()
        flash("Het spreekuur is weg.", "goed")
        return redirect(url_for(".start"))
    form = SpreekuurForm(obj=bestaand)
    form.offer(find_kernen(session, settings.gemeente_code))
    if form.validate_on_submit():
        try:
            sign(session, actor)
            save_spreekuur(session, actor, form.to_nieuw(), bestaand)
        except Invalid as error:
            show_error(form, error)
        else:
            session.commit()
            flash("Het spreekuur is bewaard. Inwoners zien het op de pagina van de kern.", "goed")
            return redirect(url_for(".start"))
    page = render_template("portaal/spreekuur.html", form=form, bestaand=bestaand)
    return page, 422 if form.errors else 200
