"""What changed, told in plain words from the journaal. Never who did it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernenkaart.journaal.models import Journaalregel

Verteller = Callable[[Mapping[str, Any], Mapping[str, Any]], str | None]


@dataclass(frozen=True)
class Mededeling:
    """What changed at one moment, in sentences."""

    op: datetime
    zinnen: tuple[str, ...]


def tell(
    changes: Iterable[Journaalregel],
    vertellers: Sequence[Verteller],
    *,
    zichtbaar: Callable[[Mapping[str, Any]], bool],
    eerste: str,
    hoogstens: int = 10,
) -> list[Mededeling]:
    """The story of one row since it could first be seen, newest first.

    Args:
        changes: all its changes, newest first.
        vertellers: each gets the whole row before and after, as the journaal wrote it (moments
            as text), and answers with a sentence or None.
        zichtbaar: whether the whole row, as it then was, could be seen by visitors; what happened
            in hiding is not told.
        eerste: the sentence for the moment it first could.
        hoogstens: so many moments at most.
    """
    row: dict[str, Any] = {}
    story: list[Mededeling] = []
    seen = False
    for change in reversed(list(changes)):
        voor = row
        row = row | (change.nieuw or {})
        visible = zichtbaar(row)
        if visible and not seen:
            story.append(Mededeling(change.op, (eerste,)))
        elif visible:
            zinnen = tuple(filter(None, (verteller(voor, row) for verteller in vertellers)))
            if zinnen:
                story.append(Mededeling(change.op, zinnen))
        seen = seen or visible
    return story[::-1][:hoogstens]
