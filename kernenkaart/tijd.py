"""Days, moments and periods in the Netherlands, and how the kernenkaart writes them.

A *dag* is a ``date``; a *moment* is an aware ``datetime``. Notation follows the style guide:
``za 14 juni``, ``10.00 - 16.00``, ``ma 7 juni t/m vr 2 juli``; another year is written out.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEEKDAGEN = ("ma", "di", "wo", "do", "vr", "za", "zo")
WEEKDAGEN_VOLUIT = (
    "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
)  # fmt: skip
MAANDEN = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_KWARTAAL = re.compile(r"([12]\d{3})-?[QqKk]([1-4])")


def now() -> datetime:
    """This moment, in Amsterdam."""
    return datetime.now(UTC).astimezone(AMSTERDAM)


def today() -> date:
    """The day it is in Amsterdam."""
    return now().date()


def at(dag: date, tijdstip: time) -> datetime:
    """The moment the clock in Amsterdam shows ``tijdstip`` on ``dag``.

    An hour that exists twice (October) gives the first one.

    Raises:
        ValueError: if that time is skipped that night (March).
    """
    moment = datetime.combine(dag, tijdstip, AMSTERDAM)
    if moment.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None) != moment.replace(
        tzinfo=None
    ):
        raise ValueError("Deze tijd bestaat niet: die nacht gaat de klok een uur vooruit.")
    return moment


@dataclass(frozen=True, order=True)
class Periode:
    """Days from ``eerste`` to and including ``laatste``; None is open-ended."""

    eerste: date | None = None
    laatste: date | None = None

    def __post_init__(self) -> None:
        if self.eerste and self.laatste and self.laatste < self.eerste:
            raise ValueError("De laatste dag ligt vóór de eerste dag.")

    @classmethod
    def from_kwartaal(cls, text: str) -> Self:
        """The three months of a quarter written as ``2027-Q2``.

        Raises:
            ValueError: if it is not written so.
        """
        match = _KWARTAAL.fullmatch(text.strip())
        if not match:
            raise ValueError("Schrijf een kwartaal als 2027-Q2.")
        jaar, kwartaal = int(match[1]), int(match[2])
        eerste = date(jaar, 3 * kwartaal - 2, 1)
        return cls(eerste, _month_end(date(jaar, 3 * kwartaal, 1)))

    @classmethod
    def named(cls, naam: str, vandaag: date) -> Self:
        """One of the periods a visitor picks: see ``PERIODEN``.

        Raises:
            ValueError: if there is no such period.
        """
        match naam:
            case "vandaag":
                return cls(vandaag, vandaag)
            case "weekend":
                zaterdag = vandaag + timedelta(days=5 - vandaag.weekday())
                return cls(max(vandaag, zaterdag), zaterdag + timedelta(days=1))
            case "week":
                return cls(vandaag, vandaag + timedelta(days=6 - vandaag.weekday()))
            case "maand":
                return cls(vandaag, _month_end(vandaag))
            case "kwartaal":
                return cls(vandaag, cls.from_kwartaal(kwartaal_of(vandaag)).laatste)
            case "jaar":
                return cls(vandaag, date(vandaag.year, 12, 31))
            case "alles":
                return cls(vandaag, None)
        raise ValueError("Deze periode bestaat niet.")

    @property
    def begin(self) -> datetime | None:
        """The first moment of the period."""
        return datetime.combine(self.eerste, time(), AMSTERDAM) if self.eerste else None

    @property
    def einde(self) -> datetime | None:
        """The first moment after the period."""
        if not self.laatste:
            return None
        return datetime.combine(self.laatste + timedelta(days=1), time(), AMSTERDAM)

    def __contains__(self, dag: date) -> bool:
        return (self.eerste is None or self.eerste <= dag) and (
            self.laatste is None or dag <= self.laatste
        )


PERIODEN = {
    "vandaag": "Vandaag",
    "weekend": "Dit weekend",
    "maand": "Deze maand",
    "kwartaal": "Dit kwartaal",
    "jaar": "Dit jaar",
    "alles": "Vanaf vandaag",
}


def kwartaal_of(dag: date) -> str:
    """The quarter of a day, as ``2027-Q2``."""
    return f"{dag.year}-Q{(dag.month + 2) // 3}"


def _month_end(dag: date) -> date:
    return (dag.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def format_dag(dag: date, vandaag: date | None = None) -> str:
    """A day as ``za 14 juni``; with its year when that is not the year of ``vandaag``."""
    vandaag = vandaag or today()
    tekst = f"{WEEKDAGEN[dag.weekday()]} {dag.day} {MAANDEN[dag.month - 1]}"
    return tekst if dag.year == vandaag.year else f"{tekst} {dag.year}"


def format_dagen(eerste: date, laatste: date, vandaag: date | None = None) -> str:
    """A range of days: ``do 10 t/m zo 13 juni``, ``ma 7 juni t/m vr 2 juli``, or one day."""
    vandaag = vandaag or today()
    if eerste == laatste:
        return format_dag(eerste, vandaag)
    if (eerste.year, eerste.month) == (laatste.year, laatste.month):
        begin = f"{WEEKDAGEN[eerste.weekday()]} {eerste.day}"
    elif eerste.year == laatste.year:
        begin = f"{WEEKDAGEN[eerste.weekday()]} {eerste.day} {MAANDEN[eerste.month - 1]}"
    else:
        begin = (
            f"{WEEKDAGEN[eerste.weekday()]} {eerste.day} {MAANDEN[eerste.month - 1]} {eerste.year}"
        )
        return (
            f"{begin} t/m {WEEKDAGEN[laatste.weekday()]} {laatste.day} "
            f"{MAANDEN[laatste.month - 1]} {laatste.year}"
        )
    return f"{begin} t/m {format_dag(laatste, vandaag)}"


def format_maanden(eerste: date | None, laatste: date | None) -> str:
    """Months of something that takes long: ``mei 2027 - september 2028``, ``mei - juli 2027``.

    Without a last day it reads ``vanaf mei 2027``, without a first ``tot en met mei 2027``, with
    neither an empty text.
    """
    begin, eind = (
        f"{MAANDEN[dag.month - 1]} {dag.year}" if dag else "" for dag in (eerste, laatste)
    )
    if not eerste or not laatste:
        return f"vanaf {begin}" if eerste else f"tot en met {eind}" if laatste else ""
    if begin == eind:
        return begin
    return f"{MAANDEN[eerste.month - 1] if eerste.year == laatste.year else begin} - {eind}"


def format_tijd(moment: datetime | time) -> str:
    """A time of day as ``9.00``; no leading zero."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(AMSTERDAM).time()
    return f"{moment.hour}.{moment.minute:02}"


