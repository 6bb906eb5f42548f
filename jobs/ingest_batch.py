"""One batch out of the log: recorded first, then everything that follows from it recomputed. Each half may be repeated at any point."""

from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute

from actions import faults, tenants
from actions.event_schema import Entry
from actions.ingest import now_ms
from actions.tenants import Tenant
from errors import NotFound
from jobs import funnels, ingest_columns, ingest_news, ingest_orders, ingest_persons, order_lines, sessions
from jobs.ingest_columns import Columns
from jobs.known_ids import KnownIds
from stores import clickhouse, metrics, postgres

# What else is derived from sessions: `recompute(tenant, run)` reads what the run is about from touched_sessions.
DERIVERS = (funnels.recompute,)


@dataclass
class Touched:
    """What a shop's batches are about, until it is recomputed."""

    sessions: list[pa.Table] = field(default_factory=list)  # visitor_id, session_id, first, last
    identified: set[str] = field(default_factory=set)  # visitors whose user was named
    orders: set[str] = field(default_factory=set)

    def add(self, other: "Touched") -> None:
        """Make this one about both."""
        self.sessions += other.sessions
        self.identified |= other.identified
        self.orders |= other.orders


@dataclass(frozen=True)
class Prepared:
    """What one shop's entries of a batch say, ready to be written."""

    tenant: Tenant
    columns: Columns
    entries: list[Entry]


def prepare(entries: list[Entry]) -> list[Prepared]:
    """The entries by shop, with their columns worked out. It writes nothing, so that it can be done ahead."""
    by_tenant = groupby(sorted(entries, key=lambda entry: entry.tenant), key=lambda entry: entry.tenant)
    return [found for id, theirs in by_tenant if (found := _prepare_shop(id, list(theirs)))]


def record(batch: list[Prepared], known: KnownIds) -> dict[str, Touched]:
    """Write what is new into the recorded tables; what each shop's batch touches, whether it was new or not.

    What comes again after a crash must touch again: nobody knows whether it was recomputed.
    """
    return {prepared.tenant.id: _record_shop(prepared, known) for prepared in batch}


def recompute(tenant: str, touched: Touched) -> None:
    """Write everything anew that follows from what was touched."""
    try:
        tenants.load(tenant)
    except NotFound:
        return
    started_ms = now_ms()
    with sessions.run_of(tenant) as run:
        sessions.recompute(tenant, run, _merged(touched.sessions), identified=tuple(sorted(touched.identified)))
        order_lines.recompute_touched(tenant, run, sorted(touched.orders))
        for derive in DERIVERS:
            derive(tenant, run)
    ingest_news.note_as_of(tenant, started_ms)


def _prepare_shop(id: str, entries: list[Entry]) -> Prepared | None:
    try:
        tenant = tenants.load(id)
    except NotFound:  # deleted while its events waited
        metrics.count("events_dropped_total", {"customer_id": id, "reason": "no such shop"}, sum(entry.size for entry in entries))
        return None
    return Prepared(tenant, ingest_columns.build(tenant, entries), entries)


def _record_shop(prepared: Prepared, known: KnownIds) -> Touched:
    tenant, columns, entries = prepared.tenant, prepared.columns, prepared.entries
    fresh = _fresh(tenant, columns, known)
    _write(tenant, columns, fresh, entries)
    known.add([columns.events[index].event_id for index in fresh])
    ingest_news.publish(tenant.id, columns, fresh)
    _measure(tenant.id, columns, fresh)
    return Touched([_sessions(columns)], ingest_persons.identified(columns), set(ingest_orders.order_ids(columns, entries)))


def _fresh(tenant: Tenant, columns: Columns, known: KnownIds) -> np.ndarray:
    """The places of the events to write: the first delivery of each id, here and in the last eight days."""
    ids = [event.event_id for event in columns.events]
    if faults.is_on(faults.SKIP_ID_LOOKUP) or not ids:
        return np.arange(len(ids))
    first = {}
    for place, id in enumerate(ids):
        first.setdefault(id, place)
    places = np.fromiter(first.values(), np.int64, len(first))
    is_known = known.among(tenant.id, postgres.next_version(tenant.id), list(first))
    return places[~is_known]


def _write(tenant: Tenant, columns: Columns, fresh: np.ndarray, entries: list[Entry]) -> None:
    """The ids come last: an id that is there says that all the rest of its event is there."""
    rows = columns.rows if len(fresh) == columns.rows.num_rows else columns.rows.take(pa.array(fresh))
    lines = ingest_orders.rows(tenant.id, columns, set(fresh.tolist()), entries)
    if rows.num_rows:
        clickhouse.insert("events_raw", rows, settings=ingest_columns.WRITING)
    if lines.num_rows:
        clickhouse.insert("order_lines_raw", lines, settings=ingest_columns.WRITING)
    ingest_persons.record(tenant.id, columns, fresh)
    if rows.num_rows:
        clickhouse.insert("event_ids", rows.select(["customer_id", "event_id"]))


def _sessions(columns: Columns) -> pa.Table:
    """The batch's sessions with their first and last event; an event without a session (identify, alias) is in none."""
    seen = columns.rows.select(["visitor_id", "session_id", "timestamp"])
    seen = seen.filter(pa.compute.not_equal(seen["session_id"], ""))
    return _bounds(seen.append_column("last", seen["timestamp"]).rename_columns(["visitor_id", "session_id", "first", "last"]))


def _merged(tables: list[pa.Table]) -> pa.Table:
    return _bounds(pa.concat_tables(tables)) if tables else _bounds(_NO_SESSIONS)


def _bounds(seen: pa.Table) -> pa.Table:
    grouped = seen.group_by(["visitor_id", "session_id"]).aggregate([("first", "min"), ("last", "max")])
    return grouped.select([*_BOUNDS, "first_min", "last_max"]).rename_columns([*_BOUNDS, "first", "last"])


_BOUNDS = ["visitor_id", "session_id"]
_NO_SESSIONS = pa.schema(
    [("visitor_id", pa.string()), ("session_id", pa.string()), ("first", ingest_columns.TIME), ("last", ingest_columns.TIME)]
).empty_table()


def _measure(tenant: str, columns: Columns, fresh: np.ndarray) -> None:
    labels = {"customer_id": tenant}
    metrics.count("events_stored_total", labels, len(fresh))
    metrics.count("events_repeated_total", labels, len(columns.events) - len(fresh))
    if len(fresh):
        received = columns.entries[int(fresh[0])].received_at
        metrics.observe("event_delay_seconds", labels, max(0, now_ms() - received) / 1000)
