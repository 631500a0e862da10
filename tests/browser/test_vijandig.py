"""Hostile text, straight into the database: every page shows it as text, and none obeys it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DataError, IntegrityError

from kernenkaart.embedded import Cluster
from tests.browser.conftest import log_in, watched
from tests.browser.paginas import VAN, find_plekken
from tests.browser.test_toegankelijk import GEREED
from tests.served import Served, environment, serve

SOM = "7006652"  # what a template makes of the sums below
TEKSTEN = (
    "<script>alert(1)</script>",
    '"><script>alert(2)</script>',
    "</script><script>alert(3)</script>",
    "</title><script>alert(4)</script>",
    "</textarea><script>alert(5)</script>",
    '"><img src=x onerror=alert(6)>',
    "'><img src=x onerror='alert(7)'>",
    "<img src=x onerror=alert(8)//",
    "<svg/onload=alert(9)>",
    "<svg><use href=data:,x onload=alert(10)></svg>",
    "<iframe srcdoc='<script>alert(11)</script>'>",
    '" onmouseover="alert(12)" x="',
    "' onfocus='alert(13)' autofocus='",
    "javascript:alert(14)",
    "JaVaScRiPt:alert(15)//https://",
    "<a href=javascript:alert(16)>hier</a>",
    "<math><mi xlink:href='javascript:alert(17)'>",
    "<style>*{display:none}</style>",
    "<base href=//voorbeeld.invalid/>",
    "<form action=//voorbeeld.invalid><button>",
    "<meta http-equiv=refresh content=0>",
    "<!-- <b>weg</b>",
    "-->]]><b>vet</b>",
    "{{1234*5678}}",
    "{% print(1234*5678) %}",
    "{# weg #} {{config}}",
    "${1234*5678}",
    "#{1234*5678} <%= 1234*5678 %>",
    "`${alert(18)}` \\u003cb\\u003e",
    "\\'; alert(19); //",
    "&lt;b&gt; &#60;script&#62;",
    "\u202egnirtserof\u202c \u200frtl\u200e",
    "%s %(naam)s {0} {naam!r}",
    "' OR 1=1; DROP TABLE kern; --",
)
TABELLEN = (
    "abonnement", "activiteit", "activiteit_soort", "doelgroep", "gebied", "hinderregel",
    "initiatief", "initiatief_soort", "beeld", "inzending", "kern", "label", "organisatie",
    "organisatie_soort", "platform", "platform_soort", "project", "project_fase", "project_soort",
    "spreekuur", "werkzaamheid", "werkzaamheid_fase", "werkzaamheid_soort", "gebruiker", "zaal",
    "kalenderbron", "startcheck", "startcheck_groep", "startcheck_vrijstelling", "bronitem",
    "koppelkans", "koppelbesluit", "werkbron", "werkbron_rij", "werkbronitem", "botsing_voorstel",
    "wegvak",
)  # fmt: skip
GEEN_TEKST = {"code", "lijst", "slug", "email", "password", "totp_secret"}  # what the app reads
KOLOMMEN = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = ANY(:tabellen)
    AND data_type IN ('character varying', 'text') AND is_generated = 'NEVER'
ORDER BY 1, 2"""
GEHOORZAAMD = (  # elements and attributes that only a text that was obeyed can have made
    "document.querySelectorAll('img[src=x], iframe:not(.kk-voorbeeldvak),"
    " base, math, meta[http-equiv=refresh],"
    " [onerror], [onload], [onmouseover], [onfocus], [action*=voorbeeld],"
    ' [href^="javascript:" i]\').length'
)


