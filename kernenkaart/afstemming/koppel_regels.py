"""What two works are to each other: pure functions, from stored values to a judgement.

Days are dates, both ends included. Everything is symmetric: a pair is judged the same whichever
work is named first, and wherever in the country and whenever it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Self

from kernenkaart.afstemming.koppel_models import Kant
from kernenkaart.afstemming.regels import KoppelRegels
from kernenkaart.werkzaamheden.models import Diepte, Status

# statuses of works that may still be planned together
PLANBAAR = (
    Status.NOG_NIET_ZEKER,
    Status.VERWACHT,
    Status.BEVESTIGD,
    Status.BEZIG,
    Status.UITGESTELD,
)
VAST = {
    Status.UITGESTELD: 0,
    Status.NOG_NIET_ZEKER: 0,
    Status.VERWACHT: 1,
    Status.BEVESTIGD: 2,
    Status.BEZIG: 3,
    Status.KLAAR: 4,
}
OPENT = frozenset({Diepte.VERHARDING, Diepte.KABELS, Diepte.RIOOL})  # these open the street
GRAAFT = frozenset({Diepte.KABELS, Diepte.RIOOL})
_Volgt = tuple[Kant | None, date | None]  # who goes first, until when the surface is fresh
_DAGEN = ("eerste", "laatste", "vroegst", "laatst")


@dataclass(frozen=True)
class Werk:
    """A work, as far as it is judged.

    Attributes:
        eerste: with ``laatste`` the best known days.
        vroegst: with ``laatst`` the days between which it can be moved.
        duur: days that it takes, at most as many as lie between those.
        hinder: whether it is in anybody's way.
        straat: the name of its place; empty without.
        moratorium_maanden: so long after it the street had better stay closed.
    """

    id: int
    soort: str
    diepte: Diepte
    status: Status
    eerste: date
    laatste: date
    vroegst: date
    laatst: date
    duur: int
    hinder: bool
    straat: str = ""
    moratorium_maanden: int = 0

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self) | {naam: getattr(self, naam).isoformat() for naam in _DAGEN}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What ``to_json`` made."""
        return cls(
            **dict(stored)
            | {naam: date.fromisoformat(stored[naam]) for naam in _DAGEN}
            | {"diepte": Diepte(stored["diepte"]), "status": Status(stored["status"])}
        )

    @property
    def ruimte(self) -> int:
        """So many days it can be moved."""
        return (self.laatst - self.vroegst).days + 1 - self.duur


@dataclass(frozen=True)
class Oordeel:
    """What two works are to each other; the fields are those of ``Koppelkans``."""

    afstand_m: float
    samen_dagen: int
    tussen_dagen: int
    bespaard_dagen: int
    score: int
    eerst: Kant | None
    schuift: Kant | None
    venster_van: date
    venster_tot: date
    moratorium_tot: date | None
    redenen: list[dict[str, Any]]


def assess(a: Werk, b: Werk, afstand_m: float, regels: KoppelRegels) -> Oordeel | None:
    """What ``a`` and ``b`` are to each other; None when they have nothing to do with each other.

    The score is a weighted sum, see ``score_of``. What is saved: works that both are in the way
    are so on ``duur`` + ``duur`` days one after the other; at once it is as many days less as they
    share.

    Args:
        a: the one with the lower key; ``Kant.A`` in what comes out.
        afstand_m: distance between both places in metres, rounded to centimetres.
    """
    if a.id > b.id:
        a, b = b, a
    begin, eind = max(a.vroegst, b.vroegst), min(a.laatst, b.laatst)
    deel = max(0, (eind - begin).days + 1)
    tussen = max(0, (begin - eind).days - 1)
    bereik = regels.reach(a.diepte, b.diepte)
    kans = (
        afstand_m <= bereik
        and tussen <= regels.tussen_dagen
        and a.status in PLANBAAR
        and b.status in PLANBAAR
    )
    rust = moratorium(a, b) if afstand_m <= regels.moratorium_m else None
    if not kans and rust is None:
        return None
    samen = min(a.duur, b.duur, deel)
    bespaard = samen if a.hinder and b.hinder else 0
    eerst = _first(a, b, regels)
    return Oordeel(
        afstand_m=afstand_m,
        samen_dagen=samen,
        tussen_dagen=tussen,
        bespaard_dagen=bespaard,
        score=score_of((a, b), afstand_m, samen, bespaard, regels),
        eerst=eerst,
        schuift=_mover(a, b, samen),
        venster_van=min(begin, eind),
        venster_tot=max(begin, eind),
        moratorium_tot=rust,
        redenen=list(_reasons(a, b, (samen, tussen, bespaard), afstand_m, (eerst, rust))),
    )


def score_of(
    paar: tuple[Werk, Werk], afstand_m: float, samen: int, bespaard: int, regels: KoppelRegels
) -> int:
    """From 0 to 100: each part from 0 to 1 times its weight, together rounded.

    place: 1 at the same place, 0 at the greatest distance. time: the part of the shorter work that
    can be done at once. layers: 1 when both open the street in another layer, a half in the same
    one, else 0. hinder: what is saved of the hinder of the shorter one.
    """
    a, b = paar
    bereik, kortste = regels.reach(a.diepte, b.diepte), min(a.duur, b.duur)
    plek = 1 - min(1.0, afstand_m / bereik) if bereik else float(afstand_m == 0)
    lagen = 0.5 if a.diepte is b.diepte else float({a.diepte, b.diepte} <= OPENT)
    weegt = regels.gewicht
    return round(
        weegt.plek * plek
        + weegt.tijd * samen / kortste
        + weegt.lagen * lagen
        + weegt.hinder * bespaard / kortste
    )


