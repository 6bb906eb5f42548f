"""ClickHouse: the facts that are counted. Values are always bound by the server; only `Sql` may be pasted into a statement."""

import os
import string
import threading
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlsplit

import clickhouse_connect
import pyarrow as pa
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError, OperationalError
from clickhouse_connect.driver.httputil import get_pool_manager
from urllib3.exceptions import HTTPError

import settings
from errors import Unavailable

# Merged weeks have one part and cost nothing; FINAL must not compare across partitions, where the sorting key never repeats.
READING = {"do_not_merge_across_partitions_select_final": 1, "use_query_condition_cache": 0}

# Over a cluster: a subquery is asked once and its rows are sent along; an insert is done when every shard has its part.
OVER_CLUSTER = {"distributed_product_mode": "global", "prefer_global_in_and_join": 1, "distributed_foreground_insert": 1}
# A deletion is over when its rows are gone. Its condition may ask another table: what is recorded does not change meanwhile.
DELETING = {"mutations_sync": 2, "allow_nondeterministic_mutations": 1}

MAX_CONNECTIONS = 32  # a process; a further caller waits
CONNECT_TIMEOUT_S = 5
ANSWER_TIMEOUT_S = 120
# Codes of what may go well later: time, space or memory ran out, too many at once, the network, a cancelled query.
TOO_MUCH = frozenset((159, 160, 202, 209, 210, 241, 243, 252, 394))

_clients: dict[tuple[str, int], Client] = {}
_clients_lock = threading.Lock()


@dataclass(frozen=True)
class Sql:
    """Text that we wrote ourselves and that may stand at a `$name`. Nothing a user typed may ever become one."""

    text: str

    def __add__(self, other: "Sql") -> "Sql":
        return Sql(self.text + other.text)

    @staticmethod
    def join(separator: str, parts: Iterable["Sql"]) -> "Sql":
        """The fragments with `separator` between them."""
        return Sql(separator.join(part.text for part in parts))


def query(sql: str, params: dict | None = None, *, settings: dict | None = None, **fragments: Sql) -> list[dict]:
    """The rows as dicts, in the statement's order. `{name:Type}` is bound from `params`, `$name` replaced by a fragment.

    DateTime64 comes back as aware UTC, Decimal as Decimal. Raises Unavailable when ClickHouse does not answer.
    """
    with _answers():
        result = _client().query(paste(sql, fragments), parameters=bound(params), settings=_reading() | (settings or {}))
    return [dict(zip(result.column_names, row, strict=True)) for row in result.result_rows]


def frame(sql: str, params: dict | None = None, **fragments: Sql) -> pa.Table:
    """The rows as an Arrow table, for answers too large for Python objects."""
    with _answers():
        return _client().query_arrow(paste(sql, fragments), parameters=bound(params), settings=_reading())


def command(sql: str, params: dict | None = None, *, settings: dict | None = None, **fragments: Sql) -> None:
    """Run a statement that returns nothing: INSERT … SELECT, ALTER, DDL."""
    with _answers():
        _client().command(paste(sql, fragments), parameters=bound(params), settings=_reading() | (settings or {}))


DELETE_SQL = "ALTER TABLE $table DELETE WHERE $condition"


def delete(table: str, condition: Sql, params: dict) -> None:
    """Delete the rows of `table` that meet `condition`, on every shard; return when they are gone."""
    fragments = {"table": stored_in(Sql(table), settings.current().clickhouse_cluster), "condition": condition}
    command(DELETE_SQL, params, settings=DELETING, **fragments)


def stored_in(table: Sql, cluster: str) -> Sql:
    """Where `table` is to be altered: itself, or over a cluster the tables of all shards (stores/schema/cluster.py)."""
    return Sql(f"{table.text}_local ON CLUSTER `{cluster}`") if cluster else table


def _reading() -> dict:
    return READING | _over_cluster()


def _over_cluster() -> dict:
    return OVER_CLUSTER if settings.current().clickhouse_cluster else {}


def insert(table: str, rows: pa.Table, *, token: str | None = None, settings: dict | None = None) -> None:
    """Write `rows` into `table` in one block; with `token` the same block is written once however often it is sent."""
    once = {"insert_deduplication_token": token} if token else {}
    with _answers():
        _client().insert_arrow(table, rows, settings=once | _over_cluster() | (settings or {}))


def is_up() -> bool:
    """Whether ClickHouse answers."""
    try:
        return query("SELECT 1 AS one") == [{"one": 1}]
    except Unavailable:
        return False


def bound(params: dict | None) -> dict:
    """The parameters as the server reads them: the driver would cut milliseconds off times and turn Decimal into a float."""
    return {name: _text(value) for name, value in (params or {}).items()}


def paste(sql: str, fragments: dict[str, Sql]) -> str:
    """`sql` with each `$name` replaced; raises TypeError for anything that is not Sql and KeyError for a name without a fragment."""
    for name, fragment in fragments.items():
        if not isinstance(fragment, Sql):
            raise TypeError(f"${name} is {type(fragment).__name__}; only stores.clickhouse.Sql is pasted into a statement")
    if "$" not in sql:
        return sql
    texts = {name: fragment.text for name, fragment in fragments.items()}
    return string.Template(sql).substitute(texts)


def _text(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    if isinstance(value, Decimal):
        return str(value)
    return value


def _client() -> Client:
    """This process's client for the CLICKHOUSE_URL of now. Without a session threads share it; a forked child makes its own."""
    key = settings.current().clickhouse_url, os.getpid()
    if key not in _clients:
        with _clients_lock:
            if key not in _clients:
                _clients[key] = _connect(key[0])
    return _clients[key]


def _connect(url: str) -> Client:
    parts = urlsplit(url)
    return clickhouse_connect.get_client(
        host=parts.hostname,
        port=parts.port or 8123,
        username=parts.username or "default",
        password=parts.password or "",
        database=parts.path.strip("/") or "default",
        secure=parts.scheme == "https",
        autogenerate_session_id=False,
        compress=False,  # loopback or one data centre: packing costs more than it saves
        tz_mode="aware",
        connect_timeout=CONNECT_TIMEOUT_S,
        send_receive_timeout=ANSWER_TIMEOUT_S,
        pool_mgr=get_pool_manager(maxsize=MAX_CONNECTIONS, block=True),
    )


@contextmanager
def _answers():
    try:
        yield
    except (OperationalError, ConnectionError, HTTPError) as problem:
        raise Unavailable("ClickHouse does not answer.") from problem
    except DatabaseError as problem:
        if problem.code in TOO_MUCH:
            raise Unavailable("The analytics store could not finish this now: it is busy, or the question is too large.") from problem
        raise


__all__ = ["ClickHouseError", "DatabaseError", "READING", "Sql", "bound", "command", "frame", "insert", "paste", "query"]
