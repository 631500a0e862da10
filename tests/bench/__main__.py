"""``make bench``: what the kernenkaart costs, beside others in the same run.

Pages beside a bare Flask page; tiles and the API beside pgbench and tipg. Writes the tables of
docs/metingen.md to the screen; ``--schrijf`` puts them in that file.
"""

import argparse
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from kernenkaart.config import ROOT
from kernenkaart.embedded import BEHEER, Cluster
from kernenkaart.migrations.commands import upgrade
from kernenkaart.tijd import format_dag, today
from tests.bench.afstemming import MATEN, WIOR, country_app, make_country, save_ms, wior_s
from tests.bench.bezoek import first_and_second, on_desk, pan_p95_ms
from tests.bench.cache import cached_ratio
from tests.bench.kalender import (
    KEREN,
    REEKSEN,
    feed_ms,
    feed_ratio,
    fill_series,
    import_s,
    month_ms,
)
from tests.bench.last import bare_server, pss_mb, ratios
from tests.bench.open_data import fullest_tiles, measure, places
from tests.bench.servers import beside_gunicorn
from tests.bench.tabel import (
    map_row,
    memory_rows,
    open_table,
    question_rows,
    server_rows,
    tile_rows,
)
from tests.bench.vulling import fill
from tests.served import Served, environment, find_chromium, prepare, serve
from tests.werkbronnen.groot import take_over_twice

WORKERS = 2
VEEL = 50_000
KAART_DRUK = 5_000
PLANNING = 100_000
SERVER_VRAGEN = ("tegels z12–14", "één ding")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


class Report:
    """Rows of a Markdown table: what, measured, at least or at most, and whether that holds."""

    def __init__(self) -> None:
        self.rows: list[str] = []

    def add(self, what: str, found: float | None, limit: float, *, least: bool, unit: str) -> None:
        """One figure against its limit."""
        holds = found is not None and (found >= limit if least else found <= limit)
        word = "minstens" if least else "hoogstens"
        shown = "niet gezien" if found is None else f"{found:g} {unit}".strip()
        self.rows.append(
            f"| {what} | {shown} | {word} {limit:g} {unit} | {'ja' if holds else '**nee**'} |"
        )
        print(self.rows[-1], flush=True)

    def text(self) -> str:
        """The whole table."""
        head = "| wat | gemeten | eis | gehaald |\n|---|---|---|---|\n"
        return head + "\n".join(self.rows) + "\n"


def warm(served: Served) -> None:
    """Ask a few pages of every worker, as the day's first visitors did."""
    for _ in range(8):
        for path in ("/", "/#kaart", "/kernen/tricht"):
            with urllib.request.urlopen(served.url + path, timeout=60) as answer:
                answer.read()


def measure_server(report: Report, served: Served, name: str) -> None:
    """Rates and memory with what is in the database now."""
    with bare_server(WORKERS) as bare:
        found = ratios(bare, {"kaart": served.url + "/", "kern": served.url + "/kernen/tricht"})
    report.add(f"kaartpagina, {name}", round(found["kaart"], 3), 0.08, least=True, unit="× kaal")
    report.add(f"kernpagina, {name}", round(found["kern"], 3), 0.05, least=True, unit="× kaal")
    report.add(
        f"geheugen van {WORKERS} webprocessen (PSS), {name}",
        round(pss_mb(served.process.pid)), 300, least=False, unit="MB",
    )  # fmt: skip


def measure_cache(report: Report, served: Served, folder: Path) -> None:
    """A tile out of the cache of nginx."""
    found, kb = cached_ratio(served, folder)
    what = f"tegel van {kb:.0f} kB, bewaard door nginx"
    report.add(what, round(found, 2), 0.8, least=True, unit="× een bestand van nginx")


