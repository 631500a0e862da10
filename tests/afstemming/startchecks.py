"""What tests of the startcheck share: a question, and a check that was kept."""

import uuid
from datetime import date, timedelta
from typing import Any

from shapely.affinity import translate
from shapely.geometry import MultiPolygon, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.afstemming.startcheck_models import StartcheckGroep
from kernenkaart.afstemming.startcheck_queries import Vraag, find_uitkomst, vraag_of
from kernenkaart.afstemming.startcheck_services import keep_startcheck
from kernenkaart.kernen.models import Kern, Spreekuur
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Hinder, Werkzaamheid, WerkzaamheidSoort
from tests.factories import X, Y, make_gebruiker, make_kern, make_platform

PAD = "/afstemming/startcheck"


def medewerker(session: Session) -> Actor:
    """Somebody of the municipality."""
    gebruiker = make_gebruiker(session, rol=Rol.MEDEWERKER)
    return Actor(gebruiker.id, gebruiker.naam, Rol.MEDEWERKER)


def make_vraag(session: Session, *vormen: BaseGeometry, **values: Any) -> Vraag:
    """Asphalt that closes a road in ten weeks, in these places."""
    soort = session.scalars(
        select(WerkzaamheidSoort).where(WerkzaamheidSoort.code == "asfalt")
    ).one()
    eerste: date = today() + timedelta(weeks=10)
    defaults = {
        "titel": "Nieuw asfalt",
        "vormen": vormen,
        "soort_id": soort.id,
        "soort": soort.code,
        "soort_naam": soort.naam,
        "hinder": Hinder.AFGESLOTEN,
        "eerste_dag": eerste,
        "laatste_dag": eerste + timedelta(days=11),
    }
    return Vraag(**(defaults | values))


def keep(session: Session, actor: Actor, vraag: Vraag, sleutel: uuid.UUID | None = None) -> int:
    """Ask, and keep the answer."""
    uitkomst = find_uitkomst(session, actor, vraag, today())
    return keep_startcheck(session, actor, vraag, uitkomst, sleutel=sleutel or uuid.uuid4())


def check_of(session: Session, actor: Actor, werk: Werkzaamheid) -> int:
    """The startcheck of a work, kept."""
    session.refresh(werk)
    return keep(session, actor, vraag_of(werk))


def rows_of(session: Session, check_id: int) -> list[StartcheckGroep]:
    """Who has to know according to a check, as stored."""
    session.expire_all()
    return list(
        session.scalars(
            select(StartcheckGroep)
            .where(StartcheckGroep.startcheck_id == check_id)
            .order_by(StartcheckGroep.kern_id, StartcheckGroep.wie)
        )
    )


def grid(session: Session) -> list[Kern]:
    """Three square kernen of 1 km side by side that share a border, and one 2 km north."""
    plaatsen = [(0, 0), (1_000, 0), (2_000, 0), (500, 3_000)]
    return [
        make_kern(session, grens=MultiPolygon([box(X + x, Y + y, X + x + 1_000, Y + y + 1_000)]))
        for x, y in plaatsen
    ]


def moved(vorm: BaseGeometry) -> BaseGeometry:
    """From the corner of the grid to where the grid is."""
    moved: BaseGeometry = translate(vorm, X, Y)
    return moved


def dorp(session: Session) -> Kern:
    """A kern with a dorpsraad, and a gebiedsmakelaar with a weekly hour."""
    kern = make_kern(session, naam="Proefdorp")
    make_platform(session, kernen=[kern], naam="Dorpsraad Proefdorp", contact_email="r@example.org")
    makelaar = make_gebruiker(
        session, rol=Rol.GEBIEDSMAKELAAR, naam="Mees Makelaar", telefoon="0345 00 00 00",
        kernen=[kern],
    )  # fmt: skip
    session.add(
        Spreekuur(gebruiker_id=makelaar.id, kern_id=kern.id, weekdag=4, van="09:00", tot="11:00",
                  plek="Dorpshuis")
    )  # fmt: skip
    session.flush()
    return kern
