"""Afstemming: saving a work with all that is compared, as the country fills; a real planning."""

import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import time_machine
from flask import Flask
from shapely.geometry import MultiPolygon, box
from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.afstemming import vuil
from kernenkaart.afstemming.koppel_models import Koppelkans
from kernenkaart.app import create_app
from kernenkaart.config import Settings
from kernenkaart.demo.genereren import Maat, generate, tidy
from kernenkaart.embedded import Cluster
from kernenkaart.migrations.commands import upgrade
from kernenkaart.tijd import AMSTERDAM, today
from kernenkaart.werkbronnen import services
from kernenkaart.werkbronnen.models import Ritme
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid
from tests.conftest import SHARED
from tests.factories import make_kern, make_organisatie
from tests.served import environment
from tests.wachtrij import work
from tests.werkbronnen.bronnen import planner

MATEN = (10_000, 100_000, 300_000)
KEREN = 300
WIOR = SHARED / "geodata/werkzaamheden/amsterdam_wior_projecten_2020.geojson"
WIOR_DAG = datetime(2020, 6, 1, 9, tzinfo=AMSTERDAM)  # most of it was still to come
NEDERLAND = MultiPolygon([box(10_000, 305_000, 280_000, 620_000)])
PLANBAAR = (Status.VERWACHT, Status.NOG_NIET_ZEKER, Status.BEVESTIGD)

# half of the works can move; that says nothing of who changed what
RUIMTE = """
ALTER TABLE werkzaamheid DISABLE TRIGGER USER;
UPDATE werkzaamheid SET vroegst = eerste_dag - 30, laatst = laatste_dag + 60 WHERE id % 2 = 0;
ALTER TABLE werkzaamheid ENABLE TRIGGER USER;
"""

# round every kern streets, 16 by 16, 110 m apart, and from there a road to the three nearest ones:
# 540 pieces of road a kern, as many to the km2 as the national road file has
WEGEN = """
TRUNCATE wegvak;
INSERT INTO wegvak (van_knoop, naar_knoop, lengte_m, geom)
WITH stuk AS (
    SELECT k.id * 1000 + i * 17 + j AS van, k.id * 1000 + (i + di) * 17 + j + 1 - di AS naar,
           ST_MakeLine(ST_Translate(k.hart, (i - 8) * 110, (j - 8) * 110),
                       ST_Translate(k.hart, (i + di - 8) * 110, (j - 7 - di) * 110)) AS lijn
    FROM kern k, generate_series(0, 16) i, generate_series(0, 16) j, generate_series(0, 1) di
    WHERE i + di <= 16 AND j + 1 - di <= 16
    UNION ALL
    SELECT k.id * 1000, n.id * 1000 + 288, ST_MakeLine(
        ST_Translate(k.hart, -880, -880), ST_Translate(n.hart, 880, 880))
    FROM kern k CROSS JOIN LATERAL (
        SELECT id, hart FROM kern n WHERE n.id <> k.id ORDER BY n.hart <-> k.hart LIMIT 3) n
)
SELECT van, naar, ST_Length(lijn), lijn FROM stuk;
ANALYZE wegvak;
"""


@dataclass(frozen=True)
class Bewaren:
    """What saving one work costs, of many saved one after another.

    Attributes:
        p50_ms: with p95_ms, from the first change to the commit.
        maal_kaal: so many times as long as when nothing is compared, both medians of one run.
        paren: how many pairs each of them is in, on average.
    """

    p50_ms: float
    p95_ms: float
    maal_kaal: float
    paren: float


def make_country(settings: Settings, werken: int) -> None:
    """So many works and as many activities all over the country, with roads.

    Half of the works can move.
    """
    maat = Maat(kernen=2_500, activiteiten=werken, werkzaamheden=werken, initiatieven=1)
    with db.beheer_session(settings) as session:
        generate(session, maat, zaad=1, vandaag=today(), meld=lambda _laag, _rijen: None)
        session.execute(text(RUIMTE))
        session.execute(text(WEGEN))
        session.commit()
    tidy(db.make_beheer_engine(settings))


