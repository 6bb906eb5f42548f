"""A job is a row first; Redis only wakes somebody."""

import pytest
from rq import Queue

import settings
from jobs import queue
from stores import redis


def waiting_in_redis() -> list[str]:
    return Queue(queue.QUEUE, connection=redis.connection()).job_ids


def test_a_job_is_written_and_somebody_is_woken(tenant):
    id = queue.enqueue("count", tenant=tenant, file="a", seconds=2)

    job = queue.status(tenant, id)
    assert (job.kind, job.arguments, job.state) == ("count", {"file": "a", "seconds": 2}, "waiting")
    assert str(id) in waiting_in_redis()


def test_a_second_request_joins_the_first(tenant):
    assert queue.enqueue("count", tenant=tenant, once="now", file="a") == queue.enqueue("count", tenant=tenant, once="now", file="b")


def test_without_redis_the_job_waits_for_the_scheduler(tenant, monkeypatch, tmp_path):
    monkeypatch.setenv("REDIS_URL", f"unix://{tmp_path}/nobody.sock?db=0")
    settings.current.cache_clear()
    try:
        id = queue.enqueue("count", tenant=tenant, file="a")
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()

    assert queue.status(tenant, id).state == "waiting"
    assert str(id) not in waiting_in_redis()


def test_an_unknown_kind_is_a_mistake(tenant):
    with pytest.raises(AssertionError, match="no kind of job"):
        queue.enqueue("dance", tenant=tenant)


def test_every_kind_names_a_function_that_exists():
    from jobs.kinds import KINDS

    assert all(callable(kind.load()) for kind in KINDS.values())
