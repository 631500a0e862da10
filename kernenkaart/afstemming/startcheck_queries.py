"""What somebody must know who goes to work in a kern: who is there, who is told, what else runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Float, Select, bindparam, column, func, select, union_all
from sqlalchemy.orm import Session, contains_eager

from kernenkaart.actor import Actor
from kernenkaart.afstemming.startcheck_open import Open, find_open
from kernenkaart.afstemming.startcheck_regels import (
    GroepInKern,
    TeInformeren,
    deadline,
    startcheck_regels,
    who_to_inform,
)
from kernenkaart.errors import NotFound
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.queries import Makelaar, find_makelaars_per_kern
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import find_dingen
from kernenkaart.platforms.models import Platform, PlatformKern, PlatformSoort
from kernenkaart.platforms.policy import visible_to as platform_visible_to
from kernenkaart.tijd import Periode
from kernenkaart.werkzaamheden.models import Hinder, Werkzaamheid
from kernenkaart.werkzaamheden.policy import visible_to as werk_visible_to

OOK_LAGEN = ("werkzaamheden", "activiteiten", "projecten")
OOK_MAX = 60


@dataclass(frozen=True)
class Vraag:
    """Where, when and what work.

    Attributes:
        titel: what it is about; empty takes the kind and the kernen.
        vormen: RD geometries (valid): where the work is, then what it closes and its detour.
        kern_id: a kern that was named: then it is about that one, whatever its boundary touches.
        soort: code of the kind of work.
        eerste_dag: included, as ``laatste_dag``.
        werkzaamheid_id: the work it is about.
    """

    titel: str
    vormen: tuple[BaseGeometry, ...]
    soort_id: int
    soort: str
    soort_naam: str
    hinder: Hinder
    eerste_dag: date
    laatste_dag: date
    kern_id: int | None = None
    werkzaamheid_id: int | None = None

    @property
    def periode(self) -> Periode:
        """Its days."""
        return Periode(self.eerste_dag, self.laatste_dag)


@dataclass(frozen=True)
class GeraakteKern:
    """A kern, the share of the area that lies in it (0 to 1), and who serves it."""

    id: int
    naam: str
    slug: str
    aandeel: float
    makelaars: tuple[Makelaar, ...] = ()


@dataclass(frozen=True)
class Lijn:
    """Somebody who has to know, once, with the kernen it is for.

    Attributes:
        uiterlijk: the last day on which telling is early enough.
        groep_id: of the first row of a check that was kept; None of one that was not.
        bereikbaar: whether the kernenkaart can send it a message.
    """

    wie: str
    kernen: tuple[str, ...]
    platform_id: int | None
    weken: int
    uiterlijk: date
    advies: str
    bereikbaar: bool = False
    groep_id: int | None = None
    geinformeerd_op: date | None = None
    hoe: str | None = None

    def is_late(self, vandaag: date) -> bool:
        """Whether it was told too late, or should have been told by now and was not."""
        return (self.geinformeerd_op or vandaag) > self.uiterlijk


@dataclass(frozen=True)
class Uitkomst:
    """The answer to a question.

    Attributes:
        te_informeren: per kern, as it would be kept.
        lijnen: the same, each once.
        zonder_groep: names of the kernen of which no group is known.
        ook: what else there is then, mappings as ``lagen.queries.find_dingen``.
        meer: whether there is more than ``ook`` names.
        open: what still has to be decided about these things, or about the work itself.
    """

    kernen: tuple[GeraakteKern, ...]
    te_informeren: tuple[TeInformeren, ...]
    lijnen: tuple[Lijn, ...]
    zonder_groep: tuple[str, ...]
    ook: Sequence[Any]
    meer: bool
    open: Sequence[Open]


def find_uitkomst(session: Session, actor: Actor, vraag: Vraag, dag: date) -> Uitkomst:
    """Which kernen are touched, who serves them, who has to know, and what else there is then.

    Five statements.

    Args:
        dag: who serves a kern on this day.
    """
    geraakt = find_geraakt(session, vraag)
    kern_ids = [kern.id for kern in geraakt]
    makelaars = find_makelaars_per_kern(session, kern_ids, dag)
    kernen = tuple(
        GeraakteKern(k.id, k.naam, k.slug, k.aandeel, tuple(makelaars.get(k.id, ())))
        for k in geraakt
    )
    groepen = find_groepen_in(session, actor, kern_ids)
    te_informeren = who_to_inform(
        startcheck_regels().regels,
        soort=vraag.soort,
        hinder=vraag.hinder,
        kern_ids=kern_ids,
        groepen=groepen,
    )
    met_groep = {groep.kern_id for groep in groepen}
    ook = find_ook(session, actor, vraag, kernen)
    return Uitkomst(
        kernen,
        tuple(te_informeren),
        to_lijnen(te_informeren, kernen, groepen, vraag.eerste_dag),
        tuple(kern.naam for kern in kernen if kern.id not in met_groep),
        ook[:OOK_MAX],
        meer=len(ook) > OOK_MAX,
        open=_find_open(session, actor, vraag, ook),
    )


def find_geraakt(session: Session, vraag: Vraag) -> list[GeraakteKern]:
    """The kernen of a question, largest share first; a named kern is the only one."""
    if vraag.kern_id is not None:
        kern = session.get_one(Kern, vraag.kern_id)
        return [GeraakteKern(kern.id, kern.naam, kern.slug, 1.0)]
    delen = [_shares_of(vorm) for vorm in vraag.vormen]
    deel = union_all(*delen).subquery("deel")
    aandeel = func.max(deel.c.aandeel).label("aandeel")
    rows = session.execute(
        select(Kern.id, Kern.naam, Kern.slug, aandeel)
        .join(deel, deel.c.kern_id == Kern.id)
        .group_by(Kern.id)
        .order_by(aandeel.desc(), Kern.id)
    )
    return [GeraakteKern(row.id, row.naam, row.slug, row.aandeel) for row in rows]


def _shares_of(vorm: BaseGeometry) -> Select[Any]:
    shares = func.kern_aandelen(bindparam(None, vorm, type_=RDGeometry())).table_valued(
        column("kern_id"), column("aandeel", Float)
    )
    return select(shares.c.kern_id, shares.c.aandeel)


def find_groepen_in(session: Session, actor: Actor, kern_ids: Sequence[int]) -> list[GroepInKern]:
    """The active groups in these kernen that ``actor`` may see, by kind and then by name."""
    rows = session.execute(
        select(
            PlatformKern.kern_id,
            Platform.id,
            Platform.naam,
            PlatformSoort.code,
            Platform.contact_email.is_not(None).label("bereikbaar"),
        )
        .join(Platform, Platform.id == PlatformKern.platform_id)
        .join(PlatformSoort, PlatformSoort.id == Platform.soort_id)
        .where(PlatformKern.kern_id.in_(kern_ids), Platform.actief, platform_visible_to(actor))
        .order_by(PlatformSoort.volgorde, Platform.naam, PlatformKern.kern_id)
    )
    return [GroepInKern(r.kern_id, r.id, r.naam, r.code, r.bereikbaar) for r in rows]


def find_ook(
    session: Session, actor: Actor, vraag: Vraag, kernen: Sequence[GeraakteKern]
) -> Sequence[Any]:
    """What else there is in those days: in the named kern, else near the place; one too many."""
    if vraag.kern_id is not None:
        keuze = DingFilter(lagen=OOK_LAGEN, periode=vraag.periode, kern=kernen[0].slug)
    else:
        keuze = DingFilter(
            lagen=OOK_LAGEN,
            periode=vraag.periode,
            gebied=vraag.vormen[0],
            afstand_m=startcheck_regels().buurt_m,
        )
    rows = find_dingen(session, actor, keuze, limiet=OOK_MAX + 2)
    zelf = ("werkzaamheden", vraag.werkzaamheid_id)
    return [row for row in rows if (row["laag"], row["id"]) != zelf]


def _find_open(session: Session, actor: Actor, vraag: Vraag, ook: Sequence[Any]) -> Sequence[Open]:
    ids: dict[str, set[int]] = {laag: set() for laag in OOK_LAGEN}
    for row in ook:
        ids[row["laag"]].add(row["id"])
    if vraag.werkzaamheid_id is not None:
        ids["werkzaamheden"] = {vraag.werkzaamheid_id}  # of what is near there may be very many
        ids["activiteiten"] = set()
    return find_open(
        session, actor, werk_ids=ids["werkzaamheden"], activiteit_ids=ids["activiteiten"]
    )


def to_lijnen(
    te_informeren: Iterable[TeInformeren],
    kernen: Sequence[GeraakteKern],
    groepen: Iterable[GroepInKern],
    eerste_dag: date,
) -> tuple[Lijn, ...]:
    """Who has to know, each once with all its kernen, earliest first."""
    naam = {kern.id: kern.naam for kern in kernen}
    bereikbaar = {groep.platform_id for groep in groepen if groep.bereikbaar}
    op_wie = sorted(te_informeren, key=lambda een: een.wie)
    lijnen = []
    for wie, zelfde in groupby(op_wie, key=lambda een: een.wie):
        delen = list(zelfde)
        een = max(delen, key=lambda deel: deel.weken)
        lijnen.append(
            Lijn(
                wie,
                tuple(naam[deel.kern_id] for deel in delen),
                een.platform_id,
                een.weken,
                deadline(eerste_dag, een.weken),
                een.hoe,
                bereikbaar=een.platform_id in bereikbaar,
            )
        )
    return tuple(sorted(lijnen, key=by_urgency))


def by_urgency(lijn: Lijn) -> tuple[Any, ...]:
    """The order of a list: the earliest first, groups before others, by name."""
    return (-lijn.weken, lijn.platform_id is None, lijn.wie)


def get_werk(session: Session, actor: Actor, werkzaamheid_id: int) -> Werkzaamheid:
    """A work with its kind.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    werk = session.scalar(
        select(Werkzaamheid)
        .join(Werkzaamheid.soort)
        .where(Werkzaamheid.id == werkzaamheid_id, werk_visible_to(actor))
        .options(contains_eager(Werkzaamheid.soort))
    )
    if werk is None:
        raise NotFound("Dit werk bestaat niet (meer).")
    return werk


def vraag_of(werk: Werkzaamheid) -> Vraag:
    """The question that a work asks: its place, what it closes and its detour, in its days."""
    vormen = (werk.geom, werk.hinder_geom, werk.omleiding_geom)
    return Vraag(
        titel=werk.titel,
        vormen=tuple(vorm for vorm in vormen if vorm is not None),
        soort_id=werk.soort_id,
        soort=werk.soort.code,
        soort_naam=werk.soort.naam,
        hinder=werk.hinder,
        eerste_dag=werk.eerste_dag,
        laatste_dag=werk.laatste_dag,
        werkzaamheid_id=werk.id,
    )
