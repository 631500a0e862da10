"""The commands: what they print, what they store, and with what status they end."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, text

from kernenkaart.app import create_app
from kernenkaart.config import ROOT, Settings
from kernenkaart.embedded import Cluster
from kernenkaart.migrations.commands import upgrade
from tests.conftest import needs_shared
from tests.geo.bestanden import feature, write_geojson, write_ogr, zip_shapefile
from tests.kernen.bestanden import vierkant
from tests.served import environment, run_flask

Draai = Callable[..., Result]
KERNEN = ROOT / "geodata" / "kernen.geojson"
GRENZEN = ("geodata", "grenzen")


@pytest.fixture(scope="module")
def app(cluster: Cluster, settings: Settings) -> Flask:
    """An app with a database of its own, for here things are committed."""
    naam = "inlezen"
    cluster.create_database(naam)
    beheer = cluster.url("kernenkaart_beheer", naam)
    upgrade(beheer)
    url = cluster.url("kernenkaart_app", naam)
    return create_app(replace(settings, database_url=url, beheer_url=beheer))


@pytest.fixture
def draai(app: Flask) -> Draai:
    """Run a command on an empty database."""
    settings: Settings = app.extensions["kernenkaart.settings"]
    engine = create_engine(settings.beheer_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM kern"))
        connection.execute(text("DELETE FROM gemeente"))
    engine.dispose()

    def run(*words: object) -> Result:
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return run


def stored(app: Flask) -> int:
    settings: Settings = app.extensions["kernenkaart.settings"]
    engine = create_engine(settings.beheer_url)
    with engine.connect() as connection:
        number: int = connection.execute(text("SELECT count(*) FROM kern")).scalar_one()
    engine.dispose()
    return number


def test_the_default_kernen_are_read_and_again_change_nothing(app: Flask, draai: Draai) -> None:
    gemeente = draai("gemeenten", "importeer", ROOT / "geodata" / "gemeente.geojson")
    first = draai("kernen", "importeer", KERNEN)
    again = draai("kernen", "importeer", KERNEN)

    assert gemeente.exit_code == first.exit_code == again.exit_code == 0
    assert "26 behouden (✓), 0 hersteld (~), 0 geweigerd (✗)." in first.output
    assert "Let op" not in first.output
    assert "26 nieuw, 0 gewijzigd, 0 gelijk gebleven." in first.output
    assert "0 nieuw, 0 gewijzigd, 26 gelijk gebleven." in again.output
    assert "14.382." in first.output  # Tricht, in square metres
    assert stored(app) == 26


def test_a_trial_stores_nothing(app: Flask, draai: Draai) -> None:
    result = draai("kernen", "importeer", KERNEN, "--proef")

    assert result.exit_code == 0
    assert "26 nieuw" in result.output
    assert "er is niets bewaard" in result.output
    assert stored(app) == 0


def test_nothing_usable_ends_with_status_1(tmp_path: Path, app: Flask, draai: Draai) -> None:
    path = write_geojson(tmp_path / "a.geojson", feature(None, naam="Est", code="1"))

    result = draai("kernen", "importeer", path)

    assert result.exit_code == 1
    assert "✗ Est" in result.output
    assert "heeft geen vorm" in result.output
    assert "Er was niets bruikbaars bij." in result.output


@pytest.mark.parametrize(
    ("words", "text_"),
    [
        (("--laag", "x"), "geen laag 'x'. Kies uit: dorpen, steden"),
        ((), "meer dan een laag. Kies er een: dorpen, steden"),
        (("--laag", "dorpen", "--naam", "titel"), "geen kolom 'titel'. Dit bestand heeft: naam"),
        (("--gemeente", "Ergens"), "Geef de CBS-code van de gemeente"),
        (("--gemeente", "GM0001", "--landelijk"), "niet allebei"),
        (("--max-mb", "0"), "groter dan 0 MB"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, draai: Draai, words: tuple[str, ...], text_: str
) -> None:
    path = write_ogr(tmp_path / "a.gpkg", [vierkant(0)], layer="dorpen", naam=["Est"])
    write_ogr(path, [vierkant(1)], layer="steden", naam=["Asperen"])

    result = draai("kernen", "importeer", path, *words)

    assert result.exit_code in (1, 2)
    assert text_ in result.output
    assert "Traceback" not in result.output


def test_a_folder_is_read_whole(tmp_path: Path, app: Flask, draai: Draai) -> None:
    write_geojson(tmp_path / "1.geojson", feature(vierkant(0), naam="Est", code=1))
    write_geojson(tmp_path / "2.geojson", feature(vierkant(1), naam="Tuil", code=2))
    (tmp_path / "LEESMIJ.txt").write_text("hallo")

    result = draai("kernen", "importeer", tmp_path)

    assert result.exit_code == 0
    assert stored(app) == 2


def test_a_broken_file_in_a_folder_stores_nothing(tmp_path: Path, app: Flask, draai: Draai) -> None:
    write_geojson(tmp_path / "1.geojson", feature(vierkant(0), naam="Est", code=1))
    (tmp_path / "2.geojson").write_text("{")

    result = draai("kernen", "importeer", tmp_path)

    assert result.exit_code == 1
    assert "2.geojson: " in result.output
    assert stored(app) == 0


def test_an_empty_folder_is_said(tmp_path: Path, draai: Draai) -> None:
    assert "staan geen geobestanden" in draai("kernen", "importeer", tmp_path).output


def test_a_zipped_shapefile_of_another_gemeente(tmp_path: Path, app: Flask, draai: Draai) -> None:
    shp = write_ogr(
        tmp_path / "wpl.shp", [vierkant(0), vierkant(1)], WOONPLAATS=["Est", "Súd"], ID=["1", "2"]
    )
    path = zip_shapefile(tmp_path / "wpl.zip", shp)

    result = draai("kernen", "importeer", path, "--gemeente", "0001")

    assert result.exit_code == 0
    assert "✓ Súd" in result.output
    assert stored(app) == 2


def test_the_report_as_csv_has_every_feature_and_no_formula(tmp_path: Path, draai: Draai) -> None:
    path = write_geojson(
        tmp_path / "a.geojson",
        feature(vierkant(0), naam="=1+1", code="@x"),
        feature(None, naam="Est", code="2"),
    )

    draai("kernen", "importeer", path, "--proef", "--verslag", tmp_path / "uit.csv")

    with (tmp_path / "uit.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [(row["uitkomst"], row["naam"], row["code"], row["na_m2"]) for row in rows] == [
        ("behouden", "'=1+1", "'@x", "1000000"),
        ("geweigerd", "Est", "2", "0"),
    ]


def test_the_real_kernen_with_their_faults(app: Flask, draai: Draai) -> None:
    path = needs_shared(*GRENZEN, "west_betuwe_kernen.geojson")
    draai("gemeenten", "importeer", ROOT / "geodata" / "gemeente.geojson")
    draai("kernen", "importeer", KERNEN)

    result = draai("kernen", "importeer", path)
    again = draai("kernen", "importeer", path)

    assert result.exit_code == 0
    assert "25 behouden (✓), 1 hersteld (~), 0 geweigerd (✗)." in result.output
    assert "0 nieuw, 26 gewijzigd, 0 gelijk gebleven." in result.output
    assert "0 nieuw, 0 gewijzigd, 26 gelijk gebleven." in again.output
    lines = {
        line.split()[1]: line for line in result.output.splitlines() if line.startswith(("✓", "~"))
    }
    assert lines["Ophemert"].startswith("~")
    assert "een rand heeft te weinig punten" in lines["Ophemert"]
    assert "m² ligt buiten de grens van GM1960" in lines["Buurmalsen"]
    assert "GM0214 bij Buurmalsen" in result.output
    assert stored(app) == 26


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("west_betuwe_kernen_rd.gpkg", ("--laag", "kernen_origineel")),
        ("west_betuwe_kernen_rd.gpkg", ("--laag", "kernen_binnen_gemeente")),
        ("wof_raw", ()),
        ("west_betuwe_kernen_schoon.geojson", ()),
    ],
)
def test_the_real_kernen_in_each_form(
    app: Flask, draai: Draai, name: str, words: tuple[str, ...]
) -> None:
    path = needs_shared(*GRENZEN, name)

    result = draai("kernen", "importeer", path, *words)

    assert result.exit_code == 0, result.output
    assert "0 geweigerd" in result.output
    assert stored(app) == 26


@pytest.mark.volledig
def test_all_buurten_of_the_country_are_read_within_limits(
    cluster: Cluster, tmp_path: Path
) -> None:
    path = needs_shared(*GRENZEN, "nl_buurten_cbs_rd_10m.gpkg.zip")
    cluster.create_database("buurten")
    environ = environment(cluster, "buurten", tmp_path)
    run_flask(environ, "migreer")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "kernen", "importeer", str(path)]
    start = time.monotonic()

    reader = subprocess.Popen(
        [*command, "--landelijk"], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
    )
    _pid, status, used = os.wait4(reader.pid, 0)
    reader.returncode = os.waitstatus_to_exitcode(status)

    assert reader.returncode == 0
    assert time.monotonic() - start < 60
    assert used.ru_maxrss < 500_000  # kB, of it and of the child that reads the file
    with cluster.connect("buurten") as connection:
        assert connection.execute("SELECT count(*) FROM kern").fetchone()[0] > 11_500
    cluster.drop_database("buurten")
