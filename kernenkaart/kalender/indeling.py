"""Where everything stands: rows of the database as the months, weeks and days of a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from kernenkaart.kalender.feestdagen import find_feestdagen
from kernenkaart.kalender.vakanties import find_vakanties
from kernenkaart.labels.templating import word
from kernenkaart.tijd import MAANDEN, Periode, format_dag, format_tijd
from kernenkaart.web.dingen import GEWOON, ONZEKER, VAN_DE_BAAN

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Vermelding:
    """One line of the calendar, all texts ready to print (and still to be escaped).

    Attributes:
        dag: the day it stands on.
        aard: ``eigen``, ``buur`` (of a neighbouring kern), ``werk`` or ``feest``.
        titel: what it is called.
        url: its own page; empty of a feast.
        klein: where, how sure, until when; may be empty.
        tijd: when it begins on ``dag``: ``19.30``; empty of whole days.
        onzeker: whether it may not happen.
        af: whether it does not happen.
        vervolg: whether it began on a day before.
        dagen: the other days on which the same stands, when those are told in one line.
    """

    dag: date
    aard: str
    titel: str
    url: str = ""
    klein: str = ""
    tijd: str = ""
    onzeker: bool = False
    af: bool = False
    vervolg: bool = False
    dagen: tuple[date, ...] = ()

    @property
    def klein_en_tijd(self) -> str:
        """The same with the time at which it begins, when it goes on and ends that day."""
        meer_dagen = self.vervolg or "t/m " in self.klein
        return ", ".join(filter(None, (self.klein, "" if self.af or meer_dagen else self.tijd)))


@dataclass(frozen=True)
class Dag:
    """One day: what stands on it, and how many more there are."""

    dag: date
    vermeldingen: tuple[Vermelding, ...]
    meer: int = 0


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, with the number by ISO 8601."""

    nummer: int
    dagen: tuple[Dag, ...]


@dataclass(frozen=True)
class Maand:
    """One month of a year.

    Attributes:
        activiteiten: how many of the kern's own stand in it, also when not all are shown.
        gaan_door: how many of these were not called off.
        meer: how many things are not shown.
    """

    eerste: date
    vermeldingen: tuple[Vermelding, ...]
    activiteiten: int
    gaan_door: int
    meer: int

    @property
    def naam(self) -> str:
        """``April``."""
        return MAANDEN[self.eerste.month - 1].capitalize()


def to_months(rows: Iterable[Row], jaar: int, *, met_kern: bool, regio: str | None) -> list[Maand]:
    """The twelve months of a year.

    Args:
        rows: as ``queries.find_per_maand`` gives them.
        met_kern: whether every line names its kern; else only those of neighbours do.
        regio: of the school holidays that stand between them with the feast days; None is neither.
    """
    per_maand: dict[int, list[Row]] = {maand: [] for maand in range(1, 13)}
    for row in rows:
        per_maand[row["dag"].month].append(row)
    vrij = [] if regio is None else _days_off(jaar, regio)
    months = []
    for maand, found in per_maand.items():
        lines = [line for line in vrij if line.dag.month == maand]
        lines += [to_vermelding(row, met_kern=met_kern, eenmaal=True) for row in found]
        months.append(
            Maand(
                date(jaar, maand, 1),
                tuple(sorted(lines, key=lambda line: (line.dag, line.aard != "feest"))),
                activiteiten=found[0]["activiteiten"] if found else 0,
                gaan_door=found[0]["gaan_door"] if found else 0,
                meer=found[0]["totaal"] - len(found) if found else 0,
            )
        )
    return months


def to_days(
    rows: Iterable[Row], periode: Periode, *, met_kern: bool, regio: str | None
) -> list[Dag]:
    """Every day of a period, also those with nothing on them.

    Args:
        rows: as ``queries.find_per_dag`` gives them.
        regio: as for ``to_months``.
    """
    eerste, laatste = bounds(periode)
    jaren = () if regio is None else range(eerste.year, laatste.year + 1)
    vrij = [line for jaar in jaren for line in _days_off(jaar, regio or "")]
    per_dag: dict[date, list[Row]] = {}
    for row in rows:
        per_dag.setdefault(row["dag"], []).append(row)
    days = []
    for offset in range((laatste - eerste).days + 1):
        dag = eerste + timedelta(days=offset)
        found = per_dag.get(dag, [])
        lines = [line for line in vrij if line.dag == dag]
        lines += [to_vermelding(row, met_kern=met_kern) for row in found]
        meer = found[0]["totaal"] - len(found) if found else 0
        days.append(Dag(dag, tuple(lines), meer))
    return days


