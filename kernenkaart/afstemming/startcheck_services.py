"""Keep a startcheck, who was told, and why a work needs none. The caller commits."""

import uuid
from dataclasses import asdict
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.afstemming.startcheck_models import (
    HOE_MAX,
    Startcheck,
    StartcheckGroep,
    StartcheckKern,
)
from kernenkaart.afstemming.startcheck_policy import may_check
from kernenkaart.afstemming.startcheck_queries import Uitkomst, Vraag, get_werk
from kernenkaart.afstemming.startcheck_record import get_startcheck
from kernenkaart.errors import Conflict, Invalid, NotAllowed
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.policy import may_change
from kernenkaart.werkzaamheden.services import lock
from kernenkaart.werkzaamheden.startcheck import state_exemption

TITEL_MAX = 200


def keep_startcheck(
    session: Session, actor: Actor, vraag: Vraag, uitkomst: Uitkomst, *, sleutel: uuid.UUID
) -> int:
    """Keep a question with its answer as it is today. Keeping it again gives the first one.

    Args:
        sleutel: made with the page; the same form sent twice makes one.

    Returns:
        The key of the check.

    Raises:
        NotAllowed: if ``actor`` does not plan, or the work is of another organisation.
        Invalid: if the area touches no kern.
    """
    if not may_check(actor):
        raise NotAllowed
    if vraag.werkzaamheid_id is not None:
        werk = get_werk(session, actor, vraag.werkzaamheid_id)
        if not may_change(actor, werk):
            raise NotAllowed("Je doet de startcheck van werk van je eigen organisatie.")
    if not uitkomst.kernen:
        raise Invalid("Dit gebied raakt geen kern. Teken het opnieuw.", veld="vorm")
    nieuw_id: int | None = session.scalar(
        insert(Startcheck)
        .values(
            sleutel=sleutel,
            titel=title_of(vraag, uitkomst),
            werkzaamheid_id=vraag.werkzaamheid_id,
            soort_id=vraag.soort_id,
            hinder=vraag.hinder,
            eerste_dag=vraag.eerste_dag,
            laatste_dag=vraag.laatste_dag,
            geom=vraag.vormen[0],
            gebruiker_id=actor.gebruiker_id,
            organisatie_id=actor.organisatie_id,
            open_toen=[asdict(een) for een in uitkomst.open],
        )
        .on_conflict_do_nothing(index_elements=["sleutel"])
        .returning(Startcheck.id)
    )
    if nieuw_id is None:
        return _kept_before(session, actor, sleutel)
    _add_rows(session, nieuw_id, uitkomst)
    return nieuw_id


def _add_rows(session: Session, startcheck_id: int, uitkomst: Uitkomst) -> None:
    session.add_all(
        StartcheckKern(startcheck_id=startcheck_id, kern_id=kern.id, aandeel=kern.aandeel)
        for kern in uitkomst.kernen
    )
    session.add_all(
        StartcheckGroep(
            startcheck_id=startcheck_id,
            kern_id=een.kern_id,
            wie=een.wie,
            platform_id=een.platform_id,
            weken=een.weken,
            advies=een.hoe,
        )
        for een in uitkomst.te_informeren
    )
    session.flush()


def title_of(vraag: Vraag, uitkomst: Uitkomst) -> str:
    """What a check is called: what was filled in, else ``Riool in Tricht en Buurmalsen``."""
    namen = [kern.naam for kern in uitkomst.kernen]
    waar = " en ".join(filter(None, [", ".join(namen[:-1]), namen[-1]])) if namen else ""
    return (vraag.titel or f"{vraag.soort_naam} in {waar}")[:TITEL_MAX]


def _kept_before(session: Session, actor: Actor, sleutel: uuid.UUID) -> int:
    eerder = session.scalar(
        select(Startcheck.id).where(
            Startcheck.sleutel == sleutel, Startcheck.gebruiker_id == actor.gebruiker_id
        )
    )
    if eerder is None:
        raise Conflict
    return eerder


def record_informed(
    session: Session,
    actor: Actor,
    startcheck_id: int,
    *,
    groep_ids: list[int],
    dag: date,
    hoe: str,
) -> int:
    """Write down that these were told, on which day and how; also in their other kernen.

    Who was told before keeps the first day: telling again does not undo it.

    Args:
        groep_ids: one row for each of those that were told.

    Returns:
        How many rows were filled.

    Raises:
        NotFound: if the check does not exist for ``actor``.
        Invalid: if nobody is named, the day is yet to come, or it is not said how.
    """
    get_startcheck(session, actor, startcheck_id, vast=True)
    if not groep_ids:
        raise Invalid("Kruis aan wie je hebt geïnformeerd.", veld="wie")
    if dag > today():
        raise Invalid("Deze dag moet nog komen. Vul in wanneer het is gebeurd.", veld="dag")
    if not 0 < len(hoe) <= HOE_MAX:
        raise Invalid("Vul in hoe. Bijvoorbeeld: brief aan huis.", veld="hoe")
    return _set_informed(session, startcheck_id, groep_ids, dag, hoe)


def undo_informed(session: Session, actor: Actor, startcheck_id: int, groep_id: int) -> None:
    """Take back that somebody was told: it was written down by mistake.

    Raises:
        NotFound: if the check does not exist for ``actor``.
    """
    get_startcheck(session, actor, startcheck_id, vast=True)
    _set_informed(session, startcheck_id, [groep_id], None, None)


def _set_informed(
    session: Session, startcheck_id: int, groep_ids: list[int], dag: date | None, hoe: str | None
) -> int:
    rij = StartcheckGroep
    namen = select(rij.wie).where(rij.startcheck_id == startcheck_id, rij.id.in_(groep_ids))
    leeg = rij.geinformeerd_op.is_(None) if dag else rij.geinformeerd_op.is_not(None)
    done = session.execute(
        update(rij)
        .where(rij.startcheck_id == startcheck_id, rij.wie.in_(namen), leeg)
        .values(geinformeerd_op=dag, hoe=hoe)
        .returning(rij.id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())


def link_werk(session: Session, actor: Actor, startcheck_id: int, werkzaamheid_id: int) -> None:
    """Say of which work a check is that was made before the work was known.

    Raises:
        NotFound, NotAllowed: if one of both does not exist for ``actor`` or is of others.
        Conflict: if it already is of a work.
    """
    check = get_startcheck(session, actor, startcheck_id, vast=True)
    if check.werkzaamheid_id is not None:
        raise Conflict
    check.werkzaamheid_id = lock(session, actor, werkzaamheid_id).id
    session.flush()


def exempt(session: Session, actor: Actor, werkzaamheid_id: int, reden: str) -> None:
    """Keep why a work of the own organisation needs no startcheck.

    Raises:
        NotFound, NotAllowed: as ``werkzaamheden.services.lock``.
        Invalid: without a reason.
    """
    lock(session, actor, werkzaamheid_id)
    state_exemption(session, actor, werkzaamheid_id, reden)