def format_moment(
    begint_op: datetime,
    eindigt_op: datetime,
    *,
    hele_dag: bool = False,
    vandaag: date | None = None,
) -> str:
    """When something is: ``za 14 juni, 10.00 - 16.00``; more days as ``do 10 t/m zo 13 juni``.

    An end at midnight belongs to the day before. Something that ends before six in the morning
    after is written on its first day.
    """
    begin = begint_op.astimezone(AMSTERDAM)
    eind = eindigt_op.astimezone(AMSTERDAM)
    laatste = (eind - timedelta(microseconds=1)).date()
    if hele_dag:
        return format_dagen(begin.date(), laatste, vandaag)
    if laatste == begin.date() or (eind - begin < timedelta(hours=24) and eind.hour < 6):
        return f"{format_dag(begin.date(), vandaag)}, {format_tijd(begin)} - {format_tijd(eind)}"
    return format_dagen(begin.date(), laatste, vandaag)


_DAG_CIJFERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?\.?")
_DAG_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAG_WOORDEN = re.compile(r"(\d{1,2})[- ]([a-zë]+)\.?(?:[- ](\d{4}))?")
_WEEKDAG = re.compile(r"([a-z]{2,9})\.?,? +(?=\d)")
_TIJD = re.compile(r"(\d{1,2})(?:[.:](\d{2})(?:[:.]00)?)?(?: ?(?:uur|u|h))?")


