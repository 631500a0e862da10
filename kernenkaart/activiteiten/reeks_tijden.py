"""The times of a series: rows of ``Activiteit``, made and moved by its rule. The caller commits."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.regel import Frequentie, Regel
from kernenkaart.errors import Invalid
from kernenkaart.tijd import at, format_dag, now

VOORUIT = timedelta(days=731)  # so far ahead there always are rows
STAP = timedelta(days=31)  # and so much further when they are made: a series is extended monthly
KLOK_JAREN = 28  # after so many years the days of the week fall on the same days again
PASEN_JAREN = 150  # Easter has no such rhythm that a person lives to see
NACHT_UUR = 2  # the hour that the clock skips in March
GAAT_DOOR = (Status.CONCEPT, Status.VERWACHT, Status.GEPUBLICEERD)


def horizon(vandaag: date) -> date:
    """The day up to which times become rows, when they are made on ``vandaag``."""
    return vandaag + VOORUIT + STAP


def status_of(reeks: Reeks) -> Status:
    """What a new time of a series begins as."""
    return Status.VERWACHT if reeks.bevestigen else Status.GEPUBLICEERD


def days_of(reeks: Reeks, tot: date | None = None) -> list[date]:
    """The days of a series, as far as its times are rows or up to ``tot``."""
    return Regel.parse(reeks.regel).days(reeks.eerste_dag, tot or reeks.uitgewerkt_tot)


def not_over() -> ColumnElement[bool]:
    """The times that a change of the series reaches: not over yet, or seen by nobody."""
    return or_(Activiteit.eindigt_op > now(), Activiteit.status == Status.CONCEPT)


def moments_on(reeks: Reeks, dag: date) -> tuple[datetime, datetime]:
    """Begin and end of the time of a series on ``dag``, on the clock of Amsterdam.

    Raises:
        Invalid: if the clock skips one of both that night.
    """
    laatste = dag + timedelta(days=reeks.nachten)
    if reeks.van is None or reeks.tot is None:
        return at(dag, time()), at(laatste + timedelta(days=1), time())
    veld = "van"
    try:
        begin = at(dag, reeks.van)
        veld = "tot"
        return begin, at(laatste, reeks.tot)
    except ValueError as error:
        raise Invalid(
            f"Op {format_dag(dag)} bestaat deze tijd niet: die nacht gaat de klok een uur vooruit. "
            "Kies 3.00 of later.",
            veld=veld,
        ) from error


def check_clock(reeks: Reeks) -> None:
    """Refuse hours that the clock skips on one of the days of the series, however far away.

    Raises:
        Invalid: with the first such day.
    """
    hours = {tijdstip.hour for tijdstip in (reeks.van, reeks.tot) if tijdstip}
    if NACHT_UUR in hours:
        jaren = KLOK_JAREN if Regel.parse(reeks.regel).pasen is None else PASEN_JAREN
        for dag in days_of(reeks, reeks.eerste_dag + timedelta(days=366 * jaren)):
            moments_on(reeks, dag)


def make_times(
    reeks: Reeks, days: Iterable[date], status: Status, gemaakt_door_id: int | None = None
) -> list[Activiteit]:
    """Rows for the times of a series on these days, not yet in a session."""
    made = []
    for dag in days:
        activiteit = Activiteit(
            reeks_id=reeks.id,
            reeks_dag=dag,
            platform_id=reeks.platform_id,
            status=status,
            gemaakt_door_id=gemaakt_door_id,
            demo=reeks.demo,
        )
        copy_inhoud(reeks, activiteit, dag)
        made.append(activiteit)
    return made


def copy_inhoud(reeks: Reeks, activiteit: Activiteit, dag: date) -> None:
    """Give a time of a series what the series says about ``dag``."""
    for naam in (
        *("soort_id", "doelgroep_id", "zaal_id", "gemeente_id", "kern_id", "geom", "plek_naam"),
        *("titel", "organisator", "omschrijving"),
    ):
        setattr(activiteit, naam, getattr(reeks, naam))
    activiteit.begint_op, activiteit.eindigt_op = moments_on(reeks, dag)
    activiteit.hele_dag = reeks.van is None


def lock_times(session: Session, reeks: Reeks, vanaf: date) -> Sequence[Activiteit]:
    """The times of a series from a day by the rule on, held until the transaction ends."""
    return session.scalars(
        select(Activiteit)
        .where(Activiteit.reeks_id == reeks.id, Activiteit.reeks_dag >= vanaf, not_over())
        .order_by(Activiteit.reeks_dag)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def rewrite_times(reeks: Reeks, rows: Iterable[Activiteit]) -> None:
    """Give times the content of their series; those changed by themselves are left alone."""
    for activiteit in rows:
        if not activiteit.afwijkend and activiteit.reeks_dag:
            copy_inhoud(reeks, activiteit, activiteit.reeks_dag)


def restate(reeks: Reeks, rows: Iterable[Activiteit], *, was_bevestigen: bool) -> None:
    """What is sure becomes expected, or the other way round, when the series says so from now."""
    if reeks.bevestigen == was_bevestigen:
        return
    van = Status.VERWACHT if was_bevestigen else Status.GEPUBLICEERD
    for activiteit in rows:
        if activiteit.status is van and not activiteit.afwijkend:
            activiteit.status = status_of(reeks)


def move_times(session: Session, reeks: Reeks, rows: Sequence[Activiteit]) -> tuple[int, ...]:
    """Let rows follow the rule of ``reeks``, which may be another series than they were of.

    A time that was changed by itself, or called off, and has no day any more stands alone from
    now on; what is left of the others is withdrawn, so that history keeps it.

    Returns:
        The keys of those that go on and stand alone, by their day.
    """
    pairs, without, new = _pair(Regel.parse(reeks.regel).per, rows, days_of(reeks))
    los = []
    for activiteit in without:
        if activiteit.status in GAAT_DOOR:
            if activiteit.afwijkend:
                los.append(activiteit.id)
            else:
                activiteit.status = Status.INGETROKKEN
        if activiteit.reeks and activiteit.reeks.uid == activiteit.uid:  # see ``herhalen.repeat``
            activiteit.uid = uuid.uuid4()
        activiteit.reeks_id = activiteit.reeks_dag = None
        activiteit.afwijkend = False
    session.flush()
    drafts = bool(rows) and all(row.status is Status.CONCEPT for row, _ in pairs)
    for activiteit, dag in pairs:
        activiteit.reeks_id, activiteit.reeks_dag = reeks.id, dag
    rewrite_times(reeks, [row for row, _ in pairs])
    status = Status.CONCEPT if drafts and pairs else status_of(reeks)
    session.add_all(make_times(reeks, new, status))
    session.flush()
    return tuple(los)


def extend(session: Session, vandaag: date, *, hoogstens: int = 200) -> int:
    """Make rows of the times of series that reach less than two years ahead; five statements.

    Rows that are there are left alone, and so is a series that somebody is changing. Neither the
    version of a series nor the moment of its last change moves: nobody changed it.

    Args:
        hoogstens: so many series at a time, those that reach least far first.

    Returns:
        How many series were extended; 0 when there are no more.
    """
    reeksen = session.scalars(
        select(Reeks)
        .where(Reeks.uitgewerkt_tot < vandaag + VOORUIT)
        .order_by(Reeks.uitgewerkt_tot, Reeks.id)
        .limit(hoogstens)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    if not reeksen:
        return 0
    ids, tot = [reeks.id for reeks in reeksen], horizon(vandaag)
    with session.no_autoflush:
        session.add_all(_find_missing(session, reeksen, tot))
    session.flush()
    session.execute(
        update(Reeks)
        .where(Reeks.id.in_(ids))
        .values(uitgewerkt_tot=tot, updated_at=Reeks.updated_at)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return len(ids)


def _find_missing(session: Session, reeksen: Sequence[Reeks], tot: date) -> list[Activiteit]:
    """Rows for the times up to ``tot`` that are not there; of a series of drafts drafts."""
    ids = [reeks.id for reeks in reeksen]
    shown = set(
        session.scalars(
            select(Activiteit.reeks_id)
            .where(Activiteit.reeks_id.in_(ids), Activiteit.status != Status.CONCEPT)
            .distinct()
        )
    )
    rows = session.execute(
        select(Activiteit.reeks_id, Activiteit.reeks_dag)
        .join(Reeks, Activiteit.reeks_id == Reeks.id)
        .where(Reeks.id.in_(ids), Activiteit.reeks_dag > Reeks.uitgewerkt_tot)
    )
    there = {(row.reeks_id, row.reeks_dag) for row in rows}
    made = []
    for reeks in reeksen:
        new = (dag for dag in days_of(reeks, tot) if dag > reeks.uitgewerkt_tot)
        days = [dag for dag in new if (reeks.id, dag) not in there]
        made += make_times(reeks, days, status_of(reeks) if reeks.id in shown else Status.CONCEPT)
    return made


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
