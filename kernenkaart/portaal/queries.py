"""What the pages of kernen show: blocks of things, and counts per kern."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import dingen_of, vaak_of
from kernenkaart.tijd import Periode, now
from kernenkaart.werkzaamheden.models import Werkzaamheid

GEDAAN_DAGEN = 60
AF = ("klaar", "gestopt", "ingetrokken")


@dataclass(frozen=True)
class Blok:
    """One block of a kern page: the first rows, and how many there are in all."""

    rijen: list[RowMapping] = field(default_factory=list)
    totaal: int = 0


@dataclass(frozen=True)
class Aantallen:
    """What there is in one kern from today on, per layer."""

    kern_id: int
    naam: str
    slug: str
    soort: str
    omschrijving: str | None
    per_laag: Mapping[str, int]


def find_blokken(session: Session, actor: Actor, slug: str, vandaag: date) -> Mapping[str, Blok]:
    """The blocks of a kern page by name; one statement.

    Returns:
        ``activiteiten`` and ``werkzaamheden`` from today on (soonest first), ``gedaan`` (works
        that ended in the last 60 days and are done, latest first), ``projecten`` that are not
        over (soonest first) and ``initiatieven`` (finished ones last). Rows are those of
        ``lagen.queries.find_dingen`` with ``punt`` and ``geom`` (RD) instead of degrees.
    """
    straks = Periode(vandaag)
    moment = now()
    pas = Periode(vandaag - timedelta(days=GEDAAN_DAGEN), vandaag - timedelta(days=1))
    arms = [
        _arm("activiteiten", _soon, 4, actor, DingFilter(kern=slug, periode=straks)),
        _arm("werkzaamheden", _soon, 5, actor, DingFilter(kern=slug, periode=straks)),
        _arm(
            "gedaan",
            _latest,
            3,
            actor,
            DingFilter(kern=slug, periode=pas, lagen=("werkzaamheden",)),
            tot=moment,
        ),
        _arm("projecten", _soon, 4, actor, DingFilter(kern=slug, periode=straks)),
        _arm("initiatieven", _open, 4, actor, DingFilter(kern=slug)),
    ]
    found: dict[str, Blok] = {
        naam: Blok()
        for naam in ("activiteiten", "werkzaamheden", "gedaan", "projecten", "initiatieven")
    }
    statement = union_all(*arms).subquery()
    for row in session.execute(
        select(statement, vaak_of(statement)).order_by(statement.c.blok, statement.c.plaats)
    ).mappings():
        blok = found[row["blok"]]
        found[row["blok"]] = Blok([*blok.rijen, row], row["totaal"])
    return found


def _arm(
    blok: str,
    order: Any,
    limiet: int,
    actor: Actor,
    keuze: DingFilter,
    *,
    tot: datetime | None = None,
) -> Select[Any]:
    if not keuze.lagen:
        keuze = DingFilter(kern=keuze.kern, periode=keuze.periode, lagen=(blok,))
    dingen = dingen_of(actor, keuze)
    inner = (
        select(
            *(kolom for kolom in dingen.c if kolom.key != "hart"),
            literal(blok).label("blok"),
            func.count().over().label("totaal"),
            func.row_number().over(order_by=order(dingen)).label("plaats"),
        )
        .where(and_(dingen.c.eindigt_op <= tot, dingen.c.status == "klaar") if tot else true())
        .subquery()
    )
    return select(inner).where(inner.c.plaats <= limiet)


def _soon(dingen: Subquery) -> tuple[ColumnElement[Any], ...]:
    c = dingen.c
    return (c.begint_op.asc().nulls_last(), c.titel, c.id)


def _latest(dingen: Subquery) -> tuple[ColumnElement[Any], ...]:
    c = dingen.c
    return (c.eindigt_op.desc(), c.titel, c.id)


def _open(dingen: Subquery) -> tuple[ColumnElement[Any], ...]:
    c = dingen.c
    return (case((c.status.in_(AF), 1), else_=0), c.titel, c.id)


def count_per_kern(
    session: Session,
    actor: Actor,
    *,
    gemeente: str | None = None,
    kern_ids: Sequence[int] | Select[int] | None = None,
    vandaag: date,
) -> list[Aantallen]:
    """How many things each kern has from today on, by name of the kern; one statement.

    A thing in two kernen counts in both, as on the page of each.

    Args:
        gemeente: CBS code; None is every gemeente.
        kern_ids: only these, as keys or as a subquery; None is all.
    """
    if gemeente:
        eigen = select(Kern.id).join(Gemeente).where(Gemeente.code == gemeente)
        kern_ids = eigen if kern_ids is None else eigen.where(Kern.id.in_(kern_ids))
    telling = _counts(actor, kern_ids, vandaag)
    rows = session.execute(
        select(
            Kern.id,
            Kern.naam,
            Kern.slug,
            Kern.soort,
            Kern.omschrijving,
            func.json_object_agg(telling.c.laag, telling.c.aantal)
            .filter(telling.c.laag.is_not(None))
            .label("aantallen"),
        )
        .outerjoin(telling, telling.c.kern_id == Kern.id)
        .where(Kern.id.in_(kern_ids) if kern_ids is not None else true())
        .group_by(Kern.id)
        .order_by(Kern.naam)
    ).all()
    leeg = {laag.naam: 0 for laag in LAGEN}
    return [
        Aantallen(kern_id, naam, slug, soort.value, tekst, leeg | (aantallen or {}))
        for kern_id, naam, slug, soort, tekst, aantallen in rows
    ]


def _counts(actor: Actor, kern_ids: Sequence[int] | Select[int] | None, vandaag: date) -> Subquery:
    arms = []
    for laag in LAGEN:
        koppeling = laag.koppeling.c
        arms.append(
            select(
                koppeling.kern_id.label("kern_id"),
                literal(laag.naam).label("laag"),
                func.count().label("aantal"),
            )
            .select_from(laag.bron.join(laag.koppeling, koppeling[f"{laag.ding}_id"] == laag.id))
            .where(
                laag.visible_to(actor),
                laag.tijdens(Periode(vandaag)),
                koppeling.kern_id.in_(kern_ids) if kern_ids is not None else true(),
            )
            .group_by(koppeling.kern_id)
        )
    return union_all(*arms).subquery()


def last_change_of_works(session: Session) -> datetime | None:
    """When any work was last changed; None when there is none."""
    return session.scalar(select(func.max(Werkzaamheid.updated_at)))
