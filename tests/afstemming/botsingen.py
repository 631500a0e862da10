"""Works, activities and roads that get in each other's way."""

from datetime import date, datetime, timedelta
from typing import Any

from shapely.geometry import LineString, Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.afstemming.botsing_models import Botsing, Klasse
from kernenkaart.tijd import AMSTERDAM, today
from kernenkaart.wegen.knopen import Lijn, tie
from kernenkaart.wegen.models import Wegvak
from kernenkaart.werkzaamheden.models import Hinder, Werkzaamheid
from tests.factories import X, Y, add, make_activiteit, make_platform, make_werkzaamheid, moment

STRAAT = LineString([(X + 100, Y + 100), (X + 200, Y + 100)])


def lijn(*punten: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in punten])


def make_werk(session: Session, van: int = 10, tot: int = 20, **values: Any) -> Werkzaamheid:
    defaults = {
        "geom": STRAAT,
        "hinder": Hinder.AFGESLOTEN,
        "hinder_kort": "Afgesloten voor auto's",
        "eerste_dag": today() + timedelta(days=van),
        "laatste_dag": today() + timedelta(days=tot),
    }
    return make_werkzaamheid(session, **(defaults | values))


def make_feest(session: Session, dag: int = 12, **values: Any) -> Activiteit:
    defaults = {
        "begint_op": moment(dag, 10),
        "eindigt_op": moment(dag, 16),
        "geom": Point(X + 150, Y + 100),
    }
    return make_activiteit(session, **(defaults | values))


def make_wegen(session: Session, *lijnen: LineString) -> None:
    for een in tie([Lijn("", lijn) for lijn in lijnen], 1.0):
        add(
            session,
            Wegvak(
                van_knoop=een.van_knoop,
                naar_knoop=een.naar_knoop,
                lengte_m=een.geom.length,
                geom=een.geom,
            ),
        )


def find(session: Session) -> list[tuple[int, int, Klasse]]:
    session.expire_all()
    rows = session.scalars(select(Botsing).where(Botsing.actueel).order_by(Botsing.id))
    return [(een.werkzaamheid_id, een.activiteit_id, een.klasse) for een in rows]


RING = lijn((0, 0), (500, 0), (500, 500), (0, 500), (0, 0))
LAAN = lijn((250, 500), (250, 1500))
ACHTEROM = lijn((250, 1490), (900, 1490), (900, 250), (500, 250))
UIT = lijn((0, 0), (-5000, 0))  # to the rest of the world
OP_DE_LAAN, OP_ACHTEROM = lijn((250, 700), (250, 760)), lijn((900, 700), (900, 760))


def make_two_ways(session: Session, *erbij: LineString) -> Activiteit:
    """A meadow with two ways to it."""
    make_wegen(session, RING, LAAN, ACHTEROM, UIT, *erbij)
    return make_feest(session, geom=Point(X + 260, Y + 1400))


def weeks_ago(jaren: int, dag: date) -> datetime:
    toen = dag.isocalendar()
    zelfde = date.fromisocalendar(toen.year - jaren, min(toen.week, 52), toen.weekday)
    return datetime(zelfde.year, zelfde.month, zelfde.day, 10, tzinfo=AMSTERDAM)


def make_earlier(session: Session, jaren: tuple[int, ...], dag: date, titel: str) -> list[int]:
    platform = make_platform(session)
    return [
        make_feest(
            session,
            platform=platform,
            titel=f"{titel} {weeks_ago(jaar, dag).year}",
            begint_op=weeks_ago(jaar, dag),
            eindigt_op=weeks_ago(jaar, dag) + timedelta(hours=6),
        ).id
        for jaar in jaren
    ]
