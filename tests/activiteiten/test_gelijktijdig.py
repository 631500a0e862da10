"""At the same moment: the same form sent many times, two people saving."""

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort
from kernenkaart.activiteiten.services import (
    ActiviteitGegevens,
    change_activiteit,
    post_activiteit,
)
from kernenkaart.actor import Actor, Rol
from kernenkaart.embedded import Cluster
from kernenkaart.errors import Conflict
from kernenkaart.kernen.plek import Plek
from kernenkaart.platforms.models import Platform
from tests.factories import make_platform


@pytest.fixture(scope="module")
def engine(cluster: Cluster, gemigreerd: str) -> Iterator[Engine]:
    """A database of its own: threads commit, and what is committed stays."""
    cluster.create_database("gelijktijdig", template=gemigreerd)
    engine = create_engine(cluster.url("kernenkaart_app", "gelijktijdig"), pool_size=20)
    yield engine
    engine.dispose()
    cluster.drop_database("gelijktijdig")


@pytest.fixture
def platform(engine: Engine) -> Platform:
    """A platform that is really there, for threads with transactions of their own."""
    with Session(engine, expire_on_commit=False) as session:
        platform = make_platform(session)
        session.commit()
        return platform


def gegevens(session: Session, platform: Platform, titel: str = "Markt") -> ActiviteitGegevens:
    soort = session.scalars(select(ActiviteitSoort.id)).first()
    return ActiviteitGegevens(
        titel=titel,
        soort_id=soort or 0,
        omschrijving="",
        begint_op=datetime(2027, 6, 12, 8, tzinfo=UTC),
        eindigt_op=datetime(2027, 6, 12, 14, tzinfo=UTC),
        hele_dag=False,
        plek=Plek(kern_id=platform.kernen[0].id),
    )


def together(count: int, work: Any) -> list[Any]:
    """Run ``work(number)`` in ``count`` threads that begin at once."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = work(number)
        except Exception as error:  # noqa: BLE001  # told to the test
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_form_sent_twenty_times_at_once_makes_one(
    engine: Engine, platform: Platform
) -> None:
    lid = Actor(rol=Rol.PLATFORMLID, platform_ids=frozenset({platform.id}))
    sleutel = uuid.uuid4()

    def send(_number: int) -> int:
        with Session(engine) as session:
            posted = post_activiteit(
                session,
                lid,
                platform.id,
                gegevens(session, platform),
                sleutel=sleutel,
                plaats=True,
                marge_m=5000.0,
            )
            session.commit()
            return posted.id

    ids = together(20, send)

    assert all(isinstance(found, int) for found in ids), ids
    assert len(set(ids)) == 1


def test_of_editors_who_save_at_once_one_wins_and_the_others_are_told(
    engine: Engine, platform: Platform
) -> None:
    lid = Actor(rol=Rol.PLATFORMLID, platform_ids=frozenset({platform.id}))
    with Session(engine) as session:
        posted = post_activiteit(
            session,
            lid,
            platform.id,
            gegevens(session, platform),
            sleutel=uuid.uuid4(),
            plaats=True,
            marge_m=5000.0,
        )
        session.commit()
        activiteit_id, versie = posted.id, posted.versie

    def save(number: int) -> str:
        with Session(engine) as session:
            change_activiteit(
                session,
                lid,
                activiteit_id,
                gegevens(session, platform, f"Van {number}"),
                versie=versie,
                plaats=True,
                marge_m=5000.0,
            )
            session.commit()
            return f"Van {number}"

    results = together(8, save)

    winners = [result for result in results if isinstance(result, str)]
    assert len(winners) == 1, results
    assert all(isinstance(result, Conflict) for result in results if result not in winners)
    with Session(engine) as session:
        row = session.get(Activiteit, activiteit_id)
        assert row is not None
        assert (row.titel, row.versie) == (winners[0], versie + 1)