def save_ms(app: Flask) -> Bewaren:
    """Move works by a day, each in a transaction of its own, as somebody who saves a form.

    Each is moved and then moved back, one of both times without comparing it with anything.
    """
    took: dict[bool, list[float]] = {True: [], False: []}
    with app.app_context():
        alle = (
            db.session()
            .scalars(select(Werkzaamheid.id).where(Werkzaamheid.status.in_(PLANBAAR)))
            .all()
        )
        db.session().rollback()  # no transaction waits meanwhile
        ids = random.Random(1).sample(alle, KEREN)
        for nummer, werk_id in enumerate(ids):
            for dagen in (1, -1):
                kijkt = (dagen == 1) == (nummer % 2 == 0)
                with nullcontext() if kijkt else unwatched():
                    took[kijkt].append(_move_ms(app, werk_id, dagen))
        paren = db.session().scalar(
            select(func.count()).where(
                or_(*(kant == func.any(ids) for kant in (Koppelkans.a_id, Koppelkans.b_id)))
            )
        )
    met, zonder = (sorted(took[kijkt][10:]) for kijkt in (True, False))  # the first fill caches
    p50 = statistics.median(met)
    return Bewaren(
        p50,
        statistics.quantiles(met, n=20)[-1],
        p50 / statistics.median(zonder),
        (paren or 0) / KEREN,
    )


def _move_ms(app: Flask, werk_id: int, dagen: int) -> float:
    session: Session = app.extensions["kernenkaart.sessions"]()
    werk = session.get_one(Werkzaamheid, werk_id)
    begun = time.perf_counter()
    werk.laatste_dag += timedelta(days=dagen)
    if werk.laatst is not None:
        werk.laatst += timedelta(days=dagen)
    session.commit()
    took = 1000 * (time.perf_counter() - begun)
    session.close()
    return took


@contextmanager
def unwatched() -> Iterator[None]:
    """Save as if nothing were compared."""
    kijkers = vuil._kijkers[:]
    vuil._kijkers.clear()
    try:
        yield
    finally:
        vuil._kijkers.extend(kijkers)


def country_app(cluster: Cluster, folder: Path) -> tuple[Flask, Settings]:
    """An application on an empty database of its own, with all migrations."""
    return _app_on(cluster, "land", folder)


def wior_s(cluster: Cluster, folder: Path) -> tuple[float, int, int]:
    """Take over 1,206 real works and find all pairs: seconds, works, pairs."""
    app, settings = _app_on(cluster, "wior", folder)
    with (
        time_machine.travel(WIOR_DAG, tick=True),
        db.beheer_session(settings) as session,
        app.app_context(),
    ):
        make_kern(session, grens=NEDERLAND)
        organisatie = make_organisatie(session)
        session.commit()
        begun = time.perf_counter()
        gegevens = services.BronGegevens(organisatie.id, "Planning", "", Ritme.HAND)
        bestand = services.Bestand("wior.geojson", WIOR.read_bytes())
        bron = services.add_bron(session, planner(organisatie), gegevens, bestand)
        _let_work(app, session)
        services.begin_take_over(session, planner(organisatie), bron.id)
        _let_work(app, session)
        took = time.perf_counter() - begun
        werken = session.scalar(select(func.count()).select_from(Werkzaamheid)) or 0
        paren = session.scalar(select(func.count()).select_from(Koppelkans)) or 0
    return took, werken, paren


def _let_work(app: Flask, session: Session) -> None:
    """Commit, and do all that waits as the worker does."""
    session.commit()
    while work(app, session):
        session.commit()


def _app_on(cluster: Cluster, naam: str, folder: Path) -> tuple[Flask, Settings]:
    cluster.create_database(naam)
    upgrade(cluster.url("kernenkaart_beheer", naam))
    names = environment(cluster, naam, folder / naam)
    settings = Settings.from_env({k: v for k, v in names.items() if k.startswith("KERNENKAART_")})
    return create_app(settings), settings
