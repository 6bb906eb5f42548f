"""Jobs as rows: asked for, looked at, stopped. Whoever wants one to begin at once uses jobs.queue, which also wakes a worker."""

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import models
from errors import Conflict, NotFound
from stores import postgres

UNFINISHED = ("waiting", "running")
HOUSE = ""  # the tenant of jobs that belong to no shop


@dataclass(frozen=True)
class Job:
    """What is known of a job."""

    id: UUID
    tenant: str
    kind: str
    arguments: dict
    state: str  # waiting, running, done, failed, stopped
    progress: float  # 0..1
    message: str
    result: dict | None
    error: str | None
    attempts: int
    stop_requested: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state not in UNFINISHED


def add(db: Session, kind: str, *, tenant: str, once: str = "", arguments: dict | None = None) -> UUID:
    """Write a waiting job within the caller's transaction; its id.

    With `once`, a second request of this kind joins the first as long as that one is unfinished, and gets its id.
    """
    values = {"tenant": tenant, "kind": kind, "arguments": arguments or {}, "once": once or None}
    same = models.Job.tenant == tenant, models.Job.kind == kind, models.Job.once == once, models.Job.state.in_(UNFINISHED)
    while True:
        new = insert(models.Job).values(values).on_conflict_do_nothing().returning(models.Job.id)
        if added := db.scalar(new):
            return added
        # It may finish between the two statements: then there is room for ours.
        if joined := db.scalar(select(models.Job.id).where(*same)):
            return joined


def load(tenant: str, id: UUID) -> Job:
    """The job. Raises NotFound where the shop has none with this id."""
    with postgres.session(tenant) as db:
        row = db.get(models.Job, (tenant, id))
    if row is None:
        raise NotFound("There is no such job.")
    return _job(row)


def recent(tenant: str, limit: int = 50) -> list[Job]:
    """The shop's newest jobs, newest first."""
    with postgres.session(tenant) as db:
        return [_job(row) for row in db.scalars(select(models.Job).order_by(models.Job.id.desc()).limit(limit))]


def stop(tenant: str, id: UUID) -> Job:
    """Stop a job: a waiting one at once, a running one at its next report of progress. A finished one stays as it is."""
    with postgres.session(tenant) as db:
        here = models.Job.tenant == tenant, models.Job.id == id
        db.execute(update(models.Job).where(*here, models.Job.state == "running").values(stop_requested=True))
        waiting = update(models.Job).where(*here, models.Job.state == "waiting")
        db.execute(waiting.values(state="stopped", stop_requested=True, finished_at=func.now()))
    return load(tenant, id)


def restart(tenant: str, id: UUID) -> Job:
    """Let a failed or stopped job wait again from the beginning. Raises Conflict for any other."""
    with postgres.session(tenant) as db:
        again = update(models.Job).where(models.Job.tenant == tenant, models.Job.id == id, models.Job.state.in_(("failed", "stopped")))
        fresh = {"state": "waiting", "attempts": 0, "progress": 0, "stop_requested": False}
        nothing = dict.fromkeys(("message", "error", "result", "lease_until", "started_at", "finished_at"))
        changed = db.execute(again.values(fresh | nothing | {"message": "", "created_at": func.now()})).rowcount
    job = load(tenant, id)
    if not changed:
        raise Conflict(f"Only a failed or stopped job can be tried again; this one is {job.state}.")
    return job


def _job(row: models.Job) -> Job:
    return Job(**{field.name: getattr(row, field.name) for field in fields(Job)})
