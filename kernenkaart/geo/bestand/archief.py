"""Unpacking what may be hostile: zip and gzip, into a folder of our own, under names of our own."""

import gzip
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar

MB = 1_000_000
SHAPEFILE = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
GEO = {".gpkg", ".geojson", ".json", ".gml", *SHAPEFILE}
NESTED = {".zip", ".kmz", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar", ".zst"}
FLOOR = 100_000  # so little is never a bomb, whatever its ratio
CHUNK = 1 << 16
TE_GROOT = "Dit bestand wordt te groot als het is uitgepakt."


class Readable(Protocol):
    """Anything to read bytes from."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; empty at the end."""


def unpack_gzip(path: Path, target: Path, limieten: Limieten) -> None:
    """Write the content of a gzip file to ``target``.

    Raises:
        Onleesbaar: if it is broken, or larger than the limits.
    """
    try:
        with gzip.open(path) as source:
            _copy(source, target, _allowed(path.stat().st_size, limieten))
    except (OSError, EOFError, zlib.error) as error:
        raise Onleesbaar("Dit gz-bestand is beschadigd.") from error


def unpack_zip(path: Path, folder: Path, limieten: Limieten) -> dict[str, Path]:
    """Write the geo files of a zip to ``folder``, after a look at all of its members.

    Returns:
        The files by their name in the zip, without folders, in lower case: ``{"x.shp": …}``.

    Raises:
        Onleesbaar: if the zip is broken, locked, nested, larger than the limits, or if a member
            points outside it.
    """
    found: dict[str, Path] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            left = _allowed(path.stat().st_size, limieten)
            _refuse_hostile(members, left, limieten)
            for number, member in enumerate(_geo_members(members)):
                name = PurePosixPath(member.filename).name.lower()
                if name in found:
                    raise Onleesbaar(f"In deze zip staat {name} meer dan een keer.")
                target = folder / f"{number}{PurePosixPath(name).suffix}"
                with archive.open(member) as source:
                    left -= _copy(source, target, left)
                found[name] = target
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError) as error:
        raise Onleesbaar("Dit zip-bestand is beschadigd of van een onbekende soort.") from error
    return found


def _allowed(packed: int, limieten: Limieten) -> int:
    """How many bytes may come out of ``packed`` bytes."""
    return min(limieten.uitgepakt_mb * MB, max(packed * limieten.verhouding, FLOOR))


def _refuse_hostile(members: list[zipfile.ZipInfo], allowed: int, limieten: Limieten) -> None:
    if len(members) > limieten.leden:
        raise Onleesbaar(f"Deze zip bevat meer dan {limieten.leden} bestanden.")
    if sum(member.file_size for member in members) > allowed:
        raise Onleesbaar(TE_GROOT)
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        mode = member.external_attr >> 16
        if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
            raise Onleesbaar("Deze zip verwijst naar plekken buiten zichzelf.")
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise Onleesbaar("Deze zip bevat een verwijzing in plaats van een bestand.")
        if member.flag_bits & 0x1:
            raise Onleesbaar("Deze zip heeft een wachtwoord. Haal dat er eerst af.")
        if name.suffix.lower() in NESTED:
            raise Onleesbaar("In deze zip zit nog een archief. Pak dat eerst uit.")


def _geo_members(members: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    for member in members:
        name = PurePosixPath(member.filename)
        hidden = name.name.startswith(".") or "__MACOSX" in name.parts
        if name.suffix.lower() in GEO and not hidden:
            yield member


def _copy(source: Readable, target: Path, allowed: int) -> int:
    """Copy at most ``allowed`` bytes; the number copied."""
    size = 0
    with target.open("wb") as sink:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > allowed:
                raise Onleesbaar(TE_GROOT)
            sink.write(chunk)
    return size
