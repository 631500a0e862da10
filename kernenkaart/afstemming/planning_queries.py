"""What stands in a planning: works and projects as rows, activities as bands, and the choices."""

from collections.abc import Collection, Iterable, Sequence
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
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.laag import LAAG as ACTIVITEITEN
from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Actor
from kernenkaart.afstemming.planning_vraag import PROJECTEN as ALLEEN_PROJECTEN
from kernenkaart.afstemming.planning_vraag import PlanVraag
from kernenkaart.geo.crs import WGS84
from kernenkaart.geo.laag import Laag
from kernenkaart.kernen.models import Gebied, Gemeente, Kern
from kernenkaart.lagen.queries import text_matches
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.projecten.laag import LAAG as PROJECTEN
from kernenkaart.projecten.models import Project
from kernenkaart.projecten.models import Status as ProjectStatus
from kernenkaart.tijd import Periode
from kernenkaart.werkzaamheden.laag import LAAG as WERKZAAMHEDEN
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid, WerkzaamheidSoort

RIJEN_MAX = 500
BANDEN_MAX = 40
VAAK = 3  # what is more often than this in the period is no news to who plans
VAST = (Status.BEVESTIGD, Status.BEZIG, Status.KLAAR)
ZEEF_M = 2.0  # a line is drawn no finer
GRADEN = 5  # decimals: about 1 m


@dataclass(frozen=True)
class Gevonden:
    """The first things of a planning, and how many there are in all."""

    rijen: Sequence[RowMapping]
    totaal: int


@dataclass(frozen=True)
class Keuzes:
    """What the filters offer: pairs of a value and a name."""

    gebieden: Sequence[tuple[str, str]]
    kernen: Sequence[tuple[str, str]]
    organisaties: Sequence[tuple[str, str]]
    soorten: Sequence[tuple[str, str]]

    def naam_of(self, waar: str) -> str | None:
        """The name of a kern or gebied (``kern.tricht``); None if there is none such."""
        return dict([*self.gebieden, *self.kernen]).get(waar)


def find_rijen(
    session: Session, actor: Actor, vraag: PlanVraag, gemeente: str, *, vormen: bool = True
) -> Gevonden:
    """Works and projects of the period that ``actor`` may see; one statement.

    A work is there when its days do, or the days to which it can move, or those on which one had
    better not dig after it. Dropped works and stopped projects are not, nor projects without days.

    Args:
        gemeente: CBS code.
        vormen: whether the columns for a map are needed.

    Returns:
        The first ``RIJEN_MAX``: works and then projects that go on in the period, by first day and
        title; then works that were finished before it. Mappings with ``ding``, ``id``, ``titel``,
        ``plek``, ``wie``, ``soort``, ``status``, ``hinder``, ``nauwkeurigheid``, ``eerste``,
        ``laatste``, ``vroegst``, ``laatst``, ``duur_dagen``, ``rust_tot`` (the last day on which
        one had better not dig), ``kern_naam``; for the map also ``punt`` (``[lon, lat]``),
        ``vorm`` (GeoJSON of a line or area, else None) and ``kader`` (west, south, east, north).
    """
    arms: list[Select[Any]] = []
    if vraag.soort != ALLEEN_PROJECTEN:
        arms.append(_werken(actor, vraag, gemeente))
    if not vraag.status and vraag.soort in ("", ALLEEN_PROJECTEN):
        arms.append(_projecten(actor, vraag, gemeente))
    if not arms:
        return Gevonden((), 0)
    alle = union_all(*arms).subquery("alle")
    voorbij = func.coalesce(func.coalesce(alle.c.laatst, alle.c.laatste) < vraag.van, False)
    begin = alle.c.eerste.asc().nulls_first()
    volgorde = (voorbij, alle.c.ding.desc(), begin, alle.c.titel, alle.c.id)
    found = (
        select(*alle.c, func.count().over().label("totaal"),
               func.row_number().over(order_by=volgorde).label("nr"))
        .order_by(*volgorde).limit(RIJEN_MAX).subquery("gevonden")
    )  # fmt: skip
    kolommen = [kolom for kolom in found.c if kolom.key not in {"geom", "punt"}]
    statement = select(*kolommen, Kern.naam.label("kern_naam"))
    if vormen:
        statement = statement.add_columns(*_vorm(found))
    rows = session.execute(
        statement.select_from(found)
        .outerjoin(Kern, Kern.id == found.c.kern_id)
        .order_by(found.c.nr)
    ).mappings()
    rijen = rows.all()
    return Gevonden(rijen, rijen[0]["totaal"] if rijen else 0)


