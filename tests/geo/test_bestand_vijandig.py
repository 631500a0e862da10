"""Files that mean harm are refused, with a sentence, quickly, without touching anything else."""

import gzip
import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from shapely.geometry import box

from kernenkaart.geo.bestand.lezen import ROOT, drivers_to_skip, read_geobestand
from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar
from tests.geo.bestanden import feature, write_geojson, write_ogr, write_zip, zip_shapefile

KERN = box(140_000, 430_000, 141_000, 431_000)
VRT = """<OGRVRTDataSource><OGRVRTLayer name="geheim">
<SrcDataSource>{source}</SrcDataSource><GeometryType>wkbPolygon</GeometryType>
</OGRVRTLayer></OGRVRTDataSource>"""
EXTENSIONS = [
    *("geojson", "json", "gpkg", "shp", "vrt", "gml", "kml", "xml", "csv", "sqlite", "fgb", "zip"),
    *("gz", "geojson.gz"),
]
Maker = Callable[[Path], Path]


@pytest.fixture
def geheim(tmp_path: Path) -> Path:
    """A file that an upload has no business with."""
    return write_geojson(tmp_path / "geheim.geojson", feature(KERN, wachtwoord="hunter2"))


@pytest.fixture
def kanarie() -> Iterator[tuple[str, list[str]]]:
    """A server that writes down who calls."""
    calls: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                calls.append(str(address))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x.geojson", calls
        stop.set()
        thread.join()


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_vrt_is_not_opened_under_any_name(tmp_path: Path, geheim: Path, extension: str) -> None:
    path = tmp_path / f"upload.{extension}"
    path.write_text(VRT.format(source=geheim))
    path.with_suffix(".dbf").touch()

    with pytest.raises(Onleesbaar):
        read_geobestand(path)


@pytest.mark.parametrize("member", ["a.shp", "a.gpkg", "a.geojson", "a.json", "a.vrt", "a.gml"])
def test_a_vrt_in_a_zip_is_not_opened(tmp_path: Path, geheim: Path, member: str) -> None:
    content = VRT.format(source=geheim).encode()
    path = write_zip(tmp_path / "upload.zip", {member: content, "a.dbf": b"", "a.prj": b""})

    with pytest.raises(Onleesbaar):
        read_geobestand(path)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_nothing_is_fetched(tmp_path: Path, kanarie: tuple[str, list[str]], extension: str) -> None:
    url, calls = kanarie
    path = tmp_path / f"upload.{extension}"
    path.write_text(VRT.format(source=f"/vsicurl/{url}"))
    path.with_suffix(".dbf").touch()

    with pytest.raises(Onleesbaar):
        read_geobestand(path)

    assert calls == []


def test_a_crs_that_is_a_url_is_not_fetched(tmp_path: Path, kanarie: tuple[str, list[str]]) -> None:
    url, calls = kanarie
    link = {"type": "link", "properties": {"href": url, "type": "proj4"}}
    named = {"type": "name", "properties": {"name": url}}

    for crs in (link, named):
        with pytest.raises(Onleesbaar):
            read_geobestand(write_geojson(tmp_path / "a.geojson", feature(KERN), crs=crs))

    assert calls == []


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize("kind", ["gpkg", "shp"])
def test_the_reader_connects_to_nothing(tmp_path: Path, kind: str) -> None:
    path = write_ogr(tmp_path / f"a.{kind}", [KERN], naam=["Est"])
    trace = tmp_path / "trace"
    code = f"""
from pathlib import Path
from kernenkaart.geo.bestand.lezen import read_geobestand
print(len(read_geobestand(Path({str(path)!r})).features))
"""
    command = ["strace", "-f", "-e", "trace=connect,sendto", "-o", str(trace)]
    done = subprocess.run(
        [*command, sys.executable, "-c", code],
        cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ),
    )  # fmt: skip
    if "ptrace" in done.stderr.lower():
        pytest.skip("strace may not trace here")

    assert done.stdout == "1\n"
    assert "AF_INET" not in trace.read_text()


@pytest.mark.parametrize("goed", [True, False])
def test_gdal_has_only_the_two_drivers_or_is_not_used(goed: bool) -> None:
    code = "from kernenkaart.geo.bestand import ogr; print(*sorted(ogr.load().list_drivers()))"
    env = {"OGR_SKIP": drivers_to_skip() if goed else "OGR_VRT", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
    )

    assert (done.stdout == "ESRI Shapefile GPKG\n") is goed
    assert ("drivers that it should skip" in done.stderr) is not goed


