"""What goes on where two works close something, in all the days to which they can be moved."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Float,
    Integer,
    Row,
    Select,
    and_,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.activiteiten.policy import visible_to
from kernenkaart.actor import Actor
from kernenkaart.afstemming.botsing_models import Botsing, Klasse
from kernenkaart.afstemming.botsing_regels import (
    BotsingRegels,
    Geweest,
    botsing_regels,
    days_of,
    find_usual,
    name_of,
)
from kernenkaart.afstemming.botsing_zoek import KOMT, VAK_GEOM
from kernenkaart.afstemming.koppel_models import Kant, Koppelkans
from kernenkaart.afstemming.koppel_regels import Werk
from kernenkaart.afstemming.koppel_venster import Beletsel, Venster, find_venster, to_plan
from kernenkaart.tijd import AMSTERDAM, Periode
from kernenkaart.werkzaamheden.models import Hinder, Werkzaamheid, WerkzaamheidFase

GEWEEST = ActiviteitStatus.GEPUBLICEERD


def find_beletsels(
    session: Session,
    actor: Actor,
    werken: Mapping[Kant, Werk],
    regels: BotsingRegels,
    vandaag: date,
) -> list[Beletsel]:
    """The activities that may stand in the way of these works as the botsingswacht sees it.

    Those in the calendar that ``actor`` may see, and those that one may expect from years before
    and nobody entered. Of those to which the only way in is closed, the ones that clash as the
    works are planned now. One statement.
    """
    plannen = [to_plan(werk, vandaag) for werk in werken.values()]
    ruim = timedelta(days=regels.andere_tijd_dagen + 1)
    ruimte = Periode(
        max(vandaag, min(werk.vroegst for werk in plannen) - ruim),
        max(vandaag, max(werk.laatst for werk in plannen) + ruim),
    )
    rows = session.execute(_statement(actor, werken, regels, ruimte, vandaag)).all()
    kant_van = {werk.id: kant for kant, werk in werken.items()}
    rond = [row for row in rows if row.werk_id is not None]
    return [
        *(_known(row, kant_van[row.werk_id], regels) for row in rond if row.komt),
        *_usual(rows, kant_van, regels, ruimte, vandaag),
    ]


def find_best(session: Session, actor: Actor, kans: Koppelkans, vandaag: date) -> Venster | None:
    """The best days for both works of a pair; None when it cannot be done at once.

    At most one statement.
    """
    if not (kans.past and kans.samen_dagen and kans.a_id and kans.b_id):
        return None
    werken = {kant: Werk.from_json(kans.invoer[kant]) for kant in Kant}
    regels = botsing_regels()
    beletsels = find_beletsels(session, actor, werken, regels, vandaag)
    return find_venster(werken, beletsels, vandaag, regels.andere_tijd_dagen)


def _statement(
    actor: Actor,
    werken: Mapping[Kant, Werk],
    regels: BotsingRegels,
    ruimte: Periode,
    vandaag: date,
) -> CompoundSelect[Any]:
    terug = vandaag.replace(year=vandaag.year - regels.gebruikelijk_terug_jaar, day=1)
    geweest = and_(
        Activiteit.status == GEWEEST,
        Activiteit.eindigt_op < Periode(vandaag, vandaag).begin,
        Activiteit.begint_op >= Periode(terug, terug).begin,
    )
    komt = and_(
        Activiteit.status.in_(KOMT),
        visible_to(actor),
        func.tstzrange(Activiteit.begint_op, Activiteit.eindigt_op).op("&&")(
            func.tstzrange(ruimte.begin, ruimte.einde)
        ),
    )
    rond = _rond([werk.id for werk in werken.values()], regels, komt, geweest)
    return union_all(select(rond), _entered(rond, ruimte, vandaag))


def _rond(
    werk_ids: Sequence[int],
    regels: BotsingRegels,
    komt: ColumnElement[bool],
    geweest: ColumnElement[bool],
) -> CTE:
    """Near what these works close, each phase its own place; or cut off by them as planned."""
    near = func.ST_DWithin(VAK_GEOM, Activiteit.geom, regels.dichtbij_m)
    vakken = (
        select(
            Werkzaamheid.id.label("werk_id"),
            func.coalesce(WerkzaamheidFase.volgorde, 0).label("nummer"),
            (WerkzaamheidFase.eerste_dag - Werkzaamheid.eerste_dag).label("van"),
            (WerkzaamheidFase.laatste_dag - Werkzaamheid.eerste_dag).label("tot"),
            func.ST_Distance(VAK_GEOM, Activiteit.geom, type_=Float).label("afstand_m"),
            komt.label("komt"),
            geweest.label("geweest"),
            *_columns(),
        )
        .select_from(Werkzaamheid)
        .outerjoin(WerkzaamheidFase, WerkzaamheidFase.werkzaamheid_id == Werkzaamheid.id)
        .where(Werkzaamheid.id.in_(werk_ids), Werkzaamheid.hinder != Hinder.GEEN)
    )
    afgesneden = and_(
        Botsing.werkzaamheid_id == Werkzaamheid.id,
        Botsing.klasse == Klasse.TOEGANG,
        Botsing.actueel,
    )
    return union_all(
        vakken.join(Activiteit, near).where(or_(komt, geweest)),
        vakken.join(Botsing, afgesneden)
        .join(Activiteit, Activiteit.id == Botsing.activiteit_id)
        .where(komt, ~near),
    ).cte("rond")


def _entered(rond: CTE, ruimte: Periode, vandaag: date) -> Select[Any]:
    """All that the groups of what was there enter for these years, whatever became of it."""
    if ruimte.laatste is None:
        raise ValueError("both ends must be known")
    begin, eind = date(vandaag.year, 1, 1), date(ruimte.laatste.year, 12, 31)
    return select(
        null().cast(Integer),
        null().cast(Integer),
        null().cast(Integer),
        null().cast(Integer),
        null().cast(Float),
        literal(False),
        literal(False),
        *_columns(),
    ).where(
        Activiteit.platform_id.in_(select(rond.c.platform_id).where(rond.c.geweest)),
        Activiteit.begint_op >= Periode(begin, begin).begin,
        Activiteit.begint_op < Periode(eind, eind).einde,
    )


def _columns() -> tuple[ColumnElement[Any], ...]:
    return (
        Activiteit.id.label("activiteit_id"),
        Activiteit.platform_id.label("platform_id"),
        Activiteit.titel.label("titel"),
        Activiteit.begint_op.label("begint_op"),
        Activiteit.eindigt_op.label("eindigt_op"),
        Activiteit.status.label("status"),
    )


def _known(row: Row[Any], kant: Kant, regels: BotsingRegels) -> Beletsel:
    dagen = days_of(row.begint_op, row.eindigt_op)
    return _beletsel(row, kant, regels, dagen, zeker=row.status is not ActiviteitStatus.VERWACHT)


def _beletsel(
    row: Row[Any], kant: Kant, regels: BotsingRegels, dagen: Periode, *, zeker: bool
) -> Beletsel:
    return Beletsel(
        kant=kant,
        activiteit_id=row.activiteit_id,
        titel=row.titel,
        dagen=dagen,
        zelfde_plek=row.afstand_m <= regels.zelfde_plek_m,
        zeker=zeker,
        deel=None if row.van is None else (row.van, row.tot),
    )


def _usual(
    rows: Sequence[Row[Any]],
    kant_van: Mapping[int, Kant],
    regels: BotsingRegels,
    ruimte: Periode,
    vandaag: date,
) -> Iterable[Beletsel]:
    """What was there in years before and nobody entered for the year that it is about."""
    if ruimte.laatste is None:
        raise ValueError("both ends must be known")
    vakken: dict[tuple[int, int], list[Row[Any]]] = {}
    for row in rows:
        if row.geweest:
            vakken.setdefault((row.werk_id, row.nummer), []).append(row)
    for jaar in range(vandaag.year, ruimte.laatste.year + 1):
        entered = {
            (row.platform_id, name_of(row.titel))
            for row in rows
            if row.werk_id is None and row.begint_op.astimezone(AMSTERDAM).year == jaar
        }
        for (werk_id, _), geweest in vakken.items():
            per_id = {row.activiteit_id: row for row in geweest}
            for een in find_usual([_been(row) for row in geweest], jaar, regels):
                known = (een.vorige.platform_id, name_of(een.vorige.titel)) in entered
                if not known and een.dagen.laatste and een.dagen.laatste >= vandaag:
                    row = per_id[een.vorige.id]
                    yield _beletsel(row, kant_van[werk_id], regels, een.dagen, zeker=False)


def _been(row: Row[Any]) -> Geweest:
    dagen = days_of(row.begint_op, row.eindigt_op)
    return Geweest(row.activiteit_id, row.platform_id, row.titel, dagen)
