"""At the same moment: two moderators, the same form sent often."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.actor import Actor, Rol
from kernenkaart.embedded import Cluster
from kernenkaart.errors import Conflict
from kernenkaart.inzendingen.models import Inzending
from kernenkaart.inzendingen.modereren import publish, refuse, residents_of
from kernenkaart.inzendingen.services import send_in, to_gegevens
from kernenkaart.kernen.models import Kern
from kernenkaart.platforms.models import Platform
from tests.activiteiten.test_gelijktijdig import together
from tests.factories import make_kern
from tests.inzendingen.insturen import make_inzending

MARGE_M = 5_000.0
BEHEERDER = Actor(rol=Rol.BEHEERDER)


@pytest.fixture(scope="module")
def engine(cluster: Cluster, gemigreerd: str) -> Iterator[Engine]:
    """A database of its own: threads commit, and what is committed stays."""
    cluster.create_database("inzendingen", template=gemigreerd)
    engine = create_engine(cluster.url("kernenkaart_app", "inzendingen"), pool_size=20)
    yield engine
    engine.dispose()
    cluster.drop_database("inzendingen")


@pytest.fixture
def inzending(engine: Engine) -> Inzending:
    """A submission that is really there."""
    with Session(engine, expire_on_commit=False) as session:
        made = make_inzending(session, make_kern(session))
        session.commit()
        return made


def outcome(results: list[object]) -> list[str]:
    return sorted(r if isinstance(r, str) else type(r).__name__ for r in results)


def test_of_moderators_at_the_same_moment_one_publishes_and_the_others_are_told(
    engine: Engine, inzending: Inzending
) -> None:
    def one(_number: int) -> str:
        with Session(engine) as session:
            publish(session, BEHEERDER, inzending.id, versie=inzending.versie, marge_m=MARGE_M)
            session.commit()
            return "geplaatst"

    results = together(8, one)

    assert outcome(results) == [Conflict.__name__] * 7 + ["geplaatst"]
    with Session(engine) as session:
        own = Activiteit.sleutel == inzending.publiek_id
        assert session.scalar(select(func.count()).where(own)) == 1


def test_who_refuses_and_who_publishes_at_the_same_moment_do_not_both_get_their_way(
    engine: Engine, inzending: Inzending
) -> None:
    def one(number: int) -> str:
        with Session(engine) as session:
            if number % 2:
                refuse(session, BEHEERDER, inzending.id, "Nee.", versie=inzending.versie)
            else:
                publish(session, BEHEERDER, inzending.id, versie=inzending.versie, marge_m=MARGE_M)
            session.commit()
            return "gedaan"

    assert outcome(together(6, one)) == [Conflict.__name__] * 5 + ["gedaan"]


def test_the_group_of_the_residents_is_made_once(engine: Engine, inzending: Inzending) -> None:
    def one(_number: int) -> str:
        with Session(engine) as session:
            made = residents_of(session, session.get_one(Kern, inzending.kern_id)).id
            session.commit()
            return str(made)

    assert len(set(together(6, one))) == 1
    with Session(engine) as session:
        naam = Platform.naam.startswith(
            f"Inwoners van {session.get_one(Kern, inzending.kern_id).naam}"
        )
        assert session.scalar(select(func.count()).where(naam)) == 1


def test_the_same_form_sent_often_at_once_is_one(engine: Engine, inzending: Inzending) -> None:
    sleutel = uuid.uuid4()

    def one(_number: int) -> str:
        with Session(engine) as session:
            made = send_in(
                session, to_gegevens(inzending), "buur@voorbeeld.example",
                sleutel=sleutel, marge_m=MARGE_M,
            )  # fmt: skip
            session.commit()
            return str(made.id)

    assert len(set(together(10, one))) == 1
    with Session(engine) as session:
        jobs = session.connection().exec_driver_sql(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'inzendingen.mail'"
            " AND args->>'soort' = 'bevestig'"
        )
        assert jobs.scalar_one() == 1
