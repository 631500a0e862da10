"""A planning of 100,000 works all over the country, taken over by the real worker, and its cost."""

import gzip
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, mapping
from sqlalchemy import Engine, Row, create_engine, text
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.config import ROOT, Settings
from kernenkaart.demo.genereren import Maat, generate
from kernenkaart.embedded import Cluster
from kernenkaart.geo.crs import to_wgs84
from kernenkaart.tijd import today
from kernenkaart.werkbronnen import services
from kernenkaart.werkbronnen.models import Ritme, Werkbron
from tests.bench.afstemming import WEGEN
from tests.factories import make_organisatie
from tests.served import environment
from tests.werkbronnen.bronnen import planner

WORKER = (sys.executable, "-m", "flask", "--app", "wsgi", "taken", "werk")
KERNEN = 2_500
ACTIVITEITEN = 25_000
STRAAT_M = 100
VERSPREID_M = 400  # standard deviation of the distance of a street to the heart of its kern
DAGEN = 3 * 365
WACHT_S = 3_600
SOORTEN = (
    "Riool vervangen", "Nieuw asfalt", "Gasleiding leggen", "Glasvezel in de grond",
    "Waterleiding vervangen", "Bomen planten", "Stoep recht leggen", "Laagspanning verzwaren",
)  # fmt: skip
HINDER = ("geen", "beperkt", "beperkt", "afgesloten")
MB = 1024


@dataclass
class Gemeten:
    """What it cost.

    Attributes:
        seconden: by step: lezen, wegen, overnemen, nakijken.
        geheugen_mb: the most that each process had in memory (VmHWM, 2²⁰ bytes): werker, kind.
        standen: the numbers of rows done that somebody who looked would have seen, by step.
        verslag: what the source tells of it.
        paren: how many pairs of works there are afterwards.
        botsingen: how many clashes.
        werken: how many works, the sum of their versions, and when one changed last.
    """

    seconden: dict[str, float] = field(default_factory=dict)
    geheugen_mb: dict[str, float] = field(default_factory=dict)
    standen: dict[str, list[int]] = field(default_factory=dict)
    verslag: dict[str, Any] = field(default_factory=dict)
    paren: int = 0
    botsingen: int = 0
    werken: tuple[Any, ...] = ()

    @property
    def overnemen_s(self) -> float:
        """Reading, weighing and taking over, without what is compared afterwards."""
        return sum(s for stap, s in self.seconden.items() if stap != "nakijken")

    @property
    def stappen(self) -> str:
        """The seconds of each of its steps, in words."""
        stappen = (f"{stap} {s:.0f}" for stap, s in self.seconden.items() if stap != "nakijken")
        return ", ".join(stappen)


def make_planning(harten: Iterable[tuple[float, float]], aantal: int, *, zaad: int = 1) -> bytes:
    """A zipped GeoJSON of so many works in streets round these points (RD), from tomorrow on."""
    worp, kans = np.random.default_rng(zaad), random.Random(zaad)
    centra = np.array(list(harten))
    midden = centra[worp.integers(len(centra), size=aantal)]
    midden = midden + worp.normal(0, VERSPREID_M, (aantal, 2))
    hoek = worp.uniform(0, np.pi, aantal)
    helft = np.column_stack([np.cos(hoek), np.sin(hoek)]) * STRAAT_M / 2
    lijnen = shapely.linestrings(np.stack([midden - helft, midden, midden + helft], axis=1))
    features = (
        _feature(nummer, lijn, kans, today()) for nummer, lijn in enumerate(lijnen, start=1)
    )
    text_ = ",\n".join(json.dumps(one, separators=(",", ":")) for one in features)
    return gzip.compress(f'{{"type":"FeatureCollection","features":[{text_}]}}'.encode(), 1)


def _feature(nummer: int, lijn: LineString, kans: random.Random, vandaag: date) -> dict[str, Any]:
    begin = vandaag + timedelta(days=kans.randrange(1, DAGEN))
    eind = begin + timedelta(days=kans.randrange(3, 60))
    soort = kans.choice(SOORTEN)
    return {
        "type": "Feature",
        "properties": {
            "werknummer": f"P-{nummer:06}",
            "titel": f"{soort} straat {nummer}",
            "omschrijving": f"<p>{soort}. De straat is {kans.randrange(1, 9)} weken open.</p>",
            "startdatum": f"{begin:%d-%m-%Y}",
            "einddatum": f"{eind:%d-%m-%Y}",
            "verkeershinder": kans.choice(HINDER),
        },
        "geometry": mapping(shapely.set_precision(to_wgs84(lijn), 1e-7)),
    }


