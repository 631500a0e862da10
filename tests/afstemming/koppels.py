"""Works to pair, and the pairs that were found."""

from datetime import date, timedelta
from typing import Any

from shapely.geometry import LineString
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.afstemming.koppel_models import Kant, Keuze, Koppelbesluit, Koppelkans, Vorm
from kernenkaart.afstemming.koppel_regels import Oordeel, Werk, assess
from kernenkaart.afstemming.koppel_services import Beslissing, decide, seen_of
from kernenkaart.afstemming.regels import koppel_regels
from kernenkaart.werkzaamheden.models import (
    Hinder,
    Status,
    Werkzaamheid,
    WerkzaamheidSoort,
)
from tests.factories import X, Y, make_werkzaamheid

MEDEWERKER = Actor(gebruiker_id=None, rol=Rol.MEDEWERKER)
SAMEN = Beslissing(Keuze.COMBINEREN, Vorm.AFSLUITING, "Eén keer open.")
LIJN = LineString([(X + 100, Y + 100), (X + 200, Y + 100)])
DAG = date(2027, 3, 1)
REGELS = koppel_regels()


def soort_id(session: Session, code: str) -> int:
    return session.scalars(select(WerkzaamheidSoort.id).where(WerkzaamheidSoort.code == code)).one()


def plan(session: Session, soort: str, **values: Any) -> Werkzaamheid:
    """A work of 14 days from 1 March 2027 that is in the way."""
    defaults: dict[str, Any] = {
        "soort_id": soort_id(session, soort),
        "eerste_dag": DAG,
        "laatste_dag": DAG + timedelta(days=13),
        "hinder": Hinder.AFGESLOTEN,
        "hinder_kort": "Afgesloten",
        "geom": LIJN,
        "status": Status.VERWACHT,
    }
    return make_werkzaamheid(session, **(defaults | values))


def pairs(session: Session) -> list[Koppelkans]:
    session.commit()
    session.expire_all()
    return list(session.scalars(select(Koppelkans).order_by(Koppelkans.a_id, Koppelkans.b_id)))


def only(session: Session) -> Koppelkans:
    [kans] = pairs(session)
    return kans


def settle(session: Session, kans: Koppelkans, beslissing: Beslissing = SAMEN) -> Koppelbesluit:
    return decide(session, MEDEWERKER, kans.id, beslissing, gezien=seen_of(kans))


def recompute(kans: Koppelkans) -> Oordeel | None:
    a, b = (Werk.from_json(kans.invoer[kant]) for kant in Kant)
    return assess(a, b, kans.invoer["afstand_m"], REGELS)
