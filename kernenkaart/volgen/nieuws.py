"""What there is to tell: what a follower knows of things beside what they are now. No database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import hypot
from typing import Any, Self

from kernenkaart.tijd import AMSTERDAM

Sleutel = tuple[str, int]  # name of a layer, key

VERDER_M = 100  # a marker that moves less stays where it is
VAN_DE_BAAN = {"afgelast", "vervallen", "gestopt"}
STIL = {"werkzaamheden": {"bezig", "klaar"}}  # statuses that a thing gets as planned


class Soort(StrEnum):
    """What happened to a thing, in the order in which a mail tells it."""

    NIET_DOOR = "niet_door"
    WEG = "weg"
    VERPLAATST = "verplaatst"
    WEER_DOOR = "weer_door"
    STATUS = "status"
    NIEUW = "nieuw"


@dataclass(frozen=True)
class Stand:
    """A thing at one moment: what is told of it, and what is remembered that was told.

    Attributes:
        begint_op: first moment; None without dates.
        eindigt_op: first moment after it; None is open-ended.
        plek: name of the place; may be empty.
        kern: name of the kern; may be empty.
        xy: its marker in RD, whole metres; None without a place.
        reeks: key of the series it is one time of.
        nauwkeurigheid: how precisely the days of a work are known; None is exactly.
    """

    laag: str
    id: int
    titel: str
    begint_op: datetime | None
    eindigt_op: datetime | None
    hele_dag: bool
    status: str
    plek: str
    kern: str
    xy: tuple[int, int] | None
    reeks: int | None
    nauwkeurigheid: str | None = None  # what was told before it was kept does not have it

    @property
    def sleutel(self) -> Sleutel:
        """Which thing it is."""
        return self.laag, self.id

    def is_over(self, moment: datetime) -> bool:
        """Whether it has ended by then."""
        return self.eindigt_op is not None and self.eindigt_op <= moment

    def to_json(self) -> dict[str, Any]:
        """As it is kept: without its key, moments as text."""
        found = asdict(self)
        del found["laag"], found["id"]
        for naam in ("begint_op", "eindigt_op"):
            found[naam] = found[naam] and found[naam].astimezone(AMSTERDAM).isoformat()
        return found

    @classmethod
    def from_json(cls, laag: str, ding_id: int, gegevens: Mapping[str, Any]) -> Self:
        """What ``to_json`` made."""
        moments = {
            naam: gegevens[naam] and datetime.fromisoformat(gegevens[naam])
            for naam in ("begint_op", "eindigt_op")
        }
        xy = gegevens["xy"] and tuple(gegevens["xy"])
        return cls(laag=laag, id=ding_id, **{**gegevens, **moments, "xy": xy})


@dataclass(frozen=True)
class Ding:
    """A thing as it is now.

    Attributes:
        wie: whose it is.
        kort: the hinder of a work in a few words; empty for other things.
        herhaling: when a series comes back, in words; empty without one.
        reeks_dag: the day that the rule of its series gives.
    """

    stand: Stand
    wie: str = ""
    kort: str = ""
    herhaling: str = ""
    reeks_dag: date | None = None

    def by_rule(self) -> Stand | None:
        """How the rule of its series has it, if it was moved to another day."""
        begin, dag = self.stand.begint_op, self.reeks_dag
        if begin is None or dag is None or begin.astimezone(AMSTERDAM).date() == dag:
            return None
        # shifted on the clock: 20.00 stays 20.00
        shift = dag - begin.astimezone(AMSTERDAM).date()
        return replace(
            self.stand,
            begint_op=_shifted(self.stand.begint_op, shift),
            eindigt_op=_shifted(self.stand.eindigt_op, shift),
        )


@dataclass(frozen=True)
class Melding:
    """One thing to tell.

    Attributes:
        ding: as it is now; as it was for what is gone.
        was: as the follower knew it; None for what is new.
        meer: how many more times of the same series this holds for.
    """

    soort: Soort
    ding: Ding
    was: Stand | None = None
    meer: int = 0


@dataclass(frozen=True)
class Nieuws:
    """What comes of one comparison.

    Attributes:
        meldingen: what to tell.
        weet: what is to be remembered, new or instead of what was.
        vergeet: what need not be remembered any more.
    """

    meldingen: Sequence[Melding] = ()
    weet: Sequence[Stand] = ()
    vergeet: Sequence[Sleutel] = field(default=())


def compare(
    bekend: Mapping[Sleutel, Stand],
    gevonden: Sequence[Ding],
    elders: Mapping[Sleutel, Ding],
    moment: datetime,
) -> Nieuws:
    """What a follower is to be told.

    Args:
        bekend: what the follower knows.
        gevonden: what is followed now, soonest first.
        elders: of what is known and not in ``gevonden``: what everybody still sees of it.
        moment: now; what ended by then is no news.
    """
    meldingen: list[Melding] = []
    weet: list[Stand] = []
    vergeet: list[Sleutel] = []
    reeksen = {stand.reeks for stand in bekend.values()} - {None}
    for ding in gevonden:
        was = bekend.get(ding.stand.sleutel)
        if was is None:
            meldingen += _first_seen(ding, moment, known=ding.stand.reeks in reeksen)
        else:
            meldingen += _changed(was, ding, moment)
        if was != ding.stand:
            weet.append(ding.stand)
    here = {ding.stand.sleutel for ding in gevonden}
    for sleutel, was in bekend.items():
        if sleutel in here:
            continue
        nu = elders.get(sleutel)
        if nu is None:
            vergeet.append(sleutel)
            if not was.is_over(moment) and was.status not in VAN_DE_BAAN:
                meldingen.append(Melding(Soort.WEG, Ding(was), was))
        elif was.is_over(moment) and nu.stand.is_over(moment):
            vergeet.append(sleutel)
        else:
            meldingen += _changed(was, nu, moment)
            if was != nu.stand:
                weet.append(nu.stand)
    return Nieuws(_per_reeks(meldingen), weet, vergeet)


def _first_seen(ding: Ding, moment: datetime, *, known: bool) -> Iterable[Melding]:
    """Of a thing that the follower has not met. Times of a known series speak for themselves."""
    if ding.stand.is_over(moment):
        return
    off = ding.stand.status in VAN_DE_BAAN
    if not known:
        if not off:
            yield Melding(Soort.NIEUW, ding)
    elif off:
        yield Melding(Soort.NIET_DOOR, ding, ding.stand)
    elif (by_rule := ding.by_rule()) is not None:
        yield Melding(Soort.VERPLAATST, ding, by_rule)


def _changed(was: Stand, ding: Ding, moment: datetime) -> Iterable[Melding]:
    nu = ding.stand
    if was.is_over(moment) and nu.is_over(moment):
        return
    before, after = was.status in VAN_DE_BAAN, nu.status in VAN_DE_BAAN
    if after:
        if not before:
            yield Melding(Soort.NIET_DOOR, ding, was)
    elif before:
        yield Melding(Soort.WEER_DOOR, ding, was)
    elif _moved(was, nu):
        yield Melding(Soort.VERPLAATST, ding, was)
    elif was.status != nu.status and nu.status not in STIL.get(nu.laag, ()):
        yield Melding(Soort.STATUS, ding, was)


def _moved(was: Stand, nu: Stand) -> bool:
    """Whether it is at another time or another place."""
    if (was.begint_op, was.eindigt_op, was.hele_dag) != (nu.begint_op, nu.eindigt_op, nu.hele_dag):
        return True
    if (was.plek, was.kern) != (nu.plek, nu.kern):
        return True
    if was.xy is None or nu.xy is None:
        return was.xy != nu.xy
    return hypot(was.xy[0] - nu.xy[0], was.xy[1] - nu.xy[1]) > VERDER_M


def _per_reeks(meldingen: Iterable[Melding]) -> list[Melding]:
    """The same news of several times of a series told once, with how many more."""
    found: dict[tuple[Soort, object], Melding] = {}
    order = list(Soort)
    for melding in sorted(meldingen, key=lambda m: (order.index(m.soort), _when(m))):
        stand = melding.ding.stand
        key = melding.soort, stand.sleutel if stand.reeks is None else stand.reeks
        first = found.get(key)
        found[key] = replace(first, meer=first.meer + 1) if first else melding
    return list(found.values())


def _when(melding: Melding) -> tuple[bool, float]:
    begin = melding.ding.stand.begint_op
    return begin is None, begin.timestamp() if begin else 0.0


def _shifted(moment: datetime | None, shift: timedelta) -> datetime | None:
    return moment and moment.astimezone(AMSTERDAM) + shift
