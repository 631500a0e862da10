"""Checks that were kept: the list of them, one with who was told, and how a work stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select, true
from sqlalchemy.orm import Session, contains_eager

from kernenkaart.actor import Actor
from kernenkaart.afstemming.startcheck_models import (
    Startcheck,
    StartcheckGroep,
    StartcheckKern,
    StartcheckVrijstelling,
)
from kernenkaart.afstemming.startcheck_open import OpenToen, find_open_then
from kernenkaart.afstemming.startcheck_policy import visible_to
from kernenkaart.afstemming.startcheck_queries import GeraakteKern, Lijn, Vraag, by_urgency
from kernenkaart.afstemming.startcheck_regels import deadline
from kernenkaart.errors import NotFound
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.queries import find_makelaars_per_kern
from kernenkaart.platforms.models import Platform
from kernenkaart.platforms.policy import visible_to as platform_visible_to
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid, WerkzaamheidSoort
from kernenkaart.werkzaamheden.policy import changeable_by
from kernenkaart.werkzaamheden.policy import visible_to as werk_visible_to


@dataclass(frozen=True)
class Regel:
    """A check in a list.

    Attributes:
        eerste_dag: of its work as it is now, or of itself.
        open: how many rows nobody was told of yet.
    """

    id: int
    titel: str
    gemaakt_op: datetime
    door: str | None
    eerste_dag: date
    open: int


def find_startchecks(session: Session, actor: Actor, *, limiet: int) -> list[Regel]:
    """The newest checks that ``actor`` may see."""
    nog = (
        select(func.count())
        .where(
            StartcheckGroep.startcheck_id == Startcheck.id,
            StartcheckGroep.geinformeerd_op.is_(None),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Startcheck.id,
            Startcheck.titel,
            Startcheck.gemaakt_op,
            Gebruiker.naam.label("door"),
            func.coalesce(Werkzaamheid.eerste_dag, Startcheck.eerste_dag).label("eerste_dag"),
            nog.label("open"),
        )
        .outerjoin(Gebruiker, Gebruiker.id == Startcheck.gebruiker_id)
        .outerjoin(Werkzaamheid, _werk_of(actor))
        .where(visible_to(actor))
        .order_by(Startcheck.gemaakt_op.desc(), Startcheck.id.desc())
        .limit(limiet)
    ).mappings()
    return [Regel(**row) for row in rows]


def _werk_of(actor: Actor) -> ColumnElement[bool]:
    """The work of a check, if ``actor`` may see it: it may have become a draft of another."""
    return and_(Werkzaamheid.id == Startcheck.werkzaamheid_id, werk_visible_to(actor))


@dataclass(frozen=True)
class Vastgelegd:
    """A check that was kept, as it is read back.

    Attributes:
        werk: its work as it is now; None without, or when the reader may not see it.
        verplaatst: whether the work has other days than when it was checked.
        nieuwste: whether no later check was made of the same work.
        open_toen: what was still to be decided that day; None when that was not kept.
    """

    check: Startcheck
    soort: WerkzaamheidSoort
    door: str | None
    werk: Werkzaamheid | None
    kernen: tuple[GeraakteKern, ...]
    lijnen: tuple[Lijn, ...]
    verplaatst: bool
    nieuwste: bool
    open_toen: Sequence[OpenToen] | None

    @property
    def eerste_dag(self) -> date:
        """From which the days to tell are counted: of the work as it is now."""
        return self.werk.eerste_dag if self.werk else self.check.eerste_dag

    @property
    def vraag(self) -> Vraag:
        """What was asked."""
        return Vraag(
            self.check.titel, (self.check.geom,), self.soort.id, self.soort.code, self.soort.naam,
            self.check.hinder, self.check.eerste_dag, self.check.laatste_dag,
            werkzaamheid_id=self.check.werkzaamheid_id,
        )  # fmt: skip


def get_startcheck(
    session: Session, actor: Actor, startcheck_id: int, *, vast: bool = False
) -> Startcheck:
    """A check that ``actor`` may see.

    Args:
        vast: hold it until the transaction ends.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    statement = select(Startcheck).where(Startcheck.id == startcheck_id, visible_to(actor))
    found = session.scalar(statement.with_for_update() if vast else statement)
    if found is None:
        raise NotFound("Deze startcheck bestaat niet (meer).")
    return found