def measure_phone(report: Report, browser: Browser, served: Served) -> None:
    """A first and a second visit on a slow phone."""
    first, second = first_and_second(browser, served.url + "/")
    report.add("eerste bezoek, over de lijn", first.kb, 180, least=False, unit="kB")
    report.add("eerste bezoek, waarvan JavaScript", first.js_kb, 100, least=False, unit="kB")
    report.add("eerste bezoek, verzoeken", first.verzoeken, 20, least=False, unit="")
    report.add("eerste bezoek, eerste beeld", first.fcp_ms, 2000, least=False, unit="ms")
    report.add("eerste bezoek, lijst leesbaar", first.lijst_ms, 2000, least=False, unit="ms")
    report.add("eerste bezoek, draad bezet", first.tbt_ms, 300, least=False, unit="ms")
    report.add("tweede bezoek, over de lijn", second.kb, 15, least=False, unit="kB")
    report.add("tweede bezoek, lijst leesbaar", second.lijst_ms, 2000, least=False, unit="ms")
    # on a phone the map comes on request; this visit asks for it in the address
    first, _ = first_and_second(browser, served.url + "/#kaart")
    report.add("eerste dingen op de kaart", first.ding_ms, 4000, least=False, unit="ms")


def measure_crowd(report: Report, browser: Browser, served: Served) -> None:
    """Panning with many things, on a desk."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(served.url + "/?wanneer=alles")
    page.wait_for_selector(".leaflet-marker-pane > *")
    report.add("slepen, p95 per beeld", pan_p95_ms(page), 34, least=False, unit="ms")
    dom = page.evaluate("document.getElementsByTagName('*').length")
    report.add("DOM-knopen", dom, 3000, least=False, unit="")
    page.close()


def measure_calendar(report: Report, cluster: Cluster, served: Served) -> None:
    """The calendar with 50,000 activities, of which 2,000 series."""
    fill(cluster, VEEL - REEKSEN * KEREN)
    fill_series(cluster)
    ms = round(month_ms(served))
    report.add("maand van alle kernen", ms, 50, least=False, unit="ms")
    ms = round(feed_ms(cluster, served, "tricht"))
    report.add("kalender.ics van een kern, net veranderd", ms, 50, least=False, unit="ms")
    with bare_server(WORKERS) as bare:
        per_s, ratio = feed_ratio(bare, served, "tricht")
    what = f"kalender.ics, niets veranderd (304), {ratio:.2f} × kaal"
    report.add(what, round(per_s), 1000, least=True, unit="per s")
    seconds = round(import_s(served), 1)
    report.add("agenda van 1.000 regels inlezen", seconds, 5, least=False, unit="s")


@contextmanager
def running(folder: Path) -> Iterator[tuple[Cluster, Served]]:
    """A cluster of its own and a served copy with two workers."""
    with Cluster.tijdelijk() as cluster:
        environ = environment(cluster, "kernenkaart", folder / "cache")
        prepare(environ)
        with serve(environ, folder, workers=WORKERS) as served:
            yield cluster, served


def main(argv: list[str]) -> int:
    """Measure all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schrijf", action="store_true", help="zet het in docs/metingen.md")
    parser.add_argument(
        "--deel", choices=("bezoek", "kalender", "open", "afstemming"), help="alleen dit deel"
    )
    parser.add_argument("--maat", choices=("S", "L"), action="append", help="alleen deze gegevens")
    parser.add_argument("--cluster", type=Path, help="bewaar de gegevens van tegels en API hier")
    arguments = parser.parse_args(argv)
    tables = {}
    if arguments.deel in (None, "bezoek"):
        tables["tabel"] = measure_visits().text()
    if arguments.deel in (None, "kalender"):
        tables["kalender"] = measure_calendars().text()
    if arguments.deel in (None, "afstemming"):
        tables["afstemming"] = measure_matching().text()
    if arguments.deel in (None, "open"):
        tables["open"] = measure_open(arguments.maat or ["S", "L"], arguments.cluster)
        print(tables["open"])
    if arguments.schrijf:
        for name, table in tables.items():
            write(name, table)
    return 0


