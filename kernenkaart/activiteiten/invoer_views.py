"""Post and change an activity: fill in, look at it, place it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernenkaart import db
from kernenkaart.activiteiten import queries, reeksen, services
from kernenkaart.activiteiten.die_dag import find_die_dag, look_from
from kernenkaart.activiteiten.forms import ActiviteitForm, botsing_m, waarden_of
from kernenkaart.activiteiten.herhalen import can_repeat, repeat
from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.policy import may_change, may_post
from kernenkaart.activiteiten.reeks_forms import ReeksForm, reeks_waarden
from kernenkaart.activiteiten.reeks_queries import find_posted_keer, look_ahead
from kernenkaart.errors import NotAllowed
from kernenkaart.journaal.services import sign
from kernenkaart.kernen.forms import marge_m
from kernenkaart.kernen.plek import find_kern_of
from kernenkaart.platforms.models import Platform
from kernenkaart.platforms.posten import KernKeuze, find_own, get_own
from kernenkaart.tijd import AMSTERDAM, today
from kernenkaart.toegang.current import current_actor
from kernenkaart.toegang.guards import login_required
from kernenkaart.web.invoer import walk_through

bp = Blueprint("activiteiten_invoer", __name__, url_prefix="/activiteiten")

LOS_MAX = 100  # so many keys go along in an address


@dataclass(frozen=True)
class Bewaard:
    """What was saved.

    Attributes:
        activiteit: the one to show afterwards.
        los: as in ``reeksen.Verandering``.
    """

    activiteit: Activiteit
    los: tuple[int, ...] = ()


@bp.route("/nieuw")
@login_required
def kies() -> ResponseReturnValue:
    """In whose name? With one group there is nothing to choose."""
    platforms = find_own(db.session(), current_actor())
    if not platforms:
        raise NotAllowed(
            "Je hoort nog bij geen groep. Vraag de beheerder om je aan je groep te koppelen."
        )
    if len(platforms) == 1:
        return redirect(url_for(".nieuw", platform_id=platforms[0].id))
    return render_template("activiteiten/kies.html", platforms=platforms)


@bp.route("/overnemen/<int:platform_id>")
@login_required
def overnemen(platform_id: int) -> ResponseReturnValue:
    """Earlier activities of the group, to begin a new one from."""
    session = db.session()
    platform = get_own(session, platform_id, mag=may_post(current_actor(), platform_id))
    return render_template(
        "activiteiten/overnemen.html",
        platform=platform,
        eerdere=queries.find_eerdere(session, platform_id),
    )


@bp.route("/nieuw/<int:platform_id>", methods=["GET", "POST"])
@login_required
def nieuw(platform_id: int) -> ResponseReturnValue:
    """The form with which a platform posts an activity."""
    session, actor = db.session(), current_actor()
    platform = get_own(session, platform_id, mag=may_post(actor, platform_id))
    form = ReeksForm()
    eigen = offer(form, platform_id)
    over = request.args.get("over", type=int)
    sleutel = uuid.UUID(form.sleutel.data)
    concept = f"activiteit-nieuw-{platform_id}-{actor.gebruiker_id}"
    concept = f"{concept}-{over}" if over else concept
    if request.method == "GET":
        _start(form, eigen, over)
    elif _saves() and (again := _posted_before(form, platform_id, sleutel, concept)):
        return again

    def save(plaats: bool) -> Bewaard:
        if form.komt_terug:
            reeks = reeksen.post_reeks(
                session,
                actor,
                platform_id,
                form.to_reeks(),
                sleutel=sleutel,
                plaats=plaats,
                marge_m=marge_m(),
            )
            return Bewaard(reeksen.get_first(session, reeks))
        return Bewaard(
            services.post_activiteit(
                session,
                actor,
                platform_id,
                form.to_gegevens(),
                sleutel=sleutel,
                plaats=plaats,
                marge_m=marge_m(),
            )
        )

    return walk(
        form,
        save,
        platform=platform,
        eigen=eigen,
        concept=concept,
        adres=url_for(".nieuw", platform_id=platform_id, over=over),
    )


def _posted_before(
    form: ReeksForm, platform_id: int, sleutel: uuid.UUID, concept: str
) -> ResponseReturnValue | None:
    """Sent before: the same again changes nothing, something else is a change of it."""
    session = db.session()
    eerder = services.find_posted(session, platform_id, sleutel)
    keer = None if eerder else find_posted_keer(session, platform_id, sleutel)
    if keer and keer.reeks:
        if form.same_as(reeks_waarden(keer.reeks, keer.reeks.eerste_dag)):
            return redirect(_shown(keer, "bewaard", concept))
        return redirect(
            url_for("activiteiten_reeks.wijzig", activiteit_id=keer.id, deel="hele"), 307
        )
    if eerder is None:
        return None
    if form.same_as(waarden_of(eerder)):
        draft = eerder.status is Status.CONCEPT and request.form["actie"] == "plaats"
        if draft:
            return redirect(f"/activiteiten/{eerder.id}/publiceren")
        return redirect(_shown(eerder, "bewaard", concept))
    return redirect(url_for(".wijzig", activiteit_id=eerder.id), 307)


@bp.route("/<int:activiteit_id>/wijzig", methods=["GET", "POST"])
@login_required
def wijzig(activiteit_id: int) -> ResponseReturnValue:
    """The form with which a platform changes an activity of its own, or lets it come back."""
    session, actor = db.session(), current_actor()
    activiteit = queries.get_activiteit(session, actor, activiteit_id)
    if not may_change(actor, activiteit):
        raise NotAllowed("Je verandert alleen activiteiten van je eigen groep.")
    if activiteit.reeks and request.method == "GET" and "keer" not in request.args:
        return render_template("activiteiten/welke_keren.html", activiteit=activiteit)
    form = ReeksForm() if can_repeat(activiteit) else ActiviteitForm()
    eigen = offer(form, activiteit.platform_id, activiteit)
    concept = f"activiteit-{activiteit_id}-{actor.gebruiker_id}"
    if request.method == "GET":
        form.start_from(waarden_of(activiteit), activiteit.versie)
    elif activiteit.reeks and _saves() and _repeated_before(activiteit, activiteit.reeks):
        return redirect(_shown(activiteit, "bewaard", concept))

    def stored() -> tuple[dict[str, Any], int]:
        nu = queries.get_activiteit(session, actor, activiteit_id)
        return waarden_of(nu), nu.versie

    return walk(
        form,
        lambda plaats: _change(form, activiteit, plaats=plaats),
        platform=activiteit.platform,
        eigen=eigen,
        concept=concept,
        adres=url_for(".wijzig", activiteit_id=activiteit_id),
        activiteit=activiteit,
        stored=stored,
        versie=activiteit.versie,
    )


def _change(form: ActiviteitForm, activiteit: Activiteit, *, plaats: bool) -> Bewaard:
    session, actor = db.session(), current_actor()
    versie = form.versie.data
    if isinstance(form, ReeksForm) and form.komt_terug:
        repeat(
            session,
            actor,
            activiteit.id,
            form.to_reeks(),
            versie=versie,
            plaats=plaats,
            marge_m=marge_m(),
        )
    else:
        services.change_activiteit(
            session,
            actor,
            activiteit.id,
            form.to_gegevens(),
            versie=versie,
            plaats=plaats,
            marge_m=marge_m(),
        )
    return Bewaard(activiteit)


def _repeated_before(activiteit: Activiteit, reeks: Reeks) -> bool:
    """Whether this is the form that made a series of it, sent once more."""
    form = ReeksForm()
    offer(form, activiteit.platform_id, reeks)
    stored = reeks_waarden(reeks, reeks.eerste_dag) | {"kern": activiteit.kern_id}
    return form.komt_terug and form.same_as(stored)


def walk(
    form: ActiviteitForm,
    save: Callable[[bool], Bewaard],
    *,
    platform: Platform,
    eigen: list[KernKeuze],
    concept: str,
    adres: str,
    activiteit: Activiteit | None = None,
    stored: Callable[[], tuple[dict[str, Any], int]] | None = None,
    versie: int | None = None,
    deel: str = "deze",
) -> ResponseReturnValue:
    """One step of posting or changing an activity, or times of a series.

    Args:
        save: changes the database.
        eigen: the kernen of the platform.
        concept: name under which a browser keeps what is typed.
        adres: where the form is sent to.
        activiteit: what is changed; None for something new.
        stored: as in ``web.invoer.walk_through``; ``versie`` too.
        deel: which times of a series: ``deze``, ``volgende`` or ``hele``.
    """
    session, actor = db.session(), current_actor()
    activiteit_id = activiteit.id if activiteit else None
    first = activiteit is None or activiteit.status is Status.CONCEPT
    one_time = deel == "deze" and activiteit is not None and activiteit.reeks_id is not None

    def signed(plaats: bool) -> Bewaard:
        sign(session, actor)
        return save(plaats)

    def done(bewaard: Bewaard) -> ResponseReturnValue:
        session.commit()
        saved = bewaard.activiteit
        if saved.status is Status.CONCEPT:
            return redirect(_form_of(saved, alone=one_time, net="concept", concept=concept))
        net = "geplaatst" if first else "bewaard"
        return redirect(_shown(saved, net, concept, bewaard.los))

    return walk_through(
        form,
        sjablonen="activiteiten",
        context={
            "platform": platform,
            "eigen": eigen,
            "plek_kern": eigen[0].slug if len(eigen) == 1 else None,
            "activiteit": activiteit,
            "concept": concept,
            "adres": adres,
            "deel": deel,
            "anders": len(actor.platform_ids) > 1 or actor.is_beheerder,
        },
        preview=lambda: _preview(form, activiteit_id),
        save=signed,
        done=done,
        stored=stored,
        versie=versie,
    )


def _preview(form: ActiviteitForm, activiteit_id: int | None) -> dict[str, Any]:
    session = db.session()
    gegevens = form.to_gegevens()
    kern = find_kern_of(session, gegevens.plek, marge_m=marge_m())
    dag = begin = gegevens.begint_op.astimezone(AMSTERDAM).date()
    reeks = None
    if isinstance(form, ReeksForm) and form.komt_terug:
        reeks = Reeks()
        reeksen.fill_days(reeks, form.to_reeks())
        dag = reeks.eerste_dag
    die_dag = kern and find_die_dag(
        session,
        current_actor(),
        look_from(
            kern,
            gegevens.plek,
            zaal_id=gegevens.zaal_id,
            doelgroep_id=gegevens.doelgroep_id,
            behalve=activiteit_id,
        ),
        dag=dag,
        vandaag=today(),
        botsing_m=botsing_m(),
    )
    return {
        "gegevens": gegevens,
        "kern": kern,
        "die_dag": die_dag,
        "voorbij": dag < today(),
        "vooruit": look_ahead(reeks) if reeks else None,
        "schuift": dag != begin,
    }


def offer(
    form: ActiviteitForm, platform_id: int, nu: Activiteit | Reeks | None = None
) -> list[KernKeuze]:
    """Fill the lists to choose from; the kernen of the platform come first and are returned.

    What ``nu`` has is among them, also when it is no longer in use.
    """
    session = db.session()
    kernen, zalen = queries.find_plekken(session, platform_id, nu.zaal_id if nu else None)
    soorten, doelgroepen = queries.find_keuzes(
        session, nu.soort_id if nu else None, nu.doelgroep_id if nu else None
    )
    form.soort.offer(soorten)
    form.doelgroep.offer(doelgroepen)
    form.offer_zalen(zalen)
    form.kern.offer((kern.id, kern.naam) for kern in kernen)
    return [kern for kern in kernen if kern.eigen]


def _start(form: ActiviteitForm, eigen: list[KernKeuze], over: int | None) -> None:
    if len(eigen) == 1:
        form.kern.data = eigen[0].id
    if over is None:
        return
    eerder = queries.get_activiteit(db.session(), current_actor(), over)
    for naam, waarde in waarden_of(eerder).items():
        if naam not in {"datum", "laatste_dag"}:
            form[naam].process(None, waarde)


def _shown(activiteit: Activiteit, net: str, concept: str, los: tuple[int, ...] = ()) -> str:
    return url_for(
        "activiteiten.toon",
        activiteit_id=activiteit.id,
        net=net,
        concept=concept,
        los=los[:LOS_MAX],
    )


def _form_of(activiteit: Activiteit, *, alone: bool, **args: Any) -> str:
    if activiteit.reeks_id and not alone:
        args |= {"deel": "hele"}
        return url_for("activiteiten_reeks.wijzig", activiteit_id=activiteit.id, **args)
    keer = "deze" if activiteit.reeks_id else None
    return url_for("activiteiten_invoer.wijzig", activiteit_id=activiteit.id, keer=keer, **args)


def _saves() -> bool:
    return request.form.get("actie") in {"concept", "plaats"}
