"""Pairs of works that could be one, and what was decided: for who plans, and for everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, case, func, or_, select, text
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from kernenkaart.actor import Actor
from kernenkaart.afstemming.koppel_models import Kant, Keuze, Koppelbesluit, Koppelkans
from kernenkaart.afstemming.koppel_policy import outcome_is_public, visible_to
from kernenkaart.afstemming.koppel_regels import chains
from kernenkaart.errors import NotFound
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.werkzaamheden.models import Werkzaamheid, WerkzaamheidKern

MAX = 200
KETEN_MAX = 40
STANDEN = {"open": "Nog te beslissen", "opnieuw": "Opnieuw bekijken", "besloten": "Besloten"}
A, B = aliased(Werkzaamheid, name="wa"), aliased(Werkzaamheid, name="wb")
_tot = [func.coalesce(werk.laatst, werk.laatste_dag) for werk in (A, B)]
_schuift = case(
    (Koppelkans.schuift == Kant.A, A.organisatie_id), (Koppelkans.schuift == Kant.B,
                                                       B.organisatie_id)
)  # fmt: skip


@dataclass(frozen=True)
class Vraag:
    """Which pairs somebody wants to see; what is empty does not matter.

    Attributes:
        stand: a key of ``STANDEN``.
        waar: ``kern.tricht`` or ``gebied.3``.
        organisatie: with a work of this one.
        schuift: of which this organisation moves first.
    """

    stand: str = "open"
    waar: str = ""
    organisatie: int | None = None
    schuift: int | None = None

    @classmethod
    def from_args(cls, args: Any) -> Self:
        """Read it from an address; nonsense counts as empty."""
        stand = args.get("stand", "open")
        return cls(
            stand=stand if stand in STANDEN else "open",
            waar=args.get("waar", ""),
            organisatie=_number(args.get("organisatie", "")),
            schuift=_number(args.get("schuift", "")),
        )

    def to_args(self) -> dict[str, str]:
        """What stands in the address; ``from_args`` reads it."""
        values = {"stand": self.stand if self.stand != "open" else "", "waar": self.waar,
                  "organisatie": self.organisatie, "schuift": self.schuift}  # fmt: skip
        return {naam: str(waarde) for naam, waarde in values.items() if waarde}


@dataclass(frozen=True)
class Aantal:
    """How many pairs wait for an organisation to move."""

    organisatie_id: int
    naam: str
    aantal: int


def find_kansen(
    session: Session, actor: Actor, vraag: Vraag, gemeente: str, vandaag: date
) -> tuple[Sequence[Koppelkans], int]:
    """Pairs that ``actor`` may see with both works, the highest score first; one statement.

    Args:
        gemeente: CBS code.

    Returns:
        The first ``MAX``, and how many there are.
    """
    statement = _pairs(actor, vraag, gemeente, vandaag).add_columns(
        func.count().over().label("totaal")
    )
    rows = session.execute(
        statement.options(
            *(
                contains_eager(kant.of_type(werk)).joinedload(deel)
                for kant, werk in ((Koppelkans.a, A), (Koppelkans.b, B))
                for deel in (werk.organisatie, werk.soort, werk.kern)
            )
        )
        .order_by(Koppelkans.score.desc(), Koppelkans.bespaard_dagen.desc(), Koppelkans.id)
        .limit(MAX)
    ).all()
    return [row[0] for row in rows], rows[0].totaal if rows else 0


def count_movers(
    session: Session, actor: Actor, vraag: Vraag, gemeente: str, vandaag: date
) -> Sequence[Aantal]:
    """How many of these pairs wait for whom to move, most first; one statement."""
    paren = (
        _pairs(actor, vraag, gemeente, vandaag)
        .with_only_columns(_schuift.label("organisatie_id"))
        .subquery()
    )
    aantal = func.count()
    rows = session.execute(
        select(Organisatie.id, Organisatie.naam, aantal)
        .join(paren, paren.c.organisatie_id == Organisatie.id)
        .group_by(Organisatie.id, Organisatie.naam)
        .order_by(aantal.desc(), Organisatie.naam)
    )
    return [Aantal(*row) for row in rows]


def get_kans(session: Session, actor: Actor, koppelkans_id: int) -> Koppelkans:
    """One pair with its works, their organisation, kind and kern; one statement.

    Raises:
        NotFound: if it is not there for ``actor``.
    """
    found = session.scalar(
        select(Koppelkans)
        .where(Koppelkans.id == koppelkans_id, visible_to(actor))
        .options(
            *(
                joinedload(kant).joinedload(deel)
                for kant in (Koppelkans.a, Koppelkans.b)
                for deel in (Werkzaamheid.organisatie, Werkzaamheid.soort, Werkzaamheid.kern)
            )
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("Deze koppelkans bestaat niet (meer). Misschien is een datum verschoven.")
    return found


def find_besluiten(session: Session, koppelkans_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was decided about a pair, the last first; with the name of who did and for whom."""
    return session.execute(
        select(Koppelbesluit, Gebruiker.naam.label("wie"), Organisatie.naam.label("organisatie"))
        .outerjoin(Gebruiker, Gebruiker.id == Koppelbesluit.gebruiker_id)
        .outerjoin(Organisatie, Organisatie.id == Koppelbesluit.organisatie_id)
        .where(Koppelbesluit.koppelkans_id == koppelkans_id)
        .order_by(Koppelbesluit.nummer.desc())
    ).all()


