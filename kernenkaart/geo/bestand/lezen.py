"""Open geo files safely: the one door for every file from outside."""

import json
import logging
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import shapely

from kernenkaart.geo.bestand.kind import MODULE, Opdracht, frames
from kernenkaart.geo.bestand.ogr import DRIVERS
from kernenkaart.geo.bestand.waarden import Feature, Geobestand, Limieten, Onleesbaar

ROOT = Path(__file__).resolve().parents[3]
MB = 1_000_000
UPLOAD = Limieten()
WITHOUT_GDAL = (".geojson", ".json", ".geojson.gz", ".json.gz", ".gml", ".gml.gz")
logger = logging.getLogger(__name__)


def read_geobestand(
    paden: Path | Iterable[Path],
    *,
    laag: str | None = None,
    limieten: Limieten = UPLOAD,
    crs: str | None = None,
) -> Geobestand:
    """All features of one or more geo files, in RD.

    GeoPackage, GeoJSON (``.geojson``, ``.json``), GML and shapefiles, also in a zip or gzip. The
    name of a file says what it is; a file that is something else inside is refused. Nothing is
    opened in this process: a child reads, in an empty environment, with limits on memory and time,
    and sends back values.

    Args:
        paden: files that exist, with the name that their owner gave them.
        laag: the layer of a GeoPackage, or the file in a zip, when there are several.
        limieten: what the files may cost.
        crs: the coordinate system, as ``EPSG:28992``, instead of what the files say of it.

    Raises:
        Onleesbaar: if a file is not opened; features that are no good come back with a ``reden``.
    """
    features: list[Feature] = []
    opmerkingen: list[str] = []
    velden: dict[str, None] = {}
    for one in stream_geobestand(paden, laag=laag, limieten=limieten, crs=crs):
        if isinstance(one, str):
            opmerkingen.append(one)
        else:
            features.append(one)
            velden.update(dict.fromkeys(one.velden))
    return Geobestand(tuple(velden), tuple(features), tuple(opmerkingen))


def stream_geobestand(
    paden: Path | Iterable[Path],
    *,
    laag: str | None = None,
    limieten: Limieten = UPLOAD,
    crs: str | None = None,
    module: str = MODULE,
) -> Iterator[Feature | str]:
    """As ``read_geobestand``, but one by one: features, and remarks about a file as texts.

    Args:
        module: the child; another one than ours speaks the same language (``kind.send``).

    Raises:
        Onleesbaar: if a file is not opened; also halfway, if the rest cannot be read.
    """
    files = [paden] if isinstance(paden, Path) else list(paden)
    for file in files:
        if file.stat().st_size > limieten.bestand_mb * MB:
            raise Onleesbaar(f"{file.name} is groter dan {limieten.bestand_mb} MB.")
        if file.stat().st_size == 0:
            raise Onleesbaar(f"{file.name} is leeg.")
    with tempfile.TemporaryDirectory(prefix="kernenkaart-geo-") as folder:
        opdracht = Opdracht([str(file.resolve()) for file in files], laag, limieten, folder, crs)
        result = Path(folder, "uit")
        _run_child(module, opdracht, result)
        yield from _collect(result)


@cache
def drivers_to_skip() -> str:
    """Every driver that GDAL has beside the two we use, as it wants to hear it.

    GDAL reads what to skip when it is loaded, and only then knows what it has: so a process that
    opens nothing is asked first, once.
    """
    code = "import pyogrio; print(*pyogrio.list_drivers(), sep=',')"
    command = [sys.executable, "-sP", "-c", code]
    answer = subprocess.run(command, env={}, capture_output=True, text=True, check=True).stdout
    return ",".join(sorted(set(answer.strip().split(",")) - DRIVERS))


def _run_child(module: str, opdracht: Opdracht, result: Path) -> None:
    command = [sys.executable, "-sP", "-m", module, json.dumps(asdict(opdracht))]
    environment = {
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
        "TMPDIR": opdracht.werkmap,
    }
    if not all(name.lower().endswith(WITHOUT_GDAL) for name in opdracht.bestanden):
        environment["OGR_SKIP"] = drivers_to_skip()
    errors = result.with_suffix(".err")
    try:
        with result.open("wb") as out, errors.open("wb") as err:
            code = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=environment,
                cwd=opdracht.werkmap,
                timeout=opdracht.limieten.cpu_s + 30,
                check=False,
            ).returncode
    except subprocess.TimeoutExpired as error:
        raise Onleesbaar("Het lezen van dit bestand duurt te lang.") from error
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Onleesbaar("Het lezen van dit bestand duurt te lang.")
    if code != 0:
        last_words = errors.read_text("utf-8", "replace")[-2000:]
        logger.warning("reader of geo files stopped with %s: %s", code, last_words)
        raise Onleesbaar("Dit bestand is niet te lezen: het is beschadigd of te groot.")


def _collect(result: Path) -> Iterator[Feature | str]:
    complete = False
    with result.open("rb") as stream:
        for head, wkb in frames(stream):
            if "fout" in head:
                raise Onleesbaar(head["fout"], lagen=tuple(head["lagen"]))
            if "opmerking" in head:
                yield str(head["opmerking"])
            elif "klaar" in head:
                complete = True
            else:
                geom = shapely.from_wkb(wkb) if wkb else None
                yield Feature(**{**head, "hersteld": tuple(head["hersteld"])}, geom=geom)
    if not complete:
        raise Onleesbaar("Dit bestand is niet helemaal te lezen.")
