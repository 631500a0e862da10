"""Somebody who posts and changes series, for tests."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten import reeksen
from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Reeks
from kernenkaart.activiteiten.reeksen import ReeksGegevens
from kernenkaart.activiteiten.regel import Frequentie, Regel, Weekdag
from kernenkaart.activiteiten.services import (
    ActiviteitGegevens,
    change_activiteit,
)
from kernenkaart.actor import Actor, Rol
from kernenkaart.kernen.plek import Plek
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import AMSTERDAM, at, today
from tests.factories import make_platform

DINSDAG = Regel(Frequentie.WEEK, weekdagen=(Weekdag(1),))
MARGE_M = 500.0
VOLGEND_JAAR = today().year + 1


class Proef:
    """A platform, somebody of it, and the series they post."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.platform: Platform = make_platform(session)
        self.actor = Actor(
            gebruiker_id=None, rol=Rol.PLATFORMLID, platform_ids=frozenset({self.platform.id})
        )

    def inhoud(
        self, dag: date, van: time = time(20), tot: time = time(22), **values: Any
    ) -> ActiviteitGegevens:
        soort = self.session.scalars(select(ActiviteitSoort.id)).first() or 0
        defaults = {
            "titel": "Koersbal",
            "soort_id": soort,
            "omschrijving": "",
            "begint_op": at(dag, van),
            "eindigt_op": at(dag, tot),
            "hele_dag": False,
            "plek": Plek(kern_id=self.platform.kernen[0].id, naam="Dorpshuis"),
        }
        return ActiviteitGegevens(**(defaults | values))

    def gegevens(
        self, regel: Regel, dag: date, *, bevestigen: bool = False, **values: Any
    ) -> ReeksGegevens:
        return ReeksGegevens(self.inhoud(dag, **values), regel, bevestigen)

    def post(
        self, regel: Regel, dag: date, *, plaats: bool = True, sleutel: uuid.UUID | None = None,
        **values: Any,
    ) -> Reeks:  # fmt: skip
        return reeksen.post_reeks(
            self.session,
            self.actor,
            self.platform.id,
            self.gegevens(regel, dag, **values),
            sleutel=sleutel or uuid.uuid4(),
            plaats=plaats,
            marge_m=MARGE_M,
        )

    def change_one(self, keer: Activiteit, inhoud: ActiviteitGegevens) -> Activiteit:
        return change_activiteit(
            self.session, self.actor, keer.id, inhoud,
            versie=keer.versie, plaats=True, marge_m=MARGE_M,
        )  # fmt: skip

    def change_from(self, keer: Activiteit, gegevens: ReeksGegevens) -> reeksen.Verandering:
        return reeksen.change_from(
            self.session, self.actor, keer.id, gegevens,
            versie=self.versie_of(keer), marge_m=MARGE_M,
        )  # fmt: skip

    def change_reeks(self, keer: Activiteit, gegevens: ReeksGegevens) -> reeksen.Verandering:
        return reeksen.change_reeks(
            self.session, self.actor, keer.id, gegevens,
            versie=self.versie_of(keer), marge_m=MARGE_M,
        )  # fmt: skip

    def versie_of(self, keer: Activiteit) -> int:
        reeks = self.session.get(Reeks, keer.reeks_id)
        assert reeks is not None
        return reeks.versie


def keren(session: Session, reeks: Reeks) -> list[Activiteit]:
    """The times of a series, by their day."""
    session.expire_all()
    return list(
        session.scalars(
            select(Activiteit).where(Activiteit.reeks_id == reeks.id).order_by(Activiteit.reeks_dag)
        )
    )


def next_tuesday() -> date:
    return today() + timedelta(days=(1 - today().weekday()) % 7 or 7)


def hour(moment: datetime) -> str:
    return f"{moment.astimezone(AMSTERDAM):%H:%M}"
