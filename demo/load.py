"""Bring the demo shop up to now: 90 days at first, afterwards what is missing. Through the log, like everything else.

Every event has its id from the plan, so a load that was killed goes on where it was, and one repeated adds nothing.
"""

import itertools
import threading
import time
from datetime import UTC, datetime, timedelta

from actions import ingest, jobs, tenants
from actions.event_schema import Event
from actions.jobs import Job
from demo import marks, simulate
from demo.plan import HISTORY_DAYS, TENANT, Plan, midnight_s, shop_day
from demo.terminal import Bar
from errors import EcapError
from jobs import ingest as consumer
from jobs import progress, worker
from stores import event_log, postgres

KIND = "demo_load"
WORTH_A_JOB = timedelta(hours=1)  # a shorter gap is closed by the trickle in passing
READING_SHARE = 0.4  # of the bar: writing to the log; the rest is waiting for the stores
WAIT_S = 0.5
PATIENCE_S = 8.0  # with a log that nobody seems to read

_bar: Bar | None = None  # of the process that somebody looks at; a worker that takes the job over has none


def run() -> None:
    """Load what is missing, with a bar in the terminal and as a job that the pages show. Raises EcapError when it failed.

    Whoever asks for the demo shop after it was removed gets it again.
    """
    tenants.demo()
    marks.set_removed(TENANT, False)
    bring_up_to_now()


def bring_up_to_now() -> None:
    """Load what is missing if that is worth a job; also when another process is at it already."""
    noted = marks.read(TENANT)
    if noted.until and datetime.now(UTC) - noted.until < WORTH_A_JOB:
        return
    global _bar
    _bar = Bar("Demo shop")
    job = _follow(_bar)
    _bar.close(f"{job.result['events']:,} events loaded" if job.result else job.message)
    _bar = None
    if job.state == "failed":
        raise EcapError(f"The demo shop could not be loaded: {job.error}")


def fill(tenant: str) -> dict:
    """The job itself: record all planned events up to now and wait until they are stored; how many they were."""
    now = datetime.now(UTC)
    plan, start = _beginning(tenant, now)
    recorded, position = 0, ""
    for day in simulate.events(plan, start, now):
        position = record(tenant, day)
        marks.set_until(tenant, min(now, _end_of_day(day)))
        recorded += len(day)
        _say(READING_SHARE * _elapsed(day, start, now), f"{recorded:,} events recorded")
        if marks.read(tenant).removed:
            raise progress.Stopped("The demo shop was removed.")
    marks.set_until(tenant, now)
    _wait_until_stored(position, recorded)
    return {"events": recorded}


def record(tenant: str, events: list[Event]) -> str:
    """The position in the log after these events, which are in the order of time.

    They were received when the last of their piece happened, so that the pages which say how late events come have something
    sensible to say: pieces of five seconds in the last hour, of a minute in the last day, older events as they are given.
    """
    now_ms, position = ingest.now_ms(), ""
    for _, piece in itertools.groupby(events, lambda event: _piece(event.timestamp, now_ms)):
        found = list(piece)
        position = ingest.record_events(tenant, found, origin="demo", received_at=found[-1].timestamp)
    return position


def _piece(timestamp: int, now_ms: int) -> tuple[int, int]:
    age_ms = now_ms - timestamp
    length_ms = 5_000 if age_ms < 3_600_000 else 60_000 if age_ms < 86_400_000 else 0
    return length_ms, timestamp // length_ms if length_ms else 0


def _beginning(tenant: str, now: datetime) -> tuple[Plan, datetime]:
    """The plan and the moment from which on events are missing; after a long pause only the last 90 days are made up for."""
    noted = marks.read(tenant)
    plan = noted.plan
    if plan is None:
        plan = Plan(shop_day(now))
        marks.set_anchor(tenant, plan.anchor)
    first_day = max(plan.first_day, shop_day(now) - timedelta(days=HISTORY_DAYS - 1))
    first = datetime.fromtimestamp(midnight_s(first_day), UTC)
    return plan, max(first, noted.until or first)


def _follow(bar: Bar) -> Job:
    """Do the job, or look on while somebody else does it; the job when it is finished."""
    with postgres.session(TENANT) as db:
        id = jobs.add(db, KIND, tenant=TENANT, once="load")
    while not (job := jobs.load(TENANT, id)).is_finished:
        bar.show(job.progress, job.message or "waiting for whoever began it")
        worker.perform(TENANT, str(id))  # returns at once while another process has the job, or died less than a lease ago
        time.sleep(WAIT_S)
    return job


def _wait_until_stored(position: str, recorded: int) -> None:
    """Return when the log is read up to `position`. Beside a server its consumer does that; without one, ours steps in."""
    log, stop = event_log.current(), threading.Event()
    spare = threading.Thread(target=consumer.run, args=(stop,), name="spare consumer", daemon=True)
    least, since = recorded + 1, time.monotonic()
    while position and not log.is_stored(position):
        waiting = min(recorded, log.backlog())
        if waiting < least:
            least, since = waiting, time.monotonic()
        elif time.monotonic() - since >= PATIENCE_S and not spare.ident:
            spare.start()
        share = READING_SHARE + (1 - READING_SHARE) * (1 - waiting / recorded)
        _say(share, f"{recorded - waiting:,} of {recorded:,} events stored")
        time.sleep(WAIT_S)
    stop.set()
    if spare.ident:
        spare.join()


def _say(share: float, message: str) -> None:
    progress.report(share, message)
    if _bar:
        _bar.show(share, message)


def _elapsed(day: list[Event], start: datetime, now: datetime) -> float:
    return (day[-1].timestamp / 1000 - start.timestamp()) / max(1.0, (now - start).total_seconds())


def _end_of_day(day: list[Event]) -> datetime:
    last = shop_day(datetime.fromtimestamp(day[-1].timestamp / 1000, UTC))
    return datetime.fromtimestamp(midnight_s(last + timedelta(days=1)), UTC)
