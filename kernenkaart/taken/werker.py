"""The worker: takes jobs from the queue, one process beside the web server.

Only this module knows procrastinate. It stays up when the database goes away, and a job whose
worker was killed is taken up again by whichever worker lives.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import procrastinate
import psycopg
from flask import Flask
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from psycopg_pool import PoolTimeout
from sqlalchemy.engine import make_url

from kernenkaart.config import Settings
from kernenkaart.taken.register import TAKEN, Straks, Taak, Vergeefs, wait_after

log = logging.getLogger(__name__)

HEARTBEAT_S = 5
SILENT_S = 20  # a worker that is silent for so long is dead
FINISH_S = 20  # at TERM, jobs under way get so long
AGAIN_S = 2
LOOK_EVERY_S = 1.0  # how soon a new job is seen
KEEP_FAILED_H = 24 * 14
AWAY = (ConnectorException, psycopg.OperationalError, PoolTimeout, OSError)


class _Again(BaseRetryStrategy):
    """Try again later, with growing pauses, unless that is of no use."""

    def __init__(self, pogingen: int) -> None:
        self.pogingen = pogingen

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, Straks):
            return RetryDecision(retry_in={"seconds": exception.wacht_s})
        if _is_last(exception, job, self.pogingen):
            return None
        return RetryDecision(retry_in={"seconds": wait_after(job.attempts)})


def _is_last(exception: BaseException, job: Job, pogingen: int) -> bool:
    """Whether a job that raised this is not tried again."""
    if isinstance(exception, Straks):
        return False
    return isinstance(exception, Vergeefs) or job.attempts + 1 >= pogingen


def run_worker(flask_app: Flask, *, wait: bool = True) -> None:
    """Work until TERM or Ctrl-C; with ``wait`` False until the queue is empty."""
    asyncio.run(_work(flask_app, wait=wait))


def make_queue(flask_app: Flask, settings: Settings) -> procrastinate.App:
    """The queue with every registered task, on two small connections of its own."""
    url = make_url(settings.database_url).set(drivername="postgresql")
    queue = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=url.render_as_string(hide_password=False),
            min_size=1,
            max_size=2,
            timeout=settings.pool_timeout_s * 4,
            kwargs={"application_name": "kernenkaart-worker", "connect_timeout": 5},
        )
    )
    for taak in TAKEN.values():
        task = queue.task(
            name=taak.naam, queue="kernenkaart", retry=_Again(taak.pogingen), pass_context=True
        )(_in_context(flask_app, taak))
        if taak.cron:
            queue.periodic(cron=taak.cron)(task)
    queue.periodic(cron="* * * * *")(
        queue.task(name="taken.hervat", queue="kernenkaart", pass_context=True)(
            _taking_up(flask_app)
        )
    )
    queue.periodic(cron="17 3 * * *")(
        queue.task(name="taken.opruimen", queue="kernenkaart", pass_context=True)(_clean)
    )
    return queue


def _in_context(flask_app: Flask, taak: Taak) -> Callable[..., None]:
    def work(context: procrastinate.JobContext, timestamp: int | None = None, **args: Any) -> None:
        if taak.cron is None and timestamp is not None:
            args["timestamp"] = timestamp
        try:
            with flask_app.app_context():
                taak.functie(**args)
        except Exception as error:
            if _is_last(error, context.job, taak.pogingen):
                _give_up(flask_app, taak, args)
            raise

    return work


def _give_up(flask_app: Flask, taak: Taak, args: Mapping[str, Any]) -> None:
    """Let the task say that it has failed; that it cannot hides nothing of why it did."""
    if taak.opgegeven is None:
        return
    try:
        with flask_app.app_context():
            taak.opgegeven(**args)
    except Exception:
        log.exception("nobody could be told that %s has failed", taak.naam)


def _taking_up(flask_app: Flask) -> Callable[..., Any]:
    async def take_up_again(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001
        """Put jobs of dead workers back, so that a living one does them."""
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_S):
            taak = TAKEN.get(job.task_name)
            if job.id is None:
                continue
            if taak is not None and job.attempts + 1 >= taak.pogingen:
                await manager.finish_job(job, procrastinate.jobs.Status.FAILED, delete_job=False)
                await asyncio.to_thread(_give_up, flask_app, taak, job.task_kwargs)
            else:
                log.warning("job %s (%s) lost its worker; taken up again", job.id, job.task_name)
                await manager.retry_job(job)

    return take_up_again


async def _clean(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Forget what ended long ago."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_FAILED_H, include_failed=True, include_cancelled=True, include_aborted=True
    )


async def _work(flask_app: Flask, *, wait: bool) -> None:
    settings: Settings = flask_app.extensions["kernenkaart.settings"]
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    while True:
        worker = asyncio.create_task(_work_once(make_queue(flask_app, settings), wait=wait))
        stop = asyncio.create_task(asked.wait())
        await asyncio.wait({worker, stop}, return_when=asyncio.FIRST_COMPLETED)
        if asked.is_set():
            worker.cancel()  # it finishes what it is doing first
        try:
            await worker
        except asyncio.CancelledError:
            log.info("the worker has stopped")
        except AWAY as error:
            log.warning("the queue cannot be reached, again in %s s: %s", AGAIN_S, error)
        stop.cancel()
        if asked.is_set() or not wait:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), AGAIN_S)
            return


async def _work_once(queue: procrastinate.App, *, wait: bool) -> None:
    async with queue.open_async():
        await queue.run_worker_async(
            name="kernenkaart",
            concurrency=2,
            wait=wait,
            delete_jobs="successful",
            install_signal_handlers=False,
            listen_notify=False,  # a connection that listens is slow to let go at TERM
            fetch_job_polling_interval=LOOK_EVERY_S,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=SILENT_S,
            shutdown_graceful_timeout=FINISH_S,
        )
