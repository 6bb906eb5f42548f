"""How far the job of this process is. Jobs call `report`; outside of a job it does nothing, so that the same code serves commands."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, update

import models
from errors import Unavailable
from stores import postgres

LEASE = timedelta(seconds=30)
BEAT_S = 8.0
REPORT_EVERY_S = 0.5


class Stopped(Exception):
    """Somebody asked to stop the job, or another worker has it."""


@dataclass
class Claim:
    """The right to run a job, as long as no other worker took it: `attempt` tells ours from theirs."""

    tenant: str
    id: UUID
    attempt: int
    reported_at: float = 0.0

    def write(self, **values) -> bool:
        """Change the row of the job and renew the lease. Raises Stopped when it is not ours any more; True when it is to stop."""
        ours = (
            models.Job.tenant == self.tenant,
            models.Job.id == self.id,
            models.Job.attempts == self.attempt,
            models.Job.state == "running",
        )
        change = update(models.Job).where(*ours).values(lease_until=func.now() + LEASE, **values).returning(models.Job.stop_requested)
        with postgres.session(self.tenant) as db:
            stop_requested = db.scalar(change)
        if stop_requested is None:
            raise Stopped("Another worker has this job now.")
        return stop_requested


_current: Claim | None = None


def report(share: float, message: str = "") -> None:
    """Say that `share` (0..1) of the job is done. Raises Stopped when it should end; call it where ending is safe."""
    if _current is None or time.monotonic() - _current.reported_at < REPORT_EVERY_S:
        return
    _current.reported_at = time.monotonic()
    if _current.write(progress=max(0.0, min(1.0, share)), message=message):
        raise Stopped("Stopped on request.")


@contextmanager
def running(claim: Claim) -> Iterator[None]:
    """Make `claim` the job of this process, and keep its lease alive from a thread of its own."""
    global _current
    _current = claim
    over = threading.Event()
    heart = threading.Thread(target=_beat, args=(claim, over), name="lease", daemon=True)
    heart.start()
    try:
        yield
    finally:
        _current = None
        over.set()
        heart.join()


def _beat(claim: Claim, over: threading.Event) -> None:
    while not over.wait(BEAT_S):
        try:
            claim.write()
        except Stopped:
            return  # the job learns it at its next report
        except Unavailable:
            continue  # the lease outlives a short absence of the database
