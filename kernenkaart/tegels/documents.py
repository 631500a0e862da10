"""What tiles there are, as documents: TileJSON 3.0.0, and those of OGC API Tiles. Plain values."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from kernenkaart.config import Settings
from kernenkaart.geo.bereik import RD_BOUNDS
from kernenkaart.geo.crs import RD, WGS84, transformer
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.kernen.laag import LAAG as KERNEN
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.tegels.antwoord import MVT
from kernenkaart.tegels.models import NIVEAUS
from kernenkaart.tegels.raster import PIXELS, RASTERS, Raster
from kernenkaart.web.api import JSON, VERSIE

Doc = dict[str, Any]

ZOOM_MAX = 16  # closer by nothing more is told
PIXEL_M = 0.00028  # of the standard, for scale denominators
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
TILING_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
GEODATA = "http://www.opengis.net/def/rel/ogc/1.0/geodata"
TEGEL = "{tileMatrix}/{tileRow}/{tileCol}"


def tilejson(
    lagen: tuple[OpenLaag, ...], adres: str, vraag: Mapping[str, str], settings: Settings
) -> Doc:
    """The TileJSON of some layers.

    Args:
        adres: of their tiles, without a slash at its end.
        vraag: the parameters of each tile: the version and what is asked for.
    """
    return {
        "tilejson": "3.0.0",
        "name": ", ".join(laag.label for laag in lagen),
        "description": " ".join(laag.omschrijving for laag in lagen),
        "version": VERSIE,
        "attribution": _escape(
            f"{settings.titel} {settings.gemeente_naam}, {settings.open_data_licentie}"
        ),
        "scheme": "xyz",
        "tiles": [f"{adres}/{{z}}/{{x}}/{{y}}.mvt?{urlencode(vraag)}"],
        "minzoom": min(laag.vanaf_zoom for laag in lagen),
        "maxzoom": ZOOM_MAX,
        "bounds": bounds(),
        "vector_layers": [
            {
                "id": laag.naam,
                "description": laag.omschrijving,
                "minzoom": laag.vanaf_zoom,
                "maxzoom": ZOOM_MAX,
                "fields": _fields(laag),
            }
            for laag in lagen
        ],
    }


def bounds() -> list[float]:
    """West, south, east, north of all that can be stored, degrees."""
    found = transformer(RD, WGS84).transform_bounds(*RD_BOUNDS, densify_pts=51)
    return [round(value, 4) for value in found]


def _escape(text: str) -> str:
    """Clients show it as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _fields(laag: OpenLaag) -> dict[str, str]:
    fields = {"id": "Het nummer binnen de laag."}
    fields |= {name: laag.velden[name].omschrijving for name in laag.kort}
    if laag.vanaf_zoom:
        fields["n"] = "Hoeveel er bij elkaar liggen, waar het er te veel zijn om elk te tekenen."
    elif laag is not KERNEN:
        fields["n"] = f"Hoeveel er bij elkaar liggen; tot en met zoomniveau {NIVEAUS[-1]}."
    return fields


def tile_matrix_sets(root: str) -> Doc:
    """The grids there are.

    Args:
        root: address of the API, without a slash at its end.
    """
    return {
        "tileMatrixSets": [
            {
                "id": raster.naam,
                "title": raster.titel,
                "uri": raster.uri,
                "crs": raster.crs,
                "links": [_link(f"{root}/tileMatrixSets/{raster.naam}", "self", raster.titel)],
            }
            for raster in RASTERS.values()
        ]
    }


def tile_matrix_set(raster: Raster) -> Doc:
    """One grid, as OGC Two Dimensional Tile Matrix Set 2.0 writes it."""
    return {
        "id": raster.naam,
        "title": raster.titel,
        "uri": raster.uri,
        "crs": raster.crs,
        "orderedAxes": ["X", "Y"],
        "tileMatrices": [_tile_matrix(raster, z) for z in range(raster.z_max + 1)],
    }


