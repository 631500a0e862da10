"""What a visitor wants to see of the calendar: one frozen value, read from an address and back."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self

from kernenkaart.errors import Invalid
from kernenkaart.lagen.filter import TEKST_MAX, Args
from kernenkaart.tijd import MAANDEN, Periode, format_dag, format_dagen, parse_dag

VORMEN = {"jaar": "Jaar", "maand": "Maand", "week": "Week", "lijst": "Lijst"}
EERSTE_JAAR, LAATSTE_JAAR = 2000, 2100
_MAAND = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.ASCII)
_JAAR = re.compile(r"\d{4}", re.ASCII)
_CODE = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class KalenderVraag:
    """The state of the calendar, as it stands in the address.

    Attributes:
        vorm: one of ``VORMEN``.
        dag: a day of the year, month or week that is shown; of a list of one day that day.
        een_dag: whether the list is of ``dag`` only.
        q: words that stand in title or place.
        soort: code of a kind of activity; empty is all.
        doelgroep: code of a public; empty is all.
        buren: whether neighbouring kernen stand there too, in grey.
        werk: whether works stand there too.
    """

    vorm: str
    dag: date
    een_dag: bool = False
    q: str = ""
    soort: str = ""
    doelgroep: str = ""
    buren: bool = True
    werk: bool = True

    @classmethod
    def from_args(cls, args: Args, vandaag: date) -> tuple[Self, dict[str, str]]:
        """Read an address; what cannot be read is left out and told.

        The day is read from ``dag`` (2027-04-03), ``week`` (2027-W14), ``maand`` (2027-04) or
        ``jaar`` (2027), the first of these that is there; none is today. Without ``vorm`` it is
        what they name, and a year when they are not there.

        Returns:
            The state, and per field a Dutch sentence about what was wrong with it.
        """
        fouten: dict[str, str] = {}
        vorm = args.get("vorm", "")
        if vorm and vorm not in VORMEN:
            fouten["vorm"] = "Deze weergave bestaat niet. Kies jaar, maand, week of lijst."
            vorm = ""
        dag, genoemd = vandaag, ""
        for naam, parse in _DAGEN.items():
            text = args.get(naam, "").strip()
            if text and not genoemd:
                try:
                    dag = parse(text, vandaag)
                except (ValueError, Invalid) as error:
                    fouten[naam] = str(error)
                genoemd = naam
        toon = args.getlist("toon")
        return cls(
            vorm=vorm or {"dag": "lijst", "": "jaar"}.get(genoemd, genoemd),
            dag=dag,
            een_dag=genoemd == "dag" and vorm in ("", "lijst"),
            q=" ".join(args.get("q", "").replace("\0", " ").split())[:TEKST_MAX],
            soort=_code(args.get("soort", "")),
            doelgroep=_code(args.get("doelgroep", "")),
            buren=not toon or "buren" in toon,
            werk=not toon or "werk" in toon,
        ), fouten

    def to_args(self) -> dict[str, Any]:
        """The address again, as short as can be: what is default is left out."""
        toon = [naam for naam in ("buren", "werk") if getattr(self, naam)]
        values = {
            "vorm": "lijst" if self.vorm == "lijst" and not self.een_dag else "",
            self._naam: self._waarde,
            "q": self.q,
            "soort": self.soort,
            "doelgroep": self.doelgroep,
            "toon": [] if len(toon) == 2 else toon or ["geen"],
        }
        return {key: value for key, value in values.items() if value not in ("", [])}

    @property
    def _naam(self) -> str:
        if self.vorm == "lijst":
            return "dag" if self.een_dag else "maand"
        return self.vorm

    @property
    def _waarde(self) -> str:
        match self._naam:
            case "jaar":
                return str(self.dag.year)
            case "maand":
                return f"{self.dag:%Y-%m}"
            case "week":
                jaar, week, _dag = self.dag.isocalendar()
                return f"{jaar}-W{week:02}"
        return self.dag.isoformat()

    @property
    def periode(self) -> Periode:
        """The days that are shown: a year, a month, a week from Monday on, or one day."""
        dag = self.dag
        match self._naam:
            case "jaar":
                return Periode(date(dag.year, 1, 1), date(dag.year, 12, 31))
            case "maand":
                eerste = dag.replace(day=1)
                return Periode(eerste, _month_later(eerste, 1) - timedelta(days=1))
            case "week":
                maandag = dag - timedelta(days=dag.weekday())
                return Periode(maandag, maandag + timedelta(days=6))
        return Periode(dag, dag)

    @property
    def titel(self) -> str:
        """Which days it is about, in words: ``2027``, ``april 2027``, ``week 16 van 2027``."""
        match self._naam:
            case "jaar":
                return str(self.dag.year)
            case "maand":
                return f"{MAANDEN[self.dag.month - 1]} {self.dag.year}"
            case "week":
                jaar, week, _dag = self.dag.isocalendar()
                return f"week {week} van {jaar}"
        return format_dag(self.dag, vandaag=date(1, 1, 1))

    @property
    def dagen(self) -> str:
        """The first and last day of a week in words; else an empty text."""
        periode = self.periode
        if self.vorm != "week" or not periode.eerste or not periode.laatste:
            return ""
        return format_dagen(periode.eerste, periode.laatste)

    @property
    def gefilterd(self) -> bool:
        """Whether not every activity may stand there."""
        return bool(self.q or self.soort or self.doelgroep)

    def verder(self, stappen: int) -> Self | None:
        """The same, so many years, months, weeks or days later; None beyond the calendar."""
        dag = self.dag
        match self._naam:
            case "jaar":
                dag = _month_later(dag.replace(day=1), 12 * stappen)
            case "maand":
                dag = _month_later(dag.replace(day=1), stappen)
            case "week":
                dag += timedelta(weeks=stappen)
            case _:
                dag += timedelta(days=stappen)
        return replace(self, dag=dag) if EERSTE_JAAR <= dag.year <= LAATSTE_JAAR else None

    def als(self, vorm: str) -> Self:
        """The same in another form, around the same day."""
        return replace(self, vorm=vorm, een_dag=False)

    def rond(self, dag: date) -> Self:
        """The same form, around another day."""
        return replace(self, dag=dag)

    def zonder_filter(self) -> Self:
        """The same days, whatever is on them."""
        return replace(self, q="", soort="", doelgroep="")

    def op(self, dag: date) -> Self:
        """The list of one day."""
        return replace(self, vorm="lijst", een_dag=True, dag=dag)


def _month_later(eerste: date, maanden: int) -> date:
    jaar, maand = divmod(eerste.year * 12 + eerste.month - 1 + maanden, 12)
    return date(jaar, maand + 1, 1)


def _within(dag: date) -> date:
    if not EERSTE_JAAR <= dag.year <= LAATSTE_JAAR:
        raise Invalid(f"Kies een jaar van {EERSTE_JAAR} tot en met {LAATSTE_JAAR}.")
    return dag


def _parse_dag(text: str, vandaag: date) -> date:
    return _within(parse_dag(text, vandaag))


def _parse_week(text: str, vandaag: date) -> date:
    match = _WEEK.fullmatch(text)
    if not match:
        raise Invalid("Schrijf een week als 2027-W14.")
    try:
        dag = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError as error:
        raise Invalid(f"Week {match[2]} van {match[1]} bestaat niet.") from error
    jaar = int(match[1])
    if vandaag.isocalendar()[:2] == (jaar, int(match[2])):
        return vandaag
    # the Monday of week 1 may lie in the year before
    return dag if EERSTE_JAAR < jaar <= LAATSTE_JAAR else _within(dag)


def _parse_maand(text: str, vandaag: date) -> date:
    match = _MAAND.fullmatch(text)
    if not match or not 1 <= int(match[2]) <= 12:
        raise Invalid("Schrijf een maand als 2027-04.")
    jaar, maand = int(match[1]), int(match[2])
    if (jaar, maand) == (vandaag.year, vandaag.month):
        return vandaag
    return _within(date(max(jaar, 1), maand, 1))


def _parse_jaar(text: str, vandaag: date) -> date:
    if not _JAAR.fullmatch(text):
        raise Invalid("Schrijf een jaar als 2027.")
    jaar = int(text)
    return vandaag if jaar == vandaag.year else _within(date(max(jaar, 1), 1, 1))


_DAGEN = {"dag": _parse_dag, "week": _parse_week, "maand": _parse_maand, "jaar": _parse_jaar}


def _code(text: str) -> str:
    return text if _CODE.fullmatch(text) else ""