def measure_open(maten: list[str], map_: Path | None) -> str:
    """Tiles and the API, as a table.

    Args:
        map_: folder of a cluster whose data are kept for a next time; None makes and forgets them.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if map_ is None:
            cluster = stack.enter_context(Cluster.tijdelijk())
        else:
            cluster = Cluster(map_, durable=False)
            stack.callback(cluster.stop)
            cluster.ensure_running()
        found = stack.enter_context(places(cluster, maten, folder))
        memory: dict[str, list[float]] = {}
        uitslagen = measure(cluster, found, folder / "vragen", memory)
        rows = [*question_rows(uitslagen), *memory_rows(memory)]
        eerste = found[0]
        paden = {u.vragen.wat: u.ons_paden for u in uitslagen if u.maat == eerste.maat}
        gekozen = {wat: paden[wat] for wat in SERVER_VRAGEN}
        rows += server_rows(eerste.maat, beside_gunicorn(eerste.served, gekozen, WORKERS))
        if "L" in maten:
            rows += tile_rows(fullest_tiles(cluster, found[-1], folder))
            browser = stack.enter_context(chromium())
            rows.append(map_row(*on_desk(browser, f"{found[-1].served.url}/landelijk")))
        return open_table(rows)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


def measure_visits() -> Report:
    """Pages, on a phone and from a server, with the demo and with many activities."""
    report = Report()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as (cluster, served),
        chromium() as browser,
    ):
        warm(served)
        measure_phone(report, browser, served)
        measure_server(report, served, "voorbeeldgegevens")
        fill(cluster, KAART_DRUK)
        measure_crowd(report, browser, served)
        fill(cluster, VEEL)
        measure_server(report, served, "50.000 activiteiten")
        measure_cache(report, served, Path(folder))
    return report


def measure_calendars() -> Report:
    """What the calendar costs."""
    report = Report()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as (cluster, served),
    ):
        warm(served)
        measure_calendar(report, cluster, served)
    return report


def measure_matching() -> Report:
    """What it costs that each saved work is compared with all that is near."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder, Cluster.tijdelijk() as cluster:
        app, settings = country_app(cluster, Path(folder))
        eerste = 0.0
        for werken in MATEN:
            make_country(settings, werken)
            found = save_ms(app)
            eerste = eerste or found.p50_ms
            aantal = f"{werken:,}".replace(",", ".")
            what = f"een van {aantal} werken bewaren en vergelijken, p95 (midden "
            what += f"{found.p50_ms:.0f} ms: {found.maal_kaal:.1f} × zonder vergelijken, "
            what += f"{found.p50_ms / eerste:.1f} × die van {MATEN[0] // 1000}.000; "
            what += f"{found.paren:.1f} paren per werk)"
            report.add(what, round(found.p95_ms), 100, least=False, unit="ms")
        if WIOR.exists():
            seconds, werken, paren = wior_s(cluster, Path(folder))
            what = f"{werken} echte werken overnemen en hun {paren} paren vinden"
            report.add(what, round(seconds, 1), 30, least=False, unit="s")
        measure_planning(report, cluster, Path(folder))
    return report


def measure_planning(report: Report, cluster: Cluster, folder: Path) -> None:
    """A planning of 100,000 works, taken over behind the scenes; and once more the same."""
    cluster.create_database("planning")
    upgrade(cluster.url(BEHEER, "planning"))
    first, second = take_over_twice(cluster, "planning", folder, PLANNING)
    what = f"een planning van 100.000 werken lezen, wegen en overnemen ({first.stappen})"
    report.add(what, round(first.overnemen_s), 600, least=False, unit="s")
    what = f"hun {first.paren} paren en {first.botsingen} botsingen, daarna nog"
    report.add(what, round(first.seconden["nakijken"]), 600, least=False, unit="s")
    report.add(
        f"dezelfde planning nog eens ({second.verslag['gelijk']} gelijk gebleven)",
        round(second.overnemen_s), 600, least=False, unit="s",
    )  # fmt: skip
    for naam, mb in first.geheugen_mb.items():
        report.add(f"geheugen daarbij, {naam}", round(mb), 500, least=False, unit="MB")


def write(name: str, table: str) -> None:
    """Replace the table between the marks of this name in docs/metingen.md."""
    path = ROOT / "docs" / "metingen.md"
    before, rest = path.read_text(encoding="utf-8").split(f"<!-- {name} -->", 1)
    _, after = rest.split(f"<!-- /{name} -->", 1)
    path.write_text(
        f"{before}<!-- {name} -->\n\nGemeten op {format_dag(today())} {today().year}.\n\n"
        f"{table}\n<!-- /{name} -->{after}",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
