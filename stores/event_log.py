"""The durable log in front of ClickHouse: what was accepted stays here until it is stored. Redis Streams, or Kafka where it is set."""

from functools import lru_cache
from typing import Protocol

import redis

import settings
from errors import Invalid, Unavailable
from stores.event_log_entry import Delivery
from stores.event_log_kafka import KafkaLog

STREAM, COUNTER, GROUP, CONSUMER = "events", "events:backlog", "ingest", "ingest"
CONNECTIONS = 64  # threads wait for one of these

# The cap, the count and the entry are one step, so the count never drifts from what lies in the stream.
APPEND_LUA = """
if tonumber(redis.call('GET', KEYS[2]) or '0') >= tonumber(ARGV[3]) then return false end
redis.call('INCRBY', KEYS[2], ARGV[2])
return redis.call('XADD', KEYS[1], '*', 'n', ARGV[2], 'e', ARGV[1])
"""

# An entry that was removed already (an acknowledgement repeated after a crash) must not be subtracted again.
DONE_LUA = """
local gone = 0
for i = 2, #ARGV, 2 do
  redis.call('XACK', KEYS[1], ARGV[1], ARGV[i])
  if redis.call('XDEL', KEYS[1], ARGV[i]) == 1 then gone = gone + tonumber(ARGV[i + 1]) end
end
return redis.call('DECRBY', KEYS[2], gone)
"""


class Log(Protocol):
    """What both logs can do. Every method raises Unavailable when the log does not answer."""

    def check(self) -> None:
        """Raises Invalid when the log would lose acknowledged entries with its machine."""

    def append(self, tenant: str, body: bytes, size: int) -> str:
        """The entry's position, once it is on disk. Raises Unavailable when the backlog is at its cap, too."""

    def unfinished(self) -> list[Delivery]:
        """What an earlier consumer took and did not finish, oldest first; the consumer's first question."""

    def read(self, size: int, wait_ms: int) -> list[Delivery]:
        """The next entries, about `size` events; waits up to `wait_ms` for the first and answers what there is then."""

    def done(self, deliveries: list[Delivery]) -> None:
        """Forget entries that are stored."""

    def is_stored(self, position: str) -> bool:
        """Whether the entry, and so all before it of its tenant, was finished by the consumer."""

    def backlog(self) -> int:
        """How much was accepted and is not stored yet: events, with Kafka entries."""


@lru_cache(maxsize=4)
def _log(redis_url: str, kafka_servers: str, cap: int) -> Log:
    return KafkaLog(kafka_servers, cap) if kafka_servers else RedisLog(redis_url, cap)


def current() -> Log:
    """The log of these settings; it connects at its first use."""
    chosen = settings.current()
    return _log(chosen.event_log_url, chosen.kafka_bootstrap_servers, chosen.max_log_backlog)


class RedisLog:
    """A stream with one consumer group, in a Redis that holds nothing else and writes every command to disk before it answers."""

    def __init__(self, url: str, cap: int):
        self._cap = cap
        pool = redis.BlockingConnectionPool.from_url(url, max_connections=CONNECTIONS, timeout=3, socket_timeout=5)
        self._redis = redis.Redis(connection_pool=pool)
        self._append = self._redis.register_script(APPEND_LUA)
        self._done = self._redis.register_script(DONE_LUA)
        self._mean_size = 1.0  # of the entries read last, so that `read` asks for about as many as wanted

    def check(self) -> None:
        with _answers():
            found = self._redis.config_get("append*")
        if found.get("appendonly") != "yes" or found.get("appendfsync") != "always":
            raise Invalid(
                f"The event log's Redis has appendonly {found.get('appendonly')} and appendfsync {found.get('appendfsync')}; "
                "acknowledged events need `appendonly yes` and `appendfsync always`."
            )

    def append(self, tenant: str, body: bytes, size: int) -> str:
        with _answers():
            position = self._append(keys=[STREAM, COUNTER], args=[body, size, self._cap])
        if position is None:
            raise Unavailable("Too many events wait to be stored. Nothing of this request was accepted.", retry_after_s=5)
        return position.decode()

    def unfinished(self) -> list[Delivery]:
        self._make_group()
        found, start = [], "0-0"
        while True:
            with _answers():
                start, entries, *_ = self._redis.xautoclaim(STREAM, GROUP, CONSUMER, min_idle_time=0, start_id=start, count=100)
            # An entry deleted between the two halves of an acknowledgement comes back without fields.
            found += [_delivery(position, fields) for position, fields in entries if fields]
            if start in (b"0-0", "0-0"):
                return found

    def read(self, size: int, wait_ms: int) -> list[Delivery]:
        count = max(1, int(size / self._mean_size))
        try:
            with _answers():
                answer = self._redis.xreadgroup(GROUP, CONSUMER, {STREAM: ">"}, count=count, block=wait_ms)
        except _NoGroup:
            self._make_group()
            return []
        deliveries = [_delivery(position, fields) for _, entries in _pairs(answer) for position, fields in entries if fields]
        if deliveries:
            self._mean_size = sum(d.size for d in deliveries) / len(deliveries)
        return deliveries

    def done(self, deliveries: list[Delivery]) -> None:
        for start in range(0, len(deliveries), 1000):
            args = [GROUP]
            for delivery in deliveries[start : start + 1000]:
                args += [delivery.position, delivery.size]
            with _answers():
                self._done(keys=[STREAM, COUNTER], args=args)

    def is_stored(self, position: str) -> bool:
        with _answers():
            return not self._redis.xrange(STREAM, position, position, count=1)

    def backlog(self) -> int:
        with _answers():
            return int(self._redis.get(COUNTER) or 0)

    def _make_group(self) -> None:
        try:
            with _answers():
                self._redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except _GroupExists:
            pass


class _NoGroup(Exception):
    """The stream was lost or never written to."""


class _GroupExists(Exception):
    """Somebody made the group before."""


class _answers:
    """Redis' refusals as ours. MISCONF and OOM (a full disk, a full memory) mean that nothing was written: try again later."""

    def __enter__(self):
        return self

    def __exit__(self, kind, problem, trace):
        if not isinstance(problem, redis.RedisError):
            return
        text = str(problem)
        if text.startswith("NOGROUP"):
            raise _NoGroup from problem
        if text.startswith("BUSYGROUP"):
            raise _GroupExists from problem
        raise Unavailable("The event log does not answer. Nothing of this request was accepted.") from problem


def _delivery(position: bytes, fields: dict) -> Delivery:
    return Delivery(position.decode(), fields[b"e"], int(fields[b"n"]))


def _pairs(answer):
    """redis-py answers a list of pairs under RESP2 and a dict under RESP3."""
    return answer.items() if isinstance(answer, dict) else answer or []
