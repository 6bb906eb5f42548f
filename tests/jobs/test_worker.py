"""A job runs once, says how it goes, ends in a word, and survives the death of its worker."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psutil
import pytest
from sqlalchemy import text

from jobs import progress, queue, worker
from jobs.progress import Claim, Stopped
from settings import PROJECT
from stores import postgres, redis
from tests.conftest import subprocess_environ

WORKER = """
from jobs import kinds, worker
for name in ("count", "break_down"):
    kinds.KINDS[name] = kinds.Kind(f"tests.jobs.kinds_for_tests:{name}", 30)
worker.run()
"""


@pytest.fixture
def marks(tmp_path):
    return tmp_path / "marks"


def ended(tenant: str, kind: str, **arguments) -> queue.Job:
    """The job after it was performed in this process."""
    id = queue.enqueue(kind, tenant=tenant, **arguments)
    worker.perform(tenant, str(id))
    return queue.status(tenant, id)


def lose_lease(tenant: str, id) -> None:
    with postgres.session(tenant) as db:
        db.execute(text("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE id = :id"), {"id": id})


def test_a_job_that_comes_to_its_end_is_done_with_its_result(tenant, marks):
    job = ended(tenant, "count", file=str(marks))
    assert (job.state, job.progress, job.result, job.attempts, job.error) == ("done", 1.0, {"marks": 1}, 1, None)
    assert job.created_at <= job.started_at <= job.finished_at


def test_an_error_of_the_domain_is_told_and_a_defect_is_not(tenant):
    assert (ended(tenant, "refuse").state, ended(tenant, "refuse").error) == ("failed", "The file has no heading.")
    job = ended(tenant, "break_down")
    assert (job.state, job.error) == ("failed", "Something went wrong here; the log has the details.")


def test_a_store_that_is_away_makes_the_job_wait_and_at_last_fail(tenant):
    job = ended(tenant, "miss_a_store")
    assert (job.state, job.message, job.finished_at) == ("waiting", "ClickHouse does not answer. It is tried again.", None)

    for _ in range(worker.MAX_ATTEMPTS):
        worker.perform(tenant, str(job.id))
    job = queue.status(tenant, job.id)
    assert (job.state, job.error) == ("failed", "It was begun 5 times and never came to an end.")


def test_many_wake_ups_run_a_job_once(tenant, marks):
    id = queue.enqueue("count", tenant=tenant, file=str(marks))
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: worker._claim(tenant, id), range(16)))
    assert len([claim for claim in claims if claim]) == 1

    worker.perform(tenant, str(id))
    assert not marks.exists()


def test_a_finished_or_unknown_or_foreign_job_is_not_run(tenant, other_tenant, marks):
    job = ended(tenant, "count", file=str(marks))
    worker.perform(tenant, str(job.id))
    foreign = queue.enqueue("count", tenant=other_tenant, file=str(marks))
    worker.perform(tenant, str(foreign))
    assert marks.read_text().splitlines() == [tenant]


def test_a_stopped_job_ends_at_its_next_report(tenant, marks, monkeypatch):
    monkeypatch.setattr(progress, "REPORT_EVERY_S", 0)
    id = queue.enqueue("count", tenant=tenant, file=str(marks), seconds=20)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(worker.perform, tenant, str(id))
        wait_for(tenant, id, "running")
        queue.stop(tenant, id)
        running.result(10)
    job = queue.status(tenant, id)
    assert (job.state, job.message, job.error) == ("stopped", "Stopped on request.", None)
    assert 0 < job.progress < 1

    assert queue.retry(tenant, id).state == "waiting"


def test_who_lost_the_lease_stops_and_does_not_write_over_the_other(tenant, marks):
    id = queue.enqueue("count", tenant=tenant, file=str(marks))
    first = worker._claim(tenant, id)
    lose_lease(tenant, id)
    second = worker._claim(tenant, id)
    assert (first.attempts, second.attempts) == (1, 2)

    with pytest.raises(Stopped, match="Another worker"):
        Claim(tenant, id, first.attempts).write(progress=0.9)
    assert Claim(tenant, id, second.attempts).write(progress=0.5) is False
    assert queue.status(tenant, id).progress == 0.5


def test_a_lease_is_kept_alive_while_the_job_says_nothing(tenant, marks, monkeypatch):
    monkeypatch.setattr(progress, "BEAT_S", 0.05)
    id = queue.enqueue("count", tenant=tenant, file=str(marks))
    claim = Claim(tenant, id, worker._claim(tenant, id).attempts)
    lose_lease(tenant, id)
    with progress.running(claim):
        time.sleep(0.5)
        assert worker._claim(tenant, id) is None


def test_a_report_outside_of_a_job_does_nothing():
    progress.report(0.5, "from a command")


def test_a_worker_process_runs_what_is_queued_and_ends_on_a_signal(tenant, marks):
    with worker_process() as process:
        id = queue.enqueue("count", tenant=tenant, file=str(marks))
        assert wait_for(tenant, id, "done").result == {"marks": 1}
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_a_job_whose_worker_was_killed_is_run_again(tenant, marks):
    with worker_process() as process:
        id = queue.enqueue("count", tenant=tenant, file=str(marks), seconds=20)
        wait_for(tenant, id, "running")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
    kill_children_of_rq()
    assert queue.status(tenant, id).state == "running"

    lose_lease(tenant, id)
    with postgres.session(tenant) as db:
        db.execute(text("UPDATE jobs SET arguments = arguments || '{\"seconds\": 0}'"))
    worker.perform(tenant, str(id))

    job = queue.status(tenant, id)
    assert (job.state, job.attempts, job.result) == ("done", 2, {"marks": 2})


@contextmanager
def worker_process():
    """A worker of its own, in a process group of its own."""
    redis.connection().delete(f"rq:queue:{queue.QUEUE}")  # wake-ups of other tests
    process = subprocess.Popen([sys.executable, "-c", WORKER], cwd=PROJECT, env=subprocess_environ(), start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def kill_children_of_rq() -> None:
    """The child that runs the job has a process group of its own; find it by its program and data folder."""
    for process in psutil.process_iter(["environ", "cmdline"]):
        if WORKER in (process.info["cmdline"] or []) and (process.info["environ"] or {}).get("ECAP_HOME") == os.environ["ECAP_HOME"]:
            process.kill()


def wait_for(tenant: str, id, state: str) -> queue.Job:
    deadline = time.monotonic() + 30
    while (job := queue.status(tenant, id)).state != state:
        assert time.monotonic() < deadline, f"the job is {job.state}: {job.message}{job.error}"
        time.sleep(0.05)
    return job
