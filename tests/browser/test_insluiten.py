"""A kern on the website of the village: in a frame or as a component, there and nowhere else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watched
from tests.served import Served, serve


class Dorpssite(ThreadingHTTPServer):
    """A website of a village: one page, whose content a test fills in."""

    inhoud = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Antwoord(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Dorpssite)
        body = f"<!doctype html><title>Dorp</title>{self.server.inhoud}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def sites() -> Iterator[list[Dorpssite]]:
    """Two websites; only the first may show us."""
    running = [Dorpssite(("127.0.0.1", 0), Antwoord) for _ in range(2)]
    for site in running:
        threading.Thread(target=site.serve_forever, daemon=True).start()
    yield running
    for site in running:
        site.shutdown()
        site.server_close()


@pytest.fixture(scope="module")
def kernenkaart(
    served: Served, sites: list[Dorpssite], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    map_: Path = tmp_path_factory.mktemp("insluiten")
    with serve(served.environ | {"KERNENKAART_INSLUITEN_DOOR": sites[0].url}, map_) as running:
        yield running


@pytest.fixture
def bezoeker(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield watched(context.new_page())
    context.close()


def test_a_frame_shows_the_kern_on_the_website_that_may(
    bezoeker: Page, kernenkaart: Served, sites: list[Dorpssite]
) -> None:
    frame = f'<iframe src="{kernenkaart.url}/insluiten/tricht" title="Agenda"></iframe>'
    sites[0].inhoud = sites[1].inhoud = frame

    bezoeker.goto(sites[0].url)
    expect(bezoeker.frame_locator("iframe").locator(".ki-titel").first).to_be_visible()
    assert bezoeker.context.cookies() == []
    bezoeker.goto(sites[1].url)
    expect(bezoeker.locator("iframe")).to_be_visible()
    bezoeker.wait_for_timeout(500)

    assert bezoeker.frame_locator("iframe").locator(".ki-titel").count() == 0


def test_the_component_shows_the_kern_in_its_own_colour_and_leaves_no_cookie(
    bezoeker: Page, kernenkaart: Served, sites: list[Dorpssite]
) -> None:
    sites[1].inhoud = (
        f'<script type="module" src="{kernenkaart.url}/insluiten/kernen-kaart.js"></script>'
        '<kernen-kaart kern="tricht" vorm="kaart" kleur="a31b12"></kernen-kaart>'
        '<kernen-kaart kern="bestaat-niet"></kernen-kaart>'
    )

    bezoeker.goto(sites[1].url)

    kaart, fout = (bezoeker.locator("kernen-kaart").nth(nummer) for nummer in (0, 1))
    link = kaart.locator(".ki-titel a").first
    expect(link).to_be_visible()
    expect(link).to_have_css("color", "rgb(163, 27, 18)")
    expect(fout.locator("a")).to_have_text("Bekijk de kalender op de kernenkaart")
    assert bezoeker.context.cookies() == []
