"""How many events a shop may send in a minute, counted for all processes together without asking Redis for every one."""

import math
import threading
import time

import settings
from actions.tenants import Tenant
from errors import LimitExceeded, Unavailable
from stores import metrics, redis

WINDOW_S = 60
LEASE = 100  # events that a process takes at a time: one request in a hundred asks Redis

_leases: dict[str, list] = {}  # tenant -> [events left, until]
_lock = threading.Lock()


def take(tenant: Tenant, amount: int) -> None:
    """Count `amount` events of the shop; raises LimitExceeded when its tier allows no more in this minute.

    The limit is never passed; with several processes a shop may be stopped up to LEASE events a process before it. While Redis is
    away nothing is counted: events are worth more than a limit.
    """
    allowed = _a_minute(tenant)
    if allowed is None or not amount:
        return
    with _lock:
        lease = _leases.get(tenant.id)
        if lease and lease[1] > time.monotonic() and lease[0] >= amount:
            lease[0] -= amount
            return
    _take_from_redis(tenant, amount, allowed)


def _a_minute(tenant: Tenant) -> int | None:
    chosen = settings.current()
    return {"standard": chosen.events_per_minute, "enterprise": chosen.events_per_minute_enterprise}.get(tenant.tier)


def _take_from_redis(tenant: Tenant, amount: int, allowed: int) -> None:
    wanted = max(amount, LEASE)
    try:
        used, left_s = redis.take(f"events:{tenant.id}", wanted, window_s=WINDOW_S)
    except Unavailable:
        return
    granted = wanted - max(0, used - allowed)
    with _lock:
        lease = _leases.get(tenant.id)
        rest = lease[0] if lease and lease[1] > time.monotonic() else 0
        spare = max(0, granted) + rest
        _leases[tenant.id] = [max(0, spare - amount) if spare >= amount else spare, time.monotonic() + left_s]
    if spare < amount:
        metrics.count("events_dropped_total", {"customer_id": tenant.id, "reason": "limit"}, amount)
        wait_s = max(1, math.ceil(left_s))
        details = {"limit": allowed, "window": "1 minute", "retry_after": wait_s}
        raise LimitExceeded(f"This shop may send {allowed:,} events a minute.", retry_after_s=wait_s, details=details)
