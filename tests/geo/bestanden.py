"""Geo files for tests: made here, good and bad, so that none lies in the repository."""

import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

RD_CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
VIERKANT = [
    [140000, 430000],
    [141000, 430000],
    [141000, 431000],
    [140000, 431000],
    [140000, 430000],
]
TORENSPITS_LONLAT = (5.38720621, 52.15517440)  # Amersfoort, the origin of RD
TORENSPITS_RD = (155000.0, 463000.0)


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature; ``geometry`` is shapely or a decoded GeoJSON geometry."""
    if isinstance(geometry, BaseGeometry):
        geometry = json.loads(shapely.to_geojson(geometry))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(ring: list[Any]) -> dict[str, Any]:
    """A decoded GeoJSON polygon."""
    return {"type": "Polygon", "coordinates": [ring]}


def write_geojson(path: Path, *features: Any, crs: Any = RD_CRS) -> Path:
    """A FeatureCollection in RD, unless ``crs`` is something else; None leaves it out."""
    collection: dict[str, Any] = {"type": "FeatureCollection", "features": list(features)}
    if crs is not None:
        collection["crs"] = crs
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path


def write_ogr(
    path: Path, shapes: list[BaseGeometry], *, crs: str | None = "EPSG:28992", **columns: list[Any]
) -> Path:
    """A GeoPackage or shapefile, by the suffix of ``path``; ``layer=`` names the layer."""
    layer = columns.pop("layer", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyogrio warns where there is no CRS: we mean that
        _write(path, shapes, crs, layer, columns)
    return path


def _write(
    path: Path,
    shapes: list[BaseGeometry],
    crs: str | None,
    layer: Any,
    columns: dict[str, list[Any]],
) -> None:
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
        [np.array(values, dtype=object) for values in columns.values()],
        list(columns),
        driver="GPKG" if path.suffix == ".gpkg" else "ESRI Shapefile",
        geometry_type=shapes[0].geom_type,
        crs=crs,
        layer=layer,
        append=path.exists(),
    )


def write_zip(path: Path, members: dict[str, bytes | Path]) -> Path:
    """A zip of ``members`` by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content.read_bytes() if isinstance(content, Path) else content)
    return path


def zip_shapefile(
    path: Path, shp: Path, *, without: tuple[str, ...] = (), folder: str = ""
) -> Path:
    """A zip of all files of a shapefile, but those with the suffixes in ``without``."""
    parts = [one for one in shp.parent.iterdir() if one.stem == shp.stem]
    return write_zip(path, {folder + one.name: one for one in parts if one.suffix not in without})
