"""Things of all layers together: one list, its counts. Everything filtered in SQL."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Dialect,
    FromClause,
    Integer,
    RowMapping,
    Select,
    String,
    Subquery,
    Text,
    TypeDecorator,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Reeks
from kernenkaart.activiteiten.regel import Regel
from kernenkaart.actor import Actor
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.geo.laag import Laag
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.tijd import now

MOMENT = DateTime(timezone=True)
TYPES: dict[str, Any] = {
    "id": Integer,
    "titel": String,
    "begint_op": MOMENT,
    "eindigt_op": MOMENT,
    "hele_dag": Boolean,
    "soort": String,
    "status": String,
    "hinder": String,
    "kort": String,
    "plek": String,
    "wie": String,
    "kern_id": Integer,
    "reeks_id": Integer,
    "nauwkeurigheid": String,
}
ONGEVEER_VANAF = 5  # shorter words look like too many others
GROEPEN = ("nu", "week", "later", "altijd", "geweest")


class RegelInWoorden(TypeDecorator[str]):
    """A rule as it is stored, read in plain words."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """``Elke 1e zaterdag``; None without a rule."""
        return None if value is None else Regel.parse(value).woorden


def vaak_of(dingen: FromClause) -> ColumnElement[str | None]:
    """How often each of these things is, as the column ``vaak``; NULL of what is only once.

    Args:
        dingen: as ``dingen_of`` gives them; asked for no more rows than are shown.
    """
    return (
        select(type_coerce(Reeks.regel, RegelInWoorden))
        .where(Reeks.id == dingen.c.reeks_id)
        .scalar_subquery()
        .label("vaak")
    )


@dataclass(frozen=True)
class Telling:
    """How many were found, and how many of them have no place on the map."""

    gevonden: int
    zonder_plek: int

    @property
    def op_kaart(self) -> int:
        """How many are on the map."""
        return self.gevonden - self.zonder_plek


def find_dingen(
    session: Session,
    actor: Actor,
    keuze: DingFilter,
    *,
    limiet: int | None = None,
    vanaf: int = 0,
) -> Sequence[RowMapping]:
    """Things of all layers that ``actor`` may see, in the one order of list and map.

    What goes on now comes first (soonest to end first), then what comes (soonest first), then what
    has no dates, then what is past (latest first).

    Args:
        keuze: which things.
        limiet: at most so many; None is all.
        vanaf: skip so many.

    Returns:
        Mappings with the columns of ``geo.laag.Ding`` (without geometries) and ``laag``, ``ding``,
        ``kern_naam``, ``kern_slug``, ``op_kaart``, ``groep`` (one of ``GROEPEN``), ``vaak`` (the
        rule of its series in words; NULL stands alone), ``lon`` and ``lat`` (degrees, of the
        marker; NULL without a place).
    """
    dingen = dingen_of(actor, keuze)
    groep = groep_of(dingen, now())
    statement = (
        select(
            *(kolom for kolom in dingen.c if kolom.key not in {"punt", "geom", "hart"}),
            groep.label("groep"),
            vaak_of(dingen),
            func.ST_X(func.ST_Transform(dingen.c.punt, 4326)).label("lon"),
            func.ST_Y(func.ST_Transform(dingen.c.punt, 4326)).label("lat"),
        )
        .order_by(*order_of(dingen, groep))
        .limit(limiet)
        .offset(vanaf)
    )
    return session.execute(statement).mappings().all()


def count_dingen(session: Session, actor: Actor, keuze: DingFilter) -> Telling:
    """How many things ``find_dingen`` finds without a limit."""
    dingen = dingen_of(actor, keuze)
    gevonden, zonder = session.execute(
        select(func.count(), func.count().filter(~dingen.c.op_kaart)).select_from(dingen)
    ).one()
    return Telling(gevonden, zonder)


def count_per_laag(session: Session, actor: Actor, keuze: DingFilter) -> dict[str, int]:
    """How many things of each layer are found; layers that are not asked for count 0."""
    dingen = dingen_of(actor, keuze)
    rows = session.execute(select(dingen.c.laag, func.count()).group_by(dingen.c.laag)).all()
    return {laag.naam: 0 for laag in LAGEN} | {row[0]: row[1] for row in rows}


def dingen_of(actor: Actor, keuze: DingFilter) -> Subquery:
    """The found things as a subquery: what every list, count and group is made of.

    Its columns are those of ``geo.laag.Ding`` with ``laag``, ``ding``, ``kern_naam``,
    ``kern_slug``, ``op_kaart`` and ``hart`` (RD point of its kern).
    """
    arms = [
        _arm(laag, actor, keuze) for laag in LAGEN if not keuze.lagen or laag.naam in keuze.lagen
    ]
    return union_all(*(arms or [_arm(LAGEN[0], actor, keuze).where(false())])).subquery("dingen")


def _arm(laag: Laag, actor: Actor, keuze: DingFilter) -> Select[Any]:
    return (
        select(
            literal_column(f"'{laag.naam}'", String).label("laag"),
            literal_column(f"'{laag.ding}'", String).label("ding"),
            *(cast(column, kind).label(naam) for naam, kind, column in _typed(laag)),
            laag.punt.label("punt"),
            laag.geom.label("geom"),
            Kern.naam.label("kern_naam"),
            Kern.slug.label("kern_slug"),
            Kern.hart.label("hart"),
            laag.geom.is_not(None).label("op_kaart"),
        )
        .select_from(laag.bron.outerjoin(Kern.__table__, laag.kolommen.kern_id == Kern.id))
        .where(laag.visible_to(actor), *_conditions(laag, keuze))
    )


def _typed(laag: Laag) -> Iterable[tuple[str, Any, ColumnElement[Any]]]:
    for naam, kind in TYPES.items():
        yield naam, kind, getattr(laag.kolommen if hasattr(laag.kolommen, naam) else laag, naam)


def _conditions(laag: Laag, keuze: DingFilter) -> Iterable[ColumnElement[bool]]:
    tabel = laag.bron.c
    if keuze.gemeente:
        yield tabel[f"{laag.ding}_gemeente_id"] == (
            select(Gemeente.id).where(Gemeente.code == keuze.gemeente).scalar_subquery()
        )
    if keuze.kern:
        yield _in_kern(laag, Kern.slug == keuze.kern)
    if keuze.kernen:
        yield _in_kern(laag, Kern.slug.in_(keuze.kernen))
    if keuze.soort:
        yield tabel[f"{laag.ding}_soort_code"] == keuze.soort
    if keuze.periode.eerste or keuze.periode.laatste:
        yield laag.tijdens(keuze.periode)
    if keuze.tekst:
        yield text_matches(laag, keuze.tekst)
    if keuze.plek is not None:
        plek = bindparam(None, keuze.plek, type_=RDGeometry())
        yield func.ST_DWithin(laag.geom, plek, keuze.plek_m)
    if keuze.sleutels is not None:
        yield laag.id.in_([key for naam, key in keuze.sleutels if naam == laag.naam])
    if keuze.zonder_plek:
        yield laag.geom.is_(None)
    if keuze.gebied is not None:
        gebied = bindparam(None, keuze.gebied, type_=RDGeometry())
        if keuze.afstand_m:
            binnen = func.ST_DWithin(laag.geom, gebied, keuze.afstand_m)
        else:
            binnen = func.ST_Intersects(laag.geom, gebied)
        yield or_(binnen, and_(laag.geom.is_(None), func.ST_Intersects(Kern.hart, gebied)))


def _in_kern(laag: Laag, kern: ColumnElement[bool]) -> ColumnElement[bool]:
    koppeling = laag.koppeling.c
    return laag.id.in_(
        select(koppeling[f"{laag.ding}_id"])
        .join(Kern.__table__, Kern.id == koppeling.kern_id)
        .where(kern)
    )


def text_matches(laag: Laag, tekst: str) -> ColumnElement[bool]:
    """Whether every word of ``tekst`` stands in title or place, or something much like it.

    Case means nothing; ``%`` and ``_`` mean themselves.
    """
    return and_(true(), *(_word_matches(laag, woord) for woord in tekst.split()))


def _word_matches(laag: Laag, woord: str) -> ColumnElement[bool]:
    staat_er = laag.zoektekst.ilike(_literal(woord))
    if len(woord) < ONGEVEER_VANAF:
        return staat_er
    return or_(staat_er, cast(woord, Text).bool_op("<%")(cast(laag.zoektekst, Text)))


def _literal(woord: str) -> str:
    return "%" + re.sub(r"([%_\\])", r"\\\1", woord) + "%"


def groep_of(dingen: FromClause, moment: datetime) -> ColumnElement[str]:
    """Under which heading a thing stands in the list: one of ``GROEPEN``."""
    c = dingen.c
    volgende_week = _next_monday(moment)
    return case(
        (c.eindigt_op <= moment, "geweest"),
        (and_(c.begint_op.is_(None), c.eindigt_op.is_(None)), "altijd"),
        (or_(c.begint_op.is_(None), c.begint_op <= moment), "nu"),
        (c.begint_op < volgende_week, "week"),
        else_="later",
    )


def order_of(dingen: FromClause, groep: ColumnElement[str]) -> tuple[ColumnElement[Any], ...]:
    """The order of list and map; the same thing always stands at the same place."""
    c = dingen.c
    return (
        case({naam: number for number, naam in enumerate(GROEPEN)}, value=groep),
        case((groep == "nu", c.eindigt_op), (groep == "geweest", null()), else_=c.begint_op)
        .asc()
        .nulls_last(),
        case((groep == "geweest", c.eindigt_op)).desc().nulls_last(),
        c.titel,
        c.laag,
        c.id,
    )


def _next_monday(moment: datetime) -> datetime:
    dag: date = moment.date() + timedelta(days=7 - moment.weekday())
    return datetime(dag.year, dag.month, dag.day, tzinfo=moment.tzinfo)
