"""Whatever stands in a GeoJSON file, each feature is good or explained; nothing else happens."""

import json
from contextlib import suppress
from typing import Any

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from kernenkaart.geo.bereik import in_bereik
from kernenkaart.geo.bestand.geojson import parse
from kernenkaart.geo.bestand.kind import to_rd
from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar
from kernenkaart.kernen.grenzen import Kandidaat, repair

TYPES = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]
NAMED = [*TYPES, "GeometryCollection", "Feature", "Kubus", None, 7]
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
junk = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)
number = st.floats(-8e3, 7e5) | st.floats() | st.integers(-(10**400), 10**400) | st.just(140_000)
position = st.lists(number, min_size=1, max_size=4)
ring = st.lists(position, max_size=8)
near = st.tuples(st.integers(0, 20), st.integers(300_000, 300_020)).map(list)
tangled = st.lists(near, min_size=4, max_size=12)
coordinates = st.one_of(
    *(position, ring, st.lists(ring, max_size=3), st.lists(st.lists(ring, max_size=3), max_size=3)),
    *(st.lists(tangled, max_size=3), st.lists(st.lists(tangled, max_size=2), max_size=3), junk),
)
simple = st.fixed_dictionaries({"type": st.sampled_from(NAMED), "coordinates": coordinates})
collection = st.fixed_dictionaries(
    {"type": st.just("GeometryCollection"), "geometries": st.lists(simple, max_size=3)}
)


@given(st.lists(simple | collection | junk, min_size=1, max_size=4))
@settings(max_examples=500, deadline=None)
def test_every_geometry_is_good_or_explained(geometries: list[Any]) -> None:
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in geometries]
    text = json.dumps({"type": "FeatureCollection", "features": features})

    read = parse(text, max_features=10).features
    with np.errstate(all="ignore"):
        to_rd(read, CRS.from_epsg(28992), Limieten())

    assert len(read) == len(geometries)
    for one in read:
        assert (one.geom is None) is bool(one.reden)
        if one.geom is None:
            continue
        assert in_bereik(one.geom)
        kern = Kandidaat("x", "Est", "1", "GM0001", "", None, one.geom)
        repair(kern)
        assert kern.reden or (kern.grens is not None and shapely.is_valid(kern.grens))


@given(st.text(max_size=200) | junk.map(json.dumps) | simple.map(json.dumps))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Onleesbaar):
        parse(text, max_features=10)
