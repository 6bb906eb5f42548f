"""Put what was recorded into the log. A position returned means: on disk, and it will be counted exactly once."""

import time

from actions import event_schema
from stores import event_log

MAX_ENTRY = 10_000  # events or lines in one entry


def record_events(
    tenant: str,
    events: list[event_schema.Event],
    *,
    import_id: str = "",
    origin: str = "upload",
    received_at: int | None = None,
    client: event_schema.Client | None = None,
) -> str:
    """The position in the log after which all `events` are on disk; `event_log.current().is_stored(position)` says when they are counted.

    Ids, times and sessions must be set. Repeating the call with the same ids counts nothing twice. Raises Unavailable when the log
    does not answer or is full.
    """
    return _append(tenant, origin, import_id, client, events=events, received_at=received_at)


def record_order_lines(tenant: str, lines: list[event_schema.OrderLine], *, import_id: str) -> str:
    """The position in the log after which all `lines` are on disk. The same line_id is kept once however often it is recorded."""
    return _append(tenant, "upload", import_id, None, lines=lines)


def now_ms() -> int:
    """This moment in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


def _append(tenant, origin, import_id, client, *, events=(), lines=(), received_at=None) -> str:
    log, position = event_log.current(), ""
    received_at = received_at or now_ms()
    for start in range(0, max(len(events), len(lines)), MAX_ENTRY):
        entry = event_schema.Entry(
            tenant,
            received_at,
            origin,
            import_id,
            client or event_schema.Client(),
            list(events[start : start + MAX_ENTRY]),
            list(lines[start : start + MAX_ENTRY]),
        )
        position = log.append(tenant, event_schema.encode(entry), entry.size)
    return position
