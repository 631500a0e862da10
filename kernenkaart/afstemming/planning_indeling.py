"""Where everything stands in the picture of a planning: days become places, pure arithmetic.

The picture is as wide as there is room, so what lies along the time has its place in percent of
the width (0 is the begin of the first day, 100 the end of the last); what lies along the rows has
it in pixels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kernenkaart.afstemming.planning_vraag import add_months, short_month
from kernenkaart.tijd import MAANDEN, Periode

RIJ_PX = 44
KOP_PX, BAAN_PX, BANEN = 56, 18, 3  # the head holds months, and above them names in lanes
SMALST_PX = 644  # of the picture; names are kept apart as if it were so narrow
TEKEN_PX = 8.0  # about the width of a letter
NAAM_MAX = 24
BALK_MIN = 0.6  # percent: a day that one can still see and point at
RAAK_MIN = 4.0  # percent: at least 24 pixels to point at
RUST_TEKST_MIN = 36.0  # percent: less has no room for the words
STAPPEN = ((16, 1), (40, 3), (1200, 12))  # up to so many months: a line per so many months


@dataclass(frozen=True)
class Streep:
    """A line at the begin of a month; ``jaar`` is written where a year begins, else 0."""

    x: float
    naam_x: float
    naam: str
    jaar: int


@dataclass(frozen=True)
class Stuk:
    """A piece of time: where it begins and how wide it is, percent."""

    x: float
    breedte: float

    @property
    def eind(self) -> float:
        """Where it ends."""
        return self.x + self.breedte

    @property
    def midden(self) -> float:
        """Its middle."""
        return self.x + self.breedte / 2


@dataclass(frozen=True)
class Regel:
    """One work or project in time.

    Attributes:
        y: top of its row, pixels.
        balk: its days; None when they lie outside the picture.
        ruimte: how far it can move; None when it cannot.
        einden: whether the first and the last day of that stand in the picture.
        rust: when one had better not dig after it; None if one may.
        rust_tekst: that in words, when there is room for them.
    """

    y: int
    balk: Stuk | None
    ruimte: Stuk | None
    einden: tuple[bool, bool]
    rust: Stuk | None
    rust_tekst: str

    @property
    def rust_px(self) -> int:
        """About the width of ``rust_tekst``."""
        return round(len(self.rust_tekst) * (TEKEN_PX - 0.5))

    @property
    def raak(self) -> Stuk | None:
        """Where one can point at it."""
        stukken = [stuk for stuk in (self.balk, self.ruimte, self.rust) if stuk]
        if not stukken:
            return None
        x, eind = min(stuk.x for stuk in stukken), max(stuk.eind for stuk in stukken)
        breedte = max(eind - x, RAAK_MIN)
        return Stuk(round(max(0.0, min(x, 100 - breedte)), 3), round(breedte, 3))


@dataclass(frozen=True)
class Band:
    """An activity over all rows.

    Attributes:
        stuk: its days.
        naam: as it stands above; empty when there is no room.
        naam_y: of its name, pixels.
        links: whether its name ends where it begins, for want of room at the right.
    """

    stuk: Stuk
    naam: str
    naam_y: int
    links: bool


@dataclass(frozen=True)
class Dagen:
    """The days of one thing; None is not known. See ``Werkzaamheid`` for what they mean.

    ``rust_tot``: the last day on which one had better not dig there.
    """

    eerste: date | None
    laatste: date | None
    vroegst: date | None = None
    laatst: date | None = None
    rust_tot: date | None = None


@dataclass(frozen=True)
class Schaal:
    """The days that the picture shows, both ends included."""

    eerste: date
    laatste: date

    @classmethod
    def of(cls, periode: Periode) -> "Schaal":
        """The scale of a period that has two ends."""
        if periode.eerste is None or periode.laatste is None:
            raise ValueError("an open period has no scale")
        return cls(periode.eerste, periode.laatste)

    def __contains__(self, dag: date) -> bool:
        return self.eerste <= dag <= self.laatste

    def x(self, dag: date) -> float:
        """Where a day begins, percent; also outside the picture."""
        dagen = (self.laatste - self.eerste).days + 1
        return round((dag - self.eerste).days / dagen * 100, 3)

    def stuk(self, eerste: date | None, laatste: date | None, smalst: float = 0.0) -> Stuk | None:
        """From the begin of the first day to the end of the last, cut off at the edges.

        Args:
            smalst: it is never narrower than so many percent.

        Returns:
            None if no day of it is in the picture.
        """
        eerste, laatste = eerste or self.eerste, laatste or self.laatste
        if laatste < self.eerste or eerste > self.laatste or laatste < eerste:
            return None
        begin = self.x(max(eerste, self.eerste))
        eind = 100.0 if laatste >= self.laatste else self.x(laatste + timedelta(days=1))
        breedte = max(eind - begin, smalst)
        return Stuk(round(min(begin, 100 - breedte), 3), round(breedte, 3))

    def strepen(self) -> list[Streep]:
        """The lines of the months, quarters or years, and what stands between them."""
        maanden = (self.laatste.year - self.eerste.year) * 12
        maanden += self.laatste.month - self.eerste.month + 1
        stap = next(stap for tot, stap in STAPPEN if maanden <= tot)
        dag = self.eerste.replace(day=1)
        dag = add_months(dag, -((dag.month - 1) % stap))
        found = []
        while dag <= self.laatste:
            volgende = add_months(dag, stap)
            x, eind = max(self.x(dag), 0.0), min(self.x(volgende), 100.0)
            breed = stap == 1 or eind - x >= 100 * stap / maanden / 2
            naam = short_month(max(dag, self.eerste)) if breed and stap < 12 else ""
            jaar = dag.year if breed and dag.month == 1 else 0
            found.append(Streep(x, round((x + eind) / 2, 3), naam, jaar))
            if volgende <= dag:  # the last month that we know
                break
            dag = volgende
        return found


def lay_row(schaal: Schaal, dagen: Dagen, nummer: int, kop_px: int) -> Regel:
    """Where one thing stands, being row ``nummer`` (from 0) below a head of ``kop_px``."""
    ruimte = None
    if dagen.vroegst or dagen.laatst:
        ruimte = schaal.stuk(dagen.vroegst or dagen.eerste, dagen.laatst or dagen.laatste)
    rust = None
    if dagen.rust_tot and dagen.laatste:
        rust = schaal.stuk(dagen.laatste + timedelta(days=1), dagen.rust_tot)
    begin, eind = dagen.vroegst or dagen.eerste, dagen.laatst or dagen.laatste
    return Regel(
        y=kop_px + nummer * RIJ_PX,
        balk=schaal.stuk(dagen.eerste, dagen.laatste, BALK_MIN)
        if dagen.eerste or dagen.laatste
        else None,
        ruimte=ruimte,
        einden=(
            begin is not None and begin >= schaal.eerste,
            eind is not None and eind <= schaal.laatste,
        ),
        rust=rust,
        rust_tekst=_until(dagen.rust_tot)
        if rust and dagen.rust_tot and rust.breedte >= RUST_TEKST_MIN
        else "",
    )


def _until(dag: date) -> str:
    return f"niet graven t/m {MAANDEN[dag.month - 1]} {dag.year}"


def lay_bands(
    schaal: Schaal, banden: Sequence[tuple[str, date, date]], vandaag: date
) -> tuple[list[Band | None], int, Band | None]:
    """Where activities stand, and their names above them, in as few lanes as they need.

    The years and today have the first right to a place for their name, then what takes longest.

    Args:
        banden: name, first and last day of each.

    Returns:
        Per activity its band (None outside the picture), the height of the head in pixels, and
        today, which has no width (None outside the picture).
    """
    bezet: list[list[tuple[float, float]]] = [[] for _ in range(BANEN)]
    for streep in schaal.strepen():
        if streep.jaar:
            _take(bezet, streep.x, str(streep.jaar))
    nu = _take(bezet, schaal.x(vandaag), "vandaag") if vandaag in schaal else None
    plekken: dict[int, tuple[Stuk, str, int, bool]] = {}
    for nummer in sorted(range(len(banden)), key=lambda n: banden[n][1] - banden[n][2]):
        naam, eerste, laatste = banden[nummer]
        stuk = schaal.stuk(eerste, laatste, BALK_MIN)
        if stuk is None:
            continue
        kort = naam if len(naam) <= NAAM_MAX else f"{naam[: NAAM_MAX - 1].rstrip()}…"
        baan, links = _take(bezet, stuk.x, kort)
        plekken[nummer] = (stuk, kort if baan is not None else "", baan or 0, links)
    banen = max((n for n, baan in enumerate(bezet, start=1) if baan), default=1)
    kop_px = KOP_PX + (banen - 1) * BAAN_PX

    def band(stuk: Stuk, naam: str, baan: int, links: bool) -> Band:
        return Band(stuk, naam, kop_px - KOP_PX + 20 - baan * BAAN_PX, links)

    found = [band(*plekken[n]) if n in plekken else None for n in range(len(banden))]
    return found, kop_px, nu and band(Stuk(schaal.x(vandaag), 0.0), "vandaag", nu[0] or 0, nu[1])


def _take(
    bezet: Sequence[list[tuple[float, float]]], x: float, naam: str
) -> tuple[int | None, bool]:
    """Give a name a place in the lowest lane in which it fits; None when there is no room."""
    breedte = (len(naam) * TEKEN_PX + 12) / SMALST_PX * 100
    links = x + breedte > 100
    van, tot = (x - breedte, x) if links else (x, x + breedte)
    for nummer, baan in enumerate(bezet):
        if all(tot <= begin or van >= eind for begin, eind in baan):
            baan.append((van, tot))
            return nummer, links
    return None, links


def order_rows(sleutels: Sequence[str], paren: Iterable[tuple[str, str]]) -> list[str]:
    """The same rows in the same order, but what belongs together stands together.

    Args:
        sleutels: the rows in the order of their days.
        paren: rows that may be one work; what is linked through others belongs together too.

    Returns:
        Each row once; a group stands where its first row stood.
    """
    wortel = {sleutel: sleutel for sleutel in sleutels}

    def root(sleutel: str) -> str:
        while wortel[sleutel] != sleutel:
            wortel[sleutel] = wortel[wortel[sleutel]]
            sleutel = wortel[sleutel]
        return sleutel

    for een, ander in paren:
        if een in wortel and ander in wortel:
            wortel[root(een)] = root(ander)
    groepen: dict[str, list[str]] = {}
    for sleutel in sleutels:
        groepen.setdefault(root(sleutel), []).append(sleutel)
    return [sleutel for groep in groepen.values() for sleutel in groep]
