"""Post, change and withdraw initiatives. The caller commits."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.initiatieven.models import Initiatief, InitiatiefSoort, Status
from kernenkaart.initiatieven.policy import VERBORGEN, may_change, may_post, visible_to
from kernenkaart.journaal.queries import find_changes
from kernenkaart.kernen.plek import Plek, put_plek
from kernenkaart.platforms.posten import add_once, get_own


@dataclass(frozen=True)
class InitiatiefGegevens:
    """What somebody fills in about an initiative; texts are cleaned.

    Attributes:
        status: how far it is; one of those that everyone sees.
        wie: who does it, in words; empty is the platform.
    """

    titel: str
    soort_id: int
    status: Status
    wie: str
    omschrijving: str
    plek: Plek


def post_initiatief(
    session: Session,
    actor: Actor,
    platform_id: int,
    gegevens: InitiatiefGegevens,
    *,
    sleutel: uuid.UUID,
    plaats: bool,
    marge_m: float,
) -> Initiatief:
    """Put an initiative on the map. Posting again with the same key gives the first one.

    Args:
        sleutel: made with the empty form; the same form sent twice makes one.
        plaats: publish it; else it is kept as a draft that only the platform sees.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        NotFound: if there is no such platform.
        NotAllowed: if ``actor`` does not speak for it.
        Conflict: if another platform used the key.
        Invalid: if it has no name, no kind, or neither a place nor a kern.
    """
    get_own(session, platform_id, mag=may_post(actor, platform_id))
    if eerder := find_posted(session, platform_id, sleutel):
        return eerder
    initiatief = Initiatief(
        platform_id=platform_id,
        sleutel=sleutel,
        status=Status.CONCEPT,
        gemaakt_door_id=actor.gebruiker_id,
    )
    _fill(session, initiatief, gegevens, marge_m, plaats=plaats)
    return add_once(session, initiatief, lambda: find_posted(session, platform_id, sleutel))


def find_posted(session: Session, platform_id: int, sleutel: uuid.UUID) -> Initiatief | None:
    """What was posted before for this platform with this key."""
    return session.scalar(
        select(Initiatief).where(
            Initiatief.sleutel == sleutel, Initiatief.platform_id == platform_id
        )
    )


def change_initiatief(
    session: Session,
    actor: Actor,
    initiatief_id: int,
    gegevens: InitiatiefGegevens,
    *,
    versie: int | None,
    plaats: bool,
    marge_m: float,
) -> Initiatief:
    """Change an initiative, its status among the rest.

    Args:
        versie: the version the editor started from.
        plaats: publish it if it is still a draft.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        NotFound, NotAllowed: as in ``lock``.
        Conflict: if somebody else changed it meanwhile.
        Invalid: as in ``post_initiatief``, and if it was withdrawn.
    """
    initiatief = lock(session, actor, initiatief_id)
    if initiatief.versie != versie:
        raise Conflict
    if initiatief.status is Status.INGETROKKEN:
        raise Invalid("Dit initiatief is ingetrokken. Zet het eerst terug.")
    _fill(session, initiatief, gegevens, marge_m, plaats=plaats)
    session.flush()
    return initiatief


def withdraw(session: Session, actor: Actor, initiatief_id: int) -> Initiatief:
    """Take an initiative away: only its own platform still sees it, and can put it back."""
    initiatief = lock(session, actor, initiatief_id)
    initiatief.status = Status.INGETROKKEN
    session.flush()
    return initiatief


def restore(session: Session, actor: Actor, initiatief_id: int) -> Initiatief:
    """Undo ``withdraw``: it gets the status that it had, by the journaal."""
    initiatief = lock(session, actor, initiatief_id)
    if initiatief.status is Status.INGETROKKEN:
        initiatief.status = _status_before(session, initiatief_id)
        session.flush()
    return initiatief


def lock(session: Session, actor: Actor, initiatief_id: int) -> Initiatief:
    """The initiative, held until the transaction ends.

    Raises:
        NotFound: if it does not exist for ``actor``.
        NotAllowed: if it is of another platform.
    """
    initiatief = session.scalar(
        select(Initiatief)
        .where(Initiatief.id == initiatief_id, visible_to(actor))
        .with_for_update(of=Initiatief)
        .execution_options(populate_existing=True)
    )
    if initiatief is None:
        raise NotFound
    if not may_change(actor, initiatief):
        raise NotAllowed("Je verandert alleen initiatieven van je eigen groep.")
    return initiatief


def _status_before(session: Session, initiatief_id: int) -> Status:
    for change in find_changes(session, "initiatief", initiatief_id):
        if (change.nieuw or {}).get("status") == Status.INGETROKKEN and change.oud:
            return Status(change.oud["status"])
    return Status.CONCEPT


def _fill(
    session: Session,
    initiatief: Initiatief,
    gegevens: InitiatiefGegevens,
    marge_m: float,
    *,
    plaats: bool,
) -> None:
    if not gegevens.titel:
        raise Invalid("Vul een naam in. Bijvoorbeeld: Voedselbos.", veld="titel")
    if gegevens.status in VERBORGEN:
        raise Invalid("Kies hoe ver het is.", veld="status")
    soort = session.get(InitiatiefSoort, gegevens.soort_id)
    if soort is None or not (soort.actief or soort.id == initiatief.soort_id):
        raise Invalid("Kies een soort uit de lijst.", veld="soort")
    if plaats or initiatief.status is not Status.CONCEPT:
        initiatief.status, initiatief.status_straks = gegevens.status, None
    else:
        initiatief.status_straks = gegevens.status
    initiatief.titel = gegevens.titel
    initiatief.soort_id = gegevens.soort_id
    initiatief.wie = gegevens.wie or None
    initiatief.omschrijving = gegevens.omschrijving
    put_plek(session, initiatief, gegevens.plek, marge_m=marge_m)