def moratorium(a: Werk, b: Werk) -> date | None:
    """The last day on which the one must not dig in the surface that the other leaves.

    None when neither digs after the other, or when that lasts long enough.
    """
    for dek, graaf in ((a, b), (b, a)):
        if not dek.moratorium_maanden or graaf.diepte not in GRAAFT:
            continue
        if graaf.status not in PLANBAAR or dek.status not in (*PLANBAAR, Status.KLAAR):
            continue
        tot = add_months(dek.laatste, dek.moratorium_maanden)
        if dek.laatste < graaf.eerste <= tot:
            return tot
    return None


def add_months(dag: date, maanden: int) -> date:
    """The same day of the month so much later, or the last one of that month."""
    maand = dag.month - 1 + maanden
    eerste = date(dag.year + maand // 12, maand % 12 + 1, 1)
    einde = (eerste.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return min(eerste + timedelta(days=dag.day - 1), einde)


def is_moved(
    toen: Mapping[str, Any], nu: Mapping[str, Any], venster: tuple[date, date] | None
) -> bool:
    """Whether a pair must be looked at again: a place or days are not as when it was decided.

    Args:
        toen: ``invoer`` as it was when it was decided.
        nu: ``invoer`` of today.
        venster: the days agreed on; a work that moved to within them does what was agreed.
    """
    for kant in Kant:
        was, werd = Werk.from_json(toen[kant]), Werk.from_json(nu[kant])
        if toen["plek"][kant] != nu["plek"][kant]:
            return True
        if (was.eerste, was.laatste) == (werd.eerste, werd.laatste):
            continue
        if venster is None or werd.eerste < venster[0] or werd.laatste > venster[1]:
            return True
    return False


def chains(paren: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """Works that hang together through pairs: groups of three or more, the largest first."""
    hoofd: dict[int, int] = {}

    def find(one: int) -> int:
        hoofd.setdefault(one, one)
        while hoofd[one] != one:
            hoofd[one] = hoofd[hoofd[one]]
            one = hoofd[one]
        return one

    for paar in paren:
        laagste, hoogste = sorted(find(one) for one in paar)
        hoofd[hoogste] = laagste
    groepen = groupby(sorted(hoofd, key=lambda one: (find(one), one)), key=find)
    found = [frozenset(leden) for _, leden in groepen]
    return sorted((g for g in found if len(g) > 2), key=lambda g: (-len(g), min(g)))


def _first(a: Werk, b: Werk, regels: KoppelRegels) -> Kant | None:
    plek_a, plek_b = (regels.volgorde.index(werk.diepte) for werk in (a, b))
    if plek_a == plek_b:
        return None
    return Kant.A if plek_a < plek_b else Kant.B


def _mover(a: Werk, b: Werk, samen: int) -> Kant | None:
    """Who moves: the one with most room, else the less sure one, else the one that comes later."""
    nu = (min(a.laatste, b.laatste) - max(a.eerste, b.eerste)).days + 1
    if nu >= max(samen, 1):
        return None
    kant = max(
        (Kant.A, a),
        (Kant.B, b),
        key=lambda paar: (paar[1].ruimte, -VAST.get(paar[1].status, 0), paar[1].eerste, paar[0]),
    )
    return kant[0]


def _reasons(
    a: Werk, b: Werk, dagen: tuple[int, int, int], afstand_m: float, volgt: _Volgt
) -> Iterable[dict[str, Any]]:
    """Why: codes with what their sentence needs, the weightiest first; see ``koppel_woorden``."""
    samen, tussen, bespaard = dagen
    eerst, rust = volgt
    straat = a.straat if a.straat and a.straat.casefold() == b.straat.casefold() else ""
    yield {"code": "plek", "afstand_m": afstand_m, "straat": straat}
    if samen:
        yield {"code": "samen", "dagen": samen, "kwartaal": _quarter_of(a, b)}
    else:
        yield {"code": "tussen", "dagen": tussen, "kwartaal": _quarter_of(a, b)}
    if rust:
        yield {"code": "moratorium", "tot": rust.isoformat()}
    if eerst:
        een, ander = (a, b) if eerst is Kant.A else (b, a)
        verkeerd = een.eerste > ander.laatste
        yield {"code": "volgorde", "eerst": een.soort, "dan": ander.soort, "verkeerd": verkeerd}
    if bespaard:
        yield {"code": "hinder", "a": a.duur, "b": b.duur, "dagen": bespaard}


def _quarter_of(a: Werk, b: Werk) -> str:
    """The quarter in which both begin as they are planned now; empty when that is not the same."""
    een, ander = (f"{werk.eerste.year}-Q{(werk.eerste.month + 2) // 3}" for werk in (a, b))
    return een if een == ander else ""
