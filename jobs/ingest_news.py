"""Tells live pages what arrived, and everybody how fresh the numbers are. Both may be lost; the next batch says it again."""

import json
from datetime import UTC, datetime

import numpy as np
import structlog

from errors import Unavailable
from jobs.ingest_columns import Columns
from stores import redis

MOST = 100  # newest events of a batch that are told one by one

log = structlog.get_logger()


def publish(tenant: str, columns: Columns, fresh: np.ndarray) -> None:
    """Send the newest stored events to the channel `live:<tenant>`, as a JSON list in their order."""
    if not len(fresh):
        return
    newest = [_news(columns, place) for place in fresh[-MOST:].tolist()]
    _send(lambda client: client.publish(f"live:{tenant}", json.dumps(newest)))


def note_as_of(tenant: str, moment_ms: int) -> None:
    """Remember under `as_of:<tenant>` that what was recorded until `moment_ms` is in the numbers of `tenant`."""
    _send(lambda client: client.set(f"as_of:{tenant}", moment_ms))


def _news(columns: Columns, place: int) -> dict:
    event = columns.events[place]
    at = datetime.fromtimestamp(int(columns.times[place]) / 1000, UTC).isoformat(timespec="milliseconds")
    return {
        "event_type": event.event_type,
        "event_name": event.event_name or event.event_type,
        "visitor_id": event.visitor_id,
        "timestamp": at.replace("+00:00", "Z"),
    }


def _send(what) -> None:
    try:
        with redis.answers() as client:
            what(client)
    except Unavailable as problem:
        log.warning("live pages were not told", reason=problem.message)
