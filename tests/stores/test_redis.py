"""Counters with a window, one client a process, and silence that has a name."""

import os
import time
from uuid import uuid4

import pytest

import settings
from errors import Unavailable
from stores import redis


def test_a_counter_adds_up_within_its_window(servers):
    name = uuid4().hex

    first, left_s = redis.take(name, 3, window_s=60)
    second, _ = redis.take(name, 4, window_s=60)

    assert (first, second) == (3, 7)
    assert 59 < left_s <= 60


def test_a_window_ends_where_its_first_request_put_it(servers):
    name = uuid4().hex
    redis.take(name, 5, window_s=0.2)
    time.sleep(0.1)
    redis.take(name, 5, window_s=0.2)
    time.sleep(0.15)

    assert redis.take(name, 1, window_s=0.2)[0] == 1


def test_threads_of_a_process_share_a_client_and_a_child_makes_its_own(servers):
    mine = redis.connection()
    assert redis.connection() is mine

    child = os.fork()
    if child == 0:
        os._exit(0 if redis.connection() is not mine and redis.is_up() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_silent_server_is_unavailable(servers, monkeypatch, tmp_path):
    monkeypatch.setenv("REDIS_URL", f"unix://{tmp_path}/nobody.sock?db=0")
    settings.current.cache_clear()
    try:
        assert redis.is_up() is False
        with pytest.raises(Unavailable, match="Redis does not answer"):
            redis.take("a", 1, window_s=1)
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()


def test_a_live_server_is_up(servers):
    assert redis.is_up() is True