def parse_dag(text: str, vandaag: date | None = None) -> date:
    """The day that somebody wrote: ``12-06-2027``, ``12-6-27``, ``2027-06-12``, ``za 12 juni``.

    Args:
        vandaag: a day written without its year is the first such day from here on.

    Raises:
        ValueError: with a Dutch sentence; also when the day of the week does not fit.
    """
    rest = " ".join(text.lower().split())
    weekdag = None
    if found := _WEEKDAG.match(rest):
        weekdag = _weekday(found[1])
        rest = rest[found.end() :]
    if match := _DAG_ISO.fullmatch(rest):
        dag = _day(int(match[1]), int(match[2]), int(match[3]))
    else:
        match = _DAG_CIJFERS.fullmatch(rest) or _DAG_WOORDEN.fullmatch(rest)
        if not match:
            raise ValueError("Vul een datum in als 12-06-2027.")
        maand = int(match[2]) if match[2].isdecimal() else _month(match[2])
        if match[3] is None:
            dag = _next_day(maand, int(match[1]), vandaag or today())
        else:
            jaar = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            dag = _day(jaar, maand, int(match[1]))
    if not 1900 <= dag.year <= 2200:
        raise ValueError("Dit jaar klopt niet. Vul een datum in als 12-06-2027.")
    if weekdag is not None and dag.weekday() != weekdag:
        raise ValueError(
            f"{dag.day} {MAANDEN[dag.month - 1]} {dag.year} is een "
            f"{WEEKDAGEN_VOLUIT[dag.weekday()]}. Verbeter de dag of de datum."
        )
    return dag


def parse_tijd(text: str) -> time:
    """The time of day that somebody wrote: ``10.00``, ``10:00``, ``9 uur``. 24.00 is midnight.

    Raises:
        ValueError: with a Dutch sentence.
    """
    match = _TIJD.fullmatch(" ".join(text.lower().split()))
    if not match:
        raise ValueError("Vul een tijd in als 10.00.")
    uur, minuut = int(match[1]), int(match[2] or 0)
    if (uur, minuut) == (24, 0):
        uur = 0
    if uur > 23 or minuut > 59:
        raise ValueError("Deze tijd bestaat niet. Vul een tijd in als 10.00.")
    return time(uur, minuut)


def _weekday(woord: str) -> int:
    for number, naam in enumerate(WEEKDAGEN_VOLUIT):
        if naam.startswith(woord):
            return number
    raise ValueError("Vul een datum in als 12-06-2027.")


def _month(woord: str) -> int:
    for number, naam in enumerate(MAANDEN, start=1):
        if len(woord) >= 3 and (naam.startswith(woord) or (woord, number) == ("mrt", 3)):
            return number
    raise ValueError(f"De maand {woord} bestaat niet. Vul een datum in als 12-06-2027.")


def _day(jaar: int, maand: int, dag: int) -> date:
    try:
        return date(jaar, maand, dag)
    except ValueError as error:
        raise ValueError("Deze datum bestaat niet. Kijk de dag en de maand na.") from error


def _next_day(maand: int, dag: int, vandaag: date) -> date:
    for jaar in range(vandaag.year, vandaag.year + 9):  # 29 February is at most 8 years away
        if 1 <= maand <= 12 and 1 <= dag <= 31:
            try:
                found = date(jaar, maand, dag)
            except ValueError:
                continue
            if found >= vandaag:
                return found
    return _day(vandaag.year, maand, dag)
