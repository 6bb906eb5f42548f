"""Starts what is due, and wakes workers for jobs that nobody took. Any number may run; one of them leads."""

import logging
import signal
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.dialects.postgresql import insert

import models
import settings
from actions import jobs, tenants
from errors import Unavailable
from jobs import queue
from jobs.kinds import HOUR_S
from stores import logs, postgres
from stores.postgres import Lock

logger = logging.getLogger(__name__)

TICK_S = 2.0
PATIENCE = timedelta(seconds=6)  # with a tick: a job that nobody was woken for begins within 10 s


@dataclass(frozen=True)
class Entry:
    """A kind of job that is started again and again: once for the house, or once for each shop."""

    kind: str
    every_s: int
    each_shop: bool = False


SCHEDULE = (
    Entry("forget", HOUR_S),
    Entry("forget_files", 24 * HOUR_S, each_shop=True),
    Entry("retention", 24 * HOUR_S, each_shop=True),
)


def run() -> None:
    """Look every TICK_S until SIGTERM or SIGINT."""
    logs.configure(settings.current())
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    lock = Lock("scheduler")
    while not over.is_set():
        try:
            if lock.take():
                tick(time.time())
        except Unavailable as problem:
            logger.warning("the scheduler waits", extra={"problem": problem.message})
        over.wait(TICK_S)
    lock.release()


def tick(now: float) -> None:
    """Start the entries whose time has come, and wake workers for abandoned jobs."""
    for entry in SCHEDULE:
        if _begins(entry, int(now // entry.every_s)):
            for tenant in tenants.ids() if entry.each_shop else [jobs.HOUSE]:
                queue.enqueue(entry.kind, tenant=tenant, once=entry.kind)
    for job in postgres.abandoned_jobs(PATIENCE):
        if not queue.wake(job["tenant"], job["id"], job["kind"]):
            return  # Redis is away: the next tick tries again


def _begins(entry: Entry, turn: int) -> bool:
    """True once for each turn of the entry, also after a restart and with two schedulers."""
    counter = insert(models.Counter).values(tenant=jobs.HOUSE, name=f"schedule:{entry.kind}", value=turn)
    rises = counter.on_conflict_do_update(index_elements=["tenant", "name"], set_={"value": turn}, where=models.Counter.value < turn)
    with postgres.session(None) as db:
        return db.scalar(rises.returning(models.Counter.value)) is not None
