"""The catalogue is RDF that others read, with all that DCAT-AP-NL 3.0 asks for."""

import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import FOAF

from kernenkaart.lagen import OPEN_LAGEN
from tests.conftest import ClientFactory

# required by the SHACL shapes of DCAT-AP-NL 3.0 (Geonovum, dcat-ap-nl-SHACL.ttl), and by DCAT-AP 3
VERPLICHT = {
    DCAT.Catalog: (
        DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint, DCAT.dataset,
    ),
    DCAT.Dataset: (
        DCTERMS.title, DCTERMS.description, DCTERMS.accessRights, DCAT.contactPoint,
        DCTERMS.creator, DCTERMS.identifier, DCTERMS.publisher, DCAT.theme, DCAT.distribution,
    ),
    DCAT.Distribution: (DCAT.accessURL, DCTERMS.license, DCAT.downloadURL),
    DCAT.DataService: (
        DCTERMS.title, DCTERMS.description, DCTERMS.accessRights, DCAT.contactPoint,
        DCAT.endpointURL, DCAT.endpointDescription, DCTERMS.identifier, DCTERMS.license,
        DCTERMS.publisher, DCAT.theme,
    ),
    FOAF.Agent: (FOAF.name,),
}  # fmt: skip
HOOGSTENS_EEN = (
    DCAT.contactPoint, DCTERMS.identifier, DCAT.accessURL, DCAT.downloadURL, DCAT.accessService,
    DCAT.endpointURL, DCAT.endpointDescription,
)  # fmt: skip
BEREIK = {  # dcat-ap-nl-SHACL-klassebereik.ttl
    DCAT.contactPoint: URIRef("http://www.w3.org/2006/vcard/ns#Kind"),
    DCAT.landingPage: FOAF.Document,
    DCTERMS.conformsTo: DCTERMS.Standard,
    DCTERMS.creator: FOAF.Agent,
}
LITERALS = {DCTERMS.title, DCTERMS.description, DCTERMS.identifier, DCAT.keyword, FOAF.name}


@pytest.fixture
def graph(client: ClientFactory) -> Graph:
    """The catalogue as an independent library reads it."""
    answer = client().get("/open-data/catalogus.ttl")
    assert answer.content_type.startswith("text/turtle")
    return Graph().parse(data=answer.data, format="turtle")


@pytest.mark.parametrize("kind", VERPLICHT, ids=lambda kind: kind.fragment)
def test_everything_has_what_the_profile_requires(graph: Graph, kind: URIRef) -> None:
    things = list(graph.subjects(RDF.type, kind))

    assert things
    for thing in things:
        for required in VERPLICHT[kind]:
            assert (thing, required, None) in graph, (thing, required)


def test_what_a_property_points_at_is_of_the_class_that_the_profile_names(graph: Graph) -> None:
    for predicate, kind in BEREIK.items():
        pointed_at = set(graph.objects(None, predicate))

        assert pointed_at
        assert all((thing, RDF.type, kind) in graph for thing in pointed_at), predicate


def test_nothing_is_said_twice_that_may_be_said_once(graph: Graph) -> None:
    for predicate in HOOGSTENS_EEN:
        for subject in set(graph.subjects(predicate)):
            assert len(list(graph.objects(subject, predicate))) == 1


def test_texts_are_texts_and_the_rest_are_addresses(graph: Graph) -> None:
    for subject, predicate, value in graph:
        assert isinstance(subject, URIRef)
        if predicate in LITERALS:
            assert isinstance(value, Literal)
        elif str(predicate).startswith((str(DCAT), str(DCTERMS))):
            assert isinstance(value, URIRef), (predicate, value)


def test_every_layer_is_a_dataset_with_four_files(graph: Graph) -> None:
    datasets = list(graph.subjects(RDF.type, DCAT.Dataset))

    assert len(datasets) == len(OPEN_LAGEN)
    assert all(len(list(graph.objects(one, DCAT.distribution))) == 4 for one in datasets)


def test_every_file_in_the_catalogue_can_be_had(client: ClientFactory, graph: Graph) -> None:
    browser = client()
    small = [str(url) for url in graph.objects(None, DCAT.downloadURL) if url.endswith("json")]

    assert len(small) == len(OPEN_LAGEN)
    for url in small:
        path = "/" + url.split("/", 3)[3]
        assert browser.get(path).status_code == 200


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # inside rdflib itself
def test_json_ld_says_the_same_as_turtle(client: ClientFactory, graph: Graph) -> None:
    answer = client().get("/open-data/catalogus.jsonld")

    other = Graph().parse(data=answer.data, format="json-ld")

    assert answer.content_type.startswith("application/ld+json")
    assert isomorphic(graph, other)
