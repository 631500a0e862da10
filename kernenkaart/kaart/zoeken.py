"""What the search bar means: a kern, a street or address, or words to look for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.kaart.geocoder import Geocoder, Plek, certain, fitting
from kernenkaart.kaart.queries import find_hinderregels
from kernenkaart.lagen.filter import DingFilter, Vraag
from kernenkaart.lagen.keuzes import Keuzes
from kernenkaart.lagen.queries import find_dingen
from kernenkaart.tijd import Periode
from kernenkaart.web.dingen import Rij, to_rij
from kernenkaart.werkzaamheden.models import Hinderregel, Werkzaamheid

DICHTBIJ_M = 250.0
ANTWOORD_MAX = 5  # works told at the top; all of them stand in the list


@dataclass(frozen=True)
class Gezocht:
    """What was understood.

    Attributes:
        keuze: the filter on things.
        naam: what was looked for, as it is called.
        plek: the street or address around which is looked.
        plekken: several streets that it may be.
        kern: slug of the kern that the words name.
    """

    keuze: DingFilter
    naam: str = ""
    plek: Plek | None = None
    plekken: tuple[Plek, ...] = ()
    kern: str | None = None


@dataclass(frozen=True)
class Werk:
    """A work in the way.

    Attributes:
        rij: the work.
        afstand_m: from the place that was asked about; None without such a place.
        zinnen: who can and cannot pass.
    """

    rij: Rij
    afstand_m: float | None
    zinnen: tuple[str, ...]


@dataclass(frozen=True)
class Antwoord:
    """Is my street open on that day?

    Attributes:
        naam: the street, or the words that were typed.
        dag: which day.
        werken: what is in the way; empty is nothing known.
        meer: how many more.
        plek: whether it is about a known place and what lies within ``DICHTBIJ_M`` of it.
    """

    naam: str
    dag: date
    werken: tuple[Werk, ...]
    meer: int
    plek: bool


def understand(
    vraag: Vraag, keuzes: Keuzes, geocoder: Geocoder, vandaag: date, gemeente: str | None
) -> Gezocht:
    """What a question asks for: own kernen first, then streets and addresses, else words."""
    keuze = vraag.to_filter(vandaag, gemeente)
    if not vraag.q:
        return Gezocht(keuze, kern=vraag.kern or None)
    namen = {slug: naam for slug, naam, _kader in keuzes.kernen}
    slug, rest = _split_kern(vraag, namen)
    if slug and not rest:
        return Gezocht(replace(keuze, kern=slug), kern=slug)
    tekst = f"{rest} {namen[slug]}" if slug else vraag.q
    plekken = fitting(tekst, geocoder.find(tekst))
    if plek := certain(tekst, plekken):
        return Gezocht(
            replace(keuze, plek=plek.punt, plek_m=DICHTBIJ_M),
            naam=plek.naam,
            plek=plek,
            kern=vraag.kern or None,
        )
    return Gezocht(
        replace(keuze, tekst=rest, kern=slug or keuze.kern),
        naam=f"{rest}, {namen[slug]}" if slug else rest,
        plekken=plekken,
        kern=slug or vraag.kern or None,
    )


def _split_kern(vraag: Vraag, namen: Mapping[str, str]) -> tuple[str, str]:
    """The kern that is chosen or named at the end of the words, and the words without it.

    A word of four letters or more that begins the name of one kern only names that kern.
    """
    if vraag.kern:
        naam = namen.get(vraag.kern, "")
        rest = _without(vraag.q, naam) if naam else vraag.q
        return (vraag.kern if naam else ""), rest
    for slug, naam in namen.items():
        rest = _without(vraag.q, naam)
        if rest != vraag.q:
            return slug, rest
    begin = vraag.q.casefold()
    found = [slug for slug, naam in namen.items() if naam.casefold().startswith(begin)]
    if len(begin) >= 4 and len(found) == 1:
        return found[0], ""
    return "", vraag.q


def _without(tekst: str, naam: str) -> str:
    """``tekst`` without the name at its end."""
    if not tekst.casefold().endswith(naam.casefold()):
        return tekst
    rest = tekst[: len(tekst) - len(naam)]
    return rest.rstrip(" ,") if not rest or rest[-1] in " ," else tekst


def find_antwoord(session: Session, actor: Actor, gezocht: Gezocht, dag: date) -> Antwoord | None:
    """The works in the way on ``dag``; None when no street was asked about.

    Up to three statements.
    """
    if not gezocht.plek and not gezocht.keuze.tekst:
        return None
    keuze = replace(
        gezocht.keuze,
        lagen=("werkzaamheden",),
        soort=None,
        periode=Periode(dag, dag),
        gebied=None,
        zonder_plek=False,
    )
    dingen = find_dingen(session, actor, keuze)
    dingen = [ding for ding in dingen if ding["status"] not in ("klaar", "vervallen", "uitgesteld")]
    if not gezocht.plek and not dingen:
        return None
    ids = [ding["id"] for ding in dingen[:ANTWOORD_MAX]]
    regels = find_hinderregels(session, ids) if ids else {}
    afstanden = _distances(session, gezocht.plek, ids) if ids and gezocht.plek else {}
    werken = (
        Werk(
            rij=to_rij(ding),
            afstand_m=afstanden.get(ding["id"]),
            zinnen=zinnen_of(regels.get(ding["id"], ())),
        )
        for ding in dingen[:ANTWOORD_MAX]
    )
    return Antwoord(
        naam=gezocht.naam,
        dag=dag,
        werken=tuple(werken),
        meer=max(0, len(dingen) - ANTWOORD_MAX),
        plek=gezocht.plek is not None,
    )


def zinnen_of(regels: Sequence[Hinderregel]) -> tuple[str, ...]:
    """The lines of a hinder table as sentences that say who they are about."""
    return tuple(
        regel.tekst if regel.tekst.startswith(regel.wie) else f"{regel.wie}: {regel.tekst}"
        for regel in regels
    )


def _distances(session: Session, plek: Plek, ids: Sequence[int]) -> dict[int, float]:
    punt = bindparam(None, plek.punt, type_=RDGeometry("POINT"))
    rows = session.execute(
        select(Werkzaamheid.id, func.ST_Distance(Werkzaamheid.geom, punt)).where(
            Werkzaamheid.id.in_(ids)
        )
    )
    return {row[0]: row[1] for row in rows}
