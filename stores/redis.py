"""Redis: what may be lost. Limits, cached answers, wake-ups, messages between processes. The event log has a server of its own."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError, TimeoutError

import settings
from errors import Unavailable

MAX_CONNECTIONS = 64  # a process; a further caller waits
WAIT_S = 5
SOCKET_TIMEOUT_S = 5

_clients: dict[tuple[str, int], redis.Redis] = {}
_lock = threading.Lock()


def connection() -> redis.Redis:
    """This process's client for the REDIS_URL of now; answers are bytes. Threads share it, a forked child makes its own."""
    key = settings.current().redis_url, os.getpid()
    if key not in _clients:
        with _lock:
            if key not in _clients:
                _clients[key] = redis.Redis.from_pool(_pool(key[0]))
    return _clients[key]


@contextmanager
def answers() -> Iterator[redis.Redis]:
    """The client, with Redis's silence turned into Unavailable."""
    try:
        yield connection()
    except (RedisConnectionError, TimeoutError, ReadOnlyError) as problem:
        raise Unavailable("Redis does not answer.") from problem


def is_up() -> bool:
    """Whether Redis answers."""
    try:
        with answers() as client:
            return client.ping()
    except Unavailable:
        return False


def listener() -> redis.Redis:
    """A client for subscriptions and blocking reads: its own connection, without a time limit on waiting."""
    return redis.Redis.from_url(settings.current().redis_url, socket_connect_timeout=SOCKET_TIMEOUT_S, health_check_interval=30)


def close() -> None:
    """Close this process's connections, as before the server goes away."""
    with _lock:
        for client in _clients.values():
            client.close()
            client.connection_pool.disconnect()
        _clients.clear()


# One round trip, and the window begins with its first request.
TAKE_LUA = """
local used = redis.call('INCRBY', KEYS[1], ARGV[1])
if used == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return {used, redis.call('PTTL', KEYS[1])}
"""


def take(name: str, amount: int, *, window_s: float) -> tuple[int, float]:
    """Add `amount` to the counter `name`; how much was taken in its window with this, and the seconds until the window ends."""
    with answers() as client:
        used, left_ms = client.eval(TAKE_LUA, 1, f"take:{name}", amount, int(window_s * 1000))
    return used, max(left_ms, 0) / 1000


def _pool(url: str) -> redis.ConnectionPool:
    limits = {"max_connections": MAX_CONNECTIONS, "timeout": WAIT_S}
    return redis.BlockingConnectionPool.from_url(url, socket_timeout=SOCKET_TIMEOUT_S, socket_connect_timeout=SOCKET_TIMEOUT_S, **limits)
