"""The same promises on Kafka, on librdkafka's own mock of a cluster."""

import time

import pytest
from confluent_kafka import Producer

from errors import Unavailable
from stores.event_log import _log
from stores.event_log_kafka import KafkaLog

PATIENCE_S = 30


@pytest.fixture(scope="module")
def cluster():
    """The addresses of three brokers that live as long as this producer."""
    owner = Producer({"bootstrap.servers": "mock", "test.mock.num.brokers": 3})
    yield ",".join(f"{broker.host}:{broker.port}" for broker in owner.list_topics(timeout=10).brokers.values())
    owner.flush(0)


@pytest.fixture
def log(cluster) -> KafkaLog:
    log = KafkaLog(cluster, cap=1000)
    log.append("warm-up", b"", 0)
    log.done(_read(log, lambda found: bool(found)))
    yield log
    log.close()


def _read(log: KafkaLog, is_enough) -> list:
    """A group takes some seconds to form."""
    found, until = [], time.monotonic() + PATIENCE_S
    while not is_enough(found) and time.monotonic() < until:
        found += log.read(100, 200)
    return found


def test_a_shops_entries_are_read_in_order_and_forgotten_when_they_are_stored(log):
    positions = [log.append("shop", f"entry {n}".encode(), 2) for n in range(3)]
    found = _read(log, lambda found: len(found) == 3)
    assert [(entry.position, entry.body, entry.size) for entry in found] == [(positions[n], f"entry {n}".encode(), 2) for n in range(3)]
    assert (log.backlog(), log.is_stored(positions[0]), log.is_stored(positions[2])) == (3, False, False)
    log.done(found[:1])
    assert (log.is_stored(positions[0]), log.is_stored(positions[2])) == (True, False)
    log.done(found[1:])
    assert (log.backlog(), log.is_stored(positions[2])) == (0, True)


def test_what_a_killed_consumer_left_comes_to_the_next_one(cluster, log):
    log.append("shop", b"left behind", 1)
    assert [entry.body for entry in _read(log, lambda found: bool(found))] == [b"left behind"]
    log.close()
    heir = KafkaLog(cluster, cap=1000)
    assert heir.unfinished() == []
    found = _read(heir, lambda found: bool(found))
    assert [entry.body for entry in found] == [b"left behind"]
    heir.done(found)
    heir.close()


def test_a_full_log_refuses(cluster, log):
    full = KafkaLog(cluster, cap=0)
    with pytest.raises(Unavailable):
        full.append("shop", b"one too many", 1)
    full.close()


def test_brokers_that_do_not_answer_accept_nothing():
    nobody = KafkaLog("127.0.0.1:1", cap=10)
    with pytest.raises(Unavailable):
        nobody.check()
    nobody.close()


def test_the_log_is_kafka_where_the_settings_say_so(cluster):
    assert isinstance(_log("unix:///unused", cluster, 10), KafkaLog)
