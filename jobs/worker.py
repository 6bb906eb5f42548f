"""The process that runs jobs, each in a child of its own, so that one that runs wild takes nothing with it."""

import logging
from uuid import UUID

from rq import Worker
from rq.timeouts import JobTimeoutException
from sqlalchemy import and_, func, or_, update

import models
import settings
from errors import EcapError, Unavailable
from jobs import progress
from jobs.kinds import KINDS
from jobs.progress import LEASE, Claim, Stopped
from jobs.queue import QUEUE
from stores import logs, metrics, postgres, redis

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5  # workers that died or stores that were away; an error of the job itself is not tried again


def run() -> None:
    """Run jobs until SIGTERM or SIGINT; the job in hand is finished first."""
    logs.configure(settings.current())
    _load_kinds()
    connection = redis.listener()
    worker = Worker([QUEUE], connection=connection, maintenance_interval=30)
    worker.log_job_description = False  # arguments may hold personal data
    worker.work(logging_level="WARNING")


def perform(tenant: str, id: str) -> None:
    """Run the job if nobody else does, and write down how it ended."""
    logs.clear()
    logs.bind(tenant=tenant, job=id)
    job = _claim(tenant, UUID(id))
    if job is None:
        return
    claim = Claim(tenant, job.id, job.attempts)
    with progress.running(claim):
        ending = _ending(job, claim)
    try:
        claim.write(**ending, **_times(ending["state"]))
    except Stopped:
        logger.warning("another worker took the job over; what this one did is repeated there")
        return
    metrics.count("jobs_finished_total", {"kind": job.kind, "state": ending["state"]})


def _load_kinds() -> None:
    """Import what the jobs need before the first one: a child is forked for each, and would import it every time."""
    for name, kind in KINDS.items():
        try:
            kind.load()
        except (ImportError, AttributeError):
            logger.exception("jobs of this kind will fail", extra={"kind": name})


def _ending(job: models.Job, claim: Claim) -> dict:
    """Do the work; the values of the row afterwards."""
    if job.attempts > MAX_ATTEMPTS:
        return {"state": "failed", "error": f"It was begun {MAX_ATTEMPTS} times and never came to an end."}
    if job.kind not in KINDS:
        return {"state": "failed", "error": f"This version knows no job of the kind {job.kind}."}
    try:
        result = KINDS[job.kind].load()(tenant=job.tenant, **job.arguments)
        return {"state": "done", "progress": 1.0, "result": result if isinstance(result, dict) else None}
    except Stopped as reason:
        return {"state": "stopped", "message": str(reason)}
    except Unavailable as problem:
        return {"state": "waiting", "message": f"{problem.message} It is tried again."}
    except EcapError as problem:
        return {"state": "failed", "error": problem.message}
    except JobTimeoutException:
        return {"state": "failed", "error": f"It took longer than {KINDS[job.kind].timeout_s} s and was ended."}
    except Exception:  # the last handler of this process: the row must say that the job failed
        logger.exception("a job failed")
        return {"state": "failed", "error": "Something went wrong here; the log has the details."}


def _claim(tenant: str, id: UUID) -> models.Job | None:
    """The row, taken for this worker; None when it is finished or somebody else's. PostgreSQL's row lock lets one through."""
    free = or_(models.Job.state == "waiting", and_(models.Job.state == "running", models.Job.lease_until < func.now()))
    take = update(models.Job).where(models.Job.tenant == tenant, models.Job.id == id, free)
    taken = {"state": "running", "attempts": models.Job.attempts + 1, "lease_until": func.now() + LEASE}
    with postgres.session(tenant) as db:
        return db.scalar(take.values(taken | {"started_at": func.coalesce(models.Job.started_at, func.now())}).returning(models.Job))


def _times(state: str) -> dict:
    return {} if state == "waiting" else {"finished_at": func.now()}
