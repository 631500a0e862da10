"""Pairs of works as they are drawn and as rows of a sheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kernenkaart.afstemming.koppel_models import Kant, Koppelkans
from kernenkaart.afstemming.koppel_regels import Werk
from kernenkaart.afstemming.koppel_venster import Venster
from kernenkaart.afstemming.koppel_woorden import KEUZES, sentences
from kernenkaart.afstemming.planning_blad import Cel
from kernenkaart.tijd import MAANDEN
from kernenkaart.werkzaamheden.models import Werkzaamheid

KOPPEN: list[Cel] = [
    "Score", "Werk 1", "Organisatie 1", "Eerste dag 1", "Laatste dag 1",
    "Werk 2", "Organisatie 2", "Eerste dag 2", "Laatste dag 2",
    "Afstand in meters", "Dagen minder hinder", "Schuift als eerste", "Waarom", "Besluit",
    "Opnieuw bekijken", "Adres",
]  # fmt: skip
RAND_DAGEN = 7
STREPEN_MAX = 13
LETTER_PCT = 2.4  # a letter of such a name, of the width of a phone
FEESTEN_MAX = 40


@dataclass(frozen=True)
class Stuk:
    """A part of a line of time, in percent of its width."""

    x: float
    breedte: float

    @property
    def eind(self) -> float:
        """Where it ends."""
        return round(self.x + self.breedte, 3)


@dataclass(frozen=True)
class Regel:
    """One work in time: the days it is planned, and those to which it can be moved."""

    kant: Kant
    balk: Stuk
    ruimte: Stuk


@dataclass(frozen=True)
class Tijdlijn:
    """Both works in time.

    Attributes:
        venster: the best days for both; None when there are none.
        feesten: activities that one reckons with, with what they are called.
        strepen: where months begin, with their name.
        nu: where today is; None when that is not on it.
    """

    regels: Sequence[Regel]
    venster: Stuk | None
    feesten: Sequence[tuple[Stuk, str]]
    strepen: Sequence[tuple[float, str]]
    nu: float | None


def make_tijdlijn(kans: Koppelkans, beste: Venster | None, vandaag: date) -> Tijdlijn:
    """Draw both works as they were judged, with a week of room at both sides."""
    werken = {kant: Werk.from_json(kans.invoer[kant]) for kant in Kant}
    rand = timedelta(days=RAND_DAGEN)
    van = min(werk.vroegst for werk in werken.values()) - rand
    tot = max(werk.laatst for werk in werken.values()) + rand
    dagen = (tot - van).days + 1

    def place(eerste: date, laatste: date) -> Stuk:
        return Stuk(
            round(100 * (eerste - van).days / dagen, 3),
            round(100 * ((laatste - eerste).days + 1) / dagen, 3),
        )

    return Tijdlijn(
        regels=[
            Regel(kant, place(werk.eerste, werk.laatste), place(werk.vroegst, werk.laatst))
            for kant, werk in werken.items()
        ],
        venster=place(beste.eerste, beste.laatste) if beste else None,
        feesten=[
            (place(max(eerste, van), min(laatste, tot)), een.titel)
            for een in (beste.beletsels[:FEESTEN_MAX] if beste else ())
            if (eerste := een.dagen.eerste)
            and (laatste := een.dagen.laatste)
            and van <= laatste
            and eerste <= tot
        ],
        strepen=without_overlap([(place(dag, dag).x, naam) for dag, naam in _months(van, tot)]),
        nu=place(vandaag, vandaag).x if van <= vandaag <= tot else None,
    )


def _months(van: date, tot: date) -> list[tuple[date, str]]:
    """The first days of months in between, so few that their names fit."""
    maanden = []
    dag = (van.replace(day=1) + timedelta(days=32)).replace(day=1)
    while dag <= tot:
        maanden.append(dag)
        dag = (dag + timedelta(days=32)).replace(day=1)
    stap = -(-len(maanden) // STREPEN_MAX) or 1
    return [
        (dag, f"{MAANDEN[dag.month - 1][:3]}{f' {dag.year}' if n == 0 or dag.month == 1 else ''}")
        for n, dag in enumerate(maanden[::stap])
    ]


def without_overlap(strepen: Iterable[tuple[float, str]]) -> list[tuple[float, str]]:
    """Places in percent with their names; a name for which there is no room on a phone is empty."""
    found, vrij = [], 0.0
    for x, naam in strepen:
        eind = x + LETTER_PCT * len(naam)
        past = vrij <= x and eind <= 100
        vrij = eind if past else vrij
        found.append((x, naam if past else ""))
    return found


def to_cells(kans: Koppelkans, adres: str) -> list[Cel]:
    """A pair as a row under ``KOPPEN``; ``adres`` is where the site stands."""
    return [
        kans.score,
        *_work_cells(kans.a),
        *_work_cells(kans.b),
        round(kans.afstand_m),
        kans.bespaard_dagen,
        mover.organisatie.naam if (mover := mover_of(kans)) else None,
        " ".join(sentences(kans.redenen)),
        KEUZES[kans.keuze] if kans.keuze else None,
        "ja" if kans.opnieuw else None,
        f"{adres}/afstemming/koppelkans/{kans.id}",
    ]


def mover_of(kans: Koppelkans) -> Werkzaamheid | None:
    """The work that had better move; None when neither has to."""
    match kans.schuift:
        case Kant.A:
            return kans.a
        case Kant.B:
            return kans.b
    return None


def _work_cells(werk: Werkzaamheid | None) -> list[Cel]:
    if werk is None:
        return ["(weg)", None, None, None]
    return [werk.titel, werk.organisatie.naam, werk.eerste_dag, werk.laatste_dag]
