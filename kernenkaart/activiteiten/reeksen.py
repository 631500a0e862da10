"""Post, change and end series of activities. The caller commits.

The rule stands in ``Reeks``; each time up to two years ahead is an ``Activiteit`` (see
``reeks_tijden``), so that map, lists, tiles and feeds know nothing of rules. A change of a series
reaches the times that have not been changed by themselves, and never those that are over.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.policy import may_change, may_post
from kernenkaart.activiteiten.reeks_tijden import (
    GAAT_DOOR,
    VOORUIT,
    check_clock,
    days_of,
    horizon,
    lock_times,
    make_times,
    move_times,
    not_over,
    restate,
    rewrite_times,
    status_of,
)
from kernenkaart.activiteiten.regel import Regel, ends_within
from kernenkaart.activiteiten.services import ActiviteitGegevens, fill_inhoud
from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.platforms.posten import add_once, get_own
from kernenkaart.tijd import AMSTERDAM, format_dag, today

TERUG = timedelta(days=366)  # a series begins no longer ago


@dataclass(frozen=True)
class ReeksGegevens:
    """What somebody fills in about a series.

    Attributes:
        inhoud: its first time; when that is no day by the rule, the next one that is.
        bevestigen: each time is expected only, until the platform says that it goes on.
    """

    inhoud: ActiviteitGegevens
    regel: Regel
    bevestigen: bool


@dataclass(frozen=True)
class Verandering:
    """What came of a change.

    Attributes:
        reeks: the series that holds from now on; another one when earlier times keep the old rule.
        los: keys of times that were changed by themselves, no longer fit and stand alone now.
    """

    reeks: Reeks
    los: tuple[int, ...] = ()


def post_reeks(
    session: Session,
    actor: Actor,
    platform_id: int,
    gegevens: ReeksGegevens,
    *,
    sleutel: uuid.UUID,
    plaats: bool,
    marge_m: float,
) -> Reeks:
    """Put a series in the calendar. Posting again with the same key gives the first one.

    Args:
        sleutel: made with the empty form.
        plaats: publish its times; else they are drafts that only the platform sees.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        NotFound: if there is no such platform.
        NotAllowed: if ``actor`` does not speak for it.
        Conflict: if another platform used the key.
        Invalid: beside its field, if something is missing or does not fit.
    """
    get_own(session, platform_id, mag=may_post(actor, platform_id))
    if eerder := find_posted_reeks(session, platform_id, sleutel):
        return eerder
    reeks = Reeks(platform_id=platform_id, sleutel=sleutel)
    with session.no_autoflush:
        fill_reeks(session, reeks, gegevens, marge_m)
    found = add_once(session, reeks, lambda: find_posted_reeks(session, platform_id, sleutel))
    if found is not reeks:
        return found
    status = status_of(reeks) if plaats else Status.CONCEPT
    session.add_all(make_times(reeks, days_of(reeks), status, actor.gebruiker_id))
    session.flush()
    return reeks


def find_posted_reeks(session: Session, platform_id: int, sleutel: uuid.UUID) -> Reeks | None:
    """The series that was posted before for this platform with this key."""
    return session.scalar(
        select(Reeks).where(Reeks.sleutel == sleutel, Reeks.platform_id == platform_id)
    )


def change_from(
    session: Session,
    actor: Actor,
    activiteit_id: int,
    gegevens: ReeksGegevens,
    *,
    versie: int | None,
    marge_m: float,
) -> Verandering:
    """Change one time of a series and all after it; earlier times keep what they have.

    Args:
        activiteit_id: the first time that changes.
        gegevens: its rule counts from that time on; see ``rest_of``.
        versie: the version of the series that the editor started from.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        NotFound, NotAllowed: as in ``lock_reeks``.
        Conflict: if somebody else changed the series meanwhile.
        Invalid: as in ``post_reeks``, and if that time is over.
    """
    reeks, dag = lock_reeks(session, actor, activiteit_id)
    _check_versie(reeks, versie)
    return _move(session, reeks, dag, gegevens, marge_m)


def change_reeks(
    session: Session,
    actor: Actor,
    activiteit_id: int,
    gegevens: ReeksGegevens,
    *,
    versie: int | None,
    marge_m: float,
) -> Verandering:
    """Change all times of a series that are not over.

    Text and place change in place, so that in everybody's phone it stays the same series. Another
    rule or other hours count from that first time on, so that what is past stays true.

    Args:
        activiteit_id: its first time that is not over: see ``first_to_come``.
        gegevens: its rule counts from that time on; see ``rest_of``.
        versie: the version of the series that the editor started from.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        NotFound, NotAllowed, Conflict, Invalid: as in ``change_from``.
    """
    reeks, dag = lock_reeks(session, actor, activiteit_id)
    _check_versie(reeks, versie)
    if not _same_days(reeks, dag, gegevens):
        return _move(session, reeks, dag, gegevens, marge_m)
    was = reeks.bevestigen
    with session.no_autoflush:
        fill_inhoud(session, reeks, gegevens.inhoud, marge_m)
    reeks.bevestigen = gegevens.bevestigen
    rows = lock_times(session, reeks, dag)
    rewrite_times(reeks, rows)
    restate(reeks, rows, was_bevestigen=was)
    session.flush()
    return Verandering(reeks)


def end_from(
    session: Session, actor: Actor, activiteit_id: int, *, versie: int | None, reden: str = ""
) -> Reeks:
    """Stop a series: this time and all after it, as far as not over, do not happen.

    Args:
        activiteit_id: the first time that does not happen.
        versie: the version of the series that the editor started from.
        reden: they stay visible as called off, for this reason; empty takes them away.

    Raises:
        NotFound, NotAllowed: as in ``lock_reeks``.
        Conflict: if somebody else changed the series meanwhile.
    """
    reeks, dag = lock_reeks(session, actor, activiteit_id)
    _check_versie(reeks, versie)
    for activiteit in lock_times(session, reeks, dag):
        if activiteit.status in GAAT_DOOR:
            seen = activiteit.status is not Status.CONCEPT
            activiteit.status = Status.AFGELAST if reden and seen else Status.INGETROKKEN
            activiteit.reden = reden or None
    # days that were called off still are days of the series, and no later ones
    laatste = reeks.uitgewerkt_tot if reden else dag - timedelta(days=1)
    reeks.regel = str(ends_within(Regel.parse(reeks.regel), reeks.eerste_dag, laatste))
    session.flush()
    return reeks


def publish_reeks(session: Session, actor: Actor, activiteit_id: int) -> Reeks:
    """Show all drafts of a series to everyone.

    Raises:
        NotFound, NotAllowed: as in ``lock_reeks``.
    """
    reeks, _dag = lock_reeks(session, actor, activiteit_id)
    for activiteit in lock_times(session, reeks, reeks.eerste_dag):
        if activiteit.status is Status.CONCEPT:
            activiteit.status = status_of(reeks)
    session.flush()
    return reeks


def first_to_come(session: Session, reeks_id: int | None) -> Activiteit | None:
    """The first time of a series that is not over; None when it has none left."""
    return session.scalar(
        select(Activiteit)
        .where(Activiteit.reeks_id == reeks_id, not_over())
        .where(Activiteit.status != Status.INGETROKKEN)
        .order_by(Activiteit.reeks_dag)
        .limit(1)
    )


def get_first(session: Session, reeks: Reeks) -> Activiteit:
    """The time of a series to show: the first to come, else its very first."""
    return (
        first_to_come(session, reeks.id)
        or session.scalars(
            select(Activiteit)
            .where(Activiteit.reeks_id == reeks.id)
            .order_by(Activiteit.reeks_dag)
            .limit(1)
        ).one()
    )


def rest_of(reeks: Reeks, dag: date) -> Regel:
    """The rule of a series as it counts from ``dag`` on, one of its days."""
    regel = Regel.parse(reeks.regel)
    if not regel.keren:
        return regel
    before = len(regel.days(reeks.eerste_dag, dag - timedelta(days=1)))
    return replace(regel, keren=max(regel.keren - before, 1))


def lock_reeks(session: Session, actor: Actor, activiteit_id: int) -> tuple[Reeks, date]:
    """The series of an activity, held until the transaction ends, and its day by the rule.

    Raises:
        NotFound: if it does not exist, or is of no series.
        NotAllowed: if it is of another platform.
    """
    row = session.execute(
        select(Reeks, Activiteit.reeks_dag)
        .join(Activiteit, Activiteit.reeks_id == Reeks.id)
        .where(Activiteit.id == activiteit_id)
        .with_for_update(of=Reeks)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    if not may_change(actor, row.Reeks):
        raise NotAllowed("Je verandert alleen activiteiten van je eigen groep.")
    return row.Reeks, row.reeks_dag


def fill_reeks(session: Session, reeks: Reeks, gegevens: ReeksGegevens, marge_m: float) -> None:
    """Give ``reeks`` what was filled in.

    Raises:
        Invalid: beside its field, if something is missing or does not fit.
    """
    fill_inhoud(session, reeks, gegevens.inhoud, marge_m)
    fill_days(reeks, gegevens)


def fill_days(reeks: Reeks, gegevens: ReeksGegevens) -> None:
    """Give ``reeks`` its rule and hours; needs no database.

    Raises:
        Invalid: beside its field, if they cannot be.
    """
    eerste_dag = first_day_of(gegevens)
    if eerste_dag < today() - TERUG:
        raise Invalid("Begin de reeks hoogstens een jaar geleden.", veld="datum")
    reeks.regel, reeks.eerste_dag = str(gegevens.regel), eerste_dag
    reeks.van, reeks.tot, reeks.nachten = hours_of(gegevens.inhoud)
    reeks.bevestigen = gegevens.bevestigen
    reeks.uitgewerkt_tot = horizon(max(today(), eerste_dag))
    check_clock(reeks)


def first_day_of(gegevens: ReeksGegevens) -> date:
    """The first day of a series: the day that was filled in, or the next one by the rule.

    Raises:
        Invalid: if there is none.
    """
    begin = gegevens.inhoud.begint_op.astimezone(AMSTERDAM).date()
    eerste_dag = gegevens.regel.first_day(begin)
    if eerste_dag is None or eerste_dag > begin + VOORUIT:
        raise Invalid("Volgens deze regel is het nooit. Verander de regel.", veld="herhaal")
    return eerste_dag


def hours_of(inhoud: ActiviteitGegevens) -> tuple[time | None, time | None, int]:
    """Begin and end on the clock of Amsterdam (None is whole days), and the midnights between."""
    begin = inhoud.begint_op.astimezone(AMSTERDAM)
    eind = inhoud.eindigt_op.astimezone(AMSTERDAM)
    if inhoud.hele_dag:
        laatste = (eind - timedelta(microseconds=1)).date()
        return None, None, (laatste - begin.date()).days
    return begin.time(), eind.time(), (eind.date() - begin.date()).days


def _check_versie(reeks: Reeks, versie: int | None) -> None:
    if reeks.versie != versie:
        raise Conflict


def _same_days(reeks: Reeks, dag: date, gegevens: ReeksGegevens) -> bool:
    return (
        gegevens.regel == rest_of(reeks, dag)
        and first_day_of(gegevens) == dag
        and hours_of(gegevens.inhoud) == (reeks.van, reeks.tot, reeks.nachten)
    )


def _move(
    session: Session, reeks: Reeks, dag: date, gegevens: ReeksGegevens, marge_m: float
) -> Verandering:
    rows = lock_times(session, reeks, dag)
    if not rows or rows[0].reeks_dag != dag:
        raise Invalid("Deze keer is al voorbij. Je kunt alleen deze keer veranderen.")
    was, target = reeks.bevestigen, reeks
    kept = session.scalar(
        select(func.max(Activiteit.reeks_dag)).where(
            Activiteit.reeks_id == reeks.id, Activiteit.reeks_dag < dag
        )
    )
    if kept is not None:
        if first_day_of(gegevens) <= kept:
            raise Invalid(
                f"Op {format_dag(kept)} blijft het zoals het was. Kies een dag daarna.",
                veld="datum",
            )
        target = Reeks(platform_id=reeks.platform_id, demo=reeks.demo)
    with session.no_autoflush:
        fill_reeks(session, target, gegevens, marge_m)
    if target is not reeks:
        regel = Regel.parse(reeks.regel)
        reeks.regel = str(ends_within(regel, reeks.eerste_dag, dag - timedelta(days=1)))
        session.add(target)
    session.flush()
    los = move_times(session, target, rows)
    restate(target, [row for row in rows if row.reeks_id == target.id], was_bevestigen=was)
    session.flush()
    return Verandering(target, los)
