"""The version of the data, asked at most once a second: an unchanged feed costs no statement."""

import time
from dataclasses import dataclass

from sqlalchemy import func, select

from kernenkaart.journaal.models import DataVersie
from kernenkaart.lezen import Lezer, to_text

VERSIE_S = 1.0  # who follows a calendar may see it so late

_STATEMENT = to_text(select(func.coalesce(func.sum(DataVersie.n), 0)))


@dataclass
class Versiebewaring:
    """What the feeds keep for the life of the process.

    Attributes:
        versie_s: seconds that a version is believed.
    """

    versie_s: float = VERSIE_S
    _gezien: tuple[float, int] | None = None

    def recent(self, lezer: Lezer) -> int:
        """The version of all data, at most ``versie_s`` old."""
        moment = time.monotonic()
        if self._gezien is None or moment - self._gezien[0] >= self.versie_s:
            row = lezer.row(_STATEMENT, {})
            self._gezien = (moment, int(row[0]) if row else 0)
        return self._gezien[1]