def _vorm(found: Subquery) -> Iterable[ColumnElement[Any]]:
    lonlat = func.ST_Transform(func.ST_SimplifyPreserveTopology(found.c.geom, ZEEF_M), WGS84)
    punt = func.ST_Transform(found.c.punt, WGS84)
    yield cast(func.ST_AsGeoJSON(punt, GRADEN), JSON)["coordinates"].label("punt")
    yield case(
        (func.ST_Dimension(found.c.geom) > 0, cast(func.ST_AsGeoJSON(lonlat, GRADEN), JSON))
    ).label("vorm")
    yield func.json_build_array(
        func.ST_XMin(lonlat), func.ST_YMin(lonlat), func.ST_XMax(lonlat), func.ST_YMax(lonlat)
    ).label("kader")


def _werken(actor: Actor, vraag: PlanVraag, gemeente: str) -> Select[Any]:
    w, soort = Werkzaamheid, WerkzaamheidSoort
    rust = case(
        (
            and_(w.status.in_(VAST), soort.moratorium_maanden > 0),
            cast(w.laatste_dag + func.make_interval(0, soort.moratorium_maanden), Date),
        ),
        else_=null(),
    )
    vroegst, laatst = (  # what is finished moves no more
        case((w.status != Status.KLAAR, kolom), else_=null()) for kolom in (w.vroegst, w.laatst)
    )
    van, tot = func.coalesce(vroegst, w.eerste_dag), func.coalesce(laatst, w.laatste_dag)
    statement = _arm(
        WERKZAAMHEDEN,
        hinder=cast(w.hinder, String),
        nauwkeurigheid=cast(w.nauwkeurigheid, String),
        duur_dagen=w.duur_dagen,
        eerste=w.eerste_dag,
        laatste=w.laatste_dag,
        vroegst=vroegst,
        laatst=laatst,
        rust_tot=rust,
    ).where(
        w.status != Status.VERVALLEN,
        _shares_day(van, func.greatest(tot, rust), vraag.periode),
        *_conditions(WERKZAAMHEDEN, actor, vraag, gemeente),
    )
    if vraag.soort:
        statement = statement.where(soort.code == vraag.soort)
    if vraag.status:
        statement = statement.where(w.status == Status(vraag.status))
    return statement


def _projecten(actor: Actor, vraag: PlanVraag, gemeente: str) -> Select[Any]:
    p = Project
    return _arm(
        PROJECTEN,
        hinder=cast(null(), String),
        nauwkeurigheid=literal("maand"),
        duur_dagen=cast(null(), Integer),
        eerste=p.eerste_dag,
        laatste=p.laatste_dag,
        vroegst=cast(null(), Date),
        laatst=cast(null(), Date),
        rust_tot=cast(null(), Date),
    ).where(
        p.status != ProjectStatus.GESTOPT,
        or_(p.eerste_dag.is_not(None), p.laatste_dag.is_not(None)),
        PROJECTEN.tijdens(vraag.periode),
        *_conditions(PROJECTEN, actor, vraag, gemeente),
    )


def _arm(laag: Laag, **dagen: Any) -> Select[Any]:
    kolommen = laag.kolommen
    return select(
        literal(laag.ding, literal_execute=True).label("ding"),
        laag.id.label("id"),
        cast(kolommen.titel, String).label("titel"),
        cast(kolommen.plek, String).label("plek"),
        cast(kolommen.wie, String).label("wie"),
        cast(kolommen.soort, String).label("soort"),
        kolommen.status.label("status"),
        kolommen.kern_id.label("kern_id"),
        *(kolom.label(naam) for naam, kolom in dagen.items()),
        laag.geom.label("geom"),
        laag.punt.label("punt"),
    ).select_from(laag.bron)


def _shares_day(
    eerste: ColumnElement[date], laatste: ColumnElement[date], periode: Periode
) -> ColumnElement[bool]:
    return and_(laatste >= cast(periode.eerste, Date), eerste <= cast(periode.laatste, Date))


def _conditions(
    laag: Laag, actor: Actor, vraag: PlanVraag, gemeente: str
) -> Iterable[ColumnElement[bool]]:
    yield laag.visible_to(actor)
    yield from _where(laag, vraag, gemeente)
    if vraag.organisatie is not None:
        yield laag.bron.c[f"{laag.ding}_organisatie_id"] == vraag.organisatie
    if vraag.q:
        yield text_matches(laag, vraag.q)


def _where(laag: Laag, vraag: PlanVraag, gemeente: str) -> Iterable[ColumnElement[bool]]:
    yield laag.bron.c[f"{laag.ding}_gemeente_id"] == (
        select(Gemeente.id).where(Gemeente.code == gemeente).scalar_subquery()
    )
    koppeling = laag.koppeling.c
    in_kern = select(koppeling[f"{laag.ding}_id"]).join(
        Kern.__table__, Kern.id == koppeling.kern_id
    )
    if vraag.kern is not None:
        yield laag.id.in_(in_kern.where(Kern.slug == vraag.kern))
    elif vraag.gebied_id is not None:
        yield laag.id.in_(in_kern.where(Kern.gebied_id == vraag.gebied_id))


