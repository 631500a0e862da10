"""A real browser on a served copy with the 26 kernen and demo content."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from kernenkaart.demo.inlog import DOMEIN, WACHTWOORD
from kernenkaart.embedded import Cluster
from tests.served import Served, environment, find_chromium, serve

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
BREED = {"width": 1280, "height": 800}
SMAL = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def served(
    cluster: Cluster, gevuld: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The application with demo content, for tests that leave it as it was or do not care."""
    folder = tmp_path_factory.mktemp("served")
    cluster.create_database("browser", template=gevuld)
    with serve(environment(cluster, "browser", folder / "cache"), folder) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """A fresh profile: no cookies, no storage."""
    context = browser.new_context(base_url=served.url, viewport=BREED, locale="nl-NL")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab in which an error in a script or a breach of the CSP fails the test."""
    return watched(context.new_page())


def watched(page: Page) -> Page:
    """Make errors of scripts and breaches of the policy fail as soon as they are seen."""
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " e => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))"
    )
    page.faults = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.faults.append(str(error)))  # type: ignore[attr-defined]
    page.on(
        "console",
        lambda message: message.type == "error" and page.faults.append(message.text),  # type: ignore[attr-defined]
    )
    return page


def log_in(page: Page, rol: str) -> None:
    """Log in through the page as the demo account of this role."""
    page.goto("/inloggen")
    page.fill("[name=email]", f"{rol}@{DOMEIN}")
    page.fill("[type=password]", WACHTWOORD)
    page.click("main form [type=submit]")
    page.wait_for_url(lambda url: urlsplit(url).path == "/mijn")


@pytest.fixture
def login(page: Page) -> Callable[[str], Page]:
    """Log in through the page, as one of the demo accounts by role."""

    def as_rol(rol: str) -> Page:
        log_in(page, rol)
        return page

    return as_rol
