"""What was read from a calendar: plain values that go through JSON and know no calendar format."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from kernenkaart.tijd import AMSTERDAM

HOOGSTENS = 1000  # items of one calendar (T17)
TITEL_MAX = 200
TEKST_MAX = 5000
DUUR_MAX = timedelta(days=366)
TE_LANG = "Dit duurt langer dan een jaar. Dat nemen we niet over."


class Zekerheid(StrEnum):
    """What the calendar says of an item: TENTATIVE is onzeker, CANCELLED is afgelast."""

    ZEKER = "zeker"
    ONZEKER = "onzeker"
    AFGELAST = "afgelast"


@dataclass(frozen=True)
class Item:
    """One time that something happens, as the calendar has it. Moments are aware.

    Attributes:
        uid: of the entry in the calendar; a series shares one.
        keer: which time of a series, by its rule (ISO); empty for what does not come back.
        soorten: names of kinds, as the calendar writes them.
        lonlat: longitude and latitude, when the calendar gives them.
    """

    uid: str
    keer: str
    titel: str
    omschrijving: str
    plek: str
    begint_op: datetime
    eindigt_op: datetime
    hele_dag: bool
    zekerheid: Zekerheid = Zekerheid.ZEKER
    soorten: tuple[str, ...] = ()
    lonlat: tuple[float, float] | None = None

    @property
    def sleutel(self) -> str:
        """What it is known by within its calendar; a fixed length, whatever the UID is."""
        return hashlib.sha256(f"{self.uid}\n{self.keer}".encode("utf-8", "replace")).hexdigest()

    @property
    def reeks(self) -> str:
        """What all times of one entry share."""
        return self.reeks_of(self.uid)

    @staticmethod
    def reeks_of(uid: str) -> str:
        """``reeks`` of what has this UID."""
        return hashlib.sha256(uid.encode("utf-8", "replace")).hexdigest()

    def under(self, uid: str) -> Self:
        """The same item, known by another UID."""
        return replace(self, uid=uid, keer="")

    @property
    def afdruk(self) -> str:
        """Changes when what it says changes, and not when only its keys do."""
        return hashlib.sha256(json.dumps(self.to_json()[2:]).encode()).hexdigest()

    def to_json(self) -> list[Any]:
        """Its values as JSON holds them, in the order of the fields."""
        values = asdict(self)
        for moment in ("begint_op", "eindigt_op"):
            values[moment] = values[moment].isoformat()
        return list(values.values())

    @classmethod
    def from_json(cls, values: list[Any]) -> Self:
        """The inverse of ``to_json``."""
        item = cls(*values)
        return replace(
            item,
            begint_op=datetime.fromisoformat(values[5]).astimezone(AMSTERDAM),
            eindigt_op=datetime.fromisoformat(values[6]).astimezone(AMSTERDAM),
            zekerheid=Zekerheid(values[8]),
            soorten=tuple(values[9]),
            lonlat=tuple(values[10]) if values[10] else None,
        )


@dataclass(frozen=True)
class Klacht:
    """Something that could not be read, or not as it stands.

    Attributes:
        zin: what is wrong, in Dutch.
        titel: of the entry; empty when it is about the whole calendar.
        reeks: ``Item.reeks`` of what could not be read at all; empty when it could.
    """

    zin: str
    titel: str = ""
    reeks: str = ""


@dataclass(frozen=True)
class Inhoud:
    """A calendar as far as it can be read.

    Attributes:
        naam: how it calls itself; may be empty.
        items: by begin.
        klachten: what could not be read, or not as it stands.
        heel: whether all that is in the period was read; if not, what is missing may yet exist.
        buiten: how many entries lie outside the period.
    """

    naam: str = ""
    items: tuple[Item, ...] = ()
    klachten: tuple[Klacht, ...] = ()
    heel: bool = True
    buiten: int = 0

    def to_json(self) -> dict[str, Any]:
        """Its values as JSON holds them."""
        return {
            "naam": self.naam,
            "items": [item.to_json() for item in self.items],
            "klachten": [asdict(klacht) for klacht in self.klachten],
            "heel": self.heel,
            "buiten": self.buiten,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of ``to_json``."""
        return cls(
            naam=values["naam"],
            items=tuple(Item.from_json(item) for item in values["items"]),
            klachten=tuple(Klacht(**klacht) for klacht in values["klachten"]),
            heel=values["heel"],
            buiten=values["buiten"],
        )
