"""The child process that opens tables and DATEX II: what it reads may be hostile (T6, T7).

``python -m kernenkaart.werkbronnen.kind OPDRACHT``; what it is asked and what it answers is as in
``geo.bestand.kind``, which opens the geo files.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import shapely
from pyproj import CRS

from kernenkaart.geo.bestand import archief
from kernenkaart.geo.bestand.geojson import Ruw
from kernenkaart.geo.bestand.kind import Opdracht, limit_self, send, to_rd
from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar
from kernenkaart.geo.crs import WGS84
from kernenkaart.werkbronnen import datex, tabellen

MODULE = "kernenkaart.werkbronnen.kind"
PARTIJ = 500
LEZERS: dict[str, Callable[[Path, Limieten], Iterator[Ruw]]] = {
    ".csv": tabellen.read_csv,
    ".xlsx": tabellen.read_xlsx,
    ".xml": datex.read_datex,
}


def run(opdracht: Opdracht, out: BinaryIO) -> None:
    """Read the one file and send its rows as they come.

    Raises:
        Onleesbaar: if it cannot be read.
    """
    path = Path(opdracht.bestanden[0])
    if path.suffix == ".gz":
        target = Path(opdracht.werkmap, f"uitgepakt{Path(path.stem).suffix}")
        archief.unpack_gzip(path, target, opdracht.limieten)
        path = target
    nummer = 0
    for rows in _batches(LEZERS[path.suffix](path, opdracht.limieten)):
        to_rd(rows, CRS.from_epsg(WGS84), opdracht.limieten)
        for one in rows:
            nummer += 1
            head = {
                "bestand": path.name,
                "nummer": nummer,
                "velden": one.velden,
                "reden": one.reden,
                "hersteld": one.hersteld,
            }
            send(out, head, shapely.to_wkb(one.geom) if one.geom is not None else b"")
    send(out, {"klaar": True})


def _batches(rows: Iterable[Ruw]) -> Iterator[list[Ruw]]:
    batch: list[Ruw] = []
    for row in rows:
        batch.append(row)
        if len(batch) == PARTIJ:
            yield batch
            batch = []
    yield batch


def main(argv: list[str]) -> None:
    """Do the ``Opdracht`` in ``argv[1]``."""
    opdracht = Opdracht.from_json(argv[1])
    limit_self(opdracht.limieten)
    out = sys.stdout.buffer
    try:
        run(opdracht, out)
    except Onleesbaar as error:
        send(out, {"fout": error.melding, "lagen": ()})
    except MemoryError:
        send(out, {"fout": "Dit bestand is te groot om te lezen.", "lagen": ()})
    out.flush()


if __name__ == "__main__":
    main(sys.argv)
