"""Files that a process of its own makes, read by a program that is not ours (GDAL)."""

import csv
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyogrio
import pytest
import shapely

from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import OPEN_LAGEN
from tests.served import Served

LANG = pytest.mark.volledig
ELKE_KEER = {("activiteiten", "gpkg"), ("kernen", "gpkg"), ("werkzaamheden", "fgb")}


def fetch(served: Served, naam: str, folder: Path) -> Path:
    """A file of the open data as somebody downloads it."""
    path = folder / naam
    with urllib.request.urlopen(f"{served.url}/open-data/{naam}", timeout=60) as answer:
        path.write_bytes(answer.read())
    return path


@pytest.mark.parametrize(
    ("laag", "formaat"),
    [
        pytest.param(laag, formaat, marks=() if (laag.naam, formaat) in ELKE_KEER else LANG,
                     id=f"{laag.naam}.{formaat}")
        for laag in OPEN_LAGEN
        for formaat in ("gpkg", "fgb")
    ],
)  # fmt: skip
def test_a_file_for_a_gis_holds_what_the_table_holds(
    served: Served, tmp_path: Path, laag: OpenLaag, formaat: str
) -> None:
    with fetch(served, f"{laag.naam}.csv", tmp_path).open(encoding="utf-8-sig") as table:
        rows = {int(row["id"]): row for row in csv.DictReader(table, delimiter=";")}

    path = fetch(served, f"{laag.naam}.{formaat}", tmp_path)

    meta, _fids, wkb, columns = pyogrio.raw.read(path, layer=laag.naam)
    values = dict(zip(meta["fields"], columns, strict=True))
    places = dict(zip(values["id"], shapely.from_wkb(wkb), strict=True))
    assert meta["crs"] == "EPSG:28992"
    assert set(meta["fields"]) == {"id", *laag.velden}
    # FlatGeobuf leaves out what has no place
    assert set(places) == {key for key, row in rows.items() if formaat == "gpkg" or row["x_rd"]}
    for key, naam in zip(values["id"], values.get("titel", values.get("naam")), strict=True):
        assert rows[key].get("titel", rows[key].get("naam")) in {naam, f"'{naam}"}
        if rows[key]["x_rd"]:
            marker = shapely.Point(float(rows[key]["x_rd"]), float(rows[key]["y_rd"]))
            assert places[key].distance(marker) < 0.2


def test_many_who_ask_at_once_get_the_same_file(served: Served, tmp_path: Path) -> None:
    def ask(number: int) -> bytes:
        folder = tmp_path / str(number)
        folder.mkdir()
        return fetch(served, "projecten.gpkg", folder).read_bytes()

    with ThreadPoolExecutor(6) as pool:
        files = set(pool.map(ask, range(6)))

    assert len(files) == 1
