"""GeoPackage and shapefile, read by GDAL with every other driver switched off.

GDAL decides by content what a file is, not by name: a file called ``x.geojson`` can be a VRT that
points at another file or at the network. So the magic number is checked first, and GDAL is started
with only the drivers for these two: the parent tells it which others to skip.
"""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from kernenkaart.geo.bestand.geojson import Ruw, plain
from kernenkaart.geo.bestand.stelsel import from_wkt
from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar

DRIVERS = {"GPKG", "ESRI Shapefile"}
GPKG_MAGIC = b"SQLite format 3\0"
SHP_MAGIC = b"\x00\x00\x27\x0a"
_OWN_TRIGGERS = (
    "rtree_",
    "gpkg_",
    "trigger_insert_feature_count_",
    "trigger_delete_feature_count_",
)


@cache
def load() -> Any:
    """pyogrio, with GDAL limited to ``DRIVERS``; loaded only in the child, when it is needed.

    Raises:
        RuntimeError: if GDAL was not told, by ``OGR_SKIP``, to leave all other drivers alone.
    """
    import pyogrio  # noqa: PLC0415

    others = set(pyogrio.list_drivers()) - DRIVERS
    if others:
        raise RuntimeError(f"GDAL loaded drivers that it should skip: {sorted(others)}")
    pyogrio.set_gdal_config_options(
        {
            "OGR_SQLITE_PRAGMA": "trusted_schema=OFF,cell_size_check=ON",
            "CPL_CURL_ENABLE_VSIMEM": "NO",
            "SHAPE_RESTORE_SHX": "YES",
        }
    )
    return pyogrio


def check_gpkg(path: Path) -> None:
    """Refuse a GeoPackage that can do more than hold rows.

    Triggers that the standard itself prescribes (for the spatial index and counters) are in nearly
    every file; they fire on writing, and nothing is written.

    Raises:
        Onleesbaar: if it is no SQLite file, is damaged, or has views, other triggers or virtual
            tables other than the spatial index.
    """
    with path.open("rb") as file:
        if file.read(16) != GPKG_MAGIC:
            raise Onleesbaar("Dit is geen GeoPackage, al heet het wel zo.")
    objects = _query(path, "SELECT type, lower(name), lower(coalesce(sql, '')) FROM sqlite_master")
    for kind, name, sql in objects:
        virtual = kind == "table" and "virtual" in sql.split("(")[0].split()
        if kind == "view":
            raise Onleesbaar("Dit GeoPackage bevat een view. Sla de laag op als gewone tabel.")
        if kind == "trigger" and not name.startswith(_OWN_TRIGGERS):
            raise Onleesbaar("Dit GeoPackage bevat een trigger. Sla de laag opnieuw op.")
        if virtual and "using rtree" not in " ".join(sql.split()):
            raise Onleesbaar("Dit GeoPackage bevat een virtuele tabel. Sla de laag opnieuw op.")


def _query(path: Path, query: str) -> list[Any]:
    """The rows of a query on a GeoPackage that is opened as if nobody could ever write it."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            return database.execute(query).fetchall()
    except sqlite3.Error as error:
        raise Onleesbaar("Dit GeoPackage is beschadigd.") from error


def check_shapefile(path: Path) -> None:
    """Refuse a file that is no shapefile, whatever its name.

    Raises:
        Onleesbaar: if the magic number is wrong, or the file with the columns is missing.
    """
    with path.open("rb") as file:
        if file.read(4) != SHP_MAGIC:
            raise Onleesbaar("Dit is geen shapefile, al heet het wel zo.")
    if not path.with_suffix(".dbf").exists():
        raise Onleesbaar("Bij deze shapefile ontbreekt de .dbf. Zet alles samen in een zip.")


def dbf_encoding(path: Path) -> str | None:
    """The encoding of the texts of a shapefile when it does not say so itself, else None."""
    dbf = path.with_suffix(".dbf").read_bytes()
    if path.with_suffix(".cpg").exists() or len(dbf) < 32 or dbf[29]:
        return None
    try:
        dbf[int.from_bytes(dbf[8:10], "little") :].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def layers(path: Path) -> list[str]:
    """The layers of a checked GeoPackage that have a geometry, in order of the file."""
    rows = _query(
        path,
        "SELECT c.table_name FROM gpkg_contents c JOIN gpkg_geometry_columns g USING (table_name) "
        "WHERE c.data_type = 'features' ORDER BY c.rowid",
    )
    return [str(name) for (name,) in rows]


def read(path: Path, layer: str | None, limieten: Limieten) -> tuple[CRS | None, list[Ruw]]:
    """The declared system and the features of one layer.

    Raises:
        Onleesbaar: if GDAL cannot read it, or it has too many features.
    """
    pyogrio = load()
    shapefile = path.suffix == ".shp"
    options: dict[str, Any] = {} if shapefile else {"IMMUTABLE": "YES", "LIST_ALL_TABLES": "NO"}
    try:
        meta, _, wkb, columns = pyogrio.raw.read(
            path,
            layer=layer,
            encoding=dbf_encoding(path) if shapefile else None,
            force_2d=True,
            max_features=limieten.features + 1,
            datetime_as_string=True,
            **options,
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise Onleesbaar("Dit bestand is beschadigd of niet te lezen.") from error
    if wkb is None:
        raise Onleesbaar("Deze laag heeft geen vormen, alleen een tabel.")
    if len(wkb) > limieten.features:
        raise Onleesbaar(f"Dit bestand heeft meer dan {limieten.features} vormen.")
    names = [str(name) for name in meta["fields"]]
    values = [column.tolist() for column in columns]
    rows = zip(*values, strict=True) if values else [()] * len(wkb)
    return from_wkt(meta["crs"]), [
        _feature(plain(dict(zip(names, row, strict=True))), shape)
        for row, shape in zip(rows, wkb, strict=True)
    ]


def _feature(velden: dict[str, Any], wkb: bytes | None) -> Ruw:
    if wkb is None:
        return Ruw(velden, reden="heeft geen vorm")
    geom = shapely.from_wkb(wkb, on_invalid="fix")
    if geom is None:
        return Ruw(velden, reden="heeft een vorm die niet te lezen is")
    if geom.is_empty:
        return Ruw(velden, reden="heeft een lege vorm")
    geom = shapely.force_2d(geom)
    if not np.isfinite(shapely.get_coordinates(geom)).all():
        return Ruw(velden, reden="heeft een coördinaat die geen getal is (NaN of oneindig)")
    return Ruw(velden, geom)
