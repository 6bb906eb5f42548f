"""Sessions, written again whole from the recorded events for whatever was touched. Doing it twice changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from sqlalchemy import text

from jobs.ingest_columns import TIME, WRITING
from stores import clickhouse, postgres
from stores.clickhouse import Sql

MOST_HOURS = 1000  # so many are named one by one; where there are more, all from the first to the last are read

# What one run is about, for every statement of it.
TOUCHED = Sql("(SELECT sh FROM touched_sessions WHERE customer_id = {tenant:String} AND run = {run:UInt64} AND NOT whole)")


@contextmanager
def run_of(tenant: str) -> Iterator[int]:
    """The number of a recomputation of `tenant`: higher than all before, and nobody else recomputes this shop meanwhile."""
    with postgres.session(tenant) as db:
        db.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"recompute {tenant}"})
        yield postgres.next_version(tenant)


def recompute_touched(tenant: str, touched: pa.Table, *, identified: tuple[str, ...] = ()) -> int:
    """Recompute the sessions in `touched` (visitor_id, session_id, first, last: of the events that touched them) and all sessions of the
    visitors in `identified`; the version that was written."""
    with run_of(tenant) as run:
        recompute(tenant, run, touched, identified=identified)
    return run


def recompute(tenant: str, run: int, touched: pa.Table, *, identified: tuple[str, ...] = ()) -> None:
    """The same as a part of a larger recomputation: `run` is its number, and touched_sessions keeps what it was about."""
    _note(tenant, run, touched, identified)
    if identified:
        _add_sessions_of_identified(tenant, run)
    if when := extent(tenant, run):
        write(tenant, run, when)
    bury(tenant, run)


TOUCHED_BY_IMPORT_SQL = """
SELECT visitor_id, session_id, min(timestamp) AS first, max(timestamp) AS last FROM events_raw
WHERE customer_id = {tenant:String} AND import_id = {import_id:String} GROUP BY visitor_id, session_id"""


def touched_by_import(tenant: str, import_id: str) -> pa.Table:
    """The sessions that have an event of this upload, as `recompute_touched` takes them; to be asked before its events are deleted."""
    return clickhouse.frame(TOUCHED_BY_IMPORT_SQL, {"tenant": tenant, "import_id": import_id})


def _note(tenant: str, run: int, touched: pa.Table, identified: tuple[str, ...]) -> None:
    visitors = touched["visitor_id"].to_pylist() + list(identified)
    count, whole = touched.num_rows, len(identified)
    rows = {
        "customer_id": pa.repeat(tenant, count + whole),
        "run": pa.array([run] * (count + whole), pa.uint64()),
        "visitor_id": visitors,
        "session_id": touched["session_id"].to_pylist() + [""] * whole,
        "first": pa.chunked_array([*_times(touched["first"]), pa.array([0] * whole, TIME)], TIME),
        "last": pa.chunked_array([*_times(touched["last"]), pa.array([0] * whole, TIME)], TIME),
        "whole": [False] * count + [True] * whole,
    }
    clickhouse.insert("touched_sessions", pa.table(rows))


def _times(column: pa.ChunkedArray) -> list[pa.Array]:
    return column.cast(TIME).chunks


ADD_IDENTIFIED_SQL = """
INSERT INTO touched_sessions (customer_id, run, visitor_id, session_id, first, last)
SELECT customer_id, {run:UInt64}, visitor_id, session_id, started_at, ended_at FROM sessions FINAL
WHERE customer_id = {tenant:String}
  AND vh IN (SELECT vh FROM touched_sessions WHERE customer_id = {tenant:String} AND run = {run:UInt64} AND whole)"""


def _add_sessions_of_identified(tenant: str, run: int) -> None:
    clickhouse.command(ADD_IDENTIFIED_SQL, {"tenant": tenant, "run": run})


# A session's own bounds count, too: it may have begun long before the event that touches it, and a window around
# the event would write it without its beginning.
HOURS_SQL = """
SELECT min(first) AS first, max(last) AS last, arraySort(groupUniqArrayArray({most:UInt32})(hours)) AS hours FROM (
    SELECT sh, min(first) AS first, max(last) AS last, least(dateDiff('hour', first, last), {most:UInt32}) AS more,
        arrayMap(n -> toStartOfHour(first) + toIntervalHour(n), range(toUInt32(more) + 1)) AS hours
    FROM (
        SELECT sh, first, last FROM touched_sessions WHERE customer_id = {tenant:String} AND run = {run:UInt64} AND NOT whole
        UNION ALL
        SELECT sh, started_at, ended_at FROM sessions FINAL WHERE customer_id = {tenant:String} AND sh IN $touched
    ) GROUP BY sh
) HAVING count() > 0"""


@dataclass(frozen=True)
class Extent:
    """When the sessions of a run have events: from `first` to `last`, and in these hours; no hours where there are too many."""

    first: datetime
    last: datetime
    hours: list[datetime]


def extent(tenant: str, run: int) -> Extent | None:
    """The Extent of a run; None where it is about nothing."""
    params = {"tenant": tenant, "run": run, "most": MOST_HOURS}
    for row in clickhouse.query(HOURS_SQL, params, touched=TOUCHED):
        return Extent(row["first"], row["last"], row["hours"] if len(row["hours"]) < MOST_HOURS else [])
    return None


# `place` is (timestamp, seq, event_id) as one number: the engine compares numbers far faster than tuples. Of the id it has the first
# 32 bits in the engine's own order of ids.
WRITE_SQL = """
INSERT INTO sessions (customer_id, day, vh, sh, ph, version, deleted, session_id, visitor_id, user_id,
    device_type, browser, os, country, region, source, medium, campaign, channel, referrer, is_bot, started_at, ended_at,
    event_count, page_views, order_count, revenue, cart_value,
    entry_page, exit_page, exit_type, has_error, low_rating, search_terms, ms, events, names, page_types, paths)