def with_sql(statement: str) -> Maker:
    """A GeoPackage in which ``statement`` was run."""

    def make(folder: Path) -> Path:
        path = write_ogr(folder / "a.gpkg", [KERN], layer="kernen", naam=["Est"])
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA writable_schema=ON")
            database.executescript(statement)
        return path

    return make


@pytest.mark.parametrize(
    ("statement", "reden"),
    [
        ("CREATE VIEW v AS SELECT * FROM kernen", "een view"),
        (
            "CREATE VIEW w AS SELECT load_extension('/tmp/x.so') AS naam, geom FROM kernen;"
            "UPDATE gpkg_contents SET table_name = 'w';"
            "UPDATE gpkg_geometry_columns SET table_name = 'w'",
            "een view",
        ),
        (
            "CREATE TRIGGER kwaad AFTER INSERT ON gpkg_contents BEGIN SELECT 1; END",
            "een trigger",
        ),
        ("CREATE VIRTUAL TABLE f USING fts5(naam)", "een virtuele tabel"),
        (
            "INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, "
            "'CREATE VIRTUAL TABLE v USING VirtualOGR(''/etc/passwd'')')",
            "een virtuele tabel",
        ),
        ("DELETE FROM gpkg_geometry_columns", "geen laag met vormen"),
        ("DROP TABLE gpkg_contents", "beschadigd"),
    ],
)
def test_a_geopackage_that_can_do_more_than_hold_rows_is_refused(
    tmp_path: Path, statement: str, reden: str
) -> None:
    path = with_sql(statement)(tmp_path)

    with pytest.raises(Onleesbaar, match=reden):
        read_geobestand(path)


def test_a_geopackage_with_its_own_index_is_fine_and_is_not_written(tmp_path: Path) -> None:
    path = write_ogr(tmp_path / "a.gpkg", [KERN] * 3, naam=["a", "b", "c"])
    before = path.read_bytes()

    bestand = read_geobestand(path)

    assert len(bestand.features) == 3
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.gpkg"]


def bomb(folder: Path) -> Path:
    """200 MB of zeros in about 200 kB."""
    path = folder / "a.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.geojson", "w") as member,
    ):
        for _ in range(200):
            member.write(bytes(1_000_000))
    return path


