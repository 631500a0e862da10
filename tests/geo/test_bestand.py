"""Reading good geo files, and explaining what is wrong with a feature."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from kernenkaart.geo.bestand.lezen import read_geobestand
from kernenkaart.geo.bestand.stelsel import in_reach
from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar
from tests.conftest import needs_shared
from tests.geo.bestanden import (
    RD_CRS,
    TORENSPITS_LONLAT,
    TORENSPITS_RD,
    VIERKANT,
    feature,
    polygon,
    write_geojson,
    write_ogr,
    write_zip,
    zip_shapefile,
)

KERN = box(140_000, 430_000, 141_000, 431_000)
ANDER = box(141_000, 430_000, 142_000, 431_000)
# the national CRS as ESRI writes it in a .prj: no EPSG code anywhere
ESRI_RD = (
    'PROJCS["RD_New",GEOGCS["GCS_Amersfoort",DATUM["D_Amersfoort",SPHEROID["Bessel_1841",'
    '6377397.155,299.1528128]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Double_Stereographic"],PARAMETER["False_Easting",155000.0],'
    'PARAMETER["False_Northing",463000.0],PARAMETER["Central_Meridian",5.38763888888889],'
    'PARAMETER["Scale_Factor",0.9999079],PARAMETER["Latitude_Of_Origin",52.15616055555555],'
    'UNIT["Meter",1.0]]'
)


def test_geojson_with_the_old_crs_member_is_read_in_that_system(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", feature(KERN, naam="Est", inwoners=480))

    bestand = read_geobestand(path)

    (one,) = bestand.features
    assert shapely.equals(one.geom, KERN)
    assert one.velden == {"naam": "Est", "inwoners": 480}
    assert bestand.velden == ("naam", "inwoners")
    assert bestand.opmerkingen == ()


@pytest.mark.parametrize(
    "name",
    [
        "EPSG:28992",
        "urn:ogc:def:crs:EPSG::28992",
        "urn:ogc:def:crs:EPSG:9.9:28992",
        "http://www.opengis.net/def/crs/EPSG/0/28992",
    ],
)
def test_a_crs_may_be_named_in_each_usual_way(tmp_path: Path, name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    path = write_geojson(tmp_path / "a.geojson", feature(KERN), crs=crs)

    assert shapely.equals(read_geobestand(path).features[0].geom, KERN)


@pytest.mark.parametrize("crs", [None, "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_longitude_and_latitude_become_rd(tmp_path: Path, crs: str | None) -> None:
    member = crs and {"type": "name", "properties": {"name": crs}}
    path = write_geojson(tmp_path / "a.geojson", feature(Point(TORENSPITS_LONLAT)), crs=member)

    (one,) = read_geobestand(path).features

    assert one.geom is not None
    assert one.geom.distance(Point(TORENSPITS_RD)) < 0.3


@pytest.mark.parametrize("epsg", [4258, 25831, 25832, 3857, 32631])
def test_any_declared_crs_lands_on_the_same_spot(tmp_path: Path, epsg: int) -> None:
    from pyproj import Transformer

    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(*TORENSPITS_LONLAT)
    crs = {"type": "name", "properties": {"name": f"EPSG:{epsg}"}}
    path = write_geojson(tmp_path / "a.geojson", feature(Point(x, y)), crs=crs)

    (one,) = read_geobestand(path).features

    assert one.geom is not None
    assert one.geom.distance(Point(TORENSPITS_RD)) < 1.0


def test_rd_numbers_without_a_declared_crs_are_read_as_rd_and_that_is_said(tmp_path: Path) -> None:
    bestand = read_geobestand(write_geojson(tmp_path / "a.geojson", feature(KERN), crs=None))

    assert shapely.equals(bestand.features[0].geom, KERN)
    assert "noemt geen coördinatenstelsel; gelezen als RD" in bestand.opmerkingen[0]


def test_an_unknown_crs_is_refused_by_name(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "/etc/passwd"}}
    path = write_geojson(tmp_path / "a.geojson", feature(KERN), crs=crs)

    with pytest.raises(Onleesbaar, match="'/etc/passwd' van dit bestand is onbekend"):
        read_geobestand(path)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(feature(KERN, naam="Est") | {"crs": RD_CRS}),
        json.dumps(polygon(VIERKANT) | {"crs": RD_CRS}),
        "\ufeff" + json.dumps({"features": [feature(KERN)], "type": "FeatureCollection"}),
        json.dumps({"type": "FeatureCollection", "features": [feature(KERN)]}, indent=4),
    ],
)
def test_a_single_feature_a_geometry_a_bom_and_any_order_are_fine(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")

    assert shapely.equals(read_geobestand(path).features[0].geom, KERN)


@pytest.mark.parametrize(
    ("geometry", "reden"),
    [
        (None, "heeft geen vorm"),
        ({"type": "Polygon", "coordinates": []}, "heeft een lege vorm"),
        ({"type": "MultiPolygon", "coordinates": []}, "heeft een lege vorm"),
        ({"type": "GeometryCollection", "geometries": []}, "heeft een lege vorm"),
        (polygon([[float("nan"), 430000], *VIERKANT[1:]]), "geen getal is (NaN of oneindig)"),
        (polygon([[float("inf"), 430000], *VIERKANT[1:]]), "geen getal is (NaN of oneindig)"),
        (polygon([["140000", 430000], *VIERKANT[1:]]), "een coördinaat die geen getal is"),
        (polygon([[None, 430000], *VIERKANT[1:]]), "een coördinaat die geen getal is"),
        (polygon([[True, 430000], *VIERKANT[1:]]), "een coördinaat die geen getal is"),
        (polygon([[140000], *VIERKANT[1:]]), "geen paar getallen"),
        (polygon([[10**400, 430000], *VIERKANT[1:]]), "te groot"),
        (polygon(VIERKANT[:2]), "minder dan drie hoeken"),
        ({"type": "Kubus", "coordinates": [1]}, "onbekend type"),
        ({"type": "Polygon", "coordinates": VIERKANT}, "geen paar getallen"),
        ("POINT (1 2)", "geen GeoJSON"),
        (polygon([[x + 900_000, y] for x, y in VIERKANT]), "buiten het bereik van RD"),
        (polygon([[y, x] for x, y in VIERKANT]), "x en y staan omgewisseld"),
        (polygon([[5.1, 51.8], [5.2, 51.8], [5.2, 51.9], [5.1, 51.8]]), "dit zijn graden"),
    ],
)
def test_a_bad_feature_is_explained_and_the_good_one_is_kept(
    tmp_path: Path, geometry: Any, reden: str
) -> None:
    path = write_geojson(tmp_path / "a.geojson", feature(geometry, naam="fout"), feature(KERN))

    fout, goed = read_geobestand(path).features

    assert fout.geom is None
    assert fout.reden is not None
    assert reden in fout.reden
    assert goed.reden is None
    assert shapely.equals(goed.geom, KERN)


def test_latitude_before_longitude_is_recognised(tmp_path: Path) -> None:
    lon, lat = TORENSPITS_LONLAT
    path = write_geojson(tmp_path / "a.geojson", feature(Point(lat, lon)), crs=None)

    (one,) = read_geobestand(path).features

    assert one.reden is not None
    assert "de lengte komt eerst" in one.reden


def test_height_is_dropped_and_an_open_ring_closed(tmp_path: Path) -> None:
    ring = [[x, y, 3.5] for x, y in VIERKANT[:-1]]
    path = write_geojson(tmp_path / "a.geojson", feature(polygon(ring)))

    (one,) = read_geobestand(path).features

    assert shapely.equals(one.geom, KERN)
    assert not shapely.has_z(one.geom)
    assert one.hersteld == ("een open rand is gesloten",)


def test_a_hole_with_too_few_points_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    hole = [[140500, 430500], [140501, 430500], [140500, 430500]]
    geometry = {"type": "Polygon", "coordinates": [VIERKANT, hole]}

    (one,) = read_geobestand(write_geojson(tmp_path / "a.geojson", feature(geometry))).features

    assert shapely.equals(one.geom, KERN)
    assert one.hersteld == ("een gat met te weinig punten is weggelaten",)


def test_a_property_that_is_no_number_becomes_nothing_and_lists_are_left_out(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.geojson"
    one = feature(KERN, naam="Est", oud=float("nan"), talen=["nl"], lang="x" * 20_000, waar=True)
    write_geojson(path, one)

    velden = read_geobestand(path).features[0].velden

    assert velden == {"naam": "Est", "oud": None, "lang": "x" * 10_000, "waar": True}


@pytest.mark.parametrize(("punten", "goed"), [(5, True), (4, False), (None, True)])
def test_the_number_of_vertices_is_limited(tmp_path: Path, punten: int | None, goed: bool) -> None:
    path = write_geojson(tmp_path / "a.geojson", feature(KERN))

    (one,) = read_geobestand(path, limieten=Limieten(punten=punten)).features

    assert (one.geom is not None) is goed
    assert one.reden == (None if goed else "heeft 5 punten, meer dan 4")


def test_the_layer_of_a_geopackage_is_chosen_by_name(tmp_path: Path) -> None:
    path = write_ogr(tmp_path / "a.gpkg", [KERN], layer="dorpen", naam=["Est"])
    write_ogr(path, [ANDER], layer="steden", naam=["Asperen"])

    (one,) = read_geobestand(path, laag="steden").features

    assert one.velden["naam"] == "Asperen"
    assert shapely.equals(one.geom, ANDER)


def test_without_a_choice_the_layers_are_named(tmp_path: Path) -> None:
    path = write_ogr(tmp_path / "a.gpkg", [KERN], layer="dorpen", naam=["Est"])
    write_ogr(path, [ANDER], layer="steden", naam=["Asperen"])

    with pytest.raises(Onleesbaar, match="dorpen, steden") as refused:
        read_geobestand(path)

    assert refused.value.lagen == ("dorpen", "steden")


def test_an_unknown_layer_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    path = write_ogr(tmp_path / "a.gpkg", [KERN], layer="dorpen", naam=["Est"])

    with pytest.raises(Onleesbaar, match=r"geen laag 'wijken'\. Kies uit: dorpen"):
        read_geobestand(path, laag="wijken")


@pytest.mark.parametrize("crs", ["EPSG:28992", ESRI_RD, None])
def test_a_geopackage_may_have_no_crs_when_its_numbers_are_rd(
    tmp_path: Path, crs: str | None
) -> None:
    path = write_ogr(tmp_path / "a.gpkg", [KERN], crs=crs, naam=["Est"])

    bestand = read_geobestand(path)

    assert shapely.equals_exact(bestand.features[0].geom, KERN, tolerance=1e-6)
    assert bool(bestand.opmerkingen) is (crs is None)


@pytest.mark.parametrize("folder", ["", "map/submap/"])
def test_a_zipped_shapefile_is_read(tmp_path: Path, folder: str) -> None:
    shp = write_ogr(tmp_path / "Kernen.shp", [KERN, ANDER], crs=ESRI_RD, NAAM=["Est", "’t Loo"])
    path = zip_shapefile(tmp_path / "kernen.zip", shp, folder=folder)

    bestand = read_geobestand(path)

    assert [one.velden["NAAM"] for one in bestand.features] == ["Est", "’t Loo"]
    assert shapely.equals_exact(bestand.features[1].geom, ANDER, tolerance=1e-6, normalize=True)


def test_a_shapefile_may_lie_in_a_folder(tmp_path: Path) -> None:
    shp = write_ogr(tmp_path / "kernen [2024].shp", [KERN], naam=["Est"])

    assert read_geobestand(shp).features[0].velden == {"naam": "Est"}


@pytest.mark.parametrize(("coding", "naam"), [("utf-8", "Crêpe-aan-zee"), ("cp1252", "Súdwest")])
def test_texts_of_a_shapefile_without_a_code_page_are_guessed(
    tmp_path: Path, coding: str, naam: str
) -> None:
    coded = naam.encode(coding)
    shp = write_ogr(tmp_path / "a.shp", [KERN], naam=["X" * len(coded)])
    dbf = shp.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes().replace(b"X" * len(coded), coded))
    content[29] = 0
    dbf.write_bytes(content)
    path = zip_shapefile(tmp_path / "a.zip", shp, without=(".cpg",))

    assert read_geobestand(path).features[0].velden["naam"] == naam


def test_a_shapefile_without_prj_is_refused_when_its_numbers_tell_nothing(tmp_path: Path) -> None:
    shp = write_ogr(tmp_path / "a.shp", [box(600_000, 5_700_000, 600_100, 5_700_100)], naam=["Est"])
    path = zip_shapefile(tmp_path / "a.zip", shp, without=(".prj",))

    with pytest.raises(Onleesbaar, match=r"hoort een \.prj-bestand"):
        read_geobestand(path)


def test_a_shapefile_without_dbf_is_refused_with_what_to_do(tmp_path: Path) -> None:
    shp = write_ogr(tmp_path / "a.shp", [KERN], naam=["Est"])
    path = zip_shapefile(tmp_path / "a.zip", shp, without=(".dbf",))

    with pytest.raises(Onleesbaar, match=r"ontbreekt de \.dbf"):
        read_geobestand(path)


def test_a_zip_may_hold_a_geopackage_or_geojson_and_other_things(tmp_path: Path) -> None:
    gpkg = write_ogr(tmp_path / "a.gpkg", [KERN], naam=["Est"])
    zipped = write_zip(
        tmp_path / "a.gpkg.zip", {"LEESMIJ.txt": b"hallo", "meta.json": b"{}", "x/a.gpkg": gpkg}
    )
    packed = tmp_path / "b.geojson.gz"
    geojson = write_geojson(tmp_path / "b.geojson", feature(ANDER, naam="Asperen"))
    packed.write_bytes(gzip.compress(geojson.read_bytes()))

    bestand = read_geobestand([zipped, packed])

    assert [one.velden["naam"] for one in bestand.features] == ["Est", "Asperen"]
    assert [one.bestand for one in bestand.features] == ["a.gpkg.zip", "b.geojson.gz"]


def test_of_several_layers_in_a_zip_one_is_chosen_by_name(tmp_path: Path) -> None:
    members: dict[str, bytes | Path] = {
        "Dorpen.geojson": write_geojson(tmp_path / "a", feature(KERN, naam="Est")),
        "steden.geojson": write_geojson(tmp_path / "b", feature(ANDER, naam="Asperen")),
    }
    path = write_zip(tmp_path / "a.zip", members)

    with pytest.raises(Onleesbaar, match="dorpen, steden"):
        read_geobestand(path)
    assert read_geobestand(path, laag="Dorpen").features[0].velden["naam"] == "Est"


def test_of_several_files_the_broken_one_is_named(tmp_path: Path) -> None:
    good = write_geojson(tmp_path / "goed.geojson", feature(KERN))
    bad = tmp_path / "kapot.geojson"
    bad.write_text('{"type": "FeatureCollection", "features": [')

    with pytest.raises(Onleesbaar, match=r"^kapot\.geojson: .*JSON klopt niet"):
        read_geobestand([good, bad])


def test_parts_and_holes_arrive_as_they_are(tmp_path: Path) -> None:
    shape = MultiPolygon(
        [Polygon(KERN.exterior, [box(140_100, 430_100, 140_200, 430_200).exterior])]
    )
    path = write_ogr(tmp_path / "a.gpkg", [shape], naam=["Est"])

    assert shapely.equals(read_geobestand(path).features[0].geom, shape)


def test_one_number_that_is_none_is_enough_to_lie_outside() -> None:
    with np.errstate(invalid="ignore"):
        lines = np.array([LineString([(1, 3e5), (float("nan"), 3e5), (2, 3e5)]), KERN])

    assert in_reach(lines).tolist() == [False, True]


@pytest.mark.parametrize(
    ("name", "laag", "aantal"),
    [
        ("west_betuwe_kernen.geojson", None, 26),
        ("west_betuwe_kernen_rd.gpkg", "kernen_origineel", 26),
        ("west_betuwe_kernen_rd.gpkg", "kernen_binnen_gemeente", 26),
        ("nl_gemeenten_2022.geojson", None, 345),
        ("nl_woonplaatsen_wof.geojson.gz", None, 2635),
        ("nl_buurten_cbs_rd_10m.gpkg.zip", None, 11634),
    ],
)
def test_real_files_are_read_whole(name: str, laag: str | None, aantal: int) -> None:
    path = needs_shared("geodata", "grenzen", name)

    bestand = read_geobestand(path, laag=laag, limieten=Limieten(punten=None))

    assert len(bestand.features) == aantal
    assert [one for one in bestand.features if one.geom is None] == []