class Land:
    """An empty country of 2,500 kernen with activities, and who plans in it.

    Args:
        cluster: where its database ``naam`` is; it has all migrations.
    """

    def __init__(self, cluster: Cluster, naam: str, folder: Path) -> None:
        self.environ = environment(cluster, naam, folder)
        self.settings = Settings.from_env(
            {k: v for k, v in self.environ.items() if k.startswith("KERNENKAART_")}
        )
        self.engine: Engine = create_engine(self.settings.database_url)

    def fill(self) -> list[tuple[float, float]]:
        """Make the kernen, their roads and the activities; the hearts of the kernen."""
        maat = Maat(KERNEN, ACTIVITEITEN, werkzaamheden=1, initiatieven=1)
        with db.beheer_session(self.settings) as session:
            generate(session, maat, zaad=1, vandaag=today(), meld=lambda _laag, _rijen: None)
            session.execute(text(WEGEN))
            session.commit()
            rows = session.execute(text("SELECT ST_X(hart), ST_Y(hart) FROM kern ORDER BY id"))
            return [(x, y) for x, y in rows]

    def row(self, statement: str, **values: Any) -> Row[Any]:
        """The one row that a statement gives, as it is committed now."""
        with self.engine.connect() as connection:
            return connection.execute(text(statement), values).one()

    def add(self, inhoud: bytes) -> int:
        """Add a source with this file; its key."""
        with Session(self.engine) as session:
            organisatie = make_organisatie(session)
            gegevens = services.BronGegevens(organisatie.id, "Planning", "", Ritme.HAND)
            bestand = services.Bestand("planning.geojson.gz", inhoud)
            bron = services.add_bron(session, planner(organisatie), gegevens, bestand)
            session.commit()
            return bron.id

    def again(self, bron_id: int, inhoud: bytes) -> None:
        """Send the file of a source again."""
        with Session(self.engine) as session:
            actor = planner(session.get_one(Werkbron, bron_id).organisatie)
            bestand = services.Bestand("planning.geojson.gz", inhoud)
            services.read_again(session, actor, bron_id, bestand)
            session.commit()

    def take(self, bron_id: int) -> None:
        """Ask to take over what was looked at."""
        with Session(self.engine) as session:
            actor = planner(session.get_one(Werkbron, bron_id).organisatie)
            services.begin_take_over(session, actor, bron_id)
            session.commit()

    def run(self, bron_id: int) -> Gemeten:
        """Let a worker read, weigh and take over a source, and look at what changed; watch it."""
        gemeten = Gemeten()
        with self._worker() as worker:
            self._watch(worker, bron_id, gemeten, ("lezen", "wegen"), until="bekijken")
            self.take(bron_id)
            self._watch(worker, bron_id, gemeten, ("overnemen",), until="loopt")
            begun = time.monotonic()
            while self.row("SELECT EXISTS (SELECT FROM afstem_vuil) AS vuil").vuil:
                self._look(worker, gemeten, begun)
            gemeten.seconden["nakijken"] = time.monotonic() - begun
        gemeten.verslag = self.row("SELECT verslag FROM werkbron WHERE id = :id", id=bron_id)[0]
        gemeten.paren = self.row("SELECT count(*) FROM koppelkans")[0]
        gemeten.botsingen = self.row("SELECT count(*) FROM botsing")[0]
        gemeten.werken = tuple(
            self.row("SELECT count(*), sum(versie), max(updated_at) FROM werkzaamheid")
        )
        return gemeten

    @contextmanager
    def _worker(self) -> Iterator["subprocess.Popen[bytes]"]:
        process = subprocess.Popen(WORKER, cwd=ROOT, env=self.environ)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)

    def _watch(
        self,
        worker: "subprocess.Popen[bytes]",
        bron_id: int,
        gemeten: Gemeten,
        stappen: tuple[str, ...],
        *,
        until: str,
    ) -> None:
        """Look as long as the source is at ``stappen``; note when each ends and how far it is."""
        begun = sinds = time.monotonic()
        stap = stappen[0]
        while stap != until:
            bron = self.row(
                "SELECT stand, gedaan, melding FROM werkbron WHERE id = :id", id=bron_id
            )
            assert bron.melding is None, bron.melding
            if bron.stand != stap:
                gemeten.seconden[stap] = time.monotonic() - sinds
                stap, sinds = bron.stand, time.monotonic()
            else:
                gemeten.standen.setdefault(stap, []).append(bron.gedaan)
            self._look(worker, gemeten, begun)

    def _look(self, worker: "subprocess.Popen[bytes]", gemeten: Gemeten, begun: float) -> None:
        assert worker.poll() is None, "the worker stopped"
        assert time.monotonic() - begun < WACHT_S, "it takes too long"
        for naam, mb in memory_mb(worker.pid).items():
            gemeten.geheugen_mb[naam] = max(mb, gemeten.geheugen_mb.get(naam, 0))
        time.sleep(0.1)


def take_over_twice(
    cluster: Cluster, naam: str, folder: Path, aantal: int
) -> tuple[Gemeten, Gemeten]:
    """Read, weigh and take over a planning in the database ``naam``, and then the same again."""
    land = Land(cluster, naam, folder)
    inhoud = make_planning(land.fill(), aantal)
    bron_id = land.add(inhoud)
    first = land.run(bron_id)
    land.again(bron_id, inhoud)
    second = land.run(bron_id)
    land.engine.dispose()
    return first, second


def memory_mb(pid: int) -> Mapping[str, float]:
    """The most that the worker, and any child that reads a file for it, had in memory so far."""
    found = {"werker": _peak(pid)}
    for child in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for one in child.read_text().split():
                found["kind"] = max(found.get("kind", 0.0), _peak(int(one)))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _peak(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) / MB if lines else 0.0  # a process that ended has none
