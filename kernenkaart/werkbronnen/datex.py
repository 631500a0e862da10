"""DATEX II v3 (Dutch profile, as NDW publishes works), read situation by situation (S25, T7).

A DOCTYPE is refused, so nothing is expanded; only the elements named here are read, so that names
and notes that are not public never come further. One situation is one work: its road works give
the days, its measures the hinder and the lines, its diversions the way around.

Only the child process of ``kind.py`` imports this.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder  # builds only; expat below does the reading
from xml.parsers import expat

import shapely
from shapely.geometry.base import BaseGeometry

from kernenkaart.geo.bestand.geojson import TEKST_MAX, Ruw
from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar
from kernenkaart.tijd import AMSTERDAM

CHUNK = 1 << 16
DIEP_MAX = 60
ELEMENTEN_MAX = 20_000  # of one situation
TEKENS_MAX = 2_000_000  # of one situation
GEEN_DATEX = "Dit is geen DATEX II zoals NDW het publiceert."
WERKEN = {"MaintenanceWorks", "ConstructionWorks"}
ONDERHOUD = {"roadMaintenance", "constructionWork", "roadworks"}
NIETSZEGGEND = {"", "overig", "overige", "anders", "onbekend", "overig,"}
STATUSSEN = ("roadworkStatus", "operatorActionStatus", "probabilityOfOccurrence")
DICHT = {"roadClosed", "carriagewayClosures", "closedPermanentlyForTheWinter"}
BEPERKT = {
    *("laneClosures", "narrowLanes", "singleAlternateLineTraffic", "contraflow", "lanesDeviated"),
    *("hardShoulderRunningInOperation", "useOfSpecifiedLanesOrCarriagewaysAllowed"),
}
OMLEIDING = "ReroutingManagement"
OMLEIDING_WOORDEN = "reroutingItineraryDescription"
Lines = dict[tuple[tuple[float, float], ...], shapely.LineString]
VOERTUIGEN = {
    "bicycle": "fietsers",
    "moped": "brommers",
    "motorcycle": "motoren",
    "car": "auto's",
    "lorry": "vrachtwagens",
    "bus": "bussen",
    "pedestrian": "voetgangers",
    "agriculturalVehicle": "landbouwverkeer",
    "anyVehicle": "alle verkeer",
}


def read_datex(path: Path, limieten: Limieten) -> Iterator[Ruw]:
    """One row per situation, its geometry in lon/lat (WGS84, degrees).

    Raises:
        Onleesbaar: if it is no such XML, has a DOCTYPE, or a situation is absurdly large.
    """
    lezer = _Lezer(limieten.features)
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                lezer.parser.Parse(chunk, False)  # it takes no keyword
                yield from lezer.take()
            lezer.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Onleesbaar("Deze XML is beschadigd of niet af.") from error
    yield from lezer.take()
    if not lezer.aantal and not lezer.is_datex:
        raise Onleesbaar(GEEN_DATEX)


class _Lezer:
    """Gives each situation as a small tree, and forgets it."""

    def __init__(self, hoogstens: int) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.aantal = 0
        self.is_datex = False
        self._hoogstens = hoogstens
        self._boom: TreeBuilder | None = None
        self._klaar: list[Element] = []
        self._diep = self._elementen = self._tekens = 0

    def take(self) -> Iterator[Ruw]:
        """The situations that are whole, as rows."""
        klaar, self._klaar = self._klaar, []
        return map(to_ruw, klaar)

    def _refuse(self, *_: object) -> None:
        raise Onleesbaar("Deze XML heeft een DOCTYPE. Zulke bestanden lezen we niet.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._diep += 1
        if self._diep > DIEP_MAX:
            raise Onleesbaar(GEEN_DATEX)
        tag = _local(name)
        if tag in {"messageContainer", "situationPublication", "d2LogicalModel"}:
            self.is_datex = True
        if self._boom is None and tag == "situation":
            self._boom = TreeBuilder()
            self._elementen = self._tekens = 0
            self.aantal += 1
            if self.aantal > self._hoogstens:
                raise Onleesbaar(f"Dit bestand heeft meer dan {self._hoogstens} situaties.")
        if self._boom is not None:
            self._elementen += 1
            if self._elementen > ELEMENTEN_MAX:
                raise Onleesbaar("Een situatie in dit bestand is te groot.")
            local = {_local(key): value for key, value in attributes.items()}
            self._boom.start(tag, local)

    def _text(self, text: str) -> None:
        if self._boom is not None:
            self._tekens += len(text)
            if self._tekens > TEKENS_MAX:
                raise Onleesbaar("Een situatie in dit bestand is te groot.")
            self._boom.data(text)

    def _end(self, name: str) -> None:
        self._diep -= 1
        if self._boom is None:
            return
        tag = _local(name)
        self._boom.end(tag)
        if tag == "situation":
            self._klaar.append(self._boom.close())
            self._boom = None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def to_ruw(situation: Element) -> Ruw:
    """A situation as a row: what it is, when, for whom, and where."""
    records = list(situation.iter("situationRecord"))
    werken = [one for one in records if _kind(one) in WERKEN]
    velden: dict[str, Any] = {"id": situation.get("id", "")[:200]}
    ruw = Ruw(velden)
    if reden := _why_not(situation, records, werken):
        ruw.reden = reden
        return ruw
    velden |= _what(werken or records) | _when(werken or records) | _hinder(records)
    ruw.geom = _shape(werken, records, ruw)
    velden |= _closed(werken, records, ruw) | _detour(records, ruw)
    return ruw


def _kind(record: Element) -> str:
    return _local(record.get("type", ""))


def _why_not(situation: Element, records: list[Element], werken: list[Element]) -> str | None:
    if _first([situation], "confidentiality") not in {"", "noRestriction"}:
        return "is vertrouwelijk"
    if _first([situation], "informationStatus") not in {"", "real"}:
        return "is een oefening of een test"
    if any(_kind(one) == "PublicEvent" for one in records) and not werken:
        return "is een evenement, geen werk"
    if werken or any(one.findtext("cause/causeType") in ONDERHOUD for one in records):
        return None
    return "gaat niet over werk aan de weg"


def _first(elements: list[Element], tag: str) -> str:
    """The first text under ``tag`` that is not empty."""
    texts = ((found.text or "").strip() for one in elements for found in one.iter(tag))
    return next(filter(None, texts), "")[:TEKST_MAX]


def _values(element: Element | None) -> str:
    """The text of a multilingual value, Dutch before others."""
    if element is None:
        return ""
    found = sorted(element.iter("value"), key=lambda one: one.get("lang") != "nl")
    return next(((one.text or "").strip() for one in found), "")[:TEKST_MAX]


def _what(records: list[Element]) -> dict[str, str]:
    causes = (_values(one.find("cause/causeDescription")) for one in records)
    titel = next((text for text in causes if text.lower() not in NIETSZEGGEND), "")
    comments = [
        _values(comment)
        for one in records
        for comment in one.iter("generalPublicComment")
        if "internalNote" not in {(kind.text or "").strip() for kind in comment.iter("commentType")}
    ]
    kinds = ("roadMaintenanceType", "constructionWorkType", "subjectTypeOfWorks")
    soorten = (_first(records, tag) for tag in kinds)
    return {
        "titel": titel,
        "omschrijving": "\n\n".join(dict.fromkeys(filter(None, comments)))[:TEKST_MAX],
        "soort": next((soort for soort in soorten if soort not in {"", "other"}), ""),
        "organisatie": next(
            filter(None, (_values(one.find("source/sourceName")) for one in records)),
            _first(records, "sourceIdentification"),
        ),
        "status": next(filter(None, (_first(records, tag) for tag in STATUSSEN)), ""),
    }  # fmt: skip


def _when(records: list[Element]) -> dict[str, str]:
    """First and last day in Amsterdam; an end at midnight belongs to the day before."""
    begin = [_moment(one.text) for record in records for one in record.iter("overallStartTime")]
    eind = [_moment(one.text) for record in records for one in record.iter("overallEndTime")]
    van, tot = [m for m in begin if m], [m for m in eind if m]
    laatste = max(tot) - timedelta(microseconds=1) if tot else None
    if laatste is not None and van:
        laatste = max(laatste, min(van))
    return {
        "begin": f"{min(van):%Y-%m-%d}" if van else "",
        "eind": f"{laatste:%Y-%m-%d}" if laatste else "",
    }


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((text or "").strip())
        return moment.astimezone(AMSTERDAM) if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)
    except (ValueError, OverflowError):
        return None


def _hinder(records: list[Element]) -> dict[str, str]:
    for hinder, maatregelen in _measures(records):
        if maatregelen:
            found = {(v.text or "").strip() for m in maatregelen for v in m.iter("vehicleType")}
            wie = " en ".join(VOERTUIGEN[code] for code in VOERTUIGEN if code in found)
            begin = "Afgesloten" if hinder == "afgesloten" else "Minder ruimte"
            return {"hinder": hinder, "hinder_kort": f"{begin} voor {wie or 'verkeer'}"}
    return {"hinder": "geen", "hinder_kort": ""}


def _measures(records: list[Element]) -> Iterator[tuple[str, list[Element]]]:
    """The records that close the road, then those that leave less of it."""
    for hinder, soorten in (("afgesloten", DICHT), ("beperkt", BEPERKT)):
        yield (
            hinder,
            [
                one
                for one in records
                if (one.findtext("roadOrCarriagewayOrLaneManagementType") or "").strip() in soorten
            ],
        )


def _closed(werken: list[Element], records: list[Element], ruw: Ruw) -> dict[str, str]:
    """The lines on which there is hinder, where these are not those of the works themselves."""
    eigen = _lines(werken, "locationReference")
    dicht = _lines([one for _, found in _measures(records) for one in found], "locationReference")
    if not eigen or not dicht or dicht.keys() <= eigen.keys():
        return {}
    return {"hinder_vorm": _wkt(dicht, "de plek van de hinder", ruw)}


def _detour(records: list[Element], ruw: Ruw) -> dict[str, str]:
    """The way around in words, and as the lines it follows."""
    om = [one for one in records if _kind(one) == OMLEIDING]
    woorden = (_values(one) for record in om for one in record.iter(OMLEIDING_WOORDEN))
    routes = _lines(om, "alternativeRoute")
    found = {"omleiding": ". ".join(dict.fromkeys(filter(None, woorden)))}
    return found | ({"omleiding_vorm": _wkt(routes, "de omleiding", ruw)} if routes else {})


def _wkt(lines: Lines, wat: str, ruw: Ruw) -> str:
    """Lines as EWKT, simplified by a metre or ten where that is needed for them to fit."""
    whole = shapely.MultiLineString(list(lines.values()))
    for graden in (0.0, 1e-5, 1e-4):
        text = f"SRID=4326;{shapely.to_wkt(whole.simplify(graden), rounding_precision=6)}"
        if len(text) <= TEKST_MAX:
            return text
    ruw.hersteld.append(f"{wat} is weggelaten: te veel punten")
    return ""


def _shape(werken: list[Element], records: list[Element], ruw: Ruw) -> BaseGeometry | None:
    """The lines of the works, else of everything but detours; without lines the points."""
    here = [one for one in records if _kind(one) != OMLEIDING]
    lines = _lines(werken, "locationReference") or _lines(here, "locationReference")
    if lines:
        return shapely.MultiLineString(list(lines.values()))
    points = {}
    for record in here:
        for reference in record.iter("locationReference"):
            for place in reference.iter("pointCoordinates"):
                pair = _pairs(f"{place.findtext('latitude')} {place.findtext('longitude')}")
                points.update({tuple(pair): shapely.Point(pair[0])} if pair else {})
    if points:
        return shapely.MultiPoint(list(points.values()))
    ruw.reden = "heeft geen plek met coördinaten"
    return None


def _lines(records: list[Element], tag: str) -> Lines:
    """The different lines below ``tag``, by their coordinates."""
    lists = (
        _pairs(pos.text or "")
        for record in records
        for reference in record.iter(tag)
        for pos in reference.iter("posList")
    )
    return {tuple(pairs): shapely.LineString(pairs) for pairs in lists if len(pairs) >= 2}


def _pairs(text: str) -> list[tuple[float, float]]:
    """The (lon, lat) pairs of a list that says latitude first; empty when it is broken."""
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError:
        return []
    pairs = list(zip(numbers[1::2], numbers[::2], strict=False))
    return pairs if all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in pairs) else []
