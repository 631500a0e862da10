"""GDAL reads our tiles: an independent reader, with the places back on earth."""

from pathlib import Path

import pyogrio
import pytest
import shapely
from shapely.geometry import Point, shape
from sqlalchemy.orm import Session

from tests import factories as make
from tests.conftest import ClientFactory
from tests.tegels.wereld import _to_web, web_tile


def test_gdal_finds_a_work_where_it_is(
    client: ClientFactory, session: Session, tmp_path: Path
) -> None:
    werk = make.make_werkzaamheid(session)
    z = 14
    x, y = web_tile(Point(werk.geom.coords[0]), z)
    tile = tmp_path / str(z) / str(x) / f"{y}.mvt"
    tile.parent.mkdir(parents=True)
    tile.write_bytes(client().get(f"/tegels/alles/{z}/{x}/{y}.mvt").data)

    meta, _fids, geometries, values = pyogrio.raw.read(tile, layer="werkzaamheden", force_2d=True)

    fields = dict(zip(meta["fields"], values, strict=True))
    place = list(fields["id"]).index(werk.id)
    assert fields["mvt_id"][place] == werk.id
    assert fields["titel"][place] == werk.titel
    assert meta["crs"] == "EPSG:3857"
    found = shapely.from_wkb(geometries[place])
    expected = [_to_web.transform(*xy) for xy in werk.geom.coords]
    assert found.geom_type in {"LineString", "MultiLineString"}
    line = shape({"type": "LineString", "coordinates": expected})
    unit = 40075016.685578488 / 2**z / 4096
    assert found.hausdorff_distance(line) == pytest.approx(0, abs=unit)
