"""Post, change, call off and withdraw activities. The caller commits."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import (
    Activiteit,
    ActiviteitSoort,
    Doelgroep,
    Reeks,
    Status,
)
from kernenkaart.activiteiten.policy import may_change, may_post, visible_to
from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.journaal.queries import find_changes
from kernenkaart.kernen.plek import Plek, put_plek
from kernenkaart.platforms.posten import add_once, get_own
from kernenkaart.zalen.models import Zaal
from kernenkaart.zalen.queries import plek_in

DUUR_MAX = timedelta(days=366)
G = TypeVar("G", Zaal, Doelgroep)


@dataclass(frozen=True)
class ActiviteitGegevens:
    """What somebody fills in about an activity; texts are cleaned, moments aware.

    Attributes:
        organisator: who organises it, when that is not the platform; empty is the platform.
        doelgroep_id: for whom it is; None does not say.
        zaal_id: the hall it is in; None is no known hall.
    """

    titel: str
    soort_id: int
    omschrijving: str
    begint_op: datetime
    eindigt_op: datetime
    hele_dag: bool
    plek: Plek
    organisator: str = ""
    doelgroep_id: int | None = None
    zaal_id: int | None = None


def post_activiteit(
    session: Session,
    actor: Actor,
    platform_id: int,
    gegevens: ActiviteitGegevens,
    *,
    sleutel: uuid.UUID,
    plaats: bool,
    marge_m: float,
) -> Activiteit:
    """Put an activity in the calendar. Posting again with the same key gives the first one.

    Args:
        sleutel: made with the empty form; the same form sent twice makes one.
        plaats: publish it; else it is kept as a draft that only the platform sees.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        NotFound: if there is no such platform.
        NotAllowed: if ``actor`` does not speak for it.
        Conflict: if another platform used the key.
        Invalid: if it does not end after it begins, or has no place and no kern.
    """
    get_own(session, platform_id, mag=may_post(actor, platform_id))
    if eerder := find_posted(session, platform_id, sleutel):
        return eerder
    activiteit = Activiteit(
        platform_id=platform_id,
        sleutel=sleutel,
        status=Status.GEPUBLICEERD if plaats else Status.CONCEPT,
        gemaakt_door_id=actor.gebruiker_id,
    )
    fill(session, activiteit, gegevens, marge_m)
    return add_once(session, activiteit, lambda: find_posted(session, platform_id, sleutel))


def post_seizoen(
    session: Session,
    actor: Actor,
    platform_id: int,
    rijen: Mapping[uuid.UUID, ActiviteitGegevens],
    *,
    marge_m: float,
) -> int:
    """Put many activities in the calendar: all or none. What was posted before is left alone.

    Args:
        rijen: by key; the same row always has the same key.

    Returns:
        How many are new.

    Raises:
        NotFound, NotAllowed, Invalid: as in ``post_activiteit``.
        Conflict: if somebody posts the same rows at this moment.
    """
    get_own(session, platform_id, mag=may_post(actor, platform_id))
    known = set(session.scalars(select(Activiteit.sleutel).where(Activiteit.sleutel.in_(rijen))))
    nieuw = []
    for sleutel, gegevens in rijen.items():
        if sleutel in known:
            continue
        activiteit = Activiteit(
            platform_id=platform_id,
            sleutel=sleutel,
            status=Status.GEPUBLICEERD,
            gemaakt_door_id=actor.gebruiker_id,
        )
        with session.no_autoflush:
            fill(session, activiteit, gegevens, marge_m)
        nieuw.append(activiteit)
    try:
        with session.begin_nested():
            session.add_all(nieuw)
            session.flush()
    except IntegrityError as error:
        raise Conflict("Iemand plaatst dit op hetzelfde moment. Probeer het opnieuw.") from error
    return len(nieuw)


def find_posted(session: Session, platform_id: int, sleutel: uuid.UUID) -> Activiteit | None:
    """What was posted before for this platform with this key."""
    return session.scalar(
        select(Activiteit).where(
            Activiteit.sleutel == sleutel, Activiteit.platform_id == platform_id
        )
    )


def change_activiteit(
    session: Session,
    actor: Actor,
    activiteit_id: int,
    gegevens: ActiviteitGegevens,
    *,
    versie: int | None,
    plaats: bool,
    marge_m: float,
) -> Activiteit:
    """Change an activity.

    Args:
        versie: the version the editor started from.
        plaats: publish it if it is still a draft, or only expected.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        NotFound, NotAllowed: as in ``lock``.
        Conflict: if somebody else changed it meanwhile.
        Invalid: as in ``post_activiteit``, and if it was withdrawn.
    """
    activiteit = lock(session, actor, activiteit_id)
    if activiteit.versie != versie:
        raise Conflict
    if activiteit.status is Status.INGETROKKEN:
        raise Invalid("Deze activiteit is ingetrokken. Zet hem eerst terug.")
    fill(session, activiteit, gegevens, marge_m)
    activiteit.afwijkend = activiteit.reeks_id is not None
    if plaats and activiteit.status in {Status.CONCEPT, Status.VERWACHT}:
        activiteit.status = Status.GEPUBLICEERD
    session.flush()
    return activiteit


def publish(session: Session, actor: Actor, activiteit_id: int) -> Activiteit:
    """Show a draft to everyone."""
    return _move(session, actor, activiteit_id, {Status.CONCEPT}, Status.GEPUBLICEERD)


def call_off(session: Session, actor: Actor, activiteit_id: int, reden: str) -> Activiteit:
    """Call off a published activity; it stays visible as such.

    Args:
        reden: why, for everyone to read.
    """
    if not reden:
        raise Invalid("Vul in waarom het niet doorgaat. Bijvoorbeeld: te veel wind.", veld="reden")
    if len(reden) > 300:
        raise Invalid("Maak dit korter: hoogstens 300 tekens.", veld="reden")
    van = {Status.GEPUBLICEERD, Status.VERWACHT}
    return _move(session, actor, activiteit_id, van, Status.AFGELAST, reden=reden)


def confirm(session: Session, actor: Actor, activiteit_id: int) -> Activiteit:
    """It happens again this year: what was expected is sure now."""
    return _move(session, actor, activiteit_id, {Status.VERWACHT}, Status.GEPUBLICEERD)


def expect(session: Session, actor: Actor, activiteit_id: int) -> Activiteit:
    """It is not sure (any more) that it happens; ``confirm`` says that it is."""
    return _move(session, actor, activiteit_id, {Status.GEPUBLICEERD}, Status.VERWACHT)


def resume(session: Session, actor: Actor, activiteit_id: int) -> Activiteit:
    """It goes on after all: undo ``call_off``."""
    return _move(session, actor, activiteit_id, {Status.AFGELAST}, Status.GEPUBLICEERD, reden=None)


def withdraw(session: Session, actor: Actor, activiteit_id: int) -> Activiteit:
    """Take an activity away: only its own platform still sees it, and can put it back."""
    everything = set(Status) - {Status.INGETROKKEN}
    return _move(session, actor, activiteit_id, everything, Status.INGETROKKEN)


def restore(session: Session, actor: Actor, activiteit_id: int) -> Activiteit:
    """Undo ``withdraw``: it gets the status that it had, by the journaal."""
    was = Status.CONCEPT
    for change in find_changes(session, "activiteit", activiteit_id):
        if (change.nieuw or {}).get("status") == Status.INGETROKKEN and change.oud:
            was = Status(change.oud["status"])
            break
    return _move(session, actor, activiteit_id, {Status.INGETROKKEN}, was)


def lock(session: Session, actor: Actor, activiteit_id: int) -> Activiteit:
    """The activity, held until the transaction ends.

    Raises:
        NotFound: if it does not exist for ``actor``.
        NotAllowed: if it is of another platform.
    """
    activiteit = session.scalar(
        select(Activiteit)
        .where(Activiteit.id == activiteit_id, visible_to(actor))
        .with_for_update(of=Activiteit)
        .execution_options(populate_existing=True)
    )
    if activiteit is None:
        raise NotFound
    if not may_change(actor, activiteit):
        raise NotAllowed("Je verandert alleen activiteiten van je eigen groep.")
    return activiteit


def _move(
    session: Session,
    actor: Actor,
    activiteit_id: int,
    van: set[Status],
    naar: Status,
    **velden: str | None,
) -> Activiteit:
    activiteit = lock(session, actor, activiteit_id)
    if activiteit.status not in van | {naar}:  # asking twice is answered once
        raise Conflict
    for naam, waarde in ({"status": naar} | velden).items():
        setattr(activiteit, naam, waarde)
    session.flush()
    return activiteit


def fill(
    session: Session, activiteit: Activiteit, gegevens: ActiviteitGegevens, marge_m: float
) -> None:
    """Give ``activiteit`` what was filled in.

    Raises:
        Invalid: beside its field, if something is missing or does not fit.
    """
    fill_inhoud(session, activiteit, gegevens, marge_m)
    activiteit.begint_op = gegevens.begint_op
    activiteit.eindigt_op = gegevens.eindigt_op
    activiteit.hele_dag = gegevens.hele_dag


def fill_inhoud(
    session: Session, row: Activiteit | Reeks, gegevens: ActiviteitGegevens, marge_m: float
) -> None:
    """Everything but when: the same for one activity and for a series.

    Raises:
        Invalid: beside its field, if something is missing or does not fit.
    """
    if not gegevens.titel:
        raise Invalid("Vul een naam in. Bijvoorbeeld: Boekenmarkt.", veld="titel")
    if gegevens.eindigt_op <= gegevens.begint_op:
        raise Invalid(
            "De eindtijd is vroeger dan de begintijd. Vul een latere tijd in.", veld="tot"
        )
    if gegevens.eindigt_op - gegevens.begint_op > DUUR_MAX:
        raise Invalid("Een activiteit duurt hoogstens een jaar.", veld="laatste_dag")
    soort = session.get(ActiviteitSoort, gegevens.soort_id)
    if soort is None or not (soort.actief or soort.id == row.soort_id):
        raise Invalid("Kies een soort uit de lijst.", veld="soort")
    zaal = _get_choice(session, Zaal, gegevens.zaal_id, row.zaal_id, "zaal")
    _get_choice(session, Doelgroep, gegevens.doelgroep_id, row.doelgroep_id, "doelgroep")
    row.titel = gegevens.titel
    row.soort_id = gegevens.soort_id
    row.omschrijving = gegevens.omschrijving
    row.organisator = gegevens.organisator or None
    row.doelgroep_id = gegevens.doelgroep_id
    row.zaal_id = gegevens.zaal_id
    put_plek(session, row, plek_in(zaal, gegevens.plek), marge_m=marge_m)


def _get_choice(
    session: Session, model: type[G], gekozen: int | None, huidig: int | None, veld: str
) -> G | None:
    found = session.get(model, gekozen) if gekozen else None
    if gekozen and (found is None or not (found.actief or gekozen == huidig)):
        raise Invalid("Kies een van de mogelijkheden uit de lijst.", veld=veld)
    return found