_KETEN = text(
    """
    WITH RECURSIVE keten AS (
        SELECT unnest(CAST(:ids AS integer[])) AS werk_id
        UNION
        SELECT CASE WHEN k.a_id = l.werk_id THEN k.b_id ELSE k.a_id END
        FROM keten l JOIN koppelkans k ON l.werk_id IN (k.a_id, k.b_id)
        WHERE k.past AND k.samen_dagen > 0 AND k.keuze IS DISTINCT FROM 'niet'
            AND k.a_id IS NOT NULL AND k.b_id IS NOT NULL
    )
    SELECT werk_id FROM (SELECT werk_id FROM keten LIMIT :hoogstens) k
    """
)


def find_keten(session: Session, actor: Actor, kans: Koppelkans) -> Sequence[Koppelkans]:
    """The other pairs that hang together with this one, by score; one statement.

    Works hang together that may be done at once, directly or through others in between; a pair
    that was refused is no link.
    """
    ids = [werk_id for werk_id in (kans.a_id, kans.b_id) if werk_id is not None]
    keten = _KETEN.bindparams(ids=ids, hoogstens=KETEN_MAX).columns(werk_id=Integer)
    leden = select(keten.cte("leden").c.werk_id)
    return session.scalars(
        select(Koppelkans)
        .where(
            visible_to(actor),
            Koppelkans.past,
            Koppelkans.samen_dagen > 0,
            Koppelkans.id != kans.id,
            Koppelkans.a_id.in_(leden),
            Koppelkans.b_id.in_(leden),
        )
        .options(joinedload(Koppelkans.a), joinedload(Koppelkans.b))
        .order_by(Koppelkans.score.desc(), Koppelkans.id)
        .limit(KETEN_MAX)
    ).all()


@dataclass(frozen=True)
class Gecombineerd:
    """Two public works that are done together, and what that saves."""

    a: Werkzaamheid
    b: Werkzaamheid
    besluit: Koppelbesluit

    @property
    def dagen(self) -> tuple[int, int]:
        """How many days each takes, as it was when it was decided."""
        stand = self.besluit.stand
        return stand[Kant.A]["duur"], stand[Kant.B]["duur"]

    def other(self, werkzaamheid_id: int) -> Werkzaamheid:
        """The one that this work is done together with."""
        return self.b if self.a.id == werkzaamheid_id else self.a


