"""The boundaries that the kernenkaart starts with keep the promises of geodata/README.md."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import Geometry

BESTAND = Path(__file__).parents[2] / "geodata" / "kernen.geojson"
GEMEENTE = BESTAND.with_name("gemeente.geojson")
NAMEN = [
    *("Acquoy", "Asperen", "Beesd", "Buurmalsen", "Deil", "Enspijk", "Est", "Geldermalsen"),
    *("Gellicum", "Haaften", "Heesselt", "Hellouw", "Herwijnen", "Heukelum", "Meteren"),
    *("Neerijnen", "Ophemert", "Opijnen", "Rhenoy", "Rumpt", "Spijk", "Tricht", "Tuil"),
    *("Varik", "Vuren", "Waardenburg"),
]


@pytest.fixture(scope="module")
def collectie() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(BESTAND.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def grenzen(collectie: dict[str, Any]) -> "np.ndarray[Any, np.dtype[np.object_]]":
    return np.array(
        [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in collectie["features"]]
    )


def test_all_26_kernen_are_there_once_with_their_own_code(collectie: dict[str, Any]) -> None:
    properties = [feature["properties"] for feature in collectie["features"]]

    assert [one["naam"] for one in properties] == NAMEN
    assert len({one["code"] for one in properties}) == 26
    assert {one["gemeente"] for one in properties} == {"GM1960"}
    assert {one["naam"] for one in properties if one["soort"] == "stad"} == {"Asperen", "Heukelum"}
    assert {one["soort"] for one in properties} == {"stad", "dorp"}


def test_the_crs_is_declared_as_rd(collectie: dict[str, Any]) -> None:
    assert collectie["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::28992"


def test_each_kern_is_one_valid_polygon_without_holes(grenzen: list[Geometry]) -> None:
    assert shapely.is_valid(grenzen).all()
    assert set(shapely.get_num_geometries(grenzen)) == {1}
    assert shapely.get_num_interior_rings(shapely.get_parts(grenzen)).sum() == 0


def test_the_heart_of_each_kern_lies_inside_it(
    collectie: dict[str, Any], grenzen: list[Geometry]
) -> None:
    properties = [feature["properties"] for feature in collectie["features"]]
    harten = shapely.points([[one["hart_x"], one["hart_y"]] for one in properties])

    assert shapely.contains_properly(grenzen, harten).all()


def test_vertices_are_whole_metres_and_few(grenzen: list[Geometry]) -> None:
    coordinates = shapely.get_coordinates(grenzen)

    assert (coordinates == coordinates.round()).all()
    assert len(coordinates) < 3000


def test_neighbours_share_their_edges(grenzen: list[Geometry]) -> None:
    assert shapely.coverage_is_valid(grenzen)


def test_no_two_kernen_overlap_by_100_m2(grenzen: list[Geometry]) -> None:
    overlaps = [shapely.area(shapely.intersection(*pair)) for pair in combinations(grenzen, 2)]

    assert max(overlaps) < 100


def test_together_they_are_the_municipality_without_gaps(grenzen: list[Geometry]) -> None:
    union = shapely.union_all(grenzen)

    assert union.geom_type == "Polygon"
    assert len(union.interiors) == 0
    assert shapely.area(grenzen).sum() == pytest.approx(229.12e6, rel=0.005)
    outline = json.loads(GEMEENTE.read_text(encoding="utf-8"))["features"][0]
    assert outline["properties"]["code"] == "GM1960"
    assert shapely.equals(shapely.from_geojson(json.dumps(outline["geometry"])), union)
    assert shapely.area(union) == pytest.approx(229.12e6, rel=0.005)
