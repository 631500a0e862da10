"""Write a layer as GeoPackage or FlatGeobuf, in a process of its own: GDAL is big, and slow.

``python -m kernenkaart.uitvoer.maken`` reads one line of JSON: ``url`` of the database, ``laag``,
``formaat`` and ``pad``. The file appears under ``pad`` when it is whole, not before.
"""

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC as UTC_TIJD
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
from sqlalchemy import Boolean, Date, DateTime, Integer, func
from sqlalchemy.types import TypeEngine

from kernenkaart.config import Settings
from kernenkaart.geo.crs import RD
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.lagen.feature import open_rows
from kernenkaart.lezen import make_lezer, to_text
from kernenkaart.migrations.models import load_models

DRIVERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf"}
RIJEN = 10_000  # in memory at once
UTC = 100  # GDAL's number of that time zone
CRS = f"EPSG:{RD}"

Values = np.ndarray[Any, Any]


def write(url: str, laag: OpenLaag, formaat: str, pad: Path) -> None:
    """Write the whole layer to ``pad``, in RD, reading a part at a time.

    FlatGeobuf can only be written at once and holds no thing without a place; GDAL makes it from
    the GeoPackage, without taking it into memory.
    """
    gpkg = pad.with_suffix(".deel.gpkg")
    gpkg.unlink(missing_ok=True)
    _write_gpkg(url, laag, gpkg)
    if formaat == "gpkg":
        os.replace(gpkg, pad)
        return
    fgb = pad.with_suffix(".deel.fgb")
    fgb.unlink(missing_ok=True)
    with pyogrio.open_arrow(gpkg, layer=laag.naam, where="geom IS NOT NULL") as (meta, stream):
        pyogrio.write_arrow(
            stream, fgb, layer=laag.naam, driver=DRIVERS["fgb"], crs=CRS,
            geometry_name=meta["geometry_name"] or "geom", geometry_type="Unknown",
        )  # fmt: skip
    gpkg.unlink()
    os.replace(fgb, pad)


def _write_gpkg(url: str, laag: OpenLaag, gpkg: Path) -> None:
    lezer = make_lezer(Settings(database_url=url))
    namen = ["id", *laag.velden]
    columns = [laag.id, *(veld.kolom for veld in laag.velden.values())]
    kinds = [Integer(), *(veld.type for veld in laag.velden.values())]
    rows = open_rows(laag, *columns, func.ST_AsBinary(laag.geom))
    stream = lezer.stream(to_text(rows))
    part = list(islice(stream, RIJEN))
    append = False
    while part or not append:  # an empty layer is a file too
        values = list(zip(*part, strict=True)) or [()] * (len(namen) + 1)
        fields = [_to_array(column, kind) for column, kind in zip(values, kinds, strict=False)]
        pyogrio.raw.write(
            gpkg,
            np.array(values[-1], dtype=object),
            [array for array, _mask in fields],
            namen,
            field_mask=[mask for _array, mask in fields],
            layer=laag.naam,
            driver=DRIVERS["gpkg"],
            geometry_type="Unknown",
            crs=CRS,
            append=append,
            gdal_tz_offsets={
                naam: np.full(len(part), UTC)
                for naam, kind in zip(namen, kinds, strict=True)
                if isinstance(kind, DateTime)
            },
        )
        append = True
        part = list(islice(stream, RIJEN))


def _to_array(column: Sequence[Any], kind: TypeEngine[Any]) -> tuple[Values, Values | None]:
    """Values of one field as GDAL wants them, and which of them are missing; None: none are."""
    missing = np.array([value is None for value in column], dtype=bool)
    match kind:
        case DateTime():
            utc = [value and value.astimezone(UTC_TIJD).replace(tzinfo=None) for value in column]
            return np.array(utc, dtype="datetime64[ms]"), None
        case Date():
            return np.array(column, dtype="datetime64[D]"), None
        case Boolean():
            return np.array([bool(value) for value in column], dtype=bool), missing
        case Integer():
            return np.array([value or 0 for value in column], dtype=np.int64), missing
        case _:
            return np.array(column, dtype=object), None


def main() -> None:
    """Do what the line on standard input says."""
    opdracht = json.loads(sys.stdin.readline())
    load_models()
    laag = next(laag for laag in OPEN_LAGEN if laag.naam == opdracht["laag"])
    write(opdracht["url"], laag, opdracht["formaat"], Path(opdracht["pad"]))


if __name__ == "__main__":
    main()
