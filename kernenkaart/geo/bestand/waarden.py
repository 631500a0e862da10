"""What goes into the reader of geo files and what comes out of it."""

from dataclasses import dataclass, replace
from typing import Self

from shapely.geometry.base import BaseGeometry

from kernenkaart.config import Settings
from kernenkaart.errors import Invalid

Waarde = str | int | float | bool | None


class Onleesbaar(Invalid):
    """A geo file that is not opened, or not as it is; the sentence says why and what to do.

    Args:
        melding: what is wrong and what to do.
        lagen: the layers to choose from, when that is the question.
    """

    def __init__(self, melding: str, *, lagen: tuple[str, ...] = ()) -> None:
        super().__init__(melding, veld="bestand")
        self.lagen = lagen


@dataclass(frozen=True)
class Limieten:
    """What a geo file may cost. The defaults are for a file from outside.

    Attributes:
        bestand_mb: size of the file itself (10⁶ bytes).
        uitgepakt_mb: size after unpacking.
        verhouding: unpacked size by packed size.
        leden: number of files in a zip.
        features: number of features.
        punten: vertices per feature; None for boundaries, which may have many.
        geheugen_mb: address space of the child (2²⁰ bytes).
        cpu_s: processor time of the child.
    """

    bestand_mb: int = Settings.upload_max_mb
    uitgepakt_mb: int = 200
    verhouding: int = 100
    leden: int = 50
    features: int = 100_000
    punten: int | None = 10_000
    geheugen_mb: int = 1024
    cpu_s: int = 30

    def up_to(self, bestand_mb: int) -> Self:
        """The same limits for files of at most ``bestand_mb``; room and time grow with it."""
        return replace(
            self,
            bestand_mb=bestand_mb,
            uitgepakt_mb=max(self.uitgepakt_mb, bestand_mb),
            geheugen_mb=max(self.geheugen_mb, 5 * bestand_mb),
            cpu_s=max(self.cpu_s, bestand_mb // 2),
        )


@dataclass(frozen=True)
class Feature:
    """One feature of a geo file.

    Attributes:
        bestand: name of the file it is from.
        nummer: its place in that file, from 1.
        velden: its properties; numbers that are not a number are None, lists are left out.
        geom: its geometry in RD, two-dimensional, finite and in the reach of RD, but not
            necessarily valid; None if there is a ``reden``.
        reden: why there is no geometry, as a clause: "heeft geen vorm".
        hersteld: what was put right while reading, as clauses.
    """

    bestand: str
    nummer: int
    velden: dict[str, Waarde]
    geom: BaseGeometry | None
    reden: str | None = None
    hersteld: tuple[str, ...] = ()


@dataclass(frozen=True)
class Geobestand:
    """All features of one or more geo files.

    Attributes:
        velden: names of all properties, in order of first appearance.
        features: in the order of the files.
        opmerkingen: what was assumed about the files, as sentences.
    """

    velden: tuple[str, ...]
    features: tuple[Feature, ...]
    opmerkingen: tuple[str, ...]
