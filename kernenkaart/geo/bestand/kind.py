"""The child process that opens geo files: ``python -m kernenkaart.geo.bestand.kind OPDRACHT``.

It limits itself first, then reads, and writes frames to its standard output: for each feature its
properties as JSON and its geometry as WKB in RD; last a frame that says that all is there. Nothing
of what it sends is code.
"""

import json
import resource
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import shapely
from pyproj import CRS

from kernenkaart.geo.bereik import RD_BOUNDS
from kernenkaart.geo.bestand import archief, geojson, gml, ogr, stelsel
from kernenkaart.geo.bestand.geojson import Ruw
from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar
from kernenkaart.geo.crs import WGS84

FRAME = struct.Struct("<II")  # length of the JSON, length of the WKB
MODULE = "kernenkaart.geo.bestand.kind"
SOORTEN = "een GeoPackage (.gpkg), GeoJSON (.geojson), GML (.gml) of shapefile in een zip"


@dataclass(frozen=True)
class Opdracht:
    """What the child is asked: which files, which layer, within which limits, in which folder.

    ``crs`` is the system that its owner says they are in; None believes the files.
    """

    bestanden: list[str]
    laag: str | None
    limieten: Limieten
    werkmap: str
    crs: str | None = None

    @classmethod
    def from_json(cls, text: str) -> "Opdracht":
        """The inverse of ``json.dumps(dataclasses.asdict(opdracht))``."""
        values = json.loads(text)
        return cls(**{**values, "limieten": Limieten(**values["limieten"])})


def limit_self(limieten: Limieten) -> None:
    """Give up what a reader does not need: memory, time, large files, many open files."""
    memory = limieten.geheugen_mb << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limieten.cpu_s, limieten.cpu_s + 1))
    largest = limieten.uitgepakt_mb * 2 * archief.MB
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Lezer:
    """Reads the files of one ``Opdracht``."""

    def __init__(self, opdracht: Opdracht) -> None:
        self.opdracht = opdracht
        self.limieten = opdracht.limieten
        self.werkmap = Path(opdracht.werkmap)
        self.opmerkingen: list[str] = []

    def read(self, path: Path, name: str) -> tuple[CRS | None, list[Ruw]]:
        """The declared system and the features of ``path``, which calls itself ``name``.

        Raises:
            Onleesbaar: if it is not opened.
        """
        readers: dict[str, Callable[[Path, str], tuple[CRS | None, list[Ruw]]]] = {
            ".geojson": self._geojson,
            ".json": self._geojson,
            ".gml": self._gml,
            ".gpkg": self._gpkg,
            ".shp": self._shapefile,
            ".zip": self._zip,
            ".gz": self._gzip,
        }
        suffix = Path(name).suffix.lower()
        if suffix not in readers:
            raise Onleesbaar(f"Dit soort bestand kan de kernenkaart niet lezen. Kies {SOORTEN}.")
        return readers[suffix](path, name)

    def _geojson(self, path: Path, _name: str) -> tuple[CRS | None, list[Ruw]]:
        text, remark = geojson.decode(path.read_bytes())
        if remark:
            self.opmerkingen.append(remark)
        inhoud = geojson.parse(text, max_features=self.limieten.features)
        if inhoud.crs is not None:
            return stelsel.from_name(inhoud.crs), inhoud.features
        shapes = geometries(inhoud.features)
        if len(shapes) and stelsel.lies_in(shapes, RD_BOUNDS):
            return None, inhoud.features  # not what RFC 7946 says, but what is meant
        return CRS.from_epsg(WGS84), inhoud.features

    def _gml(self, path: Path, _name: str) -> tuple[CRS | None, list[Ruw]]:
        return gml.read(path, self.limieten)

    def _gpkg(self, path: Path, name: str) -> tuple[CRS | None, list[Ruw]]:
        ogr.check_gpkg(path)
        own = self._own_name(path, ".gpkg")
        layers = tuple(ogr.layers(path))
        laag = self.opdracht.laag
        if not layers:
            raise Onleesbaar("Dit GeoPackage heeft geen laag met vormen.")
        if laag is None and len(layers) > 1:
            raise Onleesbaar(
                f"{name} heeft meer dan een laag. Kies er een: {', '.join(layers)}.", lagen=layers
            )
        if laag is not None and laag not in layers:
            raise Onleesbaar(
                f"{name} heeft geen laag {laag!r}. Kies uit: {', '.join(layers)}.", lagen=layers
            )
        return ogr.read(own, laag or layers[0], self.limieten)

    def _shapefile(self, path: Path, _name: str) -> tuple[CRS | None, list[Ruw]]:
        companions = {
            one.suffix.lower(): one for one in path.parent.iterdir() if one.stem == path.stem
        }
        own = self._own_name(path, ".shp")
        for suffix in archief.SHAPEFILE & companions.keys() - {".shp"}:
            own.with_suffix(suffix).symlink_to(companions[suffix])
        ogr.check_shapefile(own)
        return ogr.read(own, None, self.limieten)

    def _gzip(self, path: Path, name: str) -> tuple[CRS | None, list[Ruw]]:
        inner = Path(name).stem
        if Path(inner).suffix.lower() in {".gz", ".zip", ".shp"}:
            raise Onleesbaar("In dit gz-bestand zit nog een archief. Pak dat eerst uit.")
        target = self.werkmap / f"gz{Path(inner).suffix.lower()}"
        archief.unpack_gzip(path, target, self.limieten)
        result = self.read(target, inner)
        target.unlink()
        return result

    def _zip(self, path: Path, name: str) -> tuple[CRS | None, list[Ruw]]:
        folder = Path(tempfile.mkdtemp(dir=self.werkmap))
        found = archief.unpack_zip(path, folder, self.limieten)
        datasets = [one for one in found if one.endswith((".gpkg", ".geojson", ".gml", ".shp"))]
        datasets = datasets or [one for one in found if one.endswith(".json")]
        if len(datasets) > 1:
            datasets = self._choose(name, datasets)
        if not datasets:
            raise Onleesbaar(f"In {name} zit geen {SOORTEN}.")
        chosen = datasets[0]
        if chosen.endswith(".shp"):
            for one, target in found.items():
                if Path(one).stem == Path(chosen).stem:
                    target.rename(folder / f"gekozen{target.suffix}")
            return self._shapefile(folder / "gekozen.shp", chosen)
        return self.read(found[chosen], chosen)

    def _choose(self, name: str, datasets: list[str]) -> list[str]:
        """The one of several files in a zip that is named as the layer."""
        layers = tuple(Path(one).stem for one in datasets)
        wanted = (self.opdracht.laag or "").lower()
        if wanted not in layers:
            raise Onleesbaar(
                f"In {name} zit meer dan een kaartlaag. Kies er een: {', '.join(layers)}.",
                lagen=layers,
            )
        return [datasets[layers.index(wanted)]]

    def _own_name(self, path: Path, suffix: str) -> Path:
        """``path`` under a name that means nothing to GDAL, whatever its owner called it."""
        own = self.werkmap / f"bron{suffix}"
        for old in self.werkmap.glob("bron.*"):
            old.unlink()
        own.symlink_to(path)
        return own


