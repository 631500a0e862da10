"""Every page, for every kind of visitor, narrow and wide: axe finds nothing, nothing scrolls
sideways, no other host is asked, the policy is never broken."""

import uuid
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, Response, expect

from kernenkaart.demo.inlog import DOMEIN, WACHTWOORD
from tests.browser.conftest import log_in, watched
from tests.browser.gedaan import GEDAAN, send
from tests.browser.paginas import (
    BESTAND,
    FOUT,
    GEEN_PAGINA,
    MET_TWEEDE_STAP,
    OPEN,
    VAN,
    VERSTUURD,
    find_plekken,
)
from tests.browser.test_plaatsen import in_sql
from tests.served import Served, free_port, serve

BREEDTES = (320, 1280)
REGELS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
KEUR = """async ([vak, regels]) => (await axe.run(vak, regels)).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" ")}`
)"""
# names on the map lie over lines and beyond its edge, where axe cannot tell what is behind them;
# their contrast with every ground was computed when the colours were chosen
VAK = {"exclude": [[".kk-kernnaam"]]}
GEREED = """async () => {
    await document.fonts.ready;
    if (document.querySelector("[data-kaart]")?.clientWidth) await KK.kaart;
    await new Promise(requestAnimationFrame);
}"""


@pytest.fixture(params=list(VAN))
def visitor(
    request: pytest.FixtureRequest, browser: Browser, served: Served
) -> Iterator[tuple[Page, str]]:
    rol: str = request.param
    context = browser.new_context(base_url=served.url, reduced_motion="reduce")
    page = watched(context.new_page())
    if rol != "bezoeker":
        log_in(page, rol)
    yield page, rol
    context.close()


def pick(address: str, among: int) -> int:
    """A number below ``among`` that is always the same for an address."""
    return zlib.crc32(address.encode()) % among


def look(page: Page, *, alles: bool = True) -> Iterator[str]:
    """What is wrong with the page as it stands, narrow and wide.

    Args:
        alles: let axe look at both widths; else at one of both, always the same for an address.
    """
    page.evaluate(Axe().axe_script)
    gekozen = BREEDTES[pick(urlsplit(page.url).path, len(BREEDTES))]
    for breedte in BREEDTES:
        page.set_viewport_size({"width": breedte, "height": 800})
        page.evaluate(GEREED)
        where = f"{page.url} at {breedte}"
        if alles or breedte == gekozen:
            for violation in page.evaluate(KEUR, [VAK, REGELS]):
                yield f"{where}: {violation}"
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield f"{where}: scrolls sideways"


def visit(page: Page, url: str, status: int = 200, *, alles: bool = True) -> Iterator[str]:
    """Open a page; what is wrong with it, and if it is not the page or the answer we wanted."""
    page.goto("about:blank")  # a map that is made narrow and left at once would hold up the leaving
    page.set_viewport_size({"width": BREEDTES[0], "height": 800})
    answer = page.goto(url)
    if answer is None or answer.status != status or urlsplit(page.url).path != urlsplit(url).path:
        yield f"{url}: leads to {page.url}, {answer and answer.status}"
    yield from look(page, alles=alles)


@pytest.mark.parametrize(
    "alles", [False, pytest.param(True, marks=pytest.mark.volledig)], ids=["steekproef", "alles"]
)
def test_axe_finds_nothing_on_any_page(
    visitor: tuple[Page, str], served: Served, *, alles: bool
) -> None:
    page, rol = visitor
    plekken = find_plekken(served)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # it wraps no built-in
    wrong: list[str] = []

    # of what one only looks at a quarter: tests/browser/test_vijandig.py opens all of it
    for address in (a for a in VAN[rol] if alles or pick(a, 4) == 1):
        wrong += visit(page, address.format(**plekken), alles=alles)
    for address, status in FOUT.get(rol, ()):
        wrong += visit(page, address, status, alles=alles)
    for address, status in VERSTUURD[rol]:
        page.goto(address.format(**plekken))
        if (found := send(page)).status != status:
            wrong.append(f"{page.url} is sent and answers {found.status}")
        wrong += look(page, alles=alles)
    for gedaan in GEDAAN.get(rol, ()):
        page.goto(gedaan.adres.format(**plekken))
        gedaan.doe(page)
        wrong += look(page, alles=alles)

    assert wrong == [], "\n".join(wrong)
    assert {urlsplit(answer.url).netloc for answer in answers} == {urlsplit(served.url).netloc}
    assert faults_of(page, answers) == []


