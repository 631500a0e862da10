"""GeoJSON (RFC 7946, and the older ``crs`` member), read feature by feature.

No other decoder is asked: the common ones take NaN for a number and drop a broken ring in silence.
Here a broken feature stays in the list, with the reason why it has no geometry.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from kernenkaart.geo.bestand.waarden import Onleesbaar, Waarde

Coordinates = np.ndarray[Any, np.dtype[np.float64]]

TEKST_MAX = 10_000
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}


class Vormfout(ValueError):
    """A geometry that cannot be made; the text is a Dutch clause."""


@dataclass
class Ruw:
    """A feature as it stands in the file, in the file's own coordinate system."""

    velden: dict[str, Waarde]
    geom: BaseGeometry | None = None
    reden: str | None = None
    hersteld: list[str] = field(default_factory=list)


@dataclass
class Inhoud:
    """A whole GeoJSON text: its features and the name of its ``crs`` member, if it has one."""

    crs: str | None = None
    features: list[Ruw] = field(default_factory=list)


def decode(data: bytes) -> tuple[str, str | None]:
    """The text of a file, and a remark when it is not UTF-8 as it should be."""
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        remark = "De tekst is geen UTF-8; gelezen als Windows-1252."
        return data.decode("cp1252", errors="replace"), remark


def parse(text: str, *, max_features: int) -> Inhoud:
    """The features of a FeatureCollection, a single Feature or a bare geometry.

    Features are decoded one at a time, so that memory stays near the size of the text.

    Raises:
        Onleesbaar: if the text is no GeoJSON, or has more than ``max_features`` features.
    """
    inhoud = Inhoud()
    losse: dict[str, Any] = {}
    try:
        for key, value in _members(text):
            if key == "features" and isinstance(value, Iterator):
                for raw in value:
                    inhoud.features.append(read_feature(raw))
                    if len(inhoud.features) > max_features:
                        raise Onleesbaar(f"Dit bestand heeft meer dan {max_features} vormen.")
            else:
                losse[key] = value
    except (ValueError, IndexError, RecursionError) as error:
        raise Onleesbaar("Dit is geen leesbaar GeoJSON-bestand: de JSON klopt niet.") from error
    inhoud.crs = _crs_name(losse.get("crs", losse.get("coordRefSys")))
    kind = losse.get("type")
    if kind == "Feature":
        inhoud.features.append(read_feature(losse))
    elif isinstance(kind, str) and (kind in _GEOMETRIES or kind == "GeometryCollection"):
        inhoud.features.append(read_feature({"type": "Feature", "geometry": losse}))
    elif kind != "FeatureCollection":
        raise Onleesbaar("Dit is JSON, maar geen GeoJSON. Kies een GeoJSON-bestand.")
    return inhoud


def _members(text: str) -> Iterator[tuple[str, Any]]:
    """The members of the outermost object; a list called ``features`` comes as an iterator."""
    at = _skip(text, 0)
    if text[at] != "{":
        raise ValueError("no object")
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if not isinstance(key, str) or text[at] != ":":
            raise ValueError("no member")
        at = _skip(text, at + 1)
        if key == "features" and text[at] == "[":
            end = [at]
            yield key, _elements(text, at, end)
            at = end[0]
        else:
            value, at = _DECODER.raw_decode(text, at)
            yield key, value
        at = _separator(text, at, "}")


def _elements(text: str, at: int, end: list[int]) -> Iterator[Any]:
    at = _skip(text, at + 1)
    while text[at] != "]":
        value, at = _DECODER.raw_decode(text, at)
        yield value
        at = _separator(text, at, "]")
    end[0] = at + 1


def _separator(text: str, at: int, closing: str) -> int:
    at = _skip(text, at)
    if text[at] == ",":
        at = _skip(text, at + 1)
        if text[at] == closing:
            raise ValueError("trailing comma")
    elif text[at] != closing:
        raise ValueError("no separator")
    return at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _crs_name(member: object) -> str | None:
    match member:
        case {"type": "name", "properties": {"name": str(name)}}:
            return name
        case {"type": "EPSG", "properties": {"code": code}}:
            return f"EPSG:{code}"
        case str(name):
            return name
        case None:
            return None
    raise Onleesbaar("Het crs-lid van dit GeoJSON-bestand is niet te lezen.")


