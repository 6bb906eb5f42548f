"""The same tables over a cluster: each becomes a replicated table on every shard and, under its own name, one that finds them all."""

import re

from stores import clickhouse
from stores.clickhouse import Sql

# What decides on which shard a row lies: rows that are compared or joined lie together. `vh` is the hash of the visitor.
SHARDED_BY = {
    "events_raw": "cityHash64(visitor_id)",
    "visitor_users": "vh",
    "sessions": "vh",
    "funnel_sessions": "vh",
    "event_ids": "cityHash64(event_id)",
    "arrived_ids": "cityHash64(event_id)",
    "order_lines_raw": "cityHash64(order_id)",
    "order_lines": "cityHash64(order_id)",
    "touched_sessions": "cityHash64(customer_id)",
    "touched_orders": "cityHash64(customer_id)",
    "schema_files": "0",
}
NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
CREATE = re.compile(
    r"CREATE TABLE (?:IF NOT EXISTS )?(?P<table>\w+)(?P<columns>.*?)\sENGINE = (?P<engine>\w+)(?:\((?P<arguments>[^)]*)\))?", re.S
)
ALTER = re.compile(r"ALTER TABLE (?P<table>\w+) ")


LOCAL_SQL = """
CREATE TABLE IF NOT EXISTS ${table}_local ON CLUSTER `$cluster`$columns
ENGINE = Replicated$engine('/clickhouse/tables/{shard}/{database}/${table}_local', '{replica}'$arguments)$rest"""
DISTRIBUTED_SQL = """
CREATE TABLE IF NOT EXISTS $table ON CLUSTER `$cluster` AS ${table}_local
ENGINE = Distributed(`$cluster`, currentDatabase(), ${table}_local, $shard)"""
ALTER_SQL = "ALTER TABLE $table ON CLUSTER `$cluster` $rest"


def statements(statement: str, cluster: str) -> list[str]:
    """What to run over `cluster` in place of one statement of a numbered file.

    Raises ValueError for a name that no cluster has, KeyError for a table without a line in SHARDED_BY.
    """
    if not NAME.fullmatch(cluster):
        raise ValueError(f"CLICKHOUSE_CLUSTER is {cluster!r}; a cluster's name has letters, digits, _, . and -")
    if found := CREATE.match(statement):
        parts = found.groupdict() | {"cluster": cluster, "shard": SHARDED_BY[found["table"]], "rest": statement[found.end() :]}
        parts["arguments"] = f", {found['arguments']}" if found["arguments"] else ""
        return [_pasted(LOCAL_SQL, parts), _pasted(DISTRIBUTED_SQL, parts)]
    if found := ALTER.match(statement):
        parts = {"cluster": cluster, "rest": statement[found.end() :]}
        return [_pasted(ALTER_SQL, parts | {"table": name}) for name in (found["table"] + "_local", found["table"])]
    raise ValueError(f"No form over a cluster is known for: {statement[:60]}")


def _pasted(sql: str, parts: dict[str, str]) -> str:
    return clickhouse.paste(sql, {name: Sql(text) for name, text in parts.items() if text is not None}).strip()
