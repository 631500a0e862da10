"""The rule by which an activity comes back: a part of RFC 5545 that works on days.

RFC 5545 knows no Easter: ``BYEASTER``, days after it, is our own and is told to nobody else.

The clock plays no part here. A time of the series is a day by this rule, and on it the hours that
the series has on the clock of Amsterdam: so 20.00 stays 20.00 when the clock is changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal, Self

from dateutil import rrule

from kernenkaart.activiteiten.pasen import BEREIK, days_with, name_of
from kernenkaart.tijd import MAANDEN, WEEKDAGEN_VOLUIT, format_dag

DAG_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KEREN_MAX = 1000
TUSSEN_MAX = 99
LENGTE = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # most days of each month
ZOEK_JAREN = 9  # 29 February is at most 8 years away


class Frequentie(StrEnum):
    """Per what the rule counts (FREQ)."""

    DAG = "DAILY"
    WEEK = "WEEKLY"
    MAAND = "MONTHLY"
    JAAR = "YEARLY"


_DATEUTIL: dict[Frequentie, Literal[0, 1, 2, 3]] = {
    Frequentie.DAG: rrule.DAILY,
    Frequentie.WEEK: rrule.WEEKLY,
    Frequentie.MAAND: rrule.MONTHLY,
    Frequentie.JAAR: rrule.YEARLY,
}
_LOS = {Frequentie.DAG: "dag", Frequentie.WEEK: "week", Frequentie.MAAND: "maand"}
_MEER = {
    Frequentie.DAG: "dagen",
    Frequentie.WEEK: "weken",
    Frequentie.MAAND: "maanden",
    Frequentie.JAAR: "jaar",
}


@dataclass(frozen=True, order=True)
class Weekdag:
    """A day of the week (BYDAY).

    Attributes:
        dag: 0 is Monday.
        nummer: which one of the month: 1 to 5, or -1 for the last; None is each one.
    """

    dag: int
    nummer: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.dag <= 6 or self.nummer not in (None, -1, 1, 2, 3, 4, 5):
            raise ValueError("Deze dag bestaat niet.")

    def __str__(self) -> str:
        return f"{self.nummer or ''}{DAG_CODES[self.dag]}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """``SA``, ``1SA`` or ``-1FR``."""
        number, code = text[:-2], text[-2:]
        if code not in DAG_CODES:
            raise ValueError("Deze dag bestaat niet.")
        return cls(DAG_CODES.index(code), int(number) if number else None)

    @property
    def woorden(self) -> str:
        """``dinsdag``, ``1e zaterdag``, ``laatste vrijdag``."""
        naam = WEEKDAGEN_VOLUIT[self.dag]
        if self.nummer is None:
            return naam
        return f"laatste {naam}" if self.nummer == -1 else f"{self.nummer}e {naam}"


@dataclass(frozen=True)
class Regel:
    """When something comes back.

    Attributes:
        tussen: every so many days, weeks, months or years (INTERVAL).
        weekdagen: on these days of the week; with a number only per month or year.
        maanddag: on this day of the month: 1 to 31, or -1 for the last (BYMONTHDAY).
        pasen: so many days after Easter each year, negative is before; then no other day is said.
        maanden: only in these months, 1 to 12; empty is all (BYMONTH).
        tot: last day on which it may be (UNTIL).
        keren: so many times in all (COUNT); not together with ``tot``.

    Raises:
        ValueError: with a Dutch sentence, if these do not go together.
    """

    per: Frequentie
    tussen: int = 1
    weekdagen: tuple[Weekdag, ...] = ()
    maanddag: int | None = None
    pasen: int | None = None
    maanden: tuple[int, ...] = ()
    tot: date | None = None
    keren: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.tussen <= TUSSEN_MAX:
            raise ValueError(f"Vul een getal van 1 tot en met {TUSSEN_MAX} in.")
        if self.tot and self.keren:
            raise ValueError("Kies een laatste dag of een aantal keer, niet allebei.")
        if self.keren is not None and not 1 <= self.keren <= KEREN_MAX:
            raise ValueError(f"Vul een aantal van 1 tot en met {KEREN_MAX} in.")
        if self.maanddag is not None and not (self.maanddag == -1 or 1 <= self.maanddag <= 31):
            raise ValueError("Deze dag van de maand bestaat niet.")
        if any(not 1 <= maand <= 12 for maand in self.maanden):
            raise ValueError("Deze maand bestaat niet.")
        longest = max((LENGTE[maand - 1] for maand in self.maanden), default=31)
        if self.maanddag is not None and self.maanddag > longest:
            raise ValueError("Deze dag bestaat niet in die maand.")
        numbered = any(weekdag.nummer for weekdag in self.weekdagen)
        if numbered and self.per in (Frequentie.DAG, Frequentie.WEEK):
            raise ValueError("De hoeveelste dag kan alleen per maand of per jaar.")
        if self.maanddag is not None and self.weekdagen:
            raise ValueError("Kies een dag van de week of een dag van de maand, niet allebei.")
        if self.pasen is not None:
            self._check_pasen(self.pasen)
        elif self.per is Frequentie.JAAR and len(self.maanden) != 1:
            raise ValueError("Kies de maand waarin het elk jaar is.")

    def _check_pasen(self, later: int) -> None:
        if self.per is not Frequentie.JAAR:
            raise ValueError("Met Pasen mee kan alleen elk jaar.")
        if self.weekdagen or self.maanden or self.maanddag is not None:
            raise ValueError("Kies een dag van de maand of een dag met Pasen, niet allebei.")
        if abs(later) > BEREIK:
            raise ValueError("Deze dag schuift niet mee met Pasen. Kies een andere dag.")

    def __str__(self) -> str:
        """As RFC 5545 writes it, but for Easter; ``tot`` as a day."""
        parts = {
            "FREQ": self.per.value,
            "INTERVAL": str(self.tussen) if self.tussen > 1 else "",
            "BYMONTH": ",".join(map(str, self.maanden)),
            "BYMONTHDAY": str(self.maanddag or ""),
            "BYDAY": ",".join(map(str, self.weekdagen)),
            "BYEASTER": "" if self.pasen is None else str(self.pasen),
            "COUNT": str(self.keren or ""),
            "UNTIL": f"{self.tot:%Y%m%d}" if self.tot else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    @classmethod
    def parse(cls, text: str) -> Self:
        """What ``str()`` gives, back.

        Raises:
            ValueError: if it is no such rule.
        """
        parts = dict(part.split("=", 1) for part in text.split(";"))
        until, later = parts.pop("UNTIL", ""), parts.pop("BYEASTER", None)
        found = cls(
            per=Frequentie(parts.pop("FREQ", "")),
            tussen=int(parts.pop("INTERVAL", "1")),
            maanden=tuple(int(part) for part in parts.pop("BYMONTH", "").split(",") if part),
            maanddag=int(parts.pop("BYMONTHDAY", "0")) or None,
            pasen=None if later is None else int(later),
            weekdagen=tuple(
                Weekdag.parse(part) for part in parts.pop("BYDAY", "").split(",") if part
            ),
            keren=int(parts.pop("COUNT", "0")) or None,
            tot=datetime.strptime(until, "%Y%m%d").date() if until else None,  # noqa: DTZ007
        )
        if parts:
            raise ValueError(f"onbekend deel van een regel: {', '.join(sorted(parts))}")
        return found

    def days(self, eerste: date, tot: date) -> list[date]:
        """The days of the series that begins on ``eerste``, up to and including ``tot``.

        Args:
            eerste: a day by the rule: see ``first_day``.
        """
        einde = min(tot, self.tot) if self.tot else tot
        if einde < eerste:
            return []
        if self.pasen is not None:
            moved = list(days_with(self.pasen, eerste, einde, self.tussen))
            return moved[: self.keren] if self.keren else moved
        found = rrule.rrule(
            _DATEUTIL[self.per],
            dtstart=datetime.combine(eerste, time()),
            interval=self.tussen,
            wkst=rrule.MO,
            bymonth=self.maanden or None,
            bymonthday=self.maanddag,
            byweekday=[rrule.weekday(dag.dag, dag.nummer) for dag in self.weekdagen] or None,
            until=datetime.combine(einde, time()),
        )
        days = [moment.date() for moment in found]
        return days[: self.keren] if self.keren else days

    def first_day(self, vanaf: date) -> date | None:
        """The first day by the rule on or after ``vanaf``; None if there is none.

        Of a rule that counts from its first day (every second week, the same day each month) that
        day is ``vanaf`` itself, unless the rule says otherwise.
        """
        soon = replace(self, tussen=1, keren=None)
        days = soon.days(vanaf, vanaf + timedelta(days=366 * ZOEK_JAREN))
        return days[0] if days else None

    @property
    def woorden(self) -> str:
        """The rule in plain words: ``Elke 1e zaterdag, niet in juli``."""
        parts = [f"{self._base()}{self._months()}"]
        if self.keren:
            parts.append(f"{self.keren} keer")
        if self.tot:
            parts.append(f"t/m {format_dag(self.tot)}")
        return ", ".join(parts)

    def _base(self) -> str:
        days = list_words([weekdag.woorden for weekdag in self.weekdagen])
        if self.per is Frequentie.JAAR:
            often = "Elk jaar" if self.tussen == 1 else f"Elke {self.tussen} jaar"
            if self.pasen is not None:
                return f"{often} op {name_of(self.pasen)}"
            maand = MAANDEN[self.maanden[0] - 1]
            if days:
                return f"{often} op de {days} van {maand}"
            if self.maanddag == -1:
                return f"{often} op de laatste dag van {maand}"
            return f"{often} op {self.maanddag} {maand}" if self.maanddag else f"{often} in {maand}"
        if self.maanddag:
            days = "laatste dag" if self.maanddag == -1 else f"{self.maanddag}e"
            days += " van de maand"
        if self.tussen == 1:
            return f"Elke {days or _LOS[self.per]}"
        often = f"Elke {self.tussen} {_MEER[self.per]}"
        if (self.per, self.tussen) == (Frequentie.WEEK, 2):
            often = "Om de week"
        if not days:
            return often
        return f"{often} op {days}" if self.per is Frequentie.WEEK else f"{often} op de {days}"

    def _months(self) -> str:
        if not self.maanden or self.per is Frequentie.JAAR:
            return ""
        rest = [maand for maand in range(1, 13) if maand not in self.maanden]
        if len(rest) < len(self.maanden):
            return f", niet in {list_words([MAANDEN[maand - 1] for maand in rest])}" if rest else ""
        return f", alleen in {list_words([MAANDEN[maand - 1] for maand in self.maanden])}"


def list_words(words: Sequence[str]) -> str:
    """``a, b en c``."""
    *first, last = words or [""]
    return f"{', '.join(first)} en {last}" if first else last


def ends_within(regel: Regel, eerste: date, laatste: date) -> Regel:
    """The same rule, that stops after ``laatste``; a rule of so many times keeps counting days.

    Args:
        eerste: first day of the series.
    """
    if regel.keren:
        keren = len(regel.days(eerste, laatste))
        return replace(regel, keren=max(keren, 1))
    return replace(regel, tot=min(laatste, regel.tot) if regel.tot else laatste)
