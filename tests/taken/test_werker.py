"""The real worker as a process of its own, on a database of its own (R7)."""

import itertools
import signal
import subprocess
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from kernenkaart.embedded import Cluster
from kernenkaart.post.services import send_mail
from kernenkaart.taken.services import defer
from tests.factories import make_activiteit, make_kern
from tests.postbus import Postbus
from tests.taken.kijken import scalar, wait_for

numbers = itertools.count()


def put(database: Engine, subject: str) -> None:
    aan = f"{next(numbers)}@example.org"
    with Session(database) as session:
        send_mail(session, aan, subject, "herstel", naam="An", link="x")
        session.commit()


def test_a_worker_sends_what_was_committed_shows_a_heartbeat_and_stops_at_term(
    database: Engine, postbus: Postbus, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    put(database, "voor de start")
    worker = start()
    wait_for(lambda: len(postbus.mails) == 1)

    put(database, "terwijl hij werkt")
    begun = time.monotonic()
    wait_for(lambda: len(postbus.mails) == 2)

    assert time.monotonic() - begun < 2
    assert scalar(
        database,
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '60 s'",
    )
    wait_for(lambda: scalar(database, "SELECT count(*) FROM procrastinate_jobs") == 0)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert scalar(database, "SELECT count(*) FROM procrastinate_workers") == 0


def test_an_unknown_task_fails_and_stops_nothing(
    database: Engine, postbus: Postbus, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    with Session(database) as session:
        defer(session, "bestaat.niet", a=1)
        session.commit()
    put(database, "erna")
    start()

    wait_for(lambda: len(postbus.mails) == 1)
    wait_for(
        lambda: (
            scalar(
                database, "SELECT status FROM procrastinate_jobs WHERE task_name = 'bestaat.niet'"
            )
            == "failed"
        )
    )


def test_a_mail_that_cannot_go_now_is_tried_again_later(
    database: Engine, postbus: Postbus, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    postbus.answer = "451 later"
    put(database, "nog een keer")
    start()

    wait_for(lambda: scalar(database, "SELECT max(attempts) FROM procrastinate_jobs") == 1)

    waits = scalar(
        database, "SELECT extract(epoch FROM max(scheduled_at) - now()) FROM procrastinate_jobs"
    )
    assert 20 < waits <= 30
    assert scalar(database, "SELECT count(*) FROM verzending WHERE klaar_op IS NULL") == 0


def test_the_worker_survives_that_its_connections_are_cut(
    cluster: Cluster,
    database: Engine,
    postbus: Postbus,
    start: Callable[[], subprocess.Popen[bytes]],
) -> None:
    worker = start()
    put(database, "een")
    wait_for(lambda: len(postbus.mails) == 1)

    owner = create_engine(cluster.url("postgres", "werker"))
    with owner.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'kernenkaart-worker'"
            )
        )
    owner.dispose()
    put(database, "twee")

    wait_for(lambda: len(postbus.mails) == 2, 30)
    assert worker.poll() is None


@pytest.mark.volledig
def test_a_job_whose_worker_was_killed_ends_within_two_minutes_and_mails_nobody_twice(
    database: Engine, postbus: Postbus, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    postbus.delay_s = 1.0
    for number in range(6):
        put(database, f"mail {number}")
    worker = start()
    wait_for(lambda: postbus.begun >= 1)
    worker.kill()
    worker.wait()
    postbus.delay_s = 0.0
    killed = time.monotonic()
    start()

    wait_for(
        lambda: (
            scalar(
                database,
                "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'post.verstuur' "
                "AND status IN ('todo', 'doing')",
            )
            == 0
        ),
        120,
    )

    assert time.monotonic() - killed < 120
    subjects = [mail["Subject"] for mail in postbus.mails]
    assert len(subjects) == len(set(subjects))
    assert len(subjects) >= 4


@pytest.mark.volledig
def test_counting_for_tiles_that_was_killed_halfway_is_done_again(
    cluster: Cluster, database: Engine, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    with Session(database) as session:
        kern = make_kern(session)
        for _ in range(3):
            make_activiteit(session, geom=kern.hart)
        session.commit()
    owner = create_engine(cluster.url("postgres", "werker"))
    with owner.begin() as held:
        held.execute(text("LOCK TABLE tegel_cel IN ACCESS EXCLUSIVE MODE"))
        worker = start()
        wait_for(
            lambda: scalar(
                owner,
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                "AND query LIKE '%tegel_cel%'",
            ),
            60,
        )
        worker.kill()
        worker.wait()
    owner.dispose()

    start()

    wait_for(lambda: scalar(database, "SELECT count(*) FROM tegel_vuil") == 0, 60)
    counted = "SELECT sum(n) FROM tegel_cel WHERE z = 5 AND soort = '' AND laag = 'activiteiten'"
    assert scalar(database, counted) == 3
