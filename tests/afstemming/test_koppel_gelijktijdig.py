"""Two who decide or answer at the same moment: the second is told, nothing is lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.afstemming.botsing_models import (
    Botsing,
    BotsingVoorstel,
    Kant,
    Oplossing,
    VoorstelStatus,
)
from kernenkaart.afstemming.botsing_services import NieuwVoorstel, answer, propose
from kernenkaart.afstemming.koppel_models import Keuze, Koppelbesluit, Koppelkans
from kernenkaart.afstemming.koppel_services import Beslissing, decide, seen_of
from kernenkaart.embedded import Cluster
from kernenkaart.errors import Conflict
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Hinder
from tests.activiteiten.test_gelijktijdig import together
from tests.afstemming.koppels import MEDEWERKER, SAMEN, only, plan
from tests.factories import make_activiteit, make_werkzaamheid, moment

RONDES = 5
KEUZES = (SAMEN, Beslissing(Keuze.NIET, None, "De vergunning is er niet."))


@pytest.fixture
def engine(cluster: Cluster, gemigreerd: str) -> Iterator[Engine]:
    """A database of its own: threads commit, and what is committed stays."""
    cluster.create_database("koppelbesluiten", template=gemigreerd)
    engine = create_engine(cluster.url("kernenkaart_app", "koppelbesluiten"), pool_size=4)
    yield engine
    engine.dispose()
    cluster.drop_database("koppelbesluiten")


def test_of_two_who_decide_at_once_the_second_is_told_and_no_decision_is_lost(
    app: Flask, engine: Engine
) -> None:
    with Session(engine) as session:
        plan(session, "riool")
        plan(session, "gas")
        kans_id, gezien = only(session).id, seen_of(only(session))
    gezegd = []

    for _ in range(RONDES):

        def one(number: int, gezien: str = gezien) -> str:
            with Session(engine) as session:
                decide(session, MEDEWERKER, kans_id, KEUZES[number], gezien=gezien)
                session.commit()
                return KEUZES[number].keuze.value

        uitslag = together(2, one)
        gezegd += [keuze for keuze in uitslag if isinstance(keuze, str)]
        assert sum(isinstance(een, Conflict) for een in uitslag) == 1, uitslag
        with Session(engine) as session:
            gezien = seen_of(session.get_one(Koppelkans, kans_id))

    with Session(engine) as session:
        besluiten = session.scalars(select(Koppelbesluit).order_by(Koppelbesluit.nummer)).all()
        kans = session.get_one(Koppelkans, kans_id)
        assert [een.nummer for een in besluiten] == list(range(1, RONDES + 1))
        assert [een.keuze.value for een in besluiten] == gezegd
        assert (kans.besluiten, kans.keuze) == (RONDES, besluiten[-1].keuze)


def test_of_two_who_answer_one_proposal_at_once_the_second_is_told(
    app: Flask, engine: Engine
) -> None:
    with Session(engine) as session:
        feest = make_activiteit(session, begint_op=moment(12), eindigt_op=moment(12, 16))
        werk = make_werkzaamheid(
            session, geom=feest.geom, hinder=Hinder.AFGESLOTEN, hinder_kort="Dicht",
            eerste_dag=today(), laatste_dag=today() + timedelta(days=20),
        )  # fmt: skip
        groep = frozenset({feest.platform_id})
        session.commit()
        botsing_id = session.scalars(
            select(Botsing.id).where(Botsing.werkzaamheid_id == werk.id)
        ).one()
    lid = Actor(None, "", Rol.PLATFORMLID, platform_ids=groep)

    for _ in range(RONDES):
        with Session(engine) as session:
            voorstel_id = propose(
                session, lid, botsing_id, NieuwVoorstel(Kant.ACTIVITEIT, Oplossing.KAN_SAMEN)
            ).id
            session.commit()

        def one(number: int, voorstel_id: int = voorstel_id) -> bool:
            with Session(engine) as session:
                answer(session, MEDEWERKER, voorstel_id, aanvaard=bool(number))
                session.commit()
                return bool(number)

        uitslag = together(2, one)
        (gezegd,) = [een for een in uitslag if isinstance(een, bool)]
        assert sum(isinstance(een, Conflict) for een in uitslag) == 1, uitslag
        with Session(engine) as session:
            status = session.get_one(BotsingVoorstel, voorstel_id).status
            assert status is (VoorstelStatus.AANVAARD if gezegd else VoorstelStatus.AFGEWEZEN)
