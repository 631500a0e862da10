"""The best days for two works at once, round what goes on there: pure functions.

Every way to place both works within their own slack is weighed. The best one has both at work on
as many days as can be; of those the one that is least in the way of an activity; of those the one
that moves both least, the surer one less than the other; of those the earliest.

Days are dates, both ends included. Moving everything by the same days moves the answer with it;
more slack never makes it worse.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kernenkaart.afstemming.koppel_models import Kant
from kernenkaart.afstemming.koppel_regels import PLANBAAR, VAST, Werk
from kernenkaart.tijd import Periode
from kernenkaart.werkzaamheden.models import Status

VOORUIT_DAGEN = 1100  # further ahead than three years nobody plans by the day
NABIJ_DAGEN = 31  # what is further from the best days than this is not worth telling
_Som = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Beletsel:
    """An activity where one of two works closes something.

    Attributes:
        kant: of which of both works.
        dagen: on which the activity is, both ends known.
        zelfde_plek: whether it is where the work closes, so that shortly before or after counts.
        zeker: whether its group said that it takes place; else it is expected, or usual.
        deel: first and last day on which that place is closed, counted from the first day of the
            work, when that is one phase of it; None: as long as the work takes.
    """

    kant: Kant
    activiteit_id: int
    titel: str
    dagen: Periode
    zelfde_plek: bool
    zeker: bool = True
    deel: tuple[int, int] | None = None


@dataclass(frozen=True)
class Verplaatsing:
    """Where one of both works goes.

    Attributes:
        schuift_dagen: so many days later than it is planned, negative when earlier; 0 when it can
            stay as it is.
    """

    eerste: date
    laatste: date
    schuift_dagen: int


@dataclass(frozen=True)
class InDeWeg:
    """What stands in the way even on the best days.

    Attributes:
        samen_dagen: so many days at once; 0 when it is shortly before or after.
        ertussen_dagen: so many days lie between them when there are none at once.
    """

    beletsel: Beletsel
    samen_dagen: int
    ertussen_dagen: int


@dataclass(frozen=True)
class Venster:
    """The best days for both works.

    Attributes:
        samen: the days on which both are at work.
        in_de_weg: the worst first; empty when the days are free.
        eromheen: activities that these days go round, the nearest first: those that are in the
            way of what is planned now, and those shortly before or after.
        beletsels: all activities that were reckoned with, the nearest first; each once.
    """

    verplaatsing: Mapping[Kant, Verplaatsing]
    samen: Periode
    in_de_weg: Sequence[InDeWeg]
    eromheen: Sequence[Beletsel]
    beletsels: Sequence[Beletsel]

    @property
    def eerste(self) -> date:
        """The first day of the work that begins first."""
        return min(een.eerste for een in self.verplaatsing.values())

    @property
    def laatste(self) -> date:
        """The last day of the work that ends last."""
        return max(een.laatste for een in self.verplaatsing.values())


def find_venster(
    werken: Mapping[Kant, Werk],
    beletsels: Iterable[Beletsel],
    vandaag: date,
    marge_dagen: int,
) -> Venster | None:
    """The best days for two works; None when they cannot be at work on the same day.

    Args:
        vandaag: nothing is moved to before it.
        marge_dagen: at the same place, with at most so many days between is in the way too.
    """
    if any(werk.status not in PLANBAAR for werk in werken.values()):
        return None
    a, b = (to_plan(werken[kant], vandaag) for kant in Kant)
    deel = (min(a.laatst, b.laatst) - max(a.vroegst, b.vroegst)).days + 1
    samen = min(a.duur, b.duur, deel)
    if samen <= 0:
        return None
    alle = list(beletsels)
    lasten = [
        _weigh(werk, ander, [een for een in alle if een.kant is kant], marge_dagen)
        for kant, werk, ander in ((Kant.A, a, b), (Kant.B, b, a))
    ]
    beste = _least(lasten[0], lasten[1], (a.duur, b.duur), samen)
    if beste is None:
        return None
    gekozen = {
        kant: Verplaatsing(begin, begin + timedelta(days=werk.duur - 1), _moved(werk, begin))
        for kant, werk, begin in zip(Kant, (a, b), map(date.fromordinal, beste), strict=True)
    }
    return _describe(werken, gekozen, alle, marge_dagen)


def to_plan(werk: Werk, vandaag: date) -> Werk:
    """A work with the slack that is left: what has begun stays, nothing moves into the past."""
    if werk.status is Status.BEZIG:
        return replace(werk, vroegst=werk.eerste, laatst=werk.laatste)
    ver = max(werk.laatste, vandaag + timedelta(days=VOORUIT_DAGEN))
    return replace(
        werk,
        vroegst=max(werk.vroegst, min(werk.eerste, vandaag)),
        laatst=min(werk.laatst, ver),
    )


def overlap(beletsel: Beletsel, begin: date, duur: int) -> tuple[int, int]:
    """How many days an activity and a work share, and how many lie between if they share none.

    Args:
        begin: first day of the work.
        duur: days that it takes.
    """
    van, tot = beletsel.deel or (0, duur - 1)
    return _shared(*_bounds(beletsel), begin.toordinal() + van, begin.toordinal() + tot)


def is_in_the_way(beletsel: Beletsel, begin: date, duur: int, marge_dagen: int) -> bool:
    """Whether a work of ``duur`` days from ``begin`` clashes with the activity."""
    samen, ertussen = overlap(beletsel, begin, duur)
    return samen > 0 or (beletsel.zelfde_plek and ertussen <= marge_dagen)


def _bounds(beletsel: Beletsel) -> tuple[int, int]:
    if beletsel.dagen.eerste is None or beletsel.dagen.laatste is None:
        raise ValueError("an activity has a first and a last day")
    return beletsel.dagen.eerste.toordinal(), beletsel.dagen.laatste.toordinal()


def _shared(eerste: int, laatste: int, van: int, tot: int) -> tuple[int, int]:
    samen = min(laatste, tot) - max(eerste, van) + 1
    return (samen, 0) if samen > 0 else (0, -samen)


def _moved(werk: Werk, begin: date) -> int:
    """So many days later; a work with days to spare may begin on any of them without moving."""
    uiterlijk = werk.laatste - timedelta(days=werk.duur - 1)
    return min(0, (begin - werk.eerste).days) or max(0, (begin - uiterlijk).days)


def _weigh(werk: Werk, ander: Werk, beletsels: Sequence[Beletsel], marge_dagen: int) -> list[_Som]:
    """What each first day of a work costs, from the first one that can be to the last.

    Days at once with an activity, activities shortly before or after, days moved, the same once
    more for the surer work, and the day itself.
    """
    zekerst = VAST[werk.status] > VAST[ander.status]
    grenzen = [
        (*_bounds(een), *(een.deel or (0, werk.duur - 1)), een.zelfde_plek) for een in beletsels
    ]
    found = []
    uiterlijk = werk.laatst.toordinal() - werk.duur + 1
    for begin in range(werk.vroegst.toordinal(), uiterlijk + 1):
        dagen = vlakbij = 0
        for eerste, laatste, van, tot, zelfde_plek in grenzen:
            samen, ertussen = _shared(eerste, laatste, begin + van, begin + tot)
            dagen += samen
            vlakbij += not samen and zelfde_plek and ertussen <= marge_dagen
        schuift = abs(_moved(werk, date.fromordinal(begin)))
        found.append((dagen, vlakbij, schuift, schuift * zekerst, begin))
    return found


def _least(
    a: Sequence[_Som], b: Sequence[_Som], duur: tuple[int, int], samen: int
) -> tuple[int, int] | None:
    """The first days of both that cost least together and leave ``samen`` days at once."""
    if not a or not b:
        return None
    b_eerste = b[0][-1]
    best: tuple[_Som, int, int] | None = None
    for een in a:
        begin = een[-1]
        laagst = max(begin + samen - duur[1] - b_eerste, 0)
        hoogst = begin + duur[0] - samen - b_eerste
        if ander := min(b[laagst : hoogst + 1], default=None) if hoogst >= 0 else None:
            d = (een[0] + ander[0], een[1] + ander[1], een[2] + ander[2], een[3] + ander[3])
            kost = ((*d, een[4] + ander[4]), begin, ander[-1])
            best = min(best, kost) if best else kost
    return best[1:] if best else None


def _describe(
    werken: Mapping[Kant, Werk],
    gekozen: Mapping[Kant, Verplaatsing],
    beletsels: Sequence[Beletsel],
    marge_dagen: int,
) -> Venster:
    in_de_weg: dict[tuple[int, int], InDeWeg] = {}
    nu_in_de_weg = set()
    for een in beletsels:
        waar, werk = gekozen[een.kant], werken[een.kant]
        if is_in_the_way(een, waar.eerste, werk.duur, marge_dagen):
            deze = InDeWeg(een, *overlap(een, waar.eerste, werk.duur))
            in_de_weg[_key(een)] = min(deze, in_de_weg.get(_key(een), deze), key=_mildness)
        if is_in_the_way(een, werk.eerste, (werk.laatste - werk.eerste).days + 1, marge_dagen):
            nu_in_de_weg.add(_key(een))
    van = min(een.eerste for een in gekozen.values())
    tot = max(een.laatste for een in gekozen.values())
    alle = sorted(
        {_key(een): een for een in beletsels}.values(), key=lambda een: _far(een, van, tot)
    )
    return Venster(
        verplaatsing=gekozen,
        samen=Periode(
            max(een.eerste for een in gekozen.values()),
            min(een.laatste for een in gekozen.values()),
        ),
        in_de_weg=sorted(in_de_weg.values(), key=lambda w: (*_mildness(w), *_key(w.beletsel))),
        eromheen=[
            een
            for een in alle
            if _key(een) not in in_de_weg
            and (_key(een) in nu_in_de_weg or _far(een, van, tot)[0] <= NABIJ_DAGEN)
        ],
        beletsels=alle,
    )


def _mildness(een: InDeWeg) -> tuple[int, int]:
    return -een.samen_dagen, een.ertussen_dagen


def _key(beletsel: Beletsel) -> tuple[int, int]:
    """The same for one activity in the same days, whichever work it is near."""
    return _bounds(beletsel)[0], beletsel.activiteit_id


def _far(beletsel: Beletsel, van: date, tot: date) -> tuple[int, int, int]:
    """How many days an activity is from these, and what tells it from others as far."""
    ertussen = _shared(*_bounds(beletsel), van.toordinal(), tot.toordinal())[1]
    return (ertussen, *_key(beletsel))
