"""What stands in the calendar: activities and works by day, sorted out by the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    RowMapping,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.laag import LAAG as ACTIVITEITEN
from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Doelgroep
from kernenkaart.actor import Actor
from kernenkaart.db import SoortKolommen
from kernenkaart.geo.laag import Laag
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.kernen.queries import buren_of
from kernenkaart.lagen.queries import text_matches
from kernenkaart.periode import Nauwkeurigheid
from kernenkaart.platforms.models import Platform, PlatformKern, PlatformSoort, Zichtbaarheid
from kernenkaart.tijd import Periode
from kernenkaart.werkzaamheden.laag import LAAG as WERKZAAMHEDEN
from kernenkaart.werkzaamheden.models import Werkzaamheid

AFGELAST, INGETROKKEN = "afgelast", "ingetrokken"
OP_DE_DAG = (Nauwkeurigheid.DAG, Nauwkeurigheid.WEEK)
MAANDAG = 1  # ISO 8601
NACHT_UUR = 6  # what ends before it stands on the evening that it began, as ``tijd`` writes it


@dataclass(frozen=True)
class Kiezing:
    """Which things stand in a calendar.

    Attributes:
        gemeente: CBS code.
        kern_id: one kern; None is all of the gemeente.
        buren_m: also activities of kernen within so many metres of its boundary; 0 is none of them.
        werk: works too.
        soort: code of a kind of activity; works have none of these, so they stay out.
        doelgroep: code of a public; likewise.
        tekst: words that stand in title or place.
    """

    gemeente: str
    kern_id: int | None = None
    buren_m: float = 0.0
    werk: bool = True
    soort: str = ""
    doelgroep: str = ""
    tekst: str = ""


def find_per_dag(
    session: Session, actor: Actor, keuze: Kiezing, periode: Periode, *, limiet: int
) -> Sequence[RowMapping]:
    """Things on every day of ``periode`` that they go on, at most ``limiet`` of a day.

    One statement, whatever there is. A thing that ends at midnight or in the night after stands on
    the day before. A work goes on for weeks: among several days it stands on its first and then
    on each Monday.

    Args:
        periode: with a first and a last day; both included.

    Returns:
        Mappings with ``laag``, ``id``, ``titel``, ``begint_op``, ``eindigt_op``, ``hele_dag``,
        ``status``, ``hinder``, ``plek``, ``kern_naam``, ``eigen`` (of the kern itself), ``eerste``
        and ``laatste`` (its days), ``dag``, and of that day ``totaal`` (all things),
        ``activiteiten`` (the kern's own) and ``gaan_door`` (those not called off); by day, and
        within it what is the kern's own first, then activities before works.
    """
    dingen = _things(actor, keuze, periode)
    begin = func.greatest(dingen.c.eerste, _date(periode.eerste))
    eind = func.least(dingen.c.laatste, _date(periode.laatste))
    later = func.generate_series(0, eind - begin)  # none when it ends before it begins
    dagen = select(*dingen.c, (begin + later).label("dag")).subquery("dagen")
    if periode.eerste != periode.laatste:
        opnieuw = or_(dagen.c.dag == dagen.c.eerste, func.extract("isodow", dagen.c.dag) == MAANDAG)
        dagen = (
            select(*dagen.c)
            .where(or_(dagen.c.laag == ACTIVITEITEN.naam, opnieuw))
            .subquery("getoond")
        )
    return _numbered(session, dagen, dagen.c.dag, limiet)


def find_per_maand(
    session: Session, actor: Actor, keuze: Kiezing, periode: Periode, *, limiet: int
) -> Sequence[RowMapping]:
    """Things of ``periode``, each once: on its first day in it, at most ``limiet`` in a month.

    One statement; the columns are those of ``find_per_dag``, with the numbers of the month.
    """
    dingen = _things(actor, keuze, periode)
    dag = func.greatest(dingen.c.eerste, _date(periode.eerste))
    dagen = (
        select(*dingen.c, dag.label("dag"))
        .where(dingen.c.laatste >= _date(periode.eerste), dingen.c.eerste <= _date(periode.laatste))
        .subquery("dagen")
    )
    return _numbered(session, dagen, func.date_trunc("month", dagen.c.dag), limiet)


def _numbered(
    session: Session, dagen: Subquery, groep: ColumnElement[Any], limiet: int
) -> Sequence[RowMapping]:
    telt, af = and_(dagen.c.eigen, dagen.c.laag == ACTIVITEITEN.naam), dagen.c.status == AFGELAST
    order = (
        dagen.c.eigen.desc(),
        dagen.c.laag,
        dagen.c.dag,
        dagen.c.begint_op,
        dagen.c.titel,
        dagen.c.id,
    )
    found = select(
        *dagen.c,
        func.count().over(partition_by=groep).label("totaal"),
        func.count().filter(telt).over(partition_by=groep).label("activiteiten"),
        func.count().filter(telt, ~af).over(partition_by=groep).label("gaan_door"),
        func.row_number().over(partition_by=groep, order_by=order).label("nummer"),
    ).subquery("genummerd")
    statement = (
        select(*(kolom for kolom in found.c if kolom.key != "nummer"), Kern.naam.label("kern_naam"))
        .outerjoin(Kern, Kern.id == found.c.kern_id)
        .where(found.c.nummer <= limiet)
        .order_by(found.c.dag, found.c.nummer)
    )
    return session.execute(statement).mappings().all()


def _things(actor: Actor, keuze: Kiezing, periode: Periode) -> Subquery:
    arms = [_arm(ACTIVITEITEN, actor, keuze, periode)]
    if keuze.werk and not keuze.soort and not keuze.doelgroep:
        arms.append(_arm(WERKZAAMHEDEN, actor, keuze, periode))
    dingen = union_all(*arms).subquery("dingen")
    c = dingen.c
    begin, eind = (func.timezone("Europe/Amsterdam", m) for m in (c.begint_op, c.eindigt_op))
    klok = select(*c, begin.label("begin"), eind.label("eind")).offset(0).subquery("klok")
    c = klok.c
    nacht = and_(
        ~c.hele_dag,
        c.eindigt_op - c.begint_op < literal_column("interval '24 hours'"),
        func.extract("hour", c.eind) < NACHT_UUR,
    )
    laatste = cast(c.eind - literal_column("interval '1 microsecond'"), Date)
    eerste = cast(c.begin, Date)
    return (
        select(
            *(kolom for kolom in c if kolom.key not in {"begin", "eind"}),
            eerste.label("eerste"),
            case((nacht, eerste), else_=laatste).label("laatste"),
        )
        .offset(0)  # so that each clock is read once, not for every use
        .subquery("met_dagen")
    )


def _arm(laag: Laag, actor: Actor, keuze: Kiezing, periode: Periode) -> Select[Any]:
    kolommen = laag.kolommen
    # what is known to the month or the season is on no day of a calendar
    op_de_dag = Werkzaamheid.nauwkeurigheid.in_(OP_DE_DAG) if laag is WERKZAAMHEDEN else true()
    columns: list[ColumnElement[Any]] = [
        literal(laag.naam, literal_execute=True).label("laag"),
        laag.id.label("id"),
        cast(kolommen.titel, String).label("titel"),
        laag.begint_op.label("begint_op"),
        laag.eindigt_op.label("eindigt_op"),
        kolommen.hele_dag.label("hele_dag"),
        kolommen.status.label("status"),
        cast(kolommen.hinder, String).label("hinder"),
        kolommen.plek.label("plek"),
        cast(kolommen.kern_id, Integer).label("kern_id"),
        _own(laag, keuze).label("eigen"),
    ]
    return (
        select(*columns)
        .select_from(laag.bron)
        .where(
            laag.visible_to(actor),
            kolommen.status != INGETROKKEN,  # its own platform may see it, but not here
            laag.tijdens(periode),
            op_de_dag,
            *_conditions(laag, keuze),
        )
    )


def _own(laag: Laag, keuze: Kiezing) -> ColumnElement[bool]:
    if keuze.kern_id is None:
        return true()
    return laag.id.in_(_linked(laag, [keuze.kern_id]))


def _linked(laag: Laag, kern_ids: Any) -> Select[Any]:
    koppeling = laag.koppeling.c
    return select(koppeling[f"{laag.ding}_id"]).where(koppeling.kern_id.in_(kern_ids))


def _conditions(laag: Laag, keuze: Kiezing) -> Iterable[ColumnElement[bool]]:
    if keuze.kern_id is None:
        yield laag.bron.c[f"{laag.ding}_gemeente_id"] == (
            select(Gemeente.id).where(Gemeente.code == keuze.gemeente).scalar_subquery()
        )
    elif keuze.buren_m and laag is ACTIVITEITEN:  # roadworks elsewhere are in nobody's way
        yield laag.id.in_(_linked(laag, buren_of(keuze.kern_id, keuze.buren_m, zelf=True)))
    else:
        yield _own(laag, keuze)
    if keuze.soort:
        yield laag.soort == keuze.soort
    if keuze.doelgroep:
        yield Activiteit.doelgroep_id.in_(
            select(Doelgroep.id).where(Doelgroep.code == keuze.doelgroep)
        )
    if keuze.tekst:
        yield text_matches(laag, keuze.tekst)


def _date(dag: date | None) -> ColumnElement[date]:
    return cast(dag, Date)


def find_keuzes(session: Session) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The kinds of activity and the publics to choose from: code and name; one statement."""
    lijsten: tuple[type[SoortKolommen], ...] = (ActiviteitSoort, Doelgroep)
    arms = [
        select(
            literal(number, literal_execute=True).label("lijst"),
            soort.code.label("code"),
            cast(soort.naam, String).label("naam"),
            soort.volgorde.label("volgorde"),
        ).where(soort.actief)
        for number, soort in enumerate(lijsten)
    ]
    alle = union_all(*arms).subquery()
    found: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    for row in session.execute(select(alle).order_by(alle.c.volgorde, alle.c.naam)):
        found[row.lijst].append((row.code, row.naam))
    return found


def find_kernen(session: Session, gemeente: str) -> list[tuple[str, str]]:
    """Slug and name of every kern of a gemeente (CBS code), by name."""
    rows = session.execute(
        select(Kern.slug, Kern.naam)
        .join(Gemeente)
        .where(Gemeente.code == gemeente)
        .order_by(Kern.naam)
    )
    return [(row.slug, row.naam) for row in rows]


def find_houder(session: Session, kern_id: int) -> str | None:
    """The name of who keeps the calendar of a kern: its first public dorpsraad or other platform.

    None when there is no group that everybody may know.
    """
    return session.scalar(
        select(Platform.naam)
        .join(PlatformSoort)
        .join(PlatformKern, PlatformKern.platform_id == Platform.id)
        .where(
            PlatformKern.kern_id == kern_id,
            Platform.actief,
            Platform.zichtbaarheid == Zichtbaarheid.OPENBAAR,
        )
        .order_by(PlatformSoort.volgorde, Platform.naam)
        .limit(1)
    )
