"""Background tiles through our own server: no visitor's browser ever calls another host.

Tiles are kept on disk. A tile that is too old is fetched again; when that fails the old one does.
"""

import contextlib
import hashlib
import os
import tempfile
import threading
import time
from math import asinh, pi, radians, tan
from pathlib import Path

from kernenkaart.config import Settings
from kernenkaart.kaart.ophalen import Dienst, NietBereikbaar

TIMEOUT_S = 2.0
TEGEL_MAX = 1_000_000  # bytes
OUD_S = 30 * 24 * 3600.0
ZOOMS = range(6, 20)
# west, south, east, north in degrees: the Netherlands with some room
NEDERLAND = (2.5, 50.4, 7.8, 53.9)
OPRUIMEN_NA = 500  # new tiles
SOORTEN = {
    b"\x89PNG\r\n\x1a\n": ("image/png", b"IEND"),
    b"\xff\xd8\xff": ("image/jpeg", b"\xff\xd9"),
}


def in_nederland(z: int, x: int, y: int) -> bool:
    """Whether a tile exists here: a zoom level of the service, and touching the Netherlands."""
    if z not in ZOOMS:
        return False
    west, south, east, north = NEDERLAND
    x_min, y_min = _tile_of(west, north, z)
    x_max, y_max = _tile_of(east, south, z)
    return x_min <= x <= x_max and y_min <= y <= y_max


def _tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    n = 1 << z
    return int((lon + 180) / 360 * n), int((1 - asinh(tan(radians(lat))) / pi) / 2 * n)


def image_type(body: bytes) -> str | None:
    """``image/png`` or ``image/jpeg`` for a whole picture; None for anything else."""
    for begin, (soort, eind) in SOORTEN.items():
        if body.startswith(begin) and eind in body[-16:]:
            return soort
    return None


class Achtergrond:
    """One kind of background with its cache.

    Args:
        url: with ``{z}``, ``{x}`` and ``{y}``; empty is off.
        cache_map: folder for the tiles; made when needed.
        cache_mb: at most about so much on disk.
    """

    def __init__(self, url: str, cache_map: Path, cache_mb: int) -> None:
        self.url = url
        # another service gets a folder of its own
        self.folder = cache_map / "tegels" / hashlib.sha256(url.encode()).hexdigest()[:12]
        self.cache_bytes = cache_mb * 1024 * 1024
        self._dienst = Dienst(
            "achtergrond", timeout_s=TIMEOUT_S, max_bytes=TEGEL_MAX, gelijktijdig=6
        )
        self._nieuw = 0
        self._slot = threading.Lock()

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The picture of a tile; None when it is off, outside the country or cannot be had."""
        if not self.url or not in_nederland(z, x, y):
            return None
        path = self.folder / str(z) / str(x) / str(y)
        kept = _read(path)
        if kept and time.time() - path.stat().st_mtime < OUD_S:
            return kept
        url = self.url.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y))
        try:
            body = self._dienst.get(url, check=lambda body: image_type(body) is not None)
        except NietBereikbaar:
            return kept
        self._keep(path, body)
        return body

    def _keep(self, path: Path, body: bytes) -> None:
        # a full or read-only disk costs speed, not the tile
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(body)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        with self._slot:
            self._nieuw += 1
            vol = self._nieuw % OPRUIMEN_NA == 0
        if vol:
            self.prune()

    def prune(self) -> None:
        """Throw away the oldest tiles until the cache is well below its size."""
        found = []
        for path in self.folder.rglob("*"):
            with contextlib.suppress(OSError):
                if path.is_file():
                    stat = path.stat()
                    found.append((stat.st_mtime, stat.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self.cache_bytes * 0.8:
                break
            path.unlink(missing_ok=True)
            total -= size


def _read(path: Path) -> bytes | None:
    try:
        body = path.read_bytes()
    except OSError:
        return None
    return body if image_type(body) else None


def make_achtergronden(settings: Settings) -> dict[str, Achtergrond]:
    """The backgrounds by name."""
    return {
        naam: Achtergrond(url, settings.cache_map, settings.tegels_cache_mb)
        for naam, url in (("standaard", settings.tegels_url), ("luchtfoto", settings.luchtfoto_url))
    }
