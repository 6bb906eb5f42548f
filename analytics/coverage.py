"""How much of reality do the answers cover? Which filters there are, and up to when everything was read."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

from analytics.scope import Filters, Scope
from errors import Unavailable
from stores import clickhouse, redis

AS_OF_KEY = "as_of:{}"  # of a shop: when its sessions were last recomputed, in milliseconds since 1970; jobs.ingest keeps it
MOST = 50  # values of a filter; a list of more is not read

OPTIONS_SQL = """
SELECT filter, value, sum(n) AS n FROM (
    SELECT pair.1 AS filter, pair.2 AS value, count() AS n FROM sessions FINAL
    ARRAY JOIN [('channel', toString(channel)), ('country', toString(country)), ('device', toString(device_type))] AS pair
    WHERE $sessions GROUP BY filter, value
    UNION ALL
    SELECT pair.1 AS filter, pair.2 AS value, countIf(line = 0) AS n FROM order_lines FINAL
    ARRAY JOIN [('channel', toString(channel)), ('country', toString(country)), ('device', toString(device_type))] AS pair
    WHERE $orders GROUP BY filter, value
)
WHERE value != '' GROUP BY filter, value ORDER BY filter, n DESC, value LIMIT {most:UInt32} BY filter"""


def filter_options(scope: Scope) -> dict[str, list[str]]:
    """The values of each filter in the scope's period, the most frequent first, whatever the scope is narrowed to."""
    whole = replace(scope, filters=Filters())
    options = defaultdict(list)
    for row in clickhouse.query(OPTIONS_SQL, whole.params | {"most": MOST}, sessions=whole.sessions, orders=whole.orders):
        options[row["filter"]].append(row["value"])
    return {name: options[name] for name in ("channel", "country", "device")}


def as_of(tenant: str) -> datetime | None:
    """Up to when everything that arrived is in the answers; None before the first event.

    The consumer notes it after each recomputation. Where Redis has lost the note, it is the arrival of the newest event.
    """
    try:
        with redis.answers() as client:
            noted = client.get(AS_OF_KEY.format(tenant))
    except Unavailable:
        noted = None
    return datetime.fromtimestamp(int(noted) / 1000, UTC) if noted else _newest_arrival(tenant)


NEWEST_SQL = "SELECT received_at FROM events_raw WHERE customer_id = {tenant:String} ORDER BY timestamp DESC LIMIT 1"


def _newest_arrival(tenant: str) -> datetime | None:
    rows = clickhouse.query(NEWEST_SQL, {"tenant": tenant})
    return rows[0]["received_at"] if rows else None
