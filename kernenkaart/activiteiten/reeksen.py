"""Post, change and end series of activities, and make rows of their times. The caller commits.

The rule stands in ``Reeks``; each time up to two years ahead is an ``Activiteit``, so that map,
lists, tiles and feeds know nothing of rules. A change of a series reaches the times that have not
been changed by themselves, and never those that are over.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.policy import may_change, may_post
from kernenkaart.activiteiten.regel import Frequentie, Regel, ends_within
from kernenkaart.activiteiten.services import ActiviteitGegevens, fill_inhoud
from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.platforms.posten import get_own
from kernenkaart.tijd import AMSTERDAM, at, format_dag, today

VOORUIT = timedelta(days=731)  # so far ahead there are rows
TERUG = timedelta(days=366)  # a series begins no longer ago
GAAT_DOOR = (Status.CONCEPT, Status.VERWACHT, Status.GEPUBLICEERD)


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
        los: how many times that were changed by themselves no longer fit, and stand alone now.
    """

    reeks: Reeks
    los: int


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
    eerder = session.scalar(select(Reeks).where(Reeks.sleutel == sleutel))
    if eerder is not None:
        if eerder.platform_id != platform_id:
            raise Conflict("Dit formulier is al gebruikt. Begin een nieuw formulier.")
        return eerder
    reeks = Reeks(platform_id=platform_id, sleutel=sleutel)
    with session.no_autoflush:
        fill_reeks(session, reeks, gegevens, marge_m)
    session.add(reeks)
    session.flush()
    status = status_of(reeks) if plaats else Status.CONCEPT
    write_times(session, reeks, days_of(reeks), status, actor.gebruiker_id)
    return reeks


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
        versie: the version of the series that the editor started from.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        NotFound, NotAllowed: as in ``lock_reeks``.
        Conflict: if somebody else changed the series meanwhile.
        Invalid: as in ``post_reeks``.
    """
    reeks, dag = lock_reeks(session, actor, activiteit_id)
    if reeks.versie != versie:
        raise Conflict
    if dag == reeks.eerste_dag:
        target = reeks
    else:
        target = Reeks(platform_id=reeks.platform_id, demo=reeks.demo)
        if gegevens.regel.keren and gegevens.regel == Regel.parse(reeks.regel):
            before = len(gegevens.regel.days(reeks.eerste_dag, dag - timedelta(days=1)))
            rest = replace(gegevens.regel, keren=gegevens.regel.keren - before)
            gegevens = replace(gegevens, regel=rest)
    with session.no_autoflush:
        fill_reeks(session, target, gegevens, marge_m)
    if target is not reeks:
        stop_before(reeks, dag)
        session.add(target)
    session.flush()
    later = session.scalars(
        select(Activiteit)
        .where(Activiteit.reeks_id == reeks.id, Activiteit.reeks_dag >= dag)
        .order_by(Activiteit.reeks_dag)
        .with_for_update()
    ).all()
    los = _move_times(session, target, later)
    return Verandering(target, los)


def end_from(
    session: Session, actor: Actor, activiteit_id: int, *, versie: int | None, reden: str = ""
) -> Reeks:
    """Stop a series: this time and all after it do not happen.

    Args:
        activiteit_id: the first time that does not happen.
        versie: the version of the series that the editor started from.
        reden: they stay visible as called off, for this reason; empty takes them away.

    Raises:
        NotFound, NotAllowed: as in ``lock_reeks``.
        Conflict: if somebody else changed the series meanwhile.
    """
    reeks, dag = lock_reeks(session, actor, activiteit_id)
    if reeks.versie != versie:
        raise Conflict
    for activiteit in session.scalars(
        select(Activiteit).where(
            Activiteit.reeks_id == reeks.id,
            Activiteit.reeks_dag >= dag,
            Activiteit.status.in_(GAAT_DOOR),
        )
    ):
        seen = activiteit.status is not Status.CONCEPT
        activiteit.status = Status.AFGELAST if reden and seen else Status.INGETROKKEN
        activiteit.reden = reden or None
    if not reden:
        stop_before(reeks, dag)
    else:  # the days that were called off still are days of the series, and no later ones
        last = reeks.uitgewerkt_tot
        reeks.regel = str(ends_within(Regel.parse(reeks.regel), reeks.eerste_dag, last))
    session.flush()
    return reeks


def publish_reeks(session: Session, actor: Actor, activiteit_id: int) -> Reeks:
    """Show all drafts of a series to everyone.

    Raises:
        NotFound, NotAllowed: as in ``lock_reeks``.
    """
    reeks, _dag = lock_reeks(session, actor, activiteit_id)
    for activiteit in session.scalars(
        select(Activiteit).where(
            Activiteit.reeks_id == reeks.id, Activiteit.status == Status.CONCEPT
        )
    ):
        activiteit.status = status_of(reeks)
    session.flush()
    return reeks


def extend(session: Session, reeks: Reeks, tot: date) -> int:
    """Make rows of the times of a series up to and including ``tot``; those there are left alone.

    Returns:
        How many are new.
    """
    if tot <= reeks.uitgewerkt_tot:
        return 0
    shown = select(Activiteit.id).where(
        Activiteit.reeks_id == reeks.id, Activiteit.status != Status.CONCEPT
    )
    draft = session.scalar(shown.limit(1)) is None
    days = [dag for dag in days_of(reeks, tot) if dag > reeks.uitgewerkt_tot]
    write_times(session, reeks, days, Status.CONCEPT if draft else status_of(reeks), None)
    reeks.uitgewerkt_tot = tot
    session.flush()
    return len(days)


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
    inhoud, regel = gegevens.inhoud, gegevens.regel
    fill_inhoud(session, reeks, inhoud, marge_m)
    begin = inhoud.begint_op.astimezone(AMSTERDAM)
    eind = inhoud.eindigt_op.astimezone(AMSTERDAM)
    laatste = eind - timedelta(microseconds=1) if inhoud.hele_dag else eind
    eerste_dag = regel.first_day(begin.date())
    if eerste_dag is None or not regel.days(eerste_dag, eerste_dag + VOORUIT):
        raise Invalid("Volgens deze regel is het nooit. Verander de regel.", veld="herhaal")
    if eerste_dag < today() - TERUG:
        raise Invalid("Begin de reeks hoogstens een jaar geleden.", veld="datum")
    reeks.regel, reeks.eerste_dag = str(regel), eerste_dag
    reeks.van = None if inhoud.hele_dag else begin.time()
    reeks.tot = None if inhoud.hele_dag else eind.time()
    reeks.nachten = (laatste.date() - begin.date()).days
    reeks.bevestigen = gegevens.bevestigen
    reeks.uitgewerkt_tot = today() + VOORUIT
    for dag in days_of(reeks):
        moments_on(reeks, dag)


def status_of(reeks: Reeks) -> Status:
    """What a new time of a series begins as."""
    return Status.VERWACHT if reeks.bevestigen else Status.GEPUBLICEERD


def days_of(reeks: Reeks, tot: date | None = None) -> list[date]:
    """The days of a series, as far as its times are rows or up to ``tot``."""
    return Regel.parse(reeks.regel).days(reeks.eerste_dag, tot or reeks.uitgewerkt_tot)


def moments_on(reeks: Reeks, dag: date) -> tuple[datetime, datetime]:
    """Begin and end of the time of a series on ``dag``, on the clock of Amsterdam.

    Raises:
        Invalid: if the clock skips one of both that night.
    """
    laatste = dag + timedelta(days=reeks.nachten)
    if reeks.van is None or reeks.tot is None:
        return at(dag, time()), at(laatste + timedelta(days=1), time())
    try:
        return at(dag, reeks.van), at(laatste, reeks.tot)
    except ValueError as error:
        raise Invalid(
            f"Op {format_dag(dag)} bestaat deze tijd niet: die nacht gaat de klok een uur vooruit. "
            "Kies 3.00 of later.",
            veld="van",
        ) from error


def stop_before(reeks: Reeks, dag: date) -> None:
    """Let a series end before ``dag``; with nothing left its rule keeps its first day alone."""
    regel = Regel.parse(reeks.regel)
    reeks.regel = str(ends_within(regel, reeks.eerste_dag, dag - timedelta(days=1)))


def write_times(
    session: Session,
    reeks: Reeks,
    days: Iterable[date],
    status: Status,
    gemaakt_door_id: int | None,
) -> None:
    """Make rows of the times of a series on these days."""
    for dag in days:
        activiteit = Activiteit(
            reeks_id=reeks.id,
            reeks_dag=dag,
            platform_id=reeks.platform_id,
            status=status,
            gemaakt_door_id=gemaakt_door_id,
            demo=reeks.demo,
        )
        _copy(reeks, activiteit, dag)
        session.add(activiteit)
    session.flush()


def _copy(reeks: Reeks, activiteit: Activiteit, dag: date) -> None:
    for naam in (
        *("soort_id", "doelgroep_id", "zaal_id", "gemeente_id", "kern_id", "geom", "plek_naam"),
        *("titel", "organisator", "omschrijving"),
    ):
        setattr(activiteit, naam, getattr(reeks, naam))
    activiteit.begint_op, activiteit.eindigt_op = moments_on(reeks, dag)
    activiteit.hele_dag = reeks.van is None


def _move_times(session: Session, reeks: Reeks, rows: Sequence[Activiteit]) -> int:
    """Let the rows of a series follow its new rule; how many stand alone from now on."""
    days = [dag for dag in days_of(reeks) if dag >= reeks.eerste_dag]
    pairs, without, new = _pair(Regel.parse(reeks.regel).per, rows, days)
    los = 0
    for activiteit in without:
        if activiteit.afwijkend and activiteit.status in GAAT_DOOR:
            activiteit.reeks_id = activiteit.reeks_dag = None
            activiteit.afwijkend = False
            los += 1
        else:  # history keeps it, as something that was taken away
            activiteit.reeks_id = activiteit.reeks_dag = None
            activiteit.status = Status.INGETROKKEN
    session.flush()
    for activiteit, dag in pairs:
        activiteit.reeks_id, activiteit.reeks_dag = reeks.id, dag
        if not activiteit.afwijkend:
            _copy(reeks, activiteit, dag)
    drafts = bool(rows) and all(row.status is Status.CONCEPT for row in rows)
    write_times(session, reeks, new, Status.CONCEPT if drafts else status_of(reeks), None)
    return los


def _pair(
    per: Frequentie, rows: Sequence[Activiteit], days: Sequence[date]
) -> tuple[list[tuple[Activiteit, date]], list[Activiteit], list[date]]:
    """Which row becomes which day: the same day, else one of the same week, month or year.

    Returns:
        The pairs, the rows without a day, and the days without a row.
    """
    free = set(days)
    pairs, rest = [], []
    for row in rows:
        if row.reeks_dag in free:
            free.remove(row.reeks_dag)
            pairs.append((row, row.reeks_dag))
        else:
            rest.append(row)
    per_bucket: dict[tuple[int, ...], list[date]] = defaultdict(list)
    for dag in sorted(free):
        per_bucket[_bucket(per, dag)].append(dag)
    without = []
    for row in rest:
        bucket = per_bucket[_bucket(per, row.reeks_dag)] if row.reeks_dag else []
        if bucket:
            pairs.append((row, bucket.pop(0)))
        else:
            without.append(row)
    return pairs, without, sorted(dag for bucket in per_bucket.values() for dag in bucket)


def _bucket(per: Frequentie, dag: date) -> tuple[int, ...]:
    match per:
        case Frequentie.DAG:
            return (dag.toordinal(),)
        case Frequentie.WEEK:
            return tuple(dag.isocalendar()[:2])
        case Frequentie.MAAND:
            return (dag.year, dag.month)
    return (dag.year,)
