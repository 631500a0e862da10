"""A hundred thousand works come in within the memory of a small server."""

import gzip
import resource

import pytest
from flask import Flask
from shapely.geometry import LineString
from sqlalchemy.orm import Session

from tests.conftest import ClientFactory
from tests.factories import X, Y
from tests.werkbronnen.bronnen import add_file, feature, geojson, take

AANTAL = 100_000
GEHEUGEN_MB = 500


@pytest.mark.volledig
def test_a_hundred_thousand_works_stay_under_500_mb(
    app: Flask, session: Session, client: ClientFactory
) -> None:
    lijn = LineString([(X + 100, Y + 100), (X + 130, Y + 105)])
    een = feature(lijn, omschrijving="We vervangen kabels en leidingen. " * 3)
    regel = geojson(een).decode().removeprefix('{"type": "FeatureCollection", "features": [')
    regel = regel.removesuffix("]}").replace('"W1"', '"W%d"')
    lijst = ",".join(regel.replace("%d", str(n)) for n in range(AANTAL))
    heel = f'{{"type": "FeatureCollection", "features": [{lijst}]}}'
    inhoud = gzip.compress(heel.encode(), 1)  # as such files travel
    del lijst, heel

    bron = take(app, session, add_file(app, session, inhoud))

    assert bron.verslag is not None
    assert bron.verslag["nieuw"] == AANTAL
    for wie in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        assert resource.getrusage(wie).ru_maxrss < GEHEUGEN_MB * 1024
