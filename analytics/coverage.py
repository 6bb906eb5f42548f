"""How much of reality do the answers cover? Which filters there are, and up to when everything was read."""

from collections import defaultdict
from dataclasses import replace

from analytics.scope import Filters, Scope
from stores import clickhouse

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
