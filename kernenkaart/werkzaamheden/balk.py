"""How far a work can move, as a bar: where things stand along it, ready for a drawing."""

from dataclasses import dataclass
from datetime import date, timedelta

from kernenkaart.werkzaamheden.models import Werkzaamheid

RAND = 1.0  # percent kept free at both ends, for half a stroke
DAG = timedelta(days=1)


@dataclass(frozen=True)
class Balk:
    """A bar of the planned days on a line of the days that there are, in percent of the width.

    Attributes:
        van: where the line begins; ``tot`` where it ends.
        x: where the planned days begin; ``breedte`` how wide they are.
        vroegst: whether it can begin earlier than planned, ``laatst`` end later.
    """

    van: float
    tot: float
    x: float
    breedte: float
    vroegst: bool
    laatst: bool

    @property
    def midden(self) -> float:
        """The middle of the planned days."""
        return self.x + self.breedte / 2


def make_balk(werk: Werkzaamheid) -> Balk | None:
    """The bar of a work; None when it cannot move: there is nothing to see then."""
    eerste, laatste = werk.eerste_dag, werk.laatste_dag
    begin, eind = min(werk.vroegst or eerste, eerste), max(werk.laatst or laatste, laatste)
    if (begin, eind) == (eerste, laatste):
        return None

    def plek(dag: date) -> float:
        return round(RAND + (100 - 2 * RAND) * ((dag - begin) / (eind + DAG - begin)), 2)

    return Balk(
        van=plek(begin),
        tot=plek(eind + DAG),
        x=plek(eerste),
        breedte=round(plek(laatste + DAG) - plek(eerste), 2),
        vroegst=begin < eerste,
        laatst=eind > laatste,
    )
