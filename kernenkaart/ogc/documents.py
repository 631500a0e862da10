"""The documents round the data: landing page, conformance, collections, changes. Plain values."""

from collections.abc import Iterable, Mapping
from typing import Any

from kernenkaart.config import Settings
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.ogc.bereik import Bereik
from kernenkaart.ogc.crs import ALLE, CRS84, RD_NEW
from kernenkaart.web.api import GEOJSON, HTML, JSON, VERSIE, ApiDeel, Verwijzing

OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0"
GREGORIAANS = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"

CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
)

WIJZIGINGEN: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "1.0.0",
        "nog niet uitgebracht",
        (
            "De eerste versie: kernen, activiteiten, werkzaamheden, projecten en initiatieven.",
            "Waar werk hinder geeft, hoe de omleiding loopt en waar elke stap is, als eigen laag.",
            "Vragen op plek, periode, eigenschap en afstand tot een kern.",
            "Werk plaatsen, wijzigen en laten vervallen met een sleutel, voor wie werk plant.",
        ),
    ),
)
"""Version, day and what changed, newest first."""


def make_link(
    root: str, rel: str, pad: str, soort: str, titel: str, *, templated: bool = False
) -> dict[str, Any]:
    """A link as OGC API writes it.

    Args:
        root: of the API, without a slash at its end.
        pad: below it.
    """
    link: dict[str, Any] = {
        "href": root + pad,
        "rel": rel,
        "type": soort.split(";", maxsplit=1)[0] if soort == HTML else soort,
        "title": titel,
        "hreflang": "nl",
    }
    return link | ({"templated": True} if templated else {})


def _links(root: str, meer: Iterable[Verwijzing], laag: str = "") -> list[dict[str, Any]]:
    return [
        make_link(
            root, v.rel, v.pad.replace("{laag}", laag), v.type, v.titel, templated=v.templated
        )
        for v in meer
    ]


def _both(root: str, pad: str, titel: str, rel: str = "self") -> list[dict[str, Any]]:
    """The links to a document itself, as JSON and as a page."""
    ander = "alternate" if rel == "self" else rel
    return [
        make_link(root, rel, pad, JSON, f"{titel} als JSON"),
        make_link(root, ander, f"{pad}?f=html", HTML, f"{titel} als webpagina"),
    ]


def landing(root: str, settings: Settings, delen: Iterable[ApiDeel]) -> dict[str, Any]:
    """The landing page."""
    links = [
        *_both(root, "", "Deze pagina"),
        make_link(
            root, "service-desc", "/openapi.json", OPENAPI_TYPE, "Beschrijving (OpenAPI 3.0)"
        ),
        make_link(root, "service-doc", "/uitleg", HTML, "Uitleg voor ontwikkelaars"),
        *_both(root, "/conformance", "Standaarden", "conformance"),
        *_both(root, "/collections", "De gegevens", "data"),
        make_link(root, "changelog", "/changelog", HTML, "Wat er per versie verandert"),
    ]
    for deel in delen:
        links += _links(root, deel.landing)
    return {
        "title": titel(settings),
        "description": beschrijving(settings),
        "links": links,
    }


def titel(settings: Settings) -> str:
    """What the API is called."""
    return f"{settings.titel} {settings.gemeente_naam}: open API"


def beschrijving(settings: Settings) -> str:
    """What there is to get, in two sentences."""
    return (
        "Wat er te doen is en wat er op de schop gaat in de kernen van "
        f"{settings.gemeente_naam}, als open data. Voor iedereen, zonder aanmelden."
    )


def conformance(root: str, delen: Iterable[ApiDeel]) -> dict[str, Any]:
    """The classes of standards that the API keeps to."""
    meer = [uri for deel in delen for uri in deel.conformance]
    return {
        "conformsTo": list(dict.fromkeys([*CONFORMANCE, *meer])),
        "links": _both(root, "/conformance", "Deze pagina"),
    }


def collections(
    root: str, delen: tuple[ApiDeel, ...], bereik: Mapping[str, Bereik], site: str
) -> dict[str, Any]:
    """All layers.

    Args:
        bereik: where and when the things of each layer are, by its name.
        site: address of the site, for the licence.
    """
    return {
        "title": "De gegevens",
        "crs": [crs.uri for crs in ALLE],
        "links": [*_both(root, "/collections", "Deze pagina"), _licence(site)],
        "collections": [
            collection(root, laag, delen, bereik[laag.naam], site) for laag in OPEN_LAGEN
        ],
    }


def collection(
    root: str, laag: OpenLaag, delen: Iterable[ApiDeel], bereik: Bereik, site: str
) -> dict[str, Any]:
    """One layer: what it holds, where and when, and where its things are."""
    pad = f"/collections/{laag.naam}"
    links = [
        *_both(root, pad, laag.label),
        make_link(root, "items", f"{pad}/items", GEOJSON, f"{laag.label} als GeoJSON"),
        make_link(root, "items", f"{pad}/items?f=html", HTML, f"{laag.label} als webpagina"),
        _licence(site),
    ]
    for deel in delen:
        links += _links(root, deel.collectie, laag.naam)
    return {
        "id": laag.naam,
        "title": laag.label,
        "description": laag.omschrijving,
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [list(bereik.kader)], "crs": CRS84.uri},
            "temporal": {"interval": [list(bereik.tijd)], "trs": GREGORIAANS},
        },
        "crs": [crs.uri for crs in ALLE],
        "storageCrs": RD_NEW.uri,
        "links": links,
    }


def _licence(site: str) -> dict[str, Any]:
    return make_link(site, "license", "/open-data", HTML, "Licentie")


def changelog(root: str) -> dict[str, Any]:
    """What changed in each version of the API."""
    return {
        "version": VERSIE,
        "versions": [
            {"version": versie, "date": dag, "changes": list(wat)}
            for versie, dag, wat in WIJZIGINGEN
        ],
        "links": _both(root, "/changelog", "Deze pagina"),
    }
