"""The one door to background work: a job is a row in PostgreSQL, the queue in Redis only wakes a worker."""

import logging
from uuid import UUID

from rq import Queue

from actions import jobs
from actions.jobs import Job
from errors import Unavailable
from jobs.kinds import KINDS
from stores import postgres, redis

logger = logging.getLogger(__name__)

QUEUE = "ecap"
FORGET_S = 60  # RQ's own records of a job; ours are in PostgreSQL


def enqueue(kind: str, *, tenant: str, once: str = "", **arguments) -> UUID:
    """Start a job of this kind; its id. With `once`, a second request joins the first while that is unfinished.

    When Redis does not answer, the job waits for the scheduler, which looks every few seconds.
    """
    assert kind in KINDS, f"{kind} is no kind of job; jobs.kinds lists them"
    with postgres.session(tenant) as db:
        id = jobs.add(db, kind, tenant=tenant, once=once, arguments=arguments)
    wake(tenant, id, kind)
    return id


def status(tenant: str, id: UUID) -> Job:
    """How the job stands. Raises NotFound where the shop has none with this id."""
    return jobs.load(tenant, id)


def stop(tenant: str, id: UUID) -> Job:
    """Stop a job: a waiting one at once, a running one at its next report of progress."""
    return jobs.stop(tenant, id)


def retry(tenant: str, id: UUID) -> Job:
    """Run a failed or stopped job again. Raises Conflict for any other."""
    job = jobs.restart(tenant, id)
    wake(tenant, id, job.kind)
    return job


def wake(tenant: str, id: UUID, kind: str) -> bool:
    """Tell a worker that the job waits; False when Redis does not answer. Telling twice is harmless: the row decides who runs it."""
    timeout_s = KINDS[kind].timeout_s if kind in KINDS else FORGET_S
    try:
        with redis.answers() as client:
            Queue(QUEUE, connection=client).enqueue_call(
                "jobs.worker.perform", args=(tenant, str(id)), job_id=str(id), timeout=timeout_s, result_ttl=0, failure_ttl=FORGET_S
            )
    except Unavailable as problem:
        logger.warning("nobody was woken for a job", extra={"job": str(id), "problem": problem.message})
        return False
    return True