def lying_bomb(folder: Path) -> Path:
    """A zip whose header says that its 20 MB member is 10 bytes."""
    path = write_zip(folder / "a.zip", {"a.geojson": bytes(20_000_000)})
    content = path.read_bytes()
    path.write_bytes(
        content.replace((20_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    )
    return path


def gzip_bomb(folder: Path) -> Path:
    """50 MB of spaces in a gz."""
    path = folder / "a.geojson.gz"
    path.write_bytes(gzip.compress(b" " * 50_000_000))
    return path


def many_members(folder: Path) -> Path:
    """A zip of 51 files."""
    return write_zip(folder / "a.zip", {f"{number}.txt": b"x" for number in range(51)})


def traversal(name: str) -> Maker:
    """A zip with a member called ``name``."""
    return lambda folder: write_zip(folder / "a.zip", {name: b"{}"})


def zipped(**members: bytes) -> Maker:
    """A zip of these members; ``a_shp`` is called ``a.shp``."""
    contents = {name.replace("_", "."): content for name, content in members.items()}
    return lambda folder: write_zip(folder / "a.zip", dict(contents))


def linked(folder: Path) -> Path:
    """A zip with a symbolic link to /etc/passwd."""
    info = zipfile.ZipInfo("a.geojson")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return path


def locked(folder: Path) -> Path:
    """A zip that says its member is encrypted."""
    path = write_zip(folder / "a.zip", {"a.geojson": b"{}"})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # local header
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    return path


def nested(folder: Path) -> Path:
    """A zip in a zip."""
    inner = write_zip(folder / "b.zip", {"a.geojson": b"{}"})
    return write_zip(folder / "a.zip", {"b.zip": inner})


def named(name: str, content: bytes) -> Maker:
    """A file with this content."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def cut_shapefile(folder: Path) -> Path:
    """A shapefile of which the geometry file is cut off."""
    shp = write_ogr(folder / "a.shp", [KERN] * 50, naam=["x"] * 50)
    shp.write_bytes(shp.read_bytes()[:150])
    return zip_shapefile(folder / "a.zip", shp)


@pytest.mark.parametrize(
    ("make", "reden"),
    [
        (bomb, "te groot"), (lying_bomb, "te groot|beschadigd"), (gzip_bomb, "te groot"),
        (many_members, "meer dan 50 bestanden"), (linked, "een verwijzing"),
        (locked, "wachtwoord"), (nested, "nog een archief"), (cut_shapefile, "beschadigd"),
        (traversal("../../a.geojson"), "buiten zichzelf"),
        (traversal("/etc/a.geojson"), "buiten zichzelf"),
        (traversal("C:/a.geojson"), "buiten zichzelf"),
        (traversal("..\\a.geojson"), "buiten zichzelf"),
        (traversal("map/../../a.geojson"), "buiten zichzelf"),
        (named("a.zip", b"PK\x03\x04 en niets"), "beschadigd"),
        (named("a.gz", b"\x1f\x8b\x08 en niets"), "niet lezen|beschadigd"),
        (named("a.gpkg", b"SQLite format 3\0" + bytes(100)), "beschadigd"),
        (named("a.gpkg", b"geen sqlite"), "geen GeoPackage"),
        (zipped(a_shp=b"<OGRVRTDataSource>", a_dbf=b""), "geen shapefile"),
        (named("a.geojson", b""), "leeg"), (named("a.geojson", b"<html>"), "JSON klopt niet"),
        (named("a.geojson", b"{"), "JSON klopt niet"),
        (named("a.geojson", b"[" * 100_000), "JSON klopt niet"),
        (named("a.geojson", b'{"a":' * 100_000), "JSON klopt niet"),
        (named("a.geojson", b'{"type": "FeatureCollection"'), "JSON klopt niet"),
        (named("a.geojson", b"null"), "JSON klopt niet"),
        (named("a.geojson", b'{"type": "Topology", "objects": {}}'), "geen GeoJSON"),
        (named("a.geojson", b'{"type": "X", "features": [1,]}'), "JSON klopt niet"),
        (named("a.geojson", b'{"features": [{"x": ' + b"[" * 50_000 + b"]}"), "JSON klopt niet"),
        (named("a.tar", b"x"), "niet lezen"), (named("geojson", b"{}"), "niet lezen"),
    ],
)  # fmt: skip
def test_what_is_hostile_or_broken_is_refused_within_two_seconds(
    tmp_path: Path, make: Maker, reden: str
) -> None:
    path = make(tmp_path)
    start = time.monotonic()

    with pytest.raises(Onleesbaar, match=reden):
        read_geobestand(path)

    assert time.monotonic() - start < 4  # 2 s on a machine that does nothing else


def test_a_file_above_the_limit_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(b"x" * 2_000_001)

    with pytest.raises(Onleesbaar, match="groter dan 2 MB"):
        read_geobestand(path, limieten=Limieten(bestand_mb=2))


def test_too_many_features_are_refused(tmp_path: Path) -> None:
    limieten = Limieten(features=2)
    geojson = write_geojson(tmp_path / "a.geojson", *[feature(KERN)] * 3)
    gpkg = write_ogr(tmp_path / "a.gpkg", [KERN] * 3, naam=["a", "b", "c"])

    for path in (geojson, gpkg):
        with pytest.raises(Onleesbaar, match="meer dan 2 vormen"):
            read_geobestand(path, limieten=limieten)


def test_a_file_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "x": [[1]] * 3_000_000}))

    with pytest.raises(Onleesbaar, match="te groot"):
        read_geobestand(path, limieten=Limieten(geheugen_mb=400))


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", *[feature(KERN, naam="x" * 100)] * 60_000)

    with pytest.raises(Onleesbaar, match="duurt te lang"):
        read_geobestand(path, limieten=Limieten(cpu_s=1))


def test_the_reader_gets_no_secrets_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, str]] = []
    real = subprocess.run

    def spy(*args: object, **options: object) -> object:
        seen.append(dict(options["env"]))  # type: ignore[call-overload]
        return real(*args, **options)  # type: ignore[call-overload]

    monkeypatch.setenv("KERNENKAART_SECRET_KEY", "geheim")
    monkeypatch.setattr(subprocess, "run", spy)

    read_geobestand(write_geojson(tmp_path / "a.geojson", feature(KERN)))

    assert not any(name.startswith("KERNENKAART") for name in seen[0])