def find_record(session: Session, actor: Actor, startcheck_id: int, dag: date) -> Vastgelegd:
    """A check that was kept, with who has to know and who was told; five statements.

    Groups that ``actor`` may not see are left out.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    row = session.execute(_record_of(actor, startcheck_id)).one_or_none()
    if row is None:
        raise NotFound("Deze startcheck bestaat niet (meer).")
    check, soort, door, werk, later = row
    kern_rows = session.execute(
        select(Kern.id, Kern.naam, Kern.slug, StartcheckKern.aandeel)
        .join(StartcheckKern, StartcheckKern.kern_id == Kern.id)
        .where(StartcheckKern.startcheck_id == startcheck_id)
        .order_by(StartcheckKern.aandeel.desc(), Kern.id)
    ).all()
    makelaars = find_makelaars_per_kern(session, [k.id for k in kern_rows], dag)
    kernen = tuple(
        GeraakteKern(k.id, k.naam, k.slug, k.aandeel, tuple(makelaars.get(k.id, ())))
        for k in kern_rows
    )
    eerste_dag = werk.eerste_dag if werk else check.eerste_dag
    verplaatst = werk is not None and (werk.eerste_dag, werk.laatste_dag) != (
        check.eerste_dag,
        check.laatste_dag,
    )
    lijnen = _find_lijnen(session, actor, startcheck_id, eerste_dag)
    return Vastgelegd(
        check, soort, door, werk, kernen, lijnen, verplaatst,
        nieuwste=not later,
        open_toen=find_open_then(session, actor, check),
    )  # fmt: skip


def _record_of(actor: Actor, startcheck_id: int) -> Any:
    later = Startcheck.__table__.alias("later")
    ook_later = (
        select(later.c.id)
        .where(later.c.werkzaamheid_id == Startcheck.werkzaamheid_id, later.c.id > Startcheck.id)
        .exists()
    )
    return (
        select(Startcheck, WerkzaamheidSoort, Gebruiker.naam, Werkzaamheid, ook_later)
        .join(WerkzaamheidSoort, WerkzaamheidSoort.id == Startcheck.soort_id)
        .outerjoin(Gebruiker, Gebruiker.id == Startcheck.gebruiker_id)
        .outerjoin(Werkzaamheid, _werk_of(actor))
        .where(Startcheck.id == startcheck_id, visible_to(actor))
    )


def _find_lijnen(
    session: Session, actor: Actor, startcheck_id: int, eerste_dag: date
) -> tuple[Lijn, ...]:
    rows = session.execute(
        select(
            StartcheckGroep,
            Kern.naam.label("kern"),
            (Platform.actief & Platform.contact_email.is_not(None)).label("bereikbaar"),
        )
        .join(Kern, Kern.id == StartcheckGroep.kern_id)
        .outerjoin(Platform, Platform.id == StartcheckGroep.platform_id)
        .where(
            StartcheckGroep.startcheck_id == startcheck_id,
            StartcheckGroep.platform_id.is_(None) | platform_visible_to(actor),
        )
        .order_by(StartcheckGroep.wie, Kern.naam)
    ).all()
    lijnen = []
    for wie, zelfde in groupby(rows, key=lambda row: row.StartcheckGroep.wie):
        delen = list(zelfde)
        een = delen[0].StartcheckGroep
        lijnen.append(
            Lijn(
                wie,
                tuple(row.kern for row in delen),
                een.platform_id,
                een.weken,
                deadline(eerste_dag, een.weken),
                een.advies,
                bool(delen[0].bereikbaar),
                een.id,
                een.geinformeerd_op,
                een.hoe,
            )
        )
    return tuple(sorted(lijnen, key=by_urgency))


@dataclass(frozen=True)
class WerkStand:
    """How a work stands with its startcheck.

    Attributes:
        check_id: of the newest check; None when there is none.
        eerste_op: the first day on which somebody was told; None when nobody was.
        laatste_op: the last such day.
        open: how many still have to be told.
        laat: how many of those should have been told by now.
        vrijstelling: why it needs none; None when that was not said.
        vrij_op: when that was said, and by whom (``vrij_door``).
    """

    check_id: int | None
    gemaakt_op: datetime | None
    eerste_op: date | None
    laatste_op: date | None
    open: int
    laat: int
    vrijstelling: str | None
    vrij_op: datetime | None
    vrij_door: str | None


def get_werk_met_stand(
    session: Session, actor: Actor, werkzaamheid_id: int, dag: date
) -> tuple[Werkzaamheid, WerkStand]:
    """A work with its kind, and how it stands on ``dag``; one statement.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    row = session.execute(
        stand_of(werkzaamheid_id, dag)
        .join(Werkzaamheid.soort)
        .add_columns(Werkzaamheid)
        .where(werk_visible_to(actor))
        .group_by(Werkzaamheid.id, WerkzaamheidSoort.id)
        .options(contains_eager(Werkzaamheid.soort))
    ).one_or_none()
    if row is None:
        raise NotFound("Dit werk bestaat niet (meer).")
    stand = {naam: waarde for naam, waarde in row._mapping.items() if naam != "Werkzaamheid"}
    return row.Werkzaamheid, WerkStand(**stand)


