"""Which kernen there are, who serves them, and when that person can be found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from kernenkaart.errors import NotFound
from kernenkaart.kernen.models import Gemeente, Kern, Spreekuur
from kernenkaart.tijd import WEEKDAGEN, format_tijd
from kernenkaart.toegang.models import Gebruiker, Toewijzing

GRENST_M = 5.0  # boundaries of neighbours may differ a little


@dataclass(frozen=True)
class Uur:
    """A weekly hour.

    Attributes:
        weekdag: 1 is Monday.
        kern: name of the kern it is held in; None when that is not said.
    """

    id: int
    weekdag: int
    van: time
    tot: time
    plek: str
    kern: str | None

    @property
    def tekst(self) -> str:
        """``do 9.00 - 11.00, Dorpshuis Tricht``; a place that names the kern stays as it is."""
        waar = self.plek
        if self.kern and self.kern.lower() not in waar.lower():
            waar = f"{waar} {self.kern}"
        dag = WEEKDAGEN[self.weekdag - 1]
        return f"{dag} {format_tijd(self.van)} - {format_tijd(self.tot)}, {waar}"


@dataclass(frozen=True)
class Makelaar:
    """A gebiedsmakelaar as residents see one: no address."""

    id: int
    naam: str
    telefoon: str | None
    spreekuren: tuple[Uur, ...]


def get_kern(session: Session, slug: str) -> Kern:
    """One kern by the name in its address.

    Raises:
        NotFound: if there is none.
    """
    # PostgreSQL refuses a NUL in any text
    kern = None if "\0" in slug else session.scalar(select(Kern).where(Kern.slug == slug))
    if kern is None:
        raise NotFound("Deze kern bestaat niet. Kies een kern uit de lijst.")
    return kern


def find_kernen(session: Session, gemeente_code: str) -> Sequence[Kern]:
    """All kernen of a gemeente, by name."""
    return session.scalars(
        select(Kern).join(Gemeente).where(Gemeente.code == gemeente_code).order_by(Kern.naam)
    ).all()


def buren_of(kern_id: int, afstand_m: float = GRENST_M, *, zelf: bool = False) -> Select[int]:
    """The keys of the kernen near this one, as a subquery.

    Args:
        afstand_m: greatest distance between the boundaries, in metres; those that touch unless
            said otherwise.
        zelf: whether the kern itself is among them.
    """
    kern, buur = aliased(Kern), aliased(Kern)
    return (
        select(buur.id)
        .join(kern, func.ST_DWithin(kern.grens, buur.grens, afstand_m))
        .where(kern.id == kern_id, true() if zelf else buur.id != kern_id)
    )


def find_makelaars(session: Session, kern_id: int, dag: date) -> Sequence[Makelaar]:
    """Who serves a kern on ``dag``, by name, each with the weekly hours; one statement."""
    return find_makelaars_per_kern(session, [kern_id], dag).get(kern_id, [])


def find_makelaars_per_kern(
    session: Session, kern_ids: Sequence[int], dag: date
) -> dict[int, list[Makelaar]]:
    """Who serves each of these kernen on ``dag``, as ``find_makelaars``; one statement.

    Returns:
        By key of the kern; kernen that nobody serves are left out.
    """
    rows = session.execute(
        select(
            Toewijzing.kern_id,
            Gebruiker.id,
            Gebruiker.naam,
            Gebruiker.telefoon,
            Spreekuur,
            Kern.naam,
        )
        .join(Toewijzing, Toewijzing.gebruiker_id == Gebruiker.id)
        .outerjoin(Spreekuur, Spreekuur.gebruiker_id == Gebruiker.id)
        .outerjoin(Kern, Kern.id == Spreekuur.kern_id)
        .where(
            Toewijzing.kern_id.in_(kern_ids),
            and_(Toewijzing.van <= dag, or_(Toewijzing.tot.is_(None), Toewijzing.tot >= dag)),
            Gebruiker.active,
        )
        .order_by(Gebruiker.naam, Gebruiker.id, Spreekuur.weekdag, Spreekuur.van)
    ).all()
    found: dict[int, dict[int, Makelaar]] = {}
    uren: dict[int, dict[int, Uur]] = {}
    for kern_id, makelaar_id, naam, telefoon, spreekuur, kern in rows:
        van_kern = found.setdefault(kern_id, {})
        van_kern.setdefault(makelaar_id, Makelaar(makelaar_id, naam, telefoon, ()))
        if spreekuur is not None:
            uren.setdefault(makelaar_id, {})[spreekuur.id] = _hour(spreekuur, kern)
    return {
        kern_id: [
            Makelaar(m.id, m.naam, m.telefoon, tuple(uren.get(m.id, {}).values()))
            for m in makelaars.values()
        ]
        for kern_id, makelaars in found.items()
    }


def find_spreekuren(session: Session, gebruiker_id: int) -> Sequence[Uur]:
    """The weekly hours of one gebiedsmakelaar, by day."""
    rows = session.execute(
        select(Spreekuur, Kern.naam)
        .outerjoin(Kern, Kern.id == Spreekuur.kern_id)
        .where(Spreekuur.gebruiker_id == gebruiker_id)
        .order_by(Spreekuur.weekdag, Spreekuur.van)
    )
    return [_hour(spreekuur, kern) for spreekuur, kern in rows]


def _hour(spreekuur: Spreekuur, kern: str | None) -> Uur:
    return Uur(spreekuur.id, spreekuur.weekdag, spreekuur.van, spreekuur.tot, spreekuur.plek, kern)
