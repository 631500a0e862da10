"""What tests of the open API share: asking, and a world with one thing of everything."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from shapely.geometry import LineString
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kernenkaart.kernen.models import Kern
from kernenkaart.ogc import views
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_initiatief,
    make_kern,
    make_platform,
    make_project,
    make_werkzaamheid,
)

Ask = Callable[..., TestResponse]
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
RD = f"{EPSG}28992"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Versions of the data are rolled back after a test, so nothing may be kept by version."""
    views._bereiken._bekend.clear()
    yield
    views._bereiken._bekend.clear()


@pytest.fixture
def ask(client: ClientFactory) -> Ask:
    """``ask("/collections", f="html")`` gets it below the root of the API, as a visitor."""

    def get(pad: str = "", headers: dict[str, str] | None = None, **vraag: Any) -> TestResponse:
        query = urlencode({naam.rstrip("_").replace("_", "-"): w for naam, w in vraag.items()})
        return client().get(f"/api/v1{pad}" + (f"?{query}" if query else ""), headers=headers)

    return get


@dataclass(frozen=True)
class Wereld:
    """A kern and works on a line east of it: ``werken[n]`` begins n × 100 m past its edge."""

    kern: Kern
    werken: tuple[int, ...]


@pytest.fixture
def wereld(session: Session) -> Wereld:
    """One published thing of each layer in one kern, and works ever further away from it."""
    kern = make_kern(session, naam="Tricht", slug="tricht")
    platform = make_platform(session, kernen=[kern])
    make_activiteit(session, platform=platform, titel="Boekenmarkt")
    make_project(session, geom=kern.hart.buffer(20))
    make_initiatief(session, platform=platform)
    _, _, oost, noord = kern.grens.bounds
    lijnen = [
        LineString([(oost + 100 * n, noord - 50), (oost + 100 * n + 10, noord - 50)])
        for n in range(8)
    ]
    werken = (make_werkzaamheid(session, geom=one, hinder_geom=one.buffer(5)) for one in lijnen)
    return Wereld(kern, tuple(werk.id for werk in werken))


def ids(response: TestResponse) -> list[int]:
    """The keys of the things in an answer, in its order."""
    assert response.status_code == 200, response.text
    return [ding["id"] for ding in response.json["features"]]


def follow(ask: Ask, response: TestResponse) -> TestResponse | None:
    """The next page; None after the last."""
    volgende = [link["href"] for link in response.json["links"] if link["rel"] == "next"]
    if not volgende:
        return None
    return ask(volgende[0].split("/api/v1", 1)[1])
