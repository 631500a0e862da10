"""An activity: its page, calling it off, taking it away, and what else there is that day."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.activiteiten import queries, reeksen, services
from kernenkaart.activiteiten.die_dag import Hier, find_die_dag, look_from
from kernenkaart.activiteiten.forms import RedenForm, botsing_m
from kernenkaart.activiteiten.herhalen import can_repeat
from kernenkaart.activiteiten.herkomst import find_herkomst
from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.activiteiten.policy import OPENBAAR, may_change
from kernenkaart.activiteiten.reeks_forms import WelkeKerenForm, WelkeKerenRedenForm
from kernenkaart.activiteiten.reeks_queries import find_herhaling, find_los
from kernenkaart.activiteiten.volgers import count_volgers
from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid, NotAllowed
from kernenkaart.journaal.services import sign
from kernenkaart.kernen.forms import marge_m
from kernenkaart.kernen.plek import Plek, find_kern_of
from kernenkaart.tijd import AMSTERDAM, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required, public
from kernenkaart.web.forms import Formulier, PlekVelden, show_error
from kernenkaart.web.velden import DagVeld
from kernenkaart.zalen.models import Zaal
from kernenkaart.zalen.queries import plek_in

bp = Blueprint("activiteiten", __name__, url_prefix="/activiteiten")


@bp.route("/<int:activiteit_id>")
@public
def toon(activiteit_id: int) -> ResponseReturnValue:
    """One activity: when, where, of whom, and what changed."""
    session, actor = db.session(), current_actor()
    activiteit = queries.get_activiteit(session, actor, activiteit_id)
    mag_wijzigen = may_change(actor, activiteit)
    los = request.args.getlist("los", type=int) if mag_wijzigen else []
    die_dag = find_die_dag(
        session,
        actor,
        Hier(activiteit.kern_id, activiteit.punt, behalve=activiteit_id),
        dag=activiteit.begint_op.astimezone(AMSTERDAM).date(),
        vandaag=today(),
    )
    return render_template(
        "activiteiten/toon.html",
        activiteit=activiteit,
        buren=die_dag.buren,
        dag=die_dag.dag,
        herhaling=activiteit.reeks
        and find_herhaling(session, actor, activiteit.reeks, vandaag=today()),
        veranderd=queries.find_veranderd(session, activiteit_id),
        mag_wijzigen=mag_wijzigen,
        volgers=_count_told(activiteit) if mag_wijzigen else None,
        kan_terugkomen=can_repeat(activiteit),
        los=find_los(session, activiteit.platform_id, los, vandaag=today()) if los else (),
        herkomst=find_herkomst(session, activiteit_id),
        Status=Status,
    )


def _count_told(activiteit: Activiteit) -> int | None:
    """How many followers will hear what was just done; None when it is nothing to be told."""
    if request.args.get("net") not in NIET_DOOR:
        return None
    hele = request.args.get("welke") in {"volgende", "hele"}
    return count_volgers(db.session(), activiteit, hele=hele)


class DieDagForm(PlekVelden):
    """Which day, and where; what cannot be read is left out."""

    datum = DagVeld("Datum")

    def to_plek(self, zaal: Zaal | None) -> Plek:
        """The place, as far as it can be read."""
        try:
            punt = self.to_punt()
        except Invalid:
            punt = None
        onbekend = self.plek_onbekend.data
        return plek_in(zaal, Plek(punt=punt, kern_id=_key("kern"), onbekend=onbekend))


def _key(naam: str) -> int | None:
    """The key of a row that the address names; None when it is none."""
    found = request.args.get(naam, type=int)
    return found if found is not None and 0 < found < 2**31 else None


@bp.route("/die-dag")
@login_required
def die_dag() -> ResponseReturnValue:
    """What else there is that day near that place, as a piece of a page; empty when unknown."""
    session = db.session()
    form = DieDagForm(formdata=request.args, meta={"csrf": False})
    dag = form.datum.data
    zaal = session.get(Zaal, _key("zaal") or 0)
    plek = form.to_plek(zaal)
    kern = find_kern_of(session, plek, marge_m=marge_m())
    found = None
    if dag and kern:
        hier = look_from(
            kern,
            plek,
            zaal_id=zaal.id if zaal else None,
            doelgroep_id=_key("doelgroep"),
            behalve=_key("behalve"),
        )
        found = find_die_dag(
            session, current_actor(), hier, dag=dag, vandaag=today(), botsing_m=botsing_m()
        )
    return render_template("activiteiten/_die_dag.html", die_dag=found)


@dataclass(frozen=True)
class Handeling:
    """Something one does with an activity after a question.

    Attributes:
        doe: the service.
        vraag: the question, with ``{titel}``.
        uitleg: what will happen.
        knop: the words on the button.
    """

    doe: Callable[..., Activiteit]
    vraag: str
    uitleg: str
    knop: str


HANDELINGEN = {
    "afgelasten": Handeling(
        services.call_off,
        "{titel} afgelasten?",
        "De activiteit blijft zichtbaar als afgelast.",
        "Afgelasten",
    ),
    "doorgaan": Handeling(
        services.resume,
        "Gaat {titel} toch door?",
        "De activiteit staat dan weer gewoon in de kalender.",
        "Het gaat toch door",
    ),
    "intrekken": Handeling(
        services.withdraw,
        "{titel} intrekken?",
        "Bezoekers zien de activiteit dan niet meer. Je kunt hem later terugzetten.",
        "Intrekken",
    ),
    "terugzetten": Handeling(
        services.restore,
        "{titel} terugzetten?",
        "De activiteit wordt weer zoals voor het intrekken.",
        "Terugzetten",
    ),
    "publiceren": Handeling(
        services.publish,
        "{titel} plaatsen?",
        "Iedereen ziet de activiteit dan in de kalender.",
        "Plaats",
    ),
}


@bp.route(
    f"/<int:activiteit_id>/<any({', '.join(HANDELINGEN)}):handeling>", methods=["GET", "POST"]
)
@login_required
def verander(activiteit_id: int, handeling: str) -> ResponseReturnValue:
    """Ask first, then call off, go on, withdraw, put back or publish."""
    session, actor = db.session(), current_actor()
    activiteit = queries.get_activiteit(session, actor, activiteit_id)
    if not may_change(actor, activiteit):
        raise NotAllowed("Je verandert alleen activiteiten van je eigen groep.")
    form = _ask(handeling, activiteit)
    if form.validate_on_submit():
        sign(session, actor)
        try:
            _do(actor, handeling, activiteit, form)
        except Invalid as error:
            show_error(form, error)
        else:
            session.commit()
            welke = form.welke.data if isinstance(form, WelkeKerenForm) else None
            return redirect(
                url_for(".toon", activiteit_id=activiteit_id, net=handeling, welke=welke)
            )
    tells = handeling in NIET_DOOR and activiteit.status in OPENBAAR
    page = render_template(
        "activiteiten/verander.html",
        form=form,
        activiteit=activiteit,
        handeling=HANDELINGEN[handeling],
        volgers=count_volgers(session, activiteit) if tells else None,
        volgers_hele=count_volgers(session, activiteit, hele=True)
        if tells and activiteit.reeks_id
        else None,
    )
    return page, 422 if form.errors else 200


NIET_DOOR = {"afgelasten", "intrekken"}  # after which followers are told that it is off
WELKE = {
    "deze": "Alleen deze keer",
    "volgende": "Deze en alle volgende keren",
    "hele": "De hele reeks, behalve wat voorbij is",
}
VAN_EEN_REEKS = {  # what can be done with more times of a series at once, and with which
    "afgelasten": ("deze", "volgende", "hele"),
    "intrekken": ("deze", "volgende", "hele"),
    "publiceren": ("deze", "hele"),
}


def _ask(handeling: str, activiteit: Activiteit) -> Formulier:
    with_reason = handeling == "afgelasten"
    if activiteit.reeks is None or handeling not in VAN_EEN_REEKS:
        return RedenForm() if with_reason else Formulier()
    form = WelkeKerenRedenForm() if with_reason else WelkeKerenForm()
    form.welke.choices = [(welke, WELKE[welke]) for welke in VAN_EEN_REEKS[handeling]]
    if request.method == "GET":
        form.versie.data = activiteit.reeks.versie
    return form


def _do(actor: Actor, handeling: str, activiteit: Activiteit, form: Formulier) -> None:
    session = db.session()
    reden = (form.reden.data or "") if isinstance(form, RedenForm) else ""
    welke = form.welke.data if isinstance(form, WelkeKerenForm) else "deze"
    if welke == "deze":
        HANDELINGEN[handeling].doe(
            session, actor, activiteit.id, **({"reden": reden} if reden else {})
        )
    elif handeling == "publiceren":
        reeksen.publish_reeks(session, actor, activiteit.id)
    else:
        first = reeksen.first_to_come(session, activiteit.reeks_id) if welke == "hele" else None
        begin = first or activiteit
        versie = form.versie.data if isinstance(form, WelkeKerenForm) else None
        reeksen.end_from(session, actor, begin.id, versie=versie, reden=reden)
