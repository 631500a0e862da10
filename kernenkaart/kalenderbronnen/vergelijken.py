"""What a calendar says now beside what came of it before: new, changed, gone, doubtful, own."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernenkaart.kalenderbronnen.items import Inhoud, Item, Zekerheid
from kernenkaart.kalenderbronnen.models import Bronitem, Kalenderbron, Keuze
from kernenkaart.kalenderbronnen.queries import Lijkt, find_lijkend, find_rows

VERSCHOVEN = timedelta(days=31)  # what moved further is another thing


@dataclass(frozen=True)
class Paar:
    """Something of the calendar and what is known of it."""

    item: Item
    rij: Bronitem


@dataclass(frozen=True)
class Twijfel:
    """Something new that looks like what is in our calendar already.

    Attributes:
        lijkt_op: what it may be a double of.
    """

    item: Item
    lijkt_op: Lijkt


@dataclass
class Vergelijking:
    """A calendar beside ours; each of its items, and each row, is in one of the lists.

    Attributes:
        eigen: changed here by hand: those win, whatever the calendar says.
        weg: no longer in the calendar, and not yet begun.
        eigen_weg: the same, but changed by hand.
        overgeslagen: by choice.
        vervallen: doubtful before, and no longer in the calendar.
        vragen: the rows of what was doubtful before, by ``Item.sleutel``.
    """

    nieuw: list[Item] = field(default_factory=list)
    twijfel: list[Twijfel] = field(default_factory=list)
    veranderd: list[Paar] = field(default_factory=list)
    gelijk: list[Paar] = field(default_factory=list)
    eigen: list[Paar] = field(default_factory=list)
    weg: list[Bronitem] = field(default_factory=list)
    eigen_weg: list[Bronitem] = field(default_factory=list)
    overgeslagen: list[Paar] = field(default_factory=list)
    vervallen: list[Bronitem] = field(default_factory=list)
    vragen: dict[str, Bronitem] = field(default_factory=dict)

    @property
    def is_leeg(self) -> bool:
        """Whether taking it over changes nothing."""
        return not (self.nieuw or self.twijfel or self.veranderd or self.weg)


def compare(session: Session, bron: Kalenderbron, inhoud: Inhoud, nu: datetime) -> Vergelijking:
    """Compare what was read of a calendar with what came of it before; two statements.

    An entry keeps its activity when it moves: it is known by its key, else as a time of the same
    series, else by name. What cannot be read now has not gone.
    """
    found = Vergelijking()
    pairs, free, rest = _pair(inhoud.items, find_rows(session, bron.id), nu)
    for pair in pairs:
        _judge(found, pair)
    asked = [pair.item for pair in pairs if pair.rij.keuze is Keuze.VRAAG]
    fresh = [item for item in (*asked, *free) if item.zekerheid is not Zekerheid.AFGELAST]
    alike = find_lijkend(session, bron, fresh)
    for item in fresh:
        if lijkt := alike.get(item.sleutel):
            found.twijfel.append(Twijfel(item, lijkt))
        else:
            found.nieuw.append(item)
    broken = {klacht.reeks for klacht in inhoud.klachten if klacht.reeks}
    if inhoud.heel:
        for row in rest:
            _judge_missing(found, row, broken, nu)
    return found


def _judge(found: Vergelijking, pair: Paar) -> None:
    row = pair.rij
    asked = row.keuze is Keuze.VRAAG
    if asked or (row.keuze is Keuze.NEEM and row.activiteit_versie is None):
        found.vragen[pair.item.sleutel] = row
        if not asked:  # chosen, and not yet taken
            found.nieuw.append(pair.item)
    elif row.keuze is Keuze.SLA_OVER or row.activiteit is None:
        found.overgeslagen.append(pair)
    elif row.activiteit.versie != row.activiteit_versie:
        found.eigen.append(pair)
    elif row.afdruk == pair.item.afdruk and row.weg_op is None:
        found.gelijk.append(pair)
    else:
        found.veranderd.append(pair)


def _judge_missing(found: Vergelijking, row: Bronitem, broken: set[str], nu: datetime) -> None:
    if row.reeks in broken or row.weg_op is not None:
        return
    if row.activiteit is None:
        if row.keuze is Keuze.VRAAG:
            found.vervallen.append(row)
    elif row.begint_op > nu:
        own = row.activiteit.versie != row.activiteit_versie
        (found.eigen_weg if own else found.weg).append(row)


def _pair(
    items: Iterable[Item], rows: Sequence[Bronitem], nu: datetime
) -> tuple[list[Paar], list[Item], list[Bronitem]]:
    """Which row each item belongs to; the items without a row, and the rows without an item.

    What is over does not move: it is only known by its key.
    """
    known = {row.sleutel: row for row in rows}
    pairs, free = [], []
    for item in items:
        if row := known.pop(item.sleutel, None):
            pairs.append(Paar(item, row))
        else:
            free.append(item)
    rest = [row for row in known.values() if row.begint_op > nu]
    over = [row for row in known.values() if row.begint_op <= nu]
    for same_item, same_row, alone in (
        (_moment_of, _moment_of_row, False),
        (lambda item: item.reeks, lambda row: row.reeks, False),
        (lambda item: item.titel.casefold(), lambda row: row.titel.casefold(), True),
    ):
        more, free, rest = _pair_by(free, rest, same_item, same_row, alone=alone)
        pairs += more
    return pairs, free, [*over, *rest]


def _moment_of(item: Item) -> Hashable:
    return item.titel.casefold(), item.begint_op


def _moment_of_row(row: Bronitem) -> Hashable:
    return row.titel.casefold(), row.begint_op


def _pair_by(
    items: Sequence[Item],
    rows: Sequence[Bronitem],
    same_item: Callable[[Item], Hashable],
    same_row: Callable[[Bronitem], Hashable],
    *,
    alone: bool,
) -> tuple[list[Paar], list[Item], list[Bronitem]]:
    """Pair what is the same by a key, each item with the nearest row within a month.

    Args:
        alone: only where the key has one item and one row.
    """
    per_key: dict[Hashable, list[Bronitem]] = defaultdict(list)
    for row in rows:
        if row.weg_op is None:
            per_key[same_row(row)].append(row)
    per_item: dict[Hashable, int] = defaultdict(int)
    for item in items:
        per_item[same_item(item)] += 1
    pairs, free, taken = [], [], set()
    for item in sorted(items, key=lambda one: one.begint_op):
        key = same_item(item)
        near = [
            row
            for row in per_key[key]
            if row.id not in taken and abs(row.begint_op - item.begint_op) <= VERSCHOVEN
        ]
        if not near or (alone and (len(per_key[key]) > 1 or per_item[key] > 1)):
            free.append(item)
            continue
        row = min(near, key=lambda one: abs(one.begint_op - item.begint_op))
        taken.add(row.id)
        pairs.append(Paar(item, row))
    return pairs, free, [row for row in rows if row.id not in taken]
