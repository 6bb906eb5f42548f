"""What is due begins once, whoever looks; what was left lying is picked up."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from rq import Queue
from sqlalchemy import text

from actions import jobs
from jobs import kinds, queue, schedule
from jobs.schedule import Entry
from settings import PROJECT
from stores import postgres, redis
from tests.conftest import subprocess_environ


@pytest.fixture
def entry(monkeypatch):
    """One kind of its own in the schedule, every minute."""
    kind = f"k{uuid4().hex[:8]}"
    monkeypatch.setitem(kinds.KINDS, kind, kinds.KINDS["count"])
    monkeypatch.setattr(schedule, "SCHEDULE", (Entry(kind, 60),))
    return kind


def house_jobs(kind: str) -> list[str]:
    return [job.state for job in jobs.recent(jobs.HOUSE, limit=1000) if job.kind == kind]


def finish_all(tenant: str) -> None:
    with postgres.session(tenant) as db:
        db.execute(text("UPDATE jobs SET state = 'done', finished_at = now()"))


def test_an_entry_begins_once_a_turn(servers, entry):
    schedule.tick(now=600.0)
    schedule.tick(now=659.9)
    assert house_jobs(entry) == ["waiting"]

    finish_all(jobs.HOUSE)
    schedule.tick(now=659.95)
    assert house_jobs(entry) == ["done"]
    schedule.tick(now=660.0)
    assert house_jobs(entry) == ["waiting", "done"]


def test_a_turn_does_not_begin_again_while_the_last_one_still_runs(servers, entry):
    schedule.tick(now=600.0)
    schedule.tick(now=660.0)
    assert house_jobs(entry) == ["waiting"]


def test_an_entry_for_each_shop_begins_in_each(tenant, other_tenant, entry, monkeypatch):
    monkeypatch.setattr(schedule, "SCHEDULE", (Entry(entry, 60, each_shop=True),))
    schedule.tick(now=600.0)
    assert [[job.kind for job in jobs.recent(shop)] for shop in (tenant, other_tenant)] == [[entry], [entry]]
    assert house_jobs(entry) == []


def test_a_job_that_nobody_took_is_offered_again(tenant, monkeypatch):
    monkeypatch.setattr(schedule, "SCHEDULE", ())
    monkeypatch.setattr(schedule, "PATIENCE", timedelta())
    id = queue.enqueue("count", tenant=tenant, file="a")
    redis.connection().delete(f"rq:queue:{queue.QUEUE}")

    schedule.tick(now=time.time())

    assert str(id) in Queue(queue.QUEUE, connection=redis.connection()).job_ids


def test_every_entry_is_a_kind_of_job():
    assert [entry.kind for entry in schedule.SCHEDULE if entry.kind not in kinds.KINDS] == []


def test_the_scheduler_ends_on_a_signal(servers):
    process = subprocess.Popen([sys.executable, "-c", "from jobs import schedule; schedule.run()"], cwd=PROJECT, env=subprocess_environ())
    time.sleep(3)
    assert process.poll() is None
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(15) == 0
