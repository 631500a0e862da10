"""The tile itself: one statement, bytes straight through; a coarser one when it is too large."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lezen import Lezer
from kernenkaart.tegels import tellen
from kernenkaart.tegels.banden import VOORRAAD_TOT, Vorm, bands, tile_text, versions_text
from kernenkaart.tegels.models import KERN_NIVEAUS, NIVEAUS, PER_TEGEL
from kernenkaart.tegels.raster import WEB, Raster, tiles_below
from kernenkaart.tijd import Periode

ALLE_DAGEN = Periode()


@dataclass(frozen=True)
class TegelVraag:
    """Which tile of which layers, and what of them.

    Attributes:
        x: column, from the west.
        y: row, from the north.
        soorten: codes of kinds; empty is all.
        periode: things that share at least one day with it; those without dates always do.
    """

    lagen: tuple[OpenLaag, ...]
    raster: Raster
    z: int
    x: int
    y: int
    soorten: tuple[str, ...] = ()
    periode: Periode = ALLE_DAGEN


def find_tile(lezer: Lezer, vraag: TegelVraag) -> tuple[str, bytes]:
    """The version of the data and the tile, at most ``MAX_BYTES`` long; empty without things.

    Nothing is ever left out to make it fit: what would be too large is told more coarsely.
    """
    if vraag.raster.is_elsewhere(vraag.z, vraag.x, vraag.y):
        return find_version(lezer, vraag.lagen), b""
    niveau = vraag.raster.niveau(vraag.z)
    params = _params(vraag)
    per_laag = [bands(laag, niveau) for laag in vraag.lagen]
    for attempt in range(max(map(len, per_laag))):
        chosen = (found[min(attempt, len(found) - 1)] for found in per_laag)
        vorm = Vorm(
            raster=vraag.raster,
            lagen=tuple(zip(vraag.lagen, chosen, strict=True)),
            grof=niveau <= KERN_NIVEAUS[-1],
            deel=vraag.raster is not WEB or niveau > NIVEAUS[-1],
            soort=bool(vraag.soorten),
            periode=vraag.periode != ALLE_DAGEN,
        )
        row = lezer.row(tile_text(vorm), params)
        if row is not None and row[1] is not None:
            return _stamped(vraag.lagen, row[0]), row[1]
    raise ValueError("the coarsest tile is too large")  # 1,024 cells a layer never are


def find_version(lezer: Lezer, lagen: tuple[OpenLaag, ...]) -> str:
    """The version of what tiles of these layers tell: other data or other code is another one."""
    return find_versions(lezer, lagen)[0]


def find_versions(lezer: Lezer, *groepen: tuple[OpenLaag, ...]) -> list[str]:
    """The version of the tiles of each group of layers, in one question."""
    numbers = lezer.row(versions_text(groepen), {}) or ["0"] * len(groepen)
    return [_stamped(lagen, number) for lagen, number in zip(groepen, numbers, strict=True)]


def _stamped(lagen: tuple[OpenLaag, ...], number: str) -> str:
    return f"{_stamp(lagen)}-{number}"


@cache
def _stamp(lagen: tuple[OpenLaag, ...]) -> str:
    """A fingerprint of all that decides what a tile tells, apart from the data."""
    text = hashlib.blake2b(digest_size=4)
    for laag in lagen:
        for niveau in range(VOORRAAD_TOT + 2):
            for band in bands(laag, niveau):
                grof = niveau <= KERN_NIVEAUS[-1]
                vorm = Vorm(WEB, ((laag, band),), grof=grof, deel=False, soort=False, periode=False)
                text.update(tile_text(vorm).encode())
        if laag.naam in tellen.GETELD:
            text.update(tellen.alles(laag.naam).encode())
    return text.hexdigest()


def _params(vraag: TegelVraag) -> dict[str, Any]:
    west, zuid, oost, noord = vraag.raster.kader(vraag.z, vraag.x, vraag.y)
    niveau, txs, tys = tiles_below(vraag.raster, vraag.z, vraag.x, vraag.y)
    return {
        "west": west,
        "zuid": zuid,
        "oost": oost,
        "noord": noord,
        "cel": vraag.raster.breedte / 2**vraag.z / PER_TEGEL,
        "x": vraag.x,
        "y": vraag.y,
        "niveau": niveau,
        "grof": max(vraag.raster.niveau(vraag.z), KERN_NIVEAUS[0]),
        "txs": txs,
        "tys": tys,
        "soorten": list(vraag.soorten),
        "van": vraag.periode.eerste,
        "tot": vraag.periode.laatste,
    }