def find_gecombineerd(
    session: Session,
    *,
    kern_id: int | None = None,
    vanaf: date | None = None,
) -> list[Gecombineerd]:
    """What is combined as everybody may know it, the greatest saving first; one statement.

    Args:
        kern_id: with a work in this kern.
        vanaf: of which one of both works is not over before this day.
    """
    statement = (
        select(Koppelkans, Koppelbesluit)
        .join(A, Koppelkans.a_id == A.id)
        .join(B, Koppelkans.b_id == B.id)
        .join(
            Koppelbesluit,
            and_(
                Koppelbesluit.koppelkans_id == Koppelkans.id,
                Koppelbesluit.nummer == Koppelkans.besluiten,
            ),
        )
        .where(Koppelkans.keuze == Keuze.COMBINEREN, Koppelkans.past, outcome_is_public())
        .options(contains_eager(Koppelkans.a.of_type(A)), contains_eager(Koppelkans.b.of_type(B)))
        .order_by(Koppelbesluit.bespaard_dagen.desc(), Koppelkans.id)
        .limit(20)
    )
    if kern_id is not None:
        hier = select(WerkzaamheidKern.werkzaamheid_id).where(WerkzaamheidKern.kern_id == kern_id)
        statement = statement.where(or_(Koppelkans.a_id.in_(hier), Koppelkans.b_id.in_(hier)))
    if vanaf is not None:
        statement = statement.where(func.greatest(A.laatste_dag, B.laatste_dag) >= vanaf)
    return [
        Gecombineerd(a, b, besluit)
        for kans, besluit in session.execute(statement)
        if (a := kans.a) and (b := kans.b)
    ]


def chains_of(kansen: Iterable[Koppelkans]) -> dict[int, int]:
    """In how many works each work of these pairs hangs together, where that is more than two.

    Only pairs that fit at once count.
    """
    paren = [(k.a_id, k.b_id) for k in kansen if k.a_id and k.b_id and k.samen_dagen]
    return {werk_id: len(leden) for leden in chains(paren) for werk_id in leden}


def _pairs(actor: Actor, vraag: Vraag, gemeente: str, vandaag: date) -> Select[Any]:
    eigen = select(Gemeente.id).where(Gemeente.code == gemeente).scalar_subquery()
    return (
        select(Koppelkans)
        .outerjoin(A, Koppelkans.a_id == A.id)
        .outerjoin(B, Koppelkans.b_id == B.id)
        .where(
            visible_to(actor),
            or_(A.gemeente_id == eigen, B.gemeente_id == eigen),
            *_conditions(vraag, vandaag),
        )
    )


def _conditions(vraag: Vraag, vandaag: date) -> Iterable[ColumnElement[bool]]:
    match vraag.stand:
        case "open":  # and still to be done something about
            yield is_open(vandaag)
        case "opnieuw":
            yield Koppelkans.opnieuw.is_(True)
        case _:
            yield Koppelkans.keuze.is_not(None)
    if vraag.waar:
        soort, _, sleutel = vraag.waar.partition(".")
        hier = select(WerkzaamheidKern.werkzaamheid_id).join(
            Kern, Kern.id == WerkzaamheidKern.kern_id
        )
        hier = hier.where(
            Kern.slug == sleutel if soort == "kern" else Kern.gebied_id == (_number(sleutel) or 0)
        )
        yield or_(Koppelkans.a_id.in_(hier), Koppelkans.b_id.in_(hier))
    if vraag.organisatie is not None:
        yield or_(A.organisatie_id == vraag.organisatie, B.organisatie_id == vraag.organisatie)
    if vraag.schuift is not None:
        yield _schuift == vraag.schuift


def is_open(vandaag: date) -> ColumnElement[bool]:
    """Nothing was decided and something can still be done about it; needs ``A`` and ``B``."""
    return and_(
        Koppelkans.keuze.is_(None),
        func.greatest(*_tot) >= vandaag,
        or_(func.least(*_tot) >= vandaag, Koppelkans.moratorium_tot.is_not(None)),
    )


def _number(tekst: str) -> int | None:
    return int(tekst) if tekst.isdecimal() and len(tekst) < 10 else None
