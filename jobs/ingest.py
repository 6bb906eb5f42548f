"""The consumer: takes what was accepted out of the log in big batches, stores it once, and forgets it only when it is in the numbers."""

import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field

import msgspec
import structlog

import settings
from actions import dead_letters, event_schema, faults
from actions.event_schema import Entry
from errors import Unavailable
from jobs import ingest_batch
from jobs.ingest_batch import Prepared, Touched
from jobs.known_ids import KnownIds
from stores import clickhouse, event_log, logs, postgres
from stores.event_log_entry import Delivery

BATCH = 50_000  # events; the look-up of ids costs one scan a batch, whatever its size
WAIT_MS = 1000  # for the first entry of a batch
FILL_S = 0.8  # for more of them while they keep coming
REST = 5.0  # a recomputation that took t is followed by as much recording as fits into REST × t
LONGEST_REST_S = 10.0
RETRY_S = 1.0
LOCK = "ingest"
# What a row itself is to blame for; anything else (a full disk, a lost connection) may pass and must lose nothing.
POISON = ("CANNOT_PARSE", "DECIMAL_OVERFLOW", "ARGUMENT_OUT_OF_BOUND", "VALUE_IS_OUT_OF_RANGE", "INCORRECT_DATA", "UNKNOWN_TYPE")

log = structlog.get_logger()


@dataclass
class _Open:
    """What a shop's recorded batches are about, and where they lie in the log."""

    touched: Touched = field(default_factory=Touched)
    deliveries: list[Delivery] = field(default_factory=list)


class Consumer:
    """Reads the log and stores it. One at a time: `run` takes a lock that dies with the process."""

    def __init__(self):
        self.known = KnownIds()
        self._open: dict[str, _Open] = {}  # by shop: recorded, not recomputed yet
        self._rest_until = 0.0

    def start(self) -> None:
        """Learn the ids of the last days and store what an earlier consumer left. Raises Invalid for a log that could lose entries."""
        event_log.current().check()
        count = self.known.load()
        left = event_log.current().unfinished()
        log.info("consumer starts", known_ids=count, left_entries=len(left))
        for start in range(0, len(left), 1000):
            self.store(_prepared(left[start : start + 1000]))
        self.finish()

    def store(self, batch: "Batch") -> None:
        """Write the batch; until `finish` its entries stay in the log."""
        for delivery, tenant in zip(batch.deliveries, batch.tenants, strict=True):
            self._open.setdefault(tenant, _Open()).deliveries.append(Delivery(delivery.position, b"", delivery.size))
        for tenant, touched in _record(batch.prepared, self.known).items():
            self._open[tenant].touched.add(touched)

    def finish_if_due(self) -> None:
        """Recompute unless it was done just now."""
        if self._open and time.monotonic() >= self._rest_until:
            self.finish()

    def finish(self) -> None:
        """Recompute what was touched, then forget the entries in the log.

        A shop whose recomputation ClickHouse refuses keeps its entries in the log and is tried again; the others go on.
        """
        started = time.monotonic()
        for tenant in list(self._open):
            try:
                ingest_batch.recompute(tenant, self._open[tenant].touched)
            except clickhouse.DatabaseError as problem:
                log.error("a shop cannot be recomputed", tenant=tenant, reason=str(problem)[:1000])
                continue
            if faults.is_on(faults.DIE_BEFORE_DONE) and random.random() < 0.1:
                os.kill(os.getpid(), signal.SIGKILL)
            event_log.current().done(self._open.pop(tenant).deliveries)
        took = time.monotonic() - started
        self._rest_until = time.monotonic() + (LONGEST_REST_S if self._open else min(took * REST, LONGEST_REST_S))

    def patience_s(self) -> float | None:
        """How long to wait for entries: what is recorded must not wait longer for its numbers. None is for ever."""
        return max(0.0, self._rest_until - time.monotonic()) if self._open else None


@dataclass(frozen=True)
class Batch:
    """Entries out of the log, by shop and worked out, and where they lie in it."""

    deliveries: list[Delivery]
    tenants: list[str]  # the shop of each; "" where it cannot be read
    prepared: list[Prepared]

    @property
    def size(self) -> int:
        return sum(delivery.size for delivery in self.deliveries)


def fetch(wait_ms: int) -> Batch:
    """The next Batch, empty when nothing came for `wait_ms`."""
    return _prepared(gather(wait_ms))