def find_banden(
    session: Session,
    actor: Actor,
    vraag: PlanVraag,
    gemeente: str,
    ook: Collection[int] = (),
) -> Sequence[RowMapping]:
    """Activities outdoors in the period, but those that come back all the time; one statement.

    What is in a hall is in nobody's way, and what is there more than ``VAAK`` times in the period
    is no news to who plans. Of many the longest count. Of a whole gemeente there are too many:
    then only those in ``ook``.

    Args:
        ook: keys of activities that are there in any case.

    Returns:
        At most ``BANDEN_MAX``, by begin. Mappings with ``id``, ``titel``, ``begint_op``,
        ``eindigt_op``, ``hele_dag``, ``eerste`` and ``laatste`` (its days), ``status``, ``plek``,
        ``wie``, ``kern_naam``, ``punt`` (``[lon, lat]`` or None) and ``totaal`` (of all).
    """
    if not vraag.waar and not ook:
        return ()
    c = _outdoors(actor, vraag, gemeente, ook).c
    grootste = (
        select(*c, func.count().over().label("totaal"))
        .where(or_(c.keren <= VAAK, c.ook))
        .order_by(c.ook.desc(), (c.eindigt_op - c.begint_op).desc(), c.begint_op, c.id)
        .limit(BANDEN_MAX)
        .subquery("grootste")
    )
    c = grootste.c
    klok = [func.timezone("Europe/Amsterdam", moment) for moment in (c.begint_op, c.eindigt_op)]
    laatste = cast(klok[1] - literal_column("interval '1 microsecond'"), Date)
    statement = (
        select(
            *(kolom for kolom in c if kolom.key not in {"punt", "keren", "ook"}),
            cast(klok[0], Date).label("eerste"),
            laatste.label("laatste"),
            Kern.naam.label("kern_naam"),
            cast(func.ST_AsGeoJSON(func.ST_Transform(c.punt, WGS84), GRADEN), JSON)[
                "coordinates"
            ].label("punt"),
        )
        .select_from(grootste)
        .outerjoin(Kern, Kern.id == c.kern_id)
        .order_by(c.begint_op, c.id)
    )
    return session.execute(statement).mappings().all()


def _outdoors(actor: Actor, vraag: PlanVraag, gemeente: str, ook: Collection[int]) -> Subquery:
    """Activities that may become bands, with how often each is there in the period."""
    a = Activiteit
    in_elk_geval = a.id.in_(sorted(ook))
    telt = func.count().over(partition_by=func.coalesce(a.reeks_id, -a.id))
    return (
        select(
            a.id, a.titel, a.begint_op, a.eindigt_op, a.hele_dag, a.plek_naam.label("plek"),
            a.kern_id, a.punt, cast(a.status, String).label("status"),
            cast(ACTIVITEITEN.kolommen.wie, String).label("wie"), telt.label("keren"),
            in_elk_geval.label("ook"),
        )
        .select_from(ACTIVITEITEN.bron)
        .where(
            ACTIVITEITEN.visible_to(actor),
            a.status.in_((ActiviteitStatus.VERWACHT, ActiviteitStatus.GEPUBLICEERD)),
            or_(in_elk_geval, and_(a.zaal_id.is_(None), literal(bool(vraag.waar)))),
            ACTIVITEITEN.tijdens(vraag.periode),
            *_where(ACTIVITEITEN, vraag, gemeente),
        )
        .subquery("alle")
    )  # fmt: skip


def find_keuzes(session: Session, gemeente: str) -> Keuzes:
    """What the filters offer in a gemeente (CBS code); one statement."""
    eigen = select(Gemeente.id).where(Gemeente.code == gemeente).scalar_subquery()

    def arm(lijst: str, waarde: Any, naam: Any, volgorde: Any) -> Select[*tuple[Any, ...]]:
        return select(
            literal(lijst, literal_execute=True).label("lijst"),
            cast(waarde, String).label("waarde"),
            cast(naam, String).label("naam"),
            cast(volgorde, Integer).label("volgorde"),
        )

    soort = WerkzaamheidSoort
    alle = union_all(
        arm("gebieden", func.concat("gebied.", Gebied.id), Gebied.naam, 0).where(
            Gebied.gemeente_id == eigen
        ),
        arm("kernen", func.concat("kern.", Kern.slug), Kern.naam, 0).where(
            Kern.gemeente_id == eigen
        ),
        arm("organisaties", Organisatie.id, Organisatie.naam, 0),
        arm("soorten", soort.code, soort.naam, soort.volgorde).where(soort.actief),
    ).subquery("alle")
    found: dict[str, list[tuple[str, str]]] = {
        naam: [] for naam in ("gebieden", "kernen", "organisaties", "soorten")
    }
    for row in session.execute(select(alle).order_by(alle.c.volgorde, alle.c.naam)):
        found[row.lijst].append((row.waarde, row.naam))
    return Keuzes(**found)
