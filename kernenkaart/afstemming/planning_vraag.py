"""What a planner wants to see in time: one frozen value, read from an address and back."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self

from kernenkaart.lagen.filter import TEKST_MAX, Args
from kernenkaart.tijd import MAANDEN, Periode
from kernenkaart.werkzaamheden.models import Status

DUREN = (3, 6, 14, 24, 36, 60, 120)  # months to choose from
DUUR = 14
EERSTE_JAAR, LAATSTE_JAAR = 1950, 2150
PROJECTEN = "projecten"  # the one kind that is no kind of work
STATUSSEN = tuple(status for status in Status if status is not Status.VERVALLEN)
_WAAR = re.compile(r"kern\.[a-z0-9-]{1,120}|gebied\.[0-9]{1,9}", re.ASCII)
_MAAND = re.compile(r"([0-9]{4})-([0-9]{1,2})", re.ASCII)
_NUMMER = re.compile(r"[0-9]{1,9}", re.ASCII)
_CODE = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)
_SLEUTEL = re.compile(r"(?:werkzaamheid|project|activiteit)-[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class PlanVraag:
    """The state of the planning page, as it stands in the address.

    Attributes:
        van: the first day of the first month.
        maanden: how many months; one of ``DUREN``.
        waar: ``kern.<slug>``, ``gebied.<key>`` or empty: the whole gemeente.
        organisatie: key of whose works; None is everybody.
        soort: code of a kind of work, or ``projecten``; empty is all.
        status: code of a status of works; empty is all.
        q: words in title or place.
        gekozen: ``werkzaamheid-12``: the one that is chosen; empty is none.
    """

    van: date
    maanden: int = DUUR
    waar: str = ""
    organisatie: int | None = None
    soort: str = ""
    status: str = ""
    q: str = ""
    gekozen: str = ""

    @classmethod
    def from_args(cls, args: Args, vandaag: date) -> tuple[Self, dict[str, str]]:
        """Read an address; what cannot be read is left out and told.

        ``kern=<slug>`` alone is read as well, for who writes the address by hand.

        Returns:
            The question, and per field a Dutch sentence about what was wrong with it.
        """
        fouten: dict[str, str] = {}

        def get(veld: str, patroon: re.Pattern[str], zin: str) -> str:
            text = args.get(veld, "").strip()
            if text and not patroon.fullmatch(text):
                fouten[veld] = zin
                return ""
            return text

        waar = get("waar", _WAAR, "Deze kern of dit gebied bestaat niet. Kies uit de lijst.")
        if not waar and (kern := args.get("kern", "").strip()) and _WAAR.fullmatch(f"kern.{kern}"):
            waar = f"kern.{kern}"
        organisatie = get("organisatie", _NUMMER, "Deze organisatie bestaat niet.")
        status = get("status", _CODE, "Deze status bestaat niet. Kies uit de lijst.")
        if status and status not in STATUSSEN:
            fouten["status"], status = "Deze status bestaat niet. Kies uit de lijst.", ""
        duur = get("maanden", _NUMMER, "Deze periode bestaat niet. Kies uit de lijst.")
        if duur and int(duur) not in DUREN:
            fouten["maanden"], duur = "Deze periode bestaat niet. Kies uit de lijst.", ""
        return cls(
            van=_first_month(args.get("van", "").strip(), vandaag, fouten),
            maanden=int(duur or DUUR),
            waar=waar,
            organisatie=int(organisatie) if organisatie else None,
            soort=get("soort", _CODE, "Deze soort bestaat niet. Kies uit de lijst."),
            status=status,
            q=" ".join(args.get("q", "").replace("\0", " ").split())[:TEKST_MAX],
            gekozen=get("gekozen", _SLEUTEL, "Dit staat niet in de planning."),
        ), fouten

    def to_args(self, vandaag: date) -> dict[str, Any]:
        """The address again, as short as can be: what is default is left out."""
        values: dict[str, Any] = {
            "waar": self.waar,
            "organisatie": self.organisatie,
            "van": f"{self.van:%Y-%m}" if self.van != vandaag.replace(day=1) else "",
            "maanden": self.maanden if self.maanden != DUUR else "",
            "soort": self.soort,
            "status": self.status,
            "q": self.q,
            "gekozen": self.gekozen,
        }
        return {naam: waarde for naam, waarde in values.items() if waarde not in ("", None)}

    @property
    def kern(self) -> str | None:
        """Slug of the kern it is about; None is a gebied or the gemeente."""
        soort, _, slug = self.waar.partition(".")
        return slug if soort == "kern" else None

    @property
    def gebied_id(self) -> int | None:
        """Key of the gebied it is about."""
        soort, _, key = self.waar.partition(".")
        return int(key) if soort == "gebied" else None

    @property
    def periode(self) -> Periode:
        """Its days: whole months, both ends included."""
        return Periode(self.van, add_months(self.van, self.maanden) - timedelta(days=1))

    @property
    def gefilterd(self) -> bool:
        """Whether it asks for less than all that goes on somewhere."""
        return bool(self.organisatie or self.soort or self.status or self.q)

    def moved(self, maanden: int) -> Self:
        """The same question so many months later (or, below 0, earlier)."""
        return replace(self, van=add_months(self.van, maanden), gekozen="")


def add_months(dag: date, maanden: int) -> date:
    """The first day of the month so many months after that of ``dag``, within the years we know."""
    maand = dag.year * 12 + dag.month - 1 + maanden
    maand = min(max(maand, EERSTE_JAAR * 12), LAATSTE_JAAR * 12)
    return date(maand // 12, maand % 12 + 1, 1)


def format_months(eerste: date, laatste: date) -> str:
    """A period as its first and last month: ``apr 2027 - mei 2028``."""
    begin, eind = (f"{short_month(dag)} {dag.year}" for dag in (eerste, laatste))
    return begin if begin == eind else f"{begin} - {eind}"


def short_month(dag: date) -> str:
    """The first three letters of its month."""
    return "mrt" if dag.month == 3 else MAANDEN[dag.month - 1][:3]


def _first_month(text: str, vandaag: date, fouten: dict[str, str]) -> date:
    if not text:
        return vandaag.replace(day=1)
    match = _MAAND.fullmatch(text)
    if match and 1 <= int(match[2]) <= 12 and EERSTE_JAAR <= int(match[1]) < LAATSTE_JAAR:
        return date(int(match[1]), int(match[2]), 1)
    fouten["van"] = "Schrijf de eerste maand als 2027-04."
    return vandaag.replace(day=1)
