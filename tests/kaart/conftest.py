"""A geocoder that asks a server of the test."""

from collections.abc import Iterator

import pytest

from kernenkaart.kaart.geocoder import Geocoder
from tests.kaart.stubs import Stub, serve


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serve() as running:
        yield running


@pytest.fixture
def geocoder(stub: Stub) -> Geocoder:
    return Geocoder(stub.url, "GM1960", 0.4)