def run(stop: threading.Event | None = None) -> None:
    """Consume until `stop` is set or the process gets SIGTERM or SIGINT; a second consumer waits here until the first is gone."""
    logs.configure(settings.current())
    stop = stop or _stop_signal()
    lock = postgres.Lock(LOCK)
    while not stop.is_set():
        try:
            if lock.take():
                _consume(lock, stop)
            else:
                stop.wait(RETRY_S)
        except Unavailable as problem:
            # What was recorded and not finished is still in the log: start again from there.
            log.warning("consumer waits", reason=problem.message)
            stop.wait(RETRY_S)
    lock.release()


def drain() -> int:
    """Store everything that is in the log now, for commands and tests; how many events that were."""
    consumer, total = Consumer(), 0
    consumer.start()
    while (batch := fetch(wait_ms=1)).deliveries:
        consumer.store(batch)
        total += batch.size
    consumer.finish()
    return total


def gather(wait_ms: int) -> list[Delivery]:
    """The next entries of the log, up to about BATCH events."""
    source = event_log.current()
    found = source.read(BATCH, wait_ms)
    size, until = sum(delivery.size for delivery in found), time.monotonic() + FILL_S
    while found and size < BATCH and time.monotonic() < until:
        more = source.read(BATCH - size, 10)
        if not more:
            break
        found += more
        size += sum(delivery.size for delivery in more)
    return found


def _consume(lock: postgres.Lock, stop: threading.Event) -> None:
    """One thread reads the next batch and works it out while this one writes: Python and ClickHouse then work at the same time.

    What was read ahead and not stored when this ends stays in the log.
    """
    consumer, asked_at = Consumer(), time.monotonic()
    consumer.start()
    with ThreadPoolExecutor(1, "read-ahead") as ahead:
        coming = ahead.submit(fetch, WAIT_MS)
        while not stop.is_set():
            try:
                batch = coming.result(consumer.patience_s())
                coming = ahead.submit(fetch, WAIT_MS)
                consumer.store(batch)
            except FutureTimeout:
                pass
            consumer.finish_if_due()
            if time.monotonic() - asked_at > RETRY_S:
                asked_at = time.monotonic()
                if not lock.is_held():
                    raise Unavailable("The database does not answer.")
    consumer.finish()


def _prepared(deliveries: list[Delivery]) -> Batch:
    entries = [_decode(delivery) for delivery in deliveries]
    shops = [entry.tenant if entry else "" for entry in entries]
    return Batch(deliveries, shops, ingest_batch.prepare([entry for entry in entries if entry]))


def _decode(delivery: Delivery) -> Entry | None:
    try:
        return event_schema.decode(delivery.body)
    except msgspec.DecodeError as problem:
        log.error("an entry of the log cannot be read", position=delivery.position, size=len(delivery.body), reason=str(problem))
        return None


def _record(batch: list[Prepared], known: KnownIds) -> dict[str, Touched]:
    """Write the batch. Where a row itself makes the store refuse it, all others are stored and the row becomes a dead letter."""
    try:
        return ingest_batch.record(batch, known)
    except clickhouse.DatabaseError as problem:
        if not any(code in str(problem) for code in POISON):
            raise Unavailable(f"ClickHouse refuses a batch: {str(problem)[:500]}") from problem
        entries = [entry for prepared in batch for entry in prepared.entries]
        halves = _halves(entries)
        if not halves:
            _bury(entries[0], str(problem))
            return {}
    touched: dict[str, Touched] = {}
    for half in halves:
        for tenant, theirs in _record(ingest_batch.prepare(half), known).items():
            touched.setdefault(tenant, Touched()).add(theirs)
    return touched


def _halves(entries: list[Entry]) -> list[list[Entry]]:
    """The entries in two halves, a single one by its events; [] where there is one event or line only."""
    if len(entries) > 1:
        return [entries[: len(entries) // 2], entries[len(entries) // 2 :]]
    (entry,) = entries
    if entry.size <= 1:
        return []
    events, lines = (len(entry.events) + 1) // 2, len(entry.lines) // 2
    return [
        [msgspec.structs.replace(entry, events=entry.events[:events], lines=entry.lines[:lines])],
        [msgspec.structs.replace(entry, events=entry.events[events:], lines=entry.lines[lines:])],
    ]


def _bury(entry: Entry, reason: str) -> None:
    raw = msgspec.json.encode([msgspec.to_builtins(event) for event in entry.events] or [msgspec.to_builtins(line) for line in entry.lines])
    log.error("an event cannot be stored", tenant=entry.tenant, reason=reason[:300])
    dead_letters.put(entry.tenant, [dead_letters.Refused(raw, "The store refused this event.")], origin=entry.origin)


def _stop_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
