"""A worker that is killed in the middle leaves nothing half, and the next does nothing twice."""

import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from kernenkaart.embedded import Cluster
from kernenkaart.kalenderbronnen.models import Kalenderbron, Stand
from kernenkaart.taken.services import defer
from kernenkaart.tijd import now, today
from kernenkaart.volgen.bundelen import TEGELIJK
from kernenkaart.volgen.models import Abonnement, Ritme, Volger
from tests.factories import make_activiteit, make_platform
from tests.kalenderbronnen.bronnen import make_bron, read, vevent
from tests.postbus import Postbus
from tests.taken.kijken import scalar, wait_for

Start = Callable[[], "subprocess.Popen[bytes]"]


@contextmanager
def held_up(cluster: Cluster, statement: str) -> Iterator[Engine]:
    """Hold the locks that ``statement`` takes, so that a worker has to wait where it needs them."""
    owner = create_engine(cluster.url("postgres", "werker"))
    with owner.begin() as held:
        held.execute(text(statement))
        yield owner
    owner.dispose()


def kill_at(worker: "subprocess.Popen[bytes]", owner: Engine, waits_in: str) -> None:
    """Kill -9 once the worker waits for a lock in a statement that holds this text."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        f" AND query LIKE '%{waits_in}%' AND pid <> pg_backend_pid()"
    )
    wait_for(lambda: scalar(owner, waiting), 60)
    worker.kill()
    worker.wait()


@pytest.mark.volledig
def test_an_import_that_was_killed_halfway_is_done_once_and_whole(
    cluster: Cluster, database: Engine, start: Start
) -> None:
    aantal = 40
    inhoud = read(*(vevent(f"ding-{nummer}") for nummer in range(aantal)))
    with Session(database) as session:
        bron = make_bron(session, stand=Stand.OVERNEMEN)
        bron.gelezen = {**inhoud.to_json(), "keuzes": {}}
        bron_id = bron.id
        defer(session, "kalenderbronnen.neem_over", bron_id=bron_id)
        session.commit()
    came = f"SELECT count(activiteit_id) FROM bronitem WHERE bron_id = {bron_id}"
    posted = "SELECT count(*) FROM activiteit WHERE titel LIKE 'Ding ding-%'"
    with held_up(cluster, "LOCK TABLE bronitem IN SHARE MODE") as owner:
        kill_at(start(), owner, "INSERT INTO bronitem")
    half = scalar(database, posted)

    start()

    wait_for(lambda: scalar(database, came) == aantal, 90)
    assert half == 0
    assert scalar(database, posted) == aantal
    with Session(database) as session:
        assert session.scalars(select(Kalenderbron.stand)).all() == [Stand.LOOPT]


@pytest.mark.volledig
def test_a_round_of_mail_that_was_killed_halfway_reaches_everybody_once(
    cluster: Cluster, database: Engine, start: Start, postbus: Postbus
) -> None:
    aantal = TEGELIJK + 10
    with Session(database) as session:
        markt = make_activiteit(session, platform=make_platform(session))
        session.add_all(
            Abonnement(
                volger=Volger(email=f"volger-{nummer:03}@example.org"),
                vraag=f"q={markt.titel.replace(' ', '+')}",
                ritme=Ritme.DAG,
                bevestigd_op=now() - timedelta(days=3),
                gebundeld_tot=today() - timedelta(days=3),
                publiek_id=uuid.uuid4(),
            )
            for nummer in range(aantal)
        )
        defer(session, "volgen.bundels")
        session.commit()
    last = "SELECT id FROM abonnement ORDER BY volger_id DESC LIMIT 1"
    due = f"SELECT count(*) FROM abonnement WHERE gebundeld_tot = date '{today()}' - 3"
    told = "SELECT count(*) FROM gemeld"
    lock = f"SELECT * FROM abonnement WHERE id = ({last}) FOR NO KEY UPDATE"
    with held_up(cluster, lock) as owner:
        kill_at(start(), owner, "UPDATE abonnement")
    halfway = scalar(database, due), scalar(database, told)

    start()

    wait_for(lambda: scalar(database, due) == 0, 90)
    wait_for(lambda: len(postbus.mails) >= aantal, 90)
    queue = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    mails = f"{queue} AND task_name LIKE 'volgen.%'"
    wait_for(lambda: scalar(database, mails) == 0, 90)
    assert halfway == (aantal - TEGELIJK, TEGELIJK)
    assert sorted(postbus.rcpt) == [f"volger-{nummer:03}@example.org" for nummer in range(aantal)]
    assert scalar(database, told) == aantal
