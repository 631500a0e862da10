"""A made network of a whole municipality: each lane of which the only way in closes is found."""

import random

import pytest
from shapely.geometry import LineString, Point
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from kernenkaart.afstemming.botsing_models import Botsing, Klasse
from kernenkaart.afstemming.vuil import AfstemVuil
from tests.afstemming.botsingen import make_feest, make_werk
from tests.factories import X, Y, make_platform

# 158 by 158 crossings, 100 m apart: 49,612 pieces in 250 km2; from every tenth crossing a lane with
# one way in lies slantwise between the streets
RASTER = """
INSERT INTO wegvak (van_knoop, naar_knoop, lengte_m, geom)
SELECT i * 200 + j, (i + di) * 200 + j + 1 - di, 100, ST_SetSRID(ST_MakeLine(
    ST_Point(:x + i * 100, :y + j * 100),
    ST_Point(:x + (i + di) * 100, :y + (j + 1 - di) * 100)), 28992)
FROM generate_series(0, 157) i, generate_series(0, 157) j, generate_series(0, 1) di
WHERE i + di <= 157 AND j + 1 - di <= 157
UNION ALL
SELECT i * 200 + j, 100000 + i * 200 + j, 120, ST_SetSRID(ST_MakeLine(
    ST_Point(:x + i * 100, :y + j * 100), ST_Point(:x + i * 100 + 85, :y + j * 100 + 85)), 28992)
FROM generate_series(0, 157, 10) i, generate_series(0, 157, 10) j
"""
WERKEN, FEESTEN, KEREN = 300, 400, 40


@pytest.mark.volledig
def test_each_closed_lane_among_fifty_thousand_roads_is_found(
    app: object, session: Session
) -> None:
    kans = random.Random(5)
    session.execute(text(RASTER), {"x": X, "y": Y})
    platform = make_platform(session)
    for _ in range(FEESTEN):
        i, j = kans.randrange(0, 158), kans.randrange(0, 158)
        make_feest(
            session,
            kans.randrange(5, 60),
            platform=platform,
            geom=Point(X + 100 * i + 30, Y + 100 * j + 30),
        )
    straten = []
    for _ in range(WERKEN):
        i, j = 10 * kans.randrange(0, 16), 10 * kans.randrange(0, 16)
        x, y = X + 100 * i, Y + 100 * j
        straten.append(LineString([(x + 10, y + 10), (x + 32, y + 32)]))
        van = kans.randrange(5, 50)
        make_werk(session, van, van + 20, geom=straten[-1])
    session.execute(text("ANALYZE wegvak"))
    session.execute(delete(AfstemVuil))

    for geom in kans.sample(straten, KEREN):
        session.execute(delete(AfstemVuil))
        make_werk(session, 10, 30, geom=geom)
        feest = make_feest(
            session,
            12,
            platform=platform,
            geom=Point(geom.coords[-1][0] + 52, geom.coords[-1][1] + 52),
        )
        session.commit()
        klasse = session.scalars(select(Botsing.klasse).where(Botsing.activiteit_id == feest.id))
        assert Klasse.TOEGANG in klasse.all()