def fill(connection: Connection) -> int:
    """Put the texts in every column that takes them; how many columns did."""
    filled = 0
    columns = connection.execute(text(KOLOMMEN), {"tabellen": list(TABELLEN)}).all()
    for tabel, kolom in columns:
        if kolom in GEEN_TEKST:
            continue
        with suppress(IntegrityError, DataError), connection.begin_nested():
            connection.execute(
                text(
                    f"WITH rij AS (SELECT ctid AS r, row_number() OVER (ORDER BY ctid) AS n"
                    f' FROM "{tabel}") UPDATE "{tabel}" SET "{kolom}" ='
                    f" (CAST(:teksten AS text[]))[1 + (n + {filled} * 7) % :aantal]"
                    f" || ' ' || n FROM rij WHERE \"{tabel}\".ctid = rij.r"
                ),
                {"teksten": list(TEKSTEN), "aantal": len(TEKSTEN)},
            )
            filled += 1
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(text("UPDATE platform SET website = 'javascript:alert(20)'"))
    return filled


@pytest.fixture(scope="module")
def hostile(
    cluster: Cluster, gevuld: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A served copy in which everything one reads is hostile."""
    folder = tmp_path_factory.mktemp("vijandig")
    cluster.create_database("vijandig", template=gevuld)
    environ = environment(cluster, "vijandig", folder / "cache")
    engine = create_engine(environ["KERNENKAART_BEHEER_URL"])
    with engine.begin() as connection:
        assert fill(connection) > 40
    engine.dispose()
    with serve(environ, folder) as running:
        yield running


@pytest.fixture(params=list(VAN))
def visitor(
    request: pytest.FixtureRequest, browser: Browser, hostile: Served
) -> Iterator[tuple[Page, str]]:
    rol: str = request.param
    context = browser.new_context(base_url=hostile.url, accept_downloads=True)
    page = watched(context.new_page())
    if rol != "bezoeker":
        log_in(page, rol)
    yield page, rol
    context.close()


def seen(page: Page, where: str, wrong: list[str]) -> str:
    """The text of the page as a reader sees it; adds what is wrong with it."""
    shown = page.locator("body").inner_text()
    if SOM in page.content():
        wrong.append(f"{where}: works out a sum")
    if found := page.evaluate(GEHOORZAAMD):
        wrong.append(f"{where}: obeys a text {found} times")
    return shown


def test_no_page_obeys_a_text(visitor: tuple[Page, str], hostile: Served, tmp_path: Path) -> None:
    page, rol = visitor
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    wrong: list[str] = []
    shown = ""

    plekken = find_plekken(hostile)
    for address in VAN[rol]:
        url = address.format(**plekken)
        answer = page.goto(url)
        assert answer is not None
        if answer.status >= 500:
            wrong.append(f"{url}: {answer.status}")
        page.evaluate(GEREED)
        shown += seen(page, url, wrong)
    if rol == "bezoeker":
        shown += on_the_map(page, wrong)
        shown += from_disk(page, wrong, tmp_path)

    faults = [fault for fault in page.faults if "404" not in fault]  # type: ignore[attr-defined]
    assert wrong == [], "\n".join(wrong)
    assert (dialogs, faults) == ([], [])
    if rol == "bezoeker":
        assert [tekst for tekst in TEKSTEN if tekst not in shown] == []
    else:
        assert "{{1234*5678}}" in shown


def on_the_map(page: Page, wrong: list[str]) -> str:
    """Everything the lists and the map have, and the card of one thing."""
    shown = ""
    for laag in ("activiteiten", "werkzaamheden", "projecten", "initiatieven"):
        page.goto(f"/?wanneer=alles&laag={laag}&aantal=100")
        page.evaluate(GEREED)
        page.locator("[data-kies]:not([data-kies=''])").first.click()
        page.locator(".kk-onderkaart").wait_for()
        page.locator(".kk-speldvak").first.hover()
        shown += seen(page, page.url, wrong)
    return shown


def from_disk(page: Page, wrong: list[str], folder: Path) -> str:
    """The map file of a kern, opened as its reader does."""
    bestand = folder / "kaart.html"
    bestand.write_bytes(page.context.request.get("/kernen/tricht/kaart.html").body())
    page.goto(bestand.as_uri())
    page.evaluate(GEREED)
    return seen(page, "kaart.html", wrong)
