"""Put what was recorded into the log. A position returned means: on disk, and it will be counted exactly once."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from actions import dead_letters, event_schema, faults, sessions_ids
from actions.dead_letters import Refused
from actions.enrichment import times
from actions.event_schema import Client, Event
from analytics import event_names
from errors import Unavailable
from stores import event_log, metrics

MAX_ENTRY = 10_000  # events or lines in one entry
NO_VISIT = frozenset({"identify", "alias", "group"})  # a call about a person, maybe from a server, begins no session

log = structlog.get_logger()


@dataclass(frozen=True)
class Outcome:
    """What became of the events of a request, in their order."""

    found: list[Event | Refused]

    @property
    def accepted(self) -> int:
        return len(self.found) - len(self.refused)

    @property
    def refused(self) -> list[Refused]:
        return [event for event in self.found if isinstance(event, Refused)]


def accept(
    tenant: str,
    found: Sequence[Event | Refused],
    *,
    origin: str,
    client: Client,
    received_at: int,
    request_id: str | None = None,
) -> Outcome:
    """The Outcome of a request: its events are on disk when this returns, what was refused is a dead letter.

    Raises Unavailable when the log takes nothing; then nothing of the request was accepted.
    """
    outcome = Outcome(list(found))
    events = [event for event in found if isinstance(event, Event)]
    if events:
        _give_sessions(tenant, events, received_at)
        _write(tenant, events, origin, client, received_at)
        _count(tenant, events)
    if len(events) < len(outcome.found):
        refuse(tenant, outcome.refused, origin=origin, request_id=request_id)
    return outcome


def refuse(tenant: str, refused: Sequence[Refused], *, origin: str, request_id: str | None = None) -> None:
    """Keep what was refused for its sender to read. Without the database it is only counted: the answer says the reason, too."""
    metrics.count("events_dropped_total", {"customer_id": tenant, "reason": "invalid"}, len(refused))
    try:
        dead_letters.put(tenant, refused, origin=origin, request_id=request_id)
    except Unavailable as problem:
        log.warning("refused events were not kept", tenant=tenant, count=len(refused), reason=problem.message)


def _give_sessions(tenant: str, events: list[Event], received_at: int) -> None:
    lost = [event for event in events if not event.session_id and event.event_type not in NO_VISIT]
    if lost:
        visits = [(event.visitor_id, times.corrected(event.timestamp, event.sent_at, received_at)) for event in lost]
        for event, session in zip(lost, sessions_ids.assign(tenant, visits), strict=True):
            event.session_id = session


def _write(tenant: str, events: list[Event], origin: str, client: Client, received_at: int) -> None:
    def write():
        record_events(tenant, events, origin=origin, client=client, received_at=received_at)

    if faults.is_on(faults.ANSWER_BEFORE_WRITE):
        threading.Timer(0.3, write).start()
    else:
        write()


def _count(tenant: str, events: list[Event]) -> None:
    for name, count in Counter([event.event_type for event in events]).items():
        metrics.count("events_received_total", {"customer_id": tenant, "event_type": event_names.label(name)}, count)


def record_events(
    tenant: str,
    events: list[Event],
    *,
    import_id: str = "",
    origin: str = "upload",
    received_at: int | None = None,
    client: Client | None = None,
) -> str:
    """The position in the log after which all `events` are on disk; `event_log.current().is_stored(position)` says when they are counted.

    Ids, times and sessions must be set. Repeating the call with the same ids counts nothing twice. Raises Unavailable when the log
    does not answer or is full.
    """
    return _append(tenant, origin, import_id, client, events=events, received_at=received_at)


def record_order_lines(tenant: str, lines: list[event_schema.OrderLine], *, import_id: str) -> str:
    """The position in the log after which all `lines` are on disk. The same line_id is kept once however often it is recorded."""
    return _append(tenant, "upload", import_id, None, lines=lines)


def mark(tenant: str) -> str:
    """A position in the log: once it is stored, so is everything that was recorded for this shop before."""
    entry = event_schema.Entry(tenant, now_ms(), "upload", "", event_schema.Client(), [], [])
    return event_log.current().append(tenant, event_schema.encode(entry), 1)  # the log takes no entry for nothing


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
            client or Client(),
            list(events[start : start + MAX_ENTRY]),
            list(lines[start : start + MAX_ENTRY]),
        )
        position = log.append(tenant, event_schema.encode(entry), entry.size)
    return position