def read_feature(raw: object) -> Ruw:
    """One decoded feature as values; what is wrong with it becomes its ``reden``."""
    if not isinstance(raw, dict) or raw.get("type") != "Feature":
        return Ruw({}, reden="is geen Feature")
    properties = raw.get("properties")
    velden = plain(properties if isinstance(properties, dict) else {})
    if isinstance(raw.get("id"), str | int) and "id" not in velden:
        velden["id"] = raw["id"]
    feature = Ruw(velden)
    if raw.get("geometry") is None:
        feature.reden = "heeft geen vorm"
        return feature
    try:
        feature.geom = read_geometry(raw["geometry"], feature.hersteld)
    except Vormfout as error:
        feature.reden = str(error)
    return feature


def plain(properties: dict[Any, Any]) -> dict[str, Waarde]:
    """The properties that are one value; text is cut at 10,000 characters, NaN becomes None."""
    velden: dict[str, Waarde] = {}
    for name, value in properties.items():
        if isinstance(value, float) and not math.isfinite(value):
            velden[str(name)] = None
        elif isinstance(value, str):
            velden[str(name)] = value[:TEKST_MAX].replace("\0", "")
        elif value is None or isinstance(value, bool | int | float):
            velden[str(name)] = value
    return velden


def read_geometry(raw: object, hersteld: list[str]) -> BaseGeometry:
    """A geometry object as shapely; what was put right is added to ``hersteld``.

    Raises:
        Vormfout: if it cannot be made: wrong type, no numbers, too few points, empty.
    """
    if not isinstance(raw, dict):
        raise Vormfout("heeft een vorm die geen GeoJSON is")
    kind = raw.get("type")
    if kind == "GeometryCollection":
        members = raw.get("geometries")
        if not isinstance(members, list) or not members:
            raise Vormfout("heeft een lege vorm")
        if any(isinstance(one, dict) and one.get("type") == kind for one in members):
            raise Vormfout("heeft een verzameling in een verzameling")
        return shapely.GeometryCollection([read_geometry(one, hersteld) for one in members])
    coordinates = raw.get("coordinates")
    if not isinstance(kind, str) or kind not in _GEOMETRIES:
        raise Vormfout("heeft een vorm van een onbekend type")
    if not isinstance(coordinates, list) or not coordinates:
        raise Vormfout("heeft een lege vorm")
    try:
        return _MAKERS[kind](coordinates, hersteld)
    except (shapely.GEOSException, TypeError) as error:
        raise Vormfout("heeft een vorm die niet te maken is") from error


def _positions(raw: object) -> Coordinates:
    """A list of positions as an array of x and y; height is dropped."""
    if not isinstance(raw, list) or not all(isinstance(p, list) and len(p) >= 2 for p in raw):
        raise Vormfout("heeft een coördinaat die geen paar getallen is")
    array = np.array([position[:2] for position in raw], dtype=object)
    if array.ndim != 2 or not all(type(number) in (int, float) for number in array.flat):
        raise Vormfout("heeft een coördinaat die geen getal is")
    try:
        numbers = array.astype(np.float64)
    except OverflowError as error:
        raise Vormfout("heeft een coördinaat die te groot is") from error
    if not np.isfinite(numbers).all():
        raise Vormfout("heeft een coördinaat die geen getal is (NaN of oneindig)")
    return numbers


def _line(raw: object) -> shapely.LineString:
    positions = _positions(raw)
    if len(positions) < 2:
        raise Vormfout("heeft een lijn met minder dan twee punten")
    return shapely.LineString(positions)


def _polygon(raw: object, hersteld: list[str]) -> shapely.Polygon:
    if not isinstance(raw, list) or not raw:
        raise Vormfout("heeft een vlak zonder rand")
    rings: list[Coordinates] = []
    for number, part in enumerate(raw):
        ring = _positions(part)
        if len(ring) and (ring[0] != ring[-1]).any():
            hersteld.append("een open rand is gesloten")
            ring = np.vstack([ring, ring[:1]])
        if len(ring) >= 4:
            rings.append(ring)
        elif number == 0:
            raise Vormfout("heeft een vlak met minder dan drie hoeken")
        else:
            hersteld.append("een gat met te weinig punten is weggelaten")
    return shapely.Polygon(rings[0], rings[1:])


_MAKERS: dict[str, Callable[[list[Any], list[str]], BaseGeometry]] = {
    "Point": lambda raw, _: shapely.Point(_positions([raw])[0]),
    "MultiPoint": lambda raw, _: shapely.MultiPoint(_positions(raw)),
    "LineString": lambda raw, _: _line(raw),
    "MultiLineString": lambda raw, _: shapely.MultiLineString([_line(one) for one in raw]),
    "Polygon": _polygon,
    "MultiPolygon": lambda raw, hersteld: shapely.MultiPolygon(
        [_polygon(one, hersteld) for one in raw]
    ),
}