def geometries(features: list[Ruw]) -> stelsel.Vormen:
    """The geometries of the features that have one."""
    return np.array([one.geom for one in features if one.geom is not None], dtype=object)


def to_rd(features: list[Ruw], declared: CRS | None, limieten: Limieten) -> str | None:
    """Move the geometries of ``features`` to RD in place; what does not fit gets its ``reden``.

    Returns:
        A remark when the file does not declare its system.
    """
    rows = [one for one in features if one.geom is not None]
    if not rows:
        return None
    shapes = geometries(rows)
    crs, remark = stelsel.choose(declared, shapes)
    moved = stelsel.to_rd(shapes, crs)
    inside = stelsel.in_reach(moved)
    counts = shapely.get_num_coordinates(moved)
    for row, original, shape, fits, count in zip(rows, shapes, moved, inside, counts, strict=True):
        row.geom = None
        if limieten.punten is not None and count > limieten.punten:
            row.reden = f"heeft {count} punten, meer dan {limieten.punten}"
        elif not fits:
            row.reden = stelsel.why_outside(original, crs)
        else:
            row.geom = shape
    return remark


def send(out: BinaryIO, head: dict[str, Any], wkb: bytes = b"") -> None:
    """Write one frame."""
    text = json.dumps(head, allow_nan=False).encode()
    out.write(FRAME.pack(len(text), len(wkb)))
    out.write(text)
    out.write(wkb)


def frames(out: BinaryIO) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The frames that ``send`` wrote; stops early when the last one is cut off."""
    while len(start := out.read(FRAME.size)) == FRAME.size:
        text_size, wkb_size = FRAME.unpack(start)
        text, wkb = out.read(text_size), out.read(wkb_size)
        if len(text) < text_size or len(wkb) < wkb_size:
            return
        yield json.loads(text), wkb


def run(opdracht: Opdracht, out: BinaryIO) -> None:
    """Read all files and send what is in them."""
    lezer = Lezer(opdracht)
    given = stelsel.from_name(opdracht.crs) if opdracht.crs else None
    for text in opdracht.bestanden:
        path = Path(text)
        lezer.opmerkingen.clear()
        try:
            declared, features = lezer.read(path, path.name)
        except Onleesbaar as error:
            which = f"{path.name}: " if len(opdracht.bestanden) > 1 else ""
            raise Onleesbaar(f"{which}{error.melding}", lagen=error.lagen) from error
        remark = to_rd(features, given or declared, opdracht.limieten)
        for number, one in enumerate(features, start=1):
            head = {
                "bestand": path.name,
                "nummer": number,
                "velden": one.velden,
                "reden": one.reden,
                "hersteld": sorted(set(one.hersteld)),
            }
            send(out, head, shapely.to_wkb(one.geom) if one.geom is not None else b"")
        for line in [*lezer.opmerkingen, *([remark] if remark else [])]:
            send(out, {"opmerking": f"{path.name}: {line}"})
    send(out, {"klaar": True})


def main(argv: list[str]) -> None:
    """Do the ``Opdracht`` in ``argv[1]``."""
    opdracht = Opdracht.from_json(argv[1])
    limit_self(opdracht.limieten)
    out = sys.stdout.buffer
    try:
        run(opdracht, out)
    except Onleesbaar as error:
        send(out, {"fout": error.melding, "lagen": error.lagen})
    except MemoryError:
        send(out, {"fout": "Dit bestand is te groot om te lezen.", "lagen": ()})
    out.flush()


if __name__ == "__main__":
    main(sys.argv)