def faults_of(page: Page, answers: list[Response]) -> list[str]:
    """Errors of scripts, breaches of the policy, and whatever of a page did not come."""
    told = [fault for fault in page.faults if "Failed to load resource" not in fault]  # type: ignore[attr-defined]
    return told + [
        f"{answer.url}: {answer.status}"
        for answer in answers
        if answer.status >= 400 and answer.request.resource_type != "document"
    ]


def test_axe_finds_nothing_where_a_second_step_is_asked(page: Page, served: Served) -> None:
    geheim = pyotp.random_base32()
    in_sql(
        served,
        "INSERT INTO gebruiker (naam, email, rol, password, totp_secret, active, demo)"
        f" SELECT 'Twee Stappen', 'twee@{DOMEIN}', rol, password, '{geheim}', true, true"
        f" FROM gebruiker WHERE email = 'platformlid@{DOMEIN}'",
    )
    page.goto("/inloggen")
    page.fill("[name=email]", f"twee@{DOMEIN}")
    page.fill("[type=password]", WACHTWOORD)
    send(page)
    code, *rest = MET_TWEEDE_STAP
    wrong = [*visit(page, code)]
    assert send(page).status == 422
    wrong += look(page)
    page.fill("[name=code]", pyotp.TOTP(geheim).now())
    send(page)

    for address in ("/account", *rest):
        wrong += visit(page, address)
    page.goto("/account/herstelcodes")
    assert send(page).status == 422
    wrong += look(page)
    page.fill("[type=password]", WACHTWOORD)
    send(page)
    expect(page.locator(".kk-codes li")).to_have_count(10)
    wrong += look(page)

    assert wrong == [], "\n".join(wrong)


def test_axe_finds_nothing_in_the_map_file_of_a_kern(page: Page, tmp_path: Path) -> None:
    bestand = tmp_path / "kaart.html"
    bestand.write_bytes(page.context.request.get(BESTAND).body())
    page.goto(bestand.as_uri())

    assert [*look(page)] == []


def test_axe_finds_nothing_when_the_database_is_away(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    nergens = f"postgresql+psycopg://kernenkaart_app@127.0.0.1:{free_port()}/weg"
    with serve(served.environ | {"KERNENKAART_DATABASE_URL": nergens}, tmp_path) as running:
        context = browser.new_context(base_url=running.url, reduced_motion="reduce")
        wrong = [*visit(watched(context.new_page()), "/kernen", 503)]
        context.close()

    assert wrong == []


class Ingevuld(dict[str, str]):
    """Anything between braces, as an address that leads somewhere."""

    def __missing__(self, naam: str) -> str:
        return str(uuid.UUID(int=0)) if naam == "gebruiker" else "1"


def test_axe_looks_at_every_route_that_answers_with_a_page(app: Flask) -> None:
    adapter = app.url_map.bind("")
    addresses = {BESTAND, *MET_TWEEDE_STAP, *chain(*VAN.values())}

    seen = {
        str(adapter.match(urlsplit(address.format_map(Ingevuld())).path, return_rule=True)[0])
        for address in addresses
    }

    found = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    missing, gone = found - seen - set(GEEN_PAGINA), set(GEEN_PAGINA) - (found - seen)
    assert not missing, f"pages without axe, add them to paginas.py: {sorted(missing)}"
    assert not gone, f"no route, or looked at: {sorted(gone)}"
    assert seen - found == set()


def test_who_does_not_log_in_gets_no_cookie(page: Page, served: Served) -> None:
    plekken = find_plekken(served)
    for address in OPEN:
        if not address.startswith(("/inloggen", "/wachtwoord")):
            page.goto(address.format(**plekken))

    assert page.context.cookies() == []
