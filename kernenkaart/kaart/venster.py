"""Which part of the list is on the screen, and which thing is chosen: state in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for

from kernenkaart.kaart.queries import Sleutel
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import Vraag

DING = {laag.ding: laag.naam for laag in LAGEN}


@dataclass(frozen=True)
class Venster:
    """Which part of the list is shown, and what is chosen.

    Attributes:
        aantal: so many rows.
        vanaf: after so many.
        gekozen: ``werkzaamheid-3`` or empty.
    """

    aantal: int = 10
    vanaf: int = 0
    gekozen: str = ""

    STAP: ClassVar[int] = 10
    MAX: ClassVar[int] = 100  # rows on one page; then the next page

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> "Venster":
        """Read an address; what makes no sense is left out."""

        def number(name: str, default: int, most: int) -> int:
            text = args.get(name, "")
            return min(int(text), most) if text.isdecimal() and len(text) < 9 else default

        gekozen = args.get("gekozen", "")
        return cls(
            aantal=max(1, number("aantal", cls.STAP, cls.MAX)),
            vanaf=number("vanaf", 0, 10**8),
            gekozen=gekozen if to_sleutel(gekozen) else "",
        )

    def to_args(self) -> dict[str, Any]:
        """The address again; what is default is left out."""
        values = {
            "aantal": self.aantal if self.aantal != self.STAP else "",
            "vanaf": self.vanaf or "",
            "gekozen": self.gekozen,
        }
        return {key: value for key, value in values.items() if value != ""}


def to_sleutel(text: str) -> Sleutel | None:
    """``werkzaamheid-3`` as name of a layer and key; None when it is nothing of the kind."""
    ding, _, key = text.partition("-")
    if ding not in DING or not key.isdecimal() or not key.isascii() or len(key) > 9:
        return None
    return DING[ding], int(key)


def adres(vraag: Vraag, venster: Venster | None = None, **anders: Any) -> str:
    """The address of the map page in this state: of the own gemeente, or of the whole country."""
    args = vraag.to_args() | (venster.to_args() if venster else {})
    return url_for("kaart.landelijk" if vraag.landelijk else "kaart.thuis", **args, **anders)
