"""The catalogue of our open data: DCAT-AP-NL 3.0, so that data.overheid.nl can harvest it.

A graph is a list of triples; it is written as Turtle (in the plain lines of N-Triples, which are
Turtle too) or as JSON-LD. Which properties must be there: the SHACL shapes of DCAT-AP-NL 3.0.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kernenkaart.config import Settings
from kernenkaart.geo.laag import OpenLaag

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
VCARD = "http://www.w3.org/2006/vcard/ns#"
EU = "http://publications.europa.eu/resource/authority/"
TOOI = "https://identifier.overheid.nl/tooi/id/gemeente/"
IANA = "https://www.iana.org/assignments/media-types/"
PROFIEL = "http://modellen.geostandaarden.nl/dcat-ap-nl/id/conformancelevel/300/"
FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/req/core"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RD_URI = "http://www.opengis.net/def/crs/EPSG/0/28992"
NEDERLANDS = f"{EU}language/NLD"
OPENBAAR = f"{EU}access-right/PUBLIC"

# what something is that one of these properties points at, by the profile's shapes of ranges
BEREIK = {
    f"{DCAT}contactPoint": f"{VCARD}Kind",
    f"{DCAT}landingPage": f"{FOAF}Document",
    f"{FOAF}homepage": f"{FOAF}Document",
    f"{FOAF}page": f"{FOAF}Document",
    f"{DCT}conformsTo": f"{DCT}Standard",
}


@dataclass(frozen=True)
class Tekst:
    """A piece of text in Dutch, or without a language."""

    tekst: str
    taal: str = "nl"


Waarde = str | Tekst  # a string is an address
Triple = tuple[str, str, Waarde]


@dataclass(frozen=True)
class Formaat:
    """A way to take a layer along.

    Attributes:
        code: as in the address.
        label: for people.
        uitleg: what it is good for, in plain Dutch.
        media_type: as in HTTP.
        bestandstype: name in the list of file types of the EU; empty when it has none.
        crs: of its coordinates.
    """

    code: str
    label: str
    uitleg: str
    media_type: str
    bestandstype: str
    crs: str


FORMATEN = (
    Formaat("csv", "CSV", "voor een rekenblad", "text/csv", "CSV", RD_URI),
    Formaat("geojson", "GeoJSON", "voor een website", "application/geo+json", "GEOJSON", CRS84),
    Formaat("gpkg", "GeoPackage", "voor QGIS", "application/geopackage+sqlite3", "GPKG", RD_URI),
    Formaat("fgb", "FlatGeobuf", "voor grote kaarten", "application/octet-stream", "", RD_URI),
)


@dataclass(frozen=True)
class Bron:
    """Who tells this and where.

    Attributes:
        settings: of the gemeente.
        root: address of the kernenkaart, without a slash at its end.
    """

    settings: Settings
    root: str

    @property
    def uitgever(self) -> str:
        """The gemeente, in the register of organisations of the government (TOOI)."""
        return TOOI + self.settings.gemeente_code.lower()

    @property
    def contact(self) -> str:
        """Where questions go."""
        return f"{self.root}/open-data#contact"

    @property
    def dienst(self) -> str:
        """The open API."""
        return f"{self.root}/api/v1"

    @property
    def catalogus(self) -> str:
        """The catalogue itself."""
        return f"{self.root}/open-data/catalogus"


def make_catalogue(settings: Settings, root: str, lagen: Iterable[OpenLaag]) -> list[Triple]:
    """The catalogue with a dataset for each layer and the API that serves them.

    Args:
        root: address of the kernenkaart, without a slash at its end.
    """
    bron = Bron(settings, root)
    lagen = tuple(lagen)
    graph = [*_publisher(bron), *_catalogue(bron), *_service(bron, lagen)]
    for laag in lagen:
        graph += _dataset(bron, laag)
    kinds = {(str(value), BEREIK[name]) for _, name, value in graph if name in BEREIK}
    return graph + [(thing, RDF_TYPE, kind) for thing, kind in sorted(kinds)]


def _publisher(bron: Bron) -> Iterator[Triple]:
    naam = Tekst(f"Gemeente {bron.settings.gemeente_naam}")
    yield bron.uitgever, RDF_TYPE, f"{FOAF}Agent"
    yield bron.uitgever, f"{FOAF}name", naam
    yield bron.contact, RDF_TYPE, f"{VCARD}Organization"
    yield bron.contact, f"{VCARD}fn", naam
    yield bron.contact, f"{VCARD}hasURL", f"{bron.root}/over"
    yield bron.contact, f"{VCARD}hasTelephone", _telephone(bron.settings.gemeente_telefoon)


def _about(bron: Bron, thing: str, kind: str, titel: str, omschrijving: str) -> Iterator[Triple]:
    yield thing, RDF_TYPE, f"{DCAT}{kind}"
    yield thing, f"{DCT}title", Tekst(titel)
    yield thing, f"{DCT}description", Tekst(omschrijving)
    yield thing, f"{DCT}publisher", bron.uitgever
    yield thing, f"{DCT}creator", bron.uitgever
    yield thing, f"{DCAT}contactPoint", bron.contact
    yield thing, f"{DCT}language", NEDERLANDS
    yield thing, f"{DCT}license", bron.settings.open_data_licentie_url


def _catalogue(bron: Bron) -> Iterator[Triple]:
    titel = f"Open data van de {bron.settings.titel} {bron.settings.gemeente_naam}"
    zin = "Wat er in de kernen te doen en gepland is, als gegevens."
    yield from _about(bron, bron.catalogus, "Catalog", titel, zin)
    yield bron.catalogus, f"{FOAF}homepage", f"{bron.root}/open-data"
    yield bron.catalogus, f"{DCT}spatial", bron.uitgever
    yield bron.catalogus, f"{DCAT}service", bron.dienst


def _service(bron: Bron, lagen: Iterable[OpenLaag]) -> Iterator[Triple]:
    titel = f"Open API van de {bron.settings.titel} {bron.settings.gemeente_naam}"
    zin = "Alle openbare lagen als OGC API Features en als vectortegels."
    yield from _about(bron, bron.dienst, "DataService", titel, zin)
    yield bron.dienst, f"{DCAT}endpointURL", bron.dienst
    yield bron.dienst, f"{DCAT}endpointDescription", f"{bron.dienst}/openapi.json"
    yield bron.dienst, f"{DCT}conformsTo", FEATURES
    yield bron.dienst, f"{DCT}accessRights", OPENBAAR
    yield bron.dienst, f"{DCT}identifier", Tekst(bron.dienst, "")
    yield bron.dienst, f"{DCAT}theme", f"{EU}data-theme/REGI"
    yield bron.dienst, f"{DCAT}landingPage", f"{bron.root}/open-data"
    for laag in lagen:
        yield bron.dienst, f"{DCAT}keyword", Tekst(laag.label.lower())


def _dataset(bron: Bron, laag: OpenLaag) -> Iterator[Triple]:
    dataset = f"{bron.catalogus}#{laag.naam}"
    titel = f"{laag.label} {bron.settings.gemeente_naam}"
    yield from _about(bron, dataset, "Dataset", titel, laag.omschrijving)
    yield bron.catalogus, f"{DCAT}dataset", dataset
    yield bron.dienst, f"{DCAT}servesDataset", dataset
    yield dataset, f"{DCT}identifier", Tekst(dataset, "")
    yield dataset, f"{DCT}accessRights", OPENBAAR
    yield dataset, f"{DCT}accrualPeriodicity", f"{EU}frequency/CONT"
    yield dataset, f"{DCT}spatial", bron.uitgever
    yield dataset, f"{DCT}conformsTo", RD_URI
    yield dataset, f"{DCAT}theme", f"{EU}data-theme/REGI"
    yield dataset, f"{DCAT}keyword", Tekst(laag.label.lower())
    yield dataset, f"{DCAT}landingPage", f"{bron.root}/open-data"
    yield dataset, f"{FOAF}page", f"{bron.root}/open-data"
    for formaat in FORMATEN:
        yield from _distribution(bron, dataset, laag, formaat)


def _distribution(bron: Bron, dataset: str, laag: OpenLaag, formaat: Formaat) -> Iterator[Triple]:
    file = f"{bron.root}/open-data/{laag.naam}.{formaat.code}"
    distribution = f"{file}#"
    yield dataset, f"{DCAT}distribution", distribution
    yield distribution, RDF_TYPE, f"{DCAT}Distribution"
    yield distribution, f"{DCT}title", Tekst(f"{laag.label} als {formaat.label}")
    yield distribution, f"{DCAT}accessURL", file
    yield distribution, f"{DCAT}downloadURL", file
    yield distribution, f"{DCAT}accessService", bron.dienst
    yield distribution, f"{DCAT}mediaType", IANA + formaat.media_type
    yield distribution, f"{DCT}license", bron.settings.open_data_licentie_url
    yield distribution, f"{DCT}language", NEDERLANDS
    yield distribution, f"{DCT}conformsTo", formaat.crs
    if formaat.bestandstype:
        yield distribution, f"{DCT}format", f"{EU}file-type/{formaat.bestandstype}"


def _telephone(nummer: str) -> str:
    return "tel:" + "".join(teken for teken in nummer if teken.isdigit() or teken == "+")


def to_turtle(graph: Iterable[Triple]) -> bytes:
    """The graph as Turtle 1.1, a triple a line."""
    return "".join(f"<{s}> <{p}> {_term(o)} .\n" for s, p, o in graph).encode()


def _term(waarde: Waarde) -> str:
    if isinstance(waarde, str):
        return f"<{waarde}>"
    # a JSON string is a Turtle string: the same escapes
    text = json.dumps(waarde.tekst, ensure_ascii=False)
    return f"{text}@{waarde.taal}" if waarde.taal else text


def to_jsonld(graph: Iterable[Triple]) -> bytes:
    """The graph as expanded JSON-LD 1.1."""
    nodes: dict[str, dict[str, list[object]]] = {}
    for subject, predicate, waarde in graph:
        node = nodes.setdefault(subject, {})
        if predicate == RDF_TYPE:
            node.setdefault("@type", []).append(waarde)
        elif isinstance(waarde, str):
            node.setdefault(predicate, []).append({"@id": waarde})
        else:
            value = {"@value": waarde.tekst}
            if waarde.taal:
                value["@language"] = waarde.taal
            node.setdefault(predicate, []).append(value)
    document = [{"@id": subject, **node} for subject, node in nodes.items()]
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
