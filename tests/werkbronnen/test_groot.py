"""A hundred thousand works come in within the memory of a small server."""

import gzip
import json
import random
import resource

import pytest
from flask import Flask
from shapely.geometry import LineString
from sqlalchemy.orm import Session

from tests.conftest import ClientFactory
from tests.factories import X, Y
from tests.werkbronnen.bronnen import add_file, feature, take

AANTAL = 100_000
GEHEUGEN_MB = 500


@pytest.mark.volledig
def test_a_hundred_thousand_works_stay_under_500_mb(
    app: Flask, session: Session, client: ClientFactory
) -> None:
    kans = random.Random(5)

    def een(nummer: int) -> str:
        x, y = X + kans.uniform(0, 900), Y + kans.uniform(0, 900)
        lijn = LineString([(x, y), (x + 30, y + 5), (x + 60, y)])
        tekst = f"We vervangen kabels en leidingen, opdracht {kans.getrandbits(256):x}."
        return json.dumps(feature(lijn, id=f"W{nummer}", omschrijving=tekst))

    lijst = ",".join(map(een, range(AANTAL)))
    heel = f'{{"type": "FeatureCollection", "features": [{lijst}]}}'
    inhoud = gzip.compress(heel.encode(), 1)  # as such files travel
    del lijst, heel

    bron = take(app, session, add_file(app, session, inhoud))

    assert bron.verslag is not None
    assert bron.verslag["nieuw"] == AANTAL
    for wie in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        assert resource.getrusage(wie).ru_maxrss < GEHEUGEN_MB * 1024
