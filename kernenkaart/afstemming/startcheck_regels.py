"""Who has to know of a work, and how early: the municipality's rules, and what follows from them.

Nothing here asks the database, so that whatever a page says can be worked out again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Self

from kernenkaart.afstemming.regels import sections
from kernenkaart.werkzaamheden.models import Hinder

WEKEN_MAX = 104


@dataclass(frozen=True)
class InformeerRegel:
    """Tell these so many weeks ahead.

    Attributes:
        weken: before the first day of the work.
        hoe: advice, a plain sentence.
        hinder: only with such hinder; empty is any.
        soorten: only for these kinds of work, by code; empty is any.
        groepen: every group of these kinds in the kern, by code.
        wie: or somebody who is no group: "Omwonenden"; empty with ``groepen``.
    """

    weken: int
    hoe: str
    hinder: frozenset[Hinder]
    soorten: frozenset[str]
    groepen: frozenset[str]
    wie: str

    def applies(self, soort: str, hinder: Hinder) -> bool:
        """Whether it is about a work of this kind (code) and hinder."""
        return (not self.hinder or hinder in self.hinder) and (
            not self.soorten or soort in self.soorten
        )


@dataclass(frozen=True)
class StartcheckRegels:
    """The section ``startcheck`` of ``geodata/afstemming.toml``.

    Attributes:
        buurt_m: what lies within so many metres is mentioned.
        regels: every rule; the earliest that fits counts.
    """

    buurt_m: float
    regels: tuple[InformeerRegel, ...]

    @classmethod
    def from_section(cls, section: Mapping[str, Any]) -> Self:
        """Read the section.

        Raises:
            ValueError: if a hinder is unknown, a rule names nobody or both, or a number is off.
        """
        regels = tuple(
            InformeerRegel(
                weken=int(regel["weken"]),
                hoe=regel.get("hoe", ""),
                hinder=frozenset(Hinder(code) for code in regel.get("hinder", ())),
                soorten=frozenset(regel.get("soorten", ())),
                groepen=frozenset(regel.get("groepen", ())),
                wie=regel.get("wie", ""),
            )
            for regel in section["regel"]
        )
        if any(bool(regel.wie) == bool(regel.groepen) for regel in regels):
            raise ValueError("startcheck.regel: noem wie óf groepen")
        if any(not 0 <= regel.weken <= WEKEN_MAX for regel in regels) or section["buurt_m"] < 0:
            raise ValueError(f"startcheck: weken is 0 tot {WEKEN_MAX}, buurt_m niet kleiner dan 0")
        return cls(float(section["buurt_m"]), regels)


@cache
def startcheck_regels() -> StartcheckRegels:
    """The rules of this municipality."""
    return StartcheckRegels.from_section(sections()["startcheck"])


@dataclass(frozen=True)
class GroepInKern:
    """A group that is active in a kern.

    Attributes:
        soort: code of its kind.
        bereikbaar: whether a message can be sent to it.
    """

    kern_id: int
    platform_id: int
    naam: str
    soort: str
    bereikbaar: bool = False


@dataclass(frozen=True)
class TeInformeren:
    """Somebody in a kern who has to know so many weeks ahead; ``platform_id`` None is no group."""

    kern_id: int
    wie: str
    platform_id: int | None
    weken: int
    hoe: str


def who_to_inform(
    regels: Iterable[InformeerRegel],
    *,
    soort: str,
    hinder: Hinder,
    kern_ids: Sequence[int],
    groepen: Sequence[GroepInKern],
) -> list[TeInformeren]:
    """Who has to know, each once per kern, by kern in the order given, then earliest first.

    Args:
        soort: code of the kind of work.
        kern_ids: the kernen that are touched.
        groepen: the groups that are active in them; of other kernen they are left out.
    """
    gevonden: dict[tuple[int, str], TeInformeren] = {}
    for regel in regels:
        if not regel.applies(soort, hinder):
            continue
        partijen: list[tuple[int, str, int | None]] = (
            [(kern_id, regel.wie, None) for kern_id in kern_ids]
            if regel.wie
            else [(g.kern_id, g.naam, g.platform_id) for g in groepen if g.soort in regel.groepen]
        )
        for kern_id, wie, platform_id in partijen:
            eerder = gevonden.get((kern_id, wie))
            if kern_id in kern_ids and (eerder is None or eerder.weken < regel.weken):
                gevonden[kern_id, wie] = TeInformeren(
                    kern_id, wie, platform_id, regel.weken, regel.hoe
                )
    volgorde = {kern_id: nummer for nummer, kern_id in enumerate(kern_ids)}
    return sorted(
        gevonden.values(),
        key=lambda een: (volgorde[een.kern_id], -een.weken, een.platform_id is None, een.wie),
    )


def deadline(eerste_dag: date, weken: int) -> date:
    """The last day on which telling is early enough: ``weken`` whole weeks before the work."""
    return eerste_dag - timedelta(weeks=weken)
