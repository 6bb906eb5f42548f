"""Forgets a shop's events that are older than it wants to keep them, and what was counted from them."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from actions import tenants
from jobs import ingest_batch
from jobs.ingest_batch import Touched
from stores import clickhouse
from stores.clickhouse import Sql


def run(tenant: str) -> int:
    """How many sessions were written anew or buried. Uploads stay until they are undone, and orders stay: they are the shop's books.

    Nothing is dropped by partition: a partition holds all shops. Safe to run twice.
    """
    days = tenants.load(tenant).retention_days
    if days is None:
        return 0
    before = datetime.now(UTC) - timedelta(days=days)
    touched = _touched(tenant, before)
    if touched.num_rows:
        _delete(tenant, before)
        ingest_batch.recompute(tenant, Touched([touched]))
    return touched.num_rows


TOUCHED_SQL = """
SELECT visitor_id, session_id, min(first) AS first, max(last) AS last FROM (
    SELECT visitor_id, session_id, timestamp AS first, timestamp AS last FROM events_raw
    WHERE customer_id = {tenant:String} AND timestamp < {before:DateTime64(3, 'UTC')} AND import_id = ''
    UNION ALL
    SELECT visitor_id, session_id, started_at, ended_at FROM sessions FINAL
    WHERE customer_id = {tenant:String} AND started_at < {before:DateTime64(3, 'UTC')}
) GROUP BY visitor_id, session_id"""


def _touched(tenant: str, before: datetime) -> pa.Table:
    """The sessions that began before; those too whose events an earlier run deleted before it was killed."""
    return clickhouse.frame(TOUCHED_SQL, {"tenant": tenant, "before": before})


OLD = Sql("customer_id = {tenant:String} AND timestamp < {before:DateTime64(3, 'UTC')} AND import_id = ''")


def _delete(tenant: str, before: datetime) -> None:
    clickhouse.delete("events_raw", OLD, {"tenant": tenant, "before": before})