def _days_off(jaar: int, regio: str) -> list[Vermelding]:
    """The feast days of a year, and the days on which school holidays begin."""
    lines = [Vermelding(dag, "feest", naam) for dag, naam in find_feestdagen(jaar).items()]
    for vakantie in find_vakanties(jaar, regio):
        titel = f"Begin {vakantie.naam.lower()}"
        klein = f"t/m {format_dag(vakantie.laatste, vakantie.eerste)}"
        lines.append(Vermelding(vakantie.eerste, "feest", titel, klein=klein))
    return lines


def to_weeks(dagen: Sequence[Dag]) -> list[Week]:
    """Days as whole weeks; the first is a Monday, the last a Sunday."""
    return [
        Week(dagen[start].dag.isocalendar().week, tuple(dagen[start : start + 7]))
        for start in range(0, len(dagen), 7)
    ]


def whole_weeks(periode: Periode) -> Periode:
    """A period with the days before and after it that make its weeks whole."""
    eerste, laatste = bounds(periode)
    return Periode(
        eerste - timedelta(days=eerste.weekday()), laatste + timedelta(days=6 - laatste.weekday())
    )


def bounds(periode: Periode) -> tuple[date, date]:
    """The first and last day of a period.

    Raises:
        ValueError: if it is open-ended; a calendar never is.
    """
    if periode.eerste is None or periode.laatste is None:
        raise ValueError("A calendar has a first and a last day.")
    return periode.eerste, periode.laatste


def to_vermelding(row: Row, *, met_kern: bool, eenmaal: bool = False) -> Vermelding:
    """One row as a line on ``row["dag"]``.

    Args:
        met_kern: whether it names its kern though it is the calendar's own.
        eenmaal: whether it is its only line, that must tell when it began.
    """
    ding = "activiteit" if row["laag"] == "activiteiten" else "werkzaamheid"
    werk, status, dag = ding == "werkzaamheid", row["status"], row["dag"]
    aard = "werk" if werk else "eigen" if row["eigen"] else "buur"
    af = status in VAN_DE_BAAN
    vervolg = row["eerste"] < dag
    tijd = "" if row["hele_dag"] or vervolg else format_tijd(row["begint_op"])
    deel = [row["kern_naam"]] if met_kern or not row["eigen"] else []
    if status not in GEWOON[ding]:
        deel.append(word(status, f"{ding}.status").lower())
    if not af and (eenmaal or not vervolg):
        if row["plek"] and row["eigen"] and not werk:
            deel.append(row["plek"])
        if vervolg:
            deel.append(f"sinds {format_dag(row['eerste'], dag)}")
        if row["laatste"] > dag:
            deel.append(f"t/m {format_dag(row['laatste'], dag)}")
        if werk and row["hinder"] == "afgesloten":
            deel.append(word(row["hinder"], "werkzaamheid.hinder").lower())
    elif row["laatste"] > dag:
        deel.append(f"t/m {format_dag(row['laatste'], dag)}")
    return Vermelding(
        dag=dag,
        aard=aard,
        titel=f"Werk: {row['titel']}" if werk else row["titel"],
        url=f"/{row['laag']}/{row['id']}",
        klein=", ".join(filter(None, deel)),
        tijd=tijd,
        onzeker=status in ONZEKER,
        af=af,
        vervolg=vervolg,
    )


def merge(vermeldingen: Iterable[Vermelding]) -> list[Vermelding]:
    """The lines of a month with what has the same title and certainty told once, with its days."""
    found: dict[tuple[str, str, bool, bool], Vermelding] = {}
    for line in vermeldingen:
        key = (line.titel, line.aard, line.onzeker, line.af)
        first = found.get(key)
        found[key] = replace(first, dagen=(*first.dagen, line.dag)) if first else line
    return list(found.values())


def join_words(woorden: Sequence[str]) -> str:
    """Words as one reads them out: ``Januari, februari en maart`` of three."""
    if len(woorden) < 2:
        return "".join(woorden)
    return f"{', '.join(woorden[:-1])} en {woorden[-1]}"