def _tile_matrix(raster: Raster, z: int) -> Doc:
    cel = raster.breedte / PIXELS / 2**z
    return {
        "id": str(z),
        "scaleDenominator": cel / PIXEL_M,
        "cellSize": cel,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [raster.west, raster.noord],
        "tileWidth": PIXELS,
        "tileHeight": PIXELS,
        "matrixWidth": 2**z,
        "matrixHeight": 2**z,
    }


def tilesets(adres: str, root: str, titel: str) -> Doc:
    """The tilesets of one layer or of all, one for each grid.

    Args:
        adres: of this document; that of each tileset lies below it.
    """
    return {
        "tilesets": [
            _tileset_item(adres, root, raster, titel) | {"dataType": "vector"}
            for raster in RASTERS.values()
        ],
        "links": [_link(adres, "self", f"Tegels: {titel}")],
    }


def _tileset_item(adres: str, root: str, raster: Raster, titel: str) -> Doc:
    return {
        "title": f"{titel}: {raster.titel}",
        "crs": raster.crs,
        "tileMatrixSetURI": raster.uri,
        "tileMatrixSetId": raster.naam,
        "links": [
            _link(f"{adres}/{raster.naam}", "self", f"Over deze tegels: {titel}"),
            _link(f"{root}/tileMatrixSets/{raster.naam}", TILING_SCHEME, raster.titel),
            _link(f"{adres}/{raster.naam}/{TEGEL}", "item", "Een tegel", MVT) | {"templated": True},
        ],
    }


def tileset(
    adres: str, root: str, raster: Raster, lagen: tuple[OpenLaag, ...], settings: Settings
) -> Doc:
    """All about the tiles of one grid: where they are, what is in them.

    Args:
        adres: as in ``tilesets``.
    """
    titel = titel_of(lagen)
    west, south, east, north = bounds()
    return _tileset_item(adres, root, raster, titel) | {
        "description": " ".join(laag.omschrijving for laag in lagen),
        "dataType": "vector",
        "accessConstraints": "unclassified",
        "license": settings.open_data_licentie,
        "attribution": _escape(f"{settings.titel} {settings.gemeente_naam}"),
        "mediaTypes": [MVT],
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84},
        "tileMatrixSetLimits": [_limits(raster, z) for z in range(raster.z_max + 1)],
        "layers": [_layer(laag, root) for laag in lagen],
    }


def titel_of(lagen: tuple[OpenLaag, ...]) -> str:
    """What some layers are called together."""
    return "Alle lagen" if lagen == OPEN_LAGEN else ", ".join(laag.label for laag in lagen)


def _limits(raster: Raster, z: int) -> Doc:
    """The rows and columns in which there can be anything."""
    left, under, right, above = raster.bereik()
    tegel = raster.breedte / 2**z

    def place(distance: float) -> int:
        column: int = max(0, min(2**z - 1, int(distance // tegel)))
        return column

    return {
        "tileMatrix": str(z),
        "minTileRow": place(raster.noord - above),
        "maxTileRow": place(raster.noord - under),
        "minTileCol": place(left - raster.west),
        "maxTileCol": place(right - raster.west),
    }


def _layer(laag: OpenLaag, root: str) -> Doc:
    return {
        "id": laag.naam,
        "title": laag.label,
        "description": laag.omschrijving,
        "dataType": "vector",
        "propertiesSchema": {
            "type": "object",
            "properties": {
                name: {"description": text, "type": _type_of(laag, name)}
                for name, text in _fields(laag).items()
            },
        },
        "links": [_link(f"{root}/collections/{laag.naam}", GEODATA, laag.label)],
    }


def _type_of(laag: OpenLaag, name: str) -> str:
    """The type that a value has in a tile, as JSON Schema says it."""
    if name not in laag.velden:
        return "integer"
    python = laag.velden[name].type.python_type
    return {bool: "boolean", int: "integer", float: "number"}.get(python, "string")


def _link(href: str, rel: str, title: str, media_type: str = JSON) -> Doc:
    return {"href": href, "rel": rel, "type": media_type, "title": title}
