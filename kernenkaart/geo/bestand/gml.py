"""GML 2 and 3 (simple features) read without GDAL: a schema or a link in the file is not followed.

A DOCTYPE is refused, so nothing is expanded; what is kept of a feature is its simple properties
and its first geometry.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET  # a DOCTYPE is refused below

import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from kernenkaart.geo.bestand.geojson import Ruw, plain
from kernenkaart.geo.bestand.stelsel import from_name
from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar

CHUNK = 1 << 16
LEDEN = {"featureMember", "featureMembers", "member", "members"}
LIJNEN = ("LineString", "Curve")
VLAKKEN = ("Polygon", "PolygonPatch")
VORMEN = {
    "Point", "LineString", "Curve", "MultiLineString", "MultiCurve",
    "Polygon", "Surface", "MultiPolygon", "MultiSurface",
}  # fmt: skip
_OUD = re.compile(r"https?://www\.opengis\.net/gml/srs/epsg\.xml#(\d{4,6})", re.I)
_NOORD_EERST = re.compile(r"urn:ogc:def:crs:EPSG:|https?://www\.opengis\.net/def/crs/EPSG/", re.I)

Paren = list[tuple[float, float]]


def read(path: Path, limieten: Limieten) -> tuple[CRS | None, list[Ruw]]:
    """The declared system and the features of a GML file; x before y.

    Raises:
        Onleesbaar: if it is no well-formed XML, has a DOCTYPE or too many features.
    """
    verzamelaar = _Verzamelaar(limieten.features)
    parser = ET.XMLParser(target=verzamelaar)  # noqa: S314  # it refuses a DOCTYPE
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                parser.feed(chunk)
        parser.close()
    except ET.ParseError as error:
        raise Onleesbaar("Dit is geen GML, al heet het wel zo.") from error
    if not verzamelaar.features:
        raise Onleesbaar("In dit GML-bestand staan geen vormen.")
    return verzamelaar.crs(), verzamelaar.features


class _Verzamelaar:
    """Builds one feature at a time while the file is read."""

    def __init__(self, hoogstens: int) -> None:
        self.features: list[Ruw] = []
        self._hoogstens = hoogstens
        self._srs: str | None = None
        self._builder: ET.TreeBuilder | None = None
        self._diepte = 0  # within the feature that is read
        self._in_lid = 0

    def doctype(self, _name: str, _pubid: str | None, _system: str | None) -> None:
        """Refuse it: it is where entities are declared."""
        raise Onleesbaar("Dit GML-bestand bevat een DOCTYPE. Sla het op zonder.")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._srs is None:
            self._srs = attributes.get("srsName")
        if self._builder is not None:
            self._diepte += 1
            self._builder.start(tag, attributes)
        elif self._in_lid:
            self._builder, self._diepte = ET.TreeBuilder(), 1
            self._builder.start(tag, attributes)
        elif _local(tag) in LEDEN:
            self._in_lid += 1

    def data(self, text: str) -> None:
        """Text within an element."""
        if self._builder is not None:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        """An element ends; when it is a feature, keep it."""
        if self._builder is None:
            self._in_lid -= _local(tag) in LEDEN
            return
        self._builder.end(tag)
        self._diepte -= 1
        if self._diepte == 0:
            self._keep(self._builder.close())
            self._builder = None

    def close(self) -> None:
        """All is read."""

    def _keep(self, element: ET.Element) -> None:
        if len(self.features) == self._hoogstens:
            raise Onleesbaar(f"Dit bestand heeft meer dan {self._hoogstens} vormen.")
        noord_eerst = bool(self._srs and _NOORD_EERST.match(self._srs) and _is_graden(self._srs))
        self.features.append(_feature(element, noord_eerst))

    def crs(self) -> CRS | None:
        """The system that the file names; None when it does not."""
        return from_name(_OUD.sub(r"EPSG:\1", self._srs)) if self._srs else None


def _is_graden(srs: str) -> bool:
    return bool(from_name(srs).is_geographic)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _feature(element: ET.Element, noord_eerst: bool) -> Ruw:
    velden: dict[Any, Any] = {}
    vorm: ET.Element | None = None
    for veld in element:
        binnen = next((el for el in veld.iter() if _local(el.tag) in VORMEN), None)
        if binnen is not None:
            vorm = binnen if vorm is None and _local(veld.tag) != "boundedBy" else vorm
        elif len(veld) == 0:
            velden[_local(veld.tag)] = (veld.text or "").strip()
    if vorm is None:
        return Ruw(plain(velden), reden="heeft geen vorm")
    try:
        geom = _geometry(vorm)
    except (ValueError, shapely.errors.GEOSException):
        return Ruw(plain(velden), reden="heeft een vorm die niet te lezen is")
    if geom.is_empty:
        return Ruw(plain(velden), reden="heeft een lege vorm")
    if noord_eerst:
        geom = shapely.transform(geom, lambda xy: xy[:, ::-1])
    return Ruw(plain(velden), geom)


def _geometry(element: ET.Element) -> BaseGeometry:
    """Raises ValueError for what is no geometry."""
    match _local(element.tag):
        case "Point":
            return shapely.Point(_paren(element)[0])
        case "LineString" | "Curve":
            return shapely.LineString(_paren(element))
        case "MultiLineString" | "MultiCurve":
            return shapely.MultiLineString([_paren(el) for el in _find(element, LIJNEN)])
        case "Polygon":
            return _polygon(element)
        case _:
            return shapely.MultiPolygon([_polygon(el) for el in _find(element, VLAKKEN)])


def _polygon(element: ET.Element) -> shapely.Polygon:
    rings = [_paren(ring) for ring in _find(element, ("LinearRing", "Ring"))]
    if not rings:
        raise ValueError("no ring")
    return shapely.Polygon(rings[0], rings[1:])


def _find(element: ET.Element, names: tuple[str, ...]) -> Iterator[ET.Element]:
    """The outermost elements within ``element`` that are called so."""
    for child in element:
        if _local(child.tag) in names:
            yield child
        else:
            yield from _find(child, names)


def _paren(element: ET.Element) -> Paren:
    """The coordinates below ``element``, without height; those of segments after one another."""
    result: Paren = []
    for el in element.iter():
        match _local(el.tag):
            case "coordinates":
                result += [_pair(pair.split(",")) for pair in (el.text or "").split()]
            case "posList":
                numbers = (el.text or "").split()
                size = int(el.get("srsDimension") or element.get("srsDimension") or 2)
                if size not in (2, 3):
                    raise ValueError("dimension")
                result += [_pair(numbers[at : at + size]) for at in range(0, len(numbers), size)]
            case "pos":
                result.append(_pair((el.text or "").split()))
            case "coord":
                result.append(_pair([(child.text or "") for child in el]))
    if not result:
        raise ValueError("no coordinates")
    return result


def _pair(numbers: list[str]) -> tuple[float, float]:
    x, y = (float(number) for number in numbers[:2])
    if not (abs(x) < 1e9 and abs(y) < 1e9):
        raise ValueError("no number")
    return x, y
