"""Every page, for every kind of visitor, narrow and wide: axe finds nothing, nothing scrolls
sideways, no other host is asked, the policy is never broken."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import log_in, watched
from tests.served import Served

BREEDTES = (320, 1280)
REGELS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# names on the map lie over lines and beyond its edge, where axe cannot tell what is behind them;
# their contrast with every ground was computed when the colours were chosen
VAK = {"exclude": [[".kk-kernnaam"]]}
GEREED = """async () => {
    await document.fonts.ready;
    if (document.querySelector("[data-kaart]")?.clientWidth) await KK.kaart;
    await new Promise(requestAnimationFrame);
}"""
OPEN = (
    "/",
    "/?kern=tricht",
    "/?gekozen=werkzaamheid-{werkzaamheid}#kaart",
    "/?q=Dorpsstraat&kern=heesselt",
    "/kernen",
    "/kernen/tricht",
    "/kernen/heesselt",
    "/activiteiten",
    "/activiteiten/{activiteit}",
    "/werkzaamheden",
    "/werkzaamheden/{werkzaamheid}",
    "/werkzaamheden/nabij/tricht?afstand=500",
    "/projecten",
    "/projecten/{project}",
    "/initiatieven",
    "/initiatieven/{initiatief}",
    "/doorgeven/activiteiten/{activiteit}",
    "/toegankelijkheid",
    "/privacy",
    "/over",
    "/open-data",
    "/inloggen",
    "/wachtwoord-vergeten",
    "/bestaat-niet",
)
VAN = {
    "bezoeker": OPEN,
    "platformlid": (
        "/mijn",
        "/activiteiten/nieuw",
        "/activiteiten/nieuw/{platform}",
        "/activiteiten/seizoen/{platform}",
        "/initiatieven/nieuw/{platform}",
        "/account",
    ),
    "medewerker": (
        "/mijn",
        "/werkzaamheden",
        "/werkzaamheden/nieuw",
        "/werkzaamheden/{werkzaamheid}",
        "/werkzaamheden/nabij/tricht?afstand=500",
        "/projecten/nieuw",
    ),
    "gebiedsmakelaar": ("/mijn", "/kernen/tricht"),
    "beheerder": (
        "/beheer",
        "/beheer/gebruikers",
        "/beheer/gebruikers/nieuw",
        "/beheer/platforms",
        "/beheer/platforms/{platform}",
        "/beheer/organisaties",
        "/beheer/organisaties/nieuw",
        "/beheer/soorten",
        "/beheer/soorten/activiteiten",
        "/beheer/woorden/werkzaamheid.status",
    ),
}


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


def look(page: Page) -> Iterator[str]:
    """What is wrong with the page as it stands."""
    page.evaluate(GEREED)
    for violation in Axe().run(page, context=VAK, options=REGELS).response["violations"]:
        yield f"{violation['id']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "scrolls sideways"


def test_axe_finds_nothing_on_any_page(visitor: tuple[Page, str], served: Served) -> None:
    page, rol = visitor
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    wrong: list[str] = []

    for address in VAN[rol]:
        url = address.format(**served.examples)
        page.set_viewport_size({"width": BREEDTES[0], "height": 800})
        page.goto(url)
        for breedte in BREEDTES:
            page.set_viewport_size({"width": breedte, "height": 800})
            wrong += [f"{url} at {breedte}: {fault}" for fault in look(page)]

    faults = [fault for fault in page.faults if "404" not in fault]  # type: ignore[attr-defined]
    assert wrong == [], "\n".join(wrong)
    assert faults == []
    assert hosts == {urlsplit(served.url).netloc}


def test_who_does_not_log_in_gets_no_cookie(page: Page, served: Served) -> None:
    for address in OPEN:
        if address not in ("/inloggen", "/wachtwoord-vergeten"):
            page.goto(address.format(**served.examples))

    assert page.context.cookies() == []
