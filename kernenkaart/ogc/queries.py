"""The statements behind items: one per answer, GeoJSON made by the database.

A statement is compiled once per ``Vorm``: which conditions a question has, never their values.

The things of a page are found in one of two ways. Where a place leaves few, its index finds them
and they are sorted; where it leaves many, walking along the key fills a page sooner. How many there
are, only the data know: the first way stops at ``RUIM``, and then the second is taken, in the same
statement. A generic plan cannot make that choice, so it is written down.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Float,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    Subquery,
    Text,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from kernenkaart.actor import BEZOEKER
from kernenkaart.geo.crs import RD
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.kernen.models import Kern
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.lagen.feature import feature_text
from kernenkaart.lagen.versie import versie_of
from kernenkaart.lezen import to_text
from kernenkaart.ogc.cql2.queryables import equals
from kernenkaart.ogc.crs import BY_URI
from kernenkaart.tijd import Periode

LAAG_VAN = {laag.naam: laag for laag in OPEN_LAGEN}
RUIM = 50_000
STAP_GRADEN = 0.01  # a parallel bends away less than 2 cm from a straight line of this length
STAP_M = 1000.0

MOMENT = DateTime(timezone=True)


@dataclass(frozen=True)
class Vorm:
    """The shape of a question for items.

    Attributes:
        laag: name of the layer.
        crs: URI of the system of the answer.
        vak_srid: system of the box; 0 without a box.
        met_plek: whether any place will do: the box holds all that RD reaches.
        nabij: whether a kern and a distance are given.
        tijd: whether a period is given.
        velden: names of the properties whose value is given, sorted.
    """

    laag: str
    crs: str
    vak_srid: int = 0
    met_plek: bool = False
    nabij: bool = False
    tijd: bool = False
    velden: tuple[str, ...] = ()


class _Gevraagd:
    """The period of a question, as ``Periode`` but with values that are bound later."""

    begin = bindparam("begin", type_=MOMENT, required=True)
    einde = bindparam("einde", type_=MOMENT, required=True)
    eerste = bindparam("eerste", type_=Date, required=True)
    laatste = bindparam("laatste", type_=Date, required=True)


GEVRAAGD = cast(Periode, _Gevraagd)


@lru_cache(maxsize=512)
def items_text(vorm: Vorm) -> str:
    """The statement for a page of items, as text for ``Lezer``.

    It asks for ``na`` (key after which the page begins), ``limiet``, and what ``vorm`` says:
    ``vak`` (WKT), ``nabij`` and ``afstand`` (m), ``begin``, ``einde``, ``eerste`` and ``laatste``,
    and ``eq_<naam>`` for each property. It answers with one row: version of the layer, how many
    things, the key after which the next page begins (NULL on the last), the things as text with
    commas (NULL without), and whether the kern that was named exists.
    """
    return to_text(items_statement(vorm, None))


@dataclass(frozen=True)
class Gefilterd:
    """The shape of a question with a filter of the asker's own; two of one text are the same.

    Attributes:
        vorm: the rest of the question.
        tekst: of the condition; its values are bound, so it says the shape only.
        filter_: the condition itself.
    """

    vorm: Vorm
    tekst: str
    filter_: ColumnElement[bool] = field(compare=False)


def filtered_text(vorm: Vorm, filter_: ColumnElement[bool]) -> str:
    """``items_text`` with one more condition, over ``OpenLaag.bron``, its values bound later too.

    A program asks the same shape again and again, with other values: the last few are kept.
    """
    return _filtered_text(Gefilterd(vorm, to_text(filter_), filter_))


@lru_cache(maxsize=64)
def _filtered_text(vraag: Gefilterd) -> str:
    return to_text(items_statement(vraag.vorm, vraag.filter_))


def items_statement(vorm: Vorm, filter_: ColumnElement[bool] | None) -> Select[Any]:
    """The statement of ``items_text``, with one more condition.

    Args:
        filter_: over ``OpenLaag.bron``; its values are bound later too.
    """
    laag = LAAG_VAN[vorm.laag]
    plek = list(_place(laag, vorm))
    rest = [laag.visible_to(BEZOEKER), laag.id > bindparam("na", type_=Integer, required=True)]
    tijd = [laag.tijdens(GEVRAAGD)] if vorm.tijd else []
    rest += [laag.geom.is_not(None)] if vorm.met_plek else []
    rest += [equals(laag, vorm.velden)] if vorm.velden else []
    rest += [filter_] if filter_ is not None else []
    bladzij = _page(laag, plek, tijd, rest).cte("bladzij")
    return _features(laag, vorm, bladzij)


def item_statement(laag: OpenLaag, crs_uri: str) -> Select[Any]:
    """One thing by its key, bound as ``id``: version of the layer, and its text (NULL without)."""
    thing = (
        select(_feature(laag, crs_uri))
        .select_from(laag.bron)
        .where(laag.id == bindparam("id", type_=Integer, required=True), laag.visible_to(BEZOEKER))
    )
    return select(versie_of(laag), thing.scalar_subquery())


@lru_cache(maxsize=64)
def item_text(laag: str, crs_uri: str) -> str:
    """``item_statement`` as text for ``Lezer``."""
    return to_text(item_statement(LAAG_VAN[laag], crs_uri))


def _place(laag: OpenLaag, vorm: Vorm) -> Iterator[ColumnElement[bool]]:
    if vorm.vak_srid:
        wkt = bindparam("vak", type_=Text, required=True)
        vak: Any = func.ST_GeomFromText(wkt, vorm.vak_srid)
        if vorm.vak_srid != RD:
            stap = STAP_GRADEN if vorm.vak_srid == 4258 else STAP_M
            vak = func.ST_Transform(func.ST_Segmentize(vak, stap), RD)
        een_keer = select(vak.label("vak")).cte("vak").prefix_with("MATERIALIZED")
        yield func.ST_Intersects(laag.geom, select(een_keer.c.vak).scalar_subquery())
    if vorm.nabij:
        afstand = bindparam("afstand", type_=Float, required=True)
        kern = _named_kern(Kern.grens)
        yield func.ST_DWithin(laag.geom, kern, afstand)


def _named_kern(kolom: Any) -> ScalarSelect[Any]:
    kern = Kern.__table__.alias("nabije_kern")
    slug = bindparam("nabij", type_=Text, required=True)
    return select(kern.c[kolom.key]).where(kern.c.slug == slug).scalar_subquery()


def _page(
    laag: OpenLaag,
    plek: list[ColumnElement[bool]],
    tijd: list[ColumnElement[bool]],
    rest: list[ColumnElement[bool]],
) -> Select[Any]:
    """The keys of one page and of the thing after it."""
    bron = smallest(laag, (*plek, *tijd, *rest))
    limiet = bindparam("limiet", type_=Integer, required=True) + 1
    sleutels: Select[Any] = select(laag.id.label("id")).select_from(bron).where(*rest)
    if not plek:
        return sleutels.where(*tijd).order_by(laag.id).limit(limiet)
    gevonden = sleutels.where(*plek, *tijd).limit(RUIM).cte("gevonden").prefix_with("MATERIALIZED")
    aantal = select(func.count()).select_from(gevonden).scalar_subquery()
    weinig = select(gevonden.c.id).where(aantal < RUIM).order_by(gevonden.c.id).limit(limiet)
    gewogen = (conditie.is_(true()) for conditie in (*plek, *tijd))  # IS TRUE: no index answers it
    veel = sleutels.where(*gewogen).where(aantal == RUIM).order_by(laag.id).limit(limiet)
    arms = (weinig.subquery("weinig"), veel.subquery("veel"))
    return select(union_all(*(select(arm.c.id) for arm in arms)).subquery().c.id)


def smallest(laag: OpenLaag, conditions: Iterable[SQLColumnExpression[Any]]) -> FromClause:
    """The table of the layer alone where the conditions need no other: every row has its kind."""
    eigen = laag.id.table  # type: ignore[attr-defined]
    gevraagd = {column.table.name for c in conditions for column in _columns(c)}
    return eigen if gevraagd <= {eigen.name} else laag.bron


def _columns(condition: SQLColumnExpression[Any]) -> Iterator[Any]:
    """The columns a condition asks of the rows themselves; not those inside a subquery."""
    stack: list[Any] = [condition]
    while stack:
        node = stack.pop()
        if getattr(node, "table", None) is not None:
            yield node
        elif not isinstance(node, (ScalarSelect, Subquery)):
            stack.extend(node.get_children())


def _feature(laag: OpenLaag, crs_uri: str) -> ColumnElement[str]:
    crs = BY_URI[crs_uri]
    return feature_text(laag, cast(ColumnElement[Any], crs.geom(laag)), crs.cijfers)


def _features(laag: OpenLaag, vorm: Vorm, bladzij: Any) -> Select[Any]:
    """The page as one row, without the thing after it."""
    limiet = bindparam("limiet", type_=Integer, required=True)
    einde = select(case((func.count() > limiet, func.max(bladzij.c.id))).label("id"))
    na_bladzij = einde.select_from(bladzij).cte("na_bladzij").prefix_with("MATERIALIZED")
    volgende = select(na_bladzij.c.id).scalar_subquery()
    dingen = (
        select(laag.id.label("id"), _feature(laag, vorm.crs).label("tekst"))
        .select_from(laag.bron.join(bladzij, bladzij.c.id == laag.id))
        .where(or_(volgende.is_(None), laag.id < volgende))
        .subquery("dingen")
    )
    tekst = func.string_agg(
        dingen.c.tekst, aggregate_order_by(literal_column("','"), dingen.c.id), type_=Text
    )
    kern = _named_kern(Kern.id).is_not(None) if vorm.nabij else true()
    return select(
        versie_of(laag),
        func.count(),
        case((volgende.is_not(None), func.max(dingen.c.id))),
        tekst,
        kern,
    ).select_from(dingen)
