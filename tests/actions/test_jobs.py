"""Jobs as rows: joined, stopped, restarted, and never shown to another shop."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from actions import jobs
from errors import Conflict, NotFound
from stores import postgres


def add(tenant: str, **more):
    with postgres.session(tenant) as db:
        return jobs.add(db, "forget", tenant=tenant, **more)


def set_state(tenant: str, id, state: str) -> None:
    with postgres.session(tenant) as db:
        db.execute(text("UPDATE jobs SET state = :state WHERE id = :id"), {"state": state, "id": id})


def test_a_new_job_waits_with_its_arguments(tenant):
    job = jobs.load(tenant, add(tenant, arguments={"file": "a.csv"}))
    assert (job.kind, job.arguments, job.state, job.progress, job.attempts, job.is_finished) == (
        "forget",
        {"file": "a.csv"},
        "waiting",
        0,
        0,
        False,
    )


def test_a_second_request_joins_an_unfinished_one_and_not_a_finished_one(tenant, other_tenant):
    first = add(tenant, once="daily")
    assert add(tenant, once="daily") == first
    assert add(tenant, once="weekly") != first
    assert add(tenant) != add(tenant)
    assert add(other_tenant, once="daily") != first

    set_state(tenant, first, "running")
    assert add(tenant, once="daily") == first
    set_state(tenant, first, "done")
    assert add(tenant, once="daily") != first


def test_a_job_asked_for_in_a_transaction_that_fails_is_not_there(tenant):
    def half() -> None:
        with postgres.session(tenant) as db:
            jobs.add(db, "forget", tenant=tenant)
            raise NotFound("the thing it was for")

    with pytest.raises(NotFound):
        half()
    assert jobs.recent(tenant) == []


def test_another_shops_job_is_not_found(tenant, other_tenant):
    id = add(tenant)
    for ask in (jobs.load, jobs.stop, jobs.restart):
        with pytest.raises(NotFound):
            ask(other_tenant, id)
    with pytest.raises(NotFound):
        jobs.load(tenant, uuid4())
    assert jobs.load(tenant, id).state == "waiting"


def test_a_waiting_job_is_stopped_at_once_and_a_running_one_is_asked_to(tenant):
    assert jobs.stop(tenant, add(tenant)).state == "stopped"

    running = add(tenant)
    set_state(tenant, running, "running")
    job = jobs.stop(tenant, running)
    assert (job.state, job.stop_requested) == ("running", True)

    done = add(tenant)
    set_state(tenant, done, "done")
    job = jobs.stop(tenant, done)
    assert (job.state, job.stop_requested) == ("done", False)


def test_only_a_job_that_failed_or_was_stopped_runs_again(tenant):
    id = add(tenant)
    for state in ("waiting", "running", "done"):
        set_state(tenant, id, state)
        with pytest.raises(Conflict):
            jobs.restart(tenant, id)
    for state in ("failed", "stopped"):
        set_state(tenant, id, state)
        job = jobs.restart(tenant, id)
        assert (job.state, job.attempts, job.error, job.stop_requested) == ("waiting", 0, None, False)


def test_the_newest_come_first(tenant):
    ids = [add(tenant) for _ in range(3)]
    assert [job.id for job in jobs.recent(tenant)] == ids[::-1]
    assert [job.id for job in jobs.recent(tenant, limit=1)] == ids[-1:]
