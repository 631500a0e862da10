"""Every kind of file gives the same works; what cannot be read is told."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from flask import Flask
from openpyxl import Workbook
from sqlalchemy.orm import Session

from kernenkaart.geo.bestand.waarden import Feature, Limieten
from kernenkaart.geo.crs import to_wgs84
from kernenkaart.werkbronnen.lezen import read_rows
from tests.conftest import ClientFactory
from tests.factories import X, Y
from tests.werkbronnen.bronnen import LIJN, add_file, came_of, feature, geojson, take

KOP = ["Kenmerk", "Naam", "Startdatum", "Einddatum", "X", "Y"]
RIJ = ["W1", "Nieuw riool", "01-03-2027", "30-04-2027"]


@pytest.fixture(autouse=True)
def jobs(client: ClientFactory) -> None:
    """The jobs work in the transaction of the test."""


def as_csv(*rows: list[str], scheiding: str = ";") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=scheiding).writerows(rows)
    return out.getvalue().encode("cp1252")


def as_xlsx(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_ogr(tmp_path: Path, suffix: str) -> Path:
    path = tmp_path / f"werk{suffix}"
    velden = ["kenmerk", "naam", "startdatum", "einddatum"]
    pyogrio.raw.write(
        path, np.array([shapely.to_wkb(LIJN)], dtype=object),
        [np.array([waarde], dtype=object) for waarde in RIJ], velden,
        geometry_type="LineString", crs="EPSG:28992",
    )  # fmt: skip
    return path


def as_shapefile(tmp_path: Path) -> bytes:
    path = as_ogr(tmp_path, ".shp")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in tmp_path.glob("werk.*"):
            archive.write(part, part.name)
    assert path.exists()
    return out.getvalue()


GRADEN = to_wgs84(shapely.Point(X + 150, Y + 100))
TABELLEN = {
    "csv in RD": as_csv(KOP, [*RIJ, f"{X + 150:.0f}", f"{Y + 100:.0f}"]),
    "csv met komma's": as_csv(KOP, [*RIJ, str(X + 150), str(Y + 100)], scheiding=","),
    "csv in graden": as_csv(
        [*KOP[:4], "lengtegraad", "breedtegraad"],
        [*RIJ, f"{GRADEN.x:.7f}".replace(".", ","), f"{GRADEN.y:.7f}".replace(".", ",")],
    ),
    "csv met wkt": as_csv([*KOP[:4], "wkt"], [*RIJ, f"POINT({X + 150} {Y + 100})"]),
    "excel": as_xlsx(KOP, [*RIJ, X + 150, Y + 100]),
}


LANG = {"csv in RD", "csv met komma's", "csv met wkt"}
GEKOZEN = [
    pytest.param(inhoud, id=naam, marks=pytest.mark.volledig if naam in LANG else ())
    for naam, inhoud in TABELLEN.items()
]


@pytest.mark.parametrize("inhoud", GEKOZEN)
def test_a_table_gives_the_same_work_however_its_place_is_written(
    app: Flask, session: Session, inhoud: bytes
) -> None:
    bron = take(app, session, add_file(app, session, inhoud, naam="werk"))

    [werk] = came_of(session, bron)
    assert (werk.titel, str(werk.laatste_dag)) == ("Nieuw riool", "2027-04-30")
    assert werk.geom.distance(shapely.Point(X + 150, Y + 100)) < 0.2


@pytest.mark.parametrize("soort", ["gpkg", "shp"])
def test_a_geo_file_gives_the_same_work(
    app: Flask, session: Session, tmp_path: Path, soort: str
) -> None:
    inhoud = as_shapefile(tmp_path) if soort == "shp" else as_ogr(tmp_path, ".gpkg").read_bytes()

    bron = take(app, session, add_file(app, session, inhoud))

    [werk] = came_of(session, bron)
    assert (werk.titel, str(werk.laatste_dag)) == ("Nieuw riool", "2027-04-30")
    assert werk.geom.equals_exact(LIJN, 0.01)


def test_an_address_that_nobody_can_look_up_is_refused_row_by_row(
    app: Flask, session: Session
) -> None:
    inhoud = as_csv([*KOP[:4], "Adres", "X", "Y"], [*RIJ, "Kerkstraat 1", "", ""],
                    ["W2", *RIJ[1:], "", f"{X:.0f}", f"{Y:.0f}"])  # fmt: skip

    bron = take(app, session, add_file(app, session, inhoud))

    assert bron.verslag is not None
    [reden] = bron.verslag["redenen"]
    assert reden["reden"].startswith("Een adres opzoeken lukt nu niet.")
    assert (reden["nummers"], bron.verslag["nieuw"]) == ([1], 1)


def test_rows_come_one_by_one(app: Flask) -> None:
    rows = read_rows(geojson(feature(), feature(id="W2")), kaartlaag="", limieten=Limieten())

    assert [one.velden["id"] for one in rows if isinstance(one, Feature)] == ["W1", "W2"]
