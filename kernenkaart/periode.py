"""When something is, said as precisely as it is known: a day, ``week 12``, ``voorjaar 2028``.

A period is its first and last day, both included, and how precisely they are known: of ``voorjaar
2028`` they bound the spring. What is written in ``format_periode`` is read by ``parse_periode``.
Weeks are those of ISO 8601. A season is three whole months (meteorological seasons, as the KNMI
has them); a winter lies in two years and names them both.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kernenkaart.tijd import MAANDEN, format_dagen, parse_dag, today

DUUR_MAX = 3_660  # days
VOORBEELD = "Schrijf bijvoorbeeld: voorjaar 2028, 3e kwartaal 2027, maart 2028 of week 12 2027."


class Nauwkeurigheid(StrEnum):
    """How precisely the days are known; the days of a work are the bounds of what is known."""

    DAG = "dag"
    WEEK = "week"
    MAAND = "maand"
    KWARTAAL = "kwartaal"
    SEIZOEN = "seizoen"
    JAAR = "jaar"


@dataclass(frozen=True)
class Tijdvak:
    """Days from ``eerste`` to and including ``laatste``, known as precisely as is said."""

    eerste: date
    laatste: date
    nauwkeurigheid: Nauwkeurigheid = Nauwkeurigheid.DAG

    def __str__(self) -> str:
        return format_periode(self.eerste, self.laatste, self.nauwkeurigheid)


SEIZOENEN = {"voorjaar": 3, "zomer": 6, "najaar": 9, "winter": 12}
_OOK_WEL = {"lente": "voorjaar", "herfst": "najaar"}
_TOT = re.compile(r"\s+(?:t/m|tot en met|tot|-|–)\s+")
_JAAR = r"(?P<jaar>[12]\d{3})"
_WEEK = re.compile(
    rf"(?:week|wk\.?) ?(?P<n>\d{{1,2}})(?:,? (?:van )?{_JAAR})?|(?P<iso>[12]\d{{3}})-?w(?P<m>\d\d)"
)
_KWARTAAL = re.compile(
    rf"(?:[qk](?P<n>[1-4])|(?P<e>[1-4])e kwartaal|kwartaal (?P<k>[1-4]))(?: (?:van )?{_JAAR})?"
    r"|(?P<iso>[12]\d{3})-?[qk](?P<m>[1-4])"
)
_SEIZOEN = re.compile(
    r"(?:het )?(?P<naam>voorjaar|lente|zomer|najaar|herfst|winter)"
    rf"(?: (?:van )?{_JAAR}(?: ?[-/] ?(?P<tot>[12]\d{{3}}|\d\d))?)?"
)
_MAAND = re.compile(rf"(?P<naam>[a-zë]{{3,}})\.?(?: {_JAAR})?")
_ALLEEN_DAG = re.compile(r"(?:[a-z]{2,9} )?\d{1,2}")
_LIJKT_DAG = re.compile(r"(?:[a-z]{2,9}\.? )?\d{1,2}[-/. ]")
_VOLUIT = re.compile(r"[12]\d{3}")
_HEEL_JAAR = re.compile(rf"(?:heel )?{_JAAR}")


def parse_periode(text: str, vandaag: date | None = None) -> Tijdvak:
    """The period that somebody wrote, as in ``VOORBEELD``, or two of one kind with ``t/m``.

    Args:
        vandaag: what is written without its year is the first that is not over on this day.

    Raises:
        ValueError: with a Dutch sentence.
    """
    vandaag = vandaag or today()
    delen = _TOT.split(" ".join(text.lower().split()))
    if len(delen) > 2:
        raise ValueError(VOORBEELD)
    jaren = range(vandaag.year - 1, vandaag.year + 9)  # 29 February is at most 8 years away
    eind = _one(delen[-1], jaren, lambda one: one.laatste >= vandaag)
    if len(delen) == 1:
        return eind
    if eind.nauwkeurigheid is Nauwkeurigheid.DAG and _ALLEEN_DAG.fullmatch(
        delen[0]
    ):  # "7 t/m 9 juni"
        delen[0] += f" {MAANDEN[eind.laatste.month - 1]}"
    terug = range(eind.laatste.year, eind.laatste.year - 9, -1)
    begin = _one(delen[0], terug, lambda one: one.eerste <= eind.eerste)
    if begin.nauwkeurigheid is not eind.nauwkeurigheid:
        raise ValueError(f"Schrijf het begin en het einde op dezelfde manier. {VOORBEELD}")
    if eind.laatste < begin.eerste:
        raise ValueError("Het einde ligt vóór het begin. Kijk de jaren na.")
    return Tijdvak(begin.eerste, eind.laatste, eind.nauwkeurigheid)


def format_periode(
    eerste: date, laatste: date, nauwkeurigheid: str, vandaag: date | None = None
) -> str:
    """A period in words: ``voorjaar 2028``, ``week 12 van 2027``, ``maart t/m mei 2028``.

    Days that are no bounds of such a period are named by those they lie in.

    Args:
        nauwkeurigheid: a code of ``Nauwkeurigheid``; exact days read as ``tijd.format_dagen``.
        vandaag: the day that decides whether the year of a day is written out.
    """
    naam = _NAMEN.get(Nauwkeurigheid(nauwkeurigheid))
    if naam is None:
        return format_dagen(eerste, laatste, vandaag)
    (begin, jaar), (eind, eindjaar) = naam(eerste), naam(laatste)
    if (begin, jaar) == (eind, eindjaar):
        return f"{begin}{jaar}"
    return f"{begin}{'' if jaar == eindjaar else jaar} t/m {eind}{eindjaar}"


_DUUR = re.compile(
    r"(?:ongeveer |circa |ca\.? |± ?)?(?P<n>\d{1,4}|een|één) ?(?P<eenheid>dag|week|maand|jaar)"
    r"(?:en)?"
)
_DAGEN = {"dag": 1, "week": 7, "maand": 30, "jaar": 365}


def parse_duur(text: str) -> int:
    """How many days somebody wrote: ``3 weken``, ``10 dagen``, ``een maand`` (30 days).

    Raises:
        ValueError: with a Dutch sentence.
    """
    plain = " ".join(text.lower().split()).replace("weken", "week").replace("dagen", "dag")
    match = _DUUR.fullmatch(plain.replace("jaren", "jaar"))
    if not match:
        raise ValueError("Schrijf bijvoorbeeld: 3 weken of 10 dagen.")
    dagen = (int(match["n"]) if match["n"].isdecimal() else 1) * _DAGEN[match["eenheid"]]
    if not 1 <= dagen <= DUUR_MAX:
        raise ValueError("Vul een duur in van 1 dag tot 10 jaar.")
    return dagen


def format_duur(dagen: int) -> str:
    """A number of days in words: ``3 weken``, ``10 dagen``, ``1 dag``."""
    if dagen % 7 == 0:
        return "1 week" if dagen == 7 else f"{dagen // 7} weken"
    return "1 dag" if dagen == 1 else f"{dagen} dagen"


def _one(text: str, jaren: Iterable[int], fits: Callable[[Tijdvak], bool]) -> Tijdvak:
    """One period; written without its year it is of the first of ``jaren`` in which it fits."""
    fout = ValueError(VOORBEELD)
    for jaar in (0,) if _VOLUIT.search(text) else jaren:
        try:
            found = next(one for read in _READERS if (one := read(text, jaar)))
        except ValueError as error:  # no such week or day in that year
            fout = error
        else:
            if not jaar or fits(found):
                return found
    raise fout


def _week(text: str, jaar: int) -> Tijdvak | None:
    if not (match := _WEEK.fullmatch(text)):
        return None
    jaar, week = int(match["iso"] or match["jaar"] or jaar), int(match["m"] or match["n"])
    try:
        maandag = date.fromisocalendar(jaar, week, 1)
    except ValueError as error:
        laatste = date(jaar, 12, 28).isocalendar().week
        raise ValueError(f"{jaar} heeft week 1 tot en met {laatste}.") from error
    return Tijdvak(maandag, maandag + timedelta(days=6), Nauwkeurigheid.WEEK)


def _quarter(text: str, jaar: int) -> Tijdvak | None:
    if not (match := _KWARTAAL.fullmatch(text)):
        return None
    kwartaal = int(match["n"] or match["e"] or match["k"] or match["m"])
    begin = date(int(match["iso"] or match["jaar"] or jaar), 3 * kwartaal - 2, 1)
    return Tijdvak(begin, _months_end(begin, 3), Nauwkeurigheid.KWARTAAL)


def _season(text: str, jaar: int) -> Tijdvak | None:
    if not (match := _SEIZOEN.fullmatch(text)):
        return None
    naam = _OOK_WEL.get(match["naam"], match["naam"])
    begin = date(int(match["jaar"] or jaar), SEIZOENEN[naam], 1)
    if naam == "winter" and match["jaar"]:
        tot = match["tot"] or ""
        if not tot or not str(begin.year + 1).endswith(tot):
            zin = "".join(_season_name(begin))
            raise ValueError(f"Een winter ligt in twee jaren. Schrijf bijvoorbeeld: {zin}.")
    elif match["tot"]:
        raise ValueError(VOORBEELD)
    return Tijdvak(begin, _months_end(begin, 3), Nauwkeurigheid.SEIZOEN)


def _month(text: str, jaar: int) -> Tijdvak | None:
    match = _MAAND.fullmatch(text)
    namen = {"mrt": 3} | {naam: nr for nr, naam in enumerate(MAANDEN, start=1)}
    maand = match and next(
        (nr for naam, nr in namen.items() if naam.startswith(match["naam"])), None
    )
    if not match or not maand:
        return None
    begin = date(int(match["jaar"] or jaar), maand, 1)
    return Tijdvak(begin, _months_end(begin, 1), Nauwkeurigheid.MAAND)


def _year(text: str, _jaar: int) -> Tijdvak | None:
    if not (match := _HEEL_JAAR.fullmatch(text)):
        return None
    jaar = int(match["jaar"])
    return Tijdvak(date(jaar, 1, 1), date(jaar, 12, 31), Nauwkeurigheid.JAAR)


def _exact(text: str, jaar: int) -> Tijdvak:
    try:
        dag = parse_dag(f"{text} {jaar}" if jaar else text)
    except ValueError as error:
        if _LIJKT_DAG.match(text):
            raise
        raise ValueError(VOORBEELD) from error
    return Tijdvak(dag, dag)


_READERS: tuple[Callable[[str, int], Tijdvak | None], ...] = (
    _week, _quarter, _season, _month, _year, _exact,
)  # fmt: skip


def _months_end(begin: date, maanden: int) -> date:
    month = begin.month - 1 + maanden
    return date(begin.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _season_name(dag: date) -> tuple[str, str]:
    naam = next(naam for naam, maand in SEIZOENEN.items() if maand == (dag.month // 3 * 3 or 12))
    jaar = dag.year - (dag.month < 3)  # the year in which it began
    return naam, f" {jaar}-{jaar + 1}" if naam == "winter" else f" {jaar}"


def _week_name(dag: date) -> tuple[str, str]:
    jaar, week, _ = dag.isocalendar()
    return f"week {week}", f" van {jaar}"


# the name of the period that a day lies in, and its year, written only once when it is the same
_NAMEN: dict[Nauwkeurigheid, Callable[[date], tuple[str, str]]] = {
    Nauwkeurigheid.WEEK: _week_name,
    Nauwkeurigheid.MAAND: lambda dag: (MAANDEN[dag.month - 1], f" {dag.year}"),
    Nauwkeurigheid.KWARTAAL: lambda dag: (f"{(dag.month + 2) // 3}e kwartaal", f" {dag.year}"),
    Nauwkeurigheid.SEIZOEN: _season_name,
    Nauwkeurigheid.JAAR: lambda dag: ("", f"{dag.year}"),
}
