"""The calendar: 50,000 activities of which 2,000 series; what a page, a feed and an import cost."""

import statistics
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta

import psycopg
from sqlalchemy import select

from kernenkaart import db
from kernenkaart.activiteiten.models import ActiviteitSoort
from kernenkaart.actor import Actor
from kernenkaart.app import create_app
from kernenkaart.config import Settings
from kernenkaart.embedded import Cluster
from kernenkaart.kalenderbronnen import services
from kernenkaart.kalenderbronnen.jobs import neem_over
from kernenkaart.kalenderbronnen.kind import read_agenda
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import now, today
from tests.bench.last import ROUNDS, rate
from tests.served import Served

REEKSEN, KEREN = 2_000, 20
INVOER = 1_000
KEER, OPWARMEN = 30, 12  # each thread of each process meets its first question once

# each series is weekly, from now on, as ``activiteiten.reeksen`` would write it
REEKS = """
INSERT INTO reeks (platform_id, soort_id, gemeente_id, kern_id, geom, titel, regel, eerste_dag,
                   van, tot, uitgewerkt_tot, demo)
SELECT p.platform_id, s.id, k.gemeente_id, k.id, k.hart, 'Reeks nummer ' || n,
       format('FREQ=WEEKLY;BYDAY=%%s;COUNT=%%s', upper(left(to_char(dag, 'DY'), 2)),
              %(keren)s::integer), dag, '20:00', '22:00',
       current_date + 731, true
FROM generate_series(1, %(reeksen)s::integer) n
JOIN LATERAL (SELECT * FROM kern ORDER BY id
              OFFSET n %% (SELECT count(*) FROM kern) LIMIT 1) k ON true
JOIN LATERAL (SELECT platform_id FROM platform_kern WHERE kern_id = k.id
              UNION ALL SELECT id FROM platform LIMIT 1) p ON true
JOIN LATERAL (SELECT id FROM activiteit_soort ORDER BY id OFFSET n %% 10 LIMIT 1) s ON true
JOIN LATERAL (SELECT current_date + n %% 28 AS dag) d ON true
"""
TIJDEN = """
INSERT INTO activiteit (platform_id, gemeente_id, soort_id, titel, omschrijving, begint_op,
                        eindigt_op, status, geom, kern_id, reeks_id, reeks_dag, demo)
SELECT platform_id, gemeente_id, soort_id, titel, '', (dag + van) AT TIME ZONE 'Europe/Amsterdam',
       (dag + tot) AT TIME ZONE 'Europe/Amsterdam', 'gepubliceerd', geom, kern_id, r.id, dag, true
FROM reeks r
JOIN LATERAL (SELECT r.eerste_dag + 7 * w AS dag FROM generate_series(0, %(keren)s - 1) w) t ON true
WHERE titel LIKE 'Reeks nummer %%'
"""
AANRAKEN = "UPDATE activiteit SET titel = titel WHERE id = (SELECT min(id) FROM activiteit)"


def fill_series(cluster: Cluster) -> None:
    """Put 2,000 series of 20 times in the database."""
    with cluster.connect(role="kernenkaart_beheer") as connection:
        connection.execute(REEKS, {"reeksen": REEKSEN, "keren": KEREN})
        connection.execute(TIJDEN, {"keren": KEREN})
        connection.execute("ANALYZE")


def month_ms(served: Served) -> float:
    """Milliseconds for the month of all kernen, asked by one visitor at a time."""
    return _typical_ms(lambda: _get(f"{served.url}/kalender?vorm=maand"))


def feed_ms(cluster: Cluster, served: Served, slug: str) -> float:
    """Milliseconds for the calendar of a kern when something has just changed.

    Who asks has no copy, so it is made from the database each time.
    """
    url = f"{served.url}/kernen/{slug}/kalender.ics"
    with cluster.connect(role="kernenkaart_beheer") as connection:
        connection.autocommit = True
        return _typical_ms(lambda: _get(url), before=lambda: _touch(connection))


def feed_ratio(bare: str, served: Served, slug: str) -> tuple[float, float]:
    """Unchanged calendars a second (304), and that divided by the rate of a bare page."""
    url = f"{served.url}/kernen/{slug}/kalender.ics"
    with urllib.request.urlopen(url) as answer:
        etag = answer.headers["ETag"]
    found = [(rate(bare), rate(url, f"If-None-Match: {etag}")) for _ in range(ROUNDS + 1)][1:]
    return statistics.median(per_s for _, per_s in found), statistics.median(
        per_s / base for base, per_s in found
    )


def import_s(served: Served) -> float:
    """Seconds to read a calendar of 1,000 entries and to take it over."""
    names = {name: value for name, value in served.environ.items() if "KERNENKAART" in name}
    app = create_app(Settings.from_env(names))
    data = _calendar()
    with app.app_context():
        session = db.session()
        platform = session.scalars(select(Platform).order_by(Platform.id)).first()
        soort_id = session.scalars(select(ActiviteitSoort.id)).first()
        assert platform
        assert soort_id
        actor = Actor(platform_ids=frozenset({platform.id}))
        gegevens = services.BronGegevens("Meting", "", soort_id, platform.kernen[0].id)
        begun = time.monotonic()
        inhoud = read_agenda(data, today())
        bron = services.add_bron(session, actor, platform.id, gegevens, inhoud=inhoud, nu=now())
        services.begin_take_over(session, actor, bron.id, {})
        session.commit()
        neem_over(bron.id)
        return time.monotonic() - begun


def _calendar() -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//meting//NL"]
    for number in range(INVOER):
        dag = today() + timedelta(days=1 + number % 365)
        lines += [
            "BEGIN:VEVENT", f"UID:meting-{number}", "DTSTAMP:20260101T000000Z",
            f"DTSTART;TZID=Europe/Amsterdam:{dag:%Y%m%d}T{8 + number % 12:02}0000",
            "DURATION:PT1H", f"SUMMARY:Ingelezen nummer {number}", "END:VEVENT",
        ]  # fmt: skip
    return ("\r\n".join([*lines, "END:VCALENDAR"]) + "\r\n").encode()


def _touch(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    connection.execute(AANRAKEN)


def _get(url: str) -> None:
    with urllib.request.urlopen(url) as answer:
        answer.read()


def _typical_ms(ask: Callable[[], None], before: Callable[[], None] = lambda: None) -> float:
    """The median of some tries; the first ones, that warm up, are left out."""
    found = []
    for _ in range(KEER):
        before()
        begun = time.monotonic()
        ask()
        found.append(1000 * (time.monotonic() - begun))
    return statistics.median(found[OPWARMEN:])
