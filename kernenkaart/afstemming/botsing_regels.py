"""When a work and an activity are in each other's way, and why; nothing here asks the database."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Self

from kernenkaart.afstemming.botsing_models import Klasse
from kernenkaart.afstemming.regels import sections
from kernenkaart.tijd import AMSTERDAM, Periode

Reden = dict[str, Any]
_GETAL = re.compile(r"\b(?:\d+(?:e|de|ste)?|[ivx]+)\b")
_GEEN_LETTER = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class BotsingRegels:
    """The section ``botsing`` of ``geodata/afstemming.toml``.

    Attributes:
        zelfde_plek_m: no further apart is the same place, in metres.
        dichtbij_m: no further apart is near, in metres.
        andere_tijd_dagen: on the same place, with at most so many days between, is a clash too.
        toegang_straal_m: so far round what is closed the roads are searched, in metres.
        toegang_breedte_m: a line that is closed is so wide at either side, in metres.
        tot_weg_m: a place lies no further from the road over which it is reached, in metres.
        gebruikelijk_jaren: in so many years in the same week makes an activity usual.
        gebruikelijk_terug_jaar: so many years are looked back.
        gebruikelijk_per_jaar: what is there more often in a year is not yearly.
    """

    zelfde_plek_m: float
    dichtbij_m: float
    andere_tijd_dagen: int
    toegang_straal_m: float
    toegang_breedte_m: float
    tot_weg_m: float
    gebruikelijk_jaren: int
    gebruikelijk_terug_jaar: int
    gebruikelijk_per_jaar: int

    @classmethod
    def from_section(cls, section: Mapping[str, Any]) -> Self:
        """Read the section.

        Raises:
            ValueError: if a number is negative, or near is nearer than the same place.
        """
        regels = cls(**section)
        if min(section.values()) < 0 or regels.dichtbij_m < regels.zelfde_plek_m:
            raise ValueError("botsing: een getal is kleiner dan 0, of dichtbij_m is te klein")
        return regels


@cache
def botsing_regels() -> BotsingRegels:
    """The rules of this municipality."""
    return BotsingRegels.from_section(sections()["botsing"])


@dataclass(frozen=True)
class Uitkomst:
    """That two clash, and how; see ``Botsing`` for what the fields mean."""

    klasse: Klasse
    afstand_m: float
    dagen: int
    ertussen_dagen: int


@dataclass(frozen=True)
class Gevonden:
    """One way in which a work and an activity clash.

    Attributes:
        dagen: of the activity, as it was reckoned with.
        gebruikelijk: it is not in the calendar yet.
        samen_met: keys of the other works without which it would not clash so, ascending.
    """

    uitkomst: Uitkomst
    dagen: Periode
    redenen: list[Reden]
    gebruikelijk: bool = False
    samen_met: tuple[int, ...] = ()


def days_of(begint_op: datetime, eindigt_op: datetime) -> Periode:
    """The days in Amsterdam on which something goes on; an end at midnight is of the day before."""
    laatste = eindigt_op.astimezone(AMSTERDAM) - timedelta(microseconds=1)
    return Periode(begint_op.astimezone(AMSTERDAM).date(), laatste.date())


def shared_days(een: Periode, ander: Periode) -> tuple[int, int]:
    """How many days two closed periods share, and how many lie between them if they share none."""
    if not (een.eerste and een.laatste and ander.eerste and ander.laatste):
        raise ValueError("both periods must have two ends")
    samen = (min(een.laatste, ander.laatste) - max(een.eerste, ander.eerste)).days + 1
    return (samen, 0) if samen > 0 else (0, -samen)


def classify(
    afstand_m: float,
    werk: Periode,
    activiteit: Periode,
    regels: BotsingRegels,
    *,
    afgesneden: bool = False,
) -> Uitkomst | None:
    """How a work and an activity clash; None if they do not.

    Args:
        afstand_m: between what the work closes and where the activity is; 0 when they touch.
        werk: its days.
        activiteit: its days.
        afgesneden: whether the work takes the last way to the activity.
    """
    dagen, ertussen = shared_days(werk, activiteit)
    zelfde_plek = afstand_m <= regels.zelfde_plek_m
    klasse: Klasse | None = None
    if dagen and zelfde_plek:
        klasse = Klasse.ZELFDE_PLEK_EN_TIJD
    elif dagen and afgesneden:
        klasse = Klasse.TOEGANG
    elif dagen and afstand_m <= regels.dichtbij_m:
        klasse = Klasse.ZELFDE_TIJD
    elif zelfde_plek and ertussen <= regels.andere_tijd_dagen:
        klasse = Klasse.ZELFDE_PLEK
    return Uitkomst(klasse, afstand_m, dagen, ertussen) if klasse else None


ERNST = {klasse: nummer for nummer, klasse in enumerate(Klasse)}


def worst(uitkomsten: Iterable[Uitkomst]) -> Uitkomst:
    """The one of several (a work has phases) that counts: worst, then longest, then nearest."""
    return min(
        uitkomsten,
        key=lambda een: (ERNST[een.klasse], -een.dagen, een.ertussen_dagen, een.afstand_m),
    )


@dataclass(frozen=True)
class Geweest:
    """Something that was there in a past year."""

    id: int
    platform_id: int
    titel: str
    dagen: Periode


@dataclass(frozen=True)
class Gebruikelijk:
    """What was there in the same week of several years, so may well come again.

    Attributes:
        vorige: the last time that it was there.
        dagen: when it would be this time.
        jaren: the years in which it was there in that week, oldest first.
    """

    vorige: Geweest
    dagen: Periode
    jaren: tuple[int, ...]


def name_of(titel: str) -> str:
    """A title without what differs per year: ``Kermis Tricht 2026`` is ``kermis tricht``."""
    kaal = _GEEN_LETTER.sub(" ", _GETAL.sub(" ", titel.casefold()))
    return " ".join(kaal.split()) or titel.casefold().strip()


def find_usual(geweest: Sequence[Geweest], jaar: int, regels: BotsingRegels) -> list[Gebruikelijk]:
    """What one may expect in ``jaar``, though nobody entered it.

    The same group had it under the same name, in the same week (one earlier or later counts too)
    of enough years, the last of them at most two ago. What is there more often in a year is a
    habit of another kind.

    Args:
        geweest: what took place in the years before ``jaar``; later ones are left out.
    """
    per_naam: dict[tuple[int, str], list[Geweest]] = {}
    for een in geweest:
        if een.dagen.eerste and een.dagen.eerste.isocalendar().year < jaar:
            per_naam.setdefault((een.platform_id, name_of(een.titel)), []).append(een)
    found = []
    for keren in per_naam.values():
        vorige = max(keren, key=lambda een: (_first(een), een.id))
        week = _first(vorige).isocalendar().week
        jaren = sorted(
            {_first(een).isocalendar().year for een in keren if _near(_first(een), week)}
        )
        per_jaar = Counter(_first(een).isocalendar().year for een in keren)
        if (
            len(jaren) >= regels.gebruikelijk_jaren
            and jaren[-1] >= jaar - 2
            and max(per_jaar.values()) <= regels.gebruikelijk_per_jaar
        ):
            found.append(Gebruikelijk(vorige, _in_year(vorige.dagen, jaar), tuple(jaren)))
    return sorted(found, key=lambda een: een.vorige.id)


def _first(een: Geweest) -> date:
    if een.dagen.eerste is None:
        raise ValueError("an activity has a first day")
    return een.dagen.eerste


def _near(dag: date, week: int) -> bool:
    verschil = abs(dag.isocalendar().week - week)
    return min(verschil, 52 - verschil) <= 1


def _in_year(dagen: Periode, jaar: int) -> Periode:
    """The same week and days of the week in another year; week 53 may be 52 there."""
    if dagen.eerste is None or dagen.laatste is None:
        raise ValueError("both ends must be known")
    toen = dagen.eerste.isocalendar()
    weken = date(jaar, 12, 28).isocalendar().week  # that day is always in the last week
    eerste = date.fromisocalendar(jaar, min(toen.week, weken), toen.weekday)
    return Periode(eerste, eerste + (dagen.laatste - dagen.eerste))


def reasons(
    uitkomst: Uitkomst,
    *,
    werk: Periode,
    activiteit: Periode,
    duur_dagen: int | None = None,
    jaren: Sequence[int] = (),
    onzeker: bool = False,
) -> list[Reden]:
    """Why two clash, as values to keep; ``botsing_woorden.tell`` says them in Dutch.

    Args:
        duur_dagen: how long the work takes within its days, when that is less than all of them.
        jaren: of a usual activity, the years in which it was there.
        onzeker: whether it is expected only.
    """
    redenen: list[Reden] = [{"code": "afstand", "m": round(uitkomst.afstand_m)}]
    if uitkomst.klasse is Klasse.TOEGANG:
        redenen.insert(0, {"code": "toegang"})
    if uitkomst.dagen and werk.eerste and werk.laatste and activiteit.eerste and activiteit.laatste:
        redenen.append(
            {
                "code": "samen",
                "dagen": uitkomst.dagen,
                "eerste": max(werk.eerste, activiteit.eerste).isoformat(),
                "laatste": min(werk.laatste, activiteit.laatste).isoformat(),
            }
        )
        lengte = (werk.laatste - werk.eerste).days + 1
        if duur_dagen is not None and duur_dagen + uitkomst.dagen <= lengte:
            redenen.append({"code": "ruimte", "duur": duur_dagen, "lengte": lengte})
    else:
        redenen.append({"code": "ertussen", "dagen": uitkomst.ertussen_dagen})
    if jaren:
        redenen.append({"code": "gebruikelijk", "jaren": list(jaren)})
    elif onzeker:
        redenen.append({"code": "verwacht"})
    return redenen