def stand_of(werkzaamheid_id: int, dag: date) -> Any:
    """The question how a work stands on ``dag``: one row with the fields of ``WerkStand``."""
    groep, vrij = StartcheckGroep, StartcheckVrijstelling
    laatste = (
        select(Startcheck.id, Startcheck.gemaakt_op)
        .where(Startcheck.werkzaamheid_id == werkzaamheid_id)
        .order_by(Startcheck.gemaakt_op.desc(), Startcheck.id.desc())
        .limit(1)
        .subquery()
    )
    wie = func.count(groep.wie.distinct())
    nog = groep.geinformeerd_op.is_(None)
    return (
        select(
            laatste.c.id.label("check_id"),
            laatste.c.gemaakt_op,
            func.min(groep.geinformeerd_op).label("eerste_op"),
            func.max(groep.geinformeerd_op).label("laatste_op"),
            wie.filter(nog).label("open"),
            wie.filter(nog, Werkzaamheid.eerste_dag - 7 * groep.weken < dag).label("laat"),
            vrij.reden.label("vrijstelling"),
            vrij.gemaakt_op.label("vrij_op"),
            Gebruiker.naam.label("vrij_door"),
        )
        .select_from(Werkzaamheid)
        .outerjoin(laatste, true())
        .outerjoin(groep, groep.startcheck_id == laatste.c.id)
        .outerjoin(vrij, vrij.werkzaamheid_id == Werkzaamheid.id)
        .outerjoin(Gebruiker, Gebruiker.id == vrij.gebruiker_id)
        .where(Werkzaamheid.id == werkzaamheid_id)
        .group_by(laatste.c.id, laatste.c.gemaakt_op, vrij.reden, vrij.gemaakt_op, Gebruiker.naam)
    )


def find_werken_for(
    session: Session, actor: Actor, check: Startcheck, hoogstens: int = 50
) -> list[tuple[int, str]]:
    """Key and title of the works a check may be of: the own ones there, that are not over."""
    hier = bindparam(None, check.geom, type_=RDGeometry())
    rows = session.execute(
        select(Werkzaamheid.id, Werkzaamheid.titel)
        .where(
            changeable_by(actor),
            Werkzaamheid.status.not_in((Status.KLAAR, Status.VERVALLEN)),
            func.ST_Intersects(Werkzaamheid.geom, hier),
        )
        .order_by(Werkzaamheid.eerste_dag, Werkzaamheid.id)
        .limit(hoogstens)
    )
    return [(row.id, row.titel) for row in rows]
