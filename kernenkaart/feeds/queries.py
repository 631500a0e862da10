"""What goes into a calendar, and what changed last. Always as an anonymous visitor sees it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Row,
    RowMapping,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from kernenkaart.activiteiten.laag import LAAG
from kernenkaart.activiteiten.models import (
    Activiteit,
    ActiviteitKern,
    ActiviteitSoort,
    Reeks,
    Status,
)
from kernenkaart.activiteiten.policy import OPENBAAR
from kernenkaart.actor import BEZOEKER
from kernenkaart.db import Model
from kernenkaart.errors import NotFound
from kernenkaart.geo.crs import WGS84
from kernenkaart.geo.laag import Laag
from kernenkaart.kernen.models import Kern
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import dingen_of, find_dingen
from kernenkaart.platforms.models import Platform
from kernenkaart.zalen.models import Zaal

NIEUWS_MAX = 50

_OPEN = Activiteit.status.in_(OPENBAAR)
_VERWACHT = case(
    (Reeks.bevestigen, Status.VERWACHT.value), else_=Status.GEPUBLICEERD.value
)  # what a time of a series is as long as nobody says otherwise
_KEER = aliased(Activiteit)
_KERN = func.coalesce(  # of a series that lies at a point, only its times know the kern
    Reeks.kern_id,
    select(_KEER.kern_id)
    .where(_KEER.reeks_id == Reeks.id, ~_KEER.afwijkend)
    .limit(1)
    .correlate(Reeks)
    .scalar_subquery(),
)
_ELDERS = and_(
    Activiteit.afwijkend,
    or_(Activiteit.kern_id != _KERN, Activiteit.soort_id != Reeks.soort_id),
)


@dataclass(frozen=True)
class Kalender:
    """Activities as a calendar holds them.

    Attributes:
        losse: activities that stand alone, by begin.
        reeksen: series, by key.
        anders: per key of a series its times that are not as its rule says, by day.
    """

    losse: Sequence[Row[Any]]
    reeksen: Sequence[Row[Any]]
    anders: dict[int, list[Row[Any]]]


def fits(keuze: DingFilter) -> ColumnElement[bool]:
    """The activities that a filter finds."""
    return Activiteit.id.in_(select(dingen_of(BEZOEKER, replace(keuze, lagen=(LAAG.naam,))).c.id))


def in_kern(slug: str, vanaf: datetime) -> ColumnElement[bool]:
    """The activities of a kern that end after a moment, without a look at those of others."""
    kern_id = select(Kern.id).where(Kern.slug == slug).scalar_subquery()
    ids = select(ActiviteitKern.activiteit_id).where(ActiviteitKern.kern_id == kern_id)
    # as an array: else the planner would rather read all activities there are
    one_of = Activiteit.id == func.any(func.array(ids.scalar_subquery()))
    return and_(one_of, Activiteit.eindigt_op > vanaf)


def find_kalender(
    session: Session, welke: ColumnElement[bool], *, per_keer: bool = False
) -> Kalender:
    """The calendar of these activities, as far as everyone may see them; three statements.

    Of a series that is among them all times are told, also those that ``welke`` leaves out: a
    rule cannot stand in a calendar in part. A time that was moved to another kern, or became of
    another kind, does not bring its series along.

    Args:
        welke: a condition on ``Activiteit``.
        per_keer: tell each time of a series by itself, and no others.
    """
    mee: ColumnElement[bool] = false()
    if not per_keer:  # a rule with Easter is none of iCalendar: its times stand by themselves
        mee = and_(Reeks.id.is_not(None), ~_ELDERS, ~Reeks.regel.contains("BYEASTER"))
    row = session.execute(
        select(
            func.array_agg(Activiteit.id).filter(~mee),
            func.array_agg(Activiteit.reeks_id.distinct()).filter(mee),
        )
        .outerjoin(Reeks, Reeks.id == Activiteit.reeks_id)
        .where(LAAG.visible_to(BEZOEKER), welke)
    ).one()
    losse_ids: list[int] = list(row[0] or ())
    reeks_ids: list[int] = [reeks_id for reeks_id in row[1] or () if reeks_id]
    losse: list[Row[Any]] = []
    anders: dict[int, list[Row[Any]]] = {reeks_id: [] for reeks_id in reeks_ids}
    for keer in session.execute(_times(losse_ids, reeks_ids)):
        anders.get(keer.reeks_id, losse).append(keer)
    return Kalender(losse, session.execute(_series(reeks_ids)).all(), anders)


def _content(model: type[Activiteit] | type[Reeks], punt: Any) -> list[Any]:
    """What an activity and a series tell alike."""
    lonlat = func.ST_Transform(punt, WGS84)
    return [
        model.id,
        model.uid,
        model.titel,
        model.omschrijving,
        func.coalesce(model.organisator, Platform.naam).label("wie"),
        ActiviteitSoort.naam.label("soort"),
        model.plek_naam.label("plek"),
        Zaal.adres,
        Kern.naam.label("kern"),
        func.ST_X(lonlat).label("lon"),
        func.ST_Y(lonlat).label("lat"),
        model.created_at,
    ]


def _joined(
    statement: Select[Any], model: type[Activiteit] | type[Reeks], kern_id: Any
) -> Select[Any]:
    return (
        statement.select_from(model)
        .join(Platform, Platform.id == model.platform_id)
        .join(ActiviteitSoort, ActiviteitSoort.id == model.soort_id)
        .outerjoin(Kern, Kern.id == kern_id)
        .outerjoin(Zaal, Zaal.id == model.zaal_id)
    )


def _times(losse_ids: list[int], reeks_ids: list[int]) -> Select[Any]:
    """Those that stand alone, and what is not by the rule in these series."""
    columns = [
        *_content(Activiteit, Activiteit.punt),
        Activiteit.begint_op,
        Activiteit.eindigt_op,
        Activiteit.hele_dag,
        Activiteit.status,
        Activiteit.reden,
        Activiteit.updated_at,
        (Activiteit.versie - 1).label("volgnummer"),
        Activiteit.reeks_id,
        Activiteit.reeks_dag,
    ]
    # a night in which the clock changes is longer or shorter than the others
    duur = func.make_interval(0, 0, 0, Reeks.nachten) + (Reeks.tot - Reeks.van)
    anders = or_(
        Activiteit.afwijkend,
        cast(Activiteit.status, String) != _VERWACHT,
        and_(~Activiteit.hele_dag, Activiteit.eindigt_op - Activiteit.begint_op != duur),
    )
    keer = _joined(select(*columns), Activiteit, Activiteit.kern_id)
    van_reeks = (Activiteit.reeks_id == func.any(reeks_ids), _OPEN, anders)
    # each by its own index: in one condition the two would be sought among all of both
    alle = union_all(
        keer.where(Activiteit.id == func.any(losse_ids)),
        keer.join(Reeks, Reeks.id == Activiteit.reeks_id).where(*van_reeks),
    ).subquery()
    return select(alle).order_by(alle.c.begint_op, alle.c.id)


def _series(reeks_ids: list[int]) -> Select[Any]:
    """Series with the days on which everyone may see them.

    A change of one time is a change of the series: its number in the calendar is made of all. A
    change of the series itself counts for a thousand, for times may leave it and take theirs along.
    """
    keren = (
        select(
            func.array_agg(Activiteit.reeks_dag).filter(_OPEN).label("dagen"),
            func.sum(Activiteit.versie - 1).label("keren_versie"),
            func.max(Activiteit.updated_at).label("keren_op"),
        )
        .where(Activiteit.reeks_id == Reeks.id)
        .lateral()
    )
    statement = select(
        *_content(Reeks, func.ST_PointOnSurface(Reeks.geom)),
        Reeks.regel,
        Reeks.eerste_dag,
        Reeks.van,
        Reeks.tot,
        Reeks.nachten,
        Reeks.bevestigen,
        Reeks.uitgewerkt_tot,
        func.greatest(Reeks.updated_at, keren.c.keren_op).label("updated_at"),
        cast((Reeks.versie - 1) * 1000 + keren.c.keren_versie, Integer).label("volgnummer"),
        keren.c.dagen,
    )
    return (
        _joined(statement, Reeks, _KERN)
        .join(keren, true())
        .where(Reeks.id == func.any(reeks_ids))
        .order_by(Reeks.id)
    )


@dataclass(frozen=True)
class Bericht:
    """Something that is new or changed.

    Attributes:
        ding: a row of ``lagen.queries.find_dingen``.
        op: when it last changed.
    """

    ding: RowMapping
    op: datetime


def find_nieuws(session: Session, keuze: DingFilter, limiet: int = NIEUWS_MAX) -> list[Bericht]:
    """What changed last, newest first; two statements.

    Times of a series that changed at once are one message: the first of them.
    """
    wanted = [laag for laag in LAGEN if not keuze.lagen or laag.naam in keuze.lagen]
    if not wanted:
        return []
    alle = union_all(*(_changes(laag, keuze) for laag in wanted)).subquery()
    samen = func.coalesce(alle.c.reeks_id, -alle.c.id)
    eerste = func.row_number().over(
        partition_by=(alle.c.laag, samen, alle.c.op), order_by=(alle.c.begint_op, alle.c.id)
    )
    rij = select(alle, eerste.label("n")).subquery()
    rows = session.execute(
        select(rij.c.laag, rij.c.id, rij.c.op)
        .where(rij.c.n == 1)
        .order_by(rij.c.op.desc(), rij.c.laag, rij.c.id.desc())
        .limit(limiet)
    ).all()
    sleutels = tuple((row.laag, row.id) for row in rows)
    dingen = find_dingen(session, BEZOEKER, DingFilter(sleutels=sleutels)) if rows else ()
    per_sleutel = {(ding["laag"], ding["id"]): ding for ding in dingen}
    return [Bericht(per_sleutel[row.laag, row.id], row.op) for row in rows]


def _changes(laag: Laag, keuze: DingFilter) -> Select[Any]:
    ids = select(dingen_of(BEZOEKER, replace(keuze, lagen=(laag.naam,))).c.id)
    reeks_id: Any = Activiteit.reeks_id if laag is LAAG else null()
    columns: list[Any] = [
        literal(laag.naam, String, literal_execute=True).label("laag"),
        laag.id.label("id"),
        laag.velden["gewijzigdOp"].kolom.label("op"),
        cast(laag.begint_op, DateTime(timezone=True)).label("begint_op"),
        cast(reeks_id, Integer).label("reeks_id"),
    ]
    return select(*columns).select_from(laag.bron).where(laag.id.in_(ids))


def next_of(session: Session, uid: UUID, moment: datetime) -> int:
    """The key of the time of a series that everyone may see and that ends next, else of its last.

    Raises:
        NotFound: if there is none.
    """
    later = Activiteit.eindigt_op > moment
    statement = (
        select(Activiteit.id)
        .join(Reeks, Reeks.id == Activiteit.reeks_id)
        .where(Reeks.uid == uid, LAAG.visible_to(BEZOEKER))
        .order_by(
            later.desc(),
            case((later, Activiteit.eindigt_op)),
            Activiteit.eindigt_op.desc(),
        )
        .limit(1)
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound("Deze reeks bestaat niet (meer).")
    return int(found)


def find_nabij(session: Session, slug: str, afstand_m: float) -> tuple[str, ...]:
    """The slugs of a kern and of those whose edge lies within a distance of its own."""
    zelf = aliased(Kern)
    near = func.ST_DWithin(zelf.grens, Kern.grens, afstand_m)
    slugs = select(Kern.slug).join(zelf, near).where(zelf.slug == slug)
    return tuple(session.scalars(slugs.order_by(Kern.slug)))


def find_onbekend(
    session: Session, kernen: Collection[str], soort: tuple[str, str] | None
) -> set[str]:
    """Which of these names do not exist; one statement.

    Args:
        kernen: slugs.
        soort: name of a layer and code of a kind in it.
    """
    known: list[Select[Any]] = [select(Kern.slug).where(Kern.slug.in_(kernen))]
    names = set(kernen)
    if soort:
        laag = next(laag for laag in LAGEN if laag.naam == soort[0])
        tabel = Model.metadata.tables[f"{laag.ding}_soort"]
        names.add(soort[1])
        known.append(select(tabel.c.code).where(tabel.c.code == soort[1]))
    return names - set(session.scalars(union_all(*known))) if names else set()