SELECT {tenant:String}, toDate(started_at), vh, sh, if(person = '', vh, cityHash64(concat('user:', person))), {run:UInt64}, 0,
    session_id, visitor_id, if(own_user != '', own_user, linked_user) AS person, device_type, browser, os, land.1, land.2,
    visit.1, visit.2, visit.3, visit.4, visit.5, is_bot, started_at, ended_at, event_count, page_views, order_count, revenue,
    greatest(0, arraySum(c -> c.2, arrayFilter(c -> c.1 > last_purchase, cart))),
    entry_page, exit_page, exit_type, has_error, low_rating, search_terms,
    arrayMap(e -> toUInt64(dateDiff('millisecond', started_at, e.2)), steps), arrayMap(e -> e.3, steps), arrayMap(e -> e.4, steps),
    arrayMap(e -> e.5, steps), arrayMap(e -> e.6, steps)
FROM
(
    WITH bitOr(bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)), 64), bitShiftLeft(toUInt128(seq), 32)),
        bitShiftRight(reinterpretAsUInt128(event_id), 96)) AS place
    SELECT sh, any(vh) AS vh, any(session_id) AS session_id, any(visitor_id) AS visitor_id,
        argMaxIf(user_id, place, user_id != '') AS own_user,
        argMinIf(device_type, place, device_type != '') AS device_type,
        argMinIf(browser, place, browser != '') AS browser,
        argMinIf(os, place, os != '') AS os,
        argMinIf((country, region), place, country != '') AS land,
        argMinIf((source, medium, campaign, channel, domainWithoutWWW(referrer)), place, channel != '') AS visit,
        max(is_bot) AS is_bot, min(timestamp) AS started_at, max(timestamp) AS ended_at,
        count() AS event_count, countIf(event = 'page_view') AS page_views, countIf(event = 'purchase') AS order_count,
        sum(revenue) AS revenue, maxIf(place, event = 'purchase') AS last_purchase,
        groupArrayIf(1000)((place, if(event = 'add_to_cart', value, -value)),
            event IN ('add_to_cart', 'remove_from_cart') AND value != 0) AS cart,
        argMinIf(page_path, place, page_path != '') AS entry_page,
        argMaxIf(page_path, place, page_path != '') AS exit_page,
        argMaxIf(page_type, place, page_type != '') AS exit_type,
        max(event = 'error') AS has_error, max(event = 'feedback' AND ifNull(rating <= 2, false)) AS low_rating,
        arraySort(groupUniqArrayIf(50)(search_term, search_term != '')) AS search_terms,
        arraySlice(arraySort(e -> e.1, groupArray(100000)((place, timestamp, event, event_name, page_type, page_path))), 1, 1000) AS steps
    FROM events_raw FINAL
    WHERE customer_id = {tenant:String} AND $when AND sh IN $touched
    GROUP BY sh
) AS touched
LEFT JOIN
(
    SELECT vh, argMax(user_id, linked_at) AS linked_user FROM visitor_users
    WHERE customer_id = {tenant:String}
      AND vh IN (SELECT vh FROM touched_sessions WHERE customer_id = {tenant:String} AND run = {run:UInt64})
    GROUP BY vh
) AS links USING (vh)"""
FROM_TO = Sql("timestamp >= {first:DateTime64(3, 'UTC')} AND timestamp <= {last:DateTime64(3, 'UTC')}")
IN_HOURS = Sql(" AND toStartOfHour(timestamp) IN {hours:Array(DateTime('UTC'))}")


def write(tenant: str, run: int, extent: Extent) -> None:
    """Write the touched sessions anew from their events. Few hours of a long time are read one by one, not all between them."""
    params = {"tenant": tenant, "run": run, "first": extent.first, "last": extent.last}
    if extent.hours:
        params["hours"] = [f"{hour:%Y-%m-%d %H:%M:%S}" for hour in extent.hours]
    where = FROM_TO + IN_HOURS if extent.hours else FROM_TO
    clickhouse.command(WRITE_SQL, params, settings=WRITING, touched=TOUCHED, when=where)


# A late event can move a session's start to an earlier day, and the day is part of its key; an erasure can take all of it.
BURY_SQL = """
INSERT INTO sessions (customer_id, day, vh, sh, version, deleted)
SELECT customer_id, day, vh, sh, {run:UInt64}, 1 FROM sessions FINAL
WHERE customer_id = {tenant:String} AND sh IN $touched AND version < {run:UInt64}"""


def bury(tenant: str, run: int) -> None:
    """Take away every row of a touched session that this run did not write."""
    clickhouse.command(BURY_SQL, {"tenant": tenant, "run": run}, settings=WRITING, touched=TOUCHED)
