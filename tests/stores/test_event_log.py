"""The log keeps what it answered for, in order, until it is told that it is stored."""

import uuid

import pytest
import redis

import settings
from errors import Invalid, Unavailable
from stores import event_log
from stores.event_log import RedisLog


@pytest.fixture
def url(servers, tmp_path) -> str:
    """The log's server, with a database of this test's own."""
    address = servers.environ["EVENT_LOG_URL"]
    own = address.replace("db=0", "db=9")
    assert own != address
    redis.Redis.from_url(own).flushdb()
    return own


@pytest.fixture
def log(url) -> RedisLog:
    return RedisLog(url, cap=10)


def test_what_was_appended_is_read_in_order(log):
    positions = [log.append("t", f"entry {n}".encode(), 1) for n in range(3)]
    assert log.unfinished() == []
    assert [(found.position, found.body, found.size) for found in log.read(100, 10)] == [
        (positions[0], b"entry 0", 1),
        (positions[1], b"entry 1", 1),
        (positions[2], b"entry 2", 1),
    ]


def test_the_backlog_counts_events_until_they_are_done(log):
    log.append("t", b"a", 3)
    log.append("t", b"b", 4)
    log.unfinished()
    first, second = log.read(100, 10)
    assert log.backlog() == 7
    log.done([first])
    assert (log.backlog(), log.is_stored(first.position), log.is_stored(second.position)) == (4, True, False)


def test_an_acknowledgement_repeated_after_a_crash_is_counted_once(log):
    log.append("t", b"a", 3)
    log.append("t", b"b", 4)
    log.unfinished()
    first, _ = log.read(100, 10)
    log.done([first])
    log.done([first])
    assert log.backlog() == 4


def test_a_full_log_refuses_and_takes_again_when_there_is_room(log):
    log.append("t", b"a", 10)
    with pytest.raises(Unavailable) as refusal:
        log.append("t", b"b", 1)
    assert refusal.value.retry_after_s == 5
    log.unfinished()
    log.done(log.read(100, 10))
    assert log.append("t", b"b", 1)


def test_what_a_killed_consumer_left_comes_to_the_next_one(url, log):
    for n in range(5):
        log.append("t", f"entry {n}".encode(), 1)
    log.unfinished()
    taken = log.read(2, 10)
    log.done(taken[:1])
    heir = RedisLog(url, cap=10)
    left = [found.body for found in heir.unfinished()]
    assert left + [found.body for found in heir.read(100, 10)] == [f"entry {n}".encode() for n in range(1, 5)]


def test_a_reader_finds_its_way_into_a_log_that_was_emptied_under_it(url, log):
    log.unfinished()
    redis.Redis.from_url(url).flushdb()
    log.append("t", b"a", 1)
    assert log.read(10, 10) == []  # it makes the group again
    assert [found.body for found in log.read(10, 10)] == [b"a"]


def test_nothing_to_read_is_waited_for_only_so_long(log):
    log.unfinished()
    assert log.read(100, 20) == []


def test_the_embedded_log_writes_to_disk_before_it_answers(servers):
    event_log.current().check()


def test_a_log_that_may_lose_what_it_answered_for_is_refused(servers):
    with pytest.raises(Invalid, match="appendfsync everysec"):
        RedisLog(settings.current().redis_url, cap=10).check()


def test_a_log_that_does_not_answer_accepts_nothing(tmp_path):
    silent = RedisLog(f"unix://{tmp_path}/nobody.sock?db=0", cap=10)
    for attempt in (lambda: silent.append("t", b"a", 1), silent.backlog, silent.unfinished, silent.check):
        with pytest.raises(Unavailable):
            attempt()


def test_there_is_one_log_for_the_settings_of_a_process(servers, monkeypatch):
    assert event_log.current() is event_log.current()
    assert isinstance(event_log.current(), RedisLog)


def test_entries_of_any_bytes_come_back_as_they_were(log):
    body = uuid.uuid4().bytes + b"\0\r\n\xff" * 1000
    log.append("t", body, 1)
    log.unfinished()
    assert [found.body for found in log.read(1, 10)] == [body]
